"""Funding sources, and what pays for what (Z39, Z40)."""

from functools import partial

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions.base import Conflict
from districts.models import Assignment
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import funding as actions
from projects.actions.funding import Paid
from projects.filters import FinanceFilter, SourceFilter
from projects.finance import (
    NEXT,
    deadlines_coming,
    deadlines_of_plan,
    finance_url,
    financing,
    plan_finance,
    source_table,
    table_csv,
    with_urls,
    writes_for,
)
from projects.forms.funding import CostForm, FinanceLineForm, SourceForm
from projects.models import FinanceLine, FundingSource, Measure, PlannedCost, Project
from projects.views.plans import csv_file, frame, plan_to_read
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

MAY_WRITE = (Perm.WRITE_FINANCE, Perm.EDIT_FUNDING)
PAID_LINES = 100  # what a source's page lists


@requires(Perm.READ_FUNDING)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Funding sources with their next deadline, and the days that come near."""
    today = timezone.localdate()
    shown = FundingSource.objects.visible_to(request.user).with_next_deadline(today)
    filters = SourceFilter(request.GET, queryset=shown, request=request)
    page = keyset_page(filters.qs, request.GET, key="sort_key", descending=False, noun=("Quelle", "Quellen"))
    coming = deadlines_coming(request.user, today)
    context = {
        "title": "Förderquellen",
        "filter": filters,
        "page": page,
        "deadlines": coming[:NEXT],
        "has_more": len(coming) > NEXT,
        "next": NEXT,
        "may_edit": request.user.rights.can(Perm.EDIT_FUNDING),
        "reads_finance": request.user.rights.can(Perm.READ_FINANCE),
        "today": today,
    }
    status = form_status(filters.form)
    return render_page(request, "projects/funding/list.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.READ_FUNDING)
@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source and, for those who may know, what it pays."""
    shown = FundingSource.objects.visible_to(request.user).select_related("successor", "programme")
    found = get_object_or_404(shown.prefetch_related("deadlines", "action_fields", "predecessors"), pk=pk)
    lines = FinanceLine.objects.visible_to(request.user).filter(source=found)
    page = keyset_page(lines.with_names(), request.GET, key="id", size=PAID_LINES, noun=("Posten", "Posten"))
    context = {
        "title": found.name,
        "source": found,
        "page": page,
        "rows": with_urls(page),
        "table": source_table(lines),
        "reads_finance": request.user.rights.can(Perm.READ_FINANCE),
        "may_edit": request.user.rights.can(Perm.EDIT_FUNDING),
        "today": timezone.localdate(),
    }
    return render_page(request, "projects/funding/source.html", context)


@requires(Perm.EDIT_FUNDING)
def source_new(request: HttpRequest) -> HttpResponse:
    """Enter a source."""
    return _save_source(request, None, reverse("projects:sources"), "Förderquellen")


