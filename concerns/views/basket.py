"""The quarter manager's start page."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from concerns import basket as baskets
from concerns.models import Reporter
from concerns.standing import turn_in_list
from concerns.workflow import RoutingStatus
from districts.access import requires
from districts.roles import Perm
from quartier.web.pages import render_page
from quartier.web.paging import keyset_page
from quartier.workdays import add_workdays

SESSION_KEY = "basket_scope"


@requires(Perm.GIVE_FEEDBACK)
def basket(request: HttpRequest) -> HttpResponse:
    """Tiles with counts and, below them, the rows of the chosen one (`liste`) in the chosen scope (`fuer`)."""
    today, scopes = timezone.localdate(), baskets.scopes_of(request.user)
    scope = chosen_scope(request, scopes)
    concerns = baskets.concerns_in(scope, request.user)
    counts = {one.key: baskets.count(one, concerns, today) for one in baskets.BASKETS}
    chosen = baskets.BY_KEY.get(request.GET.get("liste", "")) or _first(counts)
    rows = baskets.rows_for_page(chosen, concerns, today)
    page = keyset_page(rows, request.GET, key=chosen.sort, descending=False, count=counts[chosen.key].value)
    context = {
        "title": "Arbeitskorb",
        "tiles": [
            _tile(one, counts[one.key], scope, chosen) for one in baskets.BASKETS if one.always or counts[one.key]
        ],
        "scopes": [(key, label, f"{request.path}?fuer={key}") for key, label in scopes.items()],
        "scope": scope,
        "chosen": chosen,
        "page": page,
        "lines": _people(page, request.user) if chosen.people else _concerns(page),
        "next_week": add_workdays(today, 5),
        "may_triage": request.user.rights.can(Perm.TRIAGE),
    }
    return render_page(request, "concerns/basket.html", context)


def chosen_scope(request: HttpRequest, scopes: dict[str, str]) -> str:
    """From the address, else as last chosen, else by role; a choice is remembered for the session."""
    asked = request.GET.get("fuer")
    if asked in scopes:
        if request.session.get(SESSION_KEY) != asked:
            request.session[SESSION_KEY] = asked
        return asked
    kept = request.session.get(SESSION_KEY)
    return kept if kept in scopes else baskets.default_scope(request.user)


def _first(counts: dict) -> baskets.Basket:
    """The first list with something in it."""
    return next((one for one in baskets.BASKETS if counts[one.key]), baskets.BASKETS[0])


def _tile(one: baskets.Basket, count, scope: str, chosen: baskets.Basket) -> dict:
    url = f"{reverse('concerns:basket')}?fuer={scope}&liste={one.key}"
    return {"basket": one, "count": count, "url": url, "current": one == chosen}


def _concerns(page) -> list[dict]:
    lines = []
    for concern in page:
        back = [r.department.code for r in concern.current_routings if r.status == RoutingStatus.RETURNED]
        lines.append({"concern": concern, "turn": turn_in_list(concern, concern.current_routings), "returned_by": back})
    return lines


def _people(page, user) -> list[dict]:
    """Rows of the people waiting; who may not see a person gets the concern's page instead of the feedback form."""
    seen = set(Reporter.objects.visible_to(user).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True))
    return [{"reporter": one, "concern": one.concern, "may_tell": one.pk in seen} for one in page]
