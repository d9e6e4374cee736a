"""Reads on sheets for the public."""

from django.db import models
from django.db.models import Q

from districts.models import User
from districts.roles import Perm


class SheetQuerySet(models.QuerySet):
    """Reads on sheets."""

    def visible_to(self, user: User, perm: Perm = Perm.GIVE_FEEDBACK):
        """Sheets of the districts in which `user` holds `perm`, and those without district of the person or office."""
        districts = user.rights.districts(perm)
        if not districts:
            return self.none()
        own = Q(made_by=user)
        if user.office_id:
            own |= Q(office_id=user.office_id)
        return self.filter(Q(district_id__in=districts) | Q(district__isnull=True) & own)

    def releasable_by(self, user: User):
        """Drafts this person may release."""
        return self.visible_to(user, Perm.TRIAGE).filter(released_at__isnull=True)

    def before(self, sheet):
        """Released sheets of the same kind and district that came before this one, the last one first."""
        same = self.filter(kind=sheet.kind, district=sheet.district, released_at__isnull=False)
        return same.filter(pk__lt=sheet.pk) if sheet.pk else same
