"""Reads on projects and the checks of their effect (Z29, N6)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from districts.querysets.searching import SearchedQuerySet, folded_words, named
from districts.roles import Perm
from projects.workflow import UNDER_WAY, ProjectStatus


class ProjectQuerySet(SearchedQuerySet):
    """Reads on projects."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; for departments and carrier staff those they take part in (appendix A)."""
        rights = user.rights
        if rights.can(Perm.READ_PROJECTS):
            return self
        own = Q(pk=None)
        if rights.can(Perm.SEE_PARTNER_PROJECTS):
            own |= self._with_partner(department__in=list(rights.department_ids))
        if rights.can(Perm.OWN_PROJECTS):
            own |= self.of_actors(rights.actor_ids)
        return self.filter(own)

    def editable_by(self, user):
        """Those a person may change: of the own districts and of the whole city, or all (Sozialplanung)."""
        if user.rights.can(Perm.EDIT_ALL_PROJECTS):
            return self
        own = user.rights.districts(Perm.EDIT_PROJECTS)
        return self.filter(self.in_districts(own)) if own else self.none()

    def of_actors(self, pks) -> Q:
        """Condition: one of these actors leads the project or is its partner."""
        return Q(lead__in=list(pks)) | self._with_partner(actor__in=list(pks))

    def _with_partner(self, **which) -> Q:
        partners = self.model._meta.get_field("partners").related_model.objects
        return Q(Exists(partners.filter(project=OuterRef("pk"), **which)))

    def with_somebody_named(self, text: str):
        """Those whose lead or a partner has a name with all these words (departments and free names: with the text)."""
        partners = self.model._meta.get_field("partners").related_model
        departments = partners._meta.get_field("department").related_model.objects.order_by()
        actors = self.model._meta.get_field("lead").related_model.objects.order_by()
        for word in folded_words(text):
            actors = actors.filter(sort_key__contains=word)
        theirs, offices = named(actors), named(departments.filter(name__icontains=text))
        found = partners.objects.filter(Q(actor__in=theirs) | Q(department__in=offices) | Q(name__icontains=text))
        return self.filter(Q(lead__in=theirs) | Q(pk__in=found.values("project")))

    def in_districts(self, pks, *, or_citywide: bool = True) -> Q:
        """Condition: a project is in one of these districts (or in no particular one: in the whole city)."""
        through = self.model.districts.through.objects.filter(project=OuterRef("pk"))
        here = Q(Exists(through.filter(district__in=list(pks))))
        return here | Q(~Exists(through)) if or_citywide else here

    def of_team(self, user):
        """Those of the districts whose team somebody belongs to, and those somebody keeps."""
        return self.filter(self.in_districts(user.rights.team_district_ids, or_citywide=False) | Q(keeper=user))

    def for_list(self):
        """With what a list shows."""
        return (
            self.select_related("lead")
            .prefetch_related("districts")
            .defer(
                *("description", "search_text", "results", "lead__description", "lead__search_text"),
            )
        )

    def under_way(self):
        """Those that are not over."""
        return self.filter(status__in=UNDER_WAY)

    def for_public(self):
        """What everybody may see: released, and more than an idea."""
        return self.filter(is_public=True).exclude(status__in=[ProjectStatus.IDEA, ProjectStatus.DROPPED])


class EffectCheckQuerySet(models.QuerySet):
    """Reads on the checks of an effect."""

    def due(self, today: date):
        """Those somebody should answer by today."""
        return self.filter(answer="", due_on__lte=today)

    def in_basket_of(self, user):
        """Those of projects a person keeps, and of the own districts' projects that nobody keeps."""
        projects = self.model._meta.get_field("project").related_model.objects
        here = projects.filter(projects.all().in_districts(user.rights.team_district_ids, or_citywide=False))
        return self.filter(Q(project__keeper=user) | Q(project__keeper=None, project__in=here.values("pk")))
