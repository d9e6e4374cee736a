"""Funding sources, and what each project, measure or assignment is paid from (Z39, Z40)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Round
from django.urls import reverse

from districts.models import ActionField, Assignment, Programme, User
from projects.money import FinanceKind, FinanceState, euros, hours_words
from projects.querysets import FinanceLineQuerySet, FundingSourceQuerySet
from quartier.search import sort_key_field

from .projects import Project


class FundingSource(models.Model):
    """Who may pay: a programme of the Land, a foundation, the volunteers of a quarter (Z39)."""

    class Level(models.TextChoices):
        EU = "eu", "EU"
        FEDERAL = "federal", "Bund"
        STATE = "state", "Land"
        REGION = "region", "Kreis oder Region"
        CITY = "city", "Kommune"
        FOUNDATION = "foundation", "Stiftung"
        CHURCH = "church", "Kirche"
        INSURANCE = "insurance", "Kasse"
        PRIVATE = "private", "Privat"
        VOLUNTEER = "volunteer", "Ehrenamt"

    class Status(models.TextChoices):
        OPEN = "open", "läuft"
        ANNOUNCED = "announced", "angekündigt"
        CLOSED = "closed", "ausgelaufen"

    name = models.CharField("Name", max_length=160, unique=True)
    short_name = models.CharField("Kurzname", max_length=40, blank=True)
    level = models.CharField("Ebene", max_length=10, choices=Level)
    owner = models.CharField("Wer das Programm führt", max_length=200, blank=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="funding_sources",
        verbose_name="Programm in der Stellenübersicht",
    )  # fmt: skip
    starts_on = models.DateField("von", null=True, blank=True)
    ends_on = models.DateField("bis", null=True, blank=True)
    purposes = models.TextField("Wofür es Geld gibt", max_length=2000, blank=True)
    action_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="funding_sources", verbose_name="Handlungsfelder"
    )
    conditions = models.TextField("Bedingungen", max_length=2000, blank=True)
    own_share = models.DecimalField(
        "Eigenanteil in Prozent", max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    # None: nobody knows yet. Own municipal staff is often not chargeable (002 L598).
    staff_chargeable = models.BooleanField("Eigenes Personal ist anrechenbar", null=True, blank=True)
    contact = models.CharField("Ansprechstelle", max_length=200, blank=True)
    link = models.URLField("Internetseite", blank=True)
    status = models.CharField("Stand", max_length=9, choices=Status, default=Status.OPEN)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="Nachfolge"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = sort_key_field()

    objects = FundingSourceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["eu", "federal", "state", "region", "city", "foundation", "church", "insurance",
                                       "private", "volunteer"]),
                name="funding_source_level_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "announced", "closed"]), name="funding_source_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="funding_source_in_order",
            ),
            models.CheckConstraint(
                condition=Q(own_share=None) | Q(own_share__range=(0, 100)), name="funding_source_share_in_range"
            ),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="funding_source_not_own_successor"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:source", args=[self.pk])

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class SourceDeadline(models.Model):
    """A day by which something has to be with the source."""

    source = models.ForeignKey(FundingSource, on_delete=models.CASCADE, related_name="deadlines")
    on = models.DateField()
    what = models.CharField(max_length=120)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "on", "what"], name="source_deadline_once"),
            models.CheckConstraint(condition=~Q(what=""), name="source_deadline_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y} {self.what}"


_ONE_THING = (
    Q(project__isnull=False, measure=None, assignment=None)
    | Q(project=None, measure__isnull=False, assignment=None)
    | Q(project=None, measure=None, assignment__isnull=False)
)


class PlannedCost(models.Model):
    """What a project, a measure or an assignment is going to cost: against it the gap is counted (Z40)."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, null=True, related_name="planned_cost")
    measure = models.OneToOneField("projects.Measure", on_delete=models.PROTECT, null=True, related_name="planned_cost")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, null=True, related_name="planned_cost")
    amount = models.DecimalField(
        "Geplante Kosten in Euro", max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    basis = models.CharField("Woher die Zahl kommt", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_THING, name="planned_cost_of_one_thing"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="planned_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.amount)


class LineInWords:
    """How a finance line is written, today's and one that was frozen with its version."""

    @property
    def value_words(self) -> str:
        """The amount, or that nobody knows it."""
        return "nicht bekannt" if self.value is None else euros(self.value)

    @property
    def volunteer_words(self) -> str:
        """„20 Stunden × 10,00 €“; empty for everything else."""
        return hours_words(self.hours, self.rate)


class FinanceLine(LineInWords, models.Model):
    """One piece of money, work or thing for exactly one project, measure or assignment (Z40).

    The amount may be unknown, which is not nought. Volunteer work counts as hours times a rate.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="finance_lines")
    measure = models.ForeignKey("projects.Measure", on_delete=models.PROTECT, null=True, related_name="finance_lines")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, related_name="finance_lines")
    source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, null=True, blank=True, related_name="finance_lines",
        verbose_name="Quelle",
    )  # fmt: skip
    kind = models.CharField("Art", max_length=9, choices=FinanceKind, default=FinanceKind.OTHER)
    state = models.CharField("Stand", max_length=8, choices=FinanceState, default=FinanceState.INTENDED)
    amount = models.DecimalField(
        "Betrag in Euro", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    hours = models.DecimalField(
        "Stunden", max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    rate = models.DecimalField(
        "Euro je Stunde", max_digits=6, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    value = models.GeneratedField(
        expression=Coalesce(F("amount"), Round(F("hours") * F("rate"), precision=2)),
        output_field=models.DecimalField(max_digits=14, decimal_places=2, null=True),
        db_persist=True,
    )
    year = models.PositiveSmallIntegerField("Jahr", null=True, blank=True)
    deadline_on = models.DateField("Frist", null=True, blank=True)
    deadline_what = models.CharField("Wofür die Frist gilt", max_length=120, blank=True)
    note = models.CharField("Anmerkung", max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FinanceLineQuerySet.as_manager()

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(condition=_ONE_THING, name="finance_line_pays_one_thing"),
            models.CheckConstraint(condition=Q(kind__in=FinanceKind.values), name="finance_line_kind_known"),
            models.CheckConstraint(condition=Q(state__in=FinanceState.values), name="finance_line_state_known"),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gte=0))
                & (Q(hours=None) | Q(hours__gte=0))
                & (Q(rate=None) | Q(rate__gte=0)),
                name="finance_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(hours=None, rate=None) | Q(kind="volunteer", hours__isnull=False, rate__isnull=False),
                name="finance_line_hours_with_rate",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(hours=None), name="finance_line_amount_or_hours"
            ),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(1950, 2199)), name="finance_line_year_of_plans"
            ),
            models.CheckConstraint(
                condition=Q(deadline_what="") | Q(deadline_on__isnull=False), name="finance_line_deadline_has_day"
            ),
        ]  # fmt: skip
        indexes = [
            # what a source pays; the overview per source and year
            models.Index(fields=["source", "year"], name="finance_line_by_source"),
            # deadlines that come near
            models.Index(fields=["deadline_on"], name="finance_line_due", condition=Q(deadline_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source_label} {self.year or ''}".strip()

    @property
    def source_label(self) -> str:
        """The source, or the kind where there is none."""
        return str(self.source) if self.source else self.get_kind_display()

    @property
    def owner(self) -> Project | models.Model | Assignment:
        """What it pays for."""
        return self.project or self.measure or self.assignment
