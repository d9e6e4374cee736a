"""Reads on offices."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from districts.roles import Perm


class OfficeQuerySet(models.QuerySet):
    """Reads on offices."""

    def with_hours(self):
        """With everything that decides when they are open, in a fixed number of queries."""
        return self.prefetch_related("slots__provider_actor", "exceptions")

    def existing_on(self, day: date):
        """Offices that are there on `day`."""
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gte=day)
        )

    def shared_by(self, user):
        """Offices whose active shared office an actor of this person belongs to today."""
        today = timezone.localdate()
        share = self.model._meta.get_field("shares").related_model
        member = share._meta.get_field("members").related_model
        members = member.objects.valid_on(today).filter(actor__in=user.rights.actor_ids)
        return self.filter(
            pk__in=share.objects.active_on(today).filter(pk__in=members.values("share")).values("office")
        )

    def rooms_seen_by(self, user):
        """Offices whose rooms a person may see: all for teams, Sozialplanung and administration, else shared ones."""
        if user.rights.can(Perm.READ_SHARES) or user.rights.can(Perm.EDIT_MASTER_DATA):
            return self
        return self.shared_by(user)

    def kept_by(self, user):
        """Offices whose hours this person keeps up: all, or those that serve the own districts."""
        if user.rights.can(Perm.EDIT_MASTER_DATA):
            return self
        return self._of_own(user, Perm.KEEP_HOURS)

    def rooms_kept_by(self, user):
        """Offices whose rooms this person enters and changes: all, or those that serve the own districts."""
        return self if user.rights.can(Perm.EDIT_MASTER_DATA) else self._of_own(user, Perm.SHARE_OFFICES)

    def _of_own(self, user, perm: Perm):
        return self.filter(pk__in=self.model.objects.filter(districts__in=user.rights.districts(perm)))
