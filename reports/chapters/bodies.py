"""Chapter on bodies: sessions, attendance, decisions, follow-ups, what went to the administration and back (Z44)."""

from datetime import date

from projects.figures import BodyFigures, body_figures
from reports.chapters.beside import beside, share
from reports.choice import Span
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_MEASURES = (
    ("held", "Sitzungen", Kind.COUNT),
    ("cancelled", "abgesagte Sitzungen", Kind.COUNT),
    ("approved", "genehmigte Protokolle", Kind.COUNT),
    ("attendance", "anwesende Mitglieder je Sitzung", Kind.TENTHS),
    ("decisions", "Beschlüsse", Kind.COUNT),
    ("given", "Aufträge vergeben", Kind.COUNT),
    ("done", "davon erledigt", Kind.COUNT),
    ("in_time", "davon fristgerecht erledigt", Kind.COUNT),
    ("pending", "davon noch offen", Kind.COUNT),
    ("put_off", "davon verschoben", Kind.COUNT),
    ("late", "davon heute überfällig", Kind.COUNT),
    ("raised", "Anliegen an die Verwaltung", Kind.COUNT),
    ("told", "Antworten in Sitzungen berichtet", Kind.COUNT),
)
_COLUMNS = (
    Column("held", "Sitzungen"),
    Column("attendance", "Anwesende je Sitzung", Kind.TENTHS),
    Column("decisions", "Beschlüsse"),
    Column("given", "Aufträge"),
    Column("done", "davon erledigt", Kind.SHARE),
    Column("pending", "davon offen"),
    Column("raised", "Anliegen"),
)


def chapter(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """Bodies of the districts, or all of the city."""
    now = body_figures(districts, span.since, span.until, today=today)
    before = body_figures(districts, comparison.since, comparison.until, today=today).total if comparison else None
    overview = beside(
        "bodies", "Gremien im Überblick", "Kennzahl", _MEASURES, now.total, before,
        "Aufträge und Anliegen zählen in dem Zeitraum, in dem sie entstanden sind, mit ihrem Stand von heute.",
    )  # fmt: skip
    rows = tuple(Row(one.name, _cells(one)) for one in now.bodies)
    single = Table(
        "bodies_each", "Die einzelnen Gremien", "Gremium", _COLUMNS, rows,
        Row("Insgesamt", _cells(now.total), "total") if len(rows) > 1 else None, chart="bar",
    )  # fmt: skip
    return Chapter("bodies", "Gremien und Sitzungen", (overview, single))


def _cells(one: BodyFigures) -> tuple[Cell, ...]:
    return (
        Cell(one.held), Cell(one.attendance), Cell(one.decisions), Cell(one.given), share(one.done, one.given),
        Cell(one.pending), Cell(one.raised),
    )  # fmt: skip
