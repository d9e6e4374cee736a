"""How far the goals of a plan are reached, for page and paper (D06).

What a plan brings about cannot be proved (003 L432): pages say „Beitrag zu“, never that something „bewirkt“ anything.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from projects.models import ActionPlan, Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue
from projects.planning import MeasureStatus


@dataclass
class IndicatorState:
    """An indicator with its values by year."""

    indicator: GoalIndicator
    values: list[GoalValue]  # the latest of each year
    counted: int | None  # what the system counts, where it does

    @property
    def latest(self) -> Decimal | int | None:
        """The last value that is known."""
        if self.counted is not None:
            return self.counted
        return self.values[-1].value if self.values else None


@dataclass
class GoalState:
    """A goal with everything that shows how far it has come."""

    goal: Goal
    indicators: list[IndicatorState]
    evidence: list[GoalEvidence]
    assessments: list[GoalAssessment]  # the latest first
    counts: Counter

    @property
    def assessment(self) -> GoalAssessment | None:
        """The one that counts."""
        return self.assessments[0] if self.assessments else None


def goal_states(plan: ActionPlan, goals: QuerySet[Goal] | None = None) -> list[GoalState]:
    """All goals of a version (or some of them), as they stood when it was superseded."""
    rows = list((plan.goals.all() if goals is None else goals).prefetch_related("action_fields"))
    keys = [one.key for one in rows]
    then = {"at__lte": plan.superseded_at} if plan.superseded_at else {}
    values: dict[int, dict[int, GoalValue]] = {}
    for one in GoalValue.objects.filter(indicator__goal__key__in=keys, **then).order_by("year", "pk"):
        values.setdefault(one.indicator_id, {})[one.year] = one
    evidence = _by_goal(GoalEvidence.objects.filter(goal__key__in=keys, **then))
    assessed = _by_goal(GoalAssessment.objects.filter(goal__key__in=keys, **then))
    indicators = _by_goal(GoalIndicator.objects.filter(goal__key__in=keys, goal__plan__number__lte=plan.number))
    counts: dict[int, Counter] = {}
    for goal, status in plan.measures.order_by().values_list("goal", "status"):
        counts.setdefault(goal, Counter())[status] += 1
    return [
        GoalState(
            one,
            [_state(row, values.get(row.pk, {}), counts.get(one.pk, Counter())) for row in indicators.get(one.key, [])],
            evidence.get(one.key, []),
            assessed.get(one.key, []),
            counts.get(one.pk, Counter()),
        )
        for one in rows
    ]


def _by_goal(rows: QuerySet) -> dict:
    found: dict = {}
    for one in rows.select_related("goal"):
        found.setdefault(one.goal.key, []).append(one)
    return found


def _state(indicator: GoalIndicator, values: dict[int, GoalValue], counts: Counter) -> IndicatorState:
    counted = None
    if indicator.counted:
        counted = counts[MeasureStatus.DONE]
        if indicator.counted == GoalIndicator.Counted.MEASURES_BEGUN:
            counted += counts[MeasureStatus.ACTIVE]
    return IndicatorState(indicator, list(values.values()), counted)


def goal_state(goal: Goal) -> GoalState:
    """One goal."""
    return goal_states(goal.plan, Goal.objects.filter(pk=goal.pk))[0]


def without_indicator(states: list[GoalState]) -> list[Goal]:
    """Goals that nothing is measured for: the plan says so instead of hiding it."""
    return [one.goal for one in states if not one.indicators]
