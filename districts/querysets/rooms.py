"""Reads on rooms and bookings (Z05)."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from districts.roles import Perm


def day_begins(day: date) -> datetime:
    """Midnight of a day in the city."""
    return timezone.make_aware(datetime.combine(day, time()))


class RoomQuerySet(models.QuerySet):
    """Reads on rooms."""

    def visible_to(self, user):
        """All rooms for teams, Sozialplanung and administration; for carrier staff those of their shared offices."""
        office = self.model._meta.get_field("office").related_model
        return self.filter(office__in=office.objects.rooms_seen_by(user).values("pk"))

    def bookable_by(self, user):
        """Rooms in use that a person may book: of the own districts' offices that are there, or of shared ones."""
        there = self.model._meta.get_field("office").related_model.objects.existing_on(timezone.localdate())
        own = there.filter(districts__in=user.rights.districts(Perm.BOOK_ROOMS)).values("pk")
        shared = there.shared_by(user).values("pk")
        return self.filter(Q(office__in=own) | Q(office__in=shared), is_active=True)


class BookingQuerySet(models.QuerySet):
    """Reads on bookings."""

    def visible_to(self, user):
        """Those of rooms a person may see; what they are for is `Booking.shows_purpose_to`'s business."""
        room = self.model._meta.get_field("room").related_model
        return self.filter(room__in=room.objects.visible_to(user).values("pk"))

    def changeable_by(self, user):
        """Those a person may change or cancel: of the own districts' offices, or of the own actor."""
        districts = user.rights.districts(Perm.BOOK_ROOMS)
        room = self.model._meta.get_field("room").related_model
        own = room.objects.filter(office__districts__in=districts).values("pk")
        return self.visible_to(user).filter(Q(room__in=own) | Q(actor__in=user.rights.actor_ids))

    def standing(self):
        """Without those that were cancelled."""
        return self.filter(cancelled_at=None)

    def overlapping(self, starts: datetime, ends: datetime):
        """Standing ones that share some time with a span."""
        return self.standing().filter(starts__lt=ends, ends__gt=starts)

    def between(self, first: date, last: date):
        """Those that begin on one of these days (both included)."""
        return self.filter(starts__gte=day_begins(first), starts__lt=day_begins(last + timedelta(days=1)))

    def used_on(self, rooms, first: date, last: date):
        """Standing ones of some rooms on some days, in their order."""
        return self.standing().filter(room__in=rooms).between(first, last)

    def left_after(self, share, day: date, *, actor=None):
        """Standing ones of a shared office's members (or of one of them) that begin after a day."""
        actors = [actor] if actor else share.members.values("actor")
        begin = day_begins(day + timedelta(days=1))
        return self.standing().filter(room__office=share.office_id, actor__in=actors, starts__gte=begin)

    def in_series_of(self, booking):
        """Those booked together with one and still for the same holder; nothing for a booking by itself."""
        return self.filter(series=booking.series, actor=booking.actor_id) if booking.series else self.none()

    def with_room(self):
        """With everything that decides who may see and change them."""
        return self.select_related("room__office", "actor", "by").prefetch_related("room__office__districts")
