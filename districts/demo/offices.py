"""The offices of the demo city with their hours: invented providers, plausible weeks, what was and what comes (Z03)."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from districts.models import District, Office, OfficeQuality, OpeningException, OpeningSlot
from districts.opening import Change, monday_of
from quartier.workdays import add_workdays

_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_TEXTS = ("website", "carrier", "accessibility", "hours_note")


def load_offices(rows: list[dict], districts: Mapping[str, District]) -> dict[str, Office]:
    """Create the offices with slots, exceptions and checklist; by code."""
    today, offices = timezone.localdate(), {}
    for row in rows:
        office = Office.objects.create(
            name=row["name"],
            street=row["street"],
            postcode=row["postcode"],
            city="Aachen",
            phone=row["phone"],
            email=row["email"],
            directions=row["note"],
            letterhead="Stadt Aachen\nQuartiersmanagement",
            funding_note=row.get("funding", ""),
            opened_on=date.fromisoformat(row["opened"]),
            group_room_size=row.get("m2"),
            lat=row["at"][0],
            lon=row["at"][1],
            **{name: row.get(name, "") for name in _TEXTS},
        )
        office.districts.set([districts[code] for code in row["districts"]])
        for slot in row["slots"]:
            OpeningSlot.objects.create(office=office, **_slot(slot, today))
        for item, answer in row["qualities"].items():
            state, _, note = answer.partition(": ")
            OfficeQuality.objects.create(office=office, item=item, state=state, note=note)
        _closures(office, today)
        offices[row["code"]] = office
    _changes(offices["ost"], offices["forst"], today)
    return offices


def _slot(row: dict, today: date) -> dict:
    """Fields of „Mo 10:00-12:00“; `fortnight` 0 is this week, 1 the next one."""
    day, _, times = row["when"].partition(" ")
    starts, _, ends = times.partition("-")
    fields = {name: row[name] for name in ("kind", "room", "provider", "topic", "language") if name in row}
    anchor = monday_of(today) + timedelta(days=7 * row["fortnight"]) if "fortnight" in row else None
    return {
        **fields,
        "weekday": _DAYS.index(day),
        "starts": starts,
        "ends": ends,
        "needs_appointment": row.get("appointment", False),
        "anchor": anchor,
        "valid_from": date.fromisoformat(row["from"]) if "from" in row else None,
        "valid_to": date.fromisoformat(row["to"]) if "to" in row else None,
    }


def _closures(office: Office, today: date) -> None:
    """Between the years every office is closed; last year's closure is history."""
    for year in (today.year - 1, today.year):
        OpeningException.objects.create(
            office=office,
            change=Change.CLOSED,
            first_day=date(year, 12, 24),
            last_day=date(year, 12, 31),
            reason="Weihnachtspause",
        )


def _changes(ost: Office, forst: Office, today: date) -> None:
    """A company outing, an evening more, and a consultation that is off once."""
    outing = add_workdays(today, 9)
    OpeningException.objects.create(
        office=ost, change=Change.CLOSED, first_day=outing, last_day=outing, reason="Betriebsausflug"
    )
    evening = add_workdays(today, 4)
    OpeningException.objects.create(
        office=ost, change=Change.EXTRA, first_day=evening, last_day=evening, kind="open", starts="18:00", ends="20:00",
        reason="Nachbarschaftsabend",
    )  # fmt: skip
    slot = forst.slots.get(topic="Mieterberatung")
    missed = next(day for n in range(7, 14) if (day := today + timedelta(days=n)).weekday() == slot.weekday)
    OpeningException.objects.create(
        office=forst, change=Change.CLOSED, first_day=missed, last_day=missed, slot=slot, reason="Fortbildung"
    )
