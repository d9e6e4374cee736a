"""Money of a fund: every movement is a line of the ledger, and no year gives away more than it has (Z34, Z38).

The database holds the rule: a trigger books each line onto its year, whose constraints refuse a negative balance. The
checks here lock the year first and say in German what the database would say in English.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from districts.models import User
from projects.costs import euros
from projects.fund_workflow import COUNTER, EntryKind
from projects.models import FundApplication, FundYear, LedgerEntry

from .base import LoopError, day


def sums_of(application: FundApplication) -> Mapping[str, Decimal]:
    """What was booked for an application, by kind of entry; what was reversed does not count any more."""
    rows = application.entries.order_by().values_list("kind").annotate(total=Sum("amount"))
    sums = {kind.value: Decimal(0) for kind in EntryKind} | dict(rows)
    for kind, counter in COUNTER.items():
        sums[kind] -= sums[counter]
    return sums


def lock_year(application: FundApplication) -> FundYear:
    """Lock the year whose money pays for an application.

    Raises:
        LoopError: it has no budget yet.
    """
    row = FundYear.objects.select_for_update().filter(fund=application.fund_id, year=application.year).first()
    if row is None:
        raise LoopError(f"Für {application.year} hat der Fonds noch kein Budget.")
    return row


def book(
    application: FundApplication, year: FundYear, kind: str, amount: Decimal, *, by: User, at: datetime, on=None
) -> None:
    """Append a line to the ledger."""
    LedgerEntry.objects.create(
        year=year, application=application, kind=kind, amount=amount, on=on or day(at), by=by, at=at
    )


def book_reversal(entry: LedgerEntry, year: FundYear, reason: str, *, by: User, at: datetime) -> None:
    """Append the counter entry of a line that was wrong: same application, same amount, with its reason."""
    LedgerEntry.objects.create(
        year=year, application_id=entry.application_id, kind=COUNTER[entry.kind], amount=entry.amount, on=day(at),
        reason=reason, reverses=entry, by=by, at=at,
    )  # fmt: skip


def keep_aside(application: FundApplication, amount: Decimal, *, by: User, at: datetime) -> None:
    """Keep exactly so much aside for an application: more, less or (0) nothing any more.

    Raises:
        LoopError: that much is not free.
    """
    sums = sums_of(application)
    now = sums["reserve"] - sums["release"]
    if amount == now:
        return
    year = lock_year(application)
    if amount > now:
        if amount - now > year.balance:
            raise LoopError(f"Im Fonds sind für {year.year} nur noch {euros(year.balance + now)} frei.")
        book(application, year, EntryKind.RESERVE, amount - now, by=by, at=at)
    else:
        book(application, year, EntryKind.RELEASE, now - amount, by=by, at=at)


def grant(application: FundApplication, amount: Decimal, *, by: User, at: datetime, on=None) -> None:
    """Turn what is kept aside into a grant.

    Raises:
        LoopError: that much is not free.
    """
    keep_aside(application, Decimal(0), by=by, at=at)
    year = lock_year(application)
    if amount > year.balance:
        raise LoopError(f"Im Fonds sind für {year.year} nur noch {euros(year.balance)} frei.")
    book(application, year, EntryKind.GRANT, amount, by=by, at=at, on=on)


def expire_rest(application: FundApplication, *, by: User, at: datetime) -> None:
    """What was granted and is not paid will not be paid any more: it is free again."""
    sums = sums_of(application)
    rest = sums["grant"] - sums["pay"] - sums["expire"]
    if rest:
        book(application, lock_year(application), EntryKind.EXPIRE, rest, by=by, at=at)
