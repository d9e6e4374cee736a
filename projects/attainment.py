"""How far the goals and measures of a plan are reached, for page and paper (D06, Z25).

What a plan brings about cannot be proved (003 L432): pages say „Beitrag zu“, never that something „bewirkt“ anything.
What does not hold is struck, never removed; a superseded version shows everything as it stood then.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

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
from projects.planning import MeasureStatus


@dataclass(frozen=True)
class Gone:
    """A record that does not hold any more: struck, or a value that a later one of its year replaced."""

    record: GoalValue | GoalEvidence | GoalAssessment
    strike: GoalStrike | None


@dataclass
class IndicatorState:
    """An indicator with its values by year."""

    indicator: GoalIndicator
    values: list[GoalValue]  # the one that holds of each year
    counted: int | None = None  # what the system counts, where it does
    gone: list[Gone] = field(default_factory=list)  # by year, the oldest first

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
    gone: list[Gone]  # evidence and assessments that were struck

    @property
    def assessment(self) -> GoalAssessment | None:
        """The one that counts."""
        return self.assessments[0] if self.assessments else None

    @property
    def has_gone(self) -> bool:
        """Whether anything was corrected."""
        return bool(self.gone or any(one.gone for one in self.indicators))


def goal_states(plan: ActionPlan, goals: QuerySet[Goal] | None = None) -> list[GoalState]:
    """All goals of a version (or some of them), as they stood when it was superseded."""
    rows = list((plan.goals.all() if goals is None else goals).prefetch_related("action_fields"))
    keys, until = [one.key for one in rows], plan.superseded_at
    indicators: dict[int, list[GoalIndicator]] = {}
    for one in GoalIndicator.objects.filter(goal__in=rows, measure=None):
        indicators.setdefault(one.goal_id, []).append(one)
    values = _values([one for found in indicators.values() for one in found], until)
    evidence, struck = _by_goal(GoalEvidence.objects.filter(goal__key__in=keys), until)
    assessed, revoked = _by_goal(GoalAssessment.objects.filter(goal__key__in=keys), until)
    counts: dict[int, Counter] = {}
    for goal, status in plan.measures.order_by().values_list("goal", "status"):
        counts.setdefault(goal, Counter())[status] += 1
    return [
        GoalState(
            one,
            [_state(row, values, counts.get(one.pk, Counter())) for row in indicators.get(one.pk, [])],
            evidence.get(one.key, []),
            assessed.get(one.key, []),
            counts.get(one.pk, Counter()),
            [*struck.get(one.key, []), *revoked.get(one.key, [])],
        )
        for one in rows
    ]


def _noted(rows: QuerySet, until: datetime | None) -> list[tuple]:
    """Records that were there at a moment, each with its strike if that was there too."""
    rows = rows.filter(at__lte=until) if until else rows
    found = []
    for one in rows.select_related("by", "strike__by"):
        strike = getattr(one, "strike", None)
        found.append((one, strike if strike and (until is None or strike.at <= until) else None))
    return found


def _by_goal(rows: QuerySet, until: datetime | None) -> tuple[dict, dict]:
    """What holds and what was struck, by the goal's key."""
    held: dict = {}
    gone: dict = {}
    for one, strike in _noted(rows.select_related("goal"), until):
        if strike:
            gone.setdefault(one.goal.key, []).append(Gone(one, strike))
        else:
            held.setdefault(one.goal.key, []).append(one)
    return held, gone


def _values(indicators: Iterable[GoalIndicator], until: datetime | None) -> dict:
    """Values of indicators through all versions, by key: in the order of years and of being noted."""
    found: dict = {}
    rows = GoalValue.objects.filter(indicator__key__in=[one.key for one in indicators]).order_by("year", "pk")
    for one, strike in _noted(rows.select_related("indicator"), until):
        found.setdefault(one.indicator.key, []).append((one, strike))
    return found


def _state(indicator: GoalIndicator, values: dict, counts: Counter | None = None) -> IndicatorState:
    held: dict[int, GoalValue] = {}
    gone: list[Gone] = []
    for one, strike in values.get(indicator.key, []):
        if strike:
            gone.append(Gone(one, strike))
            continue
        if one.year in held:
            gone.append(Gone(held[one.year], None))
        held[one.year] = one
    counted = None
    if indicator.counted and counts is not None:
        counted = counts[MeasureStatus.DONE]
        if indicator.counted == GoalIndicator.Counted.MEASURES_BEGUN:
            counted += counts[MeasureStatus.ACTIVE]
    gone.sort(key=lambda one: (one.record.year, one.record.pk))
    return IndicatorState(indicator, list(held.values()), counted, gone)


def goal_state(goal: Goal) -> GoalState:
    """One goal."""
    return goal_states(goal.plan, Goal.objects.filter(pk=goal.pk))[0]


def measure_indicators(measures: Iterable[Measure], until: datetime | None = None) -> dict[int, list[IndicatorState]]:
    """What measures of one version bring, by the measure's primary key, as it stood at a moment (Z25)."""
    rows = list(GoalIndicator.objects.filter(measure__in=list(measures)))
    values, found = _values(rows, until), {}
    for one in rows:
        found.setdefault(one.measure_id, []).append(_state(one, values))
    return found


def without_indicator(states: list[GoalState]) -> list[Goal]:
    """Goals that nothing is measured for: the plan says so instead of hiding it."""
    return [one.goal for one in states if not one.indicators]
