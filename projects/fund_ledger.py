"""What stands in the ledger of a fund, as people read it: bookings of an application, changes of budgets (Z34, Z38)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from districts.models import User
from projects.fund_workflow import COUNTER, REVERSIBLE, RUNNING, EntryKind
from projects.models import Fund, FundApplication, LedgerEntry

QUIET = frozenset({EntryKind.RESERVE, EntryKind.RELEASE})  # money kept aside during votes: no booking of anybody


@dataclass(frozen=True)
class Booking:
    """A line of the ledger, and whether this person may reverse it now."""

    entry: LedgerEntry
    reversed: LedgerEntry | None
    can_reverse: bool


def bookings(application: FundApplication, *, may_keep: bool) -> list[Booking]:
    """What was granted, paid, returned and reversed for an application, in the order of booking."""
    rows = application.entries.exclude(kind__in=QUIET).select_related("by", "reversal")
    return [Booking(one, getattr(one, "reversal", None), may_keep and _is_reversible(application, one)) for one in rows]


def _is_reversible(application: FundApplication, entry: LedgerEntry) -> bool:
    kept = entry.kind == EntryKind.PAY and application.checked_proof
    open_ = application.status in RUNNING and not kept
    return open_ and entry.kind in REVERSIBLE and not hasattr(entry, "reversal")


@dataclass(frozen=True)
class BudgetChange:
    """Who set the budget of a year when, from what to what, and why. Euros."""

    year: int
    before: Decimal
    after: Decimal
    reason: str
    by: User
    at: datetime


def budget_changes(fund: Fund, year: int | None = None) -> list[BudgetChange]:
    """How the budgets of a fund became what they are, the latest change first; of one year or all."""
    rows = LedgerEntry.objects.filter(year__fund=fund, kind=EntryKind.BUDGET).select_related("by", "year")
    if year is not None:
        rows = rows.filter(year__year=year)
    found, sums = [], {}
    for one in rows:
        before = sums.get(one.year.year, Decimal(0))
        sums[one.year.year] = before + one.amount
        found.append(BudgetChange(one.year.year, before, before + one.amount, one.reason, one.by, one.at))
    return found[::-1]


def reversals(fund: Fund, year: int) -> list[LedgerEntry]:
    """Counter entries of a fund's year, with their application."""
    rows = LedgerEntry.objects.filter(year__fund=fund, year__year=year, kind__in=list(COUNTER.values()))
    return list(rows.select_related("application", "by"))
