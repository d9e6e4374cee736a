"""Numbers as Germans and as English files write them: reading and writing, exact to PLACES digits."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

PLACES = 4  # decimal places that are kept
LARGEST = Decimal(10) ** 12
GERMAN, ENGLISH = ",", "."  # the decimal mark
EXAMPLES = {GERMAN: "1.234,5 (deutsch)", ENGLISH: "1,234.5 (englisch)"}
_STEP = Decimal(1).scaleb(-PLACES)
_LONGEST = 40  # characters; more is no number somebody wrote
_SHAPES = {
    GERMAN: re.compile(r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?"),
    ENGLISH: re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?"),
}
# Three digits after the mark may be thousands: such a number says nothing about how the file is written. Behind a zero
# they are no thousands.
_TELLS_GERMAN = re.compile(r"[+-]?(\d+(\.\d{3})*,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d+|0+,\d+)")
_TELLS_ENGLISH = re.compile(r"[+-]?(\d+(,\d{3})*\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+|0+\.\d+)")
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")


class NotANumber(ValueError):
    """No number; the message says in German what is wrong with it."""


def mark_of(texts: Iterable[str]) -> str:
    """The decimal mark of a file: German unless its numbers can only be read the English way."""
    german = english = 0
    for text in texts:
        german += bool(_TELLS_GERMAN.fullmatch(text))
        english += bool(_TELLS_ENGLISH.fullmatch(text))
    return ENGLISH if english > german else GERMAN


def read(text: str, mark: str = GERMAN) -> Decimal:
    """A written number, rounded to PLACES digits; „1.234,5“, „1 234,5“ and „−3“ are understood.

    Raises:
        NotANumber: letters, both marks in the wrong order, or far too large.
    """
    plain = text.translate(_SPACES).replace("−", "-")
    if not _SHAPES[mark].fullmatch(plain) or len(plain) > _LONGEST or not plain.isascii():
        raise NotANumber(f"„{_short(text)}“ ist keine Zahl.")
    thousands = "." if mark == GERMAN else ","
    number = Decimal(plain.replace(thousands, "").replace(",", ".")).quantize(_STEP, ROUND_HALF_UP)
    if abs(number) >= LARGEST:
        raise NotANumber(f"„{_short(text)}“ ist zu groß.")
    return number


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def decimals(number: Decimal) -> int:
    """How many decimal places say something: two of 12.3400."""
    return max(-number.quantize(_STEP).normalize().as_tuple().exponent, 0)


def german(number: Decimal, *, grouped: bool = True, places: int = 0) -> str:
    """A number as Germans write it, without zeros that say nothing: 1234.5000 becomes „1.234,5“.

    `places` are shown in any case, so that numbers below each other line up.
    """
    text = f"{number:,.{max(decimals(number), places)}f}"
    return text.translate(str.maketrans(",.", ".," if grouped else "\0,")).replace("\0", "")
