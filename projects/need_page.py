"""What the pages about needs show to whom (K15)."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Q, TextField, Value

from concerns.models import Concern
from districts.models import ActionField, User
from districts.roles import Perm
from projects.evidence import Evidence, evidence_of, guarded
from projects.models import ConcernNews, Measure, Need, NeedMeasure, ThemeEvent, ThemeRecipient
from projects.planning import PlanStatus
from projects.workflow import NEED_AFTER_REPLY, NEED_MOVES, NeedStatus
from quartier.search import GermanSortKey

SHOWN, EVENTS, LIKE = 50, 60, 5  # linked concerns, events and similar themes of one page
TONES: dict[str, str] = {
    NeedStatus.OBSERVED: "neutral",
    NeedStatus.CONFIRMED: "warning",
    NeedStatus.REPORTED: "info",
    NeedStatus.IN_PROGRESS: "info",
    NeedStatus.ADOPTED: "success",
    NeedStatus.DONE: "success",
    NeedStatus.DROPPED: "neutral",
}
EVENT_WORDS: dict[str, str] = {
    "entered": "Eingetragen",
    "edited": "Angaben geändert",
    "status": "Stand geändert",
    "confirmed": "Bestätigt: Es gibt es noch",
    "confirm_due": "Zu bestätigen: Gibt es das noch?",
    "linked": "Anliegen verknüpft",
    "unlinked": "Verknüpfung mit einem Anliegen gelöst",
    "evidence_added": "Beleg eingetragen",
    "evidence_removed": "Beleg entfernt",
    "proposed": "Auf eine Tagesordnung gesetzt",
    "decided": "In einer Sitzung beschlossen",
    "project": "Von einem Projekt aufgenommen",
    "measure": "Von einer Maßnahme aufgenommen",
    "measure_left": "Verknüpfung mit einer Maßnahme gelöst",
    "keeper": "Jemand anderes behält es im Blick",
    "reported": "In einer Themenmeldung gesendet",
    "answered": "Antwort auf eine Themenmeldung",
    "sent": "Gesendet",
    "accepted": "Angenommen",
    "assigned": "Zugewiesen",
    "query": "Rückfrage gestellt",
    "query_answered": "Rückfrage beantwortet",
    "interim": "Zwischennachricht mit neuem Termin",
    "remark": "Mitteilung geschrieben",
    "given_back": "Zurückgegeben: nicht zuständig",
    "withdrawn": "Zurückgezogen",
    "escalated": "Frist überschritten",
    "finished": "Zurückgemeldet: Alle haben von der Antwort gehört",
}

EVENT_TONES: dict[str, str] = {
    "answered": "success", "finished": "success", "decided": "success", "query": "warning", "given_back": "warning",
    "confirm_due": "warning", "escalated": "danger",
}  # fmt: skip
ESCALATIONS = {1: "erinnert", 2: "Leitung informiert", 3: "Sozialplanung informiert"}


@dataclass(frozen=True)
class Line:
    """A line of the register."""

    need: Need
    places: str
    evidence: Evidence
    people: str
    tone: str
    due: bool  # to be confirmed


def listed(needs, *, user: User, today: date) -> list[Line]:
    """Needs with their live counts; people are guarded for whoever is not of the district's team."""
    rows = list(needs)
    evidence = evidence_of([one.pk for one in rows])
    return [
        Line(
            one,
            ", ".join(district.short_name for district in one.districts.all()),
            evidence[one.pk],
            people_for(one, evidence[one.pk], user),
            TONES[one.status],
            one.is_open and one.confirm_by <= today,
        )
        for one in rows
    ]


def people_for(need: Need, evidence: Evidence, user: User) -> str:
    """How many people are behind a need, as much as this person may know."""
    return str(evidence.people) if need.may_edit(user) else guarded(evidence.people)


def timeline(events) -> list[dict]:
    """History of a need or a report for the page: who did what when."""
    statuses = dict(NeedStatus.choices)
    entries = []
    for one in events:
        text = ""
        if one.kind == "status":
            text = f"{statuses.get(one.old, '–')} → {statuses.get(one.new, '–')}"
        elif one.kind == "escalated":
            text = ESCALATIONS.get(int(one.new), "")
        if one.recipient_id:
            text = ", ".join(filter(None, (one.recipient.label, text)))
        title, tone = EVENT_WORDS[one.kind], EVENT_TONES.get(one.kind, "neutral")
        entries.append({"at": one.at, "title": title, "text": text, "tone": tone, "by": one.by or "automatisch"})
    return entries


