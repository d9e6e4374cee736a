"""Chapter on funds: what was asked for, granted, refused and spent (Z44, chapter 7)."""

from datetime import date
from decimal import Decimal

from projects.fund_report import FundFigures, fund_figures
from reports.choice import Span
from reports.frame import part
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_COUNTS = (
    Column("handed_in", "Anträge"),
    Column("granted", "bewilligt"),
    Column("refused", "abgelehnt"),
    Column("withdrawn", "zurückgezogen"),
    Column("undecided", "nicht entschieden"),
    Column("approval", "bewilligt von entschiedenen", Kind.SHARE),
)
_EUROS = (
    Column("requested", "beantragt €", Kind.VALUE),
    Column("granted_sum", "bewilligt €", Kind.VALUE),
    Column("paid", "ausgezahlt €", Kind.VALUE),
    Column("returned", "zurückgezahlt €", Kind.VALUE),
    Column("own", "Eigenanteil €", Kind.VALUE),
    Column("own_share", "Eigenanteil", Kind.SHARE),
)
NOTE = (
    "Anträge zählen in dem Zeitraum, in dem sie eingegangen sind, mit ihrem Stand von heute. Der Eigenanteil "
    "bewilligter Projekte enthält ehrenamtliche Stunden zum Satz der Regeln."
)


def chapter(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """Applications from the districts to each fund, or from all of the city."""
    found = fund_figures(districts, span.since, span.until)
    counts, euros = (
        _table("funds", "Anträge", _COUNTS, found, _counts),
        _table("fund_money", "Geld", _EUROS, found, _euros),
    )
    tables = [counts, euros]
    if comparison and found:
        before = fund_figures(districts, comparison.since, comparison.until)
        tables.append(_table("funds_before", "Anträge im Vergleichszeitraum", _COUNTS, before, _counts))
    return Chapter("funds", "Fonds", tuple(tables))


def _table(code: str, title: str, columns: tuple[Column, ...], found: list[FundFigures], cells) -> Table:
    rows = tuple(Row(str(one.fund), cells([one]), str(one.fund.pk)) for one in found)
    return Table(code, title, "Fonds", columns, rows, Row("Insgesamt", cells(found), "total"), NOTE)


def _sum(found: list[FundFigures], name: str):
    return sum((getattr(one, name) for one in found), start=Decimal(0))


def _counts(found: list[FundFigures]) -> tuple[Cell, ...]:
    n = {column.code: int(_sum(found, column.code)) for column in _COUNTS[:-1]}
    share = Cell(part(n["granted"], n["granted"] + n["refused"]), kind=Kind.SHARE)
    return (*(Cell(value) for value in n.values()), share)


def _euros(found: list[FundFigures]) -> tuple[Cell, ...]:
    sums = [_sum(found, column.code) for column in _EUROS[:-1]]
    own, costs = _sum(found, "own"), _sum(found, "costs")
    return (*(Cell(float(one)) for one in sums), Cell(float(own / costs) if costs else None, kind=Kind.SHARE))
