"""Dates and distances in German words."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from quartier.web.forms import EARLIEST, LATEST

SOON_DAYS = 3
_UNITS = (
    (365 * 86400, "Jahr", "Jahren"),
    (30 * 86400, "Monat", "Monaten"),
    (7 * 86400, "Woche", "Wochen"),
    (86400, "Tag", "Tagen"),
    (3600, "Stunde", "Stunden"),
    (60, "Minute", "Minuten"),
)


def local_date(value: date | datetime) -> date:
    """The calendar day of `value` in the city's time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def asked_day(params: Mapping[str, str], name: str) -> date:
    """The day that an address names; today when it names none. Kept where there are weeks before and after it."""
    try:
        day = date.fromisoformat(params.get(name, ""))
    except ValueError:
        return timezone.localdate()
    return min(max(day, EARLIEST + timedelta(days=60)), LATEST - timedelta(days=500))


def distance(value: date | datetime, now: datetime | None = None) -> str:
    """How far `value` is from now: „vor 3 Tagen“, „in 2 Stunden“, „gestern“, „gerade eben“."""
    now = now or timezone.now()
    days = (local_date(value) - local_date(now)).days
    exact = isinstance(value, datetime)
    if days == 0 and exact:
        seconds = int((value - now).total_seconds())
        return "gerade eben" if abs(seconds) < 60 else _phrase(seconds)
    if abs(days) <= 1:
        return {0: "heute", 1: "morgen", -1: "gestern"}[days]
    return _phrase(days * 86400)


def _phrase(seconds: int) -> str:
    word = "in" if seconds > 0 else "vor"
    size, one, many = next(unit for unit in _UNITS if abs(seconds) >= unit[0])
    count = abs(seconds) // size
    return f"{word} {count} {one if count == 1 else many}"


def due_state(due_on: date | None, today: date | None = None) -> tuple[str, str]:
    """Traffic light of a deadline: state ("none", "ok", "soon", "overdue") and what it says in words."""
    if due_on is None:
        return "none", "ohne Frist"
    days = (due_on - (today or timezone.localdate())).days
    if days < 0:
        return "overdue", f"{-days} {'Tag' if days == -1 else 'Tage'} überfällig"
    if days <= SOON_DAYS:
        return "soon", {0: "heute fällig", 1: "morgen fällig"}.get(days, f"in {days} Tagen fällig")
    return "ok", f"bis {due_on:%d.%m.%Y}"
