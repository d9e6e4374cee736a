"""The notice of an office's hours as PDF (P14)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.models import Office
from districts.roles import Perm
from quartier.pdf import pdf_response
from quartier.text import code_of
from quartier.web.dates import asked_day
from reports.papers.hours_notice import hours_notice
from reports.papers.sheets import FORMATS


@requires(Perm.READ_OFFICES)
@require_safe
def notice(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The notice in A4 or A3; `?ab=2027-01-01` prints what holds from that day on."""
    if format not in FORMATS:
        raise Http404
    office, on = get_object_or_404(Office.objects.with_hours(), pk=pk), asked_day(request.GET, "ab")
    content = hours_notice(office=office, format=format, on=on)
    return pdf_response(content, f"oeffnungszeiten-{code_of(office.name, 'buero')}-{format}.pdf")
