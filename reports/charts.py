"""Charts of tables as geometry; small SVG templates draw it, the same on screen and in print.

Never colour alone: series differ in hatching, dashes and markers too, values stand at the bars, and the table with the
same numbers stands beside every chart. What a table hides, its chart does not draw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from textwrap import wrap

from reports.shapes import COLOURS, Bar, Chart, Key, Line, Mark, Text
from reports.tables import Cell, Kind, Row, Table
from reports.wording import HIDDEN, number, written

MOST_SERIES, MOST_BARS = len(COLOURS), 20
NARROW, WIDE = 400, 620  # screen, paper
SIZE = 15  # of letters, in the units of the drawing: 11 pt on paper
_LETTER = 0.54 * SIZE  # how wide a letter is on average
_LINE = 19
_BAR, _SLIM_BAR, _GAP, _SMALL_GAP = 18, 14, 10, 6
_LABELS = 0.42  # of the width of paper: room for "Stadtteilkonferenz Aachen-Nord" on one line
_MANY = 8  # bars on paper that stand closer, so that the table has a chance to stay on the same page
_LABEL_LINES = 4
_TALLEST = 640  # on paper, where the last bar begins: with its heading a drawing fits one page
_NAMES = {"bar": "Balkendiagramm", "stacked": "Gestapeltes Balkendiagramm", "line": "Liniendiagramm"}
_LEGEND_HEIGHT = 26


def chart_of(table: Table, *, width: int = NARROW) -> Chart | None:
    """The chart a table asks for; None when it asks for none or nothing in it can be drawn."""
    columns = _columns(table)
    drawn = [row.cells[at].value for row in table.rows for at in columns if not row.cells[at].hidden]
    if not table.chart or all(value is None or isinstance(value, str) for value in drawn):
        return None
    chart = Chart(table.code, table.chart, _title(table, columns[0]), _detail(table, columns), width)
    if table.chart == "line":
        _draw_lines(chart, table, columns)
    elif table.chart == "stacked" and len(columns) == 1:
        _draw_parts(chart, table, columns[0])
    elif table.chart == "stacked":
        _draw_stacks(chart, table, columns)
    else:
        _draw_bars(chart, table, columns)
    return chart


def _columns(table: Table) -> list[int]:
    codes = table.charted or tuple(column.code for column in table.columns[:1])
    return [table.index(code) for code in codes][:MOST_SERIES]


def _written(table: Table, row: Row, at: int) -> str:
    return written(row.cells[at], row.cells[at].kind or table.columns[at].kind)


def _number(cell: Cell) -> float | None:
    return None if cell.hidden or not isinstance(cell.value, int | float) else float(cell.value)


# --- Words ------------------------------------------------------------------------------------------------------------


def _title(table: Table, at: int) -> str:
    values = [(_number(row.cells[at]), row) for row in table.rows]
    known = [(value, row) for value, row in values if value is not None]
    best = max(known, key=lambda pair: pair[0], default=None)
    words = f"{_NAMES[table.chart]}: {table.title}."
    if best and best[0]:
        hidden = " ausgewiesener" if any(row.cells[at].hidden for row in table.rows) else ""
        words += f" Höchster{hidden} Wert: {best[1].label}, {_written(table, best[1], at)}."
    return words


def _detail(table: Table, columns: list[int]) -> str:
    rows = [
        f"{row.label}: {', '.join(f'{table.columns[at].label} {_written(table, row, at)}' for at in columns)}"
        for row in table.rows[:MOST_BARS]
    ]
    return f"{'; '.join(rows)}. Alle Zahlen stehen in der Tabelle „{table.title}“.".replace(HIDDEN, "nicht ausgewiesen")


def _lines_of(text: str, width: float) -> list[str]:
    """A label in as many lines as fit, the last one cut."""
    found = wrap(text, max(int(width / _LETTER), 8)) or [""]
    if len(found) > _LABEL_LINES:
        found = [*found[: _LABEL_LINES - 1], f"{found[_LABEL_LINES - 1]} …"]
    return found


def _width(texts: Iterable[str]) -> float:
    return max((len(text) for text in texts), default=0) * _LETTER * 1.06


def _at(value: float) -> str:
    """A coordinate as SVG wants it, whatever the language."""
    return f"{value:.1f}".removesuffix(".0")


# --- Bars -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scale:
    """From values to places along the bars; zero is always on it."""

    left: float
    right: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        return self.left + (value - self.low) / ((self.high - self.low) or 1) * (self.right - self.left)


def _draw_bars(chart: Chart, table: Table, columns: list[int]) -> None:
    rows = table.rows[:MOST_BARS]
    values = [value for row in rows for at in columns if (value := _number(row.cells[at])) is not None]
    texts = [_written(table, row, at) for row in rows for at in columns]
    low = min(0.0, *values)
    room = _width(texts) + 8
    left = _label_width(chart, rows) + (room if low < 0 else 0)
    scale = _Scale(left, chart.width - room, low, max(0.0, *values))
    y = _legend(chart, [table.columns[at].label for at in columns] if len(columns) > 1 else [])
    top = y
    gap = _SMALL_GAP if chart.width >= WIDE and len(rows) > _MANY else _GAP
    for drawn, row in enumerate(rows):
        if chart.width >= WIDE and y > _TALLEST:
            rows = rows[:drawn]
            break
        y, bar_y = _label(chart, row.label, y, bars=len(columns))
        for series, at in enumerate(columns):
            place = bar_y + series * (_thickness(len(columns)) + 2)
            _bar(chart, scale, row.cells[at], _written(table, row, at), place, series, _thickness(len(columns)))
        y += gap
    _zero_line(chart, scale, top, y - gap / 2)
    _finish(chart, table, rows, y)


def _label_width(chart: Chart, rows: Sequence[Row]) -> float:
    """Room for labels to the left of the bars; none where they stand above."""
    return min(_width(row.label for row in rows), chart.width * _LABELS) + 10 if chart.width >= WIDE else 0


def _label(chart: Chart, label: str, y: float, *, bars: int) -> tuple[float, float]:
    """Write a line's label; returns where the next line starts and where its bars begin."""
    high = bars * (_thickness(bars) + 2)
    if chart.width >= WIDE:
        lines = _lines_of(label, chart.width * _LABELS)
        block = max(high, len(lines) * _LINE)
        start = y + (block - len(lines) * _LINE) / 2 + _LINE * 0.75
        chart.texts += [Text("0", _at(start + n * _LINE), line) for n, line in enumerate(lines)]
        return y + block, y + (block - high) / 2
    lines = _lines_of(label, chart.width)
    chart.texts += [Text("0", _at(y + n * _LINE + _LINE * 0.75), line) for n, line in enumerate(lines)]
    return y + len(lines) * _LINE + high, y + len(lines) * _LINE


