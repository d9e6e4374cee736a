"""When an office is open, on any date: weekly and fortnightly slots, exceptions, holidays (Z03, Q06, Q14).

It knows no model: a slot or exception is anything with the attributes below, a row of the database or not.
Every function answers for the day it is asked about, also for days long past and days to come.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Protocol

from quartier.workdays import holiday_name

WEEK = timedelta(days=7)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
LOOK_AHEAD = 400  # days: a year and a month, so that a yearly date is found as well


class Kind(StrEnum):
    """What happens in a slot."""

    OPEN = "open"
    CONSULTATION = "consultation"  # of the Quartiersmanagement
    THIRD_PARTY = "third_party"
    MEETING = "meeting"


class Change(StrEnum):
    """What an exception does to its days."""

    CLOSED = "closed"  # everything is off, or one slot alone
    EXTRA = "extra"  # additional hours, also on a closed day
    AS_USUAL = "as_usual"  # the slots of the week, although it is a holiday


# Without an appointment people can simply walk in and find the Quartiersmanagement.
WALK_IN = frozenset({Kind.OPEN, Kind.CONSULTATION})


class Slot(Protocol):
    """Hours that come back every week, or every second week counted from the week of `anchor`."""

    pk: int | None
    weekday: int  # 0 is Monday
    starts: time
    ends: time
    kind: str
    room: str
    needs_appointment: bool
    what: str
    valid_from: date | None
    valid_to: date | None
    anchor: date | None


class Exception_(Protocol):
    """A day or several on which something else holds; `starts` and `ends` for extra hours only."""

    pk: int | None
    first_day: date
    last_day: date
    change: str
    slot_id: int | None  # the only slot that is off
    starts: time | None
    ends: time | None
    kind: str
    reason: str
    what: str


@dataclass(frozen=True)
class Hours:
    """Everything that decides when an office is open, for as long as there is the office."""

    slots: Sequence[Slot] = ()
    exceptions: Sequence[Exception_] = ()
    opened_on: date | None = None
    closed_on: date | None = None  # the last day

    def exists_on(self, day: date) -> bool:
        """Whether there was the office on that day."""
        return (self.opened_on or day) <= day <= (self.closed_on or day)


@dataclass(frozen=True)
class Entry:
    """Hours on a certain day; `source` is the slot or, for extra hours, the exception."""

    day: date
    starts: time
    ends: time
    kind: str
    source: Slot | Exception_ = field(compare=False)
    is_extra: bool = False

    @property
    def is_walk_in(self) -> bool:
        """Whether the office is open to anybody meanwhile."""
        return self.kind in WALK_IN and not getattr(self.source, "needs_appointment", False)


@dataclass(frozen=True)
class DayPlan:
    """One day: what takes place, and why the usual does not."""

    day: date
    entries: tuple[Entry, ...] = ()
    reasons: tuple[str, ...] = ()
    holiday: str = ""

    @property
    def weekday(self) -> str:
        """Name of the day."""
        return WEEKDAYS[self.day.weekday()]


def monday_of(day: date) -> date:
    """The first day of the week."""
    return day - timedelta(days=day.weekday())


def is_valid(slot: Slot, day: date) -> bool:
    """Whether a slot is in force on a day, whatever the weekday."""
    return (slot.valid_from or day) <= day <= (slot.valid_to or day)


def runs_on(slot: Slot, day: date) -> bool:
    """Whether a slot takes place on a day as far as week and validity tell."""
    if day.weekday() != slot.weekday or not is_valid(slot, day):
        return False
    return slot.anchor is None or (monday_of(day) - monday_of(slot.anchor)).days % 14 == 0


def plan_of(hours: Hours, day: date) -> DayPlan:
    """What takes place on a day. On holidays the slots of the week are off unless an exception says otherwise."""
    if not hours.exists_on(day):
        return DayPlan(day)
    today = [one for one in hours.exceptions if one.first_day <= day <= one.last_day]
    closed = [one for one in today if one.change == Change.CLOSED]
    off = {one.slot_id for one in closed}
    holiday = holiday_name(day)
    rests = holiday and not any(one.change == Change.AS_USUAL for one in today)
    entries = [
        Entry(day, slot.starts, slot.ends, slot.kind, slot)
        for slot in hours.slots
        if runs_on(slot, day) and not rests and None not in off and slot.pk not in off
    ]
    entries += [
        Entry(day, one.starts, one.ends, one.kind, one, is_extra=True) for one in today if one.change == Change.EXTRA
    ]
    entries.sort(key=lambda entry: (entry.starts, entry.ends, entry.kind))
    reasons = tuple(dict.fromkeys(one.reason for one in closed if one.slot_id is None))
    return DayPlan(day, tuple(entries), reasons, holiday if rests else "")


def week_of(hours: Hours, day: date) -> list[DayPlan]:
    """The plan from Monday to Sunday of the week in which a day lies."""
    monday = monday_of(day)
    return [plan_of(hours, monday + timedelta(days=n)) for n in range(7)]


def is_open_on(hours: Hours, day: date) -> bool:
    """Whether anybody can walk in at some time of the day."""
    return any(entry.is_walk_in for entry in plan_of(hours, day).entries)


def is_open_at(hours: Hours, moment: datetime) -> bool:
    """Whether anybody can walk in at a moment (in the office's time zone)."""
    return open_until(hours, moment) is not None


def open_until(hours: Hours, moment: datetime) -> time | None:
    """When the office closes that is open at `moment`, hours that touch counted as one; None when it is closed."""
    now, end = moment.time(), None
    for entry in plan_of(hours, moment.date()).entries:  # in the order of their beginning
        if entry.is_walk_in and entry.starts <= (end or now) < entry.ends:
            end = entry.ends
    return end


def next_opening(hours: Hours, moment: datetime) -> Entry | None:
    """The first hours that begin after `moment` and are open to anybody; None when there are none for a year."""
    for plan in days_from(hours, moment.date(), LOOK_AHEAD):
        for entry in plan.entries:
            if entry.is_walk_in and (plan.day, entry.starts) > (moment.date(), moment.time()):
                return entry
    return None


def days_from(hours: Hours, first: date, count: int) -> Iterator[DayPlan]:
    """The plans of so many days from the first on."""
    return (plan_of(hours, first + timedelta(days=n)) for n in range(count))


def weekly_minutes(slots: Iterable[Slot], day: date) -> dict[str, float]:
    """By kind, the minutes of an ordinary week with what is in force on a day; every second week counts half."""
    found: dict[str, float] = {}
    for slot in slots:
        if is_valid(slot, day):
            minutes = _minutes(slot.ends) - _minutes(slot.starts)
            found[slot.kind] = found.get(slot.kind, 0) + minutes / (2 if slot.anchor else 1)
    return found


def minutes_taken(slots: Iterable[Slot], day: date) -> float:
    """The minutes of an ordinary week in which anything is on, what overlaps counted once: the mean of two weeks."""
    monday = monday_of(day)
    weeks = (_taken_in(slots, day, monday), _taken_in(slots, day, monday + WEEK))
    return sum(weeks) / len(weeks)


def _taken_in(slots: Iterable[Slot], day: date, monday: date) -> int:
    """The same for the one of two weeks that begins on `monday`, with what is in force on `day`."""
    spans = sorted(
        (slot.weekday, _minutes(slot.starts), _minutes(slot.ends))
        for slot in slots
        if is_valid(slot, day) and (slot.anchor is None or (monday - monday_of(slot.anchor)).days % 14 == 0)
    )
    total, last = 0, (-1, 0)
    for weekday, starts, ends in spans:
        begin = max(starts, last[1]) if weekday == last[0] else starts
        total += max(0, ends - begin)
        last = (weekday, max(ends, last[1]) if weekday == last[0] else ends)
    return total


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute


def first_clash(one: Slot, other: Slot, since: date) -> date | None:
    """The first day from `since` on when two slots need the same room at the same time; None when they never do.

    A slot without a room takes place in the open office, beside which others may meet.
    """
    if not one.room or one.room.casefold() != other.room.casefold() or one.weekday != other.weekday:
        return None
    if one.starts >= other.ends or other.starts >= one.ends:
        return None
    begin = max(day for day in (since, one.valid_from, other.valid_from) if day)
    days = (begin + timedelta(days=n) for n in range(14))  # after two weeks everything comes again
    return next((day for day in days if runs_on(one, day) and runs_on(other, day)), None)


def clashes(slots: Sequence[Slot], since: date) -> list[tuple[Slot, Slot, date]]:
    """Pairs of slots that need the same room at the same time from `since` on, with the first such day."""
    pairs = ((one, other, first_clash(one, other, since)) for one, other in combinations(slots, 2))
    return [(one, other, day) for one, other, day in pairs if day is not None]
