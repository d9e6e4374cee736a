"""Reads on sessions (Z19)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from districts.roles import Perm
from projects.workflow import AHEAD, TOOK_PLACE, SessionStatus


class SessionQuerySet(models.QuerySet):
    """Reads on sessions."""

    def visible_to(self, user):
        """Sessions of the bodies somebody may see; departments and carriers only from the invitation on, carriers also
        where there are minutes they may read."""
        bodies = self._bodies().visible_to(user)
        found = self.filter(body__in=bodies.values("pk"))
        if user.rights.can(Perm.READ_BODIES):
            return found
        return found.filter(Q(invited_at__isnull=False) | self._approved_for(user))

    def minutes_visible_to(self, user):
        """Those whose minutes somebody reads: all for teams and Sozialplanung, approved ones for carrier staff."""
        return self.held() if user.rights.can(Perm.READ_BODIES) else self.filter(self._approved_for(user))

    def _approved_for(self, user) -> Q:
        return Q(status=SessionStatus.APPROVED, body__in=self._bodies().told_to(user).values("pk"))

    def editable_by(self, user):
        """Sessions of the bodies somebody runs."""
        return self.filter(body__in=self._bodies().editable_by(user).values("pk"))

    def writable_by(self, user):
        """Sessions whose minutes somebody writes."""
        return self.filter(body__in=self._bodies().writable_by(user).values("pk"))

    def _bodies(self):
        return self.model._meta.get_field("body").related_model.objects

    def ahead(self, today: date):
        """Those still to come, the next first."""
        return self.filter(status__in=AHEAD, on__gte=today).order_by("on", "starts", "pk")

    def past(self, today: date):
        """Those that took place, were cancelled or whose day has gone, the latest first."""
        return self.exclude(status__in=AHEAD, on__gte=today).order_by("-on", "-pk")

    def held(self):
        """Those that took place."""
        return self.filter(status__in=TOOK_PLACE)

    def not_approved(self):
        """Those whose minutes nobody has approved yet."""
        return self.filter(status=SessionStatus.HELD)

    def next_dates_of(self, district, *, today: date):
        """Next dates of a district: sessions of its bodies and of those of the whole city, the next first (D02)."""
        through = self._bodies().model.districts.through.objects.filter(body=OuterRef("body"))
        here = Exists(through.filter(district=district))
        return self.ahead(today).filter(here | ~Exists(through)).select_related("body", "office")

    def in_public(self):
        """Those of public bodies that everybody may know of: not the cancelled ones."""
        return self.filter(Q(body__is_public=True)).exclude(status=SessionStatus.CANCELLED)
