"""What a cell of a list means: names of lists, several of them, yes or no, days. Faults are noted in the line."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from districts.importing.columns import SEVERAL
from districts.importing.plan import Line
from districts.languages import Spoken
from districts.models import District
from quartier.text import plain, typed_text

_YES, _NO = {"ja", "j", "x", "1", "wahr"}, {"", "nein", "n", "0", "falsch"}
_SPLIT = re.compile(rf"[{SEVERAL};\n]")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def texts_of(row: tuple[str, ...], where: Mapping[str, int]) -> dict[str, str]:
    """The cells of a row by the names of their columns."""
    return {name: typed_text(row[at]) if at < len(row) else "" for name, at in where.items()}


def by_name(entries: Iterable) -> dict:
    """Entries of a list by their name and their code."""
    found = {}
    for one in entries:
        for name in (one.name, one.code):
            found.setdefault(plain(name), one)
    return found


def districts_by_name(today: date) -> dict[str, District]:
    """The districts of today by name, short name and code."""
    found: dict[str, District] = {}
    for one in District.objects.valid_on(today).defer("boundary"):
        for name in (one.name, one.short_name, one.slug):
            found.setdefault(plain(name), one)
    return found


def languages_by_name() -> dict[str, str]:
    """Codes of languages by their German name and by themselves."""
    return {plain(text): code for code, label in Spoken.choices for text in (code, label)}


def one_of(line: Line, text: str, known: dict, what: str):
    """The one that is meant; an empty string for an empty cell and for what nobody knows."""
    found = known.get(plain(text))
    if text and found is None:
        line.errors.append(f"{what} „{text[:60]}“ gibt es nicht.")
    return found or ""


def several_of(line: Line, text: str, known: dict, what: str) -> list:
    """Values of a cell; one whose name contains the separator's look-alikes is tried as a whole first."""
    found = []
    parts = [text] if plain(text) in known else _SPLIT.split(text)
    for part in filter(None, map(str.strip, parts)):
        if (one := known.get(plain(part))) is None:
            line.errors.append(f"{what} „{part[:60]}“ gibt es nicht.")
        elif one not in found:
            found.append(one)
    return found


def yes_or_no(line: Line, text: str, what: str) -> bool:
    """Whether a cell says yes; an empty one says no."""
    said = plain(text)
    if said not in _YES | _NO:
        line.errors.append(f"{what}: bitte „ja“ oder „nein“.")
    return said in _YES


def whole_number(line: Line, text: str, what: str, *, least: int, most: int) -> int | None:
    """A number in figures; none for an empty cell."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 7 and least <= int(text) <= most:
        return int(text)
    line.errors.append(f"{what}: „{text[:20]}“ ist keine Zahl von {least} bis {most}.")
    return None


def a_day(line: Line, text: str, what: str) -> date | None:
    """A day, past or to come; none for an empty cell."""
    day = _read_day(text)
    if text and day is None:
        line.errors.append(f"{what}: „{text[:20]}“ ist kein Datum.")
    return day


def past_day(line: Line, text: str, what: str, *, today: date) -> date | None:
    """A day until today; none for an empty cell."""
    day = _read_day(text)
    if day is not None and day <= today:
        return day
    if text:
        line.errors.append(f"{what}: „{text[:20]}“ ist kein vergangener Tag.")
    return None


def _read_day(text: str) -> date | None:
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day
    return None
