"""Promises through the page (acceptance scenario 5)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions import closing, feedback, triage
from concerns.actions.arrival import mail_came_back, mail_was_sent
from concerns.actions.intake import ReporterData
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db

INA = ReporterData(name="Ina Klee", email="ina@post.example", channel="email", consent_store=True)


def url(concern, step="settle_promise") -> str:
    return reverse(f"concerns:{step}", args=[concern.number])


@pytest.fixture
def promised(mara, stadtbetrieb, client_of):
    """Closed through the page as planned for today."""
    concern = loop.answered(mara, stadtbetrieb)
    loop.tell(concern.reporters.get(), by=mara)
    data = {"outcome": "planned", "answer_text": "Die Bank kommt.", "promised_on": make.today()}
    assert client_of(mara).post(url(concern, "close"), data).status_code == 303
    return loop.fresh(concern)


def due(client) -> list[str]:
    page = client.get(reverse("concerns:basket"), {"liste": "zusagen"})
    return [line["concern"].number for line in page.context["lines"]]


def test_a_promise_lies_on_the_desk_on_its_day_and_not_before(promised, mara, client_of):
    client = client_of(mara)
    assert due(client) == [promised.number]
    type(promised).objects.filter(pk=promised.pk).update(promised_on=make.today() + timedelta(days=1))
    assert due(client) == []


def test_a_broken_promise_opens_the_concern_and_owes_feedback_again(promised, mara, client_of):
    client = client_of(mara)
    assert client.post(url(promised), {"kept": "no"}).status_code == 303
    concern = loop.fresh(promised)
    assert (concern.status, concern.promise, concern.reopened_count) == ("new", "broken", 1)
    assert concern.reporters.get().feedback_state == "open"
    assert due(client) == []
    titles = [entry.title for entry in client.get(url(promised, "detail")).context["entries"]]
    assert titles[:2] == ["Wieder geöffnet", "Zusage nicht eingehalten"]


def test_a_kept_promise_owes_a_second_feedback_with_its_own_words(promised, mara, client_of):
    client = client_of(mara)
    empty = client.post(url(promised), {"kept": "yes", "text": " "})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["text"])
    assert client.post(url(promised), {"kept": "yes", "text": "Die Bank steht."}).status_code == 303
    concern = loop.fresh(promised)
    assert (concern.status, concern.promise, concern.outcome, concern.answer_text) == (
        "feedback_due", "kept", "fulfilled", "Die Bank steht.",
    )  # fmt: skip
    assert concern.reporters.get().due == "final"
    loop.tell(concern.reporters.get(), by=mara)
    assert client.get(url(concern, "close")).context["form"].initial["answer_text"] == "Die Bank steht."


@pytest.mark.parametrize("kept", ["", "maybe", "True"])
def test_an_undecided_promise_stays(kept, promised, mara, client_of):
    answer = client_of(mara).post(url(promised), {"kept": kept, "text": "x"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kept"])
    assert loop.fresh(promised).promise == "open"


def test_deciding_twice_is_a_conflict_that_keeps_the_words(promised, mara, client_of):
    client = client_of(mara)
    client.post(url(promised), {"kept": "no"})
    answer = client.post(url(promised), {"kept": "yes", "text": "Sie steht doch."})
    assert (answer.status_code, "Sie steht doch." in answer.content.decode()) == (409, True)


def test_what_became_of_a_promise_outlives_the_closing(promised, mara, stadtbetrieb):
    closing.settle_promise(concern=promised, kept=True, text="Die Bank steht.", by=mara)
    loop.tell(promised.reporters.get(), by=mara)
    assert closing.close(concern=promised, by=mara, **loop.ANSWER).promise == "kept"
    assert closing.reopen(concern=promised, reason="new_report", by=mara).promise == ""


def test_a_broken_promise_stays_broken_until_there_is_a_new_one(promised, mara, stadtbetrieb):
    planned = {"outcome": "planned", "answer_text": "Kommt.", "promised_on": make.today()}
    for end, promise in ((loop.ANSWER, "broken"), (planned, "open")):
        concern = closing.reopen(concern=promised, reason="promise_broken", by=mara)
        triage.record_answer(concern=concern, by=mara, **loop.ANSWER)
        loop.tell(promised.reporters.get(), by=mara)
        assert closing.close(concern=promised, by=mara, **end).promise == promise


def test_a_kept_promise_stays_kept_when_its_mail_comes_back(mara, stadtbetrieb):
    planned = {"outcome": "planned", "answer_text": "Kommt.", "promised_on": make.today()}
    concern = loop.closed(mara, stadtbetrieb, outcome=planned, reporters=[INA])
    closing.settle_promise(concern=concern, kept=True, text="Die Bank steht.", by=mara)
    sent = feedback.send_feedback(reporter=concern.reporters.get(), kind="final", text="Steht.", by=mara)
    mail_was_sent(feedback=sent)
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    mail_came_back(feedback=sent, bounced=True)
    assert (loop.fresh(concern).status, loop.fresh(concern).promise) == ("feedback_due", "kept")
