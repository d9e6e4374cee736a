"""The list of actors and networks on paper (P16)."""

import pytest
from django.urls import reverse

from reports.papers import actors as papers
from tests import make
from tests.pdf import ink_outside, outline, pages, structure, text

pytestmark = pytest.mark.django_db

URL = reverse("reports:actor_paper")


def paper(client, **query) -> bytes:
    response = client.get(URL, query)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


@pytest.fixture
def full(ost, preuswald, mara):
    """An actor with everything, one elsewhere, networks of both."""
    field, group = make.action_field(name="Alter und Generationen"), make.target_group(name="Ältere")
    actor = make.actor(
        name="Nachbarschaftshilfe Ost e. V.", districts=[ost], action_fields=[field], target_groups=[group],
        languages=["tr"], street="Elsassstraße 41", postcode="52068", city="Aachen", phone="0221 4710-403",
        email="info@nachbarost.example", website="https://nachbarost.example", verified_by=mara,
        verified_on=make.today(),
    )  # fmt: skip
    elsewhere = make.actor(name="Treffpunkt Preuswald", districts=[preuswald])
    make.network(name="Stadtteilnetz Ost", districts=[ost], members=[actor], coordinator=actor, rhythm="monatlich")
    make.network(name="Bewohnernetz Preuswald", districts=[preuswald], members=[elsewhere])
    make.network(name="Arbeitskreis der Träger")
    make.network(name="Vorbei", status="ended")
    return actor


def test_shows_what_the_list_shows_and_the_networks_of_the_district(client_of, mara, full, ost):
    content = paper(client_of(mara), district=ost.pk)
    assert structure(content) == []
    assert ink_outside(content) == []
    words = text(content)
    told = (
        "Auswahl: Quartier: Aachen-Ost", "1 Akteur, 2 aktive Netzwerke", "Nachbarschaftshilfe Ost e. V.",
        "Elsassstraße 41, 52068 Aachen", "info@nachbarost.example", "Alter und Generationen", "Türkisch",
        f"{make.today():%d.%m.%Y}", "Stadtteilnetz Ost", "monatlich", "Arbeitskreis der Träger", "stadtweit",
    )  # fmt: skip
    assert [one for one in told if one not in words] == []
    assert [one for one in ("Preuswald", "Vorbei") if one in words] == []
    assert [title for _, title in outline(content)] == ["Akteure und Netzwerke", "Akteure", "Netzwerke"]


def test_nothing_about_people_is_on_paper(client_of, mara, full, ost):
    person = make.contact_person(actor=full, name="Gerda Palm", phone="0221 4710-999")
    note = make.contact_note(actor=full, district=ost, by=mara, person=person)
    words = text(paper(client_of(mara)))
    secrets = ("Gerda", "4710-999", person.private_phone, note.topic, note.text)
    assert [secret for secret in secrets if secret in words] == []


def test_an_empty_choice_says_so(client_of, silke):
    content = paper(client_of(silke), q="gibt es nicht")
    assert structure(content) == []
    assert "Keine Akteure mit dieser Auswahl" in text(content)


def test_hostile_and_endless_names_stay_on_the_page(client_of, mara, ost):
    make.actor(name="x" * 160, short_name="<b>", districts=[ost], street="W" * 120, email=f"{'a' * 60}@example.org")
    make.actor(name="<script>alert(1)</script>", districts=[ost])
    content = paper(client_of(mara))
    assert (structure(content), ink_outside(content)) == ([], [])
    assert "<script>alert(1)</script>" in text(content)


def test_heads_are_repeated_on_every_page(client_of, mara):
    for n in range(40):
        make.actor(name=f"Akteur {n:02d}", street=f"Straße {n}", email=f"info{n}@akteur.example")
    content = paper(client_of(mara))
    assert pages(content) > 1
    assert text(content).count("Name und Art") == pages(content)


def test_a_network_with_many_members_stays_whole(client_of, mara):
    members = [make.actor(name=f"Akteur {n:02d} {'x' * 150}") for n in range(papers.MOST_MEMBERS + 3)]
    make.network(name="Großes Netz", members=members)
    content = paper(client_of(mara), q="gibt es nicht")
    assert (structure(content), ink_outside(content), pages(content) <= 2) == ([], [], True)
    assert "und 3 weitere" in text(content)


def test_too_many_for_paper_lead_back_to_the_list(client_of, mara, monkeypatch):
    for _ in range(papers.MOST + 1):
        make.actor()
    answer = client_of(mara).get(URL, {"q": "Akteur"}, follow=True)
    assert answer.redirect_chain == [(f"{reverse('districts:actors')}?q=Akteur", 303)]
    assert f"höchstens {papers.MOST} Akteure" in answer.content.decode()


def test_a_filter_that_cannot_be_read_leads_back(client_of, mara):
    answer = client_of(mara).get(URL, {"district": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{reverse('districts:actors')}?district=x")


@pytest.mark.parametrize("count", [1, 12])
def test_costs_the_same_for_one_and_many(client_of, mara, ost, count, django_assert_num_queries):
    for _ in range(count):
        actor = make.actor(districts=[ost], action_fields=[make.action_field()], target_groups=[make.target_group()])
        make.network(members=[actor], districts=[ost], coordinator=actor)
    client = client_of(mara)
    client.get(URL)
    with django_assert_num_queries(14):
        client.get(URL)
