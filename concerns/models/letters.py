"""Letters to reporters: prepared in a batch, printed, and recorded as feedback once they are in the post (P03)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from concerns.querysets import LetterBatchQuerySet, LetterQuerySet
from concerns.workflow import FeedbackKind, Language, LetterState
from districts.models import User

from .reporter import Feedback, Reporter

SECOND_LANGUAGES = [one for one in Language.choices if one[0] not in {Language.DE, Language.OTHER}]


class LetterBatch(models.Model):
    """Stapel: letters prepared together and printed as one PDF."""

    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    dated_on = models.DateField("Datum der Briefe", default=timezone.localdate)
    # Counts every change of what is printed; only what was printed as it stands can be marked as sent.
    version = models.PositiveIntegerField(default=1)
    printed_version = models.PositiveIntegerField(default=0)

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(printed_version__lte=models.F("version")), name="letterbatch_printed_is_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"Briefe vom {self.dated_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """The batch's page."""
        return reverse("concerns:letters_batch", args=[self.pk])

    @property
    def is_printed(self) -> bool:
        """Whether the paper holds what the rows hold now."""
        return self.printed_version == self.version


class Letter(models.Model):
    """Brief: what one reporter is told on paper; personal data, erased with the reporter."""

    KINDS = [one for one in FeedbackKind.choices if one[0] in {FeedbackKind.FINAL, FeedbackKind.INTERIM}]

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="letters")
    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField("Art", max_length=10, choices=KINDS)
    text = models.TextField("Text", max_length=8000, blank=True)
    plain = models.BooleanField("Große Schrift und einfache Sprache", default=False)
    second_language = models.CharField("Zweite Sprache", max_length=5, choices=SECOND_LANGUAGES, blank=True)
    second_text = models.TextField("Text in der zweiten Sprache", max_length=8000, blank=True)
    written_at = models.DateTimeField(default=timezone.now)  # when somebody last looked over the words
    state = models.CharField(max_length=4, choices=LetterState, default=LetterState.OPEN)
    left_out = models.CharField("Ausgelassen, weil", max_length=200, blank=True)
    feedback = models.OneToOneField(Feedback, on_delete=models.PROTECT, null=True, related_name="letter")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Nobody is written to twice because two people prepared letters at the same time.
            models.UniqueConstraint(
                fields=["reporter"], condition=Q(state=LetterState.OPEN), name="letter_one_open_per_reporter"
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, feedback__isnull=False)
                | (~Q(state=LetterState.SENT) & Q(feedback__isnull=True)),
                name="letter_sent_is_recorded",
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.OUT) & ~Q(left_out="") | ~Q(state=LetterState.OUT) & Q(left_out=""),
                name="letter_left_out_has_reason",
            ),
            models.CheckConstraint(condition=~Q(state=LetterState.OPEN) | ~Q(text=""), name="letter_open_has_text"),
            models.CheckConstraint(
                condition=Q(second_text="") | ~Q(second_language=""), name="letter_second_text_has_language"
            ),
        ]

    def __str__(self) -> str:
        return f"Brief {self.pk}"

    @property
    def words(self) -> str:
        """Everything the person reads, in the order of the paper; what the feedback keeps."""
        return "\n\n".join(part for part in (self.text, self.second_text) if part)
