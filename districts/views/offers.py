"""The directory of offers: list, page, entering and changing (Z17)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import offers as actions
from districts.actions.base import Conflict
from districts.filters import OfferFilter
from districts.forms.offers import EndOfferForm, OfferForm
from districts.inventory import listed, page_of, tabs
from districts.models import ActionField, Actor, DirectorySettings, District, Offer, OfferKind, TargetGroup
from districts.offer_export import csv_lines
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

NOUN = ("Angebot", "Angebote")
MAY_READ = (Perm.READ_OFFERS, Perm.OWN_OFFERS)
MAY_KEEP = (Perm.EDIT_ACTORS, Perm.EDIT_ALL_ACTORS)  # the inventory of a district
MAY_EDIT = (*MAY_KEEP, Perm.OWN_OFFERS)


def may_edit_any(user) -> bool:
    """Whether this person may enter offers at all."""
    return any(user.rights.can(perm) for perm in MAY_EDIT)


def offer_to_edit(request: HttpRequest, pk: int) -> Offer:
    """An offer this person may change, or 404."""
    return get_object_or_404(Offer.objects.editable_by(request.user).prefetch_related("districts"), pk=pk)


@requires(*MAY_READ)
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """The directory, narrowed while typing."""
    filters = OfferFilter(request.GET, user=request.user)
    page = keyset_page(
        filters.qs.for_list(),
        request.GET,
        key="sort_key",
        descending=False,
        noun=NOUN,
        exactly=not request.GET.get("q"),
    )
    context = {
        "title": "Angebote",
        "tabs": tabs(request.user, "offers"),
        "filter": filters,
        "page": page,
        "rows": listed(page, today=filters.today, months=DirectorySettings.load().verify_months),
        "query": request.GET.urlencode(),
        "may_edit": may_edit_any(request.user),
        "may_import": any(request.user.rights.can(perm) for perm in MAY_KEEP),
        "sees_all": request.user.rights.can(Perm.READ_ALL_OFFERS),
        "district": filters.chosen_district if request.user.rights.can(Perm.READ_OFFERS) else None,
    }
    status = form_status(filters.form)
    return render_page(request, "districts/offers/list.html", context, fragments={"list": "list"}, status=status)


@requires(*MAY_READ)
@require_safe
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one offer that this person may see."""
    found = get_object_or_404(Offer.objects.visible_to(request.user).only("pk", "title"), pk=pk)
    context = {"title": found.title, **page_of(found.pk, request.user, today=timezone.localdate())}
    return render_page(request, "districts/offers/detail.html", context)


@requires(*MAY_EDIT)
def offer_new(request: HttpRequest) -> HttpResponse:
    """Enter an offer; the address may name provider, field, group or kind to begin with."""
    return save_form(
        request,
        OfferForm(request.POST or None, user=request.user, initial=_begun(request)),
        save=actions.save_offer,
        template="districts/offers/form.html",
        context={"title": "Angebot eintragen", "back": reverse("districts:offers"), "back_label": "Angebote"},
        message="Eingetragen.",
        to=Offer.get_absolute_url,
    )


def _begun(request: HttpRequest) -> dict:
    """What a new offer begins with: the only district of the person, and what the address names."""
    own = District.objects.valid_on(timezone.localdate()).filter(pk__in=request.user.rights.districts(Perm.EDIT_ACTORS))
    found = list(own.defer("boundary")[:2])
    providers = Actor.objects.visible_to(request.user)
    named = {"field": ActionField.objects, "group": TargetGroup.objects, "kind": OfferKind.objects, "akteur": providers}
    asked = {
        name: rows.filter(pk=int(text)).first()
        for name, rows in named.items()
        if (text := request.GET.get(name, "")).isascii() and text.isdigit() and len(text) < 10
    }
    return {
        "districts": found if len(found) == 1 else [],
        "action_fields": [one for one in [asked.get("field")] if one],
        "target_groups": [one for one in [asked.get("group")] if one],
        "kind": asked.get("kind"),
        "provider": asked.get("akteur"),
    }


@requires(*MAY_EDIT)
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an offer; whoever was slower compares first."""
    found = offer_to_edit(request, pk)
    form = OfferForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Offer.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_offer, offer=found),
        template="districts/offers/form.html",
        context={"title": "Angebot bearbeiten", "back": back_to(request, found), "back_label": str(found)},
        message="Gespeichert.",
        to=back_to(request, found),
        on_conflict=compare,
    )


def back_to(request: HttpRequest, found: Offer) -> str:
    """Where a step on an offer leads afterwards: the round or the start page it was taken from, else its own page."""
    if "start" in request.GET:
        return reverse("districts:carrier")
    entry = found.inventory_entries.filter(round__closed_on=None).first() if "runde" in request.GET else None
    everything = "?zeigen=alle" if request.GET.get("zeigen") == "alle" else ""
    return f"{entry.round.get_absolute_url()}{everything}#{found.pk}" if entry else found.get_absolute_url()


@requires(*MAY_EDIT)
@require_POST
def offer_verify(request: HttpRequest, pk: int) -> HttpResponseBase:
    """„Stimmt noch“."""
    found = offer_to_edit(request, pk)
    try:
        actions.verify_offer(offer=found, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Danke. Die Angaben gelten als heute geprüft.")
    return redirect_to(request, back_to(request, found))


@requires(*MAY_EDIT)
def offer_end(request: HttpRequest, pk: int) -> HttpResponse:
    """„Gibt es nicht mehr“: the entry stays."""
    found = offer_to_edit(request, pk)
    return save_form(
        request,
        EndOfferForm(request.POST or None),
        save=partial(actions.end_offer, offer=found),
        template="districts/form.html",
        context={
            "title": "Angebot beenden",
            "lead": f"„{found}“ gibt es nicht mehr. Der Eintrag bleibt stehen und lässt sich wieder aufnehmen.",
            "back": found.get_absolute_url(),
            "back_label": str(found),
            "save_label": "Beenden",
        },
        message="Das Angebot ist als beendet eingetragen.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_EDIT)
@require_POST
def offer_reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The offer is there again."""
    found = offer_to_edit(request, pk)
    actions.reopen_offer(offer=found, by=request.user)
    notify(request, "Das Angebot ist wieder aufgenommen.")
    return redirect_to(request, back_to(request, found))


@requires(*MAY_READ)
@require_safe
def offer_export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a CSV file; a filter that cannot be read leads back to the list, which says why."""
    filters = OfferFilter(request.GET, user=request.user)
    if not filters.form.is_valid():
        return redirect_to(request, f"{reverse('districts:offers')}?{request.GET.urlencode()}")
    name = f"angebote-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(filters.qs, user=request.user),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
