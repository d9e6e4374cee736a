"""Papers of bodies and their sessions (P10–P13)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.models import Body, Session
from quartier.pdf import pdf_response
from reports.papers import bodies as papers


def _session(request: HttpRequest, pk: int) -> Session:
    shown = Session.objects.visible_to(request.user).select_related("body", "office", "approved_in")
    return get_object_or_404(shown, pk=pk)


@requires(Perm.READ_BODIES)
@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Invitation with agenda, as it goes to the members."""
    found = _session(request, pk)
    return pdf_response(papers.invitation(found), f"Einladung {found.on:%Y-%m-%d}.pdf")


@requires(Perm.READ_BODIES)
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Attendance list to sign."""
    found = _session(request, pk)
    return pdf_response(papers.attendance_sheet(found), f"Anwesenheit {found.on:%Y-%m-%d}.pdf")


@requires(Perm.READ_BODIES)
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes of a session that took place."""
    found = _session(request, pk)
    if not found.took_place:
        raise Http404
    return pdf_response(papers.session_minutes(found), f"Protokoll {found.on:%Y-%m-%d}.pdf")


@requires(Perm.READ_BODIES)
@require_safe
def follow_ups(request: HttpRequest, pk: int) -> HttpResponse:
    """Open follow-ups of a body."""
    today = timezone.localdate()
    found = get_object_or_404(Body.objects.visible_to(request.user), pk=pk)
    return pdf_response(papers.follow_up_paper(found, today=today), f"Aufträge {today:%Y-%m-%d}.pdf")
