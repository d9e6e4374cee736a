"""Periods that people speak of: years, halves, quarters, months, the period before and the same one a year earlier."""

from calendar import monthrange
from datetime import date, timedelta

from reports.choice import Span, next_month

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
YEAR = "year"
# What a part of a year is called: first month and how many months.
PARTS: dict[str, tuple[str, int, int]] = {
    YEAR: ("Ganzes Jahr", 1, 12),
    **{f"h{n + 1}": (f"{n + 1}. Halbjahr", 6 * n + 1, 6) for n in range(2)},
    **{f"q{n + 1}": (f"{n + 1}. Quartal", 3 * n + 1, 3) for n in range(4)},
    **{f"m{n + 1}": (name, n + 1, 1) for n, name in enumerate(MONTHS)},
}


def whole(part: str, year: int) -> Span:
    """A part of a year, both days included."""
    _, month, length = PARTS[part]
    return Span(date(year, month, 1), next_month(date(year, month + length - 1, 1)) - timedelta(days=1))


def until_today(span: Span, today: date) -> Span:
    """As much of a period as has passed: what is still running is compared with as much of another one."""
    return Span(span.since, min(span.until, today))


def year_before(span: Span) -> Span:
    """The same days a year earlier; of more than a year as many years earlier as it takes not to overlap."""
    years = 1
    while (found := _moved(span, 12 * years)).until >= span.since:
        years += 1
    return found


def before(span: Span, part: str = "") -> Span:
    """The period before: a part of a year, even one that still runs, moves by its length; other periods by whole months
    or else by their days."""
    if part:
        return _moved(span, PARTS[part][2])
    months = list(span.months())
    if months and not span.edges():
        return _moved(span, len(months))
    return Span(span.since - timedelta(days=span.days), span.since - timedelta(days=1))


def _moved(span: Span, months: int) -> Span:
    """A period so many months earlier. One that begins with a month and ends with a month goes on doing so."""
    last = span.since.day == 1 and next_month(span.until) - timedelta(days=1) == span.until
    return Span(_earlier(span.since, months), _earlier(span.until, months, last=last))


def _earlier(day: date, months: int, *, last: bool = False) -> date:
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    days = monthrange(year, month)[1]
    return date(year, month, days if last else min(day.day, days))
