"""Topics, responsibility rules, text blocks and the loop's settings: lists edited in the interface (Q07)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from concerns.catalogue_querysets import RuleQuerySet, TopicQuerySet
from concerns.workflow import Language
from districts.models import ActionField, Borough, Department, District
from quartier.ranges import DateRange
from quartier.search import sort_key_field


class Topic(models.Model):
    """Topic catalogue in two levels: theme (no parent) and topic (K03)."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="Handlungsfeld"
    )
    code = models.SlugField("Kennung", max_length=60, unique=True)
    name = models.CharField("Name", max_length=120)
    keywords = models.TextField(
        "Stichwörter", blank=True, max_length=2000, help_text="Durch Komma getrennt; sie führen beim Tippen zum Thema."
    )
    action_field = models.ForeignKey(
        ActionField,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name="Handlungsfeld der Akteure und Angebote",
        help_text="Danach werden passende Angebote vorgeschlagen. Leer: wie beim Handlungsfeld des Themas.",
    )
    is_sensitive = models.BooleanField(
        "vertraulich",
        default=False,
        help_text="Nur das Team des Quartiers sieht diese Anliegen; nie auf Karte oder Tagesordnung.",
    )
    is_active = models.BooleanField("aktiv", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    sort_key = sort_key_field()

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "sort_key"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="topic_not_own_parent"),
            models.UniqueConstraint(fields=["parent", "name"], nulls_distinct=False, name="topic_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ResponsibilityRule(models.Model):
    """Who is responsible for a topic, in a district or borough or everywhere, and how long they have (K03)."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="rules", verbose_name="Thema")
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="rules", verbose_name="nur im Quartier"
    )
    borough = models.ForeignKey(
        Borough,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name="nur im Stadtbezirk",
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="rules", verbose_name="zuständig (federführend)"
    )
    co_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="beteiligt"
    )
    working_days = models.PositiveSmallIntegerField(
        "Frist in Arbeitstagen", default=10, validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    note = models.CharField("Hinweis", max_length=300, blank=True)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(district__isnull=True) | Q(borough__isnull=True), name="rule_one_kind_of_place"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rule_validity_in_order",
            ),
            models.CheckConstraint(condition=Q(working_days__range=(1, 250)), name="rule_working_days_in_range"),
            models.CheckConstraint(
                condition=Q(co_department__isnull=True) | ~Q(co_department=F("department")),
                name="rule_two_departments_differ",
            ),
            ExclusionConstraint(
                name="rule_no_overlap",
                expressions=[
                    ("topic", RangeOperators.EQUAL),
                    (Coalesce("district", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("borough", Value(0)), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} → {self.department.code}"


class TextBlock(models.Model):
    """Text block (Textbaustein) for replies of departments and for feedback to residents."""

    class Purpose(models.TextChoices):
        REPLY = "reply", "Antwort des Fachbereichs"
        FEEDBACK = "feedback", "Rückmeldung an Anliegengeber/in"
        INTERIM = "interim", "Zwischennachricht"

    name = models.CharField("Name", max_length=120)
    purpose = models.CharField("Zweck", max_length=10, choices=Purpose)
    result = models.CharField("zum Ergebnis", max_length=20, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="text_blocks"
    )
    language = models.CharField(
        "Sprache",
        max_length=5,
        choices=[one for one in Language.choices if one[0] != Language.OTHER],
        default=Language.DE,
    )
    text = models.TextField("Text", max_length=4000)
    is_active = models.BooleanField("aktiv", default=True)
    sort_key = sort_key_field()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class LoopSettings(models.Model):
    """The loop's figures that Sozialplanung sets; one row. No source names a deadline: the defaults are assumptions."""

    triage_days = models.PositiveSmallIntegerField("Sichten innerhalb von (Arbeitstage)", default=2)
    reply_days = models.PositiveSmallIntegerField("Frist für Fachbereiche ohne Regel (Arbeitstage)", default=10)
    feedback_days = models.PositiveSmallIntegerField("Rückmeldung nach Antwort (Arbeitstage)", default=5)
    own_work_days = models.PositiveSmallIntegerField("Eigene Bearbeitung (Arbeitstage)", default=10)
    remind_after_days = models.PositiveSmallIntegerField("Erinnerung nach Fristende (Arbeitstage)", default=1)
    lead_after_days = models.PositiveSmallIntegerField("Leitung nach Fristende (Arbeitstage)", default=5)
    planning_after_days = models.PositiveSmallIntegerField("Sozialplanung nach Fristende (Arbeitstage)", default=10)
    feedback_attempts = models.PositiveSmallIntegerField("Versuche bis „nicht erreichbar“", default=3)
    link_days = models.PositiveSmallIntegerField("Gültigkeit des Antwortlinks (Tage)", default=14)
    status_days = models.PositiveSmallIntegerField("Gültigkeit des Statuscodes nach Abschluss (Tage)", default=90)
    similar_months = models.PositiveSmallIntegerField("Ähnliche Anliegen der letzten (Monate)", default=6)
    retention_months = models.PositiveSmallIntegerField("Personendaten löschen nach Abschluss (Monate)", default=12)
    sensitive_retention_months = models.PositiveSmallIntegerField(
        "Personendaten vertraulicher Anliegen löschen nach Abschluss (Monate)", default=3
    )
    assistants_see_team_reporters = models.BooleanField(
        "Assistenzen sehen alle Anliegengeber/innen ihres Quartiers (sonst nur die selbst erfassten)", default=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="loop_settings_single_row"),
            models.CheckConstraint(
                condition=Q(remind_after_days__lte=F("lead_after_days"))
                & Q(lead_after_days__lte=F("planning_after_days")),
                name="loop_settings_steps_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    triage_days__range=(1, 250),
                    reply_days__range=(1, 250),
                    feedback_days__range=(1, 250),
                    own_work_days__range=(1, 250),
                    feedback_attempts__range=(1, 20),
                    link_days__range=(1, 90),
                    status_days__range=(1, 730),
                    similar_months__range=(1, 60),
                    retention_months__range=(1, 120),
                    sensitive_retention_months__range=(1, 120),
                ),
                name="loop_settings_in_range",
            ),
        ]

    def __str__(self) -> str:
        return "Einstellungen der Rückmeldeschleife"

    @classmethod
    def load(cls) -> "LoopSettings":
        """The settings row, with the defaults when nobody has set anything yet."""
        return cls.objects.get_or_create(pk=1)[0]
