"""Papers of bodies and their sessions (P10–P13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.models import Body, Session
from projects.querysets import SessionQuerySet
from quartier.pdf import pdf_response
from reports.papers import bodies as papers

READS_ALONG = (Perm.READ_BODIES, Perm.READ_OWN_BODIES)


def _session(shown: SessionQuerySet, pk: int) -> Session:
    return get_object_or_404(shown.select_related("body", "office", "approved_in"), pk=pk)


@requires(Perm.READ_BODIES)
@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Invitation with agenda, as it goes to the members."""
    found = _session(Session.objects.visible_to(request.user), pk)
    return pdf_response(papers.invitation(found), f"Einladung {found.on:%Y-%m-%d}.pdf")


@requires(Perm.READ_BODIES)
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Attendance list to sign."""
    found = _session(Session.objects.visible_to(request.user), pk)
    return pdf_response(papers.attendance_sheet(found), f"Anwesenheit {found.on:%Y-%m-%d}.pdf")


@requires(*READS_ALONG)
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes of a session that took place; carrier staff of a member get approved ones."""
    found = _session(Session.objects.minutes_visible_to(request.user), pk)
    paper = papers.session_minutes(found, inside=request.user.rights.can(Perm.READ_BODIES))
    return pdf_response(paper, f"Protokoll {found.on:%Y-%m-%d}.pdf")


@requires(*READS_ALONG)
@require_safe
def follow_ups(request: HttpRequest, pk: int) -> HttpResponse:
    """Open follow-ups of a body."""
    today = timezone.localdate()
    found = get_object_or_404(Body.objects.told_to(request.user), pk=pk)
    return pdf_response(papers.follow_up_paper(found, today=today), f"Aufträge {today:%Y-%m-%d}.pdf")
