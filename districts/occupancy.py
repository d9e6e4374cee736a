"""What the pages about rooms show: a week of an office's rooms, and how much everybody used them (Z05)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Sum

from districts.hours_words import span
from districts.models import Actor, Booking, Office, OpeningSlot, Room, User
from districts.models.rooms import TEAM
from districts.opening import DayPlan, runs_on, week_of
from quartier.csvfile import written_lines
from quartier.text import cell_text

TAKEN = "belegt"


@dataclass(frozen=True)
class Use:
    """Some hours of a day in a room: a booking, or hours of the office that name the room."""

    time: str
    what: str
    holder: str = ""
    booking: Booking | None = None


@dataclass(frozen=True)
class Day:
    """A day of the week and what is on in each room."""

    plan: DayPlan
    cells: tuple[tuple[Room, tuple[Use, ...]], ...]

    @property
    def is_used(self) -> bool:
        """Whether anything is on."""
        return any(uses for _, uses in self.cells)


def week_of_rooms(office: Office, rooms: Sequence[Room], monday: date, user: User | None) -> list[Day]:
    """Monday to Friday, and the weekend when something is on; purposes as far as `user` (None: anybody) may read them.

    `office` comes with its hours and districts.
    """
    bookings: dict[tuple[int, date], list[Booking]] = defaultdict(list)
    shown = Booking.objects.used_on(rooms, monday, monday + timedelta(days=6)).select_related("actor", "room")
    for one in shown.order_by("starts"):
        one.room.office = office
        bookings[one.room_id, one.day].append(one)
    days = [
        Day(plan, tuple((room, tuple(_uses(room, plan, bookings[room.pk, plan.day], user))) for room in rooms))
        for plan in week_of(office.hours, monday)
    ]
    return [day for day in days if day.plan.day.weekday() < 5 or day.is_used]


def _uses(room: Room, plan: DayPlan, bookings: list[Booking], user: User | None) -> Iterator[Use]:
    """Hours of the office and bookings of one room and day, by their beginning."""
    slots = [
        (entry.starts, Use(span(entry.starts, entry.ends), entry.source.what))
        for entry in plan.entries
        if getattr(entry.source, "room", "").casefold() == room.name.casefold()
    ]
    booked = [(one.start_time, _use(one, user)) for one in bookings]
    for _, use in sorted([*slots, *booked], key=lambda pair: pair[0]):
        yield use


def _use(booking: Booking, user: User | None) -> Use:
    reads = booking.is_shown if user is None else booking.shows_purpose_to(user)
    what = booking.purpose if reads else TAKEN
    holder = booking.holder if reads or user is not None else ""
    return Use(booking.time, what, holder, booking if user is not None else None)


def booking_beside(slot: OpeningSlot, *, now: datetime) -> Booking | None:
    """The first booking to come in the room that hours of the office name, while they take place."""
    found = Booking.objects.standing().filter(room__office=slot.office_id, room__name__iexact=slot.room, ends__gt=now)
    same = (one for one in found.select_related("room").order_by("starts") if runs_on(slot, one.day))
    return next((one for one in same if slot.starts < one.end_time and one.start_time < slot.ends), None)


@dataclass(frozen=True)
class UsageRow:
    """How much one member used the rooms: hours by room in the order of the columns, hours, bookings, cancellations."""

    name: str
    named: tuple[tuple[Room, float], ...]
    total: float
    count: int
    cancelled: int


def usage_of(office: Office, rooms: Sequence[Room], first: date, last: date) -> list[UsageRow]:
    """Use of an office's rooms by everybody who booked them, from the first to the last day (both included).

    Hours are those that really passed, also when the clocks change. Who used most comes first, the sum last.
    """
    standing = Q(cancelled_at=None)
    found = Booking.objects.filter(room__in=rooms).between(first, last).order_by()
    sums = found.values("actor", "room").annotate(
        spent=Sum(F("ends") - F("starts"), filter=standing),
        booked=Count("pk", filter=standing),
        off=Count("pk", filter=~standing),
    )
    by_actor: dict[int | None, list[dict]] = defaultdict(list)
    for one in sums:
        by_actor[one["actor"]].append(one)
    names = {one.pk: one.name for one in Actor.objects.filter(pk__in=[pk for pk in by_actor if pk]).only("pk", "name")}
    rows = [_row(names.get(pk, TEAM), lines, rooms) for pk, lines in by_actor.items()]
    rows.sort(key=lambda row: (-row.total, row.name))
    return [*rows, _row("Alle", [line for lines in by_actor.values() for line in lines], rooms)] if rows else []


def _row(name: str, lines: Iterable[dict], rooms: Sequence[Room]) -> UsageRow:
    hours: dict[int, float] = defaultdict(float)
    count = cancelled = 0
    for line in lines:
        hours[line["room"]] += line["spent"].total_seconds() / 3600 if line["spent"] else 0
        count, cancelled = count + line["booked"], cancelled + line["off"]
    return UsageRow(name, tuple((room, hours[room.pk]) for room in rooms), sum(hours.values()), count, cancelled)


def usage_lines(rows: Iterable[UsageRow], rooms: Sequence[Room]) -> Iterator[str]:
    """The same as a CSV file that German spreadsheets open; hours with a comma."""
    head = ["Wer", *(cell_text(f"{room} (Stunden)") for room in rooms), "Stunden", "Buchungen", "Absagen"]
    cells = (
        [
            cell_text(row.name),
            *(_comma(value) for value in (*(hours for _, hours in row.named), row.total)),
            row.count,
            row.cancelled,
        ]
        for row in rows
    )
    return written_lines(head, cells)


def _comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
