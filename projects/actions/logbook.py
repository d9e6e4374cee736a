"""What actions on projects and events share: locking, the log, the promised report of a result."""

from datetime import date, datetime

from concerns.actions.base import Conflict
from districts.models import User
from projects.models import Event, Project, ProjectLog, ProjectTask
from projects.workflow import TaskStatus

from .base import CHANGED, day

WITHDRAWN = "Es gibt keinen Tag mehr, an dem berichtet werden soll."


def lock_project(project: Project, version: int | None = None) -> Project:
    """Lock a project for the transaction and return it as it stands now.

    Raises:
        Conflict: somebody else has changed it since `version`.
    """
    found = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if version is not None and found.version != version:
        raise Conflict(CHANGED)
    return found


def lock_event(event: Event, version: int | None = None) -> Event:
    """The same for an event."""
    found = Event.objects.select_for_update(of=("self",)).select_related("district").get(pk=event.pk)
    if version is not None and found.version != version:
        raise Conflict(CHANGED)
    return found


def note(
    subject: Project | Event,
    kind: str,
    *,
    by: User,
    at: datetime,
    old: str = "",
    new: str = "",
    on: date | None = None,
    **data,
) -> None:
    """Append to the log. `data` holds codes, dates (ISO) and ids, never text somebody wrote."""
    ProjectLog.objects.create(**of(subject), kind=kind, by=by, at=at, old=old, new=new, on=on or day(at), data=data)


def of(subject: Project | Event) -> dict:
    """The field of a task or log row that names what it belongs to."""
    return {"project" if isinstance(subject, Project) else "event": subject}


def promise_report(subject: Project | Event, *, by: User, at: datetime) -> None:
    """The day on which the result is reported becomes a task, which moves with it and is dropped without it (Z33)."""
    waiting = subject.tasks.select_for_update().filter(kind=ProjectTask.Kind.REPORT, status=TaskStatus.OPEN).first()
    if waiting is None:
        settled = subject.tasks.filter(kind=ProjectTask.Kind.REPORT, due_on=subject.report_on)
        if subject.report_on and not settled.exclude(result=WITHDRAWN).exists():
            ProjectTask.objects.create(
                **of(subject), kind=ProjectTask.Kind.REPORT, title="Ergebnis der Beteiligung berichten",
                owner=subject.keeper, due_on=subject.report_on,
            )  # fmt: skip
        return
    if subject.report_on is None:
        waiting.status, waiting.settled_on, waiting.settled_by = TaskStatus.DROPPED, day(at), by
        waiting.result = WITHDRAWN
    waiting.due_on = subject.report_on or waiting.due_on
    waiting.version += 1
    waiting.save()
