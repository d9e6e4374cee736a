"""Chapter on action plans: how many measures of each goal stood in which colour on the last day (Z26, Z44.9)."""

from datetime import date

from districts.models import District
from projects.planning import MeasureStatus
from projects.tableau import GoalStatus, plan_status, short_legend
from reports.choice import Span
from reports.tables import Cell, Chapter, Column, Row, Table

_CODES = MeasureStatus.values
NOTE = "Rot heißt „in der Planung“, nicht „im Verzug“."


def chapter(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """A table for each plan that held on the last day; samples are in none."""
    places = None if districts is None else list(District.objects.filter(pk__in=districts).defer("boundary"))
    plans: dict[int, list[GoalStatus]] = {}
    for row in plan_status(places, span.until):
        plans.setdefault(row.plan.pk, []).append(row)
    columns = (
        Column("all", "Maßnahmen"),
        *(Column(code, f"{colour}: {short}") for code, colour, _, short in short_legend()),
    )
    tables = tuple(_table(pk, rows, columns) for pk, rows in plans.items())
    return Chapter("plan", "Stand der Handlungskonzepte", tables)


def _table(pk: int, goals: list[GoalStatus], columns: tuple[Column, ...]) -> Table:
    rows = tuple(_row(f"{one.goal.position}. {one.goal.title}", one.counts, str(one.goal.pk)) for one in goals)
    total = sum((one.counts for one in goals), start=type(goals[0].counts)())
    return Table(
        f"plan-{pk}", str(goals[0].plan), "Oberziel", columns, rows,
        _row("Insgesamt", total, "total"), NOTE,
    )  # fmt: skip


def _row(label: str, counts, code: str) -> Row:
    return Row(label, (Cell(counts.total()), *(Cell(counts[one]) for one in _CODES)), code)
