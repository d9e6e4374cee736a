"""Rows of plans and funding for tests; like `tests.make`, every call makes a new row with a name of its own."""

from datetime import date
from decimal import Decimal
from itertools import count

from django.utils import timezone

from districts.models import User
from projects.actions import attainment
from projects.actions import measures as measure_actions
from projects.actions import plans as plan_actions
from projects.actions.funding import paid_fields
from projects.actions.measures import Parts
from projects.models import ActionPlan, FinanceLine, FundingSource, Goal, GoalIndicator, Measure, Project
from tests import make

_numbers = count(1)


def plan(*, by: User, districts=(), **fields) -> ActionPlan:
    """A draft with one goal."""
    known = {"title": f"Konzept {next(_numbers)}", "kind": "isek", "area": "", "as_of": date(2025, 3, 1)}
    made = plan_actions.save_plan(by=by, districts=districts, **{**known, **fields})
    goal(plan=made, by=by)
    return made


def goal(*, plan: ActionPlan, by: User, **fields) -> Goal:
    """A goal at the end."""
    n = next(_numbers)
    known = {"title": f"Oberziel {n}", "position": n, "description": "", "problem": "", "action_fields": []}
    return plan_actions.save_goal(plan=plan, by=by, **{**known, **fields})


def measure(*, plan: ActionPlan, by: User, **fields) -> Measure:
    """A planned measure of the plan's first goal; give `status` for another colour."""
    n = next(_numbers)
    known = {"title": f"Maßnahme {n}", "goal": plan.goals.first(), "kind": "social", "added_on": date(2025, 3, 1)}
    known |= {"position": n, "parts": Parts()}
    return measure_actions.save_measure(plan=plan, by=by, **{**known, **fields})


def adopt(plan: ActionPlan, by: User, **fields) -> ActionPlan:
    """The council decides the plan."""
    known = {"decision": "Rat, Vorlage 1", "decided_on": make.today(), "version": plan.version}
    return plan_actions.adopt_plan(plan=plan, by=by, **{**known, **fields})


def indicator(*, goal: Goal, by: User, **fields) -> GoalIndicator:
    """Visitors a week, from 20 to 60; give `measure` for one of a measure."""
    known = {"kind": "outcome", "name": f"Besuche {next(_numbers)}", "unit": "je Woche", "baseline": Decimal(20)}
    known |= {"target": Decimal(60), "baseline_year": 2024, "target_year": 2027, "source": "Zählung"}
    return attainment.save_indicator(goal=goal, by=by, **{**known, **fields})


def in_force(*, by: User, districts=(), measures: int = 1, **fields) -> ActionPlan:
    """A plan in force with planned measures."""
    made = plan(by=by, districts=districts, **fields)
    for _ in range(measures):
        measure(plan=made, by=by)
    return adopt(made, by)


def source(**fields) -> FundingSource:
    """A programme of the Land that is open."""
    return FundingSource.objects.create(**{"name": f"Programm {next(_numbers)}", "level": "state", **fields})


def project(*, districts=(), **fields) -> Project:
    """A project."""
    made = Project.objects.create(**{"title": f"Projekt {next(_numbers)}", **fields})
    made.districts.set(districts)
    return made


def line(*, paid, by: User, **fields) -> FinanceLine:
    """A thousand euros that are meant for something."""
    known = {"amount": Decimal(1000), "state": "intended", "kind": "other", "year": 2026}
    return FinanceLine.objects.create(**paid_fields(paid), by=by, at=timezone.now(), **{**known, **fields})
