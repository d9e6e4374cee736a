"""The concern page: everything that is known, whose turn it is, and every step in place (K12, N1)."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from concerns.actions.access import note_reporter_access
from concerns.actions.closing import missing_for_closing
from concerns.forms.forwarding import QueryAnswerForm
from concerns.forms.triage import NoteForm
from concerns.history import SHOWN_AT_ONCE, TEAM_ONLY, Names, person_ids, timeline
from concerns.models import Concern, Feedback, LoopSettings, Reporter, RoutingMessage, Voice
from concerns.similar import similar_to
from concerns.standing import stations_done, status_tone, turn
from concerns.ticket import TONES as ROUTING_TONES
from concerns.workflow import TOLD, UNSETTLED, ConcernStatus, FeedbackKind, RoutingStatus
from districts.models import Membership, User
from districts.roles import DEPARTMENT_ROLES, Perm
from quartier.web.pages import render_page

from .fetch import visible_concern
from .offers import feedback_url, offers

SHOWN_REPORTERS, SHOWN_EVENTS = 100, 1000


@login_required
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One concern."""
    concern, today = visible_concern(request, number), timezone.localdate()
    duplicates = list(concern.duplicates.only("pk", "number", "title").order_by("pk"))
    routings = _routings(concern)
    reporters, counts = _reporters(request, concern, [concern.pk, *(one.pk for one in duplicates)], today)
    context = {
        "title": concern.title,
        "concern": concern,
        "routings": [_routing_panel(one, concern) for one in routings],
        "reporters": reporters,
        "counts": counts,
        "unsettled": UNSETTLED,
        "told": TOLD,
        "duplicates": duplicates,
        "photos": list(concern.photos.all()),
        "similar": _similar(request, concern, today),
        "map": _map(concern),
        **_standing(concern, routings),
        **_steps(concern, routings, reporters, today),
        **_notes(concern),
        **_themes(request, concern),
        "projects": list(concern.project_links.select_related("project").order_by("pk")),
        "may_start_project": request.user.rights.can(Perm.EDIT_PROJECTS) and not concern.is_sensitive,
        "referrals": list(concern.referrals.for_page()) if concern.is_team else [],
        **_history(request, concern, routings, reporters),
    }
    return render_page(request, "concerns/detail.html", context)


def _standing(concern: Concern, routings: list) -> dict:
    started = concern.status not in (ConcernStatus.NEW, ConcernStatus.PARKED)
    return {
        "done": stations_done(concern),
        "own": started and not routings,
        "turn": turn(concern, routings),
        "tone": status_tone(concern),
    }


def _steps(concern: Concern, routings: list, reporters: list, today) -> dict:
    """What can be done now, and what is missing for closing (nothing for whoever does not close it)."""
    closes = concern.may_triage and concern.is_open and not concern.lead_id
    missing = missing_for_closing(concern) if closes else []
    told_url = feedback_url([one for one in reporters if one.due])
    primary, others = offers(concern, routings, ready=not missing, told_url=told_url, today=today)
    return {"primary": primary, "others": others, "missing": missing}


def _notes(concern: Concern) -> dict:
    """Team notes, for the team alone (I11)."""
    if not concern.is_team:
        return {}
    return {"notes": list(concern.notes.select_related("by")), "note_form": NoteForm(auto_id="note-%s")}


def _themes(request: HttpRequest, concern: Concern) -> dict:
    """The themes it shows, and what is new about them that its people may not have heard; never of a sensitive one."""
    if concern.is_sensitive or not request.user.rights.can(Perm.READ_NEEDS):
        return {}
    links = concern.need_links.select_related("need").only("need__title", "need__status", "concern")
    themes = [link.need for link in links]
    news = concern.theme_news.filter(settled="").select_related("news") if themes and concern.is_team else []
    may_link = concern.is_team and request.user.rights.can(Perm.EDIT_NEEDS)
    return {"themes": themes, "theme_news": list(news), "may_link_theme": may_link}


def _routings(concern: Concern) -> list:
    found = concern.routings.select_related(
        "department", "return_suggestion", "assignee", "sent_by", "suggested_department", "reply__by"
    )
    staff = Membership.objects.filter(user=OuterRef("by"), role__in=DEPARTMENT_ROLES)
    messages = RoutingMessage.objects.select_related("by").annotate(by_staff=Exists(staff))
    return list(found.prefetch_related(Prefetch("messages", messages)))


