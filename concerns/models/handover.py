"""Proposals that one person takes over what hangs on another; nothing moves before a second person agrees (D11, I9)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from concerns.handover_queries import HandoverQuerySet
from districts.models import ContactNote, ContactPerson, Network, User

from .concern import Concern
from .routing import Routing

TARGETS = ("concern", "routing", "note", "contact", "network")  # what an item can be; exactly one of them is set


class Handover(models.Model):
    """Some things of one person that another one shall take over, and what became of that."""

    class State(models.TextChoices):
        WAITING = "waiting", "wartet auf Zustimmung"
        CONFIRMED = "confirmed", "übernommen"
        DECLINED = "declined", "abgelehnt"
        WITHDRAWN = "withdrawn", "zurückgezogen"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_out", verbose_name="Von")
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_in", verbose_name="An")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="Vorgeschlagen von")
    proposed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField("Stand", max_length=9, choices=State, default=State.WAITING, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField("Warum nicht?", max_length=300, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "confirmed", "declined", "withdrawn"]), name="handover_state_known"
            ),
            models.CheckConstraint(condition=~Q(person=F("to")), name="handover_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | ~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="handover_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("person")),
                name="handover_agreed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(reason="") | ~Q(state="declined") & Q(reason=""),
                name="handover_no_has_reason",
            ),
        ]
        indexes = [
            # HandoverQuerySet.waiting_for and of_desk
            models.Index(fields=["to"], name="handover_waiting_to", condition=Q(state="waiting")),
            models.Index(fields=["person"], name="handover_waiting_from", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.to}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == self.State.WAITING


class HandoverItem(models.Model):
    """One thing of a proposal; afterwards what became of it."""

    class Result(models.TextChoices):
        NONE = "", "nicht übergeben"
        MOVED = "moved", "übernommen"
        GONE = "gone", "inzwischen erledigt oder bei jemand anderem"

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, null=True, related_name="handover_items")
    routing = models.ForeignKey(Routing, on_delete=models.PROTECT, null=True, related_name="handover_items")
    note = models.ForeignKey(ContactNote, on_delete=models.CASCADE, null=True, related_name="handover_items")
    # Whoever asks to be erased takes the row along.
    contact = models.ForeignKey(ContactPerson, on_delete=models.CASCADE, null=True, related_name="handover_items")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, null=True, related_name="handover_items")
    is_waiting = models.BooleanField(default=True)
    result = models.CharField(max_length=5, choices=Result, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concern__isnull=False, routing=None, note=None, contact=None, network=None)
                | Q(concern=None, routing__isnull=False, note=None, contact=None, network=None)
                | Q(concern=None, routing=None, note__isnull=False, contact=None, network=None)
                | Q(concern=None, routing=None, note=None, contact__isnull=False, network=None)
                | Q(concern=None, routing=None, note=None, contact=None, network__isnull=False),
                name="handover_item_is_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(is_waiting=True, result="") | Q(is_waiting=False), name="handover_item_result_at_the_end"
            ),
            *(
                models.UniqueConstraint(
                    fields=[name], condition=Q(is_waiting=True), name=f"handover_item_{name}_proposed_once"
                )
                for name in TARGETS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.target_pk}"

    @property
    def target(self) -> str:
        """Which of the `TARGETS` it is."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    @property
    def target_pk(self) -> int:
        """The id of the row."""
        return getattr(self, f"{self.target}_id")
