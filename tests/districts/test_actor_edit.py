"""Entering, changing, confirming and ending actors (Z13)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.models import Actor, ActorEvent, ActorType
from tests import make

pytestmark = pytest.mark.django_db

NEW = reverse("districts:actor_new")


@pytest.fixture
def kind(db):
    return make.list_entry(ActorType, name="Verein")


@pytest.fixture
def actor(ost, kind):
    return make.actor(name="Boxring", districts=[ost], type=kind)


def url(name, actor):
    return reverse(f"districts:{name}", args=[actor.pk])


@pytest.fixture
def typed(ost, kind):
    return {"name": "Chor am Markt", "type": kind.pk, "districts": [ost.pk], "status": "active"}


def kinds(actor):
    return [event.kind for event in actor.events.order_by("pk")]


def test_enters_an_actor_with_everything(client_of, mara, ost, typed):
    field, group = make.action_field(), make.target_group()
    parent = make.actor(name="Sozialwerk")
    more = {
        "action_fields": [field.pk], "target_groups": [group.pk], "languages": ["tr", "de"], "parent": "Sozialwerk",
        "website": "chor.example", "verified": "on", "is_public": "on", "carrier_type": "welfare",
    }  # fmt: skip
    answer = client_of(mara).post(NEW, typed | more)
    made = Actor.objects.get(name="Chor am Markt")
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.parent, made.languages, made.website) == (parent, ["tr", "de"], "https://chor.example")
    assert [list(rows.all()) for rows in (made.districts, made.action_fields, made.target_groups)] == [
        [ost],
        [field],
        [group],
    ]
    assert (made.verified_on, made.verified_by, kinds(made)) == (make.today(), mara, ["entered"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"type": ""}, "type"),
        ({"email": "kein-postfach"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"languages": ["xx"]}, "languages"),
        ({"parent": "Gibt es nicht"}, "parent"),
        ({"parent": "Irgendwer (Nr. 99999999999999999999)"}, "parent"),
        ({"parent": "Irgendwer (Nr. 999999999)"}, "parent"),
        ({"districts": ["0"]}, "districts"),
        ({"status": "ended"}, "status"),
    ],
)
def test_says_beside_the_field_what_is_wrong(client_of, mara, typed, change, field):
    answer = client_of(mara).post(NEW, typed | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Actor.objects.count() == 0


def test_a_team_enters_actors_of_its_own_districts_or_of_the_city(client_of, mara, silke, typed, ost, preuswald):
    foreign = client_of(mara).post(NEW, typed | {"districts": [preuswald.pk]})
    assert "districts" in foreign.context["form"].errors
    assert client_of(mara).post(NEW, typed | {"districts": [ost.pk, preuswald.pk]}).status_code == 303
    assert client_of(mara).post(NEW, typed | {"name": "Stadtweit", "districts": []}).status_code == 303
    assert client_of(silke).post(NEW, typed | {"name": "Überall", "districts": [preuswald.pk]}).status_code == 303


def test_similar_entries_must_be_looked_at_first(client_of, mara, typed, actor):
    client = client_of(mara)
    again = typed | {"name": "Box-Ring e. V."}
    answer = client.post(NEW, again)
    assert (answer.status_code, [one.name for one in answer.context["form"].alike]) == (422, ["Boxring"])
    assert 'value="Box-Ring e. V."' in answer.content.decode()
    assert Actor.objects.count() == 1
    assert client.post(NEW, again | {"confirmed": "on"}).status_code == 303
    assert Actor.objects.count() == 2


def test_similar_entries_are_shown_while_typing(client_of, mara, actor):
    client = client_of(mara)
    alike = reverse("districts:actor_alike")
    assert "Boxring" in client.get(alike, {"name": "Boxrink"}).content.decode()
    assert "Boxring" not in client.get(alike, {"name": "Kirchenchor"}).content.decode()
    make.actor(name="Gewerbeverein Aachen-Nord")
    assert "Gewerbeverein" not in client.get(alike, {"name": "Sprachcafé Aachen-Nord"}).content.decode()
    assert "Boxring" not in client.get(alike, {"name": "e. V."}).content.decode()


def test_offers_names_while_typing(client_of, mara, actor):
    make.actor(name="Boxverein", status="ended", ended_on=make.today())
    answer = client_of(mara).get(reverse("districts:actor_options"), {"feld": "parent", "parent": "box"})
    assert f'value="Boxring (Nr. {actor.pk})"' in answer.content.decode()
    assert "Boxverein" not in answer.content.decode()


def test_a_name_that_several_have_asks_for_the_number(client_of, mara, typed):
    twins = [make.actor(name="Pfarrei") for _ in range(2)]
    client = client_of(mara)
    answer = client.post(NEW, typed | {"parent": "pfarrei"})
    assert f"Pfarrei (Nr. {twins[1].pk})" in answer.context["form"].errors["parent"][0]
    client.post(NEW, typed | {"parent": f"Pfarrei (Nr. {twins[1].pk})"})
    assert Actor.objects.get(name="Chor am Markt").parent == twins[1]


def test_the_slower_one_compares_and_decides(client_of, mara, silke, actor, typed):
    edit = url("actor_edit", actor)
    sent = typed | {"name": "Boxring", "version": 1}
    assert client_of(silke).post(edit, sent | {"phone": "0221 1", "status": "dormant"}).status_code == 303
    client = client_of(mara)
    answer = client.post(edit, sent | {"phone": "0221 2"})
    assert answer.status_code == 409
    assert answer.context["differences"] == [("Telefon", "0221 1", "0221 2"), ("Stand", "ruht", "aktiv")]
    assert 'value="0221 2"' in answer.content.decode()
    actor.refresh_from_db()
    assert actor.phone == "0221 1"
    version = answer.context["form"]["version"].value()
    assert client.post(edit, sent | {"phone": "0221 2", "version": version}).status_code == 303
    actor.refresh_from_db()
    assert (actor.phone, actor.version, kinds(actor)) == ("0221 2", 3, ["edited", "edited"])


@pytest.mark.parametrize("version", ["", "x", None])
def test_without_a_version_nothing_is_changed(client_of, mara, actor, typed, version):
    sent = typed | {"name": "Neu"} | ({} if version is None else {"version": version})
    assert client_of(mara).post(url("actor_edit", actor), sent).status_code == 422
    actor.refresh_from_db()
    assert actor.name == "Boxring"


def test_nobody_becomes_their_own_carrier(client_of, mara, actor, typed):
    child = make.actor(name="Jugendgruppe", parent=make.actor(name="Abteilung", parent=actor))
    answer = client_of(mara).post(
        url("actor_edit", actor), typed | {"name": "Boxring", "version": 1, "parent": f"Jugendgruppe (Nr. {child.pk})"}
    )
    assert (answer.status_code, "im Kreis" in answer.context["form"].errors["parent"][0]) == (422, True)


def test_what_a_list_no_longer_offers_stays_where_it_was_chosen(client_of, mara, actor, typed):
    old = make.action_field(is_active=False)
    actor.action_fields.add(old)
    client_of(mara).post(url("actor_edit", actor), typed | {"name": "Boxring", "version": 1, "action_fields": [old.pk]})
    assert list(actor.action_fields.all()) == [old]
    answer = client_of(mara).post(NEW, typed | {"action_fields": [old.pk]})
    assert "action_fields" in answer.context["form"].errors


def test_one_click_confirms_the_data(client_of, mara, asli, actor):
    Actor.objects.filter(pk=actor.pk).update(verified_on=make.today() - timedelta(days=500), verified_by=mara)
    assert client_of(asli).post(url("actor_verify", actor)).status_code == 303
    actor.refresh_from_db()
    assert (actor.verified_on, actor.verified_by, kinds(actor)) == (make.today(), asli, ["verified"])


def test_ends_instead_of_deleting_and_takes_up_again(client_of, mara, actor):
    client = client_of(mara)
    yesterday = make.today() - timedelta(days=1)
    tomorrow = make.today() + timedelta(days=1)
    assert client.post(url("actor_end", actor), {"ended_on": tomorrow.isoformat()}).status_code == 422
    assert client.post(url("actor_end", actor), {"ended_on": yesterday.isoformat()}).status_code == 303
    actor.refresh_from_db()
    assert (actor.status, actor.ended_on) == ("ended", yesterday)
    assert client.post(url("actor_end", actor), {"ended_on": yesterday.isoformat()}).status_code == 409
    client.post(url("actor_reopen", actor))
    client.post(url("actor_reopen", actor))
    actor.refresh_from_db()
    assert (actor.status, actor.ended_on, kinds(actor)) == ("active", None, ["ended", "reopened"])


@pytest.mark.parametrize("name", ["actor_edit", "actor_verify", "actor_end", "actor_reopen", "actor_merge"])
def test_the_team_next_door_changes_nothing(client_of, paul, actor, typed, name):
    assert client_of(paul).post(url(name, actor), typed | {"version": 1}).status_code == 404
    actor.refresh_from_db()
    assert (actor.name, actor.version, kinds(actor)) == ("Boxring", 1, [])


@pytest.mark.parametrize(
    "change",
    [{"status": "ended"}, {"ended_on": "2026-01-01"}, {"status": "weg"}, {"verified_on": "2026-01-01"}],
)
def test_the_database_holds_what_an_entry_may_be(actor, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Actor.objects.filter(pk=actor.pk).update(**change)


def test_history_only_grows(client_of, mara, actor):
    client_of(mara).post(url("actor_verify", actor))
    for change in (lambda rows: rows.update(kind="ended"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(ActorEvent.objects.all())
