"""Routings to departments, the thread with them, and their replies."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from concerns.querysets import RoutingQuerySet
from concerns.workflow import NEEDS_REASON, OPEN_ROUTINGS, ReasonCategory, ReplyResult, RoutingStatus
from districts.models import Department, User

from .concern import Concern


class Routing(models.Model):
    """Weiterleitung: one question to one department; what the department sees of a concern (I7)."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="routings")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="routings", verbose_name="Fachbereich"
    )
    is_lead = models.BooleanField("federführend", default=False)
    text = models.TextField("Text an den Fachbereich", max_length=20_000)
    question = models.CharField("Was brauchen wir von Ihnen?", max_length=500, blank=True)
    due_on = models.DateField("Antwort bis")
    agreed_due_on = models.DateField(editable=False)  # the date first asked for: "answered in time" is measured by it
    status = models.CharField("Stand", max_length=10, choices=RoutingStatus, default=RoutingStatus.SENT, editable=False)
    urgent = models.BooleanField("dringend (sofort benachrichtigen)", default=False)
    released_contact = models.BooleanField("Kontaktdaten für diese Weiterleitung freigeben", default=False)
    suggested_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    override_reason = models.CharField("Grund für die Abweichung", max_length=300, blank=True)
    file_number = models.CharField("Aktenzeichen des Fachbereichs", max_length=60, blank=True)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_routings"
    )
    query_since = models.DateField(null=True, editable=False)  # the department's clock stands still meanwhile (K07)
    finished_at = models.DateTimeField(null=True, editable=False)
    return_reason = models.TextField("Warum nicht zuständig?", max_length=2000, blank=True, editable=False)
    return_suggestion = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    return_handled = models.BooleanField(default=False, editable=False)
    round = models.PositiveSmallIntegerField(default=0, editable=False)  # how often the concern had been reopened then
    escalation = models.PositiveSmallIntegerField(default=0, editable=False)  # 1 reminder, 2 lead, 3 Sozialplanung
    link_version = models.PositiveSmallIntegerField(default=0, editable=False)  # renewing a link ends the older ones

    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RoutingStatus.values), name="routing_status_known"),
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(is_lead=True) & Q(status__in=sorted(OPEN_ROUTINGS)),
                name="routing_one_open_lead",
            ),
            models.UniqueConstraint(
                fields=["concern", "department"],
                condition=Q(status__in=sorted(OPEN_ROUTINGS)),
                name="routing_one_open_per_department",
            ),
            models.CheckConstraint(
                condition=Q(status=RoutingStatus.QUERY, query_since__isnull=False)
                | (~Q(status=RoutingStatus.QUERY) & Q(query_since__isnull=True)),
                name="routing_query_has_date",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN_ROUTINGS), finished_at__isnull=True)
                | (~Q(status__in=sorted(OPEN_ROUTINGS)) & Q(finished_at__isnull=False)),
                name="routing_finished_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=RoutingStatus.RETURNED) | ~Q(return_reason=""),
                name="routing_returned_has_reason",  # I4
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True) | Q(accepted_at__isnull=False),
                name="routing_accepted_pair",
            ),
            models.CheckConstraint(
                condition=Q(suggested_department__isnull=True)
                | Q(suggested_department=F("department"))
                | ~Q(override_reason=""),
                name="routing_override_has_reason",
            ),
            models.CheckConstraint(condition=Q(escalation__range=(0, 3)), name="routing_escalation_steps"),
        ]
        indexes = [
            # inbox: own open routings by due date
            models.Index(
                fields=["department", "due_on", "id"],
                include=["status"],
                name="routing_inbox",
                condition=Q(status__in=sorted(OPEN_ROUTINGS)),
            ),
            # overdue at a department; escalation job
            models.Index(fields=["due_on"], name="routing_open_due", condition=Q(status__in=["sent", "accepted"])),
            # questions to the Quartiersmanagement
            models.Index(fields=["query_since"], name="routing_queries", condition=Q(status="query")),
            # the list filtered by what was given or called back
            models.Index(
                fields=["status", "concern"],
                name="routing_sent_back",
                condition=Q(status__in=[RoutingStatus.RETURNED, RoutingStatus.WITHDRAWN]),
            ),
            # inbox: answered and returned, newest first
            models.Index(fields=["department", "-finished_at"], name="routing_finished"),
            # coordination: waiting at step 3, most overdue first
            models.Index(
                fields=["due_on"],
                name="routing_escalated",
                condition=Q(escalation=3, status__in=sorted(OPEN_ROUTINGS)),
            ),
            # coordination: deviations from the proposal, newest first
            models.Index(fields=["-sent_at", "-id"], name="routing_overrides", condition=~Q(override_reason="")),
            # coordination: concerns that came back more than once
            models.Index(fields=["concern"], name="routing_returned", condition=Q(status=RoutingStatus.RETURNED)),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} → {self.department_id}"

    @property
    def is_open(self) -> bool:
        """Whether the department still owes an answer."""
        return self.status in OPEN_ROUTINGS


class RoutingMessage(models.Model):
    """Thread between Quartiersmanagement and department (K07): questions, answers to them, interim notices."""

    class Kind(models.TextChoices):
        QUERY = "query", "Rückfrage"
        QUERY_ANSWER = "query_answer", "Antwort auf Rückfrage"
        INTERIM = "interim", "Zwischennachricht"
        REMARK = "remark", "Mitteilung"

    routing = models.ForeignKey(Routing, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField("Nachricht", max_length=8000)
    new_due_on = models.DateField("neuer Termin", null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # none: through the link
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="interim") | Q(new_due_on__isnull=False), name="message_interim_has_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"


class Reply(models.Model):
    """Antwort: what the department answers, with the words for the resident (K08); one per routing."""

    routing = models.OneToOneField(Routing, on_delete=models.PROTECT, related_name="reply")
    result = models.CharField("Ergebnis", max_length=10, choices=ReplyResult)
    reason_category = models.CharField("Grund", max_length=14, choices=ReasonCategory, blank=True)
    date = models.DateField("erledigt am / geplant für", null=True, blank=True)
    text = models.TextField("Text für die Anliegengeber/in", max_length=8000)
    remark = models.TextField("Interner Hinweis an das Quartiersmanagement", max_length=4000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # none: link or written in
    entered_for_department = models.BooleanField(default=False)  # answer on paper, entered by Quartiersmanagement (K19)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reply_has_text"),
            models.CheckConstraint(
                condition=~Q(result__in=sorted(NEEDS_REASON)) | ~Q(reason_category=""),
                name="reply_negative_has_reason",  # I2
            ),
            models.CheckConstraint(
                condition=~Q(result=ReplyResult.PLANNED) | Q(date__isnull=False), name="reply_planned_has_date"
            ),
        ]

    def __str__(self) -> str:
        return self.get_result_display()
