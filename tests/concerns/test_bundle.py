"""Bundling duplicates through the page (K13, I5)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from concerns.actions import bundling, closing, department, desk, feedback, forwarding, triage
from concerns.actions.base import LoopError
from concerns.actions.intake import ANONYMOUS, ReporterData
from concerns.models import Concern, Reporter
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db


def url(concern, step="bundle") -> str:
    return reverse(f"concerns:{step}", args=[concern.number])


@pytest.fixture
def client(mara, client_of):
    return client_of(mara)


def test_bundling_by_number_in_the_ways_people_write_it(mara, client):
    for write in (str, lambda n: n.replace("-", " / "), lambda n: n.replace("-0000", "-"), lambda n: f" {n} "):
        lead, concern = loop.log(mara), loop.log(mara)
        assert client.post(url(concern), {"number": write(lead.number)}).status_code == 303
        assert loop.fresh(concern).lead == lead


def test_picking_a_similar_one(mara, client):
    topic = make.topic()
    lead, concern = loop.log(mara, topic=topic), loop.log(mara, topic=topic)
    form = client.get(url(concern), {"unter": lead.number}).context["form"]
    assert [value for value, _ in form.fields["pick"].choices] == [lead.number]
    assert form["pick"].value() == lead.number
    client.post(url(concern), {"pick": lead.number})
    assert loop.fresh(concern).lead == lead


def test_bundling_is_undone_from_its_message(mara, client):
    lead, concern = loop.log(mara), loop.log(mara)
    client.post(url(concern), {"number": lead.number})
    message = next(iter(client.get(url(concern, "detail")).context["messages"]))
    assert message.extra_tags == f"undo:{url(concern, 'unbundle')}"
    client.post(url(concern, "unbundle"))
    assert (loop.fresh(concern).lead, loop.fresh(concern).status) == (None, "new")
    assert client.post(url(concern, "unbundle")).status_code == 409


def test_wrong_foreign_and_missing_numbers_change_nothing(mara, paul, client):
    concern, foreign = loop.log(mara), loop.log(paul)
    mine = loop.log(mara)
    bundling.bundle(concern=mine, lead=concern, by=mara)
    for number in ("", "2026-99999", "x", "1" * 30, foreign.number, concern.number, mine.number, "2026-00001\x00"):
        answer = client.post(url(concern), {"number": number})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["number"])
    assert client.post(url(concern), {"pick": foreign.number}).status_code == 422
    assert loop.fresh(concern).lead is None


def test_under_a_bundled_or_closed_one_is_refused_in_words(mara, client, stadtbetrieb):
    lead, bundled, concern = loop.log(mara), loop.log(mara), loop.log(mara)
    bundling.bundle(concern=bundled, lead=lead, by=mara)
    answer = client.post(url(concern), {"number": bundled.number})
    assert (answer.status_code, f"Bitte unter {lead.number} bündeln" in answer.content.decode()) == (422, True)
    done = loop.closed(mara, stadtbetrieb)
    answer = client.post(url(concern), {"number": done.number})
    assert (answer.status_code, "ist abgeschlossen" in answer.content.decode()) == (409, True)


def test_seven_reporters_two_of_them_anonymous(mara, client, stadtbetrieb):
    """Acceptance scenario 2: one answer, seven feedbacks; closing is blocked until the last one."""
    people = [ReporterData(name=f"Person {n}", phone=f"0241 90{n}", consent_store=True) for n in range(5)]
    lead, *others = [loop.log(mara, reporters=[one]) for one in (*people, ANONYMOUS, ANONYMOUS)]
    for one in others:
        assert client.post(url(one), {"number": lead.number}).status_code == 303
    page = client.get(url(lead, "detail")).content.decode()
    assert "Gemeldet von 7 Personen in 7 Anliegen, 7 warten auf Rückmeldung" in page
    loop.reply(loop.forward(lead, stadtbetrieb, by=mara)[0])
    end = {"outcome": "fulfilled", "answer_text": "Abgeholt."}
    answer = client.post(url(lead, "close"), end)
    assert answer.status_code == 422
    assert "7 von 7 Anliegengeber/innen haben noch keine Rückmeldung." in answer.content.decode()
    reporters = [one.reporters.get() for one in (lead, *others)]
    for reporter in reporters[:5]:
        loop.tell(reporter, by=mara)
    assert "2 von 7" in client.post(url(lead, "close"), end).content.decode()
    feedback.record_collective(reporters=reporters[5:6], text="Wir haben aufgeräumt.", by=mara)
    feedback.waive(reporter=reporters[6], reason="anonymous", note="Niemand weiß, wer es war", by=mara)
    assert client.post(url(lead, "close"), end).status_code == 303
    assert {loop.fresh(one).status for one in (lead, *others)} == {"closed"}


def test_a_closed_bundle_is_not_taken_apart(mara, client, stadtbetrieb):
    lead, concern = loop.log(mara), loop.log(mara, reporters=[])
    bundling.bundle(concern=concern, lead=lead, by=mara)
    loop.reply(loop.forward(lead, stadtbetrieb, by=mara)[0])
    loop.tell(lead.reporters.get(), by=mara)
    closing.close(concern=lead, outcome="fulfilled", answer_text="Ja.", by=mara)
    assert client.post(url(concern, "unbundle")).status_code == 409
    assert loop.fresh(concern).lead == lead


def test_reopening_a_bundle_leaves_everybody_their_own(mara, paul, stadtbetrieb):
    lead, concern, left = loop.log(mara), loop.log(paul), loop.log(paul)
    for one in (concern, left):
        bundling.bundle(concern=one, lead=lead, by=mara)
    triage.record_answer(concern=lead, by=mara, **loop.ANSWER)
    for reporter in Reporter.objects.all():
        loop.tell(reporter, by=mara)
    closing.close(concern=lead, by=mara, **loop.ANSWER)
    gone = make.user(is_active=False)
    type(left).objects.filter(pk=left.pk).update(owner=gone)
    closing.reopen(concern=lead, reason="mistake", by=mara)
    assert [loop.fresh(one).owner for one in (lead, concern, left)] == [mara, paul, mara]
    assert left.events.get(kind="owner").old == str(gone.pk)


class TestEverybodyHearsTheAnswerThatStands:
    """I5, I1: whoever was told an answer that is not the last word is owed the new one."""

    @pytest.fixture
    def told(self, mara, stadtbetrieb):
        """Somebody who has heard the answer, while another person of the same concern has not."""
        concern = loop.answered(mara, stadtbetrieb, reporters=[loop.PERSON, loop.PERSON])
        reporter = concern.reporters.first()
        loop.tell(reporter, by=mara)
        return reporter

    def test_bundled_under_a_lead_that_is_answered_too(self, told, mara, umwelt):
        bundling.bundle(concern=told.concern, lead=loop.answered(mara, umwelt), by=mara)
        assert loop.fresh(told).due == "final"

    def test_asked_again_after_the_first_answer(self, told, mara, umwelt):
        routing = loop.forward(told.concern, umwelt, by=mara)[0]
        assert set(Reporter.objects.values_list("due", flat=True)) == {""}
        loop.reply(routing)
        assert set(Reporter.objects.values_list("due", flat=True)) == {"final"}

    def test_worked_on_by_the_team_after_the_first_answer(self, told, mara):
        triage.take_on(concern=told.concern, by=mara)
        triage.record_answer(concern=told.concern, by=mara, **loop.ANSWER)
        assert loop.fresh(told).due == "final"

    @pytest.mark.parametrize("end", ["withdraw", "give_back"])
    def test_no_new_answer_nothing_new_to_tell(self, told, mara, umwelt, end):
        routing = loop.forward(told.concern, umwelt, by=mara)[0]
        if end == "withdraw":
            forwarding.withdraw(routing=routing, by=mara)
        else:
            department.give_back(routing=routing, reason="Nein", by=None)
        assert (loop.fresh(told.concern).status, loop.fresh(told).feedback_state) == ("feedback_due", "done")
        assert list(Reporter.objects.values_list("due", flat=True).order_by("pk")) == ["", "final"]

    def test_taken_out_of_the_bundle_and_answered_for_itself(self, mara, stadtbetrieb, umwelt):
        lead, concern = loop.answered(mara, stadtbetrieb), loop.log(mara)
        bundling.bundle(concern=concern, lead=lead, by=mara)
        loop.tell(concern.reporters.get(), by=mara)
        bundling.unbundle(concern=concern, by=mara)
        loop.reply(loop.forward(concern, umwelt, by=mara)[0])
        assert concern.reporters.get().due == "final"


class TestInAndOut:
    @pytest.fixture
    def reopened(self, mara, stadtbetrieb):
        return closing.reopen(concern=loop.closed(mara, stadtbetrieb), reason="mistake", by=mara)

    def test_old_answers_stay_history(self, reopened, mara, umwelt):
        bundling.bundle(concern=reopened, lead=loop.log(mara), by=mara)
        bundling.unbundle(concern=reopened, by=mara)
        routing = loop.forward(reopened, umwelt, by=mara)[0]
        department.give_back(routing=routing, reason="Nein", by=None)
        assert loop.fresh(reopened).status == "new"

    def test_it_waits_since_the_step_that_put_it_there(self, mara):
        lead, concern = loop.log(mara), loop.log(mara)
        Concern.objects.filter(pk=lead.pk).update(waiting_since=date(2026, 1, 2))
        bundling.bundle(concern=concern, lead=lead, by=mara)
        assert loop.fresh(concern).waiting_since == date(2026, 1, 2)
        bundling.unbundle(concern=concern, by=mara)
        assert loop.fresh(concern).waiting_since == make.today()


def test_a_bundled_concern_neither_wakes_nor_comes_back_alone(mara):
    lead, concern = loop.log(mara), loop.log(mara)
    triage.park(concern=lead, until=make.today() + timedelta(days=3), by=mara)
    bundling.bundle(concern=concern, lead=lead, by=mara)
    for step in (triage.wake, lambda **data: triage.set_follow_up(on=make.today(), **data)):
        with pytest.raises(LoopError, match="gebündelt"):
            step(concern=concern, by=mara)
    result = desk.follow_up_all(pks=[lead.pk, concern.pk], on=make.today(), by=mara)
    assert (result.changed, result.refused) == (1, {"gebündelt": 1})
    assert loop.fresh(concern).status == "parked"
