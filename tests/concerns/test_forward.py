"""Forwarding and the thread with departments through the page (K05, K07, K19, I7)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from concerns import personal
from concerns.actions import bundling, department
from concerns.actions.intake import ReporterData
from concerns.models import Routing
from quartier.workdays import add_workdays
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db
SOON = make.today() + timedelta(days=10)


def url(concern, step="forward", *args) -> str:
    return reverse(f"concerns:{step}", args=[concern.number, *args])


def data(*departments, **more) -> dict:
    first, *others = departments
    return {
        "department": first.pk,
        "participants": [one.pk for one in others],
        "text": "Bitte abholen.",
        "question": "Wann?",
        "due_on": SOON.isoformat(),
        **more,
    }


def sent(concern) -> list[tuple]:
    return list(concern.routings.order_by("pk").values_list("department__code", "is_lead", "text", "question"))


@pytest.fixture
def concern(mara):
    return loop.log(mara)


@pytest.fixture
def client(mara, client_of):
    return client_of(mara)


def test_the_rule_suggests_department_time_and_participant(concern, client, stadtbetrieb, umwelt):
    make.rule(topic=concern.topic, department=stadtbetrieb, co_department=umwelt, working_days=15)
    answer = client.get(url(concern))
    assert "Geht an E 18 Aachener Stadtbetrieb – weil Thema" in answer.content.decode()
    form = answer.context["form"]
    assert form["department"].value() == stadtbetrieb.pk
    assert form["participants"].value() == [umwelt.pk]
    assert form.get_initial_for_field(form.fields["due_on"], "due_on") == add_workdays(make.today(), 15)
    assert form["text"].value() == "Hinter den Containern."


def test_without_a_rule_the_page_says_so(concern, client):
    assert "noch keine Zuständigkeitsregel" in client.get(url(concern)).content.decode()


def test_responsibility_follows_the_day_of_receipt(mara, client, stadtbetrieb, umwelt):
    """Acceptance scenario 3."""
    topic = make.topic()
    make.rule(topic=topic, department=stadtbetrieb, valid_to=date(2016, 12, 31))
    make.rule(topic=topic, department=umwelt, valid_from=date(2017, 1, 1))
    for received_on, expected in ((date(2016, 12, 15), stadtbetrieb), (date(2017, 1, 15), umwelt)):
        concern = loop.log(mara, topic=topic, received_on=received_on)
        assert client.get(url(concern)).context["suggestion"].department == expected


def test_a_department_that_was_renamed_is_replaced_by_its_successor(concern, client, umwelt):
    old = make.department("FB 45", valid_to=make.today() - timedelta(days=1), successor=umwelt)
    make.rule(topic=concern.topic, department=old)
    answer = client.get(url(concern))
    assert answer.context["suggestion"].department == umwelt
    assert client.post(url(concern), data(umwelt)).status_code == 303
    assert Routing.objects.get().override_reason == ""


def test_one_leads_and_the_others_take_part(concern, client, stadtbetrieb, umwelt):
    assert client.post(url(concern), data(stadtbetrieb, umwelt, urgent="on")).status_code == 303
    assert sent(concern) == [("E 18", True, "Bitte abholen.", "Wann?"), ("FB 36", False, "Bitte abholen.", "Wann?")]
    assert loop.fresh(concern).status == "forwarded"


def test_a_further_department_takes_part_under_the_one_that_leads(concern, client, mara, stadtbetrieb, umwelt):
    loop.forward(concern, stadtbetrieb, by=mara)
    client.post(url(concern), data(umwelt))
    assert [row[:2] for row in sent(concern)] == [("E 18", True), ("FB 36", False)]


def test_another_department_than_suggested_needs_a_reason(concern, client, stadtbetrieb, umwelt):
    make.rule(topic=concern.topic, department=stadtbetrieb)
    answer = client.post(url(concern), data(umwelt))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["override_reason"])
    assert sent(concern) == []
    client.post(url(concern), data(umwelt, override_reason="Grünfläche, nicht Straße"))
    routing = Routing.objects.get()
    assert (routing.suggested_department, routing.override_reason) == (stadtbetrieb, "Grünfläche, nicht Straße")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("department", ""),
        ("department", "999999"),
        ("department", "E 18"),
        ("participants", ["999999"]),
        ("text", "  "),
        ("text", "x" * 20_001),
        ("question", ""),
        ("question", "x" * 501),
        ("due_on", "2020-01-01"),
        ("due_on", "9999-12-31"),
        ("due_on", ""),
    ],
)
def test_wrong_input_is_named_at_the_field_and_sends_nothing(field, value, concern, client, stadtbetrieb):
    answer = client.post(url(concern), {**data(stadtbetrieb), field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (sent(concern), loop.fresh(concern).version) == ([], concern.version)


def test_departments_out_of_force_and_named_twice_are_refused(concern, client, stadtbetrieb):
    gone = make.department("FB 99", valid_to=make.today() - timedelta(days=1))
    assert client.post(url(concern), data(gone)).status_code == 422
    assert client.post(url(concern), data(stadtbetrieb, stadtbetrieb)).status_code == 422
    assert sent(concern) == []


@pytest.fixture
def known(mara):
    person = ReporterData(name="Gerda Zorn", phone="0241 555-019", email="g.zorn@example.org", consent_store=True)
    return loop.log(mara, reporters=[person])


@pytest.mark.parametrize("leak", ["Frau ZORN rief an", "Tel. 0241/555019", "+49 241 555019", "G.Zorn@example.org"])
def test_a_reporters_data_in_the_text_need_a_second_look(leak, known, client, stadtbetrieb):
    answer = client.post(url(known), data(stadtbetrieb, text=f"Bitte abholen. {leak}"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    assert leak.split()[-1] in answer.content.decode()
    assert sent(known) == []
    assert client.post(url(known), data(stadtbetrieb, text=leak, confirm_personal="on")).status_code == 303


def test_a_name_in_the_title_is_noticed_too(known, client, stadtbetrieb):
    type(known).objects.filter(pk=known.pk).update(title="Müll bei Familie Zorn")
    assert client.post(url(known), data(stadtbetrieb)).status_code == 422
    assert "Zorn" in client.get(url(known)).content.decode()


def test_people_of_bundled_concerns_count_too(known, concern, client, mara, stadtbetrieb):
    bundling.bundle(concern=known, lead=concern, by=mara)
    assert client.post(url(concern), data(stadtbetrieb, text="Zorn")).status_code == 422


def test_finding_personal_data_does_not_cry_wolf():
    class Someone:
        name, phone, email = "Frau Ute von der Au", "0241 12", ""

    assert personal.found_in("Die Frau von der Stadt, Haus 12, am 12.03.2026", [Someone]) == []
    assert personal.found_in("Ute hat angerufen", [Someone]) == ["Ute"]


def test_contact_data_are_released_only_with_consent(mara, client, stadtbetrieb):
    without = loop.log(mara)
    assert "released_contact" not in client.get(url(without)).context["form"].fields
    client.post(url(without), data(stadtbetrieb, released_contact="on"))
    assert Routing.objects.get(concern=without).released_contact is False
    agreed = loop.log(mara, reporters=[ReporterData(name="Ivo", consent_store=True, consent_pass_on=True)])
    client.post(url(agreed), data(stadtbetrieb, released_contact="on"))
    assert Routing.objects.get(concern=agreed).released_contact is True


def test_a_department_already_at_work_is_a_conflict_that_keeps_the_text(concern, client, mara, stadtbetrieb):
    loop.forward(concern, stadtbetrieb, by=mara)
    answer = client.post(url(concern), data(stadtbetrieb, text="Mein langer Text"))
    assert answer.status_code == 409
    assert "arbeitet bereits an diesem Anliegen" in answer.content.decode()
    assert "Mein langer Text" in answer.content.decode()
    assert len(sent(concern)) == 1


def test_ping_pong_comes_back_to_the_desk_with_the_suggestion(concern, client, mara, stadtbetrieb, umwelt, client_of):
    """Acceptance scenario 4: two departments return it; nothing is lost, both returns are counted."""
    make.rule(topic=concern.topic, department=stadtbetrieb)
    client.post(url(concern), data(stadtbetrieb))
    routing = Routing.objects.get()
    department.give_back(routing=routing, reason="Grünfläche", by=None, suggestion=umwelt)
    assert loop.fresh(concern).needs_triage
    form = client.get(url(concern)).context["form"]
    assert (form["department"].value(), form["override_reason"].value()) == (
        umwelt.pk, "E 18 ist nicht zuständig und nennt diese Stelle.",
    )  # fmt: skip
    client.post(url(concern), data(umwelt, override_reason=form["override_reason"].value()))
    department.give_back(routing=concern.routings.last(), reason="Straße", by=None)
    assert (loop.fresh(concern).status, loop.fresh(concern).needs_triage) == ("new", True)
    assert concern.routings.filter(status="returned").count() == 2
    basket = client.get(reverse("concerns:basket"), {"liste": "triage"}).context["lines"]
    assert [(line["concern"], line["returned_by"]) for line in basket] == [(concern, ["FB 36"])]


def test_recalling_names_the_consequence_and_brings_the_concern_back(concern, client, mara, stadtbetrieb):
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    assert "lässt sich nicht rückgängig machen" in client.get(url(concern, "withdraw", routing.pk)).content.decode()
    assert loop.fresh(routing).status == "sent"
    assert client.post(url(concern, "withdraw", routing.pk)).status_code == 303
    assert (loop.fresh(routing).status, loop.fresh(concern).status) == ("withdrawn", "new")
    assert client.post(url(concern, "withdraw", routing.pk)).status_code == 409


def test_a_query_is_answered_in_place(concern, client, mara, stadtbetrieb):
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    department.ask(routing=routing, text="Welcher Container?", by=None)
    page = client.get(reverse("concerns:detail", args=[concern.number])).content.decode()
    assert f'action="{url(concern, "answer_query", routing.pk)}"' in page
    empty = client.post(url(concern, "answer_query", routing.pk), {"text": " "})
    assert (empty.status_code, "Welcher Container?" in empty.content.decode()) == (422, True)
    assert client.post(url(concern, "answer_query", routing.pk), {"text": "Der graue."}).status_code == 303
    assert loop.fresh(routing).status == "accepted"
    late = client.post(url(concern, "answer_query", routing.pk), {"text": "Doch der blaue."})
    assert (late.status_code, "Doch der blaue." in late.content.decode()) == (409, True)


def test_a_remark_changes_nobodys_clock(concern, client, mara, stadtbetrieb):
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    client.post(url(concern, "remark", routing.pk), {"text": "Es eilt jetzt."})
    assert (loop.fresh(routing).due_on, routing.messages.get().text) == (routing.due_on, "Es eilt jetzt.")
    loop.reply(routing)
    late = client.post(url(concern, "remark", routing.pk), {"text": "Noch etwas"})
    assert (late.status_code, "Noch etwas" in late.content.decode()) == (409, True)


def test_an_answer_on_paper_is_entered_for_the_department(concern, client, mara, stadtbetrieb):
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    no = {"result": "declined", "text": "Kein Geld."}
    answer = client.post(url(concern, "paper_reply", routing.pk), no)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason_category"])
    client.post(url(concern, "paper_reply", routing.pk), {**no, "reason_category": "funds", "file_number": "E18-7"})
    reply = loop.fresh(routing).reply
    assert (reply.entered_for_department, reply.by, reply.reason_category) == (True, mara, "funds")
    assert (loop.fresh(routing).file_number, loop.fresh(concern).status) == ("E18-7", "feedback_due")


@pytest.mark.parametrize(
    ("field", "value"),
    [("result", "great"), ("result", ""), ("text", ""), ("date_", ""), ("date_", "3000-01-01"), ("remark", "x" * 4001)],
)
def test_a_wrong_paper_answer_changes_nothing(field, value, concern, client, mara, stadtbetrieb):
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    right = {"result": "planned", "date_": SOON.isoformat(), "text": "Kommt."}
    answer = client.post(url(concern, "paper_reply", routing.pk), {**right, field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert loop.fresh(routing).status == "sent"


@pytest.mark.parametrize("step", ["withdraw", "answer_query", "remark", "paper_reply"])
def test_a_routing_of_another_concern_is_not_found(step, concern, client, mara, paul, stadtbetrieb):
    for owner in (mara, paul):
        foreign = loop.forward(loop.log(owner), stadtbetrieb, by=owner)[0]
        assert client.post(url(concern, step, foreign.pk), {"text": "x"}).status_code == 404
        assert loop.fresh(foreign).status == "sent"
