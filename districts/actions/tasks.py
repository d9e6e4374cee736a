"""Writes on the distribution of tasks (Z11)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from districts.models import Actor, Assignment, AssignmentEvent, TaskAgreement, TaskDuty, User
from districts.organising import Area
from districts.tasks import ANSWERS, TAKES_PART, TASKS

from .actors import lock_actors
from .assignments import lock_assignment, record
from .base import CHANGED, Conflict

Kind, Part = AssignmentEvent.Kind, TaskDuty.Part


@transaction.atomic
def agree_task(
    *,
    assignment: Assignment,
    task: str,
    is_needed: bool,
    parts: Iterable[tuple[Actor | User, str]],
    note: str,
    agreed_on: date | None,
    version: int,
    by: User,
    at: datetime | None = None,
) -> TaskAgreement:
    """Keep who answers for a task and who takes part; `version` is 0 where nothing was agreed yet.

    Raises:
        Conflict: somebody else has changed it, or an actor was merged meanwhile.
    """
    parts = list(parts)
    lock_actors(who for who, _ in parts if isinstance(who, Actor))
    held = lock_assignment(assignment)
    found = held.agreements.filter(task=task).first()
    if (found.version if found else 0) != version:
        raise Conflict(CHANGED)
    found = found or TaskAgreement(assignment=held, task=task, version=0)
    found.is_needed, found.note, found.agreed_on, found.version = is_needed, note, agreed_on, version + 1
    found.save()
    found.duties.all().delete()
    _give(found, parts if is_needed else ())
    record(held, Kind.TASKS, by=by, at=at)
    return found


@transaction.atomic
def propose_tasks(*, assignment: Assignment, by: User, at: datetime | None = None) -> int:
    """Give every task nobody has to the areas that typically have it; what was agreed stays. Returns how many.

    Where the typical areas belong to different actors, both answer for the task: they must agree.
    """
    held = lock_assignment(assignment)
    actors = {
        Area.STEERING: held.steering_actor,
        Area.PLANNING: held.planning_actor,
        Area.COMMUNITY: held.community_actor,
    }
    known, done = {one.task: one for one in held.agreements.prefetch_related("duties")}, 0
    for task in TASKS:
        agreement = known.get(task.code)
        if agreement and (not agreement.is_needed or agreement.duties.all()):
            continue
        parts = _typical(task, actors)
        if not parts:
            continue
        agreement = agreement or TaskAgreement(assignment=held, task=task.code, version=0)
        agreement.version += 1
        agreement.save()
        _give(agreement, parts.items())
        done += 1
    if done:
        record(held, Kind.TASKS, by=by, at=at)
    return done


def _typical(task, actors: Mapping[Area, Actor | None]) -> dict[Actor, str]:
    taking_part = {actors[area]: Part.PARTICIPATING for area in task.typical(TAKES_PART) if actors[area]}
    return taking_part | {actors[area]: Part.RESPONSIBLE for area in task.typical(ANSWERS) if actors[area]}


def _give(agreement: TaskAgreement, parts: Iterable[tuple[Actor | User, str]]) -> None:
    TaskDuty.objects.bulk_create(
        TaskDuty(
            agreement=agreement,
            actor=who if isinstance(who, Actor) else None,
            person=who if isinstance(who, User) else None,
            part=part,
        )
        for who, part in parts
    )
