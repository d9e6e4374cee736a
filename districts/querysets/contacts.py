"""Reads on contact persons and on the contact log, which belongs to the team (Z14, Z16)."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import DateField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from districts.roles import Perm

from .validity import ValidityQuerySet


class ContactPersonQuerySet(ValidityQuerySet):
    """Reads on contact persons."""

    def visible_to(self, user):
        """Those of every actor a person may see; what is private of them is `private_to`'s business."""
        if not user.rights.can(Perm.READ_ACTORS):
            return self.none()
        return self.filter(actor__merged_into=None)

    def may_be_named(self, on: date):
        """Those of a day who agreed that their name and their address at work are handed out (Q02)."""
        return self.valid_on(on).filter(consent_on__isnull=False)

    def kept_by(self, user):
        """Contact persons of today with whom this person keeps the contact (I9)."""
        return self.filter(keeper=user, actor__merged_into=None).exclude(valid_to__lt=timezone.localdate())

    def silent(self, *, today: date, months: int, notes):
        """Key persons and multipliers of today with whom none of `notes` was written for so many months, longest first.

        Each carries `spoken_on`; of somebody never spoken to it is None and the day of entry counts.
        """
        before = today - relativedelta(months=months)
        people = self.valid_on(today).filter(Q(is_key_person=True) | Q(is_multiplier=True))
        last = Subquery(notes.filter(person=OuterRef("pk")).order_by("-on").values("on")[:1])
        since = Coalesce("spoken_on", TruncDate("created_at"), output_field=DateField())
        found = people.annotate(spoken_on=last).annotate(silent_since=since)
        return found.filter(silent_since__lt=before).select_related("actor").order_by("silent_since", "pk")


class ContactNoteQuerySet(models.QuerySet):
    """Reads on the contact log."""

    def visible_to(self, user):
        """Notes of the own districts' teams; confidential ones only for managers. Never for anybody else."""
        team = list(user.rights.districts(Perm.CONTACT_LOG))
        confidential = list(user.rights.districts(Perm.CONFIDENTIAL_LOG))
        return self.filter(
            Q(district__in=team, is_confidential=False) | Q(district__in=confidential), actor__merged_into=None
        )

    def open_follow_ups(self):
        """Notes with a follow-up that nobody has settled yet."""
        return self.filter(follow_up_on__isnull=False, settled_at=None)

    def kept_by(self, user):
        """Open follow-ups that this person attends to (I9)."""
        return self.open_follow_ups().filter(keeper=user)

    def follow_ups_due(self, today: date):
        """Notes whose follow-up is due."""
        return self.open_follow_ups().filter(follow_up_on__lte=today)
