"""Reads on networks, their members, and relations between actors (Z15)."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from districts.roles import Perm

from .validity import ValidityQuerySet


class NetworkQuerySet(models.QuerySet):
    """Reads on networks."""

    def visible_to(self, user):
        """All networks for teams and Sozialplanung."""
        return self if user.rights.can(Perm.READ_ACTORS) else self.none()

    def editable_by(self, user):
        """Those a person may change: of the own districts and of the whole city, or all of them (Sozialplanung)."""
        found = self.visible_to(user)
        if user.rights.can(Perm.EDIT_ALL_ACTORS):
            return found
        if not user.rights.can(Perm.EDIT_ACTORS):
            return found.none()
        through = self.model.districts.through.objects.filter(network=OuterRef("pk"))
        own = through.filter(district__in=list(user.rights.districts(Perm.EDIT_ACTORS)))
        return found.filter(Q(Exists(own)) | Q(~Exists(through)))

    def active(self):
        """Those that work or begin to."""
        return self.filter(status__in=["starting", "active"])

    def kept_by(self, user):
        """Networks that have not ended and that this person attends to (I9)."""
        return self.filter(keeper=user).exclude(status="ended")

    def without_meeting(self, *, today: date, months: int):
        """Active ones that have not met for so many months, or of which no meeting is known."""
        before = today - relativedelta(months=months)
        return self.active().filter(Q(last_met_on__lt=before) | Q(last_met_on=None))

    def with_member_count(self, on: date):
        """With `member_count`: how many actors belong to it on a day."""
        return self.annotate(
            member_count=Count(
                "memberships",
                filter=Q(memberships__actor__merged_into=None)
                & (Q(memberships__valid_from=None) | Q(memberships__valid_from__lte=on))
                & (Q(memberships__valid_to=None) | Q(memberships__valid_to__gte=on)),
            )
        )


class NetworkMembershipQuerySet(ValidityQuerySet):
    """Reads on members of networks."""

    def of_present(self):
        """Without members that were merged into another actor."""
        return self.filter(actor__merged_into=None)


class RelationQuerySet(models.QuerySet):
    """Reads on relations between two actors."""

    def of(self, actor):
        """Relations of an actor in both directions whose other end is still there, the present ones first."""
        found = self.filter(Q(source=actor) | Q(target=actor)).present()
        return found.select_related("source", "target").order_by("kind", "pk")

    def present(self):
        """Those whose two ends are both still there: looks for the few that were merged, not for all the others."""
        actors = self.model._meta.get_field("source").related_model.objects
        merged = actors.filter(merged_into__isnull=False).values("pk")
        return self.exclude(source__in=merged).exclude(target__in=merged)
