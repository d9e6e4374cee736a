"""Who raised a concern, what they were told, and the log of who looked (Q02)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerns.querysets import FeedbackQuerySet, ReporterQuerySet
from concerns.workflow import (
    WAIVED,
    FeedbackKind,
    FeedbackResult,
    FeedbackState,
    Language,
    WaiverReason,
)
from districts.models import User

from .concern import Concern


class Reporter(models.Model):
    """Anliegengeber/in of one concern: own table, erasable; the duty to tell them is part of the row (I1, I5)."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", "Bewohner/in"
        GROUP = "group", "Gruppe / Initiative"
        INSTITUTION = "institution", "Institution"
        BODY = "body", "Gremium"
        POLITICS = "politics", "Politik"
        OBSERVATION = "observation", "Eigene Beobachtung"
        ANONYMOUS = "anonymous", "Anonym"

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", "Persönlich im Büro"
        PHONE = "phone", "Telefon"
        EMAIL = "email", "E-Mail"
        LETTER = "letter", "Brief"
        MULTIPLIER = "multiplier", "Über Multiplikator/in"
        NOTICE = "notice", "Aushang"
        NONE = "none", "Keine Rückmeldung gewünscht"

    Language = Language

    class Due(models.TextChoices):
        NONE = "", "nichts fällig"
        INTERIM = "interim", "Zwischennachricht"
        FINAL = "final", "Rückmeldung"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="reporters")
    kind = models.CharField("Wer meldet?", max_length=12, choices=Kind, default=Kind.RESIDENT)
    name = models.CharField("Name", max_length=120, blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail", max_length=254, blank=True)
    address = models.TextField("Anschrift", max_length=300, blank=True)
    channel = models.CharField("Rückmeldung über", max_length=10, choices=Channel, default=Channel.PHONE)
    language = models.CharField("Sprache", max_length=5, choices=Language, default=Language.DE)
    plain_language = models.BooleanField("Einfache Sprache", default=False)
    consent_store = models.BooleanField("Einverstanden, dass die Kontaktdaten gespeichert werden", default=False)
    consent_pass_on = models.BooleanField("Einverstanden mit Weitergabe an den Fachbereich", default=False)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    feedback_state = models.CharField(
        "Rückmeldung", max_length=12, choices=FeedbackState, default=FeedbackState.OPEN, editable=False
    )
    due = models.CharField(max_length=8, choices=Due, blank=True, editable=False)
    due_since = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    waiver_reason = models.CharField(max_length=16, choices=WaiverReason, blank=True, editable=False)
    waiver_note = models.CharField("Begründung", max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = ReporterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(feedback_state__in=sorted(WAIVED)) & ~Q(waiver_reason="")
                | ~Q(feedback_state__in=sorted(WAIVED)) & Q(waiver_reason=""),
                name="reporter_waiver_has_reason",  # I1
            ),
            models.CheckConstraint(
                condition=Q(due="", due_since__isnull=True, due_on__isnull=True)
                | (~Q(due="") & Q(due_since__isnull=False, due_on__isnull=False)),
                name="reporter_due_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(due="") | ~Q(feedback_state__in=sorted(WAIVED)), name="reporter_waived_owes_nothing"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", phone="", email="", address=""),
                name="reporter_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(consent_store=True) | Q(name="", phone="", email="", address=""),
                name="reporter_data_needs_consent",
            ),
            models.CheckConstraint(
                condition=~Q(kind="anonymous") | Q(name="", phone="", email="", address=""),
                name="reporter_anonymous_is_empty",
            ),
        ]
        indexes = [
            # the feedback worklist, longest waiting first
            models.Index(fields=["due_since", "id"], name="reporter_feedback_due", condition=~Q(due="")),
            # how many people wait in a district or at somebody's desk
            models.Index(fields=["concern", "due_on"], name="reporter_waiting", condition=~Q(due="")),
            # the list filtered by who reported; most are residents
            models.Index(fields=["kind", "concern"], name="reporter_kind", condition=~Q(kind="resident")),
            # retention: rows that still hold personal data
            models.Index(
                fields=["concern"],
                name="reporter_holds_data",
                condition=Q(erased_at__isnull=True, consent_store=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def label(self) -> str:
        """How the team names this reporter on screen: the name, or what they are."""
        return self.name or self.get_kind_display()


class Feedback(models.Model):
    """Rückmeldung: one attempt to tell one reporter, with its result (K09, N1)."""

    class Reaction(models.TextChoices):
        SATISFIED = "satisfied", "zufrieden"
        ACCEPTED = "accepted", "akzeptiert"
        UNSATISFIED = "unsatisfied", "unzufrieden"
        NONE = "none", "keine"

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="feedbacks")
    kind = models.CharField("Art", max_length=10, choices=FeedbackKind)
    channel = models.CharField("Weg", max_length=10, choices=Reporter.Channel)
    text = models.TextField("Wortlaut", max_length=8000)
    language = models.CharField("Sprache", max_length=5, choices=Reporter.Language, default=Reporter.Language.DE)
    attempt = models.PositiveSmallIntegerField("Versuch")
    result = models.CharField("Ergebnis", max_length=13, choices=FeedbackResult)
    reaction = models.CharField("Reaktion", max_length=11, choices=Reaction, blank=True)
    note = models.CharField("Notiz", max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "attempt"], name="feedback_attempt_once"),
            models.UniqueConstraint(
                fields=["reporter"], condition=Q(result=FeedbackResult.QUEUED), name="feedback_one_mail_under_way"
            ),
        ]
        indexes = [
            # basket: people whose last mail came back
            models.Index(
                fields=["reporter", "attempt"],
                name="feedback_undeliverable",
                condition=Q(result=FeedbackResult.UNDELIVERABLE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.attempt}"


class ReporterAccess(models.Model):
    """Who looked at the reporters of a concern, once a day and person (Q02)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="reporter_accesses")
    on = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["concern", "user", "on"], name="reporter_access_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on}"


class ErasureEntry(models.Model):
    """Ledger of removed personal data: that it happened and why, never what it was."""

    class Reason(models.TextChoices):
        RETENTION = "retention", "Aufbewahrungsfrist abgelaufen"
        REQUEST = "request", "Auf Wunsch der Person"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["reporter"], name="erasure_once")]

    def __str__(self) -> str:
        return f"{self.reason} {self.at:%d.%m.%Y}"