@requires(Perm.EDIT_FUNDING)
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source; whoever was slower compares first."""
    found = get_object_or_404(FundingSource.objects.editable_by(request.user), pk=pk)
    return _save_source(request, found, found.get_absolute_url(), found.name)


def _save_source(request: HttpRequest, found: FundingSource | None, back: str, label: str) -> HttpResponse:
    form = SourceForm(request.POST or None, instance=found)

    def compare() -> dict:
        if found is None:
            return {}
        now = FundingSource.objects.get(pk=found.pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_source, source=found),
        template="projects/funding/source_form.html",
        context={"title": "Quelle bearbeiten" if found else "Quelle eintragen", "back": back, "back_label": label},
        message="Gespeichert.",
        to=FundingSource.get_absolute_url,
        on_conflict=compare,
    )


@requires(Perm.READ_FINANCE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Mittelbündelung: what comes from which source in which year."""
    filters = _filtered(request)
    context = {
        "title": "Mittel nach Quelle und Jahr",
        "filter": filters,
        "table": source_table(filters.qs),
        "query": request.GET.urlencode(),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/funding/overview.html", context, fragments={"table": "table"}, status=status)


def _filtered(request: HttpRequest) -> FinanceFilter:
    shown = FinanceLine.objects.visible_to(request.user).counted()
    return FinanceFilter(request.GET, queryset=shown, request=request)


@requires(Perm.READ_FINANCE)
@require_safe
def overview_csv(request: HttpRequest) -> HttpResponseBase:
    """The same table as a file; a filter that cannot be read leads back to the page, which says why."""
    filters = _filtered(request)
    if not filters.form.is_valid():
        return redirect_to(request, f"{reverse('projects:funding_overview')}?{request.GET.urlencode()}")
    return csv_file(table_csv(source_table(filters.qs)), "mittel")


def _rows(request: HttpRequest, kind: str) -> QuerySet:
    """Things of a kind that this person may see; an unknown kind is 404."""
    models = {"projekt": Project, "massnahme": Measure, "einsatz": Assignment}
    if kind not in models:
        raise Http404
    return models[kind].objects.visible_to(request.user)


def _paid(request: HttpRequest, kind: str, pk: int, *, write: bool = False) -> Paid:
    found = get_object_or_404(_rows(request, kind), pk=pk)
    if write and not writes_for(found, request.user):
        raise Http404
    return found


@requires(Perm.READ_FINANCE)
@require_safe
def paid(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What pays for a project, a measure or an assignment, what it costs and what is missing."""
    found = _paid(request, kind, pk)
    context = {
        "title": f"Finanzierung: {found}",
        "paid": found,
        "kind": kind,
        "financing": financing(found),
        "may_write": writes_for(found, request.user),
    }
    return render_page(request, "projects/funding/financing.html", context)


@requires(*MAY_WRITE)
def line_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Enter a finance line."""
    found = _paid(request, kind, pk, write=True)
    return _save_line(request, found, None)


def _line(request: HttpRequest, pk: int) -> FinanceLine:
    return get_object_or_404(FinanceLine.objects.writable_by(request.user).with_names(), pk=pk)


@requires(*MAY_WRITE)
def line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a finance line; whoever was slower compares first."""
    found = _line(request, pk)
    return _save_line(request, found.owner, found)


def _save_line(request: HttpRequest, paid: Paid, found: FinanceLine | None) -> HttpResponse:
    form = FinanceLineForm(request.POST or None, instance=found)

    def compare() -> dict:
        now = FinanceLine.objects.filter(pk=found.pk).first() if found else None
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    back = finance_url(paid)
    return save_form(
        request,
        form,
        save=partial(actions.save_line, paid=paid, line=found),
        template="projects/funding/line_form.html",
        context={
            "title": "Posten ändern" if found else "Posten eintragen",
            "lead": str(paid), "back": back, "back_label": "Finanzierung", "line": found,
        },
        message="Gespeichert.",
        to=back,
        on_conflict=compare,
    )  # fmt: skip


@requires(*MAY_WRITE)
@require_POST
def line_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a finance line that was entered by mistake."""
    found = _line(request, pk)
    version = request.POST.get("version", "")
    try:
        actions.remove_line(
            line=found, version=int(version) if version.isdecimal() and len(version) < 10 else 0, by=request.user
        )
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Der Posten ist entfernt.")
    return redirect_to(request, finance_url(found.owner))


@requires(*MAY_WRITE)
def cost(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What something is going to cost."""
    found = _paid(request, kind, pk, write=True)
    fields = actions.paid_fields(found)
    form = CostForm(request.POST or None, instance=PlannedCost.objects.filter(**fields).first())

    def compare() -> dict:
        now = PlannedCost.objects.filter(**fields).first()
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.set_planned_cost, paid=found),
        template="districts/form.html",
        context={
            "title": "Geplante Kosten", "lead": str(found), "back": finance_url(found), "back_label": "Finanzierung",
        },
        message="Gespeichert.",
        to=finance_url(found),
        on_conflict=compare,
    )  # fmt: skip


@requires(Perm.READ_FINANCE)
@require_safe
def plan_money(request: HttpRequest, pk: int) -> HttpResponse:
    """Finance of a plan per measure, per source and year."""
    found = plan_to_read(request, pk)
    context = frame(request, found, "finance") | {
        "title": f"Finanzierung: {found.title}",
        "finance": plan_finance(found),
    }
    return render_page(request, "projects/plans/finance.html", context)


@requires(Perm.READ_FINANCE)
@require_safe
def plan_money_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table of sources and years as a file."""
    return csv_file(table_csv(plan_finance(plan_to_read(request, pk)).table), "finanzierung")


@requires(Perm.READ_FINANCE)
@require_safe
def plan_deadlines(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of a plan in order."""
    found, today = plan_to_read(request, pk), timezone.localdate()
    context = frame(request, found, "deadlines") | {
        "title": f"Termine: {found.title}",
        "deadlines": deadlines_of_plan(found, today),
    }
    return render_page(request, "projects/plans/deadlines.html", context)
