"""Mails that arrive, fail or come back late: what that does to a duty that has moved on since (I1, I9)."""

from datetime import timedelta

import pytest

from concerns.actions import closing, department, feedback
from concerns.actions.arrival import mail_came_back, mail_was_sent
from concerns.actions.intake import ReporterData
from districts.roles import Role
from tests import make
from tests.concerns import loop
from tests.concerns.loop import fresh

pytestmark = pytest.mark.django_db

INA = ReporterData(name="Ina Klee", email="ina@post.example", channel="email", consent_store=True)


@pytest.fixture
def mailed(mara, stadtbetrieb):
    """Somebody whose final answer is queued as a mail."""
    concern = loop.answered(mara, stadtbetrieb, reporters=[INA])
    return feedback.send_feedback(reporter=concern.reporters.get(), kind="final", text="Erledigt.", by=mara)


@pytest.fixture
def reopened(mailed, mara):
    """The mail was sent, the concern closed and taken up again."""
    mail_was_sent(feedback=mailed)
    concern = closing.close(concern=mailed.reporter.concern, by=mara, **loop.ANSWER)
    closing.reopen(concern=concern, reason="new_report", by=mara)
    return fresh(mailed)


def duty(one) -> tuple[str, str]:
    """State of the feedback and what is due."""
    reporter = fresh(one.reporter)
    return reporter.feedback_state, reporter.due


class TestAnOldAnswerComesBack:
    def test_while_nothing_new_is_there_to_be_told(self, reopened):
        mail_came_back(feedback=reopened, bounced=True)
        assert duty(reopened) == ("open", "")

    def test_after_the_person_has_heard_the_new_one(self, reopened, mara, stadtbetrieb):
        concern = fresh(reopened.reporter.concern)
        loop.reply(loop.forward(concern, stadtbetrieb, by=mara)[0])
        loop.tell(reopened.reporter, by=mara)
        closing.close(concern=concern, by=mara, **loop.ANSWER)
        mail_came_back(feedback=reopened, bounced=True)
        assert (fresh(concern).status, duty(reopened)) == ("closed", ("done", ""))

    def test_while_a_department_works_on_a_better_one(self, mailed, mara, umwelt):
        mail_was_sent(feedback=mailed)
        loop.forward(fresh(mailed.reporter.concern), umwelt, by=mara)
        mail_came_back(feedback=mailed, bounced=True)
        assert duty(mailed) == ("open", "")


def test_an_interim_message_that_comes_back_does_not_hide_the_answer(mara, stadtbetrieb):
    concern = loop.log(mara, reporters=[INA])
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    later = make.today() + timedelta(days=60)
    department.give_interim_notice(routing=routing, text="Es dauert.", new_due_on=later, by=None)
    sent = feedback.send_feedback(reporter=concern.reporters.get(), kind="interim", text="Es dauert.", by=mara)
    mail_was_sent(feedback=sent)
    loop.reply(routing)
    mail_came_back(feedback=sent, bounced=True)
    assert duty(sent) == ("interim", "final")


def test_an_interim_message_that_comes_back_is_owed_again(mara, stadtbetrieb):
    concern = loop.log(mara, reporters=[INA])
    loop.forward(concern, stadtbetrieb, by=mara)
    sent = feedback.send_feedback(reporter=concern.reporters.get(), kind="interim", text="Es dauert.", by=mara)
    mail_was_sent(feedback=sent)
    mail_came_back(feedback=sent, bounced=True)
    assert duty(sent)[1] == "interim"


class TestAnOldAnswerArrives:
    def test_after_a_newer_one(self, mailed, mara, umwelt):
        loop.reply(loop.forward(fresh(mailed.reporter.concern), umwelt, by=mara)[0])
        mail_was_sent(feedback=mailed)
        assert duty(mailed) == ("open", "final")

    def test_while_a_department_works_on_a_better_one(self, mailed, mara, umwelt):
        routing = loop.forward(fresh(mailed.reporter.concern), umwelt, by=mara)[0]
        mail_was_sent(feedback=mailed)
        loop.reply(routing)
        assert duty(mailed) == ("open", "final")


class TestTheOwnerHasLeft:
    @pytest.fixture
    def closed(self, mailed, mara):
        mail_was_sent(feedback=mailed)
        closing.close(concern=mailed.reporter.concern, by=mara, **loop.ANSWER)
        mara.is_active = False
        mara.save()
        return mailed

    def test_a_colleague_gets_the_concern(self, closed, asli, paul):
        mail_came_back(feedback=closed, bounced=True)
        concern = fresh(closed.reporter.concern)
        assert (concern.status, concern.owner, duty(closed)) == ("feedback_due", asli, ("open", "final"))
        assert concern.events.filter(kind="owner", new=str(asli.pk)).count() == 1

    def test_a_manager_before_an_assistant(self, closed, asli, ost):
        manager = make.user(role=Role.MANAGER, district=ost)
        mail_came_back(feedback=closed, bounced=True)
        assert fresh(closed.reporter.concern).owner == manager

    def test_somebody_from_next_door_when_the_team_is_gone(self, closed, paul):
        mail_came_back(feedback=closed, bounced=True)
        assert fresh(closed.reporter.concern).owner == paul
