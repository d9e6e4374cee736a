"""Rules about assignments of Quartiersmanagement that know no model: states, expiry warnings, sums (Z06–Z08)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import models


class Status(models.TextChoices):
    """How far an assignment is (Z06)."""

    AIMED = "aimed", "angestrebt"
    APPLIED = "applied", "beantragt"
    DECIDED = "decided", "beschlossen"
    RUNNING = "running", "laufend"
    EXPIRED = "expired", "ausgelaufen"
    CONTINUED = "continued", "verstetigt"


# Backwards where life goes backwards: an application is withdrawn, a grant is prolonged after its end,
# what was permanent gets an end after all: it runs again until then.
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.AIMED: (Status.APPLIED, Status.DECIDED),
    Status.APPLIED: (Status.AIMED, Status.DECIDED),
    Status.DECIDED: (Status.RUNNING, Status.APPLIED),
    Status.RUNNING: (Status.EXPIRED, Status.CONTINUED),
    Status.EXPIRED: (Status.RUNNING,),
    Status.CONTINUED: (Status.RUNNING,),
}
# Only what is decided counts, on the days of its term: an aim supports nobody.
STANDING = (Status.DECIDED, Status.RUNNING, Status.EXPIRED, Status.CONTINUED)

WARN_MONTHS = (6, 12, 18)  # before an assignment ends (Z08)
HALF = Decimal("0.5")  # less than half a post is too little for a quarter (002 L870–876)
FULL = Decimal("1.00")  # more than a whole post nobody can do


def may_move(source: str, target: str) -> bool:
    """Whether an assignment in state `source` may go on to `target`."""
    return target in MOVES[Status(source)]


def warning_months(ends_on: date | None, today: date) -> int | None:
    """Within how many months an assignment ends: 6, 12 or 18, 0 when it is over; None when there is time or no end."""
    if ends_on is None:
        return None
    if ends_on < today:
        return 0
    return next((months for months in WARN_MONTHS if ends_on <= today + relativedelta(months=months)), None)


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether a validity with open ends contains a day; the last day counts."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


@dataclass(frozen=True)
class Span:
    """A share with its validity (last day included, None is open)."""

    share: Decimal | None
    valid_from: date | None
    valid_to: date | None


def most_at_once(spans: Iterable[Span]) -> Decimal:
    """The largest sum of shares on any day; unknown shares count nothing."""
    rows = [one for one in spans if one.share is not None]
    starts = {one.valid_from or date.min for one in rows}
    sums = (
        sum((one.share for one in rows if holds_on(day, one.valid_from, one.valid_to)), Decimal()) for day in starts
    )
    return max(sums, default=Decimal())


@dataclass(frozen=True)
class Total:
    """A sum of shares of which some may be unknown: unknown is not nothing (Z07)."""

    known: Decimal = Decimal()
    unknown: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.known + other.known, self.unknown + other.unknown)

    @classmethod
    def of(cls, share: Decimal | None) -> "Total":
        """The total of one share."""
        return cls(unknown=1) if share is None else cls(known=share)

    @property
    def value(self) -> Decimal | None:
        """The exact sum, or None as soon as one share is unknown."""
        return None if self.unknown else self.known

    def __str__(self) -> str:
        if not self.unknown:
            return share_words(self.known)
        return f"mindestens {share_words(self.known)}" if self.known else "unbekannt"


def share_words(share: Decimal | None) -> str:
    """„2,5“, „0,75“; „unbekannt“ for a share nobody knows."""
    if share is None:
        return "unbekannt"
    text = f"{share.normalize():f}".replace(".", ",")
    return text if "," in text else f"{text},0"


def day_before(day: date) -> date:
    """The last day of what ends where something else begins."""
    return day - timedelta(days=1)


def uncovered(since: date, until: date, spans: Iterable[tuple[date | None, date | None]]) -> list[tuple[date, date]]:
    """The times between two days (both included) that none of the validities covers."""
    found, open_from = [], since
    for begin, end in sorted(spans, key=lambda span: span[0] or date.min):
        if begin and begin > open_from:
            if begin > until:
                break
            found.append((open_from, day_before(begin)))
        if end is None:
            return found
        open_from = max(open_from, end + timedelta(days=1))
        if open_from > until:
            return found
    return [*found, (open_from, until)] if open_from <= until else found
