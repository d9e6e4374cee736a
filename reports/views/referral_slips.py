"""The slip of a referral (K17)."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns.models import Referral
from districts.access import requires
from districts.roles import Perm
from quartier.pdf import pdf_response
from reports.papers.referral_slip import FORMATS
from reports.papers.referral_slip import referral_slip as make_slip


@requires(Perm.LOG_CONCERN)
@require_safe
def referral_slip(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """What somebody takes along; the file's name does not tell what it is about."""
    if format not in FORMATS:
        raise Http404
    shown = ("contact", "offer__provider", "offer__office", "actor", "concern__office", "concern__district", "reporter")
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related(*shown), pk=pk)
    content = make_slip(referral=referral, format=format, today=timezone.localdate())
    return pdf_response(content, f"Zettel {format.upper()}.pdf")
