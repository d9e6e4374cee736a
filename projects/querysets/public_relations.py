"""Reads on items of public relations and on clippings (Z41, Z42)."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from districts.roles import GRANTS, Perm
from projects.workflow import PR_OPEN, PRStatus


class _OfDistricts(models.QuerySet):
    """Rows of some districts, or of the whole city when they name none."""

    def in_districts(self, pks, *, or_citywide: bool = True):
        """Those of one of these districts (or of no particular one)."""
        own = self.model.districts.field.m2m_field_name()
        through = self.model.districts.through.objects.filter(**{own: OuterRef("pk")})
        here = Q(Exists(through.filter(district__in=list(pks))))
        return self.filter(here | ~Exists(through) if or_citywide else here)

    def citywide(self):
        """Those of no particular district."""
        return self.filter(districts=None)

    def _of(self, user, perm: Perm):
        own = user.rights.districts(perm)
        return self.in_districts(own) if own else self.none()


class PRItemQuerySet(_OfDistricts):
    """Reads on items."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; for the press what was handed in and has not come back (appendix A)."""
        if user.rights.can(Perm.READ_PR):
            return self
        if not user.rights.can(Perm.APPROVE_PR):
            return self.none()
        return self.filter(Q(status=PRStatus.SUBMITTED) | Q(approver__isnull=False))

    def draftable_by(self, user):
        """Those whose words a person may write: of the own districts and of the whole city."""
        return self._of(user, Perm.DRAFT_PR)

    def editable_by(self, user):
        """Those a person may hand in, publish and archive."""
        return self._of(user, Perm.EDIT_PR)

    def waiting_for(self, user):
        """What a person may approve or return: handed in by others."""
        if not user.rights.can(Perm.APPROVE_PR):
            return self.none()
        log = self.model._meta.get_field("log").related_model
        own = log.objects.filter(item=OuterRef("pk"), kind__in=log.WRITING, by=user)
        return self.filter(~Exists(own), status=PRStatus.SUBMITTED).exclude(author=user).exclude(handed_in_by=user)

    def open(self):
        """Those somebody has to go on with."""
        return self.filter(status__in=PR_OPEN)

    def kept_by(self, person):
        """Open ones that lie in somebody's basket: they must not be orphaned (I9)."""
        return self.open().filter(keeper=person)

    def in_basket_of(self, user):
        """Those somebody (or whom they stand in for) keeps, and those whose keeper has left: of the own districts,
        and for every team those of the whole city, which would lie in nobody's basket else. Approved ones also with
        whoever may publish them, when their keeper may not: assistants draft.
        """
        own = user.rights.team_district_ids
        here = self.in_districts(own) if own else self.none()
        stuck = Q(keeper__is_active=False)
        if user.rights.can(Perm.EDIT_PR):
            stuck |= Q(status=PRStatus.APPROVED) & ~Q(keeper__in=self._publishers().values("user"))
        mine = Q(keeper__in={user.pk, *user.rights.stands_in_for})
        return self.filter(mine | stuck & Q(pk__in=here.values("pk")))

    def _publishers(self):
        """Memberships of today that let somebody publish."""
        people = self.model._meta.get_field("keeper").related_model
        memberships = people._meta.get_field("memberships").related_model.objects.valid_on(timezone.localdate())
        return memberships.filter(role__in=[role for role, perms in GRANTS.items() if Perm.EDIT_PR in perms])

    def returned(self):
        """Those that came back with a hint."""
        return self.filter(status=PRStatus.DRAFT).exclude(hint="")

    def to_publish(self, today: date):
        """Approved ones whose day has come; without a day at once."""
        return self.filter(Q(publish_on=None) | Q(publish_on__lte=today), status=PRStatus.APPROVED)

    def published(self):
        """Those that have appeared, also when they are in the archive by now; the latest first."""
        return self.exclude(published_on=None).order_by("-published_on", "-pk")

    def appeared(self, since: date, until: date):
        """Those that appeared between two days, both included."""
        return self.filter(published_on__range=(since, until))

    def for_public(self):
        """What has appeared for everybody: not what was sent to some."""
        return self.exclude(published_on=None).filter(channels__overlap=list(self.model.PUBLIC))

    def planned(self, first: date, last: date):
        """Those that appear, shall appear or end between two days, both included; not what was dropped."""
        shown = Q(published_on__range=(first, last)) | Q(published_on=None, publish_on__range=(first, last))
        return self.filter(shown | Q(runs_until__range=(first, last))).exclude(
            status=PRStatus.ARCHIVED, published_on=None
        )


class ClippingQuerySet(_OfDistricts):
    """Reads on clippings."""

    def visible_to(self, user):
        """All for teams and Sozialplanung, nothing for anybody else."""
        return self if user.rights.can(Perm.READ_PR) else self.none()

    def editable_by(self, user):
        """Those of the own districts and of the whole city."""
        return self._of(user, Perm.DRAFT_PR)

    def appeared(self, since: date, until: date):
        """Those of the days between two, both included."""
        return self.filter(on__range=(since, until))