def _routing_panel(routing, concern: Concern) -> dict:
    """A routing with its thread; a department's open question brings the form of the answer with it."""
    thread = [
        {
            "at": message.at,
            "title": message.get_kind_display(),
            "by": message.by or routing.department.code,
            "text": message.text,
            "own": _from_team(message),
            "note": f"neuer Termin {message.new_due_on:%d.%m.%Y}" if message.new_due_on else "",
        }
        for message in routing.messages.all()
    ]
    asked = routing.status == RoutingStatus.QUERY and concern.may_triage
    form = QueryAnswerForm(auto_id=f"query-{routing.pk}-%s") if asked else None
    steps = ("remark", "paper_reply", "withdraw", "renew_link") if routing.is_open and concern.may_triage else ()
    return {
        "routing": routing,
        "tone": ROUTING_TONES[routing.status],
        "thread": thread,
        "reply": getattr(routing, "reply", None),
        "form": form,
        "url": {name: reverse(f"concerns:{name}", args=[concern.number, routing.pk]) for name in steps},
    }


def _from_team(message: RoutingMessage) -> bool:
    if message.kind == RoutingMessage.Kind.REMARK:
        return message.by_id is not None and not message.by_staff
    return message.kind == RoutingMessage.Kind.QUERY_ANSWER


def _reporters(request: HttpRequest, concern: Concern, bundle: list[int], today) -> tuple[list, dict]:
    """The reporters this person may see (noted in the access log), and how many there are in all."""
    of_bundle = Reporter.objects.filter(concern_id__in=bundle)
    counts = of_bundle.aggregate(
        people=Count("pk", filter=~Q(kind=Reporter.Kind.OBSERVATION)),
        waiting=Count("pk", filter=Q(feedback_state__in=UNSETTLED)),
        told=Count("pk", filter=Q(feedback_state="done")),
        all=Count("pk"),
    )
    reporters = []
    if concern.is_team:
        whole_team = not concern.may_triage and LoopSettings.load().assistants_see_team_reporters
        seen = of_bundle.visible_to(request.user, whole_team=whole_team).select_related("concern")
        feedbacks = Prefetch("feedbacks", Feedback.objects.select_related("by"))
        voices = Voice.objects.select_related("settled_by")
        receipts = Feedback.objects.filter(reporter=OuterRef("pk"), kind=FeedbackKind.RECEIPT)
        seen = seen.annotate(has_receipt=Exists(receipts)).prefetch_related(feedbacks, Prefetch("voices", voices))
        reporters = list(seen.order_by("concern_id", "pk")[:SHOWN_REPORTERS])
    if reporters:
        note_reporter_access(concern_ids=[one.concern_id for one in reporters], by=request.user, on=today)
    return reporters, {**counts, "hidden": counts["all"] - len(reporters)}


def _similar(request: HttpRequest, concern: Concern, today) -> list:
    """Open concerns like a new one, for whoever decides whether to bundle it."""
    if not concern.may_triage or concern.lead_id or concern.status != ConcernStatus.NEW:
        return []
    among = Concern.objects.for_team(request.user, Perm.TRIAGE).exclude(lead=concern)
    return similar_to(concern, among=among, months=LoopSettings.load().similar_months, today=today)


def _history(request: HttpRequest, concern: Concern, routings: list, reporters: list) -> dict:
    everything = request.GET.get("verlauf") == "alle"
    events = concern.events.select_related("by").order_by("-at", "-pk")
    if not concern.is_team:
        events = events.exclude(kind__in=TEAM_ONLY)
    limit = SHOWN_EVENTS if everything else SHOWN_AT_ONCE
    found = list(events[: limit + 1])
    shown = found[:limit][::-1]
    ids = person_ids(shown)
    names = Names(
        people=dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {},
        reporters={one.pk: one.label for one in reporters},
        departments={one.pk: one.department.code for one in routings},
    )
    return {"entries": timeline(shown, names), "more_history": len(found) > limit and not everything}


def _map(concern: Concern) -> dict | None:
    """GeoJSON of the place for the small map; None without coordinates and for sensitive concerns (N13)."""
    if concern.lat is None or concern.is_sensitive:
        return None
    point = {"type": "Point", "coordinates": [concern.lon, concern.lat]}
    features = [{"type": "Feature", "geometry": point, "properties": {"label": concern.place or concern.title}}]
    data = {"points": {"type": "FeatureCollection", "features": features}}
    if concern.district and concern.district.boundary:
        area = {"type": "Feature", "geometry": concern.district.boundary, "properties": {"name": concern.district.name}}
        data["polygons"] = {"type": "FeatureCollection", "features": [area]}
    return data
