"""Files of evaluation reports: made at once or by the worker, released for good, downloaded as they were released."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from concerns.actions.base import Conflict
from districts.access import requires
from districts.roles import Perm
from quartier.jobs import GiveUp
from quartier.pdf import pdf_response
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from reports import making
from reports.actions import runs
from reports.models import Report, ReportFile, ReportRun
from reports.papers.evaluation import FEW_PAGES, content_of, file_name, pages_of
from reports.sums import StillCounting

from .reports import READERS, draft_or_404

logger = logging.getLogger("quartier.reports")
TYPES = {
    ReportFile.Kind.PDF: "application/pdf",
    ReportFile.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFile.Kind.CSV: "application/zip",
}
ENDINGS = {"pdf": ReportFile.Kind.PDF, "xlsx": ReportFile.Kind.XLSX, "zip": ReportFile.Kind.CSV}
DAMAGED = (
    "Diese Datei stimmt nicht mehr mit ihrer Prüfsumme überein und wird nicht ausgeliefert. Bitte die Administration."
)


@requires(Perm.EVALUATE)
def release(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what a release means, then do it."""
    found = draft_or_404(request, pk)
    if request.method != "POST":
        context = {"title": "Bericht freigeben", "report": found}
        return render_page(request, "reports/reports/release.html", context)
    return _make(request, found, ReportRun.Purpose.RELEASE)


@requires(*READERS)
@require_POST
def make_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make the draft's PDF."""
    return _make(request, draft_or_404(request, pk), ReportRun.Purpose.DRAFT)


def _make(request: HttpRequest, found: Report, purpose: str) -> HttpResponseBase:
    """Few pages are made at once, many by the worker; either way the report's page says what came of it."""
    try:
        content = content_of(found)
    except StillCounting:
        content = None
    at_once = content is not None and pages_of(content) <= FEW_PAGES
    try:
        run = runs.request_run(report=found, purpose=purpose, by=request.user, at_once=at_once)
    except Conflict as conflict:
        notify(request, str(conflict), level="error")
        return redirect_to(request, found)
    if at_once:
        try:
            making.make_files(run_id=run.pk, content=content)
        except GiveUp:
            logger.warning("run %s failed at once", run.pk)
        return redirect_to(request, found)
    notify(
        request,
        "Der Bericht wird erstellt. Sie können weiterarbeiten; wenn er fertig ist, steht es hier.",
        level="info",
    )
    return redirect_to(request, found)


@requires(*READERS)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stop what the worker makes."""
    found = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    run = found.runs.active().first()
    if run and not run.may_be_stopped_by(request.user):
        raise Http404
    if run and runs.cancel(run=run, by=request.user):
        notify(request, "Abgebrochen. Es wurde nichts verändert.", level="info")
    else:
        notify(request, "Es war schon zu Ende.", level="info")
    return redirect_to(request, found)


@requires(*READERS)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft's PDF as it was last made."""
    found = get_object_or_404(Report.objects.visible_to(request.user).drafts(), pk=pk)
    run = found.runs.drafts().first()
    if run is None:
        raise Http404
    runs.mark_seen(report=found, by=request.user)
    return pdf_response(bytes(run.content), f"{file_name(found)}-entwurf.pdf")


@requires(*READERS)
def released(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """A file of a released report: exactly the bytes of the release, checked against their checksum."""
    found = get_object_or_404(Report.objects.visible_to(request.user).released(), pk=pk)
    file = get_object_or_404(ReportFile, report=found, kind=ENDINGS.get(kind, ""))
    if not file.is_intact:
        logger.error("file %s of report %s does not fit its checksum", file.kind, found.pk)
        notify(request, DAMAGED, level="error")
        return redirect_to(request, found)
    if file.kind == ReportFile.Kind.PDF:
        return pdf_response(bytes(file.content), file.name)
    headers = {"Content-Disposition": content_disposition_header(True, file.name), "Cache-Control": "private, no-store"}
    return HttpResponse(bytes(file.content), content_type=TYPES[file.kind], headers=headers)
