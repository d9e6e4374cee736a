"""What pays for what: lines of one thing, and sums per source and year for page, CSV and PDF (Z40)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.db.models import Sum as Total
from django.urls import reverse

from districts.models import User
from districts.roles import Perm
from projects.actions.funding import Paid, paid_fields
from projects.models import (
    ActionPlan,
    FinanceLine,
    FrozenCost,
    FrozenLine,
    FundingSource,
    Measure,
    PlannedCost,
    Project,
    SourceDeadline,
)
from projects.money import HOPED, SECURED, FinanceKind, FinanceState, Sum, Totals, totals_of
from projects.planning import MeasureStatus, PlanStatus
from quartier.csvfile import written_lines
from quartier.text import cell_text

AHEAD = timedelta(days=365)  # how far deadlines are looked for
NEXT = 30  # how many of them are listed


@dataclass
class SourceRow:
    """What one source gives, year by year."""

    label: str
    url: str
    years: dict[int | None, Sum] = field(default_factory=dict)
    secured: Sum = field(default_factory=Sum)
    open: Sum = field(default_factory=Sum)
    possible: Sum = field(default_factory=Sum)
    total: Sum = field(default_factory=Sum)
    cells: list[Sum] = field(default_factory=list)


@dataclass
class SourceTable:
    """Sums per source and year; refused lines are counted apart and in no sum."""

    years: list[int | None]
    rows: list[SourceRow]
    total: SourceRow
    refused: int

    @property
    def heads(self) -> list[str]:
        """Names of the years' columns."""
        return [str(year) if year else "ohne Jahr" for year in self.years]


def source_table(lines: QuerySet[FinanceLine | FrozenLine]) -> SourceTable:
    """Sums of finance lines per source and year."""
    name = F("source_name") if lines.model is FrozenLine else F("source__name")
    groups = lines.order_by(F("source__sort_key").asc(nulls_last=True), "kind", "year").values(
        "source", "kind", "year", "state", called=name
    )
    rows: dict = {}
    total, refused = SourceRow("Summe", ""), 0
    for one in groups.annotate(sum=Total("value"), known=Count("value"), n=Count("pk")):
        if one["state"] == FinanceState.REFUSED:
            refused += one["n"]
            continue
        key = one["source"] or one["kind"]
        row = rows.setdefault(key, SourceRow(*_named(one)))
        for target in (row, total):
            _add(target, one)
    years = sorted({year for row in rows.values() for year in row.years}, key=lambda year: year or 9999)
    for row in (*rows.values(), total):
        row.cells = [row.years.get(year, Sum()) for year in years]
    return SourceTable(years, list(rows.values()), total, refused)


def _named(group: dict) -> tuple[str, str]:
    if group["source"]:
        return group["called"], reverse("projects:source", args=[group["source"]])
    return FinanceKind(group["kind"]).label, ""


def _add(row: SourceRow, group: dict) -> None:
    state = group["state"]
    by_state = row.secured if state in SECURED else row.open if state in HOPED else row.possible
    for found in (row.years.setdefault(group["year"], Sum()), by_state, row.total):
        found.amount += group["sum"] or Decimal(0)
        found.known += group["known"]
        found.unknown += group["n"] - group["known"]


def table_csv(table: SourceTable) -> Iterator[str]:
    """The same table for a spreadsheet: a column with the sum and one with the lines without amount for each year."""
    head = ["Quelle"]
    for year in table.heads:
        head += [year, f"{year}: Posten ohne Betrag"]
    head += ["bewilligt oder mehr", "vorgesehen oder beantragt", "evtl.", "Summe", "Posten ohne Betrag"]
    return written_lines(head, (_csv_row(row) for row in (*table.rows, table.total)))


def _csv_row(row: SourceRow) -> list:
    cells: list = [cell_text(row.label)]
    for one in row.cells:
        cells += [_amount(one), one.unknown or ""]
    sums = (row.secured, row.open, row.possible, row.total)
    return [*cells, *map(_amount, sums), row.total.unknown or ""]


