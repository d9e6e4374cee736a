"""The figures of a department mirror: one department and quarter, beside the quarter before and all departments (N14).

They are the evaluation's: the same tables of the same choice. Nothing ranks departments, they only see themselves
beside the median of all.
"""

from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from districts.models import Department
from reports.chapters import answers, intake
from reports.choice import Choice
from reports.figures import make_frame
from reports.quarters import Quarter
from reports.tables import Cell, Chapter, Column, Figures, Kind, Row, Table

LINES = 5  # of the smaller tables: the mirror is one page
NOW, BEFORE, ALL = "now", "before", "all"
_LABELS = {"median": "Arbeitstage zur Antwort (Median)", "p90": "90 % der Antworten bis Arbeitstag"}
_COMPARED = ("in_time_share", "median", "p90")  # with all departments: sums would only tell how large one is
NOTE = (
    "Gezählt sind Anliegen, die im Quartal eingegangen sind und an den Fachbereich gingen, ohne vertrauliche. "
    "„Fristgerecht“ misst die zuerst vereinbarte Frist. Offen und überfällig: Stand der Zählung. "
    "Ergebnisse und Gründe: nur von abgeschlossenen Anliegen."
)


def mirror_figures(department: Department, quarter: Quarter, *, now: datetime | None = None) -> Figures:
    """The mirror's tables as of now; `now` is another moment only where the demo city tells of the past.

    Raises:
        StillCounting: too much has changed to be counted anew now.
    """
    today = timezone.localdate(now)
    own = make_frame(replace(_choice(quarter), departments=(department.pk,)), today=today)
    tables = (
        _measures(department, quarter, today),
        _shortened(answers.outcomes(own), "Was daraus wurde"),
        _shortened(answers.reasons(own), "Gründe für ein Nein"),
        _shortened(intake.topics(own), "Häufigste Themen"),
    )
    return Figures(
        title=str(department),
        period=quarter.label,
        comparison=quarter.before.label,
        filters=(),
        as_of=f"{timezone.localtime(now):%d.%m.%Y, %H:%M} Uhr",
        chapters=(Chapter("mirror", "Fachbereichsspiegel", tables),),
    )


def _choice(quarter: Quarter) -> Choice:
    return Choice(quarter.since, quarter.until)


def _measures(department: Department, quarter: Quarter, today: date) -> Table:
    """The evaluation's line about the department, turned into a column, with the quarter before beside it."""
    now = answers.departments(make_frame(_choice(quarter), today=today))
    before = answers.departments(make_frame(_choice(quarter.before), today=today))
    mine, earlier = (_row(table, department) for table in (now, before))
    rows = []
    for at, column in enumerate(now.columns):
        whole = now.total.cells[at] if now.total and column.code in _COMPARED else Cell()
        cells = tuple(replace(cell, kind=column.kind) for cell in (mine[at], earlier[at], whole))
        label = _LABELS.get(column.code, column.label)
        rows.append(Row(label[0].upper() + label[1:], cells, column.code))
    columns = (
        Column(NOW, quarter.label),
        Column(BEFORE, quarter.before.label),
        Column(ALL, "alle Fachbereiche"),
    )
    return Table("measures", "Das Quartal in Zahlen", "Kennzahl", columns, tuple(rows), note=NOTE)


def _row(table: Table, department: Department) -> tuple[Cell, ...]:
    """The department's cells; zeros when nothing went to it."""
    found = next((row.cells for row in table.rows if row.code == str(department.pk)), None)
    return found or tuple(Cell(0 if column.kind == Kind.COUNT else None) for column in table.columns)


def _shortened(table: Table, title: str) -> Table:
    """The largest lines of a table with their number, the others added up."""
    rows = sorted(
        (Row(row.label, row.cells[:1], row.code) for row in table.rows if row.cells[0].value),
        key=lambda row: -row.cells[0].value,
    )
    if len(rows) > LINES:
        rest = sum(row.cells[0].value for row in rows[LINES - 1 :])
        rows = [*rows[: LINES - 1], Row("weitere", (Cell(rest),), "rest")]
    return Table(table.code, title, table.head, (Column(NOW, "Anliegen"),), tuple(rows))
