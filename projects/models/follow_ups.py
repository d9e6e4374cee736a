"""Follow-ups of sessions (Z20), and concerns that came from a body with the way their answer goes back (K14)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from concerns.models import Concern, Feedback, Reporter
from districts.models import User
from projects.querysets import BodyConcernQuerySet, FollowUpQuerySet
from projects.workflow import PENDING, FollowUpStatus

from .bodies import Body
from .sessions import AgendaItem, Session


class FollowUp(models.Model):
    """Auftrag: who does what until when; on every agenda until it is done or dropped."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="follow_ups")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups",
        verbose_name="Tagesordnungspunkt",
    )  # fmt: skip
    task = models.CharField("Was ist zu tun?", max_length=300)
    responsible = models.CharField("Wer kümmert sich?", max_length=120)
    # Whose work basket it lies in; without, in that of the district's team.
    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name="Im Blick behält es",
    )
    due_on = models.DateField("bis wann")
    given_on = models.DateField("vergeben am", default=timezone.localdate, editable=False)
    status = models.CharField(
        "Stand", max_length=7, choices=FollowUpStatus, default=FollowUpStatus.OPEN, editable=False
    )
    result = models.CharField("Ergebnis oder Grund", max_length=500, blank=True)
    settled_on = models.DateField(null=True, editable=False)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_known"),
            models.CheckConstraint(condition=~Q(task="") & ~Q(responsible=""), name="follow_up_says_who_and_what"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(PENDING), settled_on=None, settled_by=None)
                | ~Q(status__in=sorted(PENDING)) & Q(settled_on__isnull=False, settled_by__isnull=False),
                name="follow_up_settled_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(status="dropped") | ~Q(result=""), name="follow_up_dropped_has_reason"),
        ]
        indexes = [
            # what is due: basket, agenda
            models.Index(fields=["due_on", "body"], name="follow_up_due", condition=Q(status__in=sorted(PENDING))),
        ]

    def __str__(self) -> str:
        return self.task

    @property
    def is_open(self) -> bool:
        """Whether it still waits, also when somebody works on it or it was put off."""
        return self.status in PENDING

    @property
    def last_put_off(self) -> "Postponement | None":
        """The last time it was put off; with `for_lines` without asking again."""
        return max(self.postponements.all(), key=lambda one: one.pk, default=None)


class Postponement(models.Model):
    """A follow-up was put off: until when, and why. Never changed or deleted (a trigger)."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="postponements")
    since = models.DateField()  # the day that was set before
    until = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="postponement_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="postponement_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id}: {self.until:%d.%m.%Y}"


class BodyConcern(models.Model):
    """A concern that a body raised: where it came from, and the reporter row that owes the body the answer."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="raised")
    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="raised_by_body")
    reporter = models.OneToOneField(Reporter, on_delete=models.PROTECT, related_name="of_body")
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, null=True, related_name="raised")
    follow_up = models.OneToOneField(FollowUp, on_delete=models.PROTECT, null=True, related_name="raised")
    # What the approved minutes recorded; once.
    feedback = models.OneToOneField(Feedback, on_delete=models.PROTECT, null=True, related_name="of_body")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = BodyConcernQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, follow_up=None) | Q(item=None, follow_up__isnull=False),
                name="body_concern_came_from_somewhere",
            )
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.concern_id}"


class ToldReply(models.Model):
    """The minutes of a session say that an answer of the administration was reported there."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="told")
    raised = models.ForeignKey(BodyConcern, on_delete=models.PROTECT, related_name="told")
    text = models.TextField(max_length=8000)  # the answer as it was then

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "raised"], name="told_reply_once")]

    def __str__(self) -> str:
        return f"{self.raised} {self.session_id}"
