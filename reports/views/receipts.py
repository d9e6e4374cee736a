"""The receipt somebody takes home (P01)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns.actions.access import note_reporter_access
from concerns.actions.status_codes import show
from concerns.models import Reporter
from concerns.worklist import reporters_to_tell
from districts.access import requires
from districts.roles import Perm
from quartier.pdf import pdf_response
from reports.papers.receipt import receipt as make_receipt


@requires(Perm.LOG_CONCERN)
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """A reporter's receipt with their code, for whoever may see them; making one is noted (Q02)."""
    shown = ("concern__lead", "concern__topic", "concern__office", "concern__district")
    people = reporters_to_tell(request.user).filter(erased_at=None).exclude(kind=Reporter.Kind.OBSERVATION)
    reporter = get_object_or_404(people.select_related(*shown), pk=pk)
    note_reporter_access(concern_ids=[reporter.concern_id], by=request.user, on=timezone.localdate())
    code = show(reporter=reporter, by=request.user)
    content = make_receipt(reporter=reporter, code=code, today=timezone.localdate())
    return pdf_response(content, f"Quittung {reporter.concern.number}.pdf")
