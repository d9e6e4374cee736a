"""Reads on action plans, their goals, measures and amendments (Z23–Z27)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from districts.roles import Perm
from projects.planning import IN_FORCE, PlanStatus


class ActionPlanQuerySet(models.QuerySet):
    """Reads on versions of plans."""

    def visible_to(self, user):
        """Drafts for those who write or contribute; what was decided for every reader (appendix A)."""
        if user.rights.can(Perm.EDIT_PLANS) or user.rights.can(Perm.CONTRIBUTE_TO_PLANS):
            return self
        return self.exclude(status=PlanStatus.DRAFT) if user.rights.can(Perm.READ_PLANS) else self.none()

    def editable_by(self, user):
        """All for the Sozialplanung."""
        return self if user.rights.can(Perm.EDIT_PLANS) else self.none()

    def contributed_by(self, user):
        """Those whose progress somebody notes: all for the Sozialplanung, of the own districts for quarter managers."""
        if user.rights.can(Perm.EDIT_PLANS):
            return self
        own = list(user.rights.districts(Perm.CONTRIBUTE_TO_PLANS))
        through = self.model.districts.through.objects.filter(actionplan=OuterRef("pk"), district__in=own)
        return self.filter(Exists(through)) if own else self.none()

    def in_force(self):
        """Those that hold: decided and not superseded."""
        return self.filter(status__in=IN_FORCE)

    def in_force_on(self, day: date):
        """The version of each plan that held on a day: the last one that was decided by then, whenever it was noted."""
        decided = self.model.objects.filter(decided_on__lte=day)
        later = decided.filter(line=OuterRef("line"), number__gt=OuterRef("number"))
        return self.filter(decided_on__lte=day).exclude(Exists(later))

    def of_districts(self, districts):
        """Plans of any of some districts, each once."""
        through = self.model.districts.through.objects
        ids = [one.pk for one in districts]
        return self.filter(Exists(through.filter(actionplan=OuterRef("pk"), district__in=ids)))

    def counted(self):
        """Without plans that only show how one is made."""
        return self.filter(is_sample=False)


class DiscardedDraftQuerySet(models.QuerySet):
    """Reads on what is left of drafts."""

    def visible_to(self, user):
        """All for those who write plans."""
        return self if user.rights.can(Perm.EDIT_PLANS) else self.none()


class _OfPlan(models.QuerySet):
    def visible_to(self, user):
        """Those of plans that somebody may see."""
        return self.filter(plan__in=self._plans().visible_to(user).values("pk"))

    def editable_by(self, user):
        """Those of plans that somebody writes."""
        return self.filter(plan__in=self._plans().editable_by(user).values("pk"))

    def contributed_by(self, user):
        """Those of plans whose progress somebody notes."""
        return self.filter(plan__in=self._plans().contributed_by(user).values("pk"))

    def _plans(self):
        return self.model._meta.get_field("plan").related_model.objects


class GoalQuerySet(_OfPlan):
    """Reads on goals."""


class MeasureQuerySet(_OfPlan):
    """Reads on measures."""

    def with_parts(self):
        """With everything that a row of the table shows, in a fixed number of queries."""
        return self.select_related("goal").prefetch_related(
            "further_goals__goal", "participants", "fundings"
        )  # fmt: skip

    def with_status_on(self, day: date):
        """With `status_on`: the colour at the end of a day, empty when the measure did not exist yet."""
        changes = self.model._meta.get_field("status_changes").related_model.objects
        latest = changes.filter(measure__key=OuterRef("key"), on__lte=day).order_by("-on", "-pk")
        return self.annotate(status_on=Subquery(latest.values("status")[:1]))


class AmendmentQuerySet(models.QuerySet):
    """Reads on amendments and on everything else that hangs on a measure through its versions."""

    def of_plan(self, plan):
        """Those that a version shows: of its measures through all versions, up to when it was superseded."""
        keys = self.model._meta.get_field("measure").related_model.objects.filter(plan=plan).values("key")
        found = self.filter(measure__key__in=keys)
        return found.filter(at__lte=plan.superseded_at) if plan.superseded_at else found

    def of_measure(self, measure):
        """The same for one measure."""
        found = self.filter(measure__key=measure.key)
        return found.filter(at__lte=measure.plan.superseded_at) if measure.plan.superseded_at else found
