"""Public relations: an item on paper, and the media's tone year by year (Z41, Z42)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from projects.models import PRItem
from projects.pr_filters import ClippingFilter
from quartier.pdf import pdf_response
from quartier.text import code_of
from quartier.web.pages import form_status, render_page
from reports.media_echo import tone_table
from reports.papers.public_relations import pr_paper


@requires(Perm.READ_PR, Perm.APPROVE_PR)
@require_safe
def pr_item_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A press release or a notice as it would go out; an idea has nothing to print."""
    shown = PRItem.objects.visible_to(request.user).select_related("keeper__office")
    found = get_object_or_404(shown, pk=pk)
    if not found.text:
        raise Http404
    return pdf_response(pr_paper(found), f"{code_of(found.title, 'beitrag')}.pdf")


@requires(Perm.READ_PR)
@require_safe
def pr_echo(request: HttpRequest) -> HttpResponse:
    """How the media wrote, year by year: the chart and the table with the same numbers."""
    filters = ClippingFilter(request.GET, user=request.user)
    query = request.GET.copy()
    query.pop("year", None)
    table = tone_table(filters.qs)
    context = {"title": "Medienecho nach Jahren", "filter": filters, "table": table, "query": query.urlencode()}
    return render_page(request, "projects/pr/echo.html", context, status=form_status(filters.form))
