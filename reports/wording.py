"""How figures are written in German: page, CSV and PDF all ask here, so that they show the same text (I12)."""

from decimal import ROUND_HALF_UP, Decimal

from reports.tables import Cell, Kind

NOTHING, HIDDEN = "–", "•"
HIDDEN_WORDS = "nicht ausgewiesen"  # for screen readers and sentences
PLACES: dict[str, int] = {
    **dict.fromkeys((Kind.COUNT, Kind.CHANGE), 0),
    **dict.fromkeys((Kind.SHARE, Kind.DAYS, Kind.RATE, Kind.TENTHS), 1),
    Kind.VALUE: 2,
}
_MINUS, _SPACE = "\u2212", "\u00a0"


def rounded(value: float | Decimal, kind: str) -> Decimal:
    """A figure with the places it is shown with, half away from zero as people do it; a share as percent."""
    exact = Decimal(str(value)) * (100 if kind == Kind.SHARE else 1)
    number = exact.quantize(Decimal(1).scaleb(-PLACES[kind]), ROUND_HALF_UP)
    # A value of an indicator shows the places it has.
    return number.normalize() if kind == Kind.VALUE else number


def number(value: float | Decimal, kind: str, *, plain: bool = False) -> str:
    """A figure: „1.234“, „93,4 %“, „4,5“, „+12“. `plain` is for files: without dots, with signs a spreadsheet knows."""
    # Whole numbers are most of all and need no rounding.
    whole = isinstance(value, int) and kind in (Kind.COUNT, Kind.CHANGE)
    found = value if whole else rounded(value, kind)
    form = "d" if whole else "f"
    text = format(abs(found), form if plain else f",{form}")
    text = text.translate(str.maketrans(",.", ".,"))
    if kind == Kind.SHARE:
        text += " %" if plain else f"{_SPACE}%"
    if found < 0:
        return f"{'-' if plain else _MINUS}{text}"
    return f"+{text}" if kind == Kind.CHANGE and found > 0 and not plain else text


def written(cell: Cell, kind: str, *, plain: bool = False) -> str:
    """A cell in German: „–“ when nothing can be said, „•“ when the number is too small to leave the house."""
    if cell.hidden:
        return HIDDEN
    if cell.value is None:
        return NOTHING
    if kind == Kind.TEXT or isinstance(cell.value, str):
        return str(cell.value)
    return number(cell.value, kind, plain=plain)


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun: „1 Anliegen“, „1.234 Personen“."""
    return f"{number(n, Kind.COUNT)}{_SPACE}{one if n == 1 else many}"
