"""Theme reports on paper (P06)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.models import ThemeRecipient, ThemeReport
from quartier.pdf import pdf_response
from reports.papers.theme_report import theme_report_paper

WITH = ("district", "sent_by", "author")


@requires(Perm.READ_NEEDS)
@require_safe
def theme_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters to all recipients."""
    found = get_object_or_404(ThemeReport.objects.visible_to(request.user).select_related(*WITH), pk=pk)
    return _answer(found, list(found.recipients.select_related("department")))


@requires(Perm.ANSWER_ROUTINGS)
@require_safe
def theme_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to the own department."""
    rows = ThemeRecipient.objects.visible_to(request.user).select_related(
        "department", *(f"report__{name}" for name in WITH)
    )
    found = get_object_or_404(rows, pk=pk)
    return _answer(found.report, [found])


def _answer(report: ThemeReport, recipients: list[ThemeRecipient]) -> HttpResponse:
    day = timezone.localdate(report.sent_at) if report.sent_at else timezone.localdate()
    return pdf_response(theme_report_paper(report, recipients), f"Themenmeldung {day:%Y-%m-%d}.pdf")
