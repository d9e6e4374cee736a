"""What follows a grant, and what happened to funds and applications: proof of use and events (Z38)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from districts.models import User

from .applications import FundApplication
from .funds import ZERO, Fund, money_field


class ProofOfUse(models.Model):
    """Verwendungsnachweis: what was really spent, what has to come back, and what became of the project (Z38)."""

    application = models.OneToOneField(FundApplication, on_delete=models.PROTECT, related_name="proof")
    received_on = models.DateField("Nachweis eingegangen am")
    receipts = money_field("Summe der Belege (€)")
    to_return = money_field("Zurückzuzahlen (€)", default=ZERO)
    report = models.TextField("Kurzer Bericht: was daraus geworden ist", max_length=2000, blank=True)
    participants = models.PositiveIntegerField("Teilnehmende", null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(receipts__gte=0, to_return__gte=0), name="proof_amounts")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Nachweis {self.application_id}"


class FundEvent(models.Model):
    """What happened to a fund or an application; codes only, never changed or deleted (a trigger)."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "Fonds angelegt"
        EDITED = "edited", "Fonds geändert"
        RULES = "rules", "Neue Regeln"
        BUDGET = "budget", "Budget geändert"
        DRAFTED = "drafted", "Entwurf angelegt"
        CHANGED = "changed", "Antrag geändert"
        SUBMITTED = "submitted", "Antrag eingereicht"
        CHECKING = "checking", "Prüfung begonnen"
        CHECKED = "checked", "Geprüft"
        VOTED = "voted", "In der Sitzung abgestimmt"
        DECIDED = "decided", "Entschieden"
        NOTIFIED = "notified", "Bescheid zugestellt"
        PAID = "paid", "Ausgezahlt"
        REMINDED = "reminded", "An den Nachweis erinnert"
        PROVED = "proved", "Nachweis geprüft"
        RETURNED = "returned", "Geld zurückerhalten"
        DUE = "due", "Projekt zu Ende: Nachweis offen"
        SETTLED = "settled", "Abgerechnet"
        WITHDRAWN = "withdrawn", "Zurückgezogen"
        FILED = "filed", "Dokument hinzugefügt"
        UNFILED = "unfiled", "Dokument entfernt"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="events")
    application = models.ForeignKey(FundApplication, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=9, choices=Kind)
    data = models.JSONField(default=dict)  # codes, amounts, dates and ids only
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # none: the worker
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"
