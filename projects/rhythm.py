"""When a body meets: "every two months on the second Tuesday", for any span of days (Z19). Pure functions."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from quartier.workdays import holiday_name

LAST = 5  # the last one of a month
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
NUMBERS = {1: "ersten", 2: "zweiten", 3: "dritten", 4: "vierten", LAST: "letzten"}
STEPS = {
    0: "nach Bedarf",
    1: "jeden Monat",
    2: "alle zwei Monate",
    3: "vierteljährlich",
    6: "halbjährlich",
    12: "jährlich",
}
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


@dataclass(frozen=True)
class Rhythm:
    """Every so many months, counted from a month of the year, on the n-th of a weekday (0 is Monday, 5 the last)."""

    months: int
    first_month: int
    weekday: int
    nth: int

    def __str__(self) -> str:
        return f"{STEPS[self.months]} am {NUMBERS[self.nth]} {WEEKDAYS[self.weekday]}"


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The n-th of a weekday in a month; 5 is the last one."""
    days = calendar.monthrange(year, month)[1]
    found = [day for day in range(1, days + 1) if date(year, month, day).weekday() == weekday]
    return date(year, month, found[-1] if nth == LAST else found[nth - 1])


def dates(rhythm: Rhythm, since: date, until: date) -> Iterator[date]:
    """All dates in a span, first and last day included; a public holiday moves the date on by a week."""
    year, month = since.year, since.month
    # A date of the month before can have been moved into the span.
    year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    while date(year, month, 1) <= until:
        if (month - rhythm.first_month) % rhythm.months == 0:
            day = nth_weekday(year, month, rhythm.weekday, rhythm.nth)
            while holiday_name(day):
                day += timedelta(days=7)
            if since <= day <= until:
                yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
