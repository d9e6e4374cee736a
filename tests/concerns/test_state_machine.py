"""Any sequence of actions keeps the invariants; a refused one changes nothing (Hypothesis)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from concerns.actions import bundling, closing, department, feedback, forwarding, intake, triage
from concerns.actions.arrival import mail_came_back, mail_was_sent
from concerns.actions.base import LoopError
from concerns.actions.intake import ANONYMOUS, OWN_OBSERVATION, ReporterData
from concerns.models import (
    Concern,
    ConcernEvent,
    Feedback,
    OutgoingMail,
    Reply,
    Reporter,
    Routing,
    RoutingMessage,
)
from concerns.workflow import FeedbackResult, Outcome, ReasonCategory, ReplyResult, WaiverReason
from districts.roles import Role
from tests import make
from tests.concerns import loop

MAILER = ReporterData(name="Ina Klee", email="ina@post.example", channel="email", consent_store=True)
PEOPLE = [loop.PERSON, MAILER, ANONYMOUS, OWN_OBSERVATION]
TABLES = [Concern, Reporter, Routing, RoutingMessage, Reply, Feedback, OutgoingMail, ConcernEvent]


def snapshot() -> list:
    """Everything the loop stores, as values."""
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


class Loop(RuleBasedStateMachine):
    """Up to a handful of concerns, two departments, one manager, and every action in any order."""

    concerns = Bundle("concerns")

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.district = make.district()
        self.manager = make.user(role=Role.MANAGER, district=self.district)
        self.topic = make.topic()
        self.departments = [make.department(), make.department()]
        self.events = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def attempt(self, action, **arguments):
        """Do it; when the loop refuses, everything must be as before."""
        before = snapshot()
        try:
            action(**arguments)
        except LoopError:
            assert snapshot() == before

    def one(self, queryset, index):
        rows = list(queryset.order_by("pk"))
        return rows[index % len(rows)] if rows else None

    @rule(target=concerns, people=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3))
    def log(self, people):
        return loop.log(self.manager, reporters=people, topic=self.topic, district=self.district)

    @rule(concern=concerns, person=st.sampled_from(PEOPLE))
    def add_reporter(self, concern, person):
        self.attempt(intake.add_reporter, concern=concern, data=person, by=self.manager)

    @rule(concern=concerns)
    def take_on(self, concern):
        self.attempt(triage.take_on, concern=concern, by=self.manager)

    @rule(concern=concerns, days=st.integers(-1, 9))
    def park(self, concern, days):
        self.attempt(triage.park, concern=concern, until=make.today() + timedelta(days=days), by=self.manager)

    @rule(concern=concerns)
    def wake(self, concern):
        self.attempt(triage.wake, concern=concern, by=None)

    @rule(
        concern=concerns,
        outcome=st.sampled_from(Outcome.values),
        text=st.sampled_from(["", "So ist es."]),
        reason=st.sampled_from(["", *ReasonCategory.values]),
    )
    def record_answer(self, concern, outcome, text, reason):
        self.attempt(
            triage.record_answer, concern=concern, outcome=outcome, answer_text=text, reason_category=reason,
            promised_on=make.today(), by=self.manager,
        )  # fmt: skip

    @rule(concern=concerns, which=st.sampled_from([[0], [1], [0, 1], [0, 0], []]))
    def forward(self, concern, which):
        departments = [self.departments[index] for index in which]
        self.attempt(lambda: loop.forward(concern, *departments, by=self.manager))

    @rule(concern=concerns)
    def acknowledge(self, concern):
        self.attempt(triage.acknowledge_return, concern=concern, by=self.manager)

    @rule(
        concern=concerns, index=st.integers(0, 5), what=st.sampled_from(["accept", "ask", "interim", "back", "reply"])
    )
    def department_acts(self, concern, index, what):
        routing = self.one(Routing.objects.filter(concern=concern), index)
        if routing is None:
            return
        later = make.today() + timedelta(days=30)
        actions = {
            "accept": lambda: department.accept(routing=routing, by=None),
            "ask": lambda: department.ask(routing=routing, text="Wo genau?", by=None),
            "interim": lambda: department.give_interim_notice(
                routing=routing, text="Dauert.", new_due_on=later, by=None
            ),
            "back": lambda: department.give_back(routing=routing, reason="Nein", by=None),
            "reply": lambda: loop.reply(routing),
        }
        self.attempt(actions[what])

    @rule(
        concern=concerns,
        index=st.integers(0, 5),
        result=st.sampled_from(ReplyResult.values),
        reason=st.sampled_from(["", "funds"]),
        text=st.sampled_from(["", "Geht nicht."]),
    )
    def department_replies(self, concern, index, result, reason, text):
        routing = self.one(Routing.objects.filter(concern=concern), index)
        if routing:
            self.attempt(lambda: loop.reply(routing, result=result, reason_category=reason, text=text))

    @rule(concern=concerns, index=st.integers(0, 5), withdraw=st.booleans())
    def manager_acts_on_routing(self, concern, index, withdraw):
        routing = self.one(Routing.objects.filter(concern=concern), index)
        if routing and withdraw:
            self.attempt(forwarding.withdraw, routing=routing, by=self.manager)
        elif routing:
            self.attempt(forwarding.answer_query, routing=routing, text="Hier.", by=self.manager)

    @rule(
        concern=concerns,
        index=st.integers(0, 5),
        kind=st.sampled_from(["interim", "final", "collective"]),
        result=st.sampled_from(FeedbackResult.values),
    )
    def tell(self, concern, index, kind, result):
        reporter = self.one(Reporter.objects.filter(concern=concern), index)
        self.attempt(lambda: loop.tell(reporter, by=self.manager, kind=kind, result=result))

    @rule(concern=concerns, index=st.integers(0, 5), kind=st.sampled_from(["interim", "final"]))
    def mail(self, concern, index, kind):
        reporter = self.one(Reporter.objects.filter(concern=concern), index)
        self.attempt(feedback.send_feedback, reporter=reporter, kind=kind, text="Erledigt.", by=self.manager)

    @rule(concern=concerns, index=st.integers(0, 5), arrived=st.sampled_from(["sent", "failed", "bounced"]))
    def mail_result(self, concern, index, arrived):
        under_way = ["queued"] if arrived != "bounced" else ["sent"]
        one = self.one(
            Feedback.objects.filter(reporter__concern=concern, mail__isnull=False, result__in=under_way), index
        )
        if one and arrived == "sent":
            mail_was_sent(feedback=one)
        elif one:
            mail_came_back(feedback=one, bounced=arrived == "bounced")

    @rule(
        concern=concerns,
        index=st.integers(0, 5),
        reason=st.sampled_from(WaiverReason.values),
        note=st.sampled_from(["", "Begründung"]),
    )
    def waive(self, concern, index, reason, note):
        reporter = self.one(Reporter.objects.filter(concern=concern), index)
        self.attempt(feedback.waive, reporter=reporter, reason=reason, note=note, by=self.manager)

    @rule(concern=concerns, index=st.integers(0, 5))
    def take_back_waiver(self, concern, index):
        reporter = self.one(Reporter.objects.filter(concern=concern), index)
        self.attempt(feedback.take_back_waiver, reporter=reporter, by=self.manager)

    @rule(
        concern=concerns,
        outcome=st.sampled_from(Outcome.values),
        text=st.sampled_from(["", "So ist es."]),
        reason=st.sampled_from(["", "legal"]),
    )
    def close(self, concern, outcome, text, reason):
        self.attempt(
            closing.close, concern=concern, outcome=outcome, answer_text=text, reason_category=reason,
            promised_on=make.today(), by=self.manager,
        )  # fmt: skip

    @rule(concern=concerns, index=st.integers(0, 5))
    def all_the_way(self, concern, index):
        """Random walks rarely reach the end: whoever is owed an answer hears it, then closing is tried."""
        for reporter in Reporter.objects.filter(concern=concern).exclude(due=""):
            self.attempt(lambda reporter=reporter: loop.tell(reporter, by=self.manager))
        outcome = {"outcome": "planned", "promised_on": make.today(), "answer_text": "Kommt."}
        self.attempt(closing.close, concern=concern, by=self.manager, **outcome)

    @rule(concern=concerns, reason=st.sampled_from(closing.ReopenReason.values))
    def reopen(self, concern, reason):
        self.attempt(closing.reopen, concern=concern, reason=reason, by=self.manager)

    @rule(concern=concerns, kept=st.booleans(), text=st.sampled_from(["", "Fertig."]))
    def settle_promise(self, concern, kept, text):
        self.attempt(closing.settle_promise, concern=concern, kept=kept, text=text, by=self.manager)

    @rule(concern=concerns, lead=concerns)
    def bundle_under(self, concern, lead):
        self.attempt(bundling.bundle, concern=concern, lead=lead, by=self.manager)

    @rule(concern=concerns)
    def take_out(self, concern):
        self.attempt(bundling.unbundle, concern=concern, by=self.manager)

    @invariant()
    def closed_means_everybody_was_told_or_waived(self):
        for reporter in Reporter.objects.filter(concern__status="closed"):
            assert reporter.feedback_state in {"done", "impossible", "not_wanted"}
            assert reporter.due == ""
            if reporter.feedback_state == "done":
                assert reporter.feedbacks.ending_duty().exists()
            else:
                assert reporter.waiver_reason

    @invariant()
    def a_no_has_its_reason(self):
        for concern in Concern.objects.filter(status="closed", outcome__in=["declined", "partly"]):
            assert concern.reason_category
            assert concern.answer_text
        assert not Reply.objects.filter(result__in=["declined", "partly"], reason_category="").exists()

    @invariant()
    def an_answer_is_owed_to_everybody_waiting(self):
        waiting = Reporter.objects.unsettled().filter(concern__status="feedback_due")
        assert not waiting.exclude(due="final").exists()
        assert not Reporter.objects.filter(due="final").exclude(concern__status="feedback_due").exists()

    @invariant()
    def open_means_owner_and_date(self):
        assert not Concern.objects.open().filter(owner=None).exists()
        assert not Concern.objects.open().filter(due_on=None).exists()

    @invariant()
    def forwarded_means_somebody_works_on_it(self):
        for concern in Concern.objects.filter(lead=None):
            still_open = [routing for routing in concern.routings.all() if routing.is_open]
            assert bool(still_open) == (concern.status == "forwarded")
            assert sum(routing.is_lead for routing in still_open) <= 1

    @invariant()
    def returned_is_on_the_desk(self):
        """I4: what was given back waits for triage until somebody has seen it."""
        for concern in Concern.objects.filter(lead=None, routings__status="returned").distinct():
            unseen = concern.routings.filter(status="returned", return_handled=False, round=concern.reopened_count)
            if unseen.exists() and concern.status in {"new", "forwarded"}:
                assert concern.needs_triage

    @invariant()
    def bundles_are_flat_and_in_step(self):
        for concern in Concern.objects.filter(lead__isnull=False).select_related("lead"):
            assert concern.lead.lead_id is None
            assert concern.status == concern.lead.status
            assert not concern.routings.open().exists()

    @invariant()
    def history_only_grows(self):
        count = ConcernEvent.objects.count()
        assert count >= self.events
        self.events = count
        for concern in Concern.objects.all():
            last = concern.events.filter(kind__in=["status", "bundled", "created"]).last()
            if last.kind == "status":
                assert last.new == concern.status


@pytest.mark.django_db
def test_any_sequence_of_actions_keeps_the_invariants():
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # a failing walk is short enough to read; shrinking takes minutes
            derandomize=True,
            database=None,
        ),
    )
