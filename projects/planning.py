"""States of plans and measures as data, and months as plans write them (Z23, Z25–Z27)."""

import re
from datetime import date

from django.db.models import TextChoices


class PlanStatus(TextChoices):
    """Where one version of a plan stands (Z23)."""

    DRAFT = "draft", "in Erarbeitung"
    ADOPTED = "adopted", "beschlossen"
    UPDATING = "updating", "in Fortschreibung"
    SUPERSEDED = "superseded", "abgelöst"


P = PlanStatus
PLAN_MOVES: dict[str, frozenset[str]] = {
    P.DRAFT: frozenset({P.ADOPTED}),
    P.ADOPTED: frozenset({P.UPDATING}),
    P.UPDATING: frozenset({P.SUPERSEDED, P.ADOPTED}),  # adopted again: its draft was discarded
    P.SUPERSEDED: frozenset(),
}
IN_FORCE = frozenset({P.ADOPTED, P.UPDATING})  # while the next version is written the old one still holds


class MeasureStatus(TextChoices):
    """The four colours of Belm, in the words of its legend (003 L173–180). Red means planned, never overdue (Z26)."""

    DONE = "done", "abgeschlossen und umgesetzt"
    ACTIVE = "active", "in der aktiven Umsetzungs-/Durchführungsphase"
    PLANNED = "planned", "in der Planung"
    DROPPED = "dropped", "war geplant, nicht umgesetzt"


M = MeasureStatus
MEASURE_MOVES: dict[str, frozenset[str]] = {
    M.PLANNED: frozenset({M.ACTIVE, M.DONE, M.DROPPED}),
    M.ACTIVE: frozenset({M.PLANNED, M.DONE, M.DROPPED}),
    M.DONE: frozenset({M.ACTIVE}),
    M.DROPPED: frozenset({M.PLANNED, M.ACTIVE}),
}
COLOURS = {M.DONE: "Grün", M.ACTIVE: "Blau", M.PLANNED: "Rot", M.DROPPED: "Schwarz"}
SHORT = {M.DONE: "umgesetzt", M.ACTIVE: "in Umsetzung", M.PLANNED: "in Planung", M.DROPPED: "nicht umgesetzt"}
LEGEND = [(one, COLOURS[one], one.label) for one in M]

_MONTHS = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
_NUMBERS = (re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})"), re.compile(r"(?P<month>\d{1,2})[./](?P<year>\d{4})"))
_NAMED = re.compile(r"(?P<name>[A-Za-zÄÖÜäöü]{3,9})\.? ?(?P<year>\d{4}|\d{2})")
_CENTURY = 70  # „Dez 01“ is 2001, „Dez 98“ is 1998


def month_words(day: date) -> str:
    """A month as Belm's table writes it: „Dez 01“."""
    return f"{_MONTHS[day.month - 1]} {day.year % 100:02}"


def amendment_words(day: date) -> str:
    """The month of an amendment: „Nachtrag Dez. 03“."""
    name = _MONTHS[day.month - 1]
    return f"Nachtrag {name}{'' if name == 'Mai' else '.'} {day.year % 100:02}"


def first_of_month(day: date) -> date:
    """The day that stands for a month."""
    return day.replace(day=1)


def read_month(text: str) -> date | None:
    """The first day of a month that somebody typed: „2001-12“, „12.2001“, „Dez 01“, „Dezember 2001“."""
    text = text.strip()
    for pattern in _NUMBERS:
        if found := pattern.fullmatch(text):
            return _first(int(found["year"]), int(found["month"]))
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    name = found["name"][:3].capitalize().replace("Mrz", "Mär")
    if name not in _MONTHS:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= _CENTURY else 2000
    return _first(year, _MONTHS.index(name) + 1)


def _first(year: int, month: int) -> date | None:
    return date(year, month, 1) if 1900 <= year <= 2199 and 1 <= month <= 12 else None
