"""Outgoing mail: a row with a state before it is a message."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from districts.models import User

from .reporter import Feedback
from .routing import Routing


class OutgoingMail(models.Model):
    """One mail to one address; the unique key makes sending it twice impossible."""

    class Kind(models.TextChoices):
        FEEDBACK = "feedback", "Rückmeldung"
        ROUTING_LINK = "routing_link", "Antwortlink"
        URGENT_ROUTING = "urgent_routing", "Dringende Weiterleitung"
        DIGEST = "digest", "Tägliche Zusammenfassung"
        INVITATION = "invitation", "Einladung zu einer Sitzung"

    class State(models.TextChoices):
        QUEUED = "queued", "wartet"
        SENT = "sent", "versandt"
        FAILED = "failed", "endgültig fehlgeschlagen"
        BOUNCED = "bounced", "unzustellbar zurück"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=200, blank=True)  # class of the error, never the address
    feedback = models.OneToOneField(Feedback, on_delete=models.PROTECT, null=True, related_name="mail")
    routing = models.ForeignKey(Routing, on_delete=models.PROTECT, null=True, related_name="mails")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | Q(state__in=["queued", "failed"], sent_at__isnull=True),
                name="mail_sent_has_date",
            )
        ]
        indexes = [models.Index(fields=["next_try_at"], name="mail_queued", condition=Q(state="queued"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
