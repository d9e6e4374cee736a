"""Reads on follow-ups and on concerns that bodies raised (Z20, K14)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from concerns.workflow import UNSETTLED, ConcernStatus
from districts.roles import Perm
from projects.workflow import PENDING, SessionStatus


class FollowUpQuerySet(models.QuerySet):
    """Reads on follow-ups."""

    def visible_to(self, user):
        """All for teams and Sozialplanung, the open ones of bodies their actor belongs to for carrier staff."""
        if user.rights.can(Perm.READ_BODIES):
            return self
        bodies = self.model._meta.get_field("body").related_model.objects
        return self.open().filter(body__in=bodies.told_to(user).values("pk"))

    def writable_by(self, user):
        """Follow-ups of the bodies whose minutes somebody writes."""
        bodies = self.model._meta.get_field("body").related_model.objects
        return self.filter(body__in=bodies.writable_by(user).values("pk"))

    def open(self):
        """Those that wait to be done: open, in progress or put off."""
        return self.filter(status__in=sorted(PENDING))

    def settled(self):
        """Those that are done or dropped."""
        return self.exclude(status__in=sorted(PENDING))

    def due(self, today: date):
        """Open ones whose day has come."""
        return self.open().filter(due_on__lte=today)

    def in_basket_of(self, user):
        """Those somebody (or whom they stand in for) keeps an eye on, and those of the own team that nobody does."""
        bodies = self.model._meta.get_field("body").related_model.objects
        nobody = (Q(owner=None) | Q(owner__is_active=False)) & Q(body__in=bodies.of_team(user).values("pk"))
        return self.filter(Q(owner__in={user.pk, *user.rights.stands_in_for}) | nobody)

    def open_on(self, day: date):
        """Those that were given before a day and not yet settled when it began: what its session speaks about."""
        return self.filter(Q(settled_on=None) | Q(settled_on__gte=day), given_on__lt=day)

    def for_lines(self):
        """With what a line shows: the session, what has become of it, how often it was put off."""
        return self.select_related("item__session", "raised__concern", "project", "need").prefetch_related(
            "postponements"
        )


class BodyConcernQuerySet(models.QuerySet):
    """Reads on concerns that bodies raised."""

    def waiting_to_be_told(self):
        """The answer is there, the body has not heard it, nor do unapproved minutes say so; never a sensitive one."""
        told = self.model._meta.get_field("told").related_model.objects
        reported = told.filter(raised=OuterRef("pk"), session__status=SessionStatus.HELD)
        return self.filter(
            ~Exists(reported),
            concern__status=ConcernStatus.FEEDBACK_DUE,
            concern__is_sensitive=False,
            reporter__feedback_state__in=UNSETTLED,
        ).select_related("concern__lead", "reporter")
