"""Integrated action plans (IHK, ISEK) with their versions and goals (Z23, Z24)."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from districts.models import ActionField, District, User
from projects.planning import IN_FORCE, PlanStatus
from projects.querysets import ActionPlanQuerySet, GoalQuerySet


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
                condition=Q(status="superseded", superseded_at__isnull=False)
                | ~Q(status="superseded") & Q(superseded_at=None),
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


class GoalIndicator(models.Model):
    """What shows whether a goal comes nearer: output or outcome, with where it began and where it should go (D06)."""

    class Kind(models.TextChoices):
        OUTPUT = "output", "Leistung (Output)"
        OUTCOME = "outcome", "Veränderung (Outcome)"

    class Counted(models.TextChoices):
        BY_HAND = "", "Werte werden eingetragen"
        MEASURES_DONE = "measures_done", "umgesetzte Maßnahmen dieses Oberziels (zählt das System)"
        MEASURES_BEGUN = "measures_begun", "umgesetzte und laufende Maßnahmen (zählt das System)"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="indicators")
    kind = models.CharField("Art", max_length=7, choices=Kind)
    name = models.CharField("Indikator", max_length=160)
    unit = models.CharField("Einheit", max_length=40, blank=True)
    counted = models.CharField("Woher die Werte kommen", max_length=14, choices=Counted, blank=True, default="")
    baseline = models.DecimalField("Ausgangswert", max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField("im Jahr", null=True, blank=True)
    target = models.DecimalField("Zielwert", max_digits=14, decimal_places=2, null=True, blank=True)
    target_year = models.PositiveSmallIntegerField("bis zum Jahr", null=True, blank=True)
    source = models.CharField("Quelle", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["output", "outcome"]), name="goal_indicator_kind_known"),
            models.CheckConstraint(
                condition=Q(counted="") | Q(kind="output", counted__in=["measures_done", "measures_begun"]),
                name="goal_indicator_system_counts_output",
            ),
            models.CheckConstraint(
                condition=Q(baseline_year=None) | Q(target_year=None) | Q(target_year__gte=F("baseline_year")),
                name="goal_indicator_years_in_order",
            ),
            models.UniqueConstraint(fields=["goal", "name"], name="goal_indicator_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class GoalValue(models.Model):
    """The value of an indicator in a year; a correction is a later row, and the latest counts."""

    indicator = models.ForeignKey(GoalIndicator, on_delete=models.PROTECT, related_name="values")
    year = models.PositiveSmallIntegerField("Jahr")
    value = models.DecimalField("Wert", max_digits=14, decimal_places=2)
    note = models.CharField("Anmerkung", max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["year", "pk"]
        constraints = [models.CheckConstraint(condition=Q(year__range=(1950, 2199)), name="goal_value_year_of_plans")]

    def __str__(self) -> str:
        return f"{self.year}: {self.value}"


class GoalEvidence(models.Model):
    """What cannot be counted: a statement, a picture, a clipping in words (D06)."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", "Aussage"
        PHOTO = "photo", "Foto (wo es liegt)"
        CLIPPING = "clipping", "Pressebericht"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("Art", max_length=9, choices=Kind)
    text = models.TextField("Was zu sehen oder zu hören ist", max_length=2000)
    source = models.CharField("Von wem oder woher", max_length=200, blank=True)
    on = models.DateField("vom")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["statement", "photo", "clipping"]), name="goal_evidence_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="goal_evidence_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class GoalAssessment(models.Model):
    """How far a goal has been reached, with the reason; the latest one counts (D06)."""

    class Result(models.TextChoices):
        REACHED = "reached", "erreicht"
        PARTLY = "partly", "teilweise erreicht"
        NOT = "not", "nicht erreicht"
        UNMEASURABLE = "unmeasurable", "nicht messbar"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="assessments")
    result = models.CharField("Das Ziel ist", max_length=12, choices=Result)
    reason = models.TextField("Begründung", max_length=2000)
    on = models.DateField("vom")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["reached", "partly", "not", "unmeasurable"]), name="goal_assessment_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="goal_assessment_has_reason"),
        ]

    def __str__(self) -> str:
        return self.get_result_display()
