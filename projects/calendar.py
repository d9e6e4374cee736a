"""Calendars: of a public body, of a quarter's events, of the editorial plan; nothing about people (Z18, Z30, Z41)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from districts.ical import Event, calendar
from districts.models import District
from projects.models import Body, PRItem
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
