"""Writes on measures: the row of a draft, colours, amendments, steering (Z25–Z27)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from districts.actions.base import Conflict
from districts.models import Actor, User
from projects.models import (
    ActionPlan,
    AgendaItem,
    Amendment,
    FundingSource,
    FurtherGoal,
    Goal,
    GoalStrike,
    GoalValue,
    Measure,
    MeasureFunding,
    MeasureParticipant,
    Project,
    StatusChange,
)
from projects.planning import MEASURE_MOVES, MeasureStatus, PlanStatus, first_of_month
from projects.workflow import ItemKind, may_move

from .base import CHANGED, LoopError, moment
from .plans import check_draft, lock_plan

IN_DRAFT = (
    "Die Fortschreibung ist noch nicht beschlossen. Farbe, Nachträge und Steuerung dieser Maßnahme werden bis dahin in"
    " der geltenden Fassung geändert und erscheinen hier von selbst."
)
OVER = "Diese Fassung ist abgelöst und bleibt, wie sie war. Bitte in der geltenden Fassung ändern."


@dataclass(frozen=True)
class Parts:
    """What a row of the plan has several of, in order: words, and what of the directory they name."""

    goals: list[tuple[Goal | None, str]] = field(default_factory=list)
    participants: list[tuple[Actor | None, str, str]] = field(default_factory=list)  # actor, name, role
    fundings: list[tuple[FundingSource | None, str, bool]] = field(default_factory=list)  # source, name, uncertain


def _lock(measure: Measure) -> Measure:
    """Lock a measure after its plan and return it as it stands now.

    Raises:
        Conflict: somebody else has taken it out of the draft meanwhile.
    """
    lock_plan(ActionPlan(pk=measure.plan_id))
    found = Measure.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=measure.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat diese Maßnahme inzwischen entfernt.")
    return found


def _check_steered_here(measure: Measure) -> None:
    if measure.plan.status == PlanStatus.SUPERSEDED:
        raise LoopError(OVER)
    if measure.plan.is_draft and measure.carried_from_id:
        raise LoopError(IN_DRAFT)


def _with_copy(measure: Measure) -> QuerySet[Measure]:
    """The row and what a draft has carried forward of it: both are the same measure."""
    return Measure.objects.filter(key=measure.key).exclude(plan__status=PlanStatus.SUPERSEDED)


@transaction.atomic
def save_measure(
    *, plan: ActionPlan, parts: Parts, added_on: date, by: User, measure: Measure | None = None,
    version: int | None = None, status: str = MeasureStatus.PLANNED, decision: AgendaItem | None = None,
    at: datetime | None = None, **fields,
) -> Measure:  # fmt: skip
    """Enter a measure of a draft, or change one that is new in it; `status` is the first colour of a new one and
    `decision` the agenda item it comes from.

    Raises:
        Conflict: the plan was adopted, or somebody else has changed the measure.
        LoopError: the row was carried forward from a version that was decided, or begins as dropped; or the agenda
            item is no decision.
    """
    check_draft(lock_plan(plan))
    if decision and decision.kind != ItemKind.DECISION:
        raise LoopError("Eine Maßnahme entsteht aus einem Beschluss, nicht aus einem anderen Punkt.")
    found = _lock(measure) if measure else Measure(plan=plan, status=status, decision=decision)
    if measure is None and status == MeasureStatus.DROPPED:
        raise LoopError("Eine neue Maßnahme kann nicht schon verworfen sein.")
    if measure and found.version != version:
        raise Conflict(CHANGED)
    if found.carried_from_id:
        raise LoopError("Diese Maßnahme steht schon in einer beschlossenen Fassung. Bitte einen Nachtrag schreiben.")
    for name, value in fields.items():
        setattr(found, name, value)
    found.added_on = first_of_month(added_on)
    found.version += 1 if measure else 0
    found.save()
    _save_parts(found, parts)
    if measure is None:
        _note_status(found, status, by=by, at=moment(at), on=None, amendment=None)
    return found


def _save_parts(measure: Measure, parts: Parts) -> None:
    for old in (measure.further_goals, measure.participants, measure.fundings):
        old.all().delete()
    FurtherGoal.objects.bulk_create(
        FurtherGoal(measure=measure, goal=goal, text=text, position=n) for n, (goal, text) in enumerate(parts.goals, 1)
    )
    MeasureParticipant.objects.bulk_create(
        MeasureParticipant(measure=measure, actor=actor, name=name, role=role, position=n)
        for n, (actor, name, role) in enumerate(parts.participants, 1)
    )
    MeasureFunding.objects.bulk_create(
        MeasureFunding(measure=measure, source=source, name=name, is_uncertain=uncertain, position=n)
        for n, (source, name, uncertain) in enumerate(parts.fundings, 1)
    )


def _note_status(measure: Measure, status: str, *, by: User, at: datetime, on: date | None, amendment) -> None:
    day = on or timezone.localdate(at)
    StatusChange.objects.create(measure=measure, status=status, on=day, amendment=amendment, by=by, at=at)


@transaction.atomic
def remove_measure(*, measure: Measure, by: User) -> None:
    """Take a measure that is new in a draft out of it.

    Raises:
        Conflict: the plan was adopted meanwhile.
        LoopError: it was carried forward, or money is noted for it.
    """
    found = _lock(measure)
    check_draft(found.plan)
    if found.carried_from_id:
        raise LoopError("Eine übernommene Maßnahme bleibt im Plan. Sie lässt sich als nicht umgesetzt kennzeichnen.")
    if found.finance_lines.exists():
        raise LoopError("Zu dieser Maßnahme gehören Finanzposten. Bitte diese zuerst entfernen.")
    GoalStrike.objects.filter(value__indicator__measure=found).delete()
    GoalValue.objects.filter(indicator__measure=found).delete()
    found.indicators.all().delete()
    found.status_changes.all().delete()
    for parts in (found.amendments, found.further_goals, found.participants, found.fundings):
        parts.all().delete()
    found.projects.clear()
    if hasattr(found, "planned_cost"):
        found.planned_cost.delete()
    found.delete()


@transaction.atomic
def steer(
    *, measure: Measure, version: int, by: User, projects: Iterable[Project], responsible: str,
    starts_on: date | None, ends_on: date | None, notes: str,
) -> Measure:  # fmt: skip
    """Who is responsible, from when to when, which projects, notes: what is no part of the decision.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        LoopError: the version is superseded, or holds only from its adoption on.
    """
    found = _lock(measure)
    _check_steered_here(found)
    if found.version != version:
        raise Conflict(CHANGED)
    projects = list(projects)
    for row in _with_copy(found).select_for_update(of=("self",)):
        row.responsible, row.starts_on, row.ends_on, row.notes = responsible, starts_on, ends_on, notes
        row.version += 1
        row.save(update_fields=["responsible", "starts_on", "ends_on", "notes", "version"])
        row.projects.set(projects)
    return found


@dataclass(frozen=True)
class Added:
    """What one amendment says and adds; every part that is filled becomes a row of its own."""

    text: str = ""
    goal: Goal | None = None
    goal_text: str = ""
    participants: list[tuple[Actor | None, str]] = field(default_factory=list)
    fundings: list[tuple[FundingSource | None, str, bool]] = field(default_factory=list)

    def rows(self) -> list[dict]:
        """The amendments it makes."""
        kinds = Amendment.Kind
        found = [{"kind": kinds.NARRATIVE, "text": self.text}] if self.text else []
        if self.goal or self.goal_text:
            text = self.goal_text or self.goal.title
            found.append({"kind": kinds.GOAL, "text": text, "goal": self.goal})
        found += [{"kind": kinds.PARTICIPANT, "text": name, "actor": actor} for actor, name in self.participants]
        found += [
            {"kind": kinds.FUNDING, "text": name, "source": source, "is_uncertain": uncertain}
            for source, name, uncertain in self.fundings
        ]
        return found


@transaction.atomic
def amend(
    *, measure: Measure, month: date, added: Added, by: User, decision: str = "", at: datetime | None = None
) -> list[Amendment]:
    """Write an amendment beneath a measure; the measure itself stays as it was decided.

    Raises:
        LoopError: there is nothing in it, the version is superseded, or holds only from its adoption on.
    """
    found, rows = _lock(measure), added.rows()
    _check_steered_here(found)
    if not rows:
        raise LoopError("Bitte mindestens eine Angabe machen: Text, Ziel, Beteiligte oder Finanzierung.")
    known = {"measure": found, "month": first_of_month(month), "decision": decision, "by": by, "at": moment(at)}
    return [Amendment.objects.create(**known, **row) for row in rows]


@transaction.atomic
def change_status(
    *, measure: Measure, status: str, version: int, by: User, month: date | None = None, text: str = "",
    decision: str = "", on: date | None = None, at: datetime | None = None,
) -> Measure:  # fmt: skip
    """Give a measure another colour; with a text the reason is printed beneath it as an amendment.

    Raises:
        Conflict: somebody else has changed the colour meanwhile, or the table of moves does not allow it.
        LoopError: a dropped measure needs its reason; the version is superseded or not adopted yet.
    """
    found, at = _lock(measure), moment(at)
    _check_steered_here(found)
    if found.version != version:
        raise Conflict(f"Jemand anderes war schneller: Die Maßnahme steht jetzt auf „{found.get_status_display()}“.")
    if not may_move(MEASURE_MOVES, found.status, status):
        raise Conflict(f"Von „{found.get_status_display()}“ geht es so nicht weiter.")
    if status == MeasureStatus.DROPPED and not text:
        raise LoopError("Wenn eine Maßnahme nicht umgesetzt wird, gehört der Grund als Nachtrag dazu.")
    reason = _status_amendment(found, month or timezone.localdate(at), text, decision, by, at) if text else None
    _note_status(found, status, by=by, at=at, on=on, amendment=reason)
    for row in _with_copy(found).select_for_update(of=("self",)):
        row.status = status
        row.version += 1
        row.save(update_fields=["status", "version"])
    found.refresh_from_db(fields=["status", "version"])
    return found


def _status_amendment(measure: Measure, month: date, text: str, decision: str, by: User, at: datetime) -> Amendment:
    return Amendment.objects.create(
        measure=measure, month=first_of_month(month), kind=Amendment.Kind.STATUS, text=text, decision=decision,
        by=by, at=at,
    )  # fmt: skip
