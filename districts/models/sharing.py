"""Shared offices (Bürogemeinschaften): who shares rooms and work with the Quartiersmanagement (Z04)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils import timezone

from districts.querysets import OfficeShareQuerySet, ShareMemberQuerySet
from districts.roles import Perm
from districts.sharing import LABELS, MOVES, Status
from quartier.ranges import DateRange

from .actors import Actor
from .people import User
from .places import District, Office


class OfficeShare(models.Model):
    """A shared office of a district, from the idea on. The Quartiersmanagement belongs to each without being named."""

    class Form(models.TextChoices):
        ROOMS = "rooms", "nur Räume"
        PROJECTS = "projects", "Räume und gemeinsame Projekte"

    name = models.CharField("Name", max_length=160)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="office_shares", verbose_name="Quartier"
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="shares", verbose_name="Stadtteilbüro"
    )
    status = models.CharField(
        "Stand", max_length=8, choices=[(one.value, LABELS[one]) for one in Status], default=Status.IDEA.value
    )
    form = models.CharField("Form", max_length=8, choices=Form, default=Form.ROOMS)
    resources = models.TextField("Was gemeinsam genutzt wird", max_length=2000, blank=True)
    projects = models.TextField("Gemeinsame Projekte", max_length=2000, blank=True)
    agreed_on = models.DateField("Vereinbarung vom", null=True, blank=True)
    agreement = models.CharField("Wo die Vereinbarung liegt", max_length=200, blank=True)
    started_on = models.DateField("aktiv seit", null=True, blank=True, editable=False)
    ended_on = models.DateField("beendet am", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OfficeShareQuerySet.as_manager()

    class Meta:
        ordering = ["district__sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["decided", "active"]) | Q(office__isnull=False), name="office_share_has_place"
            ),
            models.CheckConstraint(
                condition=Q(status="active", started_on__isnull=False, ended_on=None)
                | Q(status="ended", ended_on__isnull=False)
                | Q(status__in=["idea", "explored", "sought", "decided"], started_on=None, ended_on=None),
                name="office_share_dates_fit_status",
            ),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="office_share_in_order",
            ),
            models.UniqueConstraint(
                fields=["office"], condition=~Q(status="ended"), name="office_share_once_per_office"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("districts:share", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change it: the same as `OfficeShareQuerySet.editable_by`, without asking again."""
        own = user.rights.districts(Perm.SHARE_OFFICES)
        return user.rights.can(Perm.SHARE_ALL_OFFICES) or self.district_id in own

    @property
    def next_states(self) -> list[tuple[str, str]]:
        """The states that may follow, with their words."""
        return [(one.value, LABELS[one]) for one in MOVES[Status(self.status)]]


class ShareMember(models.Model):
    """An actor belongs to a shared office, for a time (Q06)."""

    share = models.ForeignKey(OfficeShare, on_delete=models.CASCADE, related_name="members")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="share_members", verbose_name="Träger")
    role = models.CharField("Rolle", max_length=80, blank=True)
    room_share = models.CharField("Anteil an den Räumen", max_length=120, blank=True)
    hours = models.CharField("Wann vor Ort", max_length=120, blank=True)
    contribution = models.CharField("Was eingebracht wird", max_length=300, blank=True)
    valid_from = models.DateField("dabei seit", null=True, blank=True)
    valid_to = models.DateField("dabei bis", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ShareMemberQuerySet.as_manager()

    class Meta:
        ordering = ["actor__sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="share_member_in_order",
            ),
            ExclusionConstraint(
                name="share_member_once_at_a_time",
                expressions=[
                    ("share", RangeOperators.EQUAL),
                    ("actor", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} in {self.share}"

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()


class ShareAssessment(models.Model):
    """What speaks for and against a shared office in its quarter, at a time; stays as it was written."""

    share = models.ForeignKey(OfficeShare, on_delete=models.CASCADE, related_name="assessments")
    on = models.DateField("Stand vom", default=timezone.localdate)
    pros = models.TextField("Was dafür spricht", max_length=2000, blank=True)
    cons = models.TextField("Was dagegen spricht", max_length=2000, blank=True)
    conclusion = models.CharField("Fazit", max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.conclusion


class ShareEvent(models.Model):
    """What happened to a shared office; codes only, never changed or deleted."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "eingetragen"
        EDITED = "edited", "geändert"
        MOVED = "moved", "Stand geändert"
        MEMBER = "member", "Mitglied eingetragen oder geändert"
        ASSESSED = "assessed", "Einschätzung festgehalten"

    share = models.ForeignKey(OfficeShare, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=8, blank=True, choices=OfficeShare._meta.get_field("status").choices)
    on = models.DateField(null=True)  # the day from which a state holds
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.share}: {self.get_kind_display()}"

    @property
    def title(self) -> str:
        """What happened, as the history says it."""
        words = self.get_kind_display()
        words = words[:1].upper() + words[1:]
        return f"{words}: {self.get_status_display()} ab {self.on:%d.%m.%Y}" if self.status and self.on else words
