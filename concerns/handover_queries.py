"""Reads on proposals to hand over (D11)."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from districts.roles import Perm

DECIDED_DAYS = 30


class HandoverQuerySet(models.QuerySet):
    """Reads on proposals to hand over."""

    def visible_to(self, user):
        """Those in which a person gives, takes or proposes; all for whoever keeps up people and roles."""
        if user.rights.can(Perm.MANAGE_USERS):
            return self
        return self.filter(Q(person=user) | Q(to=user) | Q(proposed_by=user))

    def waiting(self):
        """Those nobody has decided yet."""
        return self.filter(state="waiting")

    def waiting_for(self, user):
        """Those this person shall agree to."""
        return self.waiting().filter(to=user).exclude(proposed_by=user)

    def of_desk(self, user):
        """What lies on a person's desk: to agree to, or proposed and not decided yet."""
        return self.waiting().filter(Q(person=user) | Q(to=user) | Q(proposed_by=user))

    def lately_decided(self, today: date):
        """Those decided within the last month."""
        return self.exclude(state="waiting").filter(decided_at__date__gte=today - timedelta(days=DECIDED_DAYS))

    def with_people(self):
        """With names and the number of things, in one query; the longest waiting first."""
        counted = self.annotate(size=models.Count("items"))
        return counted.select_related("person", "to", "proposed_by", "decided_by").order_by("proposed_at", "pk")
