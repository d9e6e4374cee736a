"""Assignments of Quartiersmanagement: where, how long, who carries it, who decided (Z06, Z08–Z10)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils import timezone

from districts.assigning import Status
from districts.organising import Model
from districts.querysets import AssignmentQuerySet, OfAssignmentQuerySet
from quartier.ranges import DateRange
from quartier.search import sort_key_field

from .actors import Actor
from .lists import Programme
from .people import User
from .places import District


class Assignment(models.Model):
    """Quartiersmanagement for one or several districts, with a term (Z06). The end changes only with a term row."""

    class Type(models.TextChoices):
        GENERAL = "general", "allgemein"
        THEMATIC = "thematic", "thematisch"
        PROJECT = "project", "projektgebunden"

    name = models.CharField("Bezeichnung", max_length=120, unique=True)
    type = models.CharField("Art", max_length=8, choices=Type)
    theme = models.CharField("Thema", max_length=120, blank=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name="Programm"
    )
    districts = models.ManyToManyField(District, related_name="assignments", verbose_name="Quartiere")
    status = models.CharField("Stand", max_length=9, choices=Status, default=Status.AIMED)
    starts_on = models.DateField("Beginn", null=True, blank=True)
    ends_on = models.DateField("Ende", null=True, blank=True)
    decision_reference = models.CharField("Beschluss oder Vorlage", max_length=200, blank=True)
    strategy_note = models.TextField("Passung zur gesamtstädtischen Strategie", max_length=2000, blank=True)
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="Vorläufer"
    )
    # Who answers for the three areas of competence, and whether that area counts as Quartiersmanagement (Z10).
    model = models.PositiveSmallIntegerField("Organisationsmodell", choices=Model, null=True, blank=True)
    steering_actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Prozesssteuerung"
    )
    planning_actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Planung"
    )
    community_actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Gemeinwesenarbeit"
    )
    steering_is_qm = models.BooleanField("Prozesssteuerung gehört zum Quartiersmanagement", default=False)
    planning_is_qm = models.BooleanField("Planung gehört zum Quartiersmanagement", default=False)
    community_is_qm = models.BooleanField("Gemeinwesenarbeit gehört zum Quartiersmanagement", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = sort_key_field()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="assignment_status_known"),
            models.CheckConstraint(
                condition=Q(type__in=["general", "thematic", "project"]), name="assignment_type_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status="expired") | Q(ends_on__isnull=False), name="assignment_expired_has_end"
            ),
            models.CheckConstraint(
                condition=~Q(status="continued") | Q(ends_on=None), name="assignment_continued_has_no_end"
            ),
            models.CheckConstraint(condition=Q(model=None) | Q(model__range=(0, 5)), name="assignment_model_known"),
            models.CheckConstraint(
                condition=~Q(type="thematic") | ~Q(theme=""), name="assignment_thematic_has_theme"
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("id")), name="assignment_not_own_predecessor"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("districts:assignment", args=[self.pk])


class AssignmentCarrier(models.Model):
    """Who carries an assignment, alone or with others, and for how long (Z09)."""

    class Role(models.TextChoices):
        CARRIER = "carrier", "Träger"
        TANDEM = "tandem", "Tandempartner"
        BIDDER = "bidder", "Mitglied der Bietergemeinschaft"
        PARTNER = "partner", "Kooperationspartner"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="carriers")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="carried", verbose_name="Träger")
    role = models.CharField("Rolle", max_length=7, choices=Role, default=Role.CARRIER)
    valid_from = models.DateField("ab", null=True, blank=True)
    valid_to = models.DateField("bis", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = [F("valid_from").asc(nulls_first=True), "role", "actor__sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="assignment_carrier_in_order",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["carrier", "tandem", "bidder", "partner"]), name="assignment_carrier_role_known"
            ),
            ExclusionConstraint(
                name="assignment_carrier_once_at_a_time",
                expressions=[
                    ("assignment", RangeOperators.EQUAL),
                    ("actor", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="assignment_one_carrier_at_a_time",
                expressions=[
                    ("assignment", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="carrier"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"


class AssignmentTerm(models.Model):
    """A step in the history of an assignment's end: append-only, the newest one that counts is the end (Z06)."""

    class Reason(models.TextChoices):
        GRANTED = "granted", "bewilligt"
        EXTENDED = "extended", "verlängert"
        APPLIED = "applied", "Verlängerung beantragt"
        SHORTENED = "shortened", "verkürzt"
        PERMANENT = "permanent", "entfristet"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="terms")
    reason = models.CharField("Grund", max_length=9, choices=Reason)
    previous_end = models.DateField("bisheriges Ende", null=True, blank=True)
    ends_on = models.DateField("Ende", null=True, blank=True)  # with „applied“: the end that is asked for
    on = models.DateField("Datum des Bescheids oder Antrags")
    reference = models.CharField("Aktenzeichen oder Vorlage", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["granted", "extended", "applied", "shortened", "permanent"]),
                name="assignment_term_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(reason="granted")
                | Q(reason="permanent", ends_on=None)
                | Q(reason__in=["extended", "applied"], ends_on__gt=F("previous_end"))
                | Q(reason="shortened", ends_on__isnull=False)
                & (Q(previous_end=None) | Q(ends_on__lt=F("previous_end"))),
                name="assignment_term_goes_the_right_way",
            ),
        ]

    def __str__(self) -> str:
        end = f"{self.ends_on:%d.%m.%Y}" if self.ends_on else "ohne Ende"
        return f"{self.get_reason_display()}: {end}"


class AssignmentDecision(models.Model):
    """What becomes of an assignment at its end, and why (Z08); append-only, the newest one counts."""

    class Choice(models.TextChoices):
        EXTEND = "extend", "verlängern"
        GENERAL = "general", "in allgemeines Quartiersmanagement überführen"
        CARRIER = "carrier", "an einen Träger übergeben"
        EXPIRE = "expire", "auslaufen lassen"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField("Entscheidung", max_length=7, choices=Choice)
    reason = models.TextField("Begründung", max_length=2000)
    on = models.DateField("entschieden am")
    reference = models.CharField("Beschluss oder Vorlage", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=["extend", "general", "carrier", "expire"]), name="assignment_decision_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="assignment_decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_choice_display()}"


class AssignmentEvent(models.Model):
    """What happened to an assignment; codes only, never changed or deleted."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "eingetragen"
        EDITED = "edited", "Angaben geändert"
        MOVED = "moved", "Stand geändert"
        CARRIER = "carrier", "Träger geändert"
        MODEL = "model", "Organisationsmodell geändert"
        TERM = "term", "Laufzeit geändert"
        DECIDED = "decided", "Entscheidung festgehalten"
        POST = "post", "Stelle geändert"
        STAFFING = "staffing", "Besetzung geändert"
        TASKS = "tasks", "Aufgabenverteilung geändert"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=9, blank=True)  # states, of „moved“
    target = models.CharField(max_length=9, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_kind_display()}"
