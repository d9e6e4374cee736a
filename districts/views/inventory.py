"""What there is and what is missing: matrix, gaps, what ends soon, and the rounds in which offers are checked (Z17)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import offers as offer_actions
from districts.actions import rounds as actions
from districts.actions.base import Conflict
from districts.filters import OfferFilter
from districts.forms.offers import RoundForm
from districts.inventory import SIDES, gaps_of, listed, matrix_of, tabs
from districts.inventory import round_page as round_context
from districts.models import DirectorySettings, InventoryEntry, InventoryRound
from districts.roles import Perm
from districts.views.offers import MAY_KEEP, NOUN, may_edit_any
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page


def _side(request: HttpRequest) -> str:
    asked = request.GET.get("zeilen", "")
    return asked if asked in SIDES else "feld"


@requires(Perm.READ_OFFERS)
@require_safe
def offer_matrix(request: HttpRequest) -> HttpResponse:
    """How many offers run today for every Handlungsfeld (or kind) and target group."""
    side = _side(request)
    matrix, filters = matrix_of(request.GET, user=request.user, side=side)
    context = {
        "title": "Übersicht und Lücken",
        "tabs": tabs(request.user, "offer_matrix"),
        "matrix": matrix,
        "filter": filters,
        "sides": [(key, SIDES[key][0], f"?{matrix.query}&zeilen={key}", key == side) for key in SIDES],
        "district": filters.chosen_district,
        "sees_all": request.user.rights.can(Perm.READ_ALL_OFFERS),
    }
    status = form_status(filters.form)
    return render_page(request, "districts/offers/matrix.html", context, fragments={"matrix": "matrix"}, status=status)


@requires(Perm.READ_OFFERS)
@require_safe
def offer_gaps(request: HttpRequest) -> HttpResponse:
    """The empty cells of the matrix, and what there is for them elsewhere in the city."""
    side, row = _side(request), request.GET.get(SIDES[_side(request)][2], "")
    matrix, filters = matrix_of(request.GET, user=request.user, side=side)
    whole_city = QueryDict(mutable=True)
    whole_city.update({key: value for key, value in request.GET.items() if key != "district"})
    everywhere, _ = matrix_of(whole_city, user=request.user, side=side)
    asked = int(row) if row.isascii() and row.isdigit() and len(row) < 10 else None
    context = {
        "title": "Lücken im Angebot",
        "tabs": tabs(request.user, ""),
        "gaps": gaps_of(matrix, everywhere, row=asked),
        "matrix": matrix,
        "filter": filters,
        "row": asked,
        "district": filters.chosen_district,
        "may_edit": may_edit_any(request.user),
        "sees_all": request.user.rights.can(Perm.READ_ALL_OFFERS),
        "back": f"{reverse('districts:offer_matrix')}?{matrix.query}&zeilen={side}",
    }
    return render_page(request, "districts/offers/gaps.html", context, status=form_status(filters.form))


@requires(Perm.READ_ALL_OFFERS)
@require_safe
def offers_expiring(request: HttpRequest) -> HttpResponse:
    """Offers whose end or funding comes within months, the first one first."""
    asked = request.GET.copy()
    asked["expiring"] = request.GET.get("expiring") or "6"
    filters = OfferFilter(asked, user=request.user)
    found = filters.qs.filter(last_day__isnull=False)
    page = keyset_page(found.for_list(), request.GET, key="last_day", descending=False, noun=NOUN, exactly=True)
    context = {
        "title": "Angebote, die auslaufen",
        "tabs": tabs(request.user, "offers_expiring"),
        "filter": filters,
        "page": page,
        "rows": listed(page, today=filters.today, months=DirectorySettings.load().verify_months),
    }
    status = form_status(filters.form)
    return render_page(request, "districts/offers/expiring.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.READ_ALL_OFFERS)
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Open rounds with their progress, closed ones with their figures."""
    found = InventoryRound.objects.visible_to(request.user).select_related("district").with_progress()
    found = list(found.defer("district__boundary").order_by("-opened_on", "-pk"))
    context = {
        "title": "Bestandsaufnahme",
        "tabs": tabs(request.user, "rounds"),
        "open": [one for one in found if one.is_open],
        "closed": [one for one in found if not one.is_open],
        "may_edit": may_edit_any(request.user),
        "today": timezone.localdate(),
    }
    return render_page(request, "districts/offers/rounds.html", context)


