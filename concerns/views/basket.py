"""The quarter manager's start page."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from concerns import basket as baskets
from concerns.actions.access import note_reporter_access
from concerns.leaving import without_post
from concerns.models import Handover, Reporter
from concerns.standing import turn_in_list
from concerns.workflow import RoutingStatus
from concerns.worklist import lead_of, reporters_to_tell
from districts.access import requires
from districts.models import ContactNote, User
from districts.roles import Perm
from quartier.web.pages import render_page
from quartier.web.paging import capped_count, keyset_page
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
        "lines": _lines(chosen, page, request.user),
        "contacts": _contacts_due(request.user, today),
        "without_post": len(without_post(today, request.user.rights.districts(Perm.TRIAGE))),
        "handovers": Handover.objects.of_desk(request.user).count(),
        "others": other_tiles(request.user, today),
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


def _contacts_due(user, today: date) -> dict | None:
    """How many follow-ups of the contact log are due, and where they are; they are the team's, whatever the scope."""
    count = capped_count(ContactNote.objects.visible_to(user).follow_ups_due(today))
    return {"count": count, "url": f"{reverse('districts:contact_log')}?zeigen=faellig"} if count != "0" else None


def _first(counts: dict) -> baskets.Basket:
    """The first list with something in it."""
    return next((one for one in baskets.BASKETS if counts[one.key]), baskets.BASKETS[0])


def other_tiles(user: User, today: date) -> list[dict]:
    """What other apps put on somebody's desk: label, count, address and hint of each."""
    return [tile for path in settings.BASKET_TILES if (tile := import_string(path)(user, today))]


def _tile(one: baskets.Basket, count, scope: str, chosen: baskets.Basket) -> dict:
    url = f"{reverse('concerns:basket')}?fuer={scope}&liste={one.key}"
    return {"basket": one, "count": count, "url": url, "current": one == chosen}


def _lines(chosen: baskets.Basket, page, user) -> list[dict]:
    if chosen.voices:
        return _voices(page, user)
    if chosen.referrals:
        return [{"referral": one, "concern": one.concern} for one in page]
    return _people(page, user) if chosen.people else _concerns(page)


def _concerns(page) -> list[dict]:
    lines = []
    for concern in page:
        back = [r.department.code for r in concern.current_routings if r.status == RoutingStatus.RETURNED]
        lines.append({"concern": concern, "turn": turn_in_list(concern, concern.current_routings), "returned_by": back})
    return lines


def _voices(page, user) -> list[dict]:
    """What residents say; the comment only to who may see the person, which is noted (Q02)."""
    seen = _seen(user, [voice.reporter_id for voice in page])
    shown = [voice.reporter.concern_id for voice in page if voice.reporter_id in seen]
    note_reporter_access(concern_ids=shown, by=user, on=timezone.localdate())
    return [
        {"voice": one, "concern": one.reporter.concern, "lead": lead_of(one.reporter.concern),
         "may_see": one.reporter_id in seen}
        for one in page
    ]  # fmt: skip


def _seen(user, reporter_ids: list[int]) -> set[int]:
    return set(reporters_to_tell(user).filter(pk__in=reporter_ids).values_list("pk", flat=True))


def _people(page, user) -> list[dict]:
    """Rows of the people waiting; who may not see a person gets the concern's page instead of the feedback form."""
    seen = set(Reporter.objects.visible_to(user).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True))
    return [{"reporter": one, "concern": one.concern, "may_tell": one.pk in seen} for one in page]
