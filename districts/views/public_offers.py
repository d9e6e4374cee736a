"""Offers of a quarter for everybody, without a login: what runs and may be shown, nothing else (Z17)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.models import District
from districts.public_offers import PublicOfferFilter, shown
from quartier.web.pages import form_status, render_page
from quartier.web.paging import keyset_page
from quartier.web.public import for_everybody

SIZE = 30  # so that a page stays small enough for a slow telephone


@require_safe
@for_everybody
def offers_public(request: HttpRequest, slug: str) -> HttpResponse:
    """The offers for people of a quarter, those for the whole city included."""
    today = timezone.localdate()
    district = get_object_or_404(District.objects.valid_on(today).defer("boundary"), slug=slug)
    filters = PublicOfferFilter(request.GET, district=district)
    noun = ("Angebot", "Angebote")
    page = keyset_page(filters.qs, request.GET, key="sort_key", descending=False, size=SIZE, noun=noun, exactly=True)
    context = {
        "title": f"Angebote im Quartier {district}",
        "district": district,
        "filter": filters,
        "page": page,
        "rows": [shown(one) for one in page],
        "offices": district.offices.existing_on(today),
    }
    return render_page(request, "districts/offers/public.html", context, status=form_status(filters.form))
