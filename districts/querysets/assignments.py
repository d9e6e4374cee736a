"""Reads on assignments, their posts, and on quarters with special challenges (Z06–Z08)."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from districts.assigning import STANDING
from districts.roles import Perm

from .validity import ValidityQuerySet


class AssignmentQuerySet(models.QuerySet):
    """Reads on assignments of Quartiersmanagement."""

    def visible_to(self, user):
        """All for Quartiersmanagement and Sozialplanung, nothing for anybody else (appendix A)."""
        return self if user.rights.can(Perm.READ_POSTS) else self.none()

    def editable_by(self, user):
        """All for the Sozialplanung, which leads all of Quartiersmanagement."""
        return self if user.rights.can(Perm.EDIT_POSTS) else self.none()

    def standing_on(self, day: date):
        """Those that support their quarters on a day: decided, and the day lies within their term."""
        return self.standing().filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))

    def ending_by(self, day: date):
        """Those that run or are about to and end by a day; also in the past, as long as nobody has said so."""
        return self.filter(status__in=["decided", "running"], ends_on__lte=day)

    def standing(self):
        """Those that are or were decided, whenever their term is."""
        return self.filter(status__in=STANDING)


class OfAssignmentQuerySet(ValidityQuerySet):
    """Reads on rows that hang on an assignment."""

    def editable_by(self, user):
        """All for the Sozialplanung."""
        return self if user.rights.can(Perm.EDIT_POSTS) else self.none()


class ClassificationQuerySet(ValidityQuerySet):
    """Reads on how the Sozialentwicklungsplan classifies districts."""

    def visible_to(self, user):
        """All for Quartiersmanagement and Sozialplanung."""
        return self if user.rights.can(Perm.READ_POSTS) else self.none()

    def editable_by(self, user):
        """All for the Sozialplanung."""
        return self if user.rights.can(Perm.EDIT_POSTS) else self.none()

    def challenged_on(self, day: date):
        """Quarters with special challenges on a day; one that was dissolved before needs nobody any more."""
        return self.valid_on(day).filter(kind="challenged").exclude(district__valid_to__lt=day)

    def without_management(self, day: date, *, leaving_out: Iterable[int] = ()):
        """Quarters with special challenges that no assignment supports on a day (Z08).

        `leaving_out`: ids of assignments that are reckoned away: „what if this one did not exist“.
        """
        assignments = self.model._meta.get_field("district").related_model._meta.get_field("assignments").related_model
        standing = assignments.objects.standing_on(day).exclude(pk__in=list(leaving_out))
        supported = standing.filter(districts=OuterRef("district"))
        return self.challenged_on(day).filter(~Exists(supported)).select_related("district")
