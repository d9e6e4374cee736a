"""The calendar of an office: its hours of the next half year, one event for every date (Z03)."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from districts.hours_words import Ahead, changes_ahead
from districts.ical import Event, calendar
from districts.models import Office
from districts.opening import Entry, days_from

BEFORE, AFTER = 28, 26 * 7  # days


def calendar_of(office: Office, *, today: date) -> bytes:
    """The iCalendar file of an office; the same for the whole day while nobody changes the hours."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    first, count = today - timedelta(days=BEFORE), BEFORE + AFTER
    entries = [entry for plan in days_from(office.hours, first, count) for entry in plan.entries]
    closed = [one for one in changes_ahead(office.hours, first, count) if one.is_closed]
    events = [_event(office, entry, host) for entry in entries]
    events += [
        Event(
            uid=f"zu-{office.pk}-{number}@{host}",
            starts=one.first_day,
            ends=one.last_day,
            summary=f"{office.name} {one.text}",
        )
        for number, one in _numbered(closed)
    ]
    return calendar(
        name=office.name,
        url=settings.PUBLIC_URL.rstrip("/") + reverse("districts:office_public", args=[office.pk]),
        events=events,
        stamp=datetime.combine(today, time(), UTC),
    )


def _numbered(closed: list[Ahead]) -> Iterator[tuple[str, Ahead]]:
    """Closures with a name of their own, also where several begin on one day for different reasons."""
    seen: Counter[date] = Counter()
    for one in closed:
        seen[one.first_day] += 1
        count = seen[one.first_day]
        yield f"{one.first_day:%Y%m%d}" + (f"-{count}" if count > 1 else ""), one


def _event(office: Office, entry: Entry, host: str) -> Event:
    source = entry.source
    notes = (
        getattr(source, "provider_name", ""),
        f"Sprachen: {source.language}" if getattr(source, "language", "") else "",
        "Nur mit Termin" if getattr(source, "needs_appointment", False) else "",
    )
    kind = "zusatz" if entry.is_extra else "zeit"
    return Event(
        uid=f"{kind}-{source.pk}-{entry.day:%Y%m%d}@{host}",
        starts=_moment(entry.day, entry.starts),
        ends=_moment(entry.day, entry.ends),
        summary=f"{source.what} – {office.name}",
        location=", ".join(part for part in (getattr(source, "room", ""), office.address) if part),
        description="\n".join(note for note in notes if note),
    )


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone())
