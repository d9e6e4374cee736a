"""Reads on coordination talks (Z21)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from districts.roles import Perm


class CoordinationTalkQuerySet(models.QuerySet):
    """Reads on coordination talks."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; departments see those they are named in."""
        if user.rights.can(Perm.READ_BODIES):
            return self
        if not user.rights.can(Perm.ANSWER_ROUTINGS):
            return self.none()
        return self.of_departments(user.rights.department_ids)

    def editable_by(self, user):
        """Those of the own districts and the own ones for managers, all for the Sozialplanung."""
        if user.rights.can(Perm.EDIT_ALL_BODIES):
            return self
        own = list(user.rights.districts(Perm.EDIT_BODIES))
        if not own:
            return self.none()
        through = self.model.districts.through.objects.filter(coordinationtalk=OuterRef("pk"), district__in=own)
        return self.filter(Exists(through) | Q(by=user))

    def of_departments(self, departments):
        """Talks in which one of these departments took part."""
        named = self.model.departments.through.objects.filter(
            coordinationtalk=OuterRef("pk"), department__in=list(departments)
        )
        return self.filter(Exists(named))

    def for_list(self):
        """With what a list shows."""
        districts = self.model._meta.get_field("districts").related_model.objects.defer("boundary")
        return self.prefetch_related("departments", models.Prefetch("districts", districts))
