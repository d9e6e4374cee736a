"""How far goals and measures are reached: indicators, values, evidence, assessments (D06, Z25)."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from districts.models import User

from .measures import Measure
from .plans import Goal


class GoalIndicator(models.Model):
    """What shows whether a goal comes nearer: output or outcome, with where it began and where it should go (D06).

    With `measure` it belongs to that measure and so to its Oberziel (Z25). `key` is the same in every version of the
    plan; values hang on it, everything else belongs to the version, and a superseded one keeps it.
    """

    class Kind(models.TextChoices):
        OUTPUT = "output", "Leistung (Output)"
        OUTCOME = "outcome", "Veränderung (Outcome)"

    class Counted(models.TextChoices):
        BY_HAND = "", "Werte werden eingetragen"
        MEASURES_DONE = "measures_done", "umgesetzte Maßnahmen dieses Oberziels (zählt das System)"
        MEASURES_BEGUN = "measures_begun", "umgesetzte und laufende Maßnahmen (zählt das System)"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="indicators")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="indicators", editable=False)
    key = models.UUIDField(default=uuid4, editable=False)
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
            models.CheckConstraint(
                condition=Q(measure=None) | Q(counted=""), name="goal_indicator_of_measure_by_hand"
            ),
            models.UniqueConstraint(
                fields=["goal", "name"], condition=Q(measure=None), name="goal_indicator_name_once"
            ),
            models.UniqueConstraint(
                fields=["measure", "name"], condition=Q(measure__isnull=False), name="measure_indicator_name_once"
            ),
            models.UniqueConstraint(fields=["goal", "key"], name="goal_indicator_once_in_version"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["key"], name="goal_indicator_by_key")]  # its values of all versions

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


class GoalStrike(models.Model):
    """A value, a piece of evidence or an assessment that does not hold: it stays to be read, with the reason (D06)."""

    value = models.OneToOneField(GoalValue, on_delete=models.PROTECT, null=True, related_name="strike")
    evidence = models.OneToOneField(GoalEvidence, on_delete=models.PROTECT, null=True, related_name="strike")
    assessment = models.OneToOneField(GoalAssessment, on_delete=models.PROTECT, null=True, related_name="strike")
    reason = models.CharField("Warum es nicht stimmt", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, evidence=None, assessment=None)
                | Q(value=None, evidence__isnull=False, assessment=None)
                | Q(value=None, evidence=None, assessment__isnull=False),
                name="goal_strike_of_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="goal_strike_has_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
