"""The department's answer (K08): what it needs, text blocks, and two people answering at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from concerns.actions import department as actions
from concerns.actions.base import NotReady
from concerns.actions.drafts import save_draft
from concerns.models import Draft, Reply, Routing
from concerns.workflow import ConcernStatus
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
TEXT = "Wir haben den Müll am Dienstag abgeholt."


@pytest.fixture
def routing(stadtbetrieb):
    return make.routing(department=stadtbetrieb)


def url(routing):
    return reverse("concerns:ticket_reply", args=[routing.pk])


def ticket_url(routing):
    return reverse("concerns:ticket", args=[routing.pk])


def data(**fields):
    return {"result": "fulfilled", "text": TEXT, "reason_category": "", "date_": "", "remark": "", **fields}


def send(client, routing, **fields):
    return client.post(url(routing), data(**fields))


def test_an_answer_makes_feedback_due(client_of, enno, routing):
    response = send(client_of(enno), routing, remark="Bitte nicht weitersagen.", file_number="E18/7")
    assert (response.status_code, response.headers["Location"]) == (303, reverse("concerns:inbox"))
    stored = Reply.objects.get()
    assert (stored.text, stored.remark, stored.by, stored.result) == (
        TEXT,
        "Bitte nicht weitersagen.",
        enno,
        "fulfilled",
    )
    now = Routing.objects.get()
    assert (now.status, now.file_number, now.concern.status) == ("answered", "E18/7", ConcernStatus.FEEDBACK_DUE)
    assert TEXT in client_of(enno).get(ticket_url(routing)).text


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"text": " "}, "text", "Bitte füllen Sie dieses Feld aus."),
        ({"result": ""}, "result", "Bitte wählen Sie etwas aus."),
        ({"result": "declined"}, "reason_category", "Ein (teilweises) Nein braucht einen Grund."),
        ({"result": "partly"}, "reason_category", "Ein (teilweises) Nein braucht einen Grund."),
        ({"result": "planned"}, "date_", "„Eingeplant“ braucht einen Termin."),
    ],
)
def test_what_is_missing_stands_next_to_the_field(client_of, enno, routing, fields, field, message):
    response = send(client_of(enno), routing, **({"remark": "Bleibt stehen"} | fields))
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert "Bleibt stehen" in response.text
    assert Reply.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"result": "not_responsible"},
        {"result": "declined", "reason_category": "keine_lust"},
        {"result": "planned", "date_": "gestern"},
        {"result": "planned", "date_": "9999-12-31"},
        {"text": "x" * 8001},
        {"remark": "x" * 4001},
        {"file_number": "x" * 61},
    ],
)
def test_wrong_values_are_refused(client_of, enno, routing, fields):
    assert send(client_of(enno), routing, **fields).status_code == 422
    assert (Reply.objects.count(), Routing.objects.get().status) == (0, "sent")


def test_dates_fit_the_result(client_of, enno, routing):
    client, today = client_of(enno), make.today()
    assert send(client, routing, result="planned", date_=today - timedelta(days=1)).status_code == 422
    assert send(client, routing, result="fulfilled", date_=today + timedelta(days=1)).status_code == 422
    assert send(client, routing, result="planned", date_=today + timedelta(days=30)).status_code == 303


def test_what_the_result_does_not_need_is_dropped(client_of, enno, routing):
    send(client_of(enno), routing, result="known", reason_category="funds", date_=make.today())
    stored = Reply.objects.get()
    assert (stored.result, stored.reason_category, stored.date) == ("known", "", None)


def test_a_no_with_reason(client_of, enno, routing):
    assert send(client_of(enno), routing, result="declined", reason_category="funds").status_code == 303
    assert Reply.objects.get().reason_category == "funds"


def test_the_action_itself_refuses_a_no_without_reason(enno, routing):
    with pytest.raises(NotReady):
        actions.reply(routing=routing, result="declined", text=TEXT, by=enno)
    assert Reply.objects.count() == 0


def test_control_characters_and_scripts(client_of, enno, routing):
    send(client_of(enno), routing, text="<b>Ja</b>\x00\u202e fertig")
    assert Reply.objects.get().text == "<b>Ja</b> fertig"
    assert "<b>Ja</b>" not in client_of(enno).get(ticket_url(routing)).text


# --- Text blocks ------------------------------------------------------------------------------------------------------


def test_text_blocks_of_the_own_department_by_result(client_of, enno, routing, umwelt, stadtbetrieb):
    make.text_block(name="Geräumt", result="fulfilled")
    make.text_block(name="Eigener", department=stadtbetrieb)
    make.text_block(name="Fremder", department=umwelt)
    make.text_block(name="Für die Rückmeldung", purpose="feedback")
    make.text_block(name="Abgeschafft", is_active=False)
    groups = client_of(enno).get(ticket_url(routing)).context["form"].block_groups
    assert [(label, [block.name for block in blocks]) for label, blocks in groups] == [
        ("Entsprochen / erledigt", ["Geräumt"]),
        ("Allgemein", ["Eigener"]),
    ]


def test_without_scripts_the_server_puts_the_block_in_and_keeps_everything(client_of, enno, routing):
    block = make.text_block(text="Vielen Dank für Ihren Hinweis.")
    typed = {"insert": "1", "block": block.pk, "result": "planned", "date_": "2030-01-02", "remark": "Intern"}
    response = send(client_of(enno), routing, **typed)
    form = response.context["form"]
    assert (response.status_code, form.is_bound) == (200, False)
    assert form["text"].value() == f"{TEXT}\n\nVielen Dank für Ihren Hinweis."
    assert [form[name].value() for name in ("result", "date_", "remark")] == ["planned", "2030-01-02", "Intern"]
    assert Reply.objects.count() == 0


def test_a_block_of_another_department_is_not_put_in(client_of, enno, routing, umwelt):
    foreign = make.text_block(text="Fremder Text", department=umwelt)
    for wrong in (foreign.pk, 999_999, "x", ""):
        response = send(client_of(enno), routing, insert="1", block=wrong)
        assert response.context["form"]["text"].value() == TEXT


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_comes_back_and_ends_with_the_answer(client_of, enno, lena, routing):
    client = client_of(enno)
    saved = client.post(reverse("concerns:draft", args=[f"reply:{routing.pk}"]), data(text="Halb", result="partly"))
    assert saved.status_code == 204
    form = client.get(ticket_url(routing)).context["form"]
    assert (form["text"].value(), form["result"].value()) == ("Halb", "partly")
    assert client_of(lena).get(ticket_url(routing)).context["form"]["text"].value() is None
    send(client, routing)
    assert Draft.objects.count() == 0


def test_an_answer_sent_after_the_session_ended_waits_for_signing_in(client_of, enno, lena, routing):
    owner = client_of(enno).get(ticket_url(routing)).context["entrance"].draft_owner
    for person, expected in ((lena, None), (enno, TEXT)):
        client = client_of(None)
        response = client.post(url(routing), data(draft_owner=owner))
        assert response.headers["Location"].startswith(reverse("account_login"))
        client.force_login(person)
        client.get(url(routing))
        assert client.get(ticket_url(routing)).context["form"]["text"].value() == expected
    assert Reply.objects.count() == 0


def test_strangers_cannot_put_words_into_somebodys_form(client_of, enno, routing):
    client = client_of(None)
    for owner in ("", "gefälscht", "1:2:3"):
        client.post(url(routing), data(draft_owner=owner))
    client.force_login(enno)
    assert client.get(ticket_url(routing)).context["form"]["text"].value() is None


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_the_second_one_keeps_the_text_and_sees_the_first(client_of, enno, lena, routing):
    save_draft(user=enno, form=f"reply:{routing.pk}", data={"text": ["Mein Text"]})
    send(client_of(lena), routing, text="Lenas Antwort")
    for headers in ({}, {"HX-Request": "true", "HX-Target": "reply"}):
        response = client_of(enno).post(url(routing), data(text="Mein Text"), headers=headers)
        assert response.status_code == 409
        assert "Lenas Antwort" in response.text
        assert "Mein Text" in response.text
        assert ("<html" in response.text) == (not headers)
    assert [reply.text for reply in Reply.objects.all()] == ["Lenas Antwort"]
    assert Draft.objects.count() == 1


def test_answering_what_was_given_back_meanwhile(client_of, enno, lena, routing):
    actions.give_back(routing=routing, reason="Landesstraße.", by=lena)
    response = send(client_of(enno), routing)
    assert response.status_code == 409
    assert "Landesstraße." in response.text
    assert TEXT in response.text


@pytest.mark.django_db(transaction=True)
def test_two_replies_at_the_same_moment():
    department = make.department()
    people = [make.user(role=Role.DEPT_STAFF, department=department) for _ in range(2)]
    routing = make.routing(department=department)
    barrier, codes = Barrier(2), {}

    def answer(number):
        client = make.client_of(people[number])
        barrier.wait(timeout=60)
        codes[number] = send(client, routing, text=f"Antwort {number}").status_code
        connection.close()

    threads = [Thread(target=answer, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(codes.values()) == [303, 409]
    winner = next(number for number, code in codes.items() if code == 303)
    assert Reply.objects.get().text == f"Antwort {winner}"
    assert routing.concern.events.filter(kind="routing_answered").count() == 1
