"""Papers of action plans (P17)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.models import ActionPlan
from quartier.pdf import pdf_response
from reports.papers import plans as papers


def _plan(request: HttpRequest, pk: int) -> ActionPlan:
    return get_object_or_404(ActionPlan.objects.visible_to(request.user), pk=pk)


@requires(Perm.READ_PLANS)
@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Measures by Oberziel with colours and amendments."""
    found, today = _plan(request, pk), timezone.localdate()
    return pdf_response(papers.plan_paper(found, today=today), f"Maßnahmen {found.as_of:%Y-%m}.pdf")


@requires(Perm.READ_FINANCE)
@require_safe
def finance(request: HttpRequest, pk: int) -> HttpResponse:
    """What the measures cost and what pays for them."""
    found, today = _plan(request, pk), timezone.localdate()
    return pdf_response(papers.plan_finance_paper(found, today=today), f"Finanzierung {today:%Y-%m-%d}.pdf")


@requires(Perm.READ_FINANCE)
@require_safe
def deadlines(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of a plan in order."""
    found, today = _plan(request, pk), timezone.localdate()
    return pdf_response(papers.plan_deadline_paper(found, today=today), f"Termine {today:%Y-%m-%d}.pdf")
