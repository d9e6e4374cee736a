"""Resident groups: what is known of an actor that residents run themselves, and its phases over time (Z31, Z32)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .actors import Actor
from .people import User


class ActivationPhase(models.IntegerChoices):
    """The three phases of activation: from being cared for to helping oneself (Z31)."""

    NEEDS = 1, "Phase 1: Bedürfnisse formulieren"
    AWAKENING = 2, "Phase 2: Selbsthilfe wecken"
    SELF_HELP = 3, "Phase 3: Selbsthilfe aktiviert"


class ResidentGroup(models.Model):
    """Bewohnergruppe: what an initiative or association of residents adds to its entry as an actor."""

    class Moderation(models.TextChoices):
        QM = "qm", "Quartiersmanagement"
        SHARED = "shared", "gemeinsam"
        CITIZENS = "citizens", "gewählte Bürgerinnen und Bürger"

    class Form(models.TextChoices):
        LOOSE = "loose", "lose Gruppe"
        FIRM = "firm", "feste Gruppe mit Regeln"
        FOUNDING = "founding", "Verein in Gründung"
        ASSOCIATION = "association", "eingetragener Verein"

    STARTS_IN = ActivationPhase.AWAKENING  # a first group that the Quartiersmanagement moderates (Z31)

    actor = models.OneToOneField(Actor, on_delete=models.PROTECT, related_name="group")
    founded_on = models.DateField("gegründet am", null=True, blank=True)
    topic = models.CharField("Thema", max_length=160, blank=True)
    moderation = models.CharField("Moderation durch", max_length=8, choices=Moderation, default=Moderation.QM)
    speakers = models.CharField("Gewählte Sprecherinnen und Sprecher", max_length=200, blank=True)
    speakers_consent_on = models.DateField("Einwilligung der Genannten vom", null=True, blank=True)
    form = models.CharField("Rechtsform", max_length=11, choices=Form, default=Form.LOOSE)
    members = models.PositiveIntegerField("Mitglieder (geschätzt)", null=True, blank=True)
    phase = models.PositiveSmallIntegerField("Phase", choices=ActivationPhase, default=ActivationPhase.AWAKENING)
    support = models.CharField("Was das Quartiersmanagement tut", max_length=300, blank=True)
    support_hours = models.DecimalField("Stunden im Monat", max_digits=5, decimal_places=1, null=True, blank=True)
    needs = models.CharField("Bedarf an Räumen oder Geld", max_length=300, blank=True)
    overload = models.CharField("Zeichen von Überlastung", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["actor__sort_key"]
        constraints = [
            models.CheckConstraint(condition=Q(phase__range=(1, 3)), name="group_phase_known"),
            models.CheckConstraint(
                condition=Q(moderation__in=["qm", "shared", "citizens"]), name="group_moderation_known"
            ),
            models.CheckConstraint(
                condition=Q(support_hours=None) | Q(support_hours__gte=0), name="group_hours_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(speakers="", speakers_consent_on=None)
                | ~Q(speakers="") & Q(speakers_consent_on__isnull=False),
                name="group_speakers_need_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.actor.name

    @property
    def proposed_phase(self) -> int | None:
        """The phase its moderation speaks for (scenario 16): the third as soon as elected citizens moderate.

        Nothing once somebody has decided on the phase under this moderation, whichever way.
        """
        if self.moderation != self.Moderation.CITIZENS or self.phase == ActivationPhase.SELF_HELP:
            return None
        last = next(iter(self.phases.all()), None)
        decided = last is not None and last.moderation == self.Moderation.CITIZENS
        return None if decided else ActivationPhase.SELF_HELP.value


class GroupPhase(models.Model):
    """From which day a resident group was in a phase, and who says so; only ever added to (a trigger)."""

    group = models.ForeignKey(ResidentGroup, on_delete=models.PROTECT, related_name="phases")
    phase = models.PositiveSmallIntegerField("Phase", choices=ActivationPhase)
    moderation = models.CharField("Moderation durch", max_length=8, choices=ResidentGroup.Moderation)
    since = models.DateField("seit")
    evidence = models.CharField("Woran sich das zeigt", max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(phase__range=(1, 3)), name="group_phases_known"),
        ]
        indexes = [
            # the phase of a group on a day (board, movement between two days)
            models.Index(fields=["group", "-since", "-id"], name="group_phase_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} seit {self.since:%d.%m.%Y}"
