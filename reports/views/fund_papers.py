"""Papers of funds and applications (P19–P21)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.fund_report import report_of
from projects.fund_workflow import DECIDED
from projects.models import Fund, FundApplication
from quartier.pdf import pdf_response
from reports.papers import funds as papers


def _application(request: HttpRequest, pk: int) -> FundApplication:
    return get_object_or_404(FundApplication.objects.visible_to(request.user).with_everything(), pk=pk)


@requires(Perm.READ_FUNDS)
@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The application with its cost plan."""
    found = _application(request, pk)
    return pdf_response(papers.application_paper(found), f"Antrag {found.number}.pdf")


@requires(Perm.KEEP_FUNDS, Perm.EDIT_ALL_FUNDS)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice, once something is decided."""
    kept = FundApplication.objects.kept_by(request.user).filter(status__in=DECIDED)
    found = get_object_or_404(kept.with_everything(), pk=pk)
    content = papers.notice(found, by=request.user, on=timezone.localdate())
    return pdf_response(content, f"Bescheid {found.number}.pdf")


@requires(Perm.KEEP_FUNDS, Perm.EDIT_ALL_FUNDS)
@require_safe
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """The reminder of a proof of use that is overdue."""
    today = timezone.localdate()
    shown = FundApplication.objects.kept_by(request.user).proof_overdue(today)
    found = get_object_or_404(shown.with_everything(), pk=pk)
    return pdf_response(papers.reminder(found, by=request.user, on=today), f"Erinnerung {found.number}.pdf")


@requires(Perm.READ_FUNDS)
@require_safe
def year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The overview of a fund's year."""
    fund = get_object_or_404(Fund.objects.visible_to(request.user), pk=pk)
    report = report_of(fund, year)
    if report is None:
        raise Http404
    return pdf_response(papers.year_paper(report, today=timezone.localdate()), f"{fund.code} {year}.pdf")
