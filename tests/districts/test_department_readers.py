"""Departments read the directory of actors, without what is private and without the contact log (Z13, Z14, Z16)."""

import pytest
from django.urls import reverse

from districts.models import Actor, ContactNote, ContactPerson
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(ost, mara):
    """An actor with everything that must stay with the team."""
    made = make.actor(
        name="Nachbarschaftshilfe Ost e. V.", districts=[ost], source="Gespräch mit Frau Wirtz", phone="0221 4710-1",
        verified_on=make.today(), verified_by=mara,
    )  # fmt: skip
    make.contact_person(
        actor=made, name="Olga Adler", phone="0221 4710-2", private_email="olga@privat.example", private_note="abends"
    )
    make.contact_note(actor=made, district=ost, by=mara)
    made.events.create(kind="entered", by=mara)
    return made


@pytest.mark.parametrize("who", ["enno", "lena", "uwe"])
def test_they_read_the_entry_and_the_office_ways_of_its_people_and_nothing_more(who, request, actor, mara):
    client = make.client_of(request.getfixturevalue(who))
    page = client.get(actor.get_absolute_url())
    pages = page.text + client.get(reverse("districts:actors")).text + client.get(reverse("districts:networks")).text
    assert [words in pages for words in (actor.name, "0221 4710-1", "Olga Adler", "0221 4710-2")] == [True] * 4
    person, note = ContactPerson.objects.get(), ContactNote.objects.get()
    hidden = (
        *(person.private_phone, person.private_email, "abends", note.topic, note.text, actor.source, mara.name),
        *("Kontaktprotokoll", "Verlauf", "Bearbeiten", "Lücken", "CSV"),
    )
    assert [words for words in hidden if words in pages] == []
    assert (page.context["notes"], page.context["may_log"], page.context["may_edit"]) == ([], False, False)


@pytest.mark.parametrize("who", ["enno", "lena"])
def test_they_change_nothing_and_no_reader_of_the_log_gives_them_a_row(who, request, actor):
    person = request.getfixturevalue(who)
    client = make.client_of(person)
    note, contact = ContactNote.objects.get(), ContactPerson.objects.get()
    addresses = [
        reverse(f"districts:{name}", args=args)
        for name, args in (
            ("actor_edit", [actor.pk]), ("actor_verify", [actor.pk]), ("actor_end", [actor.pk]), ("actor_new", []),
            ("note_new", [actor.pk]), ("note_edit", [note.pk]), ("contact_edit", [contact.pk]), ("contact_log", []),
            ("contact_erase", [contact.pk]), ("actor_export", []), ("actor_import", []), ("gaps", []), ("silence", []),
        )
    ]  # fmt: skip
    assert [client.post(address, {"name": "x"}).status_code for address in addresses] == [404] * len(addresses)
    found = (Actor.objects.editable_by(person), Actor.objects.logged_by(person), ContactNote.objects.visible_to(person))
    assert [rows.count() for rows in found] == [0, 0, 0]
