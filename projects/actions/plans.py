"""Writes on action plans, their versions and goals (Z23, Z24)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone

from districts.actions.base import Conflict
from districts.models import ActionField, District, User
from projects.models import (
    ActionPlan,
    FurtherGoal,
    Goal,
    GoalIndicator,
    Measure,
    MeasureFunding,
    MeasureParticipant,
)
from projects.planning import PLAN_MOVES, PlanStatus, first_of_month
from projects.workflow import may_move

from .base import CHANGED, moment
from .freezing import freeze_money

DECIDED = "Diese Fassung ist inzwischen beschlossen und lässt sich nicht mehr ändern."
DISCARDED = "Jemand anderes hat diesen Entwurf inzwischen verworfen."
_CONTENT = ("kind", "area", "authors", "studies", "problems", "vision", "is_sample")


def lock_plan(plan: ActionPlan) -> ActionPlan:
    """Lock a version for the transaction and return it as it stands now.

    Raises:
        Conflict: somebody else has discarded the draft meanwhile.
    """
    found = ActionPlan.objects.select_for_update(no_key=True).filter(pk=plan.pk).first()
    if found is None:
        raise Conflict(DISCARDED)
    return found


def check_draft(plan: ActionPlan) -> None:
    """Refuse to change what was decided.

    Raises:
        Conflict: somebody else has adopted the version meanwhile.
    """
    if plan.status != PlanStatus.DRAFT:
        raise Conflict(DECIDED)


def draft_mark(plan: ActionPlan) -> str:
    """A mark of the goals and measures of a draft; another one as soon as any of them comes, goes or changes."""
    parts = (rows.aggregate(Count("pk"), Max("pk"), Sum("version")) for rows in (plan.goals, plan.measures))
    return "-".join(str(number or 0) for one in parts for number in one.values())


def move_plan(plan: ActionPlan, to: str, **fields) -> None:
    """Move a locked version to another status, with further fields.

    Raises:
        Conflict: the table of moves does not allow it from where it stands now.
    """
    if not may_move(PLAN_MOVES, plan.status, to):
        raise Conflict(f"Das geht nicht mehr: Die Fassung ist inzwischen „{plan.get_status_display()}“.")
    for name, value in {"status": to, **fields}.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.save(update_fields=["status", *fields, "version"])


@transaction.atomic
def save_plan(
    *, by: User, districts: Iterable[District], as_of: date, plan: ActionPlan | None = None, version: int | None = None,
    **fields,
) -> ActionPlan:  # fmt: skip
    """Enter a plan or change its draft; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed or adopted it meanwhile.
    """
    found = lock_plan(plan) if plan else ActionPlan()
    if plan:
        check_draft(found)
        if found.version != version:
            raise Conflict(CHANGED)
        found.version += 1
    for name, value in fields.items():
        setattr(found, name, value)
    found.as_of = first_of_month(as_of)
    found.save()
    found.districts.set(districts)
    return found


@transaction.atomic
def set_update_due(*, plan: ActionPlan, update_due_on: date | None, by: User) -> ActionPlan:
    """Say by when a plan in force is to be updated.

    Raises:
        Conflict: it was superseded meanwhile.
    """
    found = lock_plan(plan)
    if found.status == PlanStatus.SUPERSEDED:
        raise Conflict("Diese Fassung ist inzwischen abgelöst.")
    found.update_due_on = update_due_on
    found.version += 1
    found.save(update_fields=["update_due_on", "version"])
    return found


@transaction.atomic
def adopt_plan(
    *, plan: ActionPlan, version: int, decision: str, decided_on: date, by: User, seen: str = "",
    at: datetime | None = None,
) -> ActionPlan:  # fmt: skip
    """The council has decided: this version holds, the one before it is superseded and its money frozen.

    `version` is the draft that the person saw, `seen` the mark of its goals and measures (`draft_mark`): the council
    decided that one. Without `seen` nobody has looked at them.

    Raises:
        ValidationError: it has no measure yet, or the day is one to come or before the last version's.
        Conflict: somebody else was faster, or has changed the draft meanwhile.
    """
    before = list(ActionPlan.objects.select_for_update(no_key=True).filter(line=plan.line).order_by("number"))
    found = next((one for one in before if one.pk == plan.pk), None)
    if found is None:
        raise Conflict(DISCARDED)
    check_draft(found)
    if found.version != version or seen not in ("", draft_mark(found)):
        raise Conflict("Jemand anderes hat den Entwurf inzwischen geändert. Bitte prüfen, ob er so beschlossen wurde.")
    if not found.measures.exists():
        raise ValidationError("Ohne Maßnahme lässt sich der Plan nicht beschließen. Bitte zuerst Maßnahmen eintragen.")
    _check_decided_on(decided_on, before)
    for old in before:
        if old.status in (PlanStatus.ADOPTED, PlanStatus.UPDATING) and old.pk != found.pk:
            now = moment(at)
            freeze_money(old)
            move_plan(old, PlanStatus.SUPERSEDED, superseded_at=now, money_as_of=now)
    move_plan(found, PlanStatus.ADOPTED, decision=decision, decided_on=decided_on)
    return found


def _check_decided_on(day: date, versions: list[ActionPlan]) -> None:
    """What holds on a day is the last version decided by then: days of decisions are in the order of the versions."""
    if day > timezone.localdate():
        raise ValidationError({"decided_on": "Das Datum liegt in der Zukunft."})
    last = max((one.decided_on for one in versions if one.decided_on), default=day)
    if day < last:
        raise ValidationError({"decided_on": f"Die Fassung davor wurde erst am {last:%d.%m.%Y} beschlossen."})


@transaction.atomic
def begin_update(*, plan: ActionPlan, as_of: date, by: User) -> ActionPlan:
    """Fortschreibung: a new draft with the goals and measures of the version in force, which still holds meanwhile.

    What hangs on a measure (colours, amendments, finance) hangs on its `key` and so comes along without being copied.

    Raises:
        Conflict: somebody else has begun one, or another version is in force.
    """
    old = lock_plan(plan)
    move_plan(old, PlanStatus.UPDATING)
    last = ActionPlan.objects.filter(line=old.line).aggregate(n=Max("number"))["n"]
    new = ActionPlan.objects.create(
        line=old.line, number=last + 1, title=old.title, as_of=first_of_month(as_of),
        **{name: getattr(old, name) for name in _CONTENT},
    )  # fmt: skip
    new.districts.set(old.districts.all())
    goals = {goal.pk: _copy_goal(goal, new) for goal in old.goals.prefetch_related("action_fields")}
    measures = {}
    for measure in old.measures.select_related(None).with_parts().prefetch_related("projects"):
        measures[measure.pk] = _copy_measure(measure, new, goals)
    _copy_indicators(goals, measures)
    return new


def _copy_indicators(goals: dict[int, Goal], measures: dict[int, Measure]) -> None:
    names = ["key", "kind", "name", "unit", "counted", "baseline", "baseline_year", "target", "target_year", "source"]
    GoalIndicator.objects.bulk_create(
        GoalIndicator(
            goal=goals[one.goal_id],
            measure=measures.get(one.measure_id),
            **{name: getattr(one, name) for name in names},
        )
        for one in GoalIndicator.objects.filter(goal__in=goals)
    )


def _copy_goal(goal: Goal, plan: ActionPlan) -> Goal:
    made = Goal.objects.create(
        plan=plan, key=goal.key, position=goal.position, title=goal.title, description=goal.description,
        problem=goal.problem,
    )  # fmt: skip
    made.action_fields.set(goal.action_fields.all())
    return made


def _copy_measure(old: Measure, plan: ActionPlan, goals: dict[int, Goal]) -> Measure:
    names = ("key", "position", "title", "description", "kind", "is_urban_funded", "added_on", "location")
    steering = ("status", "responsible", "starts_on", "ends_on", "notes")
    values = {name: getattr(old, name) for name in (*names, *steering, "decision_id")}
    made = Measure.objects.create(plan=plan, goal=goals[old.goal_id], **values)
    made.projects.set(old.projects.all())
    parts = [
        *(FurtherGoal(measure=made, goal=goals.get(one.goal_id), text=one.text, position=one.position)
          for one in old.further_goals.all()),
    ]  # fmt: skip
    FurtherGoal.objects.bulk_create(parts)
    MeasureParticipant.objects.bulk_create(
        MeasureParticipant(measure=made, actor_id=one.actor_id, name=one.name, role=one.role, position=one.position)
        for one in old.participants.all()
    )
    MeasureFunding.objects.bulk_create(
        MeasureFunding(
            measure=made, source_id=one.source_id, name=one.name, is_uncertain=one.is_uncertain, position=one.position
        )
        for one in old.fundings.all()
    )
    # Last: from here on the row is what was decided, and the database keeps it.
    Measure.objects.filter(pk=made.pk).update(carried_from=old)
    return made


@transaction.atomic
def save_goal(
    *, plan: ActionPlan, action_fields: Iterable[ActionField], by: User, goal: Goal | None = None,
    version: int | None = None, **fields,
) -> Goal:  # fmt: skip
    """Enter a goal of a draft, or change it.

    Raises:
        Conflict: the plan was adopted, or somebody else has changed the goal.
    """
    check_draft(lock_plan(plan))
    found = Goal.objects.select_for_update().filter(pk=goal.pk).first() if goal else Goal(plan=plan)
    if found is None:
        raise Conflict("Jemand anderes hat dieses Oberziel inzwischen entfernt.")
    if goal and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if goal else 0
    found.save()
    found.action_fields.set(action_fields)
    return found


@transaction.atomic
def remove_goal(*, goal: Goal, by: User) -> None:
    """Take a goal out of a draft.

    Raises:
        ValidationError: a measure serves it, or something is known about how far it has been reached.
        Conflict: the plan was adopted meanwhile.
    """
    check_draft(lock_plan(goal.plan))
    used = goal.measures.exists() or FurtherGoal.objects.filter(goal=goal).exists()
    if used or goal.indicators.exists() or goal.evidence.exists() or goal.assessments.exists():
        raise ValidationError("Zu diesem Oberziel gehören Maßnahmen oder Werte. Es lässt sich nicht entfernen.")
    goal.action_fields.clear()
    goal.delete()
