"""Writes on rooms and bookings: no room twice at a time, whoever is faster (Z05)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from districts.hours_words import span
from districts.models import Actor, Booking, Equipment, Office, Room, User

from .base import CHANGED, Conflict, moment

RHYTHMS = {"once": 0, "weekly": 7, "fortnightly": 14}  # days from one to the next
MOST = 60  # bookings of one series
NAMED = 5  # days that a refusal names


def moment_of(day: date, at: time) -> datetime:
    """A time of a day on the wall clock of the city; of an hour that comes twice in autumn the first.

    Raises:
        ValidationError: the hour that is left out in spring.
    """
    found = timezone.make_aware(datetime.combine(day, at))
    if timezone.localtime(found.astimezone(UTC)).time() != at:
        raise ValidationError(f"Am {day:%d.%m.%Y} gibt es die Uhrzeit {at:%H:%M} nicht: Die Uhr wird vorgestellt.")
    return found


def days_of(first: date, rhythm: str, until: date | None) -> list[date]:
    """The days of a series, first and last included; one day without a rhythm."""
    step = RHYTHMS[rhythm]
    if not step or until is None:
        return [first]
    return [first + timedelta(days=n) for n in range(0, (until - first).days + 1, step)]


@transaction.atomic
def save_room(
    *,
    office: Office,
    equipment: Iterable[str],
    by: User,
    room: Room | None = None,
    version: int | None = None,
    **fields,
) -> Room:
    """Enter or change a room and what stands in it.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: it would be taken out of use while bookings are to come.
    """
    found = Room.objects.select_for_update().get(pk=room.pk) if room else Room(office=office)
    if room and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    coming = found.bookings.standing().filter(ends__gt=timezone.now()).count() if room and not found.is_active else 0
    if coming:
        words = "Es steht noch eine Buchung an" if coming == 1 else f"Es stehen noch {coming} Buchungen an"
        raise ValidationError({"is_active": f"{words}. Bitte zuerst absagen oder in einen anderen Raum verlegen."})
    found.version += 1 if room else 0
    found.save()
    wanted = {name.casefold(): name for name in equipment}
    for one in found.equipment.all():
        if one.name.casefold() in wanted:
            del wanted[one.name.casefold()]
        else:
            one.delete()
    Equipment.objects.bulk_create([Equipment(room=found, name=name) for name in wanted.values()])
    return found


@transaction.atomic
def book_room(
    *,
    room: Room,
    day: date,
    starts: time,
    ends: time,
    purpose: str,
    by: User,
    actor: Actor | None = None,
    is_shown: bool = False,
    rhythm: str = "once",
    until: date | None = None,
    skip_taken: bool = False,
    at: datetime | None = None,
) -> list[Booking]:
    """Book a room for some hours of a day, or of every week or second week until a day: all of them or none.

    With `skip_taken` the days on which the room is taken are left out.

    Raises:
        ValidationError: the room is taken (the days and hours are named, not what for) or out of use, every day of a
            series is taken, or a series has more than sixty days.
    """
    days = days_of(day, rhythm, until)
    if len(days) > MOST:
        raise ValidationError({"until": f"Eine Reihe hat höchstens {MOST} Termine. Bitte ein früheres Ende wählen."})
    # Whoever books this room, or takes it out of use, meanwhile waits.
    _check_in_use(Room.objects.select_for_update().get(pk=room.pk))
    wanted = [(moment_of(one, starts), moment_of(one, ends)) for one in days]
    taken = [list(room.bookings.overlapping(*times)) for times in wanted]
    if any(taken) and not (skip_taken and not all(taken)):
        raise ValidationError(_refusal(room, [one for found in taken for one in found]))
    series = uuid4() if len(days) > 1 else None
    made = [
        Booking(
            room=room, starts=begin, ends=end, actor=actor, purpose=purpose, is_shown=is_shown, series=series, by=by,
            at=moment(at),
        )
        for (begin, end), found in zip(wanted, taken, strict=True)
        if not found
    ]  # fmt: skip
    return Booking.objects.bulk_create(made)


def _check_in_use(room: Room) -> None:
    if not room.is_active:
        raise ValidationError({"room": f"{room} kann nicht mehr gebucht werden."})


def _refusal(room: Room, taken: list[Booking]) -> str:
    """„Saal ist schon belegt: am 03.12.2026, 9–12 Uhr.“"""
    named = [f"am {one.day:%d.%m.%Y}, {one.time}" for one in taken[:NAMED]]
    more = len(taken) - NAMED
    return f"{room} ist schon belegt: {'; '.join(named)}{f' und {more} weitere Male' if more > 0 else ''}."


@transaction.atomic
def change_booking(
    *, booking: Booking, room: Room, day: date, starts: time, ends: time, version: int, by: User, **fields
) -> Booking:
    """Move one booking to another room or time, or say better what it is for; it still belongs to its series.

    Raises:
        Conflict: somebody else has changed or cancelled it meanwhile.
        ValidationError: the room is taken then, or it is another one that is out of use.
    """
    rooms = Room.objects.select_for_update().filter(pk__in=[room.pk, booking.room_id]).order_by("pk")
    room = {one.pk: one for one in rooms}[room.pk]
    found = Booking.objects.select_for_update().get(pk=booking.pk)
    if found.version != version or found.cancelled_at:
        raise Conflict(CHANGED)
    if room.pk != found.room_id:
        _check_in_use(room)
    begin, end = moment_of(day, starts), moment_of(day, ends)
    if taken := list(room.bookings.overlapping(begin, end).exclude(pk=found.pk)):
        raise ValidationError(_refusal(room, taken))
    found.room, found.starts, found.ends = room, begin, end
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    return found


@transaction.atomic
def cancel_bookings(
    *, booking: Booking, reason: str, by: User, with_following: bool = False, at: datetime | None = None
) -> int:
    """Give the room free again, for this booking or also for those of its series that follow; returns how many.

    Those of the series that belong to somebody else by now stay.

    Raises:
        Conflict: it is cancelled already.
    """
    rows = Booking.objects.filter(pk=booking.pk)
    if with_following and booking.series:
        rows = Booking.objects.in_series_of(booking).filter(starts__gte=booking.starts)
    found = list(rows.standing().select_for_update().order_by("pk"))
    if booking.pk not in {one.pk for one in found}:
        raise Conflict("Diese Buchung ist schon abgesagt.")
    for one in found:
        one.cancelled_at, one.cancelled_by, one.cancel_reason = moment(at), by, reason
        one.version += 1
    Booking.objects.bulk_update(found, ["cancelled_at", "cancelled_by", "cancel_reason", "version"])
    return len(found)


def slots_beside(booking: Booking, plan_of_day) -> Iterator[str]:
    """Hours of the office that need the same room meanwhile, as words; `plan_of_day` is the office's plan."""
    for entry in plan_of_day.entries:
        same = getattr(entry.source, "room", "").casefold() == booking.room.name.casefold()
        if same and entry.starts < booking.end_time and booking.start_time < entry.ends:
            yield f"{entry.source.what} {span(entry.starts, entry.ends)}"
