"""Who does which task of an assignment (Z11); the tasks themselves are `districts.tasks`."""

from django.db import models
from django.db.models import Q

from .actors import Actor
from .assignments import Assignment
from .people import User


class TaskAgreement(models.Model):
    """What was agreed on one task: a note, the day, or that the task does not arise here."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="agreements")
    task = models.CharField("Aufgabe", max_length=4)
    is_needed = models.BooleanField("fällt hier an", default=True)
    note = models.CharField("Anmerkung", max_length=300, blank=True)
    agreed_on = models.DateField("vereinbart am", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["task"]
        constraints = [models.UniqueConstraint(fields=["assignment", "task"], name="task_agreed_once")]

    def __str__(self) -> str:
        return f"{self.task}: {self.assignment}"


class TaskDuty(models.Model):
    """An actor or a person answers for a task or takes part in it."""

    class Part(models.TextChoices):
        RESPONSIBLE = "responsible", "verantwortlich"
        PARTICIPATING = "participating", "wirkt mit"

    agreement = models.ForeignKey(TaskAgreement, on_delete=models.CASCADE, related_name="duties")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField("Anteil", max_length=13, choices=Part)

    class Meta:
        ordering = ["-part", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor__isnull=False, person=None) | Q(actor=None, person__isnull=False),
                name="task_duty_of_an_actor_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(part__in=["responsible", "participating"]), name="task_duty_part_known"
            ),
            models.UniqueConstraint(
                fields=["agreement", "actor", "person"], nulls_distinct=False, name="task_duty_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.actor or self.person)
