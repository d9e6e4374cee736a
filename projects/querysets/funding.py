"""Reads on funding sources and finance lines (Z39, Z40)."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q

from districts.roles import Perm
from projects.money import FinanceState

SOON = timedelta(days=183)


class FundingSourceQuerySet(models.QuerySet):
    """Reads on funding sources."""

    def visible_to(self, user):
        """All for teams, departments and Sozialplanung."""
        return self if user.rights.can(Perm.READ_FUNDING) else self.none()

    def editable_by(self, user):
        """All for the Sozialplanung."""
        return self if user.rights.can(Perm.EDIT_FUNDING) else self.none()

    def with_next_deadline(self, today: date):
        """With `next_on`: the next day by which something has to be there."""
        return self.annotate(next_on=Min("deadlines__on", filter=Q(deadlines__on__gte=today)))


class FinanceLineQuerySet(models.QuerySet):
    """Reads on finance lines."""

    def visible_to(self, user):
        """All for quarter managers and Sozialplanung (Z40); assignments only for who may read posts."""
        if not user.rights.can(Perm.READ_FINANCE):
            return self.none()
        return self if user.rights.can(Perm.READ_POSTS) else self.filter(assignment=None)

    def writable_by(self, user):
        """All for the Sozialplanung; of the own projects for quarter managers."""
        if user.rights.can(Perm.EDIT_FUNDING):
            return self
        if not user.rights.can(Perm.WRITE_FINANCE):
            return self.none()
        projects = self.model._meta.get_field("project").related_model.objects
        return self.filter(project__in=projects.editable_by(user).values("pk"))

    def counted(self):
        """Without those of plans that only show how one is made."""
        measures = self.model._meta.get_field("measure").related_model.objects
        return self.exclude(measure__in=measures.filter(plan__is_sample=True).values("pk"))

    def with_names(self):
        """With source and what is paid for."""
        return self.select_related("source", "project", "measure", "assignment")

    def in_districts(self, districts):
        """Those of projects, measures and assignments of some districts, each once."""
        ids = [one.pk for one in districts]
        kinds = {"project": "project", "assignment": "assignment", "measure__plan": "actionplan"}
        found = Q()
        for path, column in kinds.items():
            model = self._model_at(path)
            through = model.districts.through.objects.filter(district__in=ids)
            found |= Exists(through.filter(**{column: OuterRef(f"{path}_id" if "__" not in path else path)}))
        return self.filter(found)

    def _model_at(self, path: str):
        model = self.model
        for part in path.split("__"):
            model = model._meta.get_field(part).related_model
        return model

    def due_between(self, since: date, until: date):
        """Open lines whose deadline lies in a span."""
        over = (FinanceState.REFUSED, FinanceState.SETTLED)
        return self.filter(deadline_on__range=(since, until)).exclude(state__in=over)

    def by_source(self):
        """In the order of an overview."""
        return self.order_by(F("source__sort_key").asc(nulls_last=True), "kind", "year", "pk")
