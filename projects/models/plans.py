"""Integrated action plans (IHK, ISEK) with their versions and goals (Z23, Z24)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from districts.models import ActionField, District, User
from projects.planning import IN_FORCE, PlanStatus
from projects.querysets import ActionPlanQuerySet, DiscardedDraftQuerySet, GoalQuerySet


class ActionPlan(models.Model):
    """One version of a plan. Versions of the same plan share `line`; one of them at most is in force (Z23)."""

    class Kind(models.TextChoices):
        IHK = "ihk", "Integriertes Handlungskonzept (IHK)"
        ISEK = "isek", "Integriertes städtebauliches Entwicklungskonzept (ISEK)"
        URBAN = "urban", "Städtebaulicher Rahmenplan"
        SOCIAL = "social", "Sozialer Rahmenplan"
        QUARTER = "quarter", "Quartierskonzept"

    line = models.UUIDField(default=uuid4, editable=False)
    number = models.PositiveSmallIntegerField("Fassung", default=1, editable=False)
    title = models.CharField("Titel", max_length=160)
    kind = models.CharField("Art", max_length=7, choices=Kind)
    districts = models.ManyToManyField(District, blank=True, related_name="action_plans", verbose_name="Quartiere")
    area = models.CharField("Gebiet in Worten", max_length=200, blank=True)
    as_of = models.DateField("Stand")  # the month, as its first day
    decision = models.CharField("Beschluss", max_length=200, blank=True)
    decided_on = models.DateField("beschlossen am", null=True, blank=True)
    authors = models.CharField("Erstellt von", max_length=300, blank=True)
    studies = models.TextField("Vorbereitende Untersuchungen", max_length=4000, blank=True)
    problems = models.TextField("Problemanalyse", max_length=8000, blank=True)
    vision = models.TextField("Leitbild", max_length=4000, blank=True)
    update_due_on = models.DateField("Fortschreibung fällig am", null=True, blank=True)
    # A plan that only shows how one is made: no figure counts it.
    is_sample = models.BooleanField("Muster: zählt in keiner Auswertung", default=False)
    status = models.CharField("Verfahren", max_length=10, choices=PlanStatus, default="draft", editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)
    # When the money of its measures was frozen: the moment it was superseded, or later for old rows.
    money_as_of = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        ordering = ["title", "-number"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="plan_status_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["ihk", "isek", "urban", "social", "quarter"]), name="plan_kind_known"
            ),
            models.CheckConstraint(condition=Q(as_of__day=1), name="plan_as_of_is_month"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(decided_on__isnull=False) & ~Q(decision=""),
                name="plan_adopted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="superseded", superseded_at__isnull=False, money_as_of__isnull=False)
                | ~Q(status="superseded") & Q(superseded_at=None, money_as_of=None),
                name="plan_superseded_once",
            ),
            models.UniqueConstraint(fields=["line", "number"], name="plan_version_once"),
            # Two who adopt or begin an update at once: the second is refused.
            models.UniqueConstraint(
                fields=["line"], condition=Q(status__in=sorted(IN_FORCE)), name="plan_one_in_force"
            ),
            models.UniqueConstraint(fields=["line"], condition=Q(status="draft"), name="plan_one_draft"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:plan", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it is still written."""
        return self.status == PlanStatus.DRAFT

    @property
    def is_in_force(self) -> bool:
        """Whether it holds: decided and not yet superseded."""
        return self.status in IN_FORCE


class Goal(models.Model):
    """Oberziel (Leitziel) of one version of a plan; `key` is the same in every version (Z24)."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="goals")
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=1)
    title = models.CharField("Oberziel", max_length=200)
    description = models.TextField("Beschreibung", max_length=4000, blank=True)
    problem = models.TextField("Welches Problem es angeht", max_length=2000, blank=True)
    action_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="goals", verbose_name="Handlungsfelder"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="goal_title_once"),
            models.UniqueConstraint(fields=["plan", "key"], name="goal_once_in_version"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:goal", args=[self.pk])


class DiscardedDraft(models.Model):
    """What is left of a draft that was given up: who did it when and why; append-only (Z23)."""

    plan_number = models.BigIntegerField(unique=True, editable=False)  # the key that the draft had
    line = models.UUIDField(editable=False)
    number = models.PositiveSmallIntegerField("Fassung", editable=False)
    title = models.CharField("Titel", max_length=160, editable=False)
    reason = models.CharField("Grund", max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DiscardedDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="discarded_draft_has_reason")]

    def __str__(self) -> str:
        return f"{self.title}, Fassung {self.number}"
