"""Reads on needs, on what is new about them, and on theme reports (K15, K16)."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Exists, OuterRef, Q

from concerns.querysets import CLOCK_RUNS, team_filter
from concerns.workflow import OPEN_ROUTINGS, ConcernStatus, RoutingStatus
from districts.querysets.searching import SearchedQuerySet
from districts.roles import Perm
from projects.workflow import CONFIRM_MONTHS, OPEN_NEEDS, ThemeReportStatus


class NeedQuerySet(SearchedQuerySet):
    """Reads on needs."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; nobody else (appendix A)."""
        return self if user.rights.can(Perm.READ_NEEDS) else self.none()

    def editable_by(self, user):
        """Those a person may change: of the own districts."""
        return self._of(user, Perm.EDIT_NEEDS)

    def decidable_by(self, user):
        """Those whose status a person may set: of the own districts."""
        return self._of(user, Perm.DECIDE_NEEDS)

    def _of(self, user, perm: Perm):
        own = user.rights.districts(perm)
        return self.filter(self.in_districts(own)) if own else self.none()

    def in_districts(self, pks) -> Q:
        """Condition: a need of one of these districts."""
        through = self.model.districts.through.objects
        return Q(Exists(through.filter(need=OuterRef("pk"), district__in=list(pks))))

    def open(self):
        """Those about which something is still to be done."""
        return self.filter(status__in=OPEN_NEEDS)

    def to_confirm(self, today: date):
        """Open ones nobody has said for a year that they are still there."""
        return self.open().filter(confirmed_on__lte=today - relativedelta(months=CONFIRM_MONTHS))

    def kept_by(self, user):
        """Open ones that hang on a person (I9)."""
        return self.open().filter(keeper=user)

    def in_basket_of(self, user):
        """Those somebody (or whom they stand in for) keeps, and those of the own districts that nobody keeps."""
        own = Q(keeper__in={user.pk, *user.rights.stands_in_for})
        nobody = Q(keeper=None) | Q(keeper__is_active=False)
        return self.editable_by(user).filter(own | nobody)

    def for_list(self):
        """With everything a line of the list shows."""
        shown = self.select_related("keeper").prefetch_related("districts", "action_fields")
        return shown.defer("problem", "solutions", "search_text")


class ConcernNewsQuerySet(models.QuerySet):
    """Reads on news that wait to be told."""

    def waiting(self):
        """Nobody has settled them, the concern is open and somebody behind it is owed a word."""
        reporters = self.model._meta.get_field("concern").related_model._meta.get_field("reporters").related_model
        owed = reporters.objects.exclude(due="")
        behind = Exists(owed.filter(concern=OuterRef("concern"))) | Exists(
            owed.filter(concern__lead=OuterRef("concern"))
        )
        return self.filter(behind, settled="", concern__is_sensitive=False).exclude(
            concern__status=ConcernStatus.CLOSED
        )

    def of_team(self, user):
        """Those of the concerns a person works on."""
        return self.filter(team_filter(user, Perm.LOG_CONCERN, "concern__"))


class ThemeReportQuerySet(models.QuerySet):
    """Reads on theme reports."""

    def visible_to(self, user):
        """All for teams and Sozialplanung; departments read what was sent to them, see `ThemeRecipientQuerySet`."""
        return self if user.rights.can(Perm.READ_NEEDS) else self.none()

    def editable_by(self, user):
        """Those whose draft a person may change: of the own districts, or all (Sozialplanung)."""
        return self._of(user, Perm.EDIT_NEEDS)

    def sendable_by(self, user):
        """Those a person may send and look after: of the own districts, or all (Sozialplanung)."""
        return self._of(user, Perm.DECIDE_NEEDS)

    def _of(self, user, perm: Perm):
        if user.rights.can(Perm.REPORT_ALL_NEEDS):
            return self
        return self.filter(district__in=user.rights.districts(perm))

    def sent(self):
        """Those that have left the house."""
        return self.exclude(status=ThemeReportStatus.DRAFT)

    def of_team(self, user):
        """Those a person looks after: of the own districts; for the Sozialplanung of the whole city and the own."""
        own = Q(district__in=user.rights.districts(Perm.DECIDE_NEEDS))
        if user.rights.can(Perm.REPORT_ALL_NEEDS):
            own |= Q(district=None) | Q(author=user) | Q(sent_by=user)
        return self.filter(own)

    def pressing(self, today: date):
        """Those with a recipient that is past its day or has asked something."""
        recipients = self.model._meta.get_field("recipients").related_model.objects
        waiting = recipients.open().filter(
            Q(status__in=CLOCK_RUNS, due_on__lt=today) | Q(status=RoutingStatus.QUERY), report=OuterRef("pk")
        )
        return self.sent().filter(Exists(waiting))


class ThemeRecipientQuerySet(models.QuerySet):
    """Reads on recipients of theme reports."""

    def visible_to(self, user):
        """What was sent to the own departments; nothing else (as routings, K06)."""
        if not user.rights.can(Perm.ANSWER_ROUTINGS):
            return self.none()
        return self.sent().filter(department_id__in=user.rights.department_ids)

    def sent(self):
        """Those of reports that are no drafts any more."""
        return self.exclude(report__status=ThemeReportStatus.DRAFT)

    def kept_by(self, user):
        """Open ones somebody of a department works on."""
        return self.open().filter(assignee=user)

    def open(self):
        """Those that wait for an answer."""
        return self.sent().filter(status__in=OPEN_ROUTINGS)

    def finished(self):
        """Those that were answered or given back."""
        return self.filter(status__in=[RoutingStatus.ANSWERED, RoutingStatus.RETURNED])

    def overdue(self, today: date):
        """Past their day with the clock running."""
        return self.sent().filter(status__in=CLOCK_RUNS, due_on__lt=today)

    def escalated(self):
        """Those that have reached the third step and still wait."""
        return self.open().filter(escalation=3)
