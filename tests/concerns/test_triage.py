"""Steps of triage through the page: own work, parking, result, follow-up, owner, note (K04)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions import bundling, department, triage
from concerns.models import Concern, ConcernEvent, ConcernNote
from districts.roles import Role
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db
IN_A_WEEK = timedelta(days=7)


def url(concern, step) -> str:
    return reverse(f"concerns:{step}", args=[concern.number])


def undo(client, concern):
    """Press "Rückgängig" on the message of the last step."""
    *_, message = client.get(url(concern, "detail")).context["messages"]
    return client.post(message.extra_tags.removeprefix("undo:"))


def standing(concern) -> tuple:
    concern = loop.fresh(concern)
    return tuple(getattr(concern, name) for name in ("status", "due_on", "follow_up_on", "parked_from", "owner_id"))


@pytest.fixture
def concern(mara):
    return loop.log(mara)


@pytest.fixture
def client(mara, client_of):
    return client_of(mara)


def test_taking_on_sets_the_date_and_can_be_undone(concern, client):
    before = standing(concern)
    day = make.today() + IN_A_WEEK
    assert client.post(url(concern, "take_on"), {"due_on": day}).status_code == 303
    assert standing(concern)[:2] == ("own_work", day)
    undo(client, concern)
    assert standing(concern) == before
    assert [event.new for event in concern.events.filter(kind="status")] == ["own_work", "new"]


def test_parking_and_waking_can_be_undone(concern, client):
    before, until = standing(concern), make.today() + IN_A_WEEK
    client.post(url(concern, "park"), {"until": until})
    parked = standing(concern)
    assert parked[:4] == ("parked", until, until, "new")
    undo(client, concern)
    assert standing(concern) == before
    client.post(url(concern, "park"), {"until": until})
    client.post(url(concern, "wake"))
    assert standing(concern)[0] == "new"
    undo(client, concern)
    assert standing(concern) == parked


def test_an_undo_after_somebody_else_did_something_changes_nothing(concern, client, asli):
    client.post(url(concern, "follow_up"), {"on": make.today() + IN_A_WEEK})
    triage.set_follow_up(concern=concern, on=make.today(), by=asli)
    undo(client, concern)
    assert loop.fresh(concern).follow_up_on == make.today()
    assert "Seitdem hat sich" in client.get(url(concern, "detail")).content.decode()


def test_an_undo_of_another_concern_or_a_made_up_one_is_refused(concern, client, mara):
    other = loop.log(mara)
    client.post(url(concern, "take_on"))
    step = next(iter(client.get(url(concern, "detail")).context["messages"])).extra_tags.partition("schritt=")[2]
    assert client.post(f"{url(other, 'undo')}?schritt={step}").status_code == 404
    assert client.post(f"{url(concern, 'undo')}?schritt={step}x").status_code == 404
    assert client.post(url(concern, "undo")).status_code == 404
    assert standing(concern)[0] == "own_work"


def test_no_undo_where_feedback_was_suspended(concern, client, mara):
    triage.record_answer(concern=concern, by=mara, outcome="informed", answer_text="So ist es.")
    client.post(url(concern, "take_on"))
    assert loop.fresh(concern).status == "own_work"
    undo(client, concern)
    assert loop.fresh(concern).status == "own_work"


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("take_on", "due_on", "2020-01-01"),
        ("take_on", "due_on", "übermorgen"),
        ("park", "until", ""),
        ("park", "until", "2020-01-01"),
        ("park", "until", "9999-01-01"),
        ("follow_up", "on", "2020-01-01"),
        ("follow_up", "on", "31.02.2030"),
        ("owner", "owner", ""),
        ("owner", "owner", "999999"),
        ("owner", "owner", "x"),
        ("note", "text", "  "),
        ("note", "text", "x" * 8001),
        ("answer", "outcome", "solved"),
        ("answer", "outcome", ""),
        ("answer", "answer_text", ""),
        ("answer", "reason_category", "weather"),
        ("answer", "reason_category", ""),
        ("answer", "promised_on", "gestern"),
    ],
)
def test_wrong_input_is_named_at_the_field_and_changes_nothing(step, field, value, concern, client):
    outcome = "planned" if field == "promised_on" else "declined"
    right = {"outcome": outcome, "answer_text": "Nein.", "reason_category": "funds"} if step == "answer" else {}
    before, events = standing(concern), ConcernEvent.objects.count()
    answer = client.post(url(concern, step), {**right, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert (standing(concern), ConcernEvent.objects.count()) == (before, events)


def test_today_is_too_early_to_park_until(concern, client):
    answer = client.post(url(concern, "park"), {"until": make.today()})
    assert list(answer.context["form"].errors) == ["until"]


def test_a_no_with_reason_makes_feedback_due(concern, client):
    data = {"outcome": "declined", "answer_text": "Dafür fehlt das Geld.", "reason_category": "funds"}
    assert client.post(url(concern, "answer"), {**data, "promised_on": "2030-01-01"}).status_code == 303
    concern = loop.fresh(concern)
    assert (concern.status, concern.outcome, concern.reason_category, concern.promised_on) == (
        "feedback_due", "declined", "funds", None,
    )  # fmt: skip
    assert concern.reporters.get().due == "final"


def test_mere_information_is_prefilled(concern, client):
    form = client.get(url(concern, "answer"), {"ergebnis": "informed"}).context["form"]
    assert form["outcome"].value() == "informed"
    assert client.get(url(concern, "answer"), {"ergebnis": "hack"}).context["form"]["outcome"].value() == ""


def test_a_result_while_a_department_works_is_refused_in_the_form(concern, client, mara, stadtbetrieb):
    loop.forward(concern, stadtbetrieb, by=mara)
    answer = client.post(url(concern, "answer"), {"outcome": "informed", "answer_text": "Doch nicht."})
    assert answer.status_code == 422
    assert "Ein Fachbereich arbeitet noch daran." in answer.content.decode()
    assert "Doch nicht." in answer.content.decode()


def test_two_people_at_once_one_wins_the_other_keeps_the_text(concern, client, mara):
    triage.record_answer(concern=concern, by=mara, outcome="informed", answer_text="So ist es.")
    answer = client.post(url(concern, "answer"), {"outcome": "informed", "answer_text": "Mein langer Text"})
    assert answer.status_code == 409
    assert "Mein langer Text" in answer.content.decode()
    assert loop.fresh(concern).answer_text == "So ist es."


def test_the_owner_comes_from_the_districts_team_today(concern, client, mara, asli, paul, ost):
    former = make.user(name="Fritz Früher")
    make.membership(user=former, role=Role.MANAGER, district=ost, valid_to=make.today() - timedelta(days=1))
    form = client.get(url(concern, "owner")).context["form"]
    assert list(form.fields["owner"].queryset) == [asli, mara]
    for stranger in (paul, former):
        assert client.post(url(concern, "owner"), {"owner": stranger.pk}).status_code == 422
    client.post(url(concern, "owner"), {"owner": asli.pk})
    assert loop.fresh(concern).owner == asli
    undo(client, concern)
    assert loop.fresh(concern).owner == mara


def test_outside_all_districts_the_offices_managers_may_own(client, mara, paul):
    outside = loop.log(mara, district=None)
    form = client.get(url(outside, "owner")).context["form"]
    assert list(form.fields["owner"].queryset) == [mara]


def test_a_follow_up_can_be_set_cleared_and_taken_back(concern, client):
    day = make.today() + IN_A_WEEK
    client.post(url(concern, "follow_up"), {"on": day})
    assert loop.fresh(concern).follow_up_on == day
    client.get(url(concern, "detail"))
    client.post(url(concern, "follow_up"), {"on": ""})
    assert loop.fresh(concern).follow_up_on is None
    undo(client, concern)
    assert loop.fresh(concern).follow_up_on == day


def test_a_parked_concern_needs_its_date(concern, client, mara):
    triage.park(concern=concern, until=make.today() + IN_A_WEEK, by=mara)
    answer = client.post(url(concern, "follow_up"), {"on": ""})
    assert (answer.status_code, "braucht ein Datum" in answer.content.decode()) == (422, True)


def test_a_note_keeps_its_line_breaks_and_stands_only_in_its_table(concern, client):
    answer = client.post(url(concern, "note"), {"text": "Ruft Frau Zorn an:\r\n0241 555019"})
    assert answer["Location"] == url(concern, "detail") + "#notizen"
    assert ConcernNote.objects.get().text == "Ruft Frau Zorn an:\n0241 555019"
    assert "Zorn" not in str(list(ConcernEvent.objects.values()))


def test_a_return_is_acknowledged_while_others_go_on(concern, client, mara, stadtbetrieb, umwelt):
    routing, _ = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
    department.give_back(routing=routing, reason="Nicht unser Gebiet", by=None)
    assert loop.fresh(concern).needs_triage
    client.post(url(concern, "acknowledge_return"))
    assert (loop.fresh(concern).needs_triage, loop.fresh(concern).status) == (False, "forwarded")


@pytest.mark.parametrize("step", ["take_on", "park", "answer"])
def test_bundled_concerns_are_decided_at_their_lead(step, concern, client, mara):
    lead = loop.log(mara)
    bundling.bundle(concern=concern, lead=lead, by=mara)
    data = {"until": make.today() + IN_A_WEEK, "outcome": "informed", "answer_text": "Ja"}
    answer = client.post(url(concern, step), data)
    assert (answer.status_code, f"unter {lead.number} gebündelt" in answer.content.decode()) == (422, True)


def test_in_place_the_form_comes_alone_and_without_scripts_it_is_a_page(concern, client):
    whole = client.get(url(concern, "park")).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "step"}
    panel = client.get(url(concern, "park"), headers=headers).content.decode()
    assert ("<html" in whole, "<html" in panel) == (True, False)
    assert 'name="until"' in panel
    sent = client.post(url(concern, "park"), {"until": make.today() + IN_A_WEEK}, headers=headers)
    assert (sent.status_code, sent["HX-Redirect"]) == (204, url(concern, "detail"))
    refused = client.post(url(concern, "park"), {"until": ""}, headers=headers)
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)


def test_a_way_back_out_of_the_application_is_ignored(concern, client):
    answer = client.post(url(concern, "follow_up") + "?zurueck=https://evil.example/", {"on": ""})
    assert answer["Location"] == url(concern, "detail")


@pytest.mark.parametrize("step", ["wake", "acknowledge_return", "undo"])
def test_steps_without_a_form_are_only_sent(step, concern, client):
    assert client.get(url(concern, step)).status_code == 405


def test_waking_twice_says_so(concern, client, mara):
    triage.park(concern=concern, until=make.today() + IN_A_WEEK, by=mara)
    for _ in range(2):
        client.post(url(concern, "wake"))
    texts = [str(message) for message in client.get(url(concern, "detail")).context["messages"]]
    assert len(texts) == 2
    assert Concern.objects.get(pk=concern.pk).status == "new"
