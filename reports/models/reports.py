"""Evaluation reports (Z44): drafts that people write in, and released versions that never change again."""

import hashlib

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from districts.models import District, User
from districts.roles import Perm
from reports.querysets.reports import ReportQuerySet, RunQuerySet, TextQuerySet

LEAST_THRESHOLD, LARGEST_THRESHOLD = 3, 50


class ReportSettings(models.Model):
    """What may leave the house; one row."""

    threshold = models.PositiveSmallIntegerField("Zahlen darunter werden nicht ausgewiesen", default=5)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="report_settings_single_row"),
            models.CheckConstraint(
                condition=Q(threshold__range=(LEAST_THRESHOLD, LARGEST_THRESHOLD)),
                name="report_settings_threshold_in_range",
            ),
        ]

    def __str__(self) -> str:
        return "Einstellungen der Berichte"

    @classmethod
    def load(cls) -> "ReportSettings":
        """The settings row, with the defaults when nobody has set anything yet."""
        return cls.objects.get_or_create(pk=1)[0]


class Report(models.Model):
    """One version of an evaluation report. Triggers keep released ones as they are (docs/decisions/0018)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        RELEASED = "released", "Freigegeben"

    title = models.CharField("Titel", max_length=160)
    parameters = models.JSONField()  # a `reports.choice.Choice`
    chapters = models.JSONField()  # codes of the chapters that are in it
    state = models.CharField("Stand", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField("Version", default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    revision = models.PositiveIntegerField(default=0)  # counts every change of a draft, its texts included
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    frozen = models.JSONField(null=True)  # figures, texts, filters and definitions as released
    checksum = models.CharField(max_length=64, blank=True)  # of `frozen`; it stands in the foot of the PDF

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["draft", "released"]), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(
                    state="draft", released_by__isnull=True, released_at__isnull=True, frozen__isnull=True, checksum=""
                )
                | Q(state="released", released_by__isnull=False, released_at__isnull=False, frozen__isnull=False)
                & Q(checksum__regex=r"^[0-9a-f]{64}$"),
                name="report_released_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True) | Q(version__gt=1, supersedes__isnull=False),
                name="report_later_version_supersedes",
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="report_supersedes_another"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, Version {self.version}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("reports:report", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state == self.State.DRAFT


class ReportText(models.Model):
    """An assessment: of a district by its quarter managers, of everything by the Sozialplanung, or an outlook."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "Einschätzung des Quartiersmanagements"
        PLANNING = "planning", "Einschätzung der Sozialplanung"
        OUTLOOK = "outlook", "Ausblick und Bedarfe"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField("Text", blank=True, max_length=20_000)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "district__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "district"], nulls_distinct=False, name="report_text_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="district", district__isnull=False)
                | Q(kind__in=["planning", "outlook"], district__isnull=True),
                name="report_text_district_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.district or ''}".strip()

    @property
    def heading(self) -> str:
        """What stands above it: the district's name, or what kind of text it is."""
        return self.district.name if self.district_id else self.get_kind_display()


class ReportFile(models.Model):
    """A file of a released report, exactly as it was made at release."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV (ZIP)"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="report_file_once"),
            models.CheckConstraint(condition=Q(checksum__regex=r"^[0-9a-f]{64}$"), name="report_file_checksum"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_intact(self) -> bool:
        """Whether the stored bytes are still those that were released."""
        return hashlib.sha256(bytes(self.content)).hexdigest() == self.checksum


class ReportRun(models.Model):
    """One making of a report's files by the worker: what is wanted, how far it is, what came of it."""

    class Purpose(models.TextChoices):
        DRAFT = "draft", "Entwurf als PDF"
        RELEASE = "release", "Freigabe"

    class State(models.TextChoices):
        WAITING = "waiting", "wartet"
        RUNNING = "running", "läuft"
        DONE = "done", "fertig"
        FAILED = "failed", "gescheitert"
        CANCELLED = "cancelled", "abgebrochen"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="runs")
    purpose = models.CharField(max_length=8, choices=Purpose)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    revision = models.PositiveIntegerField()  # of the report when it was asked for
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    step = models.CharField(max_length=80, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)  # last sign of life
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)  # in German, for whoever asked
    content = models.BinaryField(null=True)  # the draft's PDF
    seen_at = models.DateTimeField(null=True)  # when whoever asked saw that it was ready

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(state__in=["waiting", "running"]), name="report_run_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="report_run_progress"),
        ]
        indexes = [
            # the notice on the next page: what this person asked for and has not seen yet
            models.Index(
                fields=["requested_by"],
                condition=Q(seen_at__isnull=True, state__in=["done", "failed"]),
                name="report_run_unseen",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_state_display()}"

    @property
    def is_active(self) -> bool:
        """Whether something is still to come."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    def may_be_stopped_by(self, user: User) -> bool:
        """Who asked for it and the Sozialplanung, as long as something is still to come."""
        return self.is_active and (self.requested_by_id == user.pk or user.rights.can(Perm.EVALUATE))
