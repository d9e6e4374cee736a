"""Theme reports: needs carried into the administration, tracked like routings (Themenmeldung, K16)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from concerns.models import RoutingMessage
from concerns.workflow import NEEDS_REASON, OPEN_ROUTINGS, ReasonCategory, ReplyResult, RoutingStatus
from districts.models import Department, District, User
from districts.roles import Perm
from projects.querysets import ThemeRecipientQuerySet, ThemeReportQuerySet
from projects.workflow import ThemeReportStatus

from .needs import Need
from .sessions import Session


class ThemeReport(models.Model):
    """Themenmeldung: needs and counted concerns of a district (or the whole city) and a period, for somebody else.

    What is sent stays as it was: `content` holds the needs and counts of that moment, a trigger keeps all of it.
    """

    title = models.CharField("Titel", max_length=160)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="theme_reports",
        verbose_name="Quartier",
    )  # fmt: skip
    since = models.DateField("Zeitraum von")
    until = models.DateField("Zeitraum bis")
    needs = models.ManyToManyField(Need, blank=True, related_name="theme_reports", verbose_name="Themen")
    reason = models.TextField("Anlass", max_length=4000)
    request = models.TextField("Worum wir bitten", max_length=2000)
    content = models.JSONField(null=True, editable=False)
    status = models.CharField(
        "Stand", max_length=8, choices=ThemeReportStatus, default=ThemeReportStatus.DRAFT, editable=False
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    returned_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ThemeReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(reason="") & ~Q(request=""), name="theme_report_says_what"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="theme_report_period_in_order"),
            models.CheckConstraint(condition=Q(status__in=ThemeReportStatus.values), name="theme_report_status_known"),
            models.CheckConstraint(
                condition=Q(status=ThemeReportStatus.DRAFT, content=None, sent_at=None, sent_by=None)
                | ~Q(status=ThemeReportStatus.DRAFT)
                & Q(content__isnull=False, sent_at__isnull=False, sent_by__isnull=False),
                name="theme_report_sent_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(status=ThemeReportStatus.RETURNED, returned_at__isnull=False)
                | ~Q(status=ThemeReportStatus.RETURNED) & Q(returned_at=None),
                name="theme_report_returned_has_date",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="theme_report_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:theme_report", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether it has not been sent."""
        return self.status == ThemeReportStatus.DRAFT

    @property
    def where(self) -> str:
        """The district, or the whole city."""
        return self.district.name if self.district else "ganze Stadt"

    @property
    def period(self) -> str:
        """First and last day in words."""
        return f"{self.since:%d.%m.%Y} bis {self.until:%d.%m.%Y}"

    def may_edit(self, user: User) -> bool:
        """Whether a person may change the draft: `ThemeReportQuerySet.editable_by`, without asking again."""
        return self._is_own(user, Perm.EDIT_NEEDS)

    def may_send(self, user: User) -> bool:
        """Whether a person may send it and look after it: `sendable_by`, without asking again."""
        return self._is_own(user, Perm.DECIDE_NEEDS)

    def _is_own(self, user: User, perm: Perm) -> bool:
        return user.rights.can(Perm.REPORT_ALL_NEEDS) or self.district_id in user.rights.districts(perm)


