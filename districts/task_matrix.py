"""Who does which of the tasks in an assignment, with gaps and doubles (Z11)."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from districts.models import Actor, Assignment, TaskAgreement, TaskDuty, User
from districts.tasks import AREAS, TASKS, Task

# What the page can be narrowed to.
SHOWN = {"alle": "alle Aufgaben", "luecken": "Lücken", "doppelt": "doppelt", "offen": "noch nicht vereinbart"}
Party = Actor | User


@dataclass(frozen=True)
class TaskRow:
    """A task with everybody who has to do with it."""

    task: Task
    agreement: TaskAgreement | None
    responsible: list[Party] = field(default_factory=list)
    participating: list[Party] = field(default_factory=list)

    @property
    def is_needed(self) -> bool:
        """Whether the task arises in this assignment at all."""
        return self.agreement is None or self.agreement.is_needed

    @property
    def is_gap(self) -> bool:
        """Whether nobody answers for a task that arises."""
        return self.is_needed and not self.responsible

    @property
    def is_double(self) -> bool:
        """Whether several answer for it, so that nobody does."""
        return self.is_needed and len(self.responsible) > 1

    @property
    def is_open(self) -> bool:
        """Whether no day of an agreement is known."""
        return self.is_needed and (self.agreement is None or self.agreement.agreed_on is None)

    def is_shown(self, what: str) -> bool:
        """Whether the row belongs to a choice of SHOWN."""
        return {"luecken": self.is_gap, "doppelt": self.is_double, "offen": self.is_open}.get(what, True)


@dataclass(frozen=True)
class Matrix:
    """All tasks of an assignment."""

    rows: list[TaskRow]

    def groups(self, what: str = "alle") -> list[tuple[str, str, list[TaskRow]]]:
        """Letter, heading and rows of every group that has rows to show."""
        found = [
            (letter, title, [one for one in self.rows if one.task.group == letter and one.is_shown(what)])
            for letter, title in AREAS.items()
        ]
        return [one for one in found if one[2]]

    def counts(self) -> dict[str, int]:
        """How many rows each choice of SHOWN has."""
        return {what: sum(one.is_shown(what) for one in self.rows) for what in SHOWN}


def matrix(assignment: Assignment) -> Matrix:
    """Every task with what was agreed about it, in a fixed number of queries."""
    duties = TaskDuty.objects.select_related("actor", "person")
    known = {one.task: one for one in assignment.agreements.prefetch_related(Prefetch("duties", duties))}
    return Matrix([row_of(task, known.get(task.code)) for task in TASKS])


def row_of(task: Task, agreement: TaskAgreement | None) -> TaskRow:
    """One task with its parties (reads what was prefetched)."""
    duties = list(agreement.duties.all()) if agreement else []
    return TaskRow(
        task,
        agreement,
        [one.actor or one.person for one in duties if one.part == TaskDuty.Part.RESPONSIBLE],
        [one.actor or one.person for one in duties if one.part == TaskDuty.Part.PARTICIPATING],
    )


def parties(assignment: Assignment, row: TaskRow) -> list[Party]:
    """Who may have to do with a task: carriers, who answers for the areas, who fills posts, and whom the row names."""
    actors = [one.actor for one in assignment.carriers.select_related("actor")]
    actors += [assignment.steering_actor, assignment.planning_actor, assignment.community_actor]
    people = User.objects.filter(staffings__post__assignment=assignment).distinct()
    found = [*filter(None, actors), *people, *row.responsible, *row.participating]
    return list(dict.fromkeys(found))
