"""Where Sozialplanung starts the day, and what shows whether the catalogue fits. Never a reporter's data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from concerns import reports
from concerns.leaving import leavers
from concerns.models import Handover, Topic
from concerns.views.basket import other_tiles
from districts.access import requires
from districts.roles import Perm
from quartier.web.pages import render_page
from quartier.web.paging import keyset_page

WITH = ("concern__topic", "concern__district", "department", "suggested_department")


@requires(Perm.COORDINATE)
def coordination(request: HttpRequest) -> HttpResponse:
    """Counts with their lists: escalations, gaps in the catalogue, deviations, ping-pong, hand-overs."""
    today = timezone.localdate()
    escalated = reports.escalated().select_related(*WITH).defer("concern__search", "concern__district__boundary")
    context = {
        "title": "Koordination",
        "escalated": keyset_page(escalated, request.GET, key="due_on", descending=False),
        "escalated_count": reports.escalated().count(),
        "without_rule": Topic.objects.without_rule(today).count(),
        "overrides": reports.recent_overrides(today).count(),
        "ping_pong": reports.ping_pong().count(),
        "leavers": leavers(today),
        "handovers": Handover.objects.waiting().count(),
        "others": [
            *(tile for path in settings.COORDINATION_TILES if (tile := import_string(path)(request.user, today))),
            *other_tiles(request.user, today),
        ],
        "today": today,
    }
    return render_page(request, "concerns/coordination/start.html", context)


@requires(Perm.COORDINATE, Perm.EDIT_MASTER_DATA)
def overrides(request: HttpRequest) -> HttpResponse:
    """Deviations from the rules' proposal, newest first: those the tile counts, with `alle` every one."""
    everything = "alle" in request.GET
    rows = reports.overrides() if everything else reports.recent_overrides(timezone.localdate())
    rows = rows.select_related(*WITH).defer("concern__search", "concern__district__boundary")
    page = keyset_page(rows, request.GET, key="sent_at")
    context = {"title": "Abweichungen vom Vorschlag", "page": page, "everything": everything}
    return render_page(request, "concerns/coordination/overrides.html", context)


@requires(Perm.COORDINATE, Perm.EDIT_MASTER_DATA)
def ping_pong(request: HttpRequest) -> HttpResponse:
    """Open concerns that came back at least twice."""
    rows = reports.ping_pong().select_related("topic", "district", "owner").defer("search", "district__boundary")
    context = {"title": "Mehrfach zurückgegeben", "page": keyset_page(rows, request.GET)}
    return render_page(request, "concerns/coordination/ping_pong.html", context)


@requires(Perm.EDIT_MASTER_DATA)
def rule_reports(request: HttpRequest) -> HttpResponse:
    """Where the catalogue has gaps: topics without rule, rules that come back, rules of departments that have ended."""
    today = timezone.localdate()
    context = {
        "title": "Auswertungen",
        "without_rule": Topic.objects.without_rule(today).in_catalogue_order(),
        "returned": reports.most_returned(today),
        "outdated": reports.outdated_rules(today),
        "overrides": reports.recent_overrides(today).count(),
        "ping_pong": reports.ping_pong().count(),
        "today": today,
    }
    return render_page(request, "concerns/catalogue/reports.html", context)
