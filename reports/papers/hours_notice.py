"""Öffnungszeiten-Aushang: what hangs at the door of an office (P14), A4 or A3, as it holds from a day on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from districts.hours_words import changes_ahead
from districts.models import Office, OpeningSlot
from districts.opening import WALK_IN, WEEKDAYS, Kind, is_valid, runs_on
from quartier.pdf import render

from .head import sender
from .sheets import FORMATS, page_count

AHEAD = 42  # days for which exceptions are told
FORTNIGHT = 14
NBSP = "\u00a0"


@dataclass(frozen=True)
class Day:
    """A weekday and what the Quartiersmanagement is there for."""

    name: str
    lines: list[str] = field(default_factory=list)


def hours_notice(*, office: Office, format: str, on: date) -> bytes:
    """The notice as PDF: the hours that are in force on `on`, offers of others, and what is different soon.

    It is set closer where that saves a page. `office` comes with its slots and exceptions.
    """
    slots = [slot for slot in office.slots.all() if is_valid(slot, on) and office.hours.exists_on(on)]
    page = settings.PUBLIC_URL.rstrip("/") + reverse("districts:office_public", args=[office.pk])
    own = [slot for slot in slots if slot.kind in WALK_IN]
    context = {
        "has_hours": bool(own),
        "days": _days(own, on),
        "offered": [(slot, when(slot, on)) for slot in slots if slot.kind not in WALK_IN],
        "ahead": changes_ahead(office.hours, on, AHEAD),
        "on": on,
        "format": FORMATS[format],
        "page": page.split("://")[-1].rstrip("/"),
        "qr": segno.make(page, error="m", micro=False).svg_data_uri(border=4),
        **sender(office),
    }
    roomy, tight = (_render(office, on, context | {"tight": tight}) for tight in (False, True))
    return tight if page_count(tight) < page_count(roomy) else roomy


def _render(office: Office, on: date, context: dict) -> bytes:
    title = f"Öffnungszeiten {office.name}, ab {on:%d.%m.%Y}"
    return render("reports/papers/hours_notice.html", context, title=title, author=office.name)


def _days(slots: list[OpeningSlot], on: date) -> list[Day]:
    """Monday to Friday, and the weekend when something is on."""
    days = []
    for weekday, name in enumerate(WEEKDAYS):
        lines = [_line(slot, on) for slot in slots if slot.weekday == weekday]
        if lines or weekday < 5:
            days.append(Day(name, lines))
    return days


def _line(slot: OpeningSlot, on: date) -> str:
    """„10–12 Uhr Sprechzeit (Türkisch), nur mit Termin“; plain hours need no further word."""
    what = slot.topic or ("Sprechzeit" if slot.kind == Kind.CONSULTATION else "")
    language = f"({slot.language})" if slot.language else ""
    text = " ".join(part for part in (slot.time, what, language) if part)
    return ", ".join([text, *_conditions(slot, on)])


def when(slot: OpeningSlot, on: date) -> str:
    """Weekday, time and rhythm of what others offer."""
    return ", ".join([f"{slot.get_weekday_display()} {slot.time}", *_conditions(slot, on)])


def _conditions(slot: OpeningSlot, on: date) -> list[str]:
    found = []
    if slot.anchor:
        days = (on + timedelta(days=n) for n in range(FORTNIGHT))
        coming = next((day for day in days if runs_on(slot, day)), None)
        found += ["alle zwei Wochen", *([f"auch am{NBSP}{coming:%d.%m.}"] if coming else [])]
    return [*found, *(["nur mit Termin"] if slot.needs_appointment else [])]


def hours_notices() -> Iterator[tuple[str, bytes]]:
    """The office with the most slots in both sizes, and one without any."""
    today = timezone.localdate()
    offices = sorted(Office.objects.with_hours(), key=lambda office: (-len(office.slots.all()), office.pk))
    if not offices:
        return
    for format in FORMATS:
        yield f"oeffnungszeiten-{format}", hours_notice(office=offices[0], format=format, on=today)
    empty = Office(name="Stadtteilbüro in Gründung", street="Am Platz 1", postcode="52062", city="Aachen", pk=0)
    yield "oeffnungszeiten-leer", hours_notice(office=empty, format="a4", on=today)
