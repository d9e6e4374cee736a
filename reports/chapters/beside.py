"""Lines of measures beside each other: this period, the comparison, the difference."""

from collections.abc import Sequence

from reports.frame import CHANGE, EARLIER, NOW, part
from reports.tables import Cell, Column, Kind, Row, Table

Measure = tuple[str, str, str]  # code, words, kind


def beside(code: str, title: str, head: str, measures: Sequence[Measure], now, before=None, note: str = "") -> Table:
    """A table with a line for each measure; `now` and `before` hold a value under each code."""
    columns = (Column(NOW, "Zeitraum"), Column(EARLIER, "Vergleich"), Column(CHANGE, "+/−", Kind.CHANGE))
    rows = []
    for name, words, kind in measures:
        cells = [Cell(getattr(now, name), kind=kind)]
        if before is not None:
            cells += [Cell(getattr(before, name), kind=kind), _change(now, before, name, kind)]
        rows.append(Row(words, tuple(cells), name))
    return Table(code, title, head, columns if before is not None else columns[:1], tuple(rows), note=note)


def _change(now, before, name: str, kind: str) -> Cell:
    """Counts can be subtracted; of shares and averages the difference would be of another kind."""
    if kind != Kind.COUNT:
        return Cell(kind=Kind.CHANGE)
    return Cell(getattr(now, name) - getattr(before, name), kind=Kind.CHANGE)


def share(n: int, of: int) -> Cell:
    """One count as part of another."""
    return Cell(part(n, of), kind=Kind.SHARE)
