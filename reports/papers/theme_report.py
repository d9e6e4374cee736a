"""Themenmeldung: a theme report as a letter to each of its recipients (P06, K16)."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone

from projects.actions.theme_reports import preview
from projects.models import ThemeRecipient, ThemeReport
from quartier.pdf import render

from .head import office_in


def theme_report_paper(report: ThemeReport, recipients: Sequence[ThemeRecipient]) -> bytes:
    """The letter as it was sent, once for each of these recipients; a draft says that it is one.

    Only the team's words and guarded counts are on it, never anything of a concern (N13).
    """
    office = office_in(report.district) if report.district else None
    context = {
        "report": report,
        "content": report.content or preview(report),
        "recipients": list(recipients) or [None],
        "office": office,
        "house": f"{settings.CITY_NAME}\n{settings.OFFICE_NAME}",
        "sender": ", ".join(filter(None, [settings.OFFICE_NAME, *([office.street, office.place] if office else [])])),
        "signer": report.sent_by or report.author,
        "dated_on": timezone.localdate(report.sent_at) if report.sent_at else timezone.localdate(),
    }
    title = f"Themenmeldung: {report.title}"
    return render("reports/papers/theme_report.html", context, title=title, author=settings.CITY_NAME)


def theme_report_samples() -> Iterator[tuple[str, bytes]]:
    """The report with most recipients, and a draft."""
    reports = list(ThemeReport.objects.sent().select_related("district", "sent_by", "author"))
    if reports:
        most = max(reports, key=lambda one: (one.recipients.count(), -one.pk))
        yield "themenmeldung", theme_report_paper(most, most.recipients.select_related("department"))
    if draft := ThemeReport.objects.filter(status="draft").select_related("district", "author").first():
        yield "themenmeldung-entwurf", theme_report_paper(draft, draft.recipients.select_related("department"))