def _thickness(bars: int) -> int:
    """Of a bar: slimmer where several stand together."""
    return _BAR if bars == 1 else _SLIM_BAR


def _bar(chart: Chart, scale: _Scale, cell: Cell, text: str, y: float, series: int, thick: int) -> None:
    value = _number(cell)
    zero = scale.at(0)
    end = zero if value is None else scale.at(value)
    if end != zero:
        chart.bars.append(Bar(_at(min(zero, end)), _at(y), _at(abs(end - zero)), str(thick), series))
    anchor = "end" if value is not None and value < 0 else "start"
    x = end - 6 if anchor == "end" else end + 6
    chart.texts.append(Text(_at(x), _at(y + thick / 2 + 5), text, anchor))


def _zero_line(chart: Chart, scale: _Scale, top: float, bottom: float) -> None:
    if chart.width < WIDE and scale.low == 0:
        return  # it would run through the first letters of the labels
    zero = _at(scale.at(0))
    chart.axis.append((zero, _at(top), zero, _at(bottom)))


def _finish(chart: Chart, table: Table, rows: Sequence[Row], y: float) -> None:
    left = len(table.rows) - len(rows)
    if left:
        chart.texts.append(Text("0", _at(y + _LINE * 0.75), f"und {left} weitere in der Tabelle"))
        y += _LINE + 4
    chart.height = ceil(y)