def events_of(**which) -> list[ThemeEvent]:
    """The newest events of a need or a report."""
    return list(ThemeEvent.objects.filter(**which).select_related("by", "recipient__department")[:EVENTS])


def page_of(need: Need, user: User, *, today: date) -> dict:
    """Context of the page of one need."""
    may_edit, may_decide = need.may_edit(user), need.may_decide(user)
    evidence = evidence_of([need.pk])[need.pk]
    seen = Concern.objects.visible_to(user).filter(need_links__need=need, is_sensitive=False)
    shown = seen.select_related("district", "topic").only(
        "number", "title", "status", "received_on", "district__short_name", "topic__name"
    )
    concerns = list(shown.order_by("-received_on", "-pk")[: SHOWN + 1])
    reports = need.theme_reports.visible_to(user)
    return {
        "need": need,
        "tone": TONES[need.status],
        "evidence": evidence,
        "people": people_for(need, evidence, user),
        "exact": may_edit,
        "concerns": concerns[:SHOWN],
        "more": len(concerns) > SHOWN,
        "items": list(need.agenda_items.select_related("session__body").order_by("-session__on", "-pk")),
        "proofs": list(need.evidence.all()),
        "news": list(need.news.select_related("item__session__body", "recipient__report", "recipient__department")),
        "waiting": ConcernNews.objects.filter(news__need=need).waiting().count() if may_edit else 0,
        "may_tell": user.rights.can(Perm.GIVE_FEEDBACK),
        "reports": list(reports.order_by("-created_at").prefetch_related("recipients__department")),
        "projects": list(need.project_links.select_related("project")),
        "measures": _measures(need, user),
        "entries": timeline(events_of(need=need)),
        "suggestion": _suggested(need) if may_decide else None,
        "to_confirm": need.is_open and need.confirm_by <= today,
        "may_edit": may_edit,
        "may_decide": may_decide,
        "may_log": user.rights.can(Perm.LOG_CONCERN),
        "today": today,
    }


def _measures(need: Need, user: User) -> list[tuple[NeedMeasure, Measure]]:
    """The measures that take a need up, each as it stands in the newest version of its plan that was decided."""
    links = {one.measure.key: one for one in need.measure_links.select_related("measure")}
    decided = Measure.objects.visible_to(user).filter(key__in=links).exclude(plan__status=PlanStatus.DRAFT)
    newest = {one.key: one for one in decided.select_related("plan").order_by("plan__number")}
    return [(link, newest[key]) for key, link in links.items() if key in newest]


def needs_of(measure: Measure, user: User) -> list[Need]:
    """The needs that a measure takes up, for whoever reads the register."""
    links = NeedMeasure.objects.of_measure(measure)
    found = Need.objects.visible_to(user).filter(pk__in=links.values("need"))
    return list(found.only("title", "status"))


def _suggested(need: Need) -> dict | None:
    """The status that the latest answer to a theme report suggests, unless somebody has set one since then."""
    answered = ThemeRecipient.objects.filter(report__needs=need, status="answered").order_by("-finished_at")
    latest = answered.select_related("department").first()
    if latest is None or need.status != NeedStatus.REPORTED:
        return None
    status = NEED_AFTER_REPLY[latest.result]
    if status not in NEED_MOVES[need.status]:
        return None
    return {"status": status, "label": NeedStatus(status).label, "by": latest.label, "result": latest.result}


def like(concern: Concern, needs) -> list[Need]:
    """The needs that a concern may belong to, the likeliest first: the words of its title, its field of action."""
    topic = concern.topic
    fields = {topic.action_field_id, topic.parent.action_field_id if topic.parent else None} - {None}
    named = ActionField.objects.filter(name=topic.parent.name if topic.parent else topic.name).values_list("pk")
    words = GermanSortKey(Value(f"{concern.title} {topic.name}", output_field=TextField()))
    near = needs.annotate(
        nearness=TrigramWordSimilarity(GermanSortKey(Value(topic.name, output_field=TextField())), "search_text"),
        closeness=TrigramWordSimilarity(words, "search_text"),
        shared=Count("action_fields", filter=Q(action_fields__in=fields) | Q(action_fields__in=named)),
    )
    found = near.filter(Q(nearness__gte=0.4) | Q(closeness__gte=0.3) | Q(shared__gt=0))
    return list(found.order_by("-closeness", "-nearness", "-shared", "sort_key")[:LIKE])
