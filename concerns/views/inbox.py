"""Inbox and ticket of a department (K06–K08)."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_safe

from concerns.forms.inbox import InboxFilter
from concerns.models import Handover, Routing
from concerns.ticket import TONES, WORDS, heading
from concerns.views.answering import Entrance, answer, show_ticket, take
from concerns.views.drafts import stash
from concerns.workflow import InboxStage
from districts.access import requires
from districts.roles import Perm
from quartier.web.pages import render_page
from quartier.web.paging import AFTER, BEFORE, capped, capped_count, keyset_page

STAGE = "stand"
ESCALATIONS = {1: "erinnert", 2: "Leitung informiert", 3: "Sozialplanung informiert"}
COUNTED = 2000
DONE_KEY = {"key": "finished_at", "descending": True}
OPEN_KEY = {"key": "due_on", "descending": False}


@requires(Perm.ANSWER_ROUTINGS)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The routings of the own departments, the most pressing first."""
    today = timezone.localdate()
    stage = request.GET.get(STAGE)
    stage = stage if stage in InboxStage.values else InboxStage.OPEN
    filters = InboxFilter(request.GET, user=request.user, today=today)
    rows = filters.qs.at_stage(stage, today).for_inbox()
    page = keyset_page(rows, request.GET, **(DONE_KEY if stage == InboxStage.DONE else OPEN_KEY))
    for row in page:
        row.heading, row.words, row.tone = heading(row.concern), WORDS[row.status], TONES[row.status]
        row.escalation_text = ESCALATIONS.get(row.escalation, "")
    context = {
        "title": "Eingang",
        "page": page,
        "filter": filters,
        "stage": stage,
        "is_done": stage == InboxStage.DONE,
        "tabs": _tabs(request, filters, today),
        "today": today,
        "handovers": Handover.objects.of_desk(request.user).count(),
        "parts": [part for path in settings.INBOX_PARTS if (part := import_string(path)(request.user, today))],
        "ticket_url": reverse("concerns:ticket", args=[0]).removesuffix("0/"),
    }
    return render_page(request, "concerns/inbox.html", context, fragments={"list": "list"})


def _tabs(request: HttpRequest, filters: InboxFilter, today) -> list[dict]:
    """Every stage with its count under the present filter and its address."""
    query = request.GET.copy()
    for name in (AFTER, BEFORE):
        query.pop(name, None)
    counts = {stage: capped(count) for stage, count in filters.qs.stage_counts(today).items()}
    counts[InboxStage.DONE] = _done_count(filters, today)
    tabs = []
    for stage in InboxStage:
        query[STAGE] = stage.value
        tabs.append({"stage": stage, "label": stage.label, "count": counts[stage], "query": query.urlencode()})
    return tabs


def _done_count(filters: InboxFilter, today) -> str:
    """Count of the finished ones; under a filter it looks at the latest COUNTED only and says so („12+“)."""
    everything = filters.queryset.at_stage(InboxStage.DONE, today)
    if not filters.active_count:
        return capped_count(everything)
    latest = everything.order_by("-finished_at").values("pk")
    count = capped_count(filters.qs.filter(pk__in=latest[:COUNTED]))
    more = latest[COUNTED : COUNTED + 1].exists()
    return f"{count}+" if more and not count.endswith("+") else count


def entrance_of(request: HttpRequest, pk: int) -> Entrance:
    """A routing of the own departments; 404 for everybody else."""
    routings = Routing.objects.visible_to(request.user).for_ticket()
    return Entrance(get_object_or_404(routings, pk=pk), user=request.user)


@requires(Perm.ANSWER_ROUTINGS)
@require_safe
def ticket(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One routing on one screen."""
    return show_ticket(request, entrance_of(request, pk), "concerns/ticket/ticket.html")


@requires(Perm.ANSWER_ROUTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_step(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """Accept, assign, ask, interim notice, message, file number, not responsible."""
    return take(request, entrance_of(request, pk), step)


def keeps_typed(view: Callable) -> Callable:
    """Decorator: a form sent by somebody whose session has ended waits for them to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated and not request.htmx:
            stash(request)
        return view(request, **kwargs)

    return guarded


@keeps_typed
@requires(Perm.ANSWER_ROUTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_reply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The department's answer."""
    return answer(request, entrance_of(request, pk))
