"""Pages of districts and their printed profiles (Z01, D02)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.geo import features
from districts.models import District
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.web.pages import form_status, render_page
from reports.district_page import listed, page_of
from reports.forms.district_profile import PUBLIC, ProfileForm
from reports.papers.district_profile import chapters_for, district_profile


@requires(Perm.READ_OFFICES)
@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """All districts of today on a map and in a table; those of the past below."""
    now = timezone.localtime()
    rows = listed(request.user, now=now)
    areas, addresses = features(row.district for row in rows), {row.district.pk: row.url for row in rows}
    for feature in areas["features"]:
        feature["properties"]["url"] = addresses[feature["properties"]["id"]]
    context = {
        "title": "Quartiere",
        "rows": rows,
        "map": {"polygons": areas} if areas["features"] else None,
        "shows_open": any(row.open for row in rows),
        "former": District.objects.filter(valid_to__lt=now.date()).defer("boundary"),
        **_tiles(),
    }
    return render_page(request, "reports/districts/list.html", context)


@requires(Perm.READ_OFFICES)
@require_safe
def district(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one district that this person may see."""
    found = get_object_or_404(District.objects.select_related("borough").defer("borough__boundary"), slug=slug)
    context = {
        "title": found.name,
        **page_of(found, request.user, now=timezone.localtime()),
        "form": ProfileForm(chapters=chapters_for(request.user, found)),
        **_tiles(),
    }
    return render_page(request, "reports/districts/page.html", context)


@requires(Perm.READ_OFFICES)
@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile as PDF; a choice that cannot be read shows the form again."""
    found = get_object_or_404(District.objects.select_related("borough").defer("borough__boundary"), slug=slug)
    chapters = chapters_for(request.user, found)
    form = ProfileForm(request.GET or {"ausgabe": "intern", "teile": list(chapters)}, chapters=chapters)
    if not form.is_valid():
        context = {"title": f"Profil {found}", "district": found, "form": form}
        return render_page(request, "reports/districts/profile.html", context, status=form_status(form))
    content = district_profile(
        district=found,
        user=request.user,
        chapters=form.cleaned_data["teile"],
        public=form.cleaned_data["ausgabe"] == PUBLIC,
        now=timezone.localtime(),
    )
    return pdf_response(content, f"Quartiersprofil {found.slug} {timezone.localdate():%Y-%m-%d}.pdf")


def _tiles() -> dict:
    return {"tiles_url": settings.MAP_TILES_URL, "tiles_attribution": settings.MAP_TILES_ATTRIBUTION}
