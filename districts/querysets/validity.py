"""Rows that count for a time."""

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
