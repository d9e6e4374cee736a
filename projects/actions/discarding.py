"""Giving up a draft of a plan: all of it goes, and who did it and why stays (Z23)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from districts.actions.base import Conflict
from districts.models import User
from projects.models import (
    ActionPlan,
    Amendment,
    DiscardedDraft,
    FinanceLine,
    FurtherGoal,
    Goal,
    GoalAssessment,
    GoalEvidence,
    GoalIndicator,
    GoalStrike,
    GoalValue,
    Measure,
    MeasureFunding,
    MeasureParticipant,
    PlannedCost,
    StatusChange,
)
from projects.planning import PlanStatus

from .base import CHANGED, LoopError, moment
from .plans import DISCARDED, check_draft, draft_mark, move_plan


@transaction.atomic
def discard_draft(
    *, plan: ActionPlan, version: int, reason: str, by: User, seen: str = "", at: datetime | None = None
) -> ActionPlan | None:
    """Give up a draft with its goals, measures, indicators and money; returns the version that holds on, if any.

    What hangs on a carried measure (colours, amendments, money) belongs to the version in force and stays with it.

    Raises:
        Conflict: it was adopted, discarded or changed meanwhile.
        LoopError: no reason.
    """
    versions = list(ActionPlan.objects.select_for_update().filter(line=plan.line).order_by("number"))
    found = next((one for one in versions if one.pk == plan.pk), None)
    if found is None:
        raise Conflict(DISCARDED)
    check_draft(found)
    if found.version != version or seen not in ("", draft_mark(found)):
        raise Conflict(CHANGED)
    if not reason.strip():
        raise LoopError("Bitte den Grund nennen.")
    DiscardedDraft.objects.create(
        plan_number=found.pk, line=found.line, number=found.number, title=found.title, reason=reason.strip(), by=by,
        at=moment(at),
    )  # fmt: skip
    _remove(found)
    in_force = next((one for one in versions if one.status == PlanStatus.UPDATING), None)
    if in_force:
        move_plan(in_force, PlanStatus.ADOPTED)
    return in_force


def _remove(plan: ActionPlan) -> None:
    goals, measures = Goal.objects.filter(plan=plan), Measure.objects.filter(plan=plan)
    indicators = GoalIndicator.objects.filter(goal__in=goals)
    of_goals = Q(evidence__goal__in=goals) | Q(assessment__goal__in=goals) | Q(value__indicator__in=indicators)
    rows: list[QuerySet] = [
        GoalStrike.objects.filter(of_goals),
        GoalValue.objects.filter(indicator__in=indicators),
        *(model.objects.filter(goal__in=goals) for model in (GoalEvidence, GoalAssessment)),
        indicators,
        *(
            model.objects.filter(measure__in=measures)
            for model in (StatusChange, Amendment, FurtherGoal, MeasureParticipant, MeasureFunding)
        ),
        *(model.objects.filter(measure__in=measures) for model in (FinanceLine, PlannedCost)),
        Measure.projects.through.objects.filter(measure__in=measures),
        measures,
        Goal.action_fields.through.objects.filter(goal__in=goals),
        goals,
        ActionPlan.districts.through.objects.filter(actionplan=plan),
    ]
    for one in rows:
        one.delete()
    plan.delete()
