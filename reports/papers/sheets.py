"""Notices and "Gehört – getan" (P04, N15): which concerns may go on, first words, what looks personal, the PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO

import pikepdf
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from concerns.models import Concern, Reply, Reporter
from concerns.querysets import team_filter
from concerns.workflow import ConcernStatus, Outcome
from concerns.worklist import answers_by_lead
from districts.models import User
from districts.roles import Perm
from quartier.pdf import render
from reports.actions.sheets import HEAD, Topic
from reports.models import Sheet, SheetEntry
from reports.personal import looks_personal

from .head import sender

Section = SheetEntry.Section
SECTION_OF: dict[str, str] = {
    Outcome.FULFILLED: Section.DONE,
    Outcome.PARTLY: Section.DONE,
    Outcome.REFERRED: Section.DONE,
    Outcome.INFORMED: Section.DONE,
    Outcome.PLANNED: Section.WORKING,
    Outcome.BECAME_PROJECT: Section.WORKING,
    Outcome.DECLINED: Section.REFUSED,
    Outcome.UNTRACEABLE: Section.REFUSED,
}  # what was withdrawn is nobody's answer
STANDS: dict[str, str] = {
    ConcernStatus.NEW: "Wir prüfen gerade, wer das lösen kann.",
    ConcernStatus.PARKED: "Wir haben das nicht vergessen und kommen darauf zurück.",
    ConcernStatus.OWN_WORK: "Wir kümmern uns selbst darum.",
    ConcernStatus.FORWARDED: "Wir haben das an die zuständige Stelle weitergegeben und warten auf die Antwort.",
    ConcernStatus.FEEDBACK_DUE: "Die Antwort liegt vor. Wir sagen sie gerade allen, die das gemeldet haben.",
}
MOST_CANDIDATES = 200
ANSWERED_WITHIN = timedelta(days=180)
LONGEST = 700
FORMATS = {"a4": "q-a4", "a3": "q-a3"}


@dataclass(frozen=True)
class Group:
    """Concerns that would go under one heading."""

    label: str
    topics: list[Topic] = field(default_factory=list)


def may_go_on(sheet: Sheet, user: User) -> QuerySet[Concern]:
    """Concerns that `user` may put on this sheet: of the own team, never confidential ones, without bundled ones."""
    team = Concern.objects.filter(team_filter(user, Perm.GIVE_FEEDBACK)).leads().filter(is_sensitive=False)
    if sheet.district_id:
        team = team.filter(district=sheet.district_id)
    found = team.exclude(outcome=Outcome.WITHDRAWN, status=ConcernStatus.CLOSED).select_related("lead")
    return found.defer("search", "text")


def candidates(sheet: Sheet, user: User) -> list[Group]:
    """What the sheet could tell: a notice what was answered lately, else what was closed in the period or waits."""
    found = may_go_on(sheet, user).exclude(sheet_entries__sheet=sheet)
    if sheet.kind == Sheet.Kind.NOTICE:
        since = timezone.now() - ANSWERED_WITHIN
        found = found.filter(status__in=[ConcernStatus.FEEDBACK_DUE, ConcernStatus.CLOSED], feedback_due_at__gte=since)
    else:
        closed = Q(status=ConcernStatus.CLOSED, closed_at__date__range=(sheet.since, sheet.until))
        found = found.filter(closed | ~Q(status=ConcernStatus.CLOSED) & Q(received_on__lte=sheet.until))
    topics = first_words(sheet.kind, found.order_by("-received_on", "-pk")[:MOST_CANDIDATES])
    groups = [Group(label, [one for one in topics if one.section == code]) for code, label in Section.choices]
    return [group for group in groups if group.topics]


def first_words(kind: str, concerns: Iterable[Concern]) -> list[Topic]:
    """Topics with the section and the words they would have; the person who makes the sheet changes them."""
    concerns = list(concerns)
    replies = answers_by_lead([one.pk for one in concerns])
    return [_topic(kind, one, replies.get(one.pk, [])) for one in concerns]


def unfinished(sheet: Sheet, user: User) -> list[Topic]:
    """What an earlier sheet told as still in work: with its words where nothing has happened, else with new ones."""
    entries = {entry.concern_id: entry for entry in sheet.entries.filter(section=Section.WORKING)}
    topics = first_words(sheet.kind, may_go_on(sheet, user).filter(pk__in=entries).order_by("pk"))
    return [
        Topic(one.concern, one.section, entries[one.concern.pk].heading, entries[one.concern.pk].text)
        if one.concern.is_open and one.section == Section.WORKING
        else one
        for one in topics
    ]


def _topic(kind: str, concern: Concern, replies: Sequence[Reply]) -> Topic:
    closed = concern.status == ConcernStatus.CLOSED
    answer = concern.answer_text or "\n\n".join(reply.text for reply in replies)
    if closed:
        section = SECTION_OF.get(concern.outcome, Section.DONE)
    elif kind == Sheet.Kind.NOTICE and replies:
        section = {"planned": Section.WORKING, "declined": Section.REFUSED}.get(replies[0].result, Section.DONE)
    else:
        section = Section.WORKING
    tells = closed or kind == Sheet.Kind.NOTICE
    text = (answer if tells else "") or STANDS.get(concern.status, "") or concern.get_outcome_display()
    return Topic(concern, section, concern.title, shortened(text))


def shortened(text: str, limit: int = LONGEST) -> str:
    """The first whole sentences of a text that fit; one endless sentence is cut with an ellipsis."""
    text = text.strip()
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, 0, limit) for mark in (". ", "! ", "? ", ".\n", "!\n", "?\n"))
    return text[: end + 1] if end > 0 else f"{text[: limit - 1].rstrip()}…"


def hints(entries: Iterable[SheetEntry], *, sheet: Sheet | None = None) -> dict[int, list[str]]:
    """By entry, and for the HEAD of `sheet`, the words that look like somebody's data.

    That is what all who reported one of the topics are called, and what looks personal in general.
    """
    entries = list(entries)
    ids = [entry.concern_id for entry in entries]
    of_bundles = Reporter.objects.filter(Q(concern__in=ids) | Q(concern__lead__in=ids))
    people = list(of_bundles.with_personal_data())
    words = {entry.pk: f"{entry.heading}\n{entry.text}" for entry in entries}
    if sheet:
        words[HEAD] = f"{sheet.title}\n{sheet.intro}"
    return {key: looks_personal(text, people) for key, text in words.items()}


def numbers(sheet: Sheet) -> dict[str, int] | None:
    """What was heard in the period and how it stands: of the concerns the evaluation counts, as they are now.

    None for notices, which have no period. "withdrawn" are those that somebody has taken back.
    """
    if sheet.kind != Sheet.Kind.HEARD:
        return None
    counted = Concern.objects.filter(
        is_sensitive=False, district=sheet.district_id, received_on__range=(sheet.since, sheet.until)
    )
    closed = {section: Q(status=ConcernStatus.CLOSED, outcome__in=_outcomes(section)) for section in Section.values}
    withdrawn = Q(status=ConcernStatus.CLOSED, outcome=Outcome.WITHDRAWN)
    return counted.aggregate(
        heard=Count("pk"),
        done=Count("pk", filter=closed[Section.DONE]),
        refused=Count("pk", filter=closed[Section.REFUSED]),
        working=Count("pk", filter=closed[Section.WORKING] | ~Q(status=ConcernStatus.CLOSED)),
        withdrawn=Count("pk", filter=withdrawn),
    )


def _outcomes(section: str) -> list[str]:
    return sorted(outcome for outcome, where in SECTION_OF.items() if where == section)


def sheet_pdf(*, sheet: Sheet, format: str, today: date) -> bytes:
    """The sheet as A4 or A3, set closer where that saves a page. A draft says on every page that it is one.

    What has become confidential since the release is left out of a reprint (N13).
    """
    entries = [entry for entry in sheet.entries.select_related("concern") if not entry.concern.is_sensitive]
    sections = [(code, label, [entry for entry in entries if entry.section == code]) for code, label in Section.choices]
    day = timezone.localdate(sheet.released_at) if sheet.is_released else today
    context = {
        "sheet": sheet,
        "format": FORMATS[format],
        "sections": [section for section in sections if section[2]],
        "numbers": sheet.numbers if sheet.is_released else numbers(sheet),
        "day": day,
        "hours": sheet.office.hours_on(day) if sheet.office else "",
        **sender(sheet.office),
    }
    roomy, tight = (_render(sheet, context | {"tight": tight}) for tight in (False, True))
    return tight if page_count(tight) < page_count(roomy) else roomy


def _render(sheet: Sheet, context: dict) -> bytes:
    return render("reports/papers/sheet.html", context, title=_title(sheet), author=context["city"])


def _title(sheet: Sheet) -> str:
    parts = [sheet.title, sheet.district.name if sheet.district else ""]
    if sheet.since:
        parts.append(f"{sheet.since:%d.%m.%Y} bis {sheet.until:%d.%m.%Y}")
    return ", ".join(part for part in parts if part)


def list_query(sheet: Sheet) -> str:
    """What the list of concerns is filtered by to show those that the sheet counts as heard."""
    if sheet.kind != Sheet.Kind.HEARD:
        return ""
    period = f"received_from={sheet.since:%Y-%m-%d}&received_to={sheet.until:%Y-%m-%d}"
    return f"figure=all&district={sheet.district_id}&{period}"


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)