def _amount(found: Sum) -> str:
    return f"{found.amount:.2f}".replace(".", ",") if found.known else ""


@dataclass
class Financing:
    """The finance lines of one project, measure or assignment with their sums."""

    paid: Paid
    lines: list[FinanceLine | FrozenLine]
    cost: PlannedCost | FrozenCost | None
    totals: Totals
    frozen_at: datetime | None = None  # the lines are those of this moment, not today's

    @property
    def deadlines(self) -> list[FinanceLine]:
        """Lines that have a day, the next first."""
        return sorted((one for one in self.lines if one.deadline_on), key=lambda one: one.deadline_on)


def financing(paid: Paid) -> Financing:
    """What pays for something, what it costs, and what is missing; of a superseded version as it stood then."""
    frozen_at = paid.plan.money_as_of if isinstance(paid, Measure) else None
    fields = {"measure": paid} if frozen_at else paid_fields(paid)
    models = (FrozenLine, FrozenCost) if frozen_at else (FinanceLine, PlannedCost)
    lines = list(models[0].objects.filter(**fields).select_related("source"))
    cost = models[1].objects.filter(**fields).first()
    return Financing(paid, lines, cost, totals_of(lines, cost.amount if cost else None), frozen_at)


def kind_of(paid: Paid) -> str:
    """The word for a thing in addresses."""
    if isinstance(paid, Measure):
        return "massnahme"
    return "projekt" if isinstance(paid, Project) else "einsatz"


def finance_url(paid: Paid) -> str:
    """Where the finance of a thing is shown; of a measure in the latest version that was not superseded."""
    return _url(latest_of([paid]).get(paid.key, paid) if isinstance(paid, Measure) else paid)


def _url(paid: Paid) -> str:
    return reverse("projects:financing", args=[kind_of(paid), paid.pk])


def with_urls(lines: Iterable[FinanceLine]) -> list[tuple[FinanceLine, str]]:
    """Lines, each with where the finance of what it pays for is shown, in one query more."""
    lines = list(lines)
    measures = [line.measure for line in lines if line.measure]
    latest = latest_of(measures) if measures else {}
    return [(line, _url(latest.get(line.measure.key, line.measure) if line.measure else line.owner)) for line in lines]


def latest_of(measures: Iterable[Measure]) -> dict[UUID, Measure]:
    """The rows of measures in the version that holds, or in the draft where there is no other, by key.

    Money hangs on a measure's first version, which may have been superseded.
    """
    rows = Measure.objects.filter(key__in={one.key for one in measures}).exclude(plan__status=PlanStatus.SUPERSEDED)
    return {one.key: one for one in rows.select_related("plan").order_by("-plan__number")}


def lines_of_plan(plan: ActionPlan) -> QuerySet[FinanceLine] | QuerySet[FrozenLine]:
    """The finance lines of a plan's measures; they hang on the measure through all versions.

    A superseded version has those of the moment it was superseded.
    """
    if plan.money_as_of:
        return FrozenLine.objects.filter(plan=plan)
    keys = Measure.objects.filter(plan=plan).values("key")
    return FinanceLine.objects.filter(measure__key__in=keys)


@dataclass
class PlanFinance:
    """The finance of a plan: each measure with its sums, and the table of sources and years."""

    measures: list[tuple[Measure, Totals]]
    total: Totals
    table: SourceTable


def plan_finance(plan: ActionPlan) -> PlanFinance:
    """What the measures of a plan cost and what pays for them."""
    measures = list(plan.measures.select_related("goal"))
    lines: dict = {}
    every = list(lines_of_plan(plan).select_related("source", "measure"))
    for one in every:
        lines.setdefault(one.measure.key, []).append(one)
    costs = FrozenCost.objects.filter(plan=plan) if plan.money_as_of else PlannedCost.objects.all()
    costs = costs.filter(measure__key__in=[one.key for one in measures]).select_related("measure")
    planned = {one.measure.key: one.amount for one in costs}
    rows = [(one, totals_of(lines.get(one.key, []), planned.get(one.key))) for one in measures]
    # A sum of costs of which one is unknown is unknown; what was dropped costs nothing and its money fills no gap.
    wanted = [totals for one, totals in rows if one.status != MeasureStatus.DROPPED]
    costs = [one.planned for one in wanted]
    total = totals_of(every, None if None in costs else sum(costs, Decimal(0)))
    total.parts = wanted
    return PlanFinance(rows, total, source_table(lines_of_plan(plan)))


