"""The evaluation: choose a period and see all figures of the loop on one page, each number with its list (K22)."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from districts.access import requires
from districts.roles import Perm
from quartier.web.pages import form_status, redirect_to, render_page
from reports import exports, showing
from reports.chapters.working import working_chapters
from reports.choice import OUTSIDE_AREA, Choice
from reports.context import context_tables
from reports.definitions import notes
from reports.figures import evaluate
from reports.forms.evaluation import EvaluationForm
from reports.models import ReportSettings
from reports.outward import outward
from reports.sentences import with_sentences
from reports.sums import StillCounting
from reports.tables import Figures

TEMPLATE = "reports/evaluation.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Perm.READ_EVALUATION)
def evaluation(request: HttpRequest) -> HttpResponse:
    """The form and the figures of what it says; only the form when it says something wrong."""
    form = _form(request)
    query = form.query() if form.is_valid() else request.GET.urlencode()
    here = _here(query)
    link = request.build_absolute_uri(here)
    context = {"title": "Auswertung", "form": form, "query": query, "here": here, "link": link}
    context["may_report"] = request.user.rights.can(Perm.EVALUATE)
    if form.is_valid():
        try:
            context |= _shown(form.choice())
        except StillCounting as counting:
            context["left"] = counting.left
    response = render_page(request, TEMPLATE, context, fragments={"evaluation": "evaluation"}, status=form_status(form))
    if request.htmx and not request.htmx.history_restore_request and not _stands_at(request, here):
        response.headers["HX-Push-Url"] = here
    return response


@requires(Perm.READ_EVALUATION)
def evaluation_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """One table as a CSV file."""

    def made(figures: Figures) -> bytes:
        found = [table for table in figures.tables() if table.code == code]
        if not found:
            raise Http404
        return exports.csv_file(found[0])

    return _file(request, made, name=code.replace("_", "-"), ending="csv", content_type="text/csv; charset=utf-8")


@requires(Perm.READ_EVALUATION)
def evaluation_xlsx(request: HttpRequest) -> HttpResponseBase:
    """All tables as one workbook."""
    return _file(request, lambda found: exports.xlsx_file(found, _notes(found)), ending="xlsx", content_type=XLSX)


@requires(Perm.READ_EVALUATION)
def evaluation_zip(request: HttpRequest) -> HttpResponseBase:
    """All tables as CSV files in one archive."""
    return _file(
        request, lambda found: exports.csv_zip(found, _notes(found)), ending="zip", content_type="application/zip"
    )


def _file(
    request: HttpRequest, made: Callable[[Figures], bytes], *, ending: str, content_type: str, name: str = "auswertung"
) -> HttpResponseBase:
    """A file of the figures without small numbers, as it may leave the house. What the page has to say first, a wrong
    period or that the figures are being counted, the page says."""
    form = _form(request)
    if not form.is_valid():
        return redirect_to(request, _here(request.GET.urlencode()))
    choice = form.choice()
    try:
        figures, work = outward(evaluate(choice)), working_chapters(choice, today=timezone.localdate())
        content = made(replace(figures, chapters=(*figures.chapters, *work)))
    except StillCounting:
        return redirect_to(request, _here(form.query()))
    filename = f"{name}-{choice.since:%Y-%m-%d}-bis-{choice.until:%Y-%m-%d}.{ending}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


def _form(request: HttpRequest) -> EvaluationForm:
    return EvaluationForm(request.GET, user=request.user, today=timezone.localdate())


def _here(query: str) -> str:
    return f"{reverse('reports:evaluation')}?{query}"


def _shown(choice: Choice) -> dict:
    """What the template shows of the figures, with indicators beside them as context."""
    figures, work = with_sentences(evaluate(choice)), working_chapters(choice, today=timezone.localdate())
    if showing.is_empty(figures):
        figures = replace(figures, chapters=work)
        return {"figures": figures, "chapters": showing.chapters(figures, []), "is_empty": True}
    tiles, figures = showing.tiles(figures), replace(figures, chapters=(*figures.chapters, *work))
    areas = [area for area in choice.districts if area != OUTSIDE_AREA] if choice.districts else None
    return {
        "figures": figures,
        "tiles": tiles,
        "chapters": showing.chapters(figures, context_tables(areas, choice.until.year)),
        "threshold": ReportSettings.load().threshold,
    }


def _notes(figures: Figures) -> list[tuple[str, str]]:
    return notes(figures, threshold=ReportSettings.load().threshold)


def _stands_at(request: HttpRequest, here: str) -> bool:
    """Whether the browser shows this already: a page that asks again must not fill the history."""
    at = urlsplit(request.htmx.current_url or "")
    return request.htmx.trigger == "counting" or f"{at.path}?{at.query}" == here
