"""Reads on bodies and their members (Z18)."""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from districts.querysets import ValidityQuerySet
from districts.roles import Perm
from projects.workflow import AHEAD


def in_force(on: date, prefix: str = "") -> Q:
    """Members who belong to a body on a day."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on}))


class BodyQuerySet(models.QuerySet):
    """Reads on bodies."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; others see those they belong to today (appendix A)."""
        if user.rights.can(Perm.READ_BODIES):
            return self
        if not user.rights.can(Perm.SEE_INVITATIONS):
            return self.none()
        own = Q(department__in=list(user.rights.department_ids)) | Q(actor__in=list(user.rights.actor_ids))
        return self._with_seat(own)

    def told_to(self, user):
        """Those whose approved minutes and open follow-ups a person reads: all for teams and Sozialplanung, those the
        own actor belongs to today for carrier staff (appendix A)."""
        if user.rights.can(Perm.READ_BODIES):
            return self
        if not user.rights.can(Perm.READ_OWN_BODIES):
            return self.none()
        return self._with_seat(Q(actor__in=list(user.rights.actor_ids)))

    def _with_seat(self, whose: Q):
        seats = self.model._meta.get_field("members").related_model.objects.valid_on(timezone.localdate())
        return self.filter(Exists(seats.filter(whose, body=OuterRef("pk"))))

    def editable_by(self, user):
        """Those a person runs: of the own districts, the city's that they coordinate, or all (Sozialplanung)."""
        return self._of(user, Perm.EDIT_BODIES)

    def writable_by(self, user):
        """Those whose minutes and follow-ups a person writes."""
        return self._of(user, Perm.WRITE_MINUTES)

    def _of(self, user, perm: Perm):
        if user.rights.can(Perm.EDIT_ALL_BODIES):
            return self
        own = list(user.rights.districts(perm))
        if not own:
            return self.none()
        through = self.model.districts.through.objects.filter(body=OuterRef("pk"))
        return self.filter(Exists(through.filter(district__in=own)) | Q(coordinator=user))

    def of_team(self, user):
        """Those of the districts whose team somebody belongs to, and those somebody coordinates."""
        through = self.model.districts.through.objects.filter(
            body=OuterRef("pk"), district__in=list(user.rights.team_district_ids)
        )
        return self.filter(Exists(through) | Q(coordinator=user))

    def active(self, on: date):
        """Those that are not over on a day."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on))

    def for_list(self, on: date):
        """With what a list shows: districts, number of members, next date, open follow-ups."""
        follow_ups = self.model._meta.get_field("follow_ups").related_model.objects.open()
        sessions = self.model._meta.get_field("sessions").related_model.objects
        coming = sessions.filter(body=OuterRef("pk"), on__gte=on, status__in=AHEAD).order_by()
        waiting = follow_ups.filter(body=OuterRef("pk")).order_by()
        seats = self.model._meta.get_field("members").related_model.objects.filter(in_force(on), body=OuterRef("pk"))
        return self.prefetch_related("districts").annotate(
            member_count=_counted(seats.order_by()),
            next_on=models.Subquery(coming.values("body").annotate(first=Min("on")).values("first")),
            open_follow_ups=_counted(waiting),
        )


def _counted(rows) -> models.Func:
    counted = rows.values("body").annotate(n=Count("pk")).values("n")
    return models.functions.Coalesce(models.Subquery(counted), 0)


class BodyMemberQuerySet(ValidityQuerySet):
    """Reads on members of bodies."""

    def with_names(self):
        """With everything that names and reaches a member."""
        return self.select_related(
            *("actor", "contact", "user", "department"),
            *("deputy_for__actor", "deputy_for__contact", "deputy_for__user", "deputy_for__department"),
        )
