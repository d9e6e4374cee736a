"""The calendar of a public body: its dates without anything about people (Z18)."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from districts.ical import Event, calendar
from projects.models import Body

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
