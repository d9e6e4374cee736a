"""Writes on how far goals and measures are reached: indicators, values, evidence, assessments (D06, Z25)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from districts.actions.base import Conflict
from districts.models import User
from projects.models import (
    ActionPlan,
    Goal,
    GoalAssessment,
    GoalEvidence,
    GoalIndicator,
    GoalStrike,
    GoalValue,
    Measure,
)
from projects.planning import IN_FORCE, PlanStatus

from .base import CHANGED, LoopError, moment
from .measures import OVER
from .plans import lock_plan

Record = GoalValue | GoalEvidence | GoalAssessment


def _check_open(goal: Goal) -> ActionPlan:
    """Lock the goal's plan; one that was superseded stays as it was.

    Raises:
        LoopError: the version is superseded.
    """
    plan = lock_plan(ActionPlan(pk=goal.plan_id))
    if plan.status == PlanStatus.SUPERSEDED:
        raise LoopError(OVER)
    return plan


def _goal_in_force(goal: Goal) -> Goal:
    """The goal that records hang on: a draft's belong to the version in force where that has the goal.

    So nothing that was noted is lost with a draft that is discarded.
    """
    if not _check_open(goal).is_draft:
        return goal
    held = Goal.objects.filter(key=goal.key, plan__line=goal.plan.line, plan__status__in=IN_FORCE)
    return held.first() or goal


@transaction.atomic
def save_indicator(
    *,
    goal: Goal,
    by: User,
    measure: Measure | None = None,
    indicator: GoalIndicator | None = None,
    version: int | None = None,
    **fields,
) -> GoalIndicator:
    """Enter or change what shows whether a goal comes nearer, or with `measure` what a measure brings.

    What changes in the version in force changes in its draft too, wherever the draft says nothing else.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        LoopError: the version is superseded.
    """
    plan = _check_open(goal)
    found = GoalIndicator.objects.select_for_update(of=("self",)).filter(pk=indicator.pk).first() if indicator else None
    if indicator and (found is None or found.version != version):
        raise Conflict(CHANGED)
    found = found or GoalIndicator(goal=goal, measure=measure)
    before = {name: getattr(found, name) for name in fields}
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if indicator else 0
    found.save()
    if plan.status == PlanStatus.UPDATING:
        _follow(found, before, fields)
    return found


def _follow(found: GoalIndicator, before: dict, fields: dict) -> None:
    """Bring what changed in the version in force into its draft."""
    goal = Goal.objects.filter(key=found.goal.key, plan__line=found.goal.plan.line, plan__status=PlanStatus.DRAFT)
    draft = goal.first()
    if draft is None:
        return
    measure = draft.plan.measures.filter(key=found.measure.key).first() if found.measure else None
    copy = GoalIndicator.objects.select_for_update(of=("self",)).filter(goal=draft, key=found.key).first()
    made = copy or GoalIndicator(goal=draft, measure=measure, key=found.key)
    taken = {name: value for name, value in fields.items() if copy is None or getattr(copy, name) == before[name]}
    same = GoalIndicator.objects.filter(goal=draft, measure=measure, name=taken.get("name", made.name))
    if same.exclude(pk=made.pk).exists():
        return  # the draft has another one of that name
    for name, value in taken.items():
        setattr(made, name, value)
    made.version += 1 if copy else 0
    made.save()


@transaction.atomic
def note_value(
    *, goal: Goal, indicator: GoalIndicator, year: int, value: Decimal, by: User, note: str = "",
    at: datetime | None = None,
) -> GoalValue:  # fmt: skip
    """The value of a year; a later one for the same year corrects it.

    Raises:
        LoopError: the system counts this indicator itself, or the version is superseded.
    """
    held = _goal_in_force(goal)
    if indicator.counted:
        raise LoopError("Diesen Indikator zählt das System selbst.")
    row = GoalIndicator.objects.filter(goal=held, key=indicator.key).first() or indicator
    return GoalValue.objects.create(indicator=row, year=year, value=value, note=note, by=by, at=moment(at))


@transaction.atomic
def add_evidence(
    *, goal: Goal, kind: str, text: str, on: date, by: User, source: str = "", at: datetime | None = None
) -> GoalEvidence:
    """Something that cannot be counted and still shows what came of it.

    Raises:
        LoopError: the version is superseded.
    """
    held = _goal_in_force(goal)
    return GoalEvidence.objects.create(goal=held, kind=kind, text=text, source=source, on=on, by=by, at=moment(at))


@transaction.atomic
def assess(*, goal: Goal, result: str, reason: str, on: date, by: User, at: datetime | None = None) -> GoalAssessment:
    """How far a goal has been reached; earlier assessments stay.

    Raises:
        LoopError: the version is superseded.
    """
    held = _goal_in_force(goal)
    return GoalAssessment.objects.create(goal=held, result=result, reason=reason, on=on, by=by, at=moment(at))


@transaction.atomic
def strike(*, goal: Goal, record: Record, why: str, by: User, at: datetime | None = None) -> GoalStrike:
    """Say that a value, a piece of evidence or an assessment does not hold; it stays to be read, with the reason.

    Raises:
        Conflict: somebody else has struck it meanwhile.
        LoopError: no reason, or the version is superseded.
    """
    _check_open(goal)
    name = {GoalValue: "value", GoalEvidence: "evidence", GoalAssessment: "assessment"}[type(record)]
    # Two at once: the second waits for the row and then sees what the first has done.
    type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if GoalStrike.objects.filter(**{name: record}).exists():
        raise Conflict("Jemand anderes hat das inzwischen gestrichen.")
    if not why.strip():
        raise LoopError("Bitte schreiben, warum das nicht stimmt.")
    return GoalStrike.objects.create(**{name: record}, reason=why.strip(), by=by, at=moment(at))


@transaction.atomic
def correct(
    *, goal: Goal, record: Record, why: str, only_strike: bool, by: User, at: datetime | None = None, **fields
) -> Record | None:
    """Strike a record and note what holds instead (`fields` of its kind), or nothing with `only_strike`.

    Raises:
        Conflict: somebody else has struck it meanwhile.
        LoopError: no reason, or the version is superseded.
    """
    # Each takes its moment after it has waited for the plan: nothing is dated before a version that went meanwhile.
    strike(goal=goal, record=record, why=why, by=by, at=at)
    if only_strike:
        return None
    if isinstance(record, GoalValue):
        return note_value(goal=goal, indicator=record.indicator, by=by, at=at, **fields)
    add = add_evidence if isinstance(record, GoalEvidence) else assess
    return add(goal=goal, by=by, at=at, **fields)
