"""Raumplan: the week of one room for its door (Z05): hours, and what for where everybody may read it."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from districts.models import Office, Room
from districts.occupancy import week_of_rooms
from districts.opening import monday_of
from quartier.pdf import render

from .head import sender


def room_plan(*, room: Room, office: Office, monday: date) -> bytes:
    """The plan of a week as PDF; `office` comes with its hours. Whoever reads it at the door learns nothing private."""
    sunday = monday + timedelta(days=6)
    days = week_of_rooms(office, [room], monday, None)
    context = {
        "room": room,
        "days": [(day.plan, day.cells[0][1]) for day in days],
        "monday": monday,
        "sunday": sunday,
        "number": monday.isocalendar().week,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
        **sender(office),
    }
    title = f"{room}, Woche vom {monday:%d.%m.%Y} bis {sunday:%d.%m.%Y}"
    return render("reports/papers/room_plan.html", context, title=title, author=office.name)


def room_plans() -> Iterator[tuple[str, bytes]]:
    """The room with most bookings this week, and a week long ago without any."""
    room = Room.objects.annotate(n=Count("bookings")).order_by("-n", "pk").first()
    if room is None:
        return
    office = Office.objects.with_hours().get(pk=room.office_id)
    monday = monday_of(timezone.localdate())
    yield "raumplan", room_plan(room=room, office=office, monday=monday)
    yield "raumplan-leer", room_plan(room=room, office=office, monday=monday - timedelta(days=700))
