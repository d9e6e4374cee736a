"""Tables of figures as data: page, CSV, XLSX and PDF all show the same objects, so they agree to the digit (Q13)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and so how it is written."""

    COUNT = "count"  # whole number: 1.234
    SHARE = "share"  # part of one: 93,4 %
    DAYS = "days"  # days or working days: 4,5
    RATE = "rate"  # per 1,000 inhabitants: 3,2
    CHANGE = "change"  # difference of two counts: +12
    TENTHS = "tenths"  # always with one decimal, so that a column lines up: 68,0
    VALUE = "value"  # a value of an indicator, with up to two decimals
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One column; `of` names the count columns it is worked out from, which hide it when they are hidden, `part_of`
    the count column whose part it is: what is left of that is a number, too, although it stands nowhere."""

    code: str
    label: str
    kind: str = Kind.COUNT
    of: tuple[str, ...] = ()
    part_of: str = ""


@dataclass(frozen=True)
class Cell:
    """One figure. `query` is the query string of the concern list that shows exactly what is counted; "" when there is
    none. `key` names the figure: the same key in two tables is the same number. No value: nothing can be said.
    `kind` and `of` are for tables whose lines are of different kinds: the cell's own kind, and the keys of the counts
    it is worked out from, which hide it when they are hidden. `base` says how many cases it rests on where no table
    shows them.
    """

    value: int | float | str | None = None
    query: str = ""
    key: str = ""
    kind: str = ""  # the column's kind when empty
    of: tuple[str, ...] = ()
    base: int | None = None
    hidden: bool = False  # too small to leave the house


@dataclass(frozen=True)
class Row:
    """One line of a table, with one cell for each column."""

    label: str
    cells: tuple[Cell, ...]
    code: str = ""  # what the line stands for: the id or code of a district, topic, department …


@dataclass(frozen=True)
class Table:
    """A table of figures with what has to be known to read it. `chart` says how it may be drawn, "" not at all."""

    code: str
    title: str
    head: str  # heading of the first column
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""  # a sentence that belongs below the table
    chart: str = ""  # "bar", "stacked", "line"
    charted: tuple[str, ...] = ()  # codes of the columns that are drawn; the first one when empty
    parts: bool = False  # the lines are disjoint and add up to the total

    def index(self, code: str) -> int:
        """Position of a column."""
        return next(n for n, column in enumerate(self.columns) if column.code == code)

    def cell(self, row_code: str, column_code: str) -> Cell:
        """The cell of a line and a column; raises StopIteration when there is no such line."""
        row = next(row for row in self.rows if row.code == row_code)
        return row.cells[self.index(column_code)]

    def all_rows(self) -> Iterator[Row]:
        """The lines with the total as the last one."""
        yield from self.rows
        if self.total:
            yield self.total


@dataclass(frozen=True)
class Chapter:
    """A heading with its tables, and the sentences that sum them up."""

    code: str
    title: str
    tables: tuple[Table, ...]
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Everything an evaluation shows: what was asked, as of when, and the chapters."""

    title: str  # "Gesamtstadt" or the names of the districts
    period: str  # in words: "1. Januar bis 31. Dezember 2025"
    comparison: str  # in words; "" without one
    filters: tuple[tuple[str, str], ...]  # label and words of what else was chosen
    as_of: str  # "22.11.2026, 14:05 Uhr"
    chapters: tuple[Chapter, ...] = field(default=())

    def tables(self) -> Iterator[Table]:
        """All tables in order."""
        for chapter in self.chapters:
            yield from chapter.tables

    def table(self, code: str) -> Table:
        """The table with a code; raises StopIteration when there is none."""
        return next(table for table in self.tables() if table.code == code)
