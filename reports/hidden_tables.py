"""Tables as suppression reads and writes them: their lines, what a cell is, and how they look with numbers hidden."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from reports.tables import Cell, Column, Kind, Row, Table

TOTAL = -1  # position of the total among the lines
UNSHOWN = -2  # position of a total that is not shown but follows from shares
NEAR = 0.01  # what counts as the same number after reckoning


class System(Protocol):
    """What is hidden: numbers by where they stand (table, line, column) and by the keys of figures."""

    threshold: int
    at: dict[tuple[int, int, str], int]
    keys: dict[str, int]
    hidden: set[int]


def note(threshold: int) -> str:
    """The sentence below a table in which something is hidden."""
    return f"•\u00a0Zahlen unter {threshold} und Zahlen, aus denen sie sich errechnen ließen, sind nicht ausgewiesen."


def numbered(table: Table) -> Iterator[tuple[int, Row]]:
    """The lines with their positions, the total last."""
    yield from enumerate(table.rows)
    if table.total:
        yield TOTAL, table.total


def kind_of(column: Column, cell: Cell) -> str:
    """What a cell holds: its own kind or that of its column."""
    return cell.kind or column.kind


def is_share_of_total(table: Table, column: Column) -> bool:
    """Whether a share says what part of the total its base is."""
    at, base = table.index(column.code), table.index(column.of[0])
    whole = table.total.cells[base].value if table.total else None
    pairs = [(row.cells[base].value, row.cells[at].value) for row in table.rows]
    known = [(part, share) for part, share in pairs if part is not None and share is not None]
    return bool(whole) and all(abs(part - share * whole) < NEAR for part, share in known)


def hidden_table(table: Table, number: int, system: System) -> Table:
    """A table without what the system has hidden, and a sentence that says so."""
    rows = [_shown_row(table, row, number, line, system) for line, row in enumerate(table.rows)]
    total = _shown_row(table, table.total, number, TOTAL, system) if table.total else None
    if not any(cell.hidden for row in (*rows, *([total] if total else [])) for cell in row.cells):
        return replace(table, rows=tuple(rows), total=total)
    sentences = " ".join(filter(None, (table.note, note(system.threshold))))
    return replace(table, rows=tuple(_without_order(table, rows)), total=total, note=sentences)


def _shown_row(table: Table, row: Row, number: int, line: int, system: System) -> Row:
    hidden = {column.code for column in table.columns if system.at.get((number, line, column.code)) in system.hidden}
    for column, cell in zip(table.columns, row.cells, strict=True):
        rests_on_few = cell.base is not None and 0 < cell.base < system.threshold
        if rests_on_few or any(system.keys.get(key) in system.hidden for key in cell.of):
            hidden.add(column.code)
    if any(system.at.get((number, UNSHOWN, column.code)) in system.hidden for column in table.columns):
        hidden |= {column.code for column in table.columns if column.kind != Kind.COUNT}
    while derived := {one.code for one in table.columns if hidden.intersection(one.of)} - hidden:
        hidden |= derived
    cells = (
        Cell(key=cell.key, kind=cell.kind, hidden=True)
        if column.code in hidden and cell.value is not None
        else replace(cell, query="")
        for column, cell in zip(table.columns, row.cells, strict=True)
    )
    return replace(row, cells=tuple(cells))


def _without_order(table: Table, rows: list[Row]) -> Iterable[Row]:
    """A line's place among lines sorted by size would tell about its size: what is hidden goes to the end, by name."""
    at = next((n for n, column in enumerate(table.columns) if column.kind == Kind.COUNT), None)
    if at is None or table.chart == "line":
        return rows
    values = [row.cells[at].value for row in table.rows]
    known = [value for value in values if value is not None]
    if len(set(known)) < 2 or any(first < second for first, second in pairwise(known)):
        return rows
    groups = defaultdict(list)
    for row in rows:
        groups[row.cells[at].hidden].append(row)
    return [*groups[False], *sorted(groups[True], key=lambda row: row.label)]
