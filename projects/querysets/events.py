"""Reads on events and on tasks of projects and events (Z30)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from districts.roles import Perm
from projects.workflow import YEAR, EventStatus


class EventQuerySet(models.QuerySet):
    """Reads on events."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; for departments those of their projects; for carriers also their own."""
        rights = user.rights
        if rights.can(Perm.READ_PROJECTS):
            return self
        if not (rights.can(Perm.SEE_PARTNER_PROJECTS) or rights.can(Perm.OWN_PROJECTS)):
            return self.none()
        projects = self.model._meta.get_field("project").related_model.objects.visible_to(user)
        own = Q(project__in=projects.values("pk"))
        if rights.can(Perm.OWN_PROJECTS):
            own |= self.of_actors(rights.actor_ids)
        return self.filter(own)

    def editable_by(self, user):
        """Those a person may change: of the own districts, or all (Sozialplanung)."""
        if user.rights.can(Perm.EDIT_ALL_PROJECTS):
            return self
        return self.filter(district__in=list(user.rights.districts(Perm.EDIT_EVENTS)))

    def of_actors(self, pks) -> Q:
        """Condition: one of these actors is among the organisers."""
        through = self.model.organisers.through.objects.filter(event=OuterRef("pk"))
        return Q(Exists(through.filter(actor__in=list(pks))))

    def on_days(self, first: date, last: date):
        """Those that take place between two days, both included."""
        return self.filter(on__lte=last).filter(Q(until__gte=first) | Q(until=None, on__gte=first))

    def ahead(self, today: date):
        """Those still to come or running, the next first; not the cancelled ones."""
        coming = Q(until__gte=today) | Q(on__gte=today)
        return self.filter(coming).exclude(status=EventStatus.CANCELLED).order_by("on", "starts", "pk")

    def unreported(self, today: date):
        """Those that are over and of which nobody has said yet whether they took place."""
        return self.filter(status=EventStatus.PLANNED).annotate(end=Coalesce("until", "on")).filter(end__lt=today)

    def to_repeat(self, today: date):
        """Those that come every year, are over or called off, and have no next one: while that is still ahead (Z30)."""
        over = self.filter(repeats_yearly=True, next=None, on__gt=today - YEAR)
        settled = Q(status=EventStatus.CANCELLED) | Q(status=EventStatus.HELD)
        return over.annotate(end=Coalesce("until", "on")).filter(settled, end__lt=today)

    def in_basket_of(self, user):
        """Those a person keeps, and those of the own districts that nobody keeps."""
        return self.filter(Q(keeper=user) | Q(keeper=None, district__in=list(user.rights.team_district_ids)))

    def for_public(self):
        """What everybody may see: released; also a cancelled one, with that word, until its day has passed."""
        return self.filter(is_public=True)


class ProjectTaskQuerySet(models.QuerySet):
    """Reads on tasks, milestones and promised reports."""

    def open(self):
        """Those nobody has settled yet."""
        return self.filter(status="open")

    def due(self, today: date):
        """Open ones whose day has come."""
        return self.open().filter(due_on__lte=today)

    def editable_by(self, user):
        """Those of projects and events a person may change, and those the person keeps in view."""
        meta = self.model._meta
        projects = meta.get_field("project").related_model.objects.editable_by(user)
        events = meta.get_field("event").related_model.objects.editable_by(user)
        return self.filter(Q(owner=user) | Q(project__in=projects.values("pk")) | Q(event__in=events.values("pk")))

    def visible_to(self, user):
        """All for whoever reads projects; partners see milestones on the page of the project."""
        return self if user.rights.can(Perm.READ_PROJECTS) else self.none()

    def in_basket_of(self, user):
        """Those a person keeps in view; those nobody does of the own districts, and of what the person keeps."""
        districts = list(user.rights.team_district_ids)
        through = self.model._meta.get_field("project").related_model.districts.through.objects
        here = Exists(through.filter(project=OuterRef("project"), district__in=districts))
        kept = Q(project__keeper=user) | Q(event__keeper=user)
        return self.filter(Q(owner=user) | Q(owner=None) & (kept | here | Q(event__district__in=districts)))
