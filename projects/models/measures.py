"""Measures of a plan with their colours and amendments, in the columns of Belm's table (Z25–Z27)."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from districts.models import Actor, User
from projects.planning import SHORT, MeasureStatus, amendment_words, month_words
from projects.querysets import AmendmentQuerySet, MeasureQuerySet

from .funding import FundingSource
from .plans import ActionPlan, Goal
from .projects import Project


class Measure(models.Model):
    """One row of the plan. `key` is the same in every version; what was decided is never rewritten (Z27).

    While a plan is a draft its new rows can be changed. After that, and for rows carried forward, only colour and
    steering change; everything else is an amendment. Triggers hold that.
    """

    class Kind(models.TextChoices):
        BUILDING = "building", "baulich"
        SOCIAL = "social", "sozial"
        BOTH = "both", "Verknüpfung von beidem"

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="measures")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="measures", verbose_name="Oberziel")
    key = models.UUIDField(default=uuid4, editable=False)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="carried_to", editable=False
    )
    position = models.PositiveSmallIntegerField("Reihenfolge", default=1)
    title = models.CharField("Maßnahme oder Projekt", max_length=300)
    description = models.TextField("Beschreibung", max_length=4000, blank=True)
    kind = models.CharField("Art", max_length=8, choices=Kind)
    is_urban_funded = models.BooleanField("Städtebauförderung vorgesehen", default=False)
    added_on = models.DateField("Aufnahme in das Konzept")  # the month, as its first day
    location = models.CharField("Ort", max_length=200, blank=True)
    # Steering: changes while the plan is in force.
    status = models.CharField("Farbe", max_length=7, choices=MeasureStatus, default="planned", editable=False)
    responsible = models.CharField("Verantwortlich", max_length=160, blank=True)
    starts_on = models.DateField("Beginn", null=True, blank=True)
    ends_on = models.DateField("Ende", null=True, blank=True)
    notes = models.TextField("Notizen zur Steuerung", max_length=4000, blank=True)
    # The decision of a body that the row began with; part of what was decided, so the triggers keep it.
    decision = models.ForeignKey(
        "projects.AgendaItem", on_delete=models.PROTECT, null=True, editable=False, related_name="measures"
    )
    projects = models.ManyToManyField(Project, blank=True, related_name="measures", verbose_name="Projekte")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["goal__position", "goal", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MeasureStatus.values), name="measure_status_known"),
            models.CheckConstraint(condition=Q(kind__in=["building", "social", "both"]), name="measure_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="measure_has_title"),
            models.CheckConstraint(condition=Q(added_on__day=1), name="measure_added_in_month"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name="measure_in_order"
            ),
            models.UniqueConstraint(fields=["plan", "key"], name="measure_once_in_version"),
        ]
        indexes = [models.Index(fields=["key"], name="measure_by_key")]  # amendments and colours of all versions

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:measure", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """Whether the row itself may still be changed: new in a draft."""
        return self.plan.is_draft and self.carried_from_id is None

    @property
    def short_status(self) -> str:
        """The colour in a few words."""
        return SHORT[MeasureStatus(self.status)]

    @property
    def added(self) -> str:
        """„Dez 01“."""
        return month_words(self.added_on)


class FurtherGoal(models.Model):
    """A further goal of a measure: one of the plan's, or in words; words of its own go before the goal's title."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="further_goals")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(goal__isnull=False) | ~Q(text=""), name="further_goal_says_which"),
        ]

    def __str__(self) -> str:
        return self.text or self.goal.title


class MeasureParticipant(models.Model):
    """Who carries a measure out or takes part: an actor of the directory, or in words („Bewohner“)."""

    class Role(models.TextChoices):
        CARRIER = "carrier", "ausführender Träger"
        PARTICIPANT = "participant", "beteiligt"

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="participants")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="measures")
    name = models.CharField(max_length=160)  # as it was written then: the directory may rename
    role = models.CharField(max_length=11, choices=Role, default=Role.PARTICIPANT)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="measure_participant_has_name"),
            models.CheckConstraint(condition=Q(role__in=["carrier", "participant"]), name="measure_participant_role"),
        ]

    def __str__(self) -> str:
        return self.name


class MeasureFunding(models.Model):
    """Other funding that is meant for a measure: a source, or in words; „evtl.“ when it is uncertain."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="fundings")
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, null=True, related_name="meant_for")
    name = models.CharField(max_length=160)
    is_uncertain = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="measure_funding_has_name")]

    def __str__(self) -> str:
        return f"evtl. {self.name}" if self.is_uncertain else self.name


class Amendment(models.Model):
    """Nachtrag: printed beneath the measure with its month; never changed, never deleted (Z27)."""

    class Kind(models.TextChoices):
        NARRATIVE = "narrative", "Sachstand oder Begründung"
        GOAL = "goal", "zusätzliches Ziel"
        PARTICIPANT = "participant", "zusätzlicher Beteiligter"
        FUNDING = "funding", "zusätzliche Finanzierung"
        STATUS = "status", "Statusänderung"

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="amendments")
    month = models.DateField("Monat")  # as its first day
    kind = models.CharField("Art", max_length=11, choices=Kind)
    text = models.CharField("Text", max_length=2000)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, null=True, related_name="+")
    is_uncertain = models.BooleanField("evtl.", default=False)
    decision = models.CharField("Beschluss", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["narrative", "goal", "participant", "funding", "status"]),
                name="amendment_kind_known",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="amendment_in_month"),
            models.CheckConstraint(condition=~Q(text=""), name="amendment_says_something"),
            models.CheckConstraint(
                condition=(Q(goal=None) | Q(kind="goal"))
                & (Q(actor=None) | Q(kind="participant"))
                & (Q(source=None, is_uncertain=False) | Q(kind="funding")),
                name="amendment_adds_what_it_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"

    @property
    def label(self) -> str:
        """„Nachtrag Dez. 03“."""
        return amendment_words(self.month)


class StatusChange(models.Model):
    """The history of a measure's colour, append-only; what is dropped says why in an amendment (Z26)."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="status_changes")
    status = models.CharField(max_length=7, choices=MeasureStatus)
    on = models.DateField()
    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, null=True, related_name="status_change")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MeasureStatus.values), name="status_change_known"),
            models.CheckConstraint(
                condition=~Q(status="dropped") | Q(amendment__isnull=False), name="status_change_dropped_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.get_status_display()}"