def _legend(chart: Chart, labels: list[str]) -> float:
    """Write the legend; returns where the drawing may start."""
    x, y = 0.0, 4.0
    for series, label in enumerate(labels):
        wide = 40 + len(label) * _LETTER * 1.06 + 14
        if x and x + wide > chart.width:
            x, y = 0.0, y + _LEGEND_HEIGHT
        line = Line(f"{_at(x)},{_at(y + 8)} {_at(x + 32)},{_at(y + 8)}", series)
        text_x = x + (40 if chart.kind == "line" else 24)
        mark = _mark(x + 16, y + 8, series)
        chart.legend.append(Key(_at(x), _at(y), _at(text_x), _at(y + 13), label, series, line, mark))
        x += wide
    return y + _LEGEND_HEIGHT + 4 if labels else 4


# --- Stacks -----------------------------------------------------------------------------------------------------------


def _draw_parts(chart: Chart, table: Table, at: int) -> None:
    """The lines of one column as pieces of a single bar; further lines than colours are put together as the last."""
    rows = list(table.rows[: MOST_SERIES if len(table.rows) <= MOST_SERIES else MOST_SERIES - 1])
    rest = table.rows[len(rows) :]
    pieces = [(row.label, _number(row.cells[at]), _written(table, row, at)) for row in rows]
    if rest:
        values = [_number(row.cells[at]) for row in rest]
        together = None if None in values else sum(values)
        kind = table.columns[at].kind
        pieces.append(("übrige", together, HIDDEN if together is None else number(together, kind)))
    y = _legend(chart, [f"{label}: {text}" for label, _, text in pieces])
    _stack(chart, [value for _, value, _ in pieces], table.total and _number(table.total.cells[at]), y)
    chart.height = ceil(y + 2 * _BAR + 4)


def _draw_stacks(chart: Chart, table: Table, columns: list[int]) -> None:
    rows = table.rows[:MOST_BARS]
    y = _legend(chart, [table.columns[at].label for at in columns])
    sums = [sum(max(_number(row.cells[at]) or 0, 0) for at in columns) for row in rows]
    texts = [" · ".join(_written(table, row, at) for at in columns) for row in rows]
    left, top = _label_width(chart, rows), y
    scale = _Scale(left, chart.width - _width(texts) - 8, 0, max([*sums, 0]))
    for row, text in zip(rows, texts, strict=True):
        y, bar_y = _label(chart, row.label, y, bars=1)
        x = left
        for series, at in enumerate(columns):
            wide = scale.at(max(_number(row.cells[at]) or 0, 0)) - left
            if wide:
                chart.bars.append(Bar(_at(x), _at(bar_y), _at(wide), str(_BAR), series))
            x += wide
        chart.texts.append(Text(_at(x + 6), _at(bar_y + _BAR * 0.78), text))
        y += _GAP
    _zero_line(chart, scale, top, y - _GAP / 2)
    _finish(chart, table, rows, y)


def _stack(chart: Chart, values: list[float | None], total: float | None, y: float) -> None:
    """One bar as wide as the drawing. Where pieces are hidden, what is left of the total stays empty inside a frame; no
    bar where the total is not known either: it would show the others larger than they are."""
    hides, width, x = None in values, chart.width, 0.0
    whole = (total or 0) if hides else sum(max(value or 0, 0) for value in values)
    for series, value in enumerate(values):
        wide = max(value or 0, 0) / whole * width if whole else 0
        if wide:
            chart.bars.append(Bar(_at(x), _at(y), _at(wide), str(2 * _BAR), series))
        x += wide
    bottom = _at(y + 2 * _BAR)
    chart.axis.append(("0", bottom, _at(width), bottom))
    if hides and whole:
        edge = _at(width - 0.5)
        chart.axis += [("0", _at(y), edge, _at(y)), ("0.5", _at(y), "0.5", bottom), (edge, _at(y), edge, bottom)]


