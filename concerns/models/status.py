"""What residents reach without a login: the code of their status page, and what they say about the answer (K24)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerns.querysets import VoiceQuerySet
from districts.models import User

from .reporter import Feedback, Reporter

COMMENT_LIMIT = 1000


class StatusCode(models.Model):
    """The one valid status code of a reporter: only its hash, and what it can be made from again (decision 0017)."""

    reporter = models.OneToOneField(Reporter, on_delete=models.CASCADE, related_name="status_code")
    digest = models.CharField(max_length=64, unique=True)
    seed = models.CharField(max_length=32)  # with the secret key it gives the code, alone it gives nothing
    key = models.CharField(max_length=16)  # which secret key that was
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Statuscode {self.reporter_id}"


class Voice(models.Model):
    """Stimme: whether an answer helped the person who got it, one for each answer; the comment is personal data."""

    class Settled(models.TextChoices):
        DONE = "done", "Erledigt"
        REOPENED = "reopened", "Anliegen wieder geöffnet"

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="voices")
    answer_at = models.DateTimeField()  # which answer it is about: the concern's `feedback_due_at` then
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, null=True, related_name="+")
    helped = models.BooleanField("hat geholfen")
    comment = models.TextField("Kommentar von außen", max_length=COMMENT_LIMIT, blank=True)
    at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField("ansehen bis", null=True)  # when the team should have looked at a no
    settled = models.CharField(max_length=8, choices=Settled, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = VoiceQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "answer_at"], name="voice_once_an_answer"),
            models.CheckConstraint(
                condition=Q(helped=True, due_on__isnull=True, comment="", settled="")
                | Q(helped=False, due_on__isnull=False),
                name="voice_no_has_date",
            ),
            models.CheckConstraint(
                condition=Q(settled="", settled_at__isnull=True, settled_by__isnull=True)
                | ~Q(settled="") & Q(settled_at__isnull=False),
                name="voice_settled_has_moment",
            ),
        ]
        indexes = [
            # basket: what residents say and nobody has looked at, by date
            models.Index(fields=["due_on", "id"], name="voice_waiting", condition=Q(helped=False, settled="")),
        ]

    def __str__(self) -> str:
        return f"Stimme {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether the team still has to look at it."""
        return not self.helped and not self.settled
