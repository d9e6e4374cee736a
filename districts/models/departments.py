"""Departments (Fachbereiche), municipal enterprises, borough offices and external bodies (K19)."""

from django.db import models

from districts.querysets import ValidityQuerySet
from quartier.search import sort_key_field


class Department(models.Model):
    """Somebody who can answer a concern. Renamed or merged departments stay and point to their successor (I9)."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "Fachbereich"
        ENTERPRISE = "enterprise", "Eigenbetrieb"
        BOROUGH_OFFICE = "borough_office", "Bezirksamt"
        STAFF_UNIT = "staff_unit", "Stabsstelle"
        EXTERNAL = "external", "Externe Stelle"

    code = models.CharField("Kürzel", max_length=20, unique=True)
    name = models.CharField("Name", max_length=160)
    kind = models.CharField("Art", max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    division = models.CharField("Dezernat", max_length=120, blank=True)
    mailbox = models.EmailField("Funktionspostfach", blank=True)
    answers_by_link = models.BooleanField(
        "antwortet ohne Anmeldung über einen Link per E-Mail",
        default=False,
        help_text="Für externe Stellen ohne Zugang: Der Link gilt 14 Tage und zeigt nie, wer gemeldet hat.",
    )
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="Nachfolge"
    )
    note = models.TextField("Hinweis", blank=True, max_length=2000)
    sort_key = sort_key_field("code")

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="department_validity_in_order",
            ),
            models.CheckConstraint(condition=~models.Q(successor=models.F("id")), name="department_not_own_successor"),
            models.CheckConstraint(
                condition=models.Q(answers_by_link=False) | ~models.Q(mailbox=""),
                name="department_link_needs_mailbox",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def with_successor_ids(self) -> list[int]:
        """Ids of this department and of all that follow it, in order; ends at a circle, which no action lets arise."""
        found, at = [self.pk], self.successor_id
        while at is not None and at not in found:
            found.append(at)
            at = Department.objects.values_list("successor_id", flat=True).get(pk=at)
        return found

    def with_predecessor_ids(self) -> frozenset[int]:
        """Ids of this department and of all that it followed."""
        return ids_with_predecessors({self.pk})


def ids_with_predecessors(departments: set[int]) -> frozenset[int]:
    """Ids of departments and of all that they followed: a renaming never orphans a ticket (I9)."""
    found, level = set(departments), set(departments)
    while level:
        level = set(
            Department.objects.filter(successor_id__in=level).exclude(pk__in=found).values_list("pk", flat=True)
        )
        found |= level
    return frozenset(found)


class DepartmentContact(models.Model):
    """A person or desk inside a department with its area of responsibility; public office data only."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField("Name oder Stelle", max_length=120)
    responsibility = models.CharField("Zuständig für", max_length=200, blank=True)
    district = models.ForeignKey(
        "districts.District", on_delete=models.PROTECT, null=True, blank=True, verbose_name="Quartier"
    )
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
