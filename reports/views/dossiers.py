"""Dossiers of a hand-over as PDF (D11)."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns.models import Handover
from districts.access import requires
from districts.models import District, User
from districts.roles import Perm
from quartier.pdf import pdf_response
from reports.papers.dossier import district_dossier, person_dossier


@login_required
@require_safe
def dossier_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """For the person, for coordination, and for whoever shall take something over or has just done so."""
    viewer, today = request.user, timezone.localdate()
    if pk != viewer.pk and not viewer.rights.can(Perm.MANAGE_USERS):
        taken = Handover.objects.filter(person=pk, to=viewer)
        confirmed = taken.lately_decided(today).filter(state=Handover.State.CONFIRMED)
        if not (taken.waiting() | confirmed).exists():
            raise Http404
    content = person_dossier(person=get_object_or_404(User, pk=pk), viewer=viewer, today=today)
    return pdf_response(content, f"Übergabedossier {today:%Y-%m-%d}.pdf")


@requires(Perm.LOG_CONCERN, Perm.COORDINATE)
@require_safe
def dossier_of_district(request: HttpRequest, slug: str) -> HttpResponse:
    """For the team of the district, and for the Sozialplanung without anything about reporters."""
    viewer, today = request.user, timezone.localdate()
    district = get_object_or_404(District.objects.defer("boundary"), slug=slug)
    if not viewer.rights.can(Perm.COORDINATE) and district.pk not in viewer.rights.team_district_ids:
        raise Http404
    content = district_dossier(district=district, viewer=viewer, today=today)
    return pdf_response(content, f"Übergabedossier {district.slug} {today:%Y-%m-%d}.pdf")
