"""Posts and tasks of Quartiersmanagement on paper (P22, P23, Z12)."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.forms.posts import KeyDayForm
from districts.models import Assignment, District
from districts.roles import Perm
from quartier.pdf import pdf_response
from reports.papers.posts import post_paper, structure_paper, task_paper


@requires(Perm.READ_POSTS)
@require_safe
def post_overview(request: HttpRequest) -> HttpResponseBase:
    """All posts on a key date; a day that cannot be read is today, as on the page."""
    day = KeyDayForm(request.GET or None).day
    content = post_paper(Assignment.objects.visible_to(request.user), day)
    return pdf_response(content, f"Stellenübersicht {day:%Y-%m-%d}.pdf")


@requires(Perm.READ_POSTS)
@require_safe
def task_distribution(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who does what in an assignment, to be signed."""
    found = get_object_or_404(Assignment.objects.visible_to(request.user), pk=pk)
    content = task_paper(found, timezone.localdate())
    return pdf_response(content, f"Aufgabenverteilung {slugify(found.name)}.pdf")


@requires(Perm.READ_POSTS)
@require_safe
def district_structure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who steers in a district, as a list."""
    found = get_object_or_404(District.objects.defer("boundary"), pk=pk)
    return pdf_response(structure_paper(found, timezone.localdate()), f"Struktur {found.slug}.pdf")
