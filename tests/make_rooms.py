"""Rows for tests of shared offices and rooms; as in `tests.make`, what is not named is made."""

from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from districts.models import Actor, Booking, District, Equipment, Office, OfficeShare, Room, ShareMember, User
from districts.roles import Role
from tests import make

_numbers = count(1)


def share(*, office: Office | None = None, district: District | None = None, members=(), **fields) -> OfficeShare:
    """An active shared office since last year; `members` belong to it without end."""
    district = district or (office.districts.first() if office else None) or make.district()
    known = {"name": f"Bürogemeinschaft {next(_numbers)}", "status": "active"}
    values = {**known, **fields}
    if values["status"] in ("active", "decided"):
        office = office or make.office(districts=[district])
    if values["status"] in ("active", "ended"):
        values.setdefault("started_on", make.today() - timedelta(days=365))
    if values["status"] == "ended":
        values.setdefault("ended_on", make.today() - timedelta(days=1))
    made = OfficeShare.objects.create(office=office, district=district, **values)
    for one in members:
        member(share=made, actor=one)
    return made


def member(*, share: OfficeShare, actor: Actor | None = None, **fields) -> ShareMember:
    return ShareMember.objects.create(share=share, actor=actor or make.actor(), **fields)


def room(*, office: Office | None = None, equipment=(), **fields) -> Room:
    made = Room.objects.create(office=office or make.office(), **{"name": f"Raum {next(_numbers)}", **fields})
    for name in equipment:
        Equipment.objects.create(room=made, name=name)
    return made


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour on the wall clock of a day."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def booking(*, room: Room | None = None, day: date | None = None, hours=(10, 12), by: User | None = None, **fields):
    """A booking of tomorrow from ten to twelve; its purpose must never leak."""
    day = day or make.today() + timedelta(days=1)
    n = next(_numbers)
    known = {"starts": at(day, hours[0]), "ends": at(day, hours[1]), "purpose": f"Geheimer Zweck {n}"}
    made_by = by or make.user(role=Role.MANAGER)
    return Booking.objects.create(room=room or _room(), by=made_by, **{**known, **fields})


def _room() -> Room:
    return room()
