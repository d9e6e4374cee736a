"""Working days in North Rhine-Westphalia: Monday to Friday without the state's public holidays (computed offline)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.Germany(subdiv="NW", years=year, language="de"))


def holiday_name(day: date) -> str:
    """The German name of the public holiday on `day`; empty on any other day."""
    return _holidays(day.year).get(day, "")


def is_workday(day: date) -> bool:
    """Whether offices work on `day`."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_workdays(start: date, days: int) -> date:
    """The date `days` working days after `start` (before it when negative); 0 gives `start` or the next working day."""
    step = timedelta(days=-1 if days < 0 else 1)
    day = start
    if days == 0:
        while not is_workday(day):
            day += step
        return day
    left = abs(days)
    while left:
        day += step
        if is_workday(day):
            left -= 1
    return day


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -workdays_between(end, start)
    days = (end - start).days
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, days + 1))
