"""A month of events as weeks of days, for the calendar of teams and of residents."""

from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from projects.models import Event

NAMES = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
FARTHEST = 12 * 30  # months before or after this one


@dataclass(frozen=True)
class Day:
    """A day with what takes place; `is_other` when it belongs to the month before or after."""

    on: date
    events: list[Event]
    is_other: bool
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month: its name, its weeks, and the months beside it as an address writes them."""

    first: date
    weeks: list[list[Day]]
    before: str
    after: str

    @property
    def name(self) -> str:
        """„November 2026“."""
        return f"{NAMES[self.first.month - 1]} {self.first.year}"

    @property
    def count(self) -> int:
        """How many events it has."""
        return len({one.pk for week in self.weeks for day in week if not day.is_other for one in day.events})


def asked_month(params: Mapping[str, str], today: date) -> date:
    """The first day of the month that an address names („2026-11“); of today's month when it names none."""
    this = today.replace(day=1)
    year, _, month = str(params.get("monat", "")).partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and month.isascii() and month.isdigit()):
        return this
    if not 1 <= int(month[:3]) <= 12 or int(year) < 1:
        return this
    asked = date(int(year), int(month[:3]), 1)
    distance = (asked.year - this.year) * 12 + asked.month - this.month
    return asked if abs(distance) <= FARTHEST else this


def days_of(first: date) -> tuple[date, date]:
    """First and last day that the calendar of a month shows."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return weeks[0][0], weeks[-1][-1]


def month_of(first: date, events: Iterable[Event], *, today: date) -> Month:
    """The month that begins on `first`; of events that take several days each day names them."""
    by_day: dict[date, list[Event]] = {}
    shown_first, shown_last = days_of(first)
    for one in events:
        day = max(one.on, shown_first)
        while day <= min(one.last_day, shown_last):
            by_day.setdefault(day, []).append(one)
            day += timedelta(days=1)
    weeks = [
        [Day(on, by_day.get(on, []), on.month != first.month, on == today) for on in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    beside = [first - relativedelta(months=1), first + relativedelta(months=1)]
    return Month(first, weeks, *(f"{one:%Y-%m}" for one in beside))