class ThemeRecipient(models.Model):
    """Somebody a theme report goes to, with deadline, thread and answer; in the states of a routing."""

    report = models.ForeignKey(ThemeReport, on_delete=models.CASCADE, related_name="recipients")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="theme_reports",
        verbose_name="Fachbereich oder externe Stelle",
    )  # fmt: skip
    name = models.CharField("Ausschuss, Politik oder andere Stelle", max_length=160, blank=True)
    due_on = models.DateField("Antwort bis")
    agreed_due_on = models.DateField(editable=False)  # the date first asked for: "in time" is measured by it
    status = models.CharField("Stand", max_length=10, choices=RoutingStatus, default=RoutingStatus.SENT, editable=False)
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="assigned_theme_reports"
    )
    file_number = models.CharField("Aktenzeichen", max_length=60, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    query_since = models.DateField(null=True, editable=False)  # the clock stands still meanwhile
    finished_at = models.DateTimeField(null=True, editable=False)
    escalation = models.PositiveSmallIntegerField(default=0, editable=False)  # 1 reminder, 2 lead, 3 Sozialplanung
    return_reason = models.TextField(max_length=2000, blank=True, editable=False)
    return_suggestion = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    result = models.CharField("Ergebnis", max_length=10, choices=ReplyResult, blank=True, editable=False)
    reason_category = models.CharField("Grund", max_length=14, choices=ReasonCategory, blank=True, editable=False)
    date = models.DateField(null=True, editable=False)
    text = models.TextField("Antwort", max_length=8000, blank=True, editable=False)
    remark = models.TextField(max_length=4000, blank=True, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    entered_for_department = models.BooleanField(default=False, editable=False)

    objects = ThemeRecipientQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, name="") | Q(department=None) & ~Q(name=""),
                name="theme_recipient_is_one",
            ),
            models.UniqueConstraint(fields=["report", "department"], name="theme_recipient_department_once"),
            models.UniqueConstraint(fields=["report", "name"], name="theme_recipient_name_once", condition=~Q(name="")),
            models.CheckConstraint(condition=Q(status__in=RoutingStatus.values), name="theme_recipient_status_known"),
            models.CheckConstraint(
                condition=Q(status=RoutingStatus.QUERY, query_since__isnull=False)
                | ~Q(status=RoutingStatus.QUERY) & Q(query_since=None),
                name="theme_recipient_query_has_date",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN_ROUTINGS), finished_at=None)
                | ~Q(status__in=sorted(OPEN_ROUTINGS)) & Q(finished_at__isnull=False),
                name="theme_recipient_finished_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=RoutingStatus.RETURNED) | ~Q(return_reason=""),
                name="theme_recipient_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=RoutingStatus.ANSWERED) & ~Q(result="") & ~Q(text="")
                | ~Q(status=RoutingStatus.ANSWERED) & Q(result="", text=""),
                name="theme_recipient_answered_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(result__in=sorted(NEEDS_REASON)) | ~Q(reason_category=""),
                name="theme_recipient_negative_has_reason",  # I2
            ),
            models.CheckConstraint(
                condition=~Q(result=ReplyResult.PLANNED) | Q(date__isnull=False),
                name="theme_recipient_planned_has_date",
            ),
            models.CheckConstraint(condition=Q(escalation__range=(0, 3)), name="theme_recipient_escalation_steps"),
        ]
        indexes = [
            # inbox of a department, the most pressing first; overdue ones
            models.Index(
                fields=["department", "due_on", "id"], name="theme_recipient_inbox",
                condition=Q(status__in=sorted(OPEN_ROUTINGS)),
            ),
            models.Index(
                fields=["due_on"], name="theme_recipient_open_due", condition=Q(status__in=["sent", "accepted"])
            ),
            # inbox: what is finished, newest first
            models.Index(fields=["department", "-finished_at"], name="theme_recipient_finished"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The page of the department that answers."""
        return reverse("projects:theme_ticket", args=[self.pk])

    @property
    def label(self) -> str:
        """How it is called in lists and on paper."""
        return str(self.department or self.name)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.status in OPEN_ROUTINGS

    def is_late(self, today: date) -> bool:
        """Whether it is past its day with the clock running."""
        return self.status in (RoutingStatus.SENT, RoutingStatus.ACCEPTED) and self.due_on < today

    @property
    def signs_in(self) -> bool:
        """Whether the recipient answers in its inbox; for everybody else the team writes the answer in."""
        return self.department is not None and not self.department.answers_by_link


class ThemeMessage(models.Model):
    """Thread between the team and a recipient, as with a routing."""

    recipient = models.ForeignKey(ThemeRecipient, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=RoutingMessage.Kind)
    text = models.TextField("Nachricht", max_length=8000)
    new_due_on = models.DateField(null=True)
    from_recipient = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="interim") | Q(new_due_on__isnull=False), name="theme_message_interim_has_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"


class ToldAnswer(models.Model):
    """The minutes of a session say that the answer to a theme report was reported there."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="told_answers")
    recipient = models.ForeignKey(ThemeRecipient, on_delete=models.PROTECT, related_name="told")
    text = models.TextField(max_length=8000)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "recipient"], name="told_answer_once")]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.session_id}"


class ThemeEvent(models.Model):
    """History of needs and theme reports: append-only (a trigger), codes only, never text somebody wrote."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, related_name="events")
    report = models.ForeignKey(ThemeReport, on_delete=models.PROTECT, null=True, related_name="events")
    recipient = models.ForeignKey(ThemeRecipient, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=24)
    old = models.CharField(max_length=24, blank=True)
    new = models.CharField(max_length=24, blank=True)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # none: the clock
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(need__isnull=False, report=None, recipient=None) | Q(need=None, report__isnull=False),
                name="theme_event_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["need", "-at"], name="theme_event_of_need", condition=Q(need__isnull=False)),
            models.Index(fields=["report", "-at"], name="theme_event_of_report", condition=Q(report__isnull=False)),
            # figures: what became of needs in a period
            models.Index(fields=["at"], name="theme_event_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.at:%d.%m.%Y}"
