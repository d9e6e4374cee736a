"""Reads on shared offices: teams and Sozialplanung see all, carrier staff those they belong to (Z04)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from districts.roles import Perm

from .validity import ValidityQuerySet


class OfficeShareQuerySet(models.QuerySet):
    """Reads on shared offices."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; for carrier staff those whose members they are today; else nothing."""
        if user.rights.can(Perm.READ_SHARES):
            return self
        members = self.model._meta.get_field("members").related_model.objects.valid_on(timezone.localdate())
        return self.filter(pk__in=members.filter(actor__in=user.rights.actor_ids).values("share"))

    def editable_by(self, user):
        """Those a person may change: of the own districts, or all of them (Sozialplanung)."""
        if user.rights.can(Perm.SHARE_ALL_OFFICES):
            return self
        return self.filter(district__in=user.rights.districts(Perm.SHARE_OFFICES))

    def lasting(self):
        """Without those that have ended."""
        return self.exclude(status="ended")

    def active_on(self, day: date):
        """Those that are or were active on a day."""
        ended = Q(ended_on=None) | Q(ended_on__gte=day)
        return self.filter(ended, status__in=["active", "ended"], started_on__lte=day)


class ShareMemberQuerySet(ValidityQuerySet):
    """Reads on members of shared offices."""

    def of_office(self, office, *, on: date):
        """Members of the office's active shared office on a day."""
        shares = self.model._meta.get_field("share").related_model.objects.active_on(on).filter(office=office)
        return self.valid_on(on).filter(share__in=shares.values("pk"), actor__merged_into=None)
