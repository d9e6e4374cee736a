"""Moments at which a real office works: on working days between eight and five, seldom at weekends."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from quartier.workdays import add_workdays, is_workday

HISTORY_DAYS = 548
_BY_WEEKDAY = (1.0, 1.25, 1.05, 1.2, 0.8, 0.08, 0.05)
_BY_MONTH = (0.85, 0.9, 1.1, 1.15, 1.2, 1.25, 1.0, 0.85, 1.1, 1.15, 1.0, 0.65)
_SUMMER, _AUTUMN, _WINTER, _SPRING = {5, 6, 7, 8, 9}, {9, 10, 11}, {12, 1, 2}, {3, 4, 5}
SEASONS = {"summer": _SUMMER, "autumn": _AUTUMN, "winter": _WINTER, "spring": _SPRING}


class NotYet(Exception):
    """The next step of a story lies in the future: it stops here and is an open concern."""


def moment(day: date, rnd: Random) -> datetime:
    """Some moment of a day's office hours."""
    minutes = rnd.randint(8 * 60 + 10, 16 * 60 + 45)
    return timezone.make_aware(datetime.combine(day, time(minutes // 60, minutes % 60, rnd.randint(0, 59))))


def early(day: date) -> datetime:
    """Six in the morning, when the daily jobs have run."""
    return timezone.make_aware(datetime.combine(day, time(6, 0)))


class Clock:
    """One concern's time: only goes forward, never beyond now."""

    def __init__(self, start: datetime, now: datetime, rnd: Random):
        self.at, self.now, self.rnd = start, now, rnd

    @property
    def today(self) -> date:
        """The day on which this story stands."""
        return timezone.localdate(self.at)

    def minutes(self, least: int = 5, most: int = 40) -> datetime:
        """The same conversation, a little later (at most now)."""
        self.at = min(self.at + timedelta(minutes=self.rnd.randint(least, most)), self.now)
        return self.at

    def workdays(self, least: int, most: int | None = None) -> datetime:
        """Some working days later.

        Raises:
            NotYet: that would be in the future.
        """
        days = least if most is None else self.rnd.randint(least, most)
        day = add_workdays(self.today, days)
        later = moment(day, self.rnd)
        if later <= self.at:
            later = self.at + timedelta(minutes=self.rnd.randint(10, 55))
        if later > self.now:
            raise NotYet
        self.at = later
        return self.at

    def on(self, day: date) -> datetime:
        """On a day, or a little later than now in the story when that day has passed.

        Raises:
            NotYet: that would be in the future.
        """
        return self.workdays(0) if day <= self.today else self._jump(day)

    def _jump(self, day: date) -> datetime:
        later = moment(add_workdays(day, 0), self.rnd)
        if later > self.now:
            raise NotYet
        self.at = later
        return self.at


def arrival(now: datetime, rnd: Random, *, months: set[int] | None = None, least_days: int = 9) -> datetime:
    """A moment in the last eighteen months at which a concern comes in: more of late, by weekday and season."""
    today = timezone.localdate(now)
    while True:
        # the office has become known: half as much again at the end as at the beginning
        ago = rnd.uniform(least_days, HISTORY_DAYS)
        if rnd.random() < ago / HISTORY_DAYS / 3:
            continue
        day = today - timedelta(days=int(ago))
        if months and day.month not in months:
            continue
        weight = _BY_WEEKDAY[day.weekday()] * _BY_MONTH[day.month - 1]
        if day.weekday() < 5 and not is_workday(day):
            weight = 0.05
        if rnd.random() < weight / 1.6:
            return moment(day, rnd)


def earlier_today(now: datetime, rnd: Random) -> datetime:
    """Some moment of today that has already passed."""
    since_midnight = now - timezone.make_aware(datetime.combine(timezone.localdate(now), time(0, 0)))
    passed = since_midnight.total_seconds()
    if passed > 10 * 3600:  # office hours have begun two hours ago
        return now - timedelta(seconds=rnd.uniform(60, min(passed - 8 * 3600, 8 * 3600)))
    return now - timedelta(seconds=rnd.uniform(0, passed))