# --- Lines ------------------------------------------------------------------------------------------------------------

_PLOT = 190  # height


def _draw_lines(chart: Chart, table: Table, columns: list[int]) -> None:
    kind = table.columns[columns[0]].kind
    values = [value for row in table.rows for at in columns if (value := _number(row.cells[at])) is not None]
    ticks = _ticks(min(0.0, *values), max(0.0, *values), kind)
    names = [number(tick, kind) for tick in ticks]
    top = _legend(chart, [table.columns[at].label for at in columns] if len(columns) > 1 else []) + 12
    left, right = _width(names) + 8, chart.width - 14
    bottom = top + _PLOT

    def y_of(value: float) -> float:
        return bottom - (value - ticks[0]) / (ticks[-1] - ticks[0]) * _PLOT

    for tick, name in zip(ticks, names, strict=True):
        place = chart.axis if tick == 0 else chart.grid
        place.append((_at(left), _at(y_of(tick)), _at(right), _at(y_of(tick))))
        chart.texts.append(Text(_at(left - 8), _at(y_of(tick) + 5), name, "end"))
    step = (right - left) / max(len(table.rows) - 1, 1)
    xs = [left + n * step if len(table.rows) > 1 else (left + right) / 2 for n in range(len(table.rows))]
    _name_months(chart, table, xs, bottom)
    for series, at in enumerate(columns):
        _line(chart, [_number(row.cells[at]) for row in table.rows], xs, y_of, series)
    chart.height = ceil(bottom + 30)


def _name_months(chart: Chart, table: Table, xs: list[float], bottom: float) -> None:
    wide = _width(row.label for row in table.rows) + 8
    every = max(1, ceil(wide * (len(xs) - 1) / max(xs[-1] - xs[0], 1))) if len(xs) > 1 else 1
    free_from = 0.0
    for row, x in zip(table.rows[::every], xs[::every], strict=True):
        chart.grid.append((_at(x), _at(bottom), _at(x), _at(bottom + 5)))
        x = min(max(x, wide / 2), chart.width - wide / 2 + 4)
        # The last one has moved away from the edge and may have no room left.
        if x - wide / 2 >= free_from:
            chart.texts.append(Text(_at(x), _at(bottom + 22), row.label, "middle"))
            free_from = x + wide / 2 - 1


def _line(chart: Chart, values: list[float | None], xs: list[float], y_of, series: int) -> None:
    piece: list[tuple[float, float]] = []
    for value, x in [*zip(values, xs, strict=True), (None, 0)]:
        if value is not None:
            piece.append((x, y_of(value)))
            continue
        if len(piece) > 1:
            chart.lines.append(Line(" ".join(f"{_at(px)},{_at(py)}" for px, py in piece), series))
        # Many points would hide the line; the first and last of a piece still tell the series apart.
        shown = piece if len(values) <= 24 else [*piece[:1], *piece[-1:]]
        chart.marks += [_mark(px, py, series) for px, py in shown]
        piece = []


def _mark(x: float, y: float, series: int) -> Mark:
    shapes = {
        1: [(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)],
        2: [(0, -6), (5.5, 4.5), (-5.5, 4.5)],
        3: [(0, -6), (6, 0), (0, 6), (-6, 0)],
    }
    points = " ".join(f"{_at(x + dx)},{_at(y + dy)}" for dx, dy in shapes.get(series, []))
    return Mark(_at(x), _at(y), series, points)


def _ticks(low: float, high: float, kind: str) -> list[float]:
    """Round values that reach from the lowest to the highest, about four steps."""
    span = (high - low) or 1
    rough = span / 4
    power = 10 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    if kind in (Kind.COUNT, Kind.CHANGE):
        step = max(1, ceil(step))
    first, last = floor(low / step), ceil(high / step) if high > 0 or low < 0 else 1
    return [n * step for n in range(first, max(last, first + 1) + 1)]
