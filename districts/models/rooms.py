"""Rooms of an office with their equipment, and who has booked them when (Z05)."""

from datetime import date, time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from districts.hours_words import span
from districts.querysets import BookingQuerySet, RoomQuerySet
from districts.roles import Perm
from quartier.ranges import MomentRange
from quartier.search import sort_key_field

from .actors import Actor
from .people import User
from .places import Office

TEAM = "Quartiersmanagement"


class Room(models.Model):
    """A room of an office that is shared; one that is no longer used stays with its bookings."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField("Name", max_length=80)
    size = models.PositiveSmallIntegerField("Größe in m²", null=True, blank=True)
    seats = models.PositiveSmallIntegerField("Sitzplätze", null=True, blank=True)
    is_barrier_free = models.BooleanField("barrierefrei", default=False)
    has_kitchen = models.BooleanField("mit Küche", default=False)
    note = models.CharField("Hinweis", max_length=200, blank=True)
    is_active = models.BooleanField("kann gebucht werden", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = sort_key_field()

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["office", "sort_key", "pk"]
        constraints = [models.UniqueConstraint("office", Lower("name"), name="room_name_once_per_office")]

    def __str__(self) -> str:
        return self.name

    @property
    def features(self) -> list[str]:
        """What the room is like, in words."""
        facts = (
            (self.size, f"{self.size} m²"),
            (self.seats, "1 Platz" if self.seats == 1 else f"{self.seats} Plätze"),
            (self.is_barrier_free, "barrierefrei"),
            (self.has_kitchen, "mit Küche"),
        )
        return [words for holds, words in facts if holds]


class Equipment(models.Model):
    """Something that can be used in a room: Beamer, Lautsprecher, Licht."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="equipment")
    name = models.CharField("Gerät", max_length=80)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("room", Lower("name"), name="equipment_once_per_room")]

    def __str__(self) -> str:
        return self.name


class Booking(models.Model):
    """A room for some hours of a day: for an actor of the shared office, or (without one) for the Quartiersmanagement.

    Those booked together as a series carry the same `series`; each is cancelled by itself or with what follows.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings", verbose_name="Raum")
    starts = models.DateTimeField("von")
    ends = models.DateTimeField("bis")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name="für"
    )
    purpose = models.CharField("Wofür", max_length=120)
    is_shown = models.BooleanField("Zweck allen zeigen, auch auf dem Plan an der Tür", default=False)
    series = models.UUIDField(null=True, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="bookings")
    at = models.DateTimeField(default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    cancel_reason = models.CharField("Grund der Absage", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="booking_in_order"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="booking_cancelled_with_reason",
            ),
            ExclusionConstraint(
                name="booking_room_once_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (MomentRange("starts", "ends"), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]
        indexes = [
            # What comes next for an actor, on the start page of its staff
            models.Index(fields=["actor", "starts"], name="booking_of_actor", condition=Q(cancelled_at=None)),
            # The rest of a series
            models.Index(fields=["series", "starts"], name="booking_series", condition=Q(series__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.room}, {self.day:%d.%m.%Y} {self.time}"

    def get_absolute_url(self) -> str:
        return reverse("districts:booking", args=[self.pk])

    @property
    def day(self) -> date:
        """The day on the wall calendar."""
        return timezone.localtime(self.starts).date()

    @property
    def start_time(self) -> time:
        """When it begins, on the clock at the wall."""
        return timezone.localtime(self.starts).time()

    @property
    def end_time(self) -> time:
        """When it ends, on the clock at the wall."""
        return timezone.localtime(self.ends).time()

    @property
    def time(self) -> str:
        """„9–12 Uhr“."""
        return span(self.start_time, self.end_time)

    @property
    def holder(self) -> str:
        """Who has the room."""
        return str(self.actor) if self.actor else TEAM

    def shows_purpose_to(self, user: User) -> bool:
        """Whether a person may read what the room is booked for (room with its office's districts must be loaded)."""
        return self.is_shown or self.may_change(user) or user.rights.can(Perm.SHARE_ALL_OFFICES)

    def may_change(self, user: User) -> bool:
        """Whether a person may change or cancel it: the same as `BookingQuerySet.changeable_by`."""
        own = user.rights.districts(Perm.BOOK_ROOMS)
        in_team = any(one.pk in own for one in self.room.office.districts.all())
        return in_team or self.actor_id in user.rights.actor_ids
