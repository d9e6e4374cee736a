"""Calendars: of a public body, of the editorial plan, of what has appeared; nothing about people (Z18, Z41)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from districts.ical import Event, calendar
from districts.models import District
from projects.models import Body, PRItem

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


def plan_calendar(items, *, today: date) -> bytes:
    """The editorial plan as a calendar file: titles, kinds and states, no words of the items and nobody's name."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    shown = items.planned(today - BEFORE, today + AFTER).defer("text").order_by("pk")
    return calendar(
        name="Redaktionsplan",
        url=settings.PUBLIC_URL.rstrip("/") + reverse("projects:pr_plan"),
        events=[event for one in shown for event in _planned(one, host)],
        stamp=datetime.combine(today, time(), UTC),
    )


def _planned(one: PRItem, host: str | None) -> Iterator[Event]:
    kind = one.get_kind_display()
    if one.day:
        yield Event(
            uid=f"beitrag-{one.pk}@{host}", starts=one.day, ends=one.day, summary=f"{kind}: {one.title} ({one.state})"
        )
    if one.runs_until:
        yield Event(
            uid=f"beitrag-{one.pk}-ende@{host}", starts=one.runs_until, ends=one.runs_until,
            summary=f"{kind} läuft aus: {one.title}",
        )  # fmt: skip


def published_calendar(district: District, *, today: date) -> bytes:
    """What has appeared for everybody in a quarter or in the whole city, and where to find it."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    shown = PRItem.objects.for_public().in_districts([district.pk]).appeared(today - AFTER, today).defer("text", "hint")
    return calendar(
        name=f"Veröffentlicht: {district.name}",
        url=settings.PUBLIC_URL.rstrip("/") + reverse("projects:pr_published_calendar", args=[district.slug]),
        events=[
            Event(
                uid=f"beitrag-{one.pk}@{host}", starts=one.published_on, ends=one.published_on,
                summary=f"{one.get_kind_display()}: {one.title}", description=one.link,
            )
            for one in shown.order_by("published_on", "pk")
        ],
        stamp=datetime.combine(today, time(), UTC),
    )  # fmt: skip
