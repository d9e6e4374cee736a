"""Funds: list, page, rules, rounds, budgets, the report of a year (Z34, P21)."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import funds as actions
from projects.costs import euros
from projects.forms.funds import BudgetForm, FundForm, RoundForm, RuleForm
from projects.fund_ledger import budget_changes
from projects.fund_page import fund_page
from projects.fund_report import csv_lines, public_year, public_years, report_of
from projects.models import Fund, FundApplication, FundRound
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import capped_count

MAY_SEE = (Perm.READ_FUNDS,)
MAY_DRAFT = (Perm.DRAFT_APPLICATIONS, Perm.EDIT_ALL_FUNDS)
MAY_KEEP = (Perm.KEEP_FUNDS, Perm.EDIT_ALL_FUNDS)
MAY_RULE = (Perm.EDIT_ALL_FUNDS,)


@requires(*MAY_SEE)
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """All funds with this year's money."""
    today = timezone.localdate()
    shown = Fund.objects.visible_to(request.user).select_related("body").prefetch_related("districts", "years")
    rows = [(one, next((year for year in one.years.all() if year.year == today.year), None)) for one in shown]
    rules = request.user.rights.can(Perm.EDIT_ALL_FUNDS)
    context = {
        "title": "Fonds",
        "to_confirm": capped_count(FundApplication.objects.to_confirm()) if rules else "",
        "rows": [(one, year, one.ends_on is not None and one.ends_on < today) for one, year in rows],
        "year": today.year,
        "may_rule": rules,
    }
    return render_page(request, "projects/funds/list.html", context)


def fund_of(request: HttpRequest, pk: int) -> Fund:
    """A fund that this person may see; 404 otherwise."""
    shown = Fund.objects.visible_to(request.user).select_related("body", "programme")
    return get_object_or_404(shown.prefetch_related("districts"), pk=pk)


@requires(*MAY_SEE)
@require_safe
def fund(request: HttpRequest, pk: int) -> HttpResponse:
    """One fund: money, rules, applications."""
    found = fund_of(request, pk)
    context = {"title": found.name, **fund_page(found, request.user, today=timezone.localdate())}
    return render_page(request, "projects/funds/detail.html", context)


@requires(*MAY_RULE)
def fund_new(request: HttpRequest) -> HttpResponse:
    """Enter a fund."""
    return save_form(
        request,
        FundForm(request.POST or None),
        save=actions.save_fund,
        template="projects/funds/form.html",
        context={"title": "Fonds anlegen", "back": reverse("projects:funds"), "back_label": "Fonds"},
        message="Angelegt. Jetzt fehlen noch Regeln und Budget.",
        to=Fund.get_absolute_url,
    )


def _about(found: Fund, title: str, **more) -> dict:
    return {
        "title": title,
        "lead": found.name,
        "fund": found,
        "back": found.get_absolute_url(),
        "back_label": found.name,
        **more,
    }


@requires(*MAY_RULE)
def fund_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a fund; whoever was slower compares first."""
    found = fund_of(request, pk)
    form = FundForm(request.POST or None, instance=found)

    def compare() -> dict:
        now = Fund.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_fund, fund=found)),
        template="projects/funds/form.html",
        context=_about(found, "Fonds bearbeiten"),
        message="Gespeichert.",
        to=Fund.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_RULE)
def fund_rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let new rules begin; the form starts with those before."""
    found = fund_of(request, pk)
    first = RuleForm.first_values(found.rules.first())
    return save_form(
        request,
        RuleForm(request.POST or None, fund=found, initial=first),
        save=partial(actions.save_rule, fund=found),
        template="projects/funds/rule.html",
        context=_about(found, "Neue Regeln"),
        message="Gespeichert. Anträge, die schon da sind, behalten ihre Regeln.",
        to=found.get_absolute_url(),
    )


def fund_to_keep(request: HttpRequest, pk: int) -> Fund:
    """A fund that this person runs; 404 otherwise."""
    return get_object_or_404(Fund.objects.kept_by(request.user), pk=pk)


@requires(*MAY_KEEP)
def fund_round_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the last day of a round."""
    found = fund_to_keep(request, pk)
    return save_form(
        request,
        RoundForm(request.POST or None),
        save=partial(actions.add_round, fund=found),
        template="projects/funds/step.html",
        context=_about(found, "Antragsrunde eintragen"),
        message="Eingetragen.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_KEEP)
@require_POST
def fund_round_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a round out again."""
    rounds = FundRound.objects.filter(fund__in=Fund.objects.kept_by(request.user).values("pk"))
    found = get_object_or_404(rounds.select_related("fund"), pk=pk)
    actions.remove_round(round_=found, by=request.user)
    notify(request, "Die Antragsrunde ist entfernt.")
    return redirect_to(request, found.fund)


@requires(*MAY_RULE)
def fund_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the budget of a year; whoever was slower compares first. `jahr` chooses the year."""
    found = fund_of(request, pk)
    years = list(found.years.all())
    form = BudgetForm(request.POST or None, years=years, asked=request.GET.get("jahr", ""))

    def compare() -> dict:
        form.on_top_of(found.years.all())
        year, typed = form.cleaned_data["year"], form.cleaned_data["budget"]
        last = next(iter(budget_changes(found, year)), None)  # none: the page spoke of a year that has no budget
        stored = f"{euros(last.after)}, gesetzt von {last.by}: {last.reason}" if last else "–"
        return {"differences": [(f"Budget {year}", stored, euros(typed))]}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.set_budget, fund=found)),
        template="projects/funds/budget.html",
        context=_about(found, "Budget eines Jahres", years=years, changes=budget_changes(found)),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=compare,
    )


def _report(request: HttpRequest, pk: int, year: int):
    report = report_of(fund_of(request, pk), year)
    if report is None:
        raise Http404
    return report


@requires(*MAY_SEE)
@require_safe
def fund_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The report of a year."""
    report = _report(request, pk, year)
    context = {"title": f"{report.fund}: {year}", "fund": report.fund, "report": report}
    return render_page(request, "projects/funds/year.html", context)


@requires(*MAY_SEE)
@require_safe
def fund_year_csv(request: HttpRequest, pk: int, year: int) -> StreamingHttpResponse:
    """The same as a CSV file."""
    report = _report(request, pk, year)
    return StreamingHttpResponse(
        csv_lines(report),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="fonds-{report.fund.pk}-{year}.csv"'},
    )


@require_safe
def fund_public(request: HttpRequest, pk: int) -> HttpResponse:
    """What a fund is for and what it has granted, for everybody; `jahr` chooses the year."""
    found = get_object_or_404(Fund.objects.in_public().prefetch_related("districts__offices"), pk=pk)
    years, asked = public_years(found), request.GET.get("jahr", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in years else next(iter(years), None)
    today = timezone.localdate()
    context = {
        "title": found.name,
        "fund": found,
        "years": years,
        "shown": public_year(found, year) if year else None,
        "rounds": found.rounds.filter(closes_on__gte=today),
        "offices": {office for one in found.districts.all() for office in one.offices.all() if not office.closed_on},
    }
    return render_page(request, "projects/funds/public.html", context)
