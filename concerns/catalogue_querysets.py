"""Reads on the catalogue of topics and on responsibility rules."""

from datetime import date

from django.db import models
from django.db.models import Q

from districts.querysets import ValidityQuerySet


class TopicQuerySet(models.QuerySet):
    """Reads on the catalogue of topics."""

    def in_use(self):
        """Topics a concern can be given: active ones below an active theme."""
        return self.filter(is_active=True, parent__is_active=True).select_related("parent")

    def without_rule(self, on: date):
        """Topics in use for which no rule at all is in force on a day."""
        rules = self.model._meta.get_field("rules").related_model.objects.valid_on(on)
        return self.in_use().exclude(pk__in=rules.values("topic"))

    def in_catalogue_order(self):
        """By theme, then by the order inside it."""
        return self.order_by("parent__position", "parent__sort_key", "parent_id", "position", "sort_key")


class RuleQuerySet(ValidityQuerySet):
    """Reads on responsibility rules."""

    def with_names(self):
        """With everything a sentence about a rule names."""
        return self.select_related("topic__parent", "district", "borough", "department", "co_department").defer(
            "district__boundary", "borough__boundary"
        )

    def of_ended(self, department, first_day: date):
        """Rules that still name an ended department after its end."""
        return self.filter(
            Q(department=department) | Q(co_department=department),
            Q(valid_to__isnull=True) | Q(valid_to__gte=first_day),
        )
