"""Writes on funds, their rules, rounds and budgets (Z34)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.actions.base import Conflict
from districts.models import ActionField, ActorType, District, User
from projects.costs import euros
from projects.fund_workflow import EntryKind
from projects.models import Fund, FundApplication, FundCriterion, FundEvent, FundRound, FundRule, FundYear, LedgerEntry

from .base import CHANGED, LoopError, moment


def note(
    fund: Fund, kind: str, *, by: User | None, at: datetime, application: FundApplication | None = None, **data
) -> None:
    """Append an event. `data` holds codes, amounts, dates (ISO) and ids, never text somebody wrote."""
    FundEvent.objects.create(fund=fund, application=application, kind=kind, by=by, at=at, data=data)


@transaction.atomic
def save_fund(
    *,
    by: User,
    districts: Iterable[District],
    fund: Fund | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> Fund:
    """Enter or change a fund; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    found = lock_fund(fund) if fund else Fund()
    if fund and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if fund else 0
    found.save()
    found.districts.set(districts)
    note(found, "edited" if fund else "entered", by=by, at=moment(at))
    return found


def lock_fund(fund: Fund) -> Fund:
    """Lock a fund for the transaction, leaving its key free for rows that name it."""
    return Fund.objects.select_for_update(no_key=True).get(pk=fund.pk)


@transaction.atomic
def save_rule(
    *,
    fund: Fund,
    by: User,
    valid_from: date,
    types: Iterable[ActorType] = (),
    focus_fields: Iterable[ActionField] = (),
    criteria: Iterable[tuple[str, str]] = (),
    at: datetime | None = None,
    **fields,
) -> FundRule:
    """Let new rules begin on a day; those before them end the day before. Nothing that was checked changes.

    `criteria` are pairs of kind and text, in the order of the checklist.

    Raises:
        ValidationError: rules that begin on that day or later are there already.
    """
    fund = lock_fund(fund)
    if fund.rules.filter(valid_from__gte=valid_from).exists():
        raise ValidationError({"valid_from": "Ab diesem Tag oder später gelten schon andere Regeln."})
    fund.rules.filter(valid_to=None).update(valid_to=valid_from - timedelta(days=1))
    rule = FundRule.objects.create(fund=fund, valid_from=valid_from, **fields)
    rule.types.set(types)
    rule.focus_fields.set(focus_fields)
    FundCriterion.objects.bulk_create(
        FundCriterion(rule=rule, kind=kind, text=text, position=number)
        for number, (kind, text) in enumerate(criteria, 1)
    )
    note(fund, "rules", by=by, at=moment(at), rule=rule.pk, valid_from=valid_from.isoformat())
    return rule


@transaction.atomic
def add_round(*, fund: Fund, closes_on: date, label: str, by: User) -> FundRound:
    """Set a day until which applications are taken.

    Raises:
        ValidationError: the fund has a round that ends on that day.
    """
    fund = lock_fund(fund)
    if fund.rounds.filter(closes_on=closes_on).exists():
        raise ValidationError({"closes_on": "Eine Antragsrunde bis zu diesem Tag gibt es schon."})
    return FundRound.objects.create(fund=fund, closes_on=closes_on, label=label)


def remove_round(*, round_: FundRound, by: User) -> None:
    """Take a round out again; checks that were made keep their sentences."""
    round_.delete()


@transaction.atomic
def set_budget(
    *,
    fund: Fund,
    year: int,
    budget: Decimal,
    reason: str,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
) -> FundYear:
    """Set the budget of a year: what differs from before is booked, with its reason.

    `version` is that of the year the person saw; 0 when the year had no budget.

    Raises:
        LoopError: more than that is given away already; no reason; or nothing changes.
        Conflict: somebody else has set the budget of that year meanwhile.
    """
    if not reason.strip():
        raise LoopError("Bitte schreiben, worauf das Budget beruht.")
    at = moment(at)
    FundYear.objects.get_or_create(fund=fund, year=year)
    row = FundYear.objects.select_for_update().get(fund=fund, year=year)
    if version is not None and row.version != version:
        raise Conflict(CHANGED)
    change = budget - row.budget
    if not change:
        raise LoopError("Das Budget ist schon so hoch.")
    if row.balance + change < 0:
        used = euros(row.budget - row.balance)
        raise LoopError(f"Davon sind schon {used} vergeben; darunter kann das Budget nicht liegen.")
    LedgerEntry.objects.create(year=row, kind=EntryKind.BUDGET, amount=change, reason=reason.strip(), by=by, at=at)
    note(fund, "budget", by=by, at=at, year=year, budget=str(budget))
    row.refresh_from_db()
    return row
