"""Sheets for the public: notices (P04) and "Gehört – getan" (N15). What hangs in the window is kept word for word."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from districts.models import District, Office, User
from reports.querysets.sheets import SheetQuerySet

MOST_ENTRIES = 40
CLEARED = "Geprüft: Das sind keine Personendaten"


class Sheet(models.Model):
    """Blatt: chosen topics in plain words, without personal data. A released one never changes."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "Aushang"
        HEARD = "heard", "Gehört – getan"

    kind = models.CharField("Art", max_length=6, choices=Kind)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="sheets", verbose_name="Quartier"
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    since = models.DateField("vom", null=True, blank=True)
    until = models.DateField("bis", null=True, blank=True)
    title = models.CharField("Überschrift", max_length=80)
    intro = models.TextField("Einleitung", max_length=500, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    cleared = models.BooleanField(CLEARED, default=False)  # like that of an entry: for title and introduction
    released_at = models.DateTimeField(null=True, editable=False)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    numbers = models.JSONField(null=True, editable=False)  # as they stood when the sheet was released

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="heard") | Q(district__isnull=False, since__isnull=False, until__isnull=False),
                name="sheet_heard_has_district_and_period",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True, until__isnull=True) | Q(since__lte=F("until")),
                name="sheet_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="sheet_released_pair",
            ),
            models.CheckConstraint(
                condition=Q(numbers__isnull=True) | Q(released_at__isnull=False), name="sheet_numbers_when_released"
            ),
        ]
        indexes = [models.Index(fields=["district", "-made_at", "-id"], name="sheet_district_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        """The sheet's page."""
        return reverse("reports:sheet", args=[self.pk])

    @property
    def is_released(self) -> bool:
        """Whether it may hang in public, and therefore never changes."""
        return self.released_at is not None


class SheetEntry(models.Model):
    """One topic on a sheet: what was heard, and what came of it."""

    class Section(models.TextChoices):
        DONE = "done", "Getan"
        WORKING = "working", "Noch in Arbeit"
        REFUSED = "refused", "Nicht möglich – und warum"

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="entries")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="sheet_entries")
    section = models.CharField("Abschnitt", max_length=8, choices=Section)
    heading = models.CharField("Was wir gehört haben", max_length=120)
    text = models.TextField("Was daraus geworden ist", max_length=700, validators=[MinLengthValidator(1)])
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    # Somebody has looked at the hints about personal data in exactly these words and wants them so.
    cleared = models.BooleanField(CLEARED, default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "concern"], name="sheet_concern_once"),
            models.CheckConstraint(condition=~Q(heading="") & ~Q(text=""), name="sheet_entry_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.concern_id}"
