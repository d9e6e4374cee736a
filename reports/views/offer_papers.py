"""The offers of a quarter on paper (P15)."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.models import District
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.web.notices import notify
from quartier.web.pages import redirect_to
from reports.papers import offers as papers


def _district(slug: str) -> District:
    return get_object_or_404(District.objects.defer("boundary"), slug=slug)


@requires(Perm.READ_OFFERS)
@require_safe
def offer_paper(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The directory for residents; one that is too long for paper leads back to the list, which says so."""
    district, today = _district(slug), timezone.localdate()
    if papers.is_too_long(district):
        text = f"Ein Verzeichnis auf Papier fasst höchstens {papers.MOST} Angebote. Bitte die öffentliche Seite nehmen."
        notify(request, text, level="warning")
        return redirect_to(request, f"{reverse('districts:offers')}?district={district.pk}")
    content = papers.offer_paper(district, today=today)
    return pdf_response(content, f"Angebote {district.short_name} {today:%Y-%m-%d}.pdf")


@requires(Perm.READ_OFFERS)
@require_safe
def gap_paper(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The overview of fields and groups with its gaps."""
    district, today = _district(slug), timezone.localdate()
    content = papers.gap_paper(district, user=request.user, today=today)
    return pdf_response(content, f"Angebotslücken {district.short_name} {today:%Y-%m-%d}.pdf")
