"""Funds of districts, the versions of their rules, and the money of their years (Z34)."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils import timezone

from districts.models import ActionField, ActorType, District, Programme, User
from districts.roles import Perm
from projects.fund_workflow import COUNTER, EntryKind
from projects.querysets.funds import FundQuerySet, FundRuleQuerySet
from quartier.ranges import DateRange
from quartier.search import sort_key_field

from .bodies import Body

ZERO = Decimal("0.00")


def money_field(label: str, **options) -> models.DecimalField:
    """An amount in euros and cents, never below zero."""
    return models.DecimalField(label, max_digits=11, decimal_places=2, validators=[MinValueValidator(0)], **options)


class Fund(models.Model):
    """Stadtteilfonds or Verfügungsfonds: money that a body of the district gives to projects."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "Stadtteilfonds"
        DISPOSITION = "disposition", "Verfügungsfonds"

    code = models.CharField(
        "Kürzel", max_length=8, unique=True, help_text="Steht vor der Nummer jedes Antrags, zum Beispiel „SF“.",
        validators=[RegexValidator(r"^[A-ZÄÖÜ0-9]+$", "Bitte nur Großbuchstaben und Ziffern.")],
    )  # fmt: skip
    name = models.CharField("Name", max_length=160, unique=True)
    kind = models.CharField("Art", max_length=12, choices=Kind)
    districts = models.ManyToManyField(District, related_name="funds", verbose_name="Quartiere")
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="funds", verbose_name="Entscheidendes Gremium"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="funds", verbose_name="Programm"
    )
    info = models.TextField("Öffentlicher Hinweistext", max_length=4000, blank=True)
    remedy = models.TextField("Rechtsbehelf", max_length=1000, blank=True)
    is_public = models.BooleanField("Entscheidungen öffentlich zeigen", default=True)
    begins_on = models.DateField("besteht seit", null=True, blank=True)
    ends_on = models.DateField("besteht bis", null=True, blank=True)  # the last day
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = sort_key_field()

    objects = FundQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(begins_on=None) | Q(ends_on__gte=F("begins_on")), name="fund_in_order"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(code=""), name="fund_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:fund", args=[self.pk])

    def may_keep(self, user: User) -> bool:
        """Whether a person runs it: the same as `FundQuerySet.kept_by`, without asking again."""
        return self._is_of(user, Perm.KEEP_FUNDS)

    def may_draft(self, user: User) -> bool:
        """Whether a person enters applications: the same as `FundQuerySet.drafted_in`."""
        return self._is_of(user, Perm.DRAFT_APPLICATIONS)

    def _is_of(self, user: User, perm: Perm) -> bool:
        own = user.rights.districts(perm)
        return user.rights.can(Perm.EDIT_ALL_FUNDS) or any(one.pk in own for one in self.districts.all())

    def is_open_on(self, day: date) -> bool:
        """Whether it exists on a day; the last one counts."""
        return (self.begins_on is None or self.begins_on <= day) and (self.ends_on is None or day <= self.ends_on)

    def rule_on(self, day: date) -> "FundRule | None":
        """The rules in force on a day."""
        return self.rules.valid_on(day).first()


