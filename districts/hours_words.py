"""Opening hours in German words: compact as papers print them („Mo, Mi 10–12 Uhr“), what holds now, what changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from districts.opening import (
    WALK_IN,
    DayPlan,
    Hours,
    Kind,
    Slot,
    days_from,
    is_valid,
    next_opening,
    open_until,
    runs_on,
)

SHORT_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
Range = tuple[time, time]


@dataclass(frozen=True)
class Now:
    """Whether anybody can walk in, and until or from when."""

    is_open: bool
    text: str


@dataclass(frozen=True)
class Ahead:
    """Days on which something else holds than usual."""

    first_day: date
    last_day: date
    text: str
    is_closed: bool = False

    @property
    def days(self) -> str:
        """„Do 24.12.2026“ or „Do 24.12.2026 bis Fr 01.01.2027“."""
        first, last = (f"{SHORT_DAYS[day.weekday()]} {day:%d.%m.%Y}" for day in (self.first_day, self.last_day))
        return first if first == last else f"{first} bis {last}"


def span(starts: time, ends: time) -> str:
    """„9–12 Uhr“; minutes on both sides as soon as one has them."""
    if starts.minute or ends.minute:
        return f"{starts.hour}:{starts.minute:02d}–{ends.hour}:{ends.minute:02d} Uhr"
    return f"{starts.hour}–{ends.hour} Uhr"


def lines_on(slots: Iterable[Slot], day: date) -> list[str]:
    """The hours in force on a day, one line per rhythm of the week; without what others offer in the office.

    A consultation inside hours in which the office is open anyway needs no line.
    """
    slots = [slot for slot in slots if slot.kind in WALK_IN and is_valid(slot, day)]
    found: dict[str, dict[int, list[Range]]] = {}
    for slot in sorted(slots, key=lambda one: (one.weekday, one.starts, one.ends)):
        if not any(_holds(other, slot) for other in slots):
            ranges = found.setdefault(_suffix(slot), {}).setdefault(slot.weekday, [])
            if (slot.starts, slot.ends) not in ranges:
                ranges.append((slot.starts, slot.ends))
    lines = [(days, ranges, suffix) for suffix, week in found.items() for ranges, days in _together(week)]
    lines.sort(key=lambda line: (line[2] != "", line[0], line[1]))
    return [f"{_days(days)} {_ranges(ranges)}{suffix}" for days, ranges, suffix in lines]


def _holds(outer: Slot, inner: Slot) -> bool:
    """Whether `inner` is a consultation inside plain hours."""
    return (
        inner.kind == Kind.CONSULTATION
        and outer.kind == Kind.OPEN
        and outer.weekday == inner.weekday
        and outer.starts <= inner.starts
        and inner.ends <= outer.ends
        and outer.anchor is None
        and not outer.needs_appointment
    )


def _suffix(slot: Slot) -> str:
    parts = ["nur Sprechzeit"] if slot.kind == Kind.CONSULTATION else []
    parts += ["alle zwei Wochen"] if slot.anchor else []
    parts += ["nur mit Termin"] if slot.needs_appointment else []
    return "".join(f", {part}" for part in parts)


def _together(week: dict[int, list[Range]]) -> list[tuple[list[Range], list[int]]]:
    """Days with the same hours."""
    same: dict[tuple[Range, ...], list[int]] = {}
    for weekday, ranges in sorted(week.items()):
        same.setdefault(tuple(ranges), []).append(weekday)
    return [(list(ranges), days) for ranges, days in same.items()]


def _days(days: list[int]) -> str:
    """„Mo–Fr“ for three and more in a row, else one by one."""
    runs: list[list[int]] = []
    for weekday in days:
        if runs and runs[-1][-1] == weekday - 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    texts = []
    for run in runs:
        texts += [f"{SHORT_DAYS[run[0]]}–{SHORT_DAYS[run[-1]]}"] if len(run) > 2 else [SHORT_DAYS[one] for one in run]
    return ", ".join(texts)


def _ranges(ranges: list[Range]) -> str:
    *others, last = [span(*one) for one in ranges]
    return " und ".join([*(text.removesuffix(" Uhr") for text in others), last])


def now_of(hours: Hours, moment: datetime) -> Now:
    """What a moment means for somebody at the door (in the office's time zone)."""
    if end := open_until(hours, moment):
        return Now(True, f"jetzt geöffnet, bis {clock(end)}")
    coming = next_opening(hours, moment)
    if coming is None:
        return Now(False, "zurzeit nicht geöffnet")
    days = (coming.day - moment.date()).days
    when = {0: "heute", 1: "morgen"}.get(days, f"{SHORT_DAYS[coming.day.weekday()]}, {coming.day:%d.%m.}")
    if days > 300:
        when = f"am {coming.day:%d.%m.%Y}"
    return Now(False, f"geschlossen, öffnet {when} um {clock(coming.starts)}")


def clock(value: time) -> str:
    """„9 Uhr“ or „9:30 Uhr“."""
    return f"{value.hour}:{value.minute:02d} Uhr" if value.minute else f"{value.hour} Uhr"


def changes_ahead(hours: Hours, first: date, count: int) -> list[Ahead]:
    """What differs from the usual in so many days from the first on, days in a row taken together."""
    found: list[Ahead] = []
    for plan in days_from(hours, first, count):
        for text, is_closed in _changes(hours, plan):
            yesterday = plan.day - timedelta(days=1)
            place = next((n for n, one in enumerate(found) if (one.text, one.last_day) == (text, yesterday)), None)
            if place is None:
                found.append(Ahead(plan.day, plan.day, text, is_closed))
            else:
                found[place] = replace(found[place], last_day=plan.day)
    return found


def _changes(hours: Hours, plan: DayPlan) -> Iterator[tuple[str, bool]]:
    usual = [slot for slot in hours.slots if runs_on(slot, plan.day)]
    if not hours.exists_on(plan.day):
        return
    for reason in plan.reasons:
        yield f"geschlossen: {reason}", True
    if plan.holiday and usual and not plan.reasons:
        yield f"geschlossen: {plan.holiday}", True
    off = {one.slot_id: one.reason for one in hours.exceptions if one.first_day <= plan.day <= one.last_day}
    for slot in usual:
        if slot.pk in off and not plan.holiday and not plan.reasons:
            yield f"{slot.what} {span(slot.starts, slot.ends)} fällt aus: {off[slot.pk]}", False
    for entry in plan.entries:
        if entry.is_extra:
            yield f"zusätzlich {span(entry.starts, entry.ends)}: {entry.source.what}", False
