"""Calendars for everybody: of a public body, and of the events of a quarter; nothing about people (Z18, Z30)."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from districts.ical import Event, calendar
from districts.models import District
from projects.models import Body
from projects.models import Event as Held

BEFORE, AFTER = timedelta(days=92), timedelta(days=366)


def calendar_of(body: Body, *, today: date) -> bytes:
    """The iCalendar file of a body; the same for the whole day while nobody changes the dates."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    sessions = body.sessions.in_public().filter(on__gte=today - BEFORE, on__lte=today + AFTER).select_related("office")
    events = [
        Event(
            uid=f"sitzung-{one.pk}@{host}",
            starts=one.moment(one.starts),
            ends=one.moment(one.ends),
            summary=body.name,
            location=one.where,
        )
        for one in sessions.order_by("on")
    ]
    return calendar(
        name=body.name,
        url=settings.PUBLIC_URL.rstrip("/") + reverse("projects:body_calendar", args=[body.pk]),
        events=events,
        stamp=datetime.combine(today, time(), UTC),
    )


def events_calendar(district: District, *, today: date) -> bytes:
    """The iCalendar file of a quarter's public events; a cancelled one says so."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    shown = Held.objects.for_public().filter(district=district).on_days(today - BEFORE, today + AFTER)
    shown = shown.select_related("office", "room", "format").order_by("on", "pk")
    return calendar(
        name=f"Veranstaltungen {district.name}",
        url=settings.PUBLIC_URL.rstrip("/") + reverse("projects:events_public", args=[district.slug]),
        events=[_event(one, host) for one in shown],
        stamp=datetime.combine(today, time(), UTC),
    )


def _event(one: Held, host: str | None) -> Event:
    starts, ends = one.on, one.last_day
    if one.starts and not one.until:
        starts = one.moment(one.starts)
        ends = one.moment(one.ends) if one.ends else starts + timedelta(hours=2)
    summary = f"ABGESAGT: {one.title}" if one.is_cancelled else one.title
    return Event(
        uid=f"veranstaltung-{one.pk}@{host}", starts=starts, ends=ends, summary=summary, location=one.where,
        description=one.cancel_reason or one.description,
    )  # fmt: skip
