"""What the evaluation page shows of its figures: every cell as text, and where it leads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from django.urls import reverse_lazy
from django.utils.safestring import SafeString

from reports.chapters import CHAPTERS, CONTEXT
from reports.chapters.voices import UNHEARD
from reports.tables import Cell, Chapter, Column, Figures, Kind, Row, Table
from reports.wording import written

AT_ONCE = 15  # lines; the rest is folded away
_SPARE = 3  # a fold that hides no more than this is not worth opening
_NARROW = 5  # columns that fit a phone
_HALF = 45  # letters of the heads of the columns that fit half the page
_LISTED = reverse_lazy("concerns:list")
# What people ask first: table, line, and how it is called above the figures.
TILES = (
    ("overview", "all", "Anliegen eingegangen"),
    ("rates", "forwarded", "weitergeleitet"),
    ("rates", "in_time", "fristgerecht beantwortet"),
    ("rates", "feedback", "Rückmeldequote"),
    ("rates", "receipt_days", "Tage bis zur Rückmeldung"),
)


@dataclass(frozen=True)
class ShownCell:
    """One figure; `name` is what a link is called for somebody who hears only it."""

    text: str
    url: str = ""
    name: str = ""
    css: str = ""

    def html(self) -> SafeString:
        """The cell as the page shows it."""
        text = escape(self.text)
        if self.url:
            text = f'<a href="{escape(str(self.url))}" aria-label="{escape(self.name)}">{text}</a>'
        css = f' class="{escape(self.css)}"' if self.css else ""
        return SafeString(f"<td{css}>{text}</td>")


@dataclass(frozen=True)
class ShownRow:
    """One line."""

    label: str
    cells: list[ShownCell]

    def html(self) -> SafeString:
        """The line as the page shows it: written without a template, an evaluation has a thousand of them."""
        cells = "".join(cell.html() for cell in self.cells)
        return SafeString(f'<tr><th scope="row">{escape(self.label)}</th>{cells}</tr>')


@dataclass(frozen=True)
class ShownTable:
    """One table; `rest` are the lines behind the fold, `nothing` says that there is not a single case in it."""

    table: Table
    columns: list[tuple[str, str]]  # label and class
    rows: list[ShownRow]
    rest: list[ShownRow]
    total: ShownRow | None
    nothing: bool
    has_file: bool = True

    @property
    def is_wide(self) -> bool:
        """Whether it has to be scrolled on a phone: many columns or words in one."""
        return len(self.columns) > _NARROW or any(css for _, css in self.columns)

    @property
    def scrolls_by_key(self) -> bool:
        """Whether keys must reach it to scroll: it is wide, or holds no link that could be reached."""
        cells = [cell for row in [*self.rows, *([self.total] if self.total else [])] for cell in row.cells]
        return self.is_wide or not any(cell.url for cell in cells)

    @property
    def shows_chart(self) -> bool:
        """Whether the drawing stands beside the table, or above it where that needs the width."""
        return bool(self.table.chart) and not self.folds_chart

    @property
    def folds_chart(self) -> bool:
        """Whether the drawing would only push the next table away: many bars below a wide table."""
        return self.is_wide and self.table.chart == "bar"

    @property
    def takes_a_row(self) -> bool:
        """Whether no other table stands beside it: half the width is not enough for many or long heads."""
        heads = sum(max(map(len, label.replace("-", " ").split()), default=0) + 2 for label, _ in self.columns)
        return self.is_wide or heads > _HALF or bool(self.table.chart)


@dataclass(frozen=True)
class ShownChapter:
    """One chapter."""

    chapter: Chapter
    tables: list[ShownTable]


@dataclass(frozen=True)
class Tile:
    """One of the figures above all others."""

    label: str
    cell: ShownCell
    before: str  # the comparison period's, "" without one


def chapters(figures: Figures, context: list[Table]) -> list[ShownChapter]:
    """All chapters with their tables; indicators of the districts come last, as context."""
    found = [ShownChapter(one, [_table(table) for table in one.tables]) for one in figures.chapters]
    if context:
        tables = [replace(_table(table), has_file=False) for table in context]
        found.append(ShownChapter(Chapter(CONTEXT, CHAPTERS[CONTEXT], ()), tables))
    return found


def tiles(figures: Figures) -> list[Tile]:
    """The figures that stand above all others."""
    found = []
    for code, line, label in TILES:
        table = figures.table(code)
        row = next(row for row in table.rows if row.code == line)
        cells = list(_cells(table, row))
        found.append(Tile(label, cells[0], cells[1].text if figures.comparison else ""))
    return found


def is_empty(figures: Figures) -> bool:
    """Whether not a single concern came in."""
    return not figures.table("overview").cell("all", "now").value


def _table(table: Table) -> ShownTable:
    rows = [ShownRow(row.label, list(_cells(table, row))) for row in table.rows]
    cut = AT_ONCE if len(rows) > AT_ONCE + _SPARE else len(rows)
    return ShownTable(
        table=table,
        columns=[(column.label, _css(column)) for column in table.columns],
        rows=rows[:cut],
        rest=rows[cut:],
        total=ShownRow(table.total.label, list(_cells(table, table.total))) if table.total else None,
        nothing=not any(_says_something(table, row) for row in table.all_rows()),
    )


def _says_something(table: Table, row: Row) -> bool:
    """Words beside numbers only say what these mean; a table of words alone says something itself."""
    numbers = any(column.kind != Kind.TEXT for column in table.columns)
    pairs = zip(row.cells, table.columns, strict=True)
    return any(cell.value for cell, column in pairs if not numbers or (cell.kind or column.kind) != Kind.TEXT)


def _cells(table: Table, row: Row) -> Iterator[ShownCell]:
    for cell, column in zip(row.cells, table.columns, strict=True):
        text = written(cell, cell.kind or column.kind)
        # Behind a zero there is nothing to be seen.
        if cell.query and cell.value:
            yield ShownCell(text, f"{_LISTED}?{cell.query}", f"{text} – {row.label}: {column.label}", _css(column))
        else:
            yield ShownCell(text, css=_quiet(cell, column))


def _quiet(cell: Cell, column: Column) -> str:
    if cell.value == UNHEARD:
        return "q-figures__words q-figures__low"
    return _css(column) or ("" if cell.value else "q-muted")


def _css(column: Column) -> str:
    return "q-figures__words" if column.kind == Kind.TEXT else ""
