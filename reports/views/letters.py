"""Letters as PDF (P03)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns import letters as found
from concerns.actions.access import note_reporter_access
from concerns.actions.letters import note_print
from concerns.actions.status_codes import show_many
from concerns.workflow import LetterState
from districts.access import requires
from districts.roles import Perm
from quartier.pdf import pdf_response
from reports.papers.letters import letters_pdf


@requires(Perm.GIVE_FEEDBACK)
@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a batch that still have to go, else those that are in the post; `nur` shows a single one.

    `seiten=2`: for printing on both sides.
    """
    batch = get_object_or_404(found.batches_of(request.user).select_related("made_by__office"), pk=pk)
    rows = list(found.for_page(found.letters_of(request.user).filter(batch=batch)).exclude(text=""))
    chosen = _chosen(rows, request.GET.get("nur", ""))
    note_reporter_access(
        concern_ids=[one.reporter.concern_id for one in chosen], by=request.user, on=timezone.localdate()
    )
    codes = show_many(reporters=[one.reporter for one in chosen], by=request.user)
    content = letters_pdf(batch, chosen, codes=codes, both_sides=request.GET.get("seiten") == "2")
    if "nur" not in request.GET:
        note_print(batch=batch, version=batch.version, by=request.user)
    return pdf_response(content, f"briefe-{batch.dated_on:%Y-%m-%d}.pdf")


def _chosen(rows: list, only: str) -> list:
    """The letters to print; 404 when there is none."""
    if only:
        chosen = [row for row in rows if str(row.pk) == only]
    else:
        ready = [row for row in rows if row.state == LetterState.OPEN]
        chosen = ready or [row for row in rows if row.state == LetterState.SENT]
    if not chosen:
        raise Http404
    return chosen