@dataclass(frozen=True)
class Deadline:
    """A day by which something has to be done."""

    on: date
    what: str
    where: str
    url: str


def deadlines_of_plan(plan: ActionPlan, today: date) -> list[Deadline]:
    """Begin and end of the plan's measures and the days of its money, the past ones too when they still count."""
    found = []
    for one in plan.measures.exclude(status__in=["done", "dropped"]):
        for day, what in ((one.starts_on, "Beginn"), (one.ends_on, "Ende")):
            if day and (day >= today or what == "Ende"):
                found.append(Deadline(day, what, one.title, one.get_absolute_url()))
    rows = {one.key: one for one in plan.measures.all()}
    for line in lines_of_plan(plan).filter(deadline_on__isnull=False).select_related("source", "measure"):
        if line.state not in (FinanceState.REFUSED, FinanceState.SETTLED):
            what = f"{line.deadline_what or 'Frist'} ({line.source_label})"
            here = rows[line.measure.key]
            found.append(Deadline(line.deadline_on, what, here.title, here.get_absolute_url()))
    if plan.update_due_on and plan.is_in_force:
        found.append(Deadline(plan.update_due_on, "Fortschreibung fällig", plan.title, plan.get_absolute_url()))
    return sorted(found, key=lambda one: (one.on, one.where, one.what))


def deadlines_coming(user: User, today: date) -> list[Deadline]:
    """The next days of funding sources and of finance lines in the coming year; one more than `NEXT` when there are."""
    until = today + AHEAD
    sources = FundingSource.objects.visible_to(user).exclude(status=FundingSource.Status.CLOSED)
    rows = SourceDeadline.objects.filter(source__in=sources, on__range=(today, until)).select_related("source")
    found = [Deadline(one.on, one.what, one.source.name, one.source.get_absolute_url()) for one in rows]
    lines = FinanceLine.objects.visible_to(user).counted().due_between(today, until).with_names()
    for line, url in with_urls(lines.order_by("deadline_on", "pk")[: NEXT + 1]):
        what = f"{line.deadline_what or 'Frist'} ({line.source_label})"
        found.append(Deadline(line.deadline_on, what, str(line.owner), url))
    return sorted(found, key=lambda one: (one.on, one.where, one.what))[: NEXT + 1]


def section_of_project(project: Project, user: User) -> dict | None:
    """What the page of a project shows of its money: nothing to those who may not know (Z40)."""
    if not user.rights.can(Perm.READ_FINANCE):
        return None
    shown = {"paid": project, "kind": "projekt", "financing": financing(project)}
    return shown | {"may_write": writes_for(project, user)}


def writes_for(paid: Paid, user: User) -> bool:
    """Whether somebody notes what pays for a thing: the Sozialplanung all, managers for their projects.

    What a superseded version shows is frozen.
    """
    if isinstance(paid, Measure) and paid.plan.status == PlanStatus.SUPERSEDED:
        return False
    if user.rights.can(Perm.EDIT_FUNDING):
        return True
    own = isinstance(paid, Project) and user.rights.can(Perm.WRITE_FINANCE)
    return own and Project.objects.editable_by(user).filter(pk=paid.pk).exists()


def measures_of_project(project: Project, user: User) -> dict | None:
    """The measures a project serves, of plans in force that somebody may read; nothing when there are none."""
    plans = ActionPlan.objects.visible_to(user).in_force()
    rows = list(project.measures.filter(plan__in=plans.values("pk")).select_related("plan", "goal"))
    return {"served": rows} if rows else None
