"""Reads on funds and applications (Z34–Z38); visibility is part of every query."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from districts.querysets import ValidityQuerySet
from districts.querysets.searching import folded_words, named
from districts.roles import Perm
from projects.fund_workflow import DECIDED, RUNNING, UNDECIDED, ApplicationStatus, Instance, Outcome
from projects.workflow import SessionStatus

WAITING_SESSIONS = (SessionStatus.PLANNED, SessionStatus.INVITED, SessionStatus.HELD)


class FundQuerySet(models.QuerySet):
    """Reads on funds."""

    def visible_to(self, user):
        """All for teams and Sozialplanung, none for anybody else."""
        return self if user.rights.can(Perm.READ_FUNDS) else self.none()

    def kept_by(self, user):
        """Those a person runs: of the own districts, or all (Sozialplanung)."""
        return self._of(user, Perm.KEEP_FUNDS)

    def drafted_in(self, user):
        """Those for which a person enters applications."""
        return self._of(user, Perm.DRAFT_APPLICATIONS)

    def _of(self, user, perm: Perm):
        if user.rights.can(Perm.EDIT_ALL_FUNDS):
            return self
        own = list(user.rights.districts(perm))
        if not own:
            return self.none()
        through = self.model.districts.through.objects.filter(fund=OuterRef("pk"), district__in=own)
        return self.filter(Exists(through))

    def active(self, on: date):
        """Those that have not ended on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def in_public(self):
        """Those whose decisions everybody may read."""
        return self.filter(is_public=True)


class FundRuleQuerySet(ValidityQuerySet):
    """Reads on the versions of a fund's rules."""


class FundApplicationQuerySet(models.QuerySet):
    """Reads on applications."""

    def visible_to(self, user):
        """All for teams and Sozialplanung, none for anybody else."""
        return self if user.rights.can(Perm.READ_FUNDS) else self.none()

    def kept_by(self, user):
        """Those of the funds a person runs."""
        return self.filter(fund__in=self._funds().kept_by(user).values("pk"))

    def drafted_by(self, user):
        """Those a person may enter and change while they are drafts."""
        return self.filter(fund__in=self._funds().drafted_in(user).values("pk"))

    def _funds(self):
        return self.model._meta.get_field("fund").related_model.objects

    def matching(self, text: str):
        """All words occur in number, title and name of the group, or in the name of an actor who asks or is partner."""
        actors, found = self.model._meta.get_field("applicant").related_model.objects.order_by(), self
        for word in folded_words(text):
            theirs = named(actors.filter(sort_key__contains=word))
            asks = Q(applicant__in=theirs) | Q(partner__in=theirs)
            found = found.filter(Q(search_text__contains=word) | asks)
        return found

    def with_names(self):
        """With everything that names them in a list."""
        return self.select_related("fund", "applicant", "partner")

    def with_everything(self):
        """With all that an application's page says."""
        rows = self.with_names().select_related(
            *("fund__body", "rule__second_body", "district", "action_field", "advised_by", "notice_by", "created_by"),
            *("applicant__type", "proof__checked_by", "project"),
        )
        return rows.prefetch_related("fund__districts", "fund__rounds", "target_groups").defer("district__boundary")

    def undecided(self):
        """Submitted and not yet decided."""
        return self.filter(status__in=UNDECIDED)

    def to_check(self):
        """Those that wait for a check of their eligibility."""
        return self.filter(status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.CHECKING))

    def to_confirm(self):
        """The body has agreed, the Sozialplanung has not yet decided."""
        return self.filter(status=ApplicationStatus.DECIDING, awaits=Instance.OFFICE)

    def notice_owed(self):
        """Decided, but nobody has told the applicant (the answer comes back, also when it is no)."""
        return self.filter(status__in=DECIDED, notice_on=None)

    def proof_overdue(self, today: date):
        """The money is out and the proof of its use should have been there."""
        return self.filter(status__in=RUNNING, proof_due_on__lt=today, proof=None)

    def money_to_come_back(self):
        """The proof is checked, and unspent money has not come back."""
        return self.filter(status__in=RUNNING, proof__is_open=False)

    def proof_reopened(self):
        """The proof is there and was opened again: somebody has to check it once more."""
        return self.filter(status__in=RUNNING, proof__is_open=True)

    def for_agenda_of(self, body):
        """Applications that a body decides next and that stand on no agenda of a session to come or to be approved.

        What a session has postponed is free for the next, whose members approve those minutes.
        """
        items = self.model._meta.get_field("items").related_model.objects.exclude(result=Outcome.POSTPONED)
        there = items.filter(
            application=OuterRef("pk"), instance=OuterRef("awaits"), item__session__status__in=WAITING_SESSIONS
        )
        mine = Q(awaits=Instance.BODY, fund__body=body) | Q(awaits=Instance.SECOND, rule__second_body=body)
        return self.filter(mine, ~Exists(there), status=ApplicationStatus.DECIDING).with_names().order_by("pk")
