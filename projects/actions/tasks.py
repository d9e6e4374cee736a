"""Writes on tasks and milestones of projects and events, and handing over what somebody keeps in view (Z29, D11)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from districts.models import User
from projects.models import EffectCheck, Event, FollowUp, Project, ProjectTask
from projects.workflow import TASK_MOVES, UNDER_WAY, EventStatus, TaskStatus, may_move

from .base import CHANGED, Conflict, LoopError, day, moment
from .logbook import lock_event, lock_project, note, of


def _lock(task: ProjectTask) -> ProjectTask:
    found = ProjectTask.objects.select_for_update(of=("self",)).select_related("project", "event")
    return found.get(pk=task.pk)


@transaction.atomic
def save_task(
    *, subject: Project | Event, by: User, task: ProjectTask | None = None, version: int | None = None, **fields
) -> ProjectTask:
    """Give a task or set a milestone, or change an open one; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed or settled it meanwhile.
    """
    found = _lock(task) if task else ProjectTask(**of(subject))
    if task and (found.version != version or not found.is_open):
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if task else 0
    found.save()
    return found


@transaction.atomic
def settle_task(
    *,
    task: ProjectTask,
    status: str = TaskStatus.DONE,
    result: str = "",
    by: User,
    on: date | None = None,
    at: datetime | None = None,
) -> ProjectTask:
    """A task is done, or dropped for a reason; of a promised report `result` says where it was given.

    Raises:
        LoopError: dropped without a reason, or reported without saying where.
        Conflict: settled meanwhile.
    """
    found, at = _lock(task), moment(at)
    if status == TaskStatus.DROPPED and not result.strip():
        raise LoopError("Bitte schreiben, warum das entfällt.")
    if found.kind == ProjectTask.Kind.REPORT and not result.strip():
        raise LoopError("Bitte schreiben, wo und wie das Ergebnis berichtet wurde.")
    _move(found, status, result=result.strip(), settled_on=on or day(at), settled_by=by)
    if found.kind == ProjectTask.Kind.REPORT and status == TaskStatus.DONE:
        note(found.subject, "reported", by=by, at=at, on=found.settled_on)
    return found


@transaction.atomic
def reopen_task(*, task: ProjectTask, by: User) -> ProjectTask:
    """A task was settled too early.

    Raises:
        Conflict: it is open, or another report was promised meanwhile.
    """
    if task.project_id:  # before the task, as whoever promises a report does
        lock_project(Project(pk=task.project_id))
    else:
        lock_event(Event(pk=task.event_id))
    found = _lock(task)
    waiting = found.subject.tasks.filter(kind=ProjectTask.Kind.REPORT, status=TaskStatus.OPEN)
    if found.kind == ProjectTask.Kind.REPORT and waiting.exists():
        raise Conflict("Ein anderer Bericht ist inzwischen versprochen.")
    _move(found, TaskStatus.OPEN, settled_on=None, settled_by=None)
    return found


def _move(task: ProjectTask, to: str, **fields) -> None:
    if not may_move(TASK_MOVES, task.status, to):
        raise Conflict(f"Das steht inzwischen auf „{task.get_status_display()}“.")
    for name, value in {"status": to, **fields}.items():
        setattr(task, name, value)
    task.version += 1
    task.save(update_fields=["status", *fields, "version"])


def kept_by(person: User) -> dict:
    """What somebody keeps in view in this app, by the name of the field that names them: it must not be orphaned (I9).

    Projects that are not over or whose effect is still to be checked, planned events, open tasks, open follow-ups of
    bodies.
    """
    asked = EffectCheck.objects.filter(answer="").values("project")
    projects = Project.objects.filter(Q(status__in=UNDER_WAY) | Q(pk__in=asked), keeper=person)
    return {
        "projects": (projects, "keeper"),
        "events": (Event.objects.filter(keeper=person, status=EventStatus.PLANNED), "keeper"),
        "tasks": (ProjectTask.objects.filter(owner=person).open(), "owner"),
        "follow_ups": (FollowUp.objects.filter(owner=person).open(), "owner"),
    }


@transaction.atomic
def hand_over(*, person: User, to: User, by: User) -> int:
    """Everything that `person` keeps in view goes to `to`; returns how many rows.

    Raises:
        LoopError: to the same person, or to somebody without access.
    """
    people = User.objects.select_for_update().order_by("pk").in_bulk([person.pk, to.pk])
    if person.pk == to.pk or not people[to.pk].is_active:
        raise LoopError("Bitte jemanden wählen, der weiter da ist.")
    rows = [(found.values_list("pk", flat=True), found.model, holder) for found, holder in kept_by(person).values()]
    return sum(model.objects.filter(pk__in=list(pks)).update(**{holder: to}) for pks, model, holder in rows)
