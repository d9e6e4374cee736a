"""Contact persons: who sees and keeps what of them (Z14, Q02)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.actions.base import Conflict
from districts.actions.contacts import end_contact, erase_contact, save_contact
from districts.models import ContactPerson
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(ost):
    return make.actor(name="Boxring", districts=[ost])


@pytest.fixture
def person(actor):
    return make.contact_person(actor=actor, name="Toni Marek", private_note="nur abends")


def url(name, row):
    return reverse(f"districts:{name}", args=[row.pk])


def test_the_team_enters_a_person_with_consent(client_of, mara, actor):
    group = make.target_group()
    typed = {
        "name": "Toni Marek", "function": "Trainer", "is_key_person": "on", "is_volunteer": "on", "languages": ["ru"],
        "reaches": [group.pk], "consent_on": make.today().isoformat(), "private_phone": "0171 1",
        "private_note": "abends",
    }  # fmt: skip
    answer = client_of(mara).post(url("contact_new", actor), typed)
    made = ContactPerson.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, actor.get_absolute_url())
    assert (made.roles, made.language_names, list(made.reaches.all())) == (
        ["Schlüsselperson", "ehrenamtlich"],
        ["Russisch"],
        [group],
    )
    assert (made.private_phone, made.consent_on) == ("0171 1", make.today())


def test_nothing_private_without_consent(client_of, mara, actor):
    answer = client_of(mara).post(url("contact_new", actor), {"name": "Toni Marek", "private_phone": "0171 1"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["consent_on"])
    assert 'value="0171 1"' in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPerson.objects.create(actor=actor, name="Toni", private_note="abends")


def test_consent_cannot_lie_in_the_future(client_of, mara, actor):
    tomorrow = (make.today() + timedelta(days=1)).isoformat()
    answer = client_of(mara).post(url("contact_new", actor), {"name": "Toni", "consent_on": tomorrow})
    assert list(answer.context["form"].errors) == ["consent_on"]


def test_planning_changes_the_public_part_without_seeing_or_losing_the_private_one(client_of, silke, person):
    client = client_of(silke)
    shown = client.get(url("contact_edit", person)).content.decode()
    assert [text for text in (person.private_phone, "nur abends", "Einwilligung") if text in shown] == []
    sent = {"name": "Toni Marek", "function": "Vorsitz", "private_phone": "geraten", "consent_on": "", "version": 1}
    assert client.post(url("contact_edit", person), sent).status_code == 303
    private = person.private_phone
    person.refresh_from_db()
    assert (person.function, person.private_phone, person.private_note) == ("Vorsitz", private, "nur abends")
    assert person.consent_on == make.today()


def test_who_leaves_is_followed_by_somebody_and_loses_what_was_private(client_of, mara, actor, person):
    new = make.contact_person(actor=actor, name="Anja Neu")
    sent = {"valid_to": make.today().isoformat(), "successor": new.pk}
    assert client_of(mara).post(url("contact_end", person), sent).status_code == 303
    person.refresh_from_db()
    assert (person.successor, person.valid_to, person.consent_on) == (new, make.today(), None)
    assert (person.private_phone, person.private_note) == ("", "")


def test_the_successor_belongs_to_the_same_actor(client_of, mara, person, ost):
    foreign = make.contact_person(actor=make.actor(districts=[ost]))
    sent = {"valid_to": make.today().isoformat(), "successor": foreign.pk}
    assert client_of(mara).post(url("contact_end", person), sent).status_code == 422
    person.valid_from = make.today()
    person.save(update_fields=["valid_from"])
    early = {"valid_to": (make.today() - timedelta(days=9)).isoformat()}
    assert list(client_of(mara).post(url("contact_end", person), early).context["form"].errors) == ["valid_to"]


def test_a_person_can_be_erased_and_the_log_stays(client_of, mara, ost, actor, person):
    follower = make.contact_person(actor=actor, name="Olga Alt", successor=person)
    note = make.contact_note(actor=actor, district=ost, by=mara, person=person)
    client = client_of(mara)
    assert "Toni Marek" in client.get(url("contact_erase", person)).content.decode()
    assert ContactPerson.objects.count() == 2
    assert client.post(url("contact_erase", person)).status_code == 303
    note.refresh_from_db()
    follower.refresh_from_db()
    assert (note.person, follower.successor, ContactPerson.objects.count()) == (None, None, 1)
    assert "Toni Marek" not in client.get(actor.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["contact_edit", "contact_end", "contact_erase"])
def test_the_team_next_door_reaches_nobody(client_of, paul, person, name):
    assert client_of(paul).post(url(name, person), {"name": "Weg"}).status_code == 404
    assert ContactPerson.objects.get().name == "Toni Marek"


def test_addresses_hold_no_names(person):
    paths = [url(name, person) for name in ("contact_edit", "contact_end", "contact_erase")]
    assert [path for path in paths if "toni" in path.lower() or "marek" in path.lower()] == []


def test_who_was_slower_compares_first_and_brings_back_nothing_private(client_of, mara, person):
    client = client_of(mara)
    assert client.post(url("contact_end", person), {"valid_to": make.today().isoformat()}).status_code == 303
    typed = {"name": "Toni M. Marek", "consent_on": make.today().isoformat(), "private_phone": "0171 1", "version": 1}
    answer = client.post(url("contact_edit", person), typed)
    assert (answer.status_code, 'value="Toni M. Marek"' in answer.content.decode()) == (409, True)
    assert ("Name", "Toni Marek", "Toni M. Marek") in answer.context["differences"]
    person.refresh_from_db()
    assert (person.name, person.private_phone, person.consent_on) == ("Toni Marek", "", None)


def test_who_has_ended_has_nothing_private(client_of, mara, person):
    client, today = client_of(mara), make.today().isoformat()
    assert "valid_to" not in client.get(url("contact_edit", person)).context["form"].fields
    client.post(url("contact_end", person), {"valid_to": today})
    sent = {"name": "Toni", "valid_to": today, "consent_on": today, "private_phone": "0171 1", "version": 2}
    answer = client.post(url("contact_edit", person), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["valid_to"])
    assert client.post(url("contact_edit", person), sent | {"valid_to": ""}).status_code == 303
    person.refresh_from_db()
    assert (person.valid_to, person.private_phone) == (None, "0171 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPerson.objects.filter(pk=person.pk).update(valid_to=make.today())


def test_an_erased_person_does_not_come_back(mara, actor, person):
    erase_contact(person=person, by=mara)
    with pytest.raises(Conflict, match="gelöscht"):
        save_contact(actor=actor, by=mara, reaches=[], person=person, version=1, name="Toni Marek")
    with pytest.raises(Conflict, match="gelöscht"):
        end_contact(person=person, valid_to=make.today(), successor=None, by=mara)
