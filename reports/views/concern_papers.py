"""Papers of one concern: its file for the team (P05) and routing sheets for bodies without e-mail (P02)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns.models import Concern, Routing
from concerns.workflow import RoutingStatus
from districts.access import requires
from districts.roles import Perm
from quartier.pdf import pdf_response
from reports.papers.concern_file import concern_file as make_file
from reports.papers.routing_sheet import routing_sheet as make_sheet


@requires(Perm.LOG_CONCERN)
@require_safe
def concern_file(request: HttpRequest, number: str) -> HttpResponse:
    """Everything the team knows about a concern, without team notes (I11)."""
    shown = ("topic__parent", "district", "owner", "taken_by", "office", "lead")
    found = Concern.objects.for_team(request.user).select_related(*shown).defer("search")
    concern = get_object_or_404(found, number=number)
    content = make_file(concern=concern, user=request.user, today=timezone.localdate())
    return pdf_response(content, f"Anliegenakte {concern.number}.pdf")


@requires(Perm.LOG_CONCERN)
@require_safe
def routing_sheet(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A routing on paper; one that was recalled is nobody's business any more."""
    concerns = Concern.objects.for_team(request.user).filter(number=number)
    sent = Routing.objects.exclude(status=RoutingStatus.WITHDRAWN).filter(concern__in=concerns.values("pk"))
    routing = get_object_or_404(sent.for_ticket(), pk=pk)
    content = make_sheet(routing=routing, user=request.user, today=timezone.localdate())
    return pdf_response(content, f"Weiterleitung {number} {routing.department.code}.pdf")