@requires(*MAY_KEEP)
def round_new(request: HttpRequest) -> HttpResponse:
    """Begin a round in a district."""
    back = reverse("districts:rounds")
    return save_form(
        request,
        RoundForm(request.POST or None, user=request.user),
        save=actions.open_round,
        template="districts/form.html",
        context={
            "title": "Bestandsaufnahme beginnen",
            "lead": "Alle Angebote des Quartiers kommen auf eine Liste und werden einmal angesehen.",
            "back": back,
            "back_label": "Bestandsaufnahme",
            "save_label": "Beginnen",
        },
        message="Die Bestandsaufnahme hat begonnen.",
        to=InventoryRound.get_absolute_url,
    )


def _show(request: HttpRequest, found: InventoryRound, noted: InventoryEntry | None = None) -> HttpResponse:
    shown = "alle" if request.GET.get("zeigen") == "alle" or not found.is_open else "offen"
    may_close = InventoryRound.objects.editable_by(request.user).filter(pk=found.pk).exists()
    context = {
        "title": str(found),
        **round_context(found, request.user, shown=shown, noted=noted),
        "may_close": found.is_open and may_close,
        "today": timezone.localdate(),
    }
    fragments = {"entries": "entries"}
    return render_page(request, "districts/offers/round.html", context, fragments=fragments)


@requires(Perm.READ_ALL_OFFERS)
@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: what is still open, whom to ask, and how far it is."""
    rounds = InventoryRound.objects.visible_to(request.user).select_related("district", "closed_by", "opened_by")
    return _show(request, get_object_or_404(rounds.defer("district__boundary"), pk=pk))


@requires(*MAY_KEEP)
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round; what nobody has looked at stays open in its figures."""
    found = get_object_or_404(InventoryRound.objects.editable_by(request.user).select_related("district"), pk=pk)
    if request.method == "POST":
        try:
            actions.close_round(round=found, by=request.user)
        except Conflict as error:
            notify(request, str(error), level="error")
        else:
            notify(request, "Die Bestandsaufnahme ist abgeschlossen. Ihre Zahlen bleiben, wie sie heute sind.")
        return redirect_to(request, found)
    context = {
        "title": "Bestandsaufnahme abschließen",
        "round": found,
        "waiting": found.entries.waiting().count(),
        "figures": actions.figures_of(found, on=timezone.localdate()),
    }
    return render_page(request, "districts/offers/round_close.html", context)


@requires(*MAY_KEEP)
@require_POST
def round_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One click about an offer of an open round: it is as it was, or there is no such offer any more."""
    entries = InventoryEntry.objects.select_related("offer", "round__district")
    entry = get_object_or_404(entries, pk=pk)
    offer_to_note = type(entry.offer).objects.editable_by(request.user).filter(pk=entry.offer_id)
    found = get_object_or_404(offer_to_note)
    result, undo = request.POST.get("result"), ""
    try:
        if result not in (InventoryEntry.Result.SAME, InventoryEntry.Result.GONE):
            raise Conflict("Bitte „Stimmt noch“ oder „Gibt es nicht mehr“ wählen.")
        if result == InventoryEntry.Result.GONE:
            offer_actions.end_offer(offer=found, ended_on=timezone.localdate(), by=request.user)
            undo = f"{reverse('districts:offer_reopen', args=[found.pk])}?runde"
            text = f"„{found}“ ist als beendet eingetragen."
        else:
            offer_actions.verify_offer(offer=found, by=request.user)
            text = f"„{found}“ stimmt noch."
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, text, undo_url=undo)
    if request.htmx:
        return _show(request, entry.round, entry)
    everything = f"?zeigen=alle#{found.pk}" if request.GET.get("zeigen") == "alle" else ""
    return redirect_to(request, f"{entry.round.get_absolute_url()}{everything}")