class FundRule(models.Model):
    """A version of a fund's rules; an application is checked by those of the day it came in."""

    class Residents(models.TextChoices):
        NO = "no", "nein"
        PARTNER = "partner", "nur mit einer Einrichtung als Partner"
        YES = "yes", "ja, auch allein"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="rules")
    valid_from = models.DateField("gilt ab")
    valid_to = models.DateField("gilt bis", null=True, blank=True)
    max_amount = money_field("Höchstbetrag je Projekt (€)", null=True, blank=True)
    own_share = models.DecimalField(
        "Mindest-Eigenanteil (%)", max_digits=4, decimal_places=1, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    volunteer_rate = money_field("Ehrenamtsstunde zählt (€)", default=0)
    types = models.ManyToManyField(
        ActorType, blank=True, related_name="+", verbose_name="Wer Anträge stellen darf (Arten von Akteuren)"
    )
    residents = models.CharField(
        "Bewohnerinnen und Bewohner dürfen Anträge stellen", max_length=7, choices=Residents, default=Residents.PARTNER
    )
    confirm = models.BooleanField("Nach dem Gremium entscheidet die Sozialplanung", default=False)
    threshold = money_field("Zweite Instanz über (€)", null=True, blank=True)
    second_body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Zweite Instanz"
    )
    focus_percent = models.PositiveSmallIntegerField(
        "Mindestens so viel Prozent für Schwerpunkte", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    focus_fields = models.ManyToManyField(ActionField, blank=True, related_name="+", verbose_name="Schwerpunkte")
    lead_days = models.PositiveSmallIntegerField(
        "Antrag mindestens … Tage vor Beginn", default=0, validators=[MaxValueValidator(366)]
    )
    proof_months = models.PositiveSmallIntegerField(
        "Verwendungsnachweis spätestens … Monate nach Ende", default=3,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )  # fmt: skip
    basis = models.CharField("Grundlage", max_length=200, blank=True)

    objects = FundRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="fund_rule_in_order"
            ),
            models.CheckConstraint(
                condition=Q(threshold=None, second_body=None) | Q(threshold__isnull=False, second_body__isnull=False),
                name="fund_rule_threshold_has_body",
            ),
            models.CheckConstraint(
                condition=Q(own_share__range=(0, 100), volunteer_rate__gte=0)
                & (Q(max_amount=None) | Q(max_amount__gt=0))
                & (Q(threshold=None) | Q(threshold__gte=0))
                & (Q(focus_percent=None) | Q(focus_percent__range=(0, 100)))
                & Q(proof_months__range=(1, 36)),
                name="fund_rule_in_range",
            ),
            ExclusionConstraint(
                name="fund_rule_one_at_a_time",
                expressions=[
                    ("fund", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Regeln ab {self.valid_from:%d.%m.%Y}"


class FundCriterion(models.Model):
    """A line of the checklist that somebody goes through by hand (Z36)."""

    class Kind(models.TextChoices):
        EXCLUSION = "exclusion", "Ausschluss"
        MUST = "must", "Pflicht"
        SCORE = "score", "Bewertung 0–3"

    rule = models.ForeignKey(FundRule, on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField("Art", max_length=9, choices=Kind)
    text = models.CharField("Kriterium", max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class FundRound(models.Model):
    """The last day on which applications for a round are taken."""

    fund = models.ForeignKey(Fund, on_delete=models.CASCADE, related_name="rounds")
    closes_on = models.DateField("Anträge bis")
    label = models.CharField("Bezeichnung", max_length=80, blank=True)

    class Meta:
        ordering = ["closes_on"]
        constraints = [models.UniqueConstraint(fields=["fund", "closes_on"], name="fund_round_once")]

    def __str__(self) -> str:
        return self.label or f"Runde bis {self.closes_on:%d.%m.%Y}"


class FundYear(models.Model):
    """The money of one year. The sums follow from the ledger: a trigger writes them, nobody else (see migration)."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("Jahr", validators=[MinValueValidator(1990), MaxValueValidator(2199)])
    budget = money_field("Budget", default=ZERO, editable=False)
    reserved = money_field("vorgemerkt", default=ZERO, editable=False)
    granted = money_field("bewilligt, noch nicht ausgezahlt", default=ZERO, editable=False)
    paid = money_field("ausgezahlt", default=ZERO, editable=False)
    returned = money_field("zurückgezahlt", default=ZERO, editable=False)
    # How often the budget was set: the trigger that books a change counts it.
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "year"], name="fund_year_once"),
            models.CheckConstraint(
                condition=Q(budget__gte=0, reserved__gte=0, granted__gte=0, paid__gte=0, returned__gte=0)
                & Q(returned__lte=F("paid")),
                name="fund_year_sums_in_order",
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=F("reserved") + F("granted") + F("paid") - F("returned")),
                name="fund_year_never_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.year}"

    @property
    def balance(self) -> Decimal:
        """What is still free: budget − reserved − granted − paid + returned."""
        return self.budget - self.reserved - self.granted - self.paid + self.returned

    @property
    def given(self) -> Decimal:
        """What is given away: the budget without the balance."""
        return self.budget - self.balance


class LedgerEntry(models.Model):
    """One movement of money; only ever added (a trigger). Its amount is positive, except when a budget is cut.

    A line that was wrong stays; a counter entry `reverses` it, once, with the same amount and a reason.
    """

    year = models.ForeignKey(FundYear, on_delete=models.PROTECT, related_name="entries")
    application = models.ForeignKey(
        "projects.FundApplication", on_delete=models.PROTECT, null=True, related_name="entries"
    )
    kind = models.CharField(max_length=8, choices=EntryKind)
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    on = models.DateField(default=timezone.localdate)
    reason = models.CharField(max_length=200, blank=True)  # of a change of the budget, of a reversal
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="budget", application=None) & ~Q(amount=0)
                | ~Q(kind="budget") & Q(application__isnull=False, amount__gt=0),
                name="ledger_entry_is_whole",
            ),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="ledger_entry_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=list(COUNTER.values()), reverses__isnull=False, reason__regex=r"\S")
                | ~Q(kind__in=list(COUNTER.values())) & Q(reverses=None),
                name="ledger_reversal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
