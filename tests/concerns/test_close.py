"""Closing and reopening through the page (K10, I1-I3)."""

import pytest
from django.urls import reverse

from concerns.models import ConcernEvent
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db
END = {"outcome": "fulfilled", "answer_text": "Erledigt."}


def url(concern, step="close") -> str:
    return reverse(f"concerns:{step}", args=[concern.number])


@pytest.fixture
def client(mara, client_of):
    return client_of(mara)


@pytest.fixture
def told(mara, stadtbetrieb):
    """Answered, and the person has heard it."""
    concern = loop.answered(mara, stadtbetrieb)
    loop.tell(concern.reporters.get(), by=mara)
    return loop.fresh(concern)


def test_a_pothole_whose_no_reaches_the_resident(mara, enno, client, client_of, stadtbetrieb):
    """Acceptance scenario 1, every step a plain post."""
    concern = loop.log(mara)
    make.rule(topic=concern.topic, department=stadtbetrieb)
    form = client.get(url(concern, "forward")).context["form"]
    values = {name: form.get_initial_for_field(form.fields[name], name) for name in ("text", "question", "due_on")}
    client.post(url(concern, "forward"), {**values, "department": stadtbetrieb.pk})
    routing, theirs = concern.routings.get(), client_of(enno)
    answer = {"result": "declined", "text": "Die Straße wird nächstes Jahr erneuert."}
    reply_url = reverse("concerns:ticket_reply", args=[routing.pk])
    assert theirs.post(reply_url, answer).status_code == 422
    assert theirs.post(reply_url, {**answer, "reason_category": "priority"}).status_code == 303
    assert loop.fresh(concern).status == "feedback_due"
    page = client.get(url(concern))
    assert page.context["missing"] == ["1 von 1 Anliegengeber/innen hat noch keine Rückmeldung."]
    prefilled = page.context["form"].initial | {"promised_on": ""}
    assert client.post(url(concern), prefilled).status_code == 422
    reporter = concern.reporters.get()
    spoken = {"channel": "phone", "result": "reached", "language": "de", "text": prefilled["answer_text"]}
    told = client.post(reverse("concerns:feedback", args=[reporter.pk]), spoken)
    assert (told.status_code, told["Location"]) == (303, url(concern))
    assert client.post(url(concern), prefilled).status_code == 303
    concern = loop.fresh(concern)
    assert (concern.status, concern.outcome, concern.reason_category, concern.answer_text) == (
        "closed", "declined", "priority", "Die Straße wird nächstes Jahr erneuert.",
    )  # fmt: skip


def test_the_button_says_what_is_missing(mara, client):
    concern = loop.log(mara)
    expected = ["Es liegt noch keine Antwort vor.", "1 von 1 Anliegengeber/innen hat noch keine Rückmeldung."]
    answer = client.post(url(concern), END)
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, expected)
    assert client.get(url(concern, "detail")).context["missing"] == expected


def test_the_outcome_is_prefilled_from_the_leading_department(mara, client, stadtbetrieb, umwelt):
    concern = loop.log(mara)
    first, second = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
    loop.reply(first, result="partly", reason_category="funds", text="Die Hälfte.")
    loop.reply(second, result="fulfilled", text="Ganz.")
    assert client.get(url(concern)).context["form"].initial == {
        "outcome": "partly", "reason_category": "funds", "promised_on": None, "answer_text": "Die Hälfte.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", ""),
        ("outcome", "done"),
        ("answer_text", " "),
        ("answer_text", "x" * 8001),
        ("reason_category", ""),
        ("reason_category", "laziness"),
    ],
)
def test_wrong_input_is_named_at_the_field_and_closes_nothing(field, value, told, client):
    right = {"outcome": "declined", "reason_category": "funds", "answer_text": "Nein."}
    events = ConcernEvent.objects.count()
    answer = client.post(url(told), {**right, field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (loop.fresh(told).status, ConcernEvent.objects.count()) == ("feedback_due", events)


@pytest.mark.parametrize("day", ["", "2020-01-01", "nie"])
def test_a_promise_needs_a_day_to_come(day, told, client):
    answer = client.post(url(told), {"outcome": "planned", "answer_text": "Kommt.", "promised_on": day})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["promised_on"])


def test_whoever_closes_second_keeps_their_text(told, client, client_of, mara):
    assert client.post(url(told), END).status_code == 303
    answer = client_of(mara).post(url(told), {"outcome": "informed", "answer_text": "Meine Fassung"})
    assert answer.status_code == 409
    assert "Inzwischen hat jemand anderes dieses Anliegen abgeschlossen." in answer.content.decode()
    assert "Meine Fassung" in answer.content.decode()
    assert loop.fresh(told).answer_text == "Erledigt."


def test_reopening_needs_a_reason_and_owes_feedback_again(told, client):
    client.post(url(told), END)
    assert client.post(url(told, "reopen"), {"reason": "boredom"}).status_code == 422
    assert client.post(url(told, "reopen"), {}).status_code == 422
    assert client.post(url(told, "reopen"), {"reason": "unsatisfied"}).status_code == 303
    concern = loop.fresh(told)
    assert (concern.status, concern.reopened_count, concern.reporters.get().feedback_state) == ("new", 1, "open")
    assert client.post(url(told, "reopen"), {"reason": "mistake"}).status_code == 409
    entry = client.get(url(told, "detail")).context["entries"][0]
    assert (entry.title, entry.text.splitlines()[0]) == ("Wieder geöffnet", "Anliegengeber/in unzufrieden")


def test_an_old_answer_is_not_offered_after_reopening(told, client):
    client.post(url(told), END)
    client.post(url(told, "reopen"), {"reason": "new_report"})
    assert client.get(url(told)).context["form"].initial == {}
