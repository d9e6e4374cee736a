"""Reads on places, departments and people."""

from datetime import date

from django.db import models
from django.db.models import Q


class ValidityQuerySet(models.QuerySet):
    """Rows with `valid_from` and `valid_to` (inclusive, open ends allowed; requirement Q06)."""

    def valid_on(self, day: date):
        """Rows in force on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class UserQuerySet(models.QuerySet):
    """Reads on people."""

    def active(self):
        """People who may sign in."""
        return self.filter(is_active=True)

    def with_role(self, *roles, on: date):
        """Active people who hold one of `roles` on a day."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        return self.active().filter(pk__in=memberships.filter(role__in=roles).values("user"))

    def team_of(self, district_id: int, *, on: date):
        """Quarter managers and assistants of a district on a day."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.valid_on(on)
        return self.active().filter(pk__in=memberships.filter(district_id=district_id).values("user"))
