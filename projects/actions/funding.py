"""Writes on funding sources and finance lines (Z39, Z40)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from districts.actions.base import Conflict
from districts.models import ActionField, Assignment, User
from projects.models import FinanceLine, FundingSource, Measure, PlannedCost, Project, SourceDeadline

from .base import CHANGED, moment

Paid = Project | Measure | Assignment


def paid_fields(paid: Paid) -> dict:
    """The column of a finance line that holds what is paid for; a measure's money stays with its first version."""
    if isinstance(paid, Measure):
        return {"measure": Measure.objects.filter(key=paid.key).order_by("plan__number").first()}
    return {"project": paid} if isinstance(paid, Project) else {"assignment": paid}


@transaction.atomic
def save_source(
    *, by: User, action_fields: Iterable[ActionField], deadlines: Iterable[tuple[date, str]],
    source: FundingSource | None = None, version: int | None = None, **fields,
) -> FundingSource:  # fmt: skip
    """Enter a funding source or change it, with its deadlines.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    found = FundingSource.objects.select_for_update(no_key=True).get(pk=source.pk) if source else FundingSource()
    if source and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if source else 0
    found.save()
    found.action_fields.set(action_fields)
    found.deadlines.all().delete()
    rows = dict.fromkeys(deadlines)  # the same one twice is one
    SourceDeadline.objects.bulk_create(SourceDeadline(source=found, on=on, what=what) for on, what in rows)
    return found


@transaction.atomic
def save_line(
    *, paid: Paid | None = None, by: User, line: FinanceLine | None = None, version: int | None = None,
    at: datetime | None = None, **fields,
) -> FinanceLine:  # fmt: skip
    """Note what pays for a project, a measure or an assignment, or change that.

    Raises:
        Conflict: somebody else has changed or removed it meanwhile.
    """
    found = _lock_line(line) if line else FinanceLine(**paid_fields(paid))
    if line and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.by, found.at = by, moment(at)
    found.version += 1 if line else 0
    found.save()
    return found


def _lock_line(line: FinanceLine) -> FinanceLine:
    found = FinanceLine.objects.select_for_update(of=("self",)).filter(pk=line.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat diesen Posten inzwischen entfernt.")
    return found


@transaction.atomic
def remove_line(*, line: FinanceLine, version: int, by: User) -> None:
    """Remove a finance line that was entered by mistake.

    Raises:
        Conflict: somebody else has changed or removed it meanwhile.
    """
    found = _lock_line(line)
    if found.version != version:
        raise Conflict(CHANGED)
    found.delete()


@transaction.atomic
def set_planned_cost(
    *, paid: Paid, amount: Decimal | None, basis: str, by: User, version: int | None = None
) -> PlannedCost:
    """What something is going to cost; against it the gap is counted.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    fields = paid_fields(paid)
    found = PlannedCost.objects.select_for_update(of=("self",)).filter(**fields).first() or PlannedCost(**fields)
    if found.pk and found.version != version:
        raise Conflict(CHANGED)
    found.amount, found.basis = amount, basis
    found.version += 1 if found.pk else 0
    found.save()
    return found
