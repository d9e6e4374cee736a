"""Carrier staff: given by the people pages, sees and changes the own actor, and nothing else (appendix A, Z04)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns.models import Concern, Routing
from districts.actions.contacts import end_contact
from districts.actions.merging import merge_actors, undo_merge
from districts.models import Actor, ContactNote, Membership, Network, User
from districts.roles import DEPARTMENT_ROLES, DISTRICT_ROLES, Role
from tests import make

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


@pytest.fixture
def own(tara):
    return tara.memberships.get().actor


def entry(actor, **change):
    """What the form of the own entry sends."""
    known = {"name": actor.name, "short_name": "Sozialwerk", "phone": "0221 4710-5", "version": actor.version}
    return {**known, "verified": "on", **change}


# --- the role ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["silke", "adam"])
def test_the_people_pages_give_the_role_for_an_actor_named_in_full(who, request, silke, adam, ost):
    actor, person = make.actor(name="Sozialwerk Ostviertel e. V."), make.user()
    data = {"role": "carrier_staff", "actor": actor.name, "district": ost.pk}
    client = make.client_of(request.getfixturevalue(who))
    assert client.post(url("membership_new", person.pk), data).status_code == 303
    made = Membership.objects.get(user=person)
    assert (made.actor, made.district, made.department, str(made)) == (
        actor, None, None, "Träger: Mitarbeit Sozialwerk Ostviertel e. V.",
    )  # fmt: skip
    assert User.objects.get(pk=person.pk).rights.actor_ids == {actor.pk}
    assert "Sozialwerk Ostviertel e. V." in client.get(url("person", person.pk)).text


@pytest.mark.parametrize("text", ["", "Gibt es nicht", "Sozialwerk Alt"])
def test_the_role_needs_an_actor_that_works(text, silke):
    make.actor(name="Sozialwerk Alt", status="ended", ended_on=make.today())
    person = make.user()
    answer = make.client_of(silke).post(url("membership_new", person.pk), {"role": "carrier_staff", "actor": text})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["actor"])
    assert not person.memberships.exists()


def test_an_actor_typed_for_another_role_is_left_out(silke):
    person = make.user()
    data = {"role": "planning", "actor": "Gibt es nicht"}
    assert make.client_of(silke).post(url("membership_new", person.pk), data).status_code == 303
    assert Membership.objects.get(user=person).actor is None


def test_the_database_knows_which_scope_belongs_to_which_role(tara, own, ost):
    for role, scope in [
        (Role.CARRIER, {}),
        (Role.CARRIER, {"district": ost}),
        (Role.CARRIER, {"actor": own, "district": ost}),
        *((role, {"actor": own, "district": ost}) for role in DISTRICT_ROLES),
        *((role, {"actor": own}) for role in DEPARTMENT_ROLES),
        (Role.ADMIN, {"actor": own}),
    ]:
        with pytest.raises(IntegrityError, match="membership_scope_fits_role"), transaction.atomic():
            Membership.objects.create(user=tara, role=role, **scope)
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        Membership.objects.create(user=tara, role=Role.CARRIER, actor=own)


def test_the_role_ends_and_with_it_every_right(tara, own, silke):
    membership = tara.memberships.get()
    address = reverse("concerns:membership_end", args=[membership.pk])
    assert make.client_of(silke).post(address, {"last_day": make.today().isoformat()}).status_code == 303
    membership.refresh_from_db()
    assert membership.valid_to == make.today()
    Membership.objects.filter(pk=membership.pk).update(valid_to=make.today() - timedelta(days=1))
    client = make.client_of(User.objects.get(pk=tara.pk))
    assert client.get(url("own_actor", own.pk)).status_code == 404
    assert client.get("/").headers["Location"] == url("profile")


def test_only_colleagues_of_the_same_carrier_stand_in(tara, own, mara, silke):
    colleague = make.user(role=Role.CARRIER, actor=own)
    make.user(role=Role.CARRIER)
    assert list(User.objects.possible_deputies(tara, on=make.today())) == [colleague]
    make.deputyship(person=tara, deputy=mara)
    assert User.objects.get(pk=mara.pk).rights.actor_ids == {own.pk}


def test_when_the_entry_is_merged_the_role_goes_with_it(tara, own, silke):
    kept = make.actor()
    both = make.user(role=Role.CARRIER, actor=kept)
    stays = make.membership(user=both, role=Role.CARRIER, actor=own)
    merge = merge_actors(kept=kept, merged=own, by=silke)
    assert User.objects.get(pk=tara.pk).rights.actor_ids == {kept.pk}
    assert Membership.objects.get(pk=stays.pk).actor == own
    undo_merge(merge=merge, by=silke)
    assert User.objects.get(pk=tara.pk).rights.actor_ids == {own.pk}
    assert {one.actor for one in both.memberships.all()} == {kept, own}


# --- what they must never see -----------------------------------------------------------------------------------------


def test_no_reader_gives_them_anything_of_others(tara, own, mara, ost):
    concern = make.concern(district=ost, owner=mara)
    make.routing(concern=concern)
    make.contact_note(actor=own, district=ost, by=mara)
    make.network(members=[own])
    found = [
        model.objects.visible_to(tara).count() for model in (Concern, Routing, Actor, ContactNote, Network)
    ]  # fmt: skip
    assert found == [0, 0, 0, 0, 0]
    assert list(Actor.objects.editable_by(tara)) == []


def test_the_own_entry_shows_the_public_part_only(tara, own, mara, ost):
    person = make.contact_person(actor=own, name="Olga Adler", private_note="Nur abends", phone="0221 4710-9")
    note = make.contact_note(actor=own, district=ost, by=mara)
    network = make.network(members=[own], name="Runde der Träger")
    own.verified_on, own.verified_by, own.source = make.today(), mara, "Gespräch im Mai"
    own.save()
    text = make.client_of(tara).get(url("own_actor", own.pk)).text
    shown = [words in text for words in ("Olga Adler", "0221 4710-9", "Aachen-Ost")]
    hidden = (person.private_phone, "Nur abends", note.topic, note.text, network.name, mara.name, own.source)
    assert (shown, [words for words in hidden if words in text]) == ([True] * 3, [])


def test_forms_of_the_own_entry_hide_what_is_not_theirs(tara, own):
    person = make.contact_person(actor=own, private_note="Nur abends")
    client = make.client_of(tara)
    fields = set(client.get(url("own_actor_edit", own.pk)).context["form"].fields)
    assert fields & {"districts", "parent", "type", "carrier_type", "status", "source"} == set()
    answer = client.get(url("own_contact_edit", person.pk))
    assert (person.private_phone in answer.text, "Nur abends" in answer.text) == (False, False)
    forbidden = {"private_phone", "private_email", "private_note", "consent_on", "is_key_person"}
    assert set(answer.context["form"].fields) & forbidden == set()


@pytest.mark.parametrize("name", ["own_actor", "own_actor_edit", "own_contact_new"])
def test_another_carrier_is_a_stranger(name, tara):
    assert make.client_of(tara).get(url(name, make.actor().pk)).status_code == 404


def test_contact_persons_of_another_carrier_are_strangers(tara):
    person = make.contact_person()
    client = make.client_of(tara)
    codes = [client.post(url(name, person.pk)).status_code for name in ("own_contact_edit", "own_contact_end")]
    assert codes == [404, 404]


# --- what they do -----------------------------------------------------------------------------------------------------


def test_the_start_page_lists_the_own_actor_and_nobody_else(tara, own):
    other = make.actor(name="Ganz anderer Träger")
    text = make.client_of(tara).get(url("carrier")).text
    assert (own.name in text, other.name in text) == (True, False)


@pytest.mark.parametrize("extra", [0, 5])
def test_the_pages_cost_the_same_for_few_and_many(extra, django_assert_num_queries, tara, own):
    for _ in range(extra):
        make.contact_person(actor=own)
        make.membership(user=tara, role=Role.CARRIER)
    client = make.client_of(tara)
    # session, person, deputyships, memberships, settings, waiting, offers, actors, shares, bookings
    with django_assert_num_queries(14):
        client.get(url("carrier"))
    make.contact_person(actor=own)
    with django_assert_num_queries(12):
        client.get(url("own_actor", own.pk))


def test_the_own_entry_is_changed_and_stays_where_it_works(tara, own, ost):
    data = entry(own, description="Begegnungshaus mit Café", is_public="on", districts="", source="erfunden")
    answer = make.client_of(tara).post(url("own_actor_edit", own.pk), data)
    own.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (303, url("own_actor", own.pk))
    assert (own.short_name, own.phone, own.description, own.is_public) == (
        "Sozialwerk", "0221 4710-5", "Begegnungshaus mit Café", True,
    )  # fmt: skip
    assert (list(own.districts.all()), own.source, own.verified_by) == ([ost], "", tara)
    assert list(own.events.values_list("kind", "by")) == [("edited", tara.pk)]


def test_who_is_slower_than_the_team_compares_first(tara, own):
    data = entry(own)
    Actor.objects.filter(pk=own.pk).update(phone="0221 1", version=own.version + 1)
    answer = make.client_of(tara).post(url("own_actor_edit", own.pk), data)
    assert (answer.status_code, answer.context["differences"][0]) == (409, ("Kurzname", "–", "Sozialwerk"))
    own.refresh_from_db()
    assert own.phone == "0221 1"


def test_data_are_confirmed(tara, own):
    assert make.client_of(tara).post(url("own_actor_verify", own.pk)).status_code == 303
    own.refresh_from_db()
    assert (own.verified_on, own.verified_by) == (make.today(), tara)


def test_contact_persons_come_and_go_and_private_data_stay_with_the_team(tara, own):
    client = make.client_of(tara)
    assert client.post(url("own_contact_new", own.pk), {"name": "Nils Neu", "phone": "0221 4710-7"}).status_code == 303
    person = make.contact_person(actor=own, private_note="Nur abends", is_key_person=True)
    kept = person.private_phone
    data = {"name": "Olga Adler", "version": person.version, "private_note": "überschrieben", "is_key_person": ""}
    assert client.post(url("own_contact_edit", person.pk), data).status_code == 303
    person.refresh_from_db()
    assert (person.name, person.private_phone, person.private_note, person.is_key_person) == (
        "Olga Adler", kept, "Nur abends", True,
    )  # fmt: skip
    follows = own.contacts.get(name="Nils Neu")
    ends = {"valid_to": make.today().isoformat(), "successor": follows.pk}
    assert client.post(url("own_contact_end", person.pk), ends).status_code == 303
    person.refresh_from_db()
    assert (person.valid_to, person.successor, person.private_note) == (make.today(), follows, "")


def test_somebody_who_was_ended_meanwhile_is_compared_first(tara, own, mara):
    person = make.contact_person(actor=own)
    data = {"name": "Olga Adler", "version": person.version}
    end_contact(person=person, valid_to=make.today(), successor=None, by=mara)
    answer = make.client_of(tara).post(url("own_contact_edit", person.pk), {**data, "valid_to": make.today()})
    assert answer.status_code == 409
