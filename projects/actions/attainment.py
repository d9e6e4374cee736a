"""Writes on how far goals are reached: indicators, values, evidence, assessments (D06)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from districts.actions.base import Conflict
from districts.models import User
from projects.models import ActionPlan, Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue
from projects.planning import PlanStatus

from .base import CHANGED, LoopError, moment
from .measures import OVER
from .plans import lock_plan


def _check_open(goal: Goal) -> None:
    """Lock the goal's plan; one that was superseded stays as it was."""
    if lock_plan(ActionPlan(pk=goal.plan_id)).status == PlanStatus.SUPERSEDED:
        raise LoopError(OVER)


@transaction.atomic
def save_indicator(
    *, goal: Goal, by: User, indicator: GoalIndicator | None = None, version: int | None = None, **fields
) -> GoalIndicator:
    """Enter or change what shows whether a goal comes nearer.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        LoopError: the version is superseded.
    """
    _check_open(goal)
    found = GoalIndicator.objects.select_for_update().get(pk=indicator.pk) if indicator else GoalIndicator(goal=goal)
    if indicator and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if indicator else 0
    found.save()
    return found


@transaction.atomic
def note_value(
    *, goal: Goal, indicator: GoalIndicator, year: int, value: Decimal, by: User, note: str = "",
    at: datetime | None = None,
) -> GoalValue:  # fmt: skip
    """The value of a year; a later one for the same year corrects it.

    Raises:
        LoopError: the system counts this indicator itself, or the version is superseded.
    """
    _check_open(goal)
    if indicator.counted:
        raise LoopError("Diesen Indikator zählt das System selbst.")
    return GoalValue.objects.create(indicator=indicator, year=year, value=value, note=note, by=by, at=moment(at))


@transaction.atomic
def add_evidence(
    *, goal: Goal, kind: str, text: str, on: date, by: User, source: str = "", at: datetime | None = None
) -> GoalEvidence:
    """Something that cannot be counted and still shows what came of it.

    Raises:
        LoopError: the version is superseded.
    """
    _check_open(goal)
    return GoalEvidence.objects.create(goal=goal, kind=kind, text=text, source=source, on=on, by=by, at=moment(at))


@transaction.atomic
def assess(*, goal: Goal, result: str, reason: str, on: date, by: User, at: datetime | None = None) -> GoalAssessment:
    """How far a goal has been reached; earlier assessments stay.

    Raises:
        LoopError: the version is superseded.
    """
    _check_open(goal)
    return GoalAssessment.objects.create(goal=goal, result=result, reason=reason, on=on, by=by, at=moment(at))
