"""Reads on department mirrors, and whose mirror a person may see."""

from django.db import models
from django.db.models import Q

from districts.roles import Perm


class MirrorQuerySet(models.QuerySet):
    """Reads on mirrors."""

    def published(self):
        """Those that everybody who reads evaluations may see."""
        return self.filter(published_at__isnull=False)

    def visible_to(self, user):
        """All for the Sozialplanung, those of the own departments for their heads, else what was published."""
        if user.rights.can(Perm.EVALUATE):
            return self
        mine = Q(department_id__in=user.rights.lead_department_ids)
        if user.rights.can(Perm.READ_EVALUATION):
            return self.filter(mine | Q(published_at__isnull=False))
        return self.filter(mine)
