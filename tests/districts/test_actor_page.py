"""One actor's page: what stands there for whom (Z13–Z16, Q02)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from districts.actions.merging import merge_actors
from districts.models import Actor
from districts.roles import Role
from tests import make, make_offers

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(ost):
    return make.actor(name="Nachbarschaftshilfe Ost", districts=[ost], phone="0221 4710-1", languages=["tr", "de"])


@pytest.fixture
def person(actor):
    return make.contact_person(
        actor=actor,
        name="Gerda Palm",
        function="Vorsitzende",
        phone="0221 4710-9",
        private_phone="0171 3920099",
        private_email="gerda@privat.example",
        private_note="nur vormittags",
        is_key_person=True,
    )


PRIVATE = ("0171 3920099", "gerda@privat.example", "nur vormittags")


def page(client, actor):
    return client.get(actor.get_absolute_url()).content.decode()


def test_shows_the_entry_its_people_and_its_ties(client_of, mara, actor, person, ost):
    other = make.actor(name="Haus Elsass", districts=[ost])
    make.relation(source=other, target=actor, by=mara, kind="funds", note="Ausflug")
    make.network(name="Stadtteilnetz", members=[actor], districts=[ost])
    make.actor(name="Besuchsdienst", parent=actor)
    shown = page(client_of(mara), actor)
    for text in (
        "Gerda Palm",
        "Schlüsselperson",
        "0221 4710-9",
        "Deutsch, Türkisch",
        "wird finanziert von",
        "Haus Elsass",
    ):
        assert text in shown
    for text in ("Stadtteilnetz", "Besuchsdienst", "Ausflug", *PRIVATE):
        assert text in shown


def test_private_data_stay_with_the_team(client_of, asli, paul, silke, actor, person):
    assert all(text in page(client_of(asli), actor) for text in PRIVATE)
    for stranger in (paul, silke):
        shown = page(client_of(stranger), actor)
        assert "Gerda Palm" in shown
        assert [text for text in PRIVATE if text in shown] == []


def test_the_log_stays_with_the_team(client_of, mara, asli, paul, silke, actor, ost):
    make.contact_note(actor=actor, district=ost, by=mara, topic="Streit im Vorstand")
    make.contact_note(actor=actor, district=ost, by=mara, topic="Vertrauliches", is_confidential=True)
    seen = {
        one.name: [topic for topic in ("Streit im Vorstand", "Vertrauliches") if topic in page(client_of(one), actor)]
        for one in (mara, asli, paul, silke)
    }
    assert seen == {
        "Mara Lindt": ["Streit im Vorstand", "Vertrauliches"],
        "Aslı Demir": ["Streit im Vorstand"],
        "Paul Esser": [],
        "Silke Faber": [],
    }


def test_every_team_keeps_its_own_log_with_a_city_wide_actor(client_of, mara, paul, ost, preuswald):
    citywide = make.actor(name="Sozialwerk")
    make.contact_note(actor=citywide, district=ost, by=mara, topic="Aus Ost")
    make.contact_note(actor=citywide, district=preuswald, by=paul, topic="Aus Preuswald")
    assert ("Aus Ost" in page(client_of(mara), citywide), "Aus Preuswald" in page(client_of(mara), citywide)) == (
        True,
        False,
    )
    assert ("Aus Ost" in page(client_of(paul), citywide), "Aus Preuswald" in page(client_of(paul), citywide)) == (
        False,
        True,
    )


def test_buttons_only_for_who_may_use_them(client_of, mara, paul, silke, actor, person):
    edit = reverse("districts:actor_edit", args=[actor.pk])
    log = reverse("districts:note_new", args=[actor.pk])
    shown = {
        one.name: (edit in page(client_of(one), actor), log in page(client_of(one), actor))
        for one in (mara, paul, silke)
    }
    assert shown == {"Mara Lindt": (True, True), "Paul Esser": (False, False), "Silke Faber": (True, False)}


def test_page_and_query_agree_on_who_may_change_it(mara, paul, asli, silke, enno, ost, preuswald):
    rows = [
        make.actor(),
        make.actor(districts=[ost]),
        make.actor(districts=[preuswald]),
        make.actor(districts=[ost, preuswald]),
    ]
    both = make.user(role=Role.PLANNING)
    make.membership(user=both, role=Role.MANAGER, district=preuswald)
    for one in (mara, paul, asli, silke, both):
        editable = set(Actor.objects.editable_by(one).values_list("pk", flat=True))
        assert editable == {row.pk for row in rows if row.may_edit(one)}, one.name
        logged = set(Actor.objects.logged_by(one).values_list("pk", flat=True))
        assert logged == {row.pk for row in rows if row.may_log(one)}, one.name
    assert (set(Actor.objects.visible_to(enno)), list(Actor.objects.editable_by(enno))) == (set(rows), [])
    assert [row.may_log(both) for row in rows] == [True, False, True, True]


def test_a_former_contact_names_who_follows(client_of, mara, actor):
    new = make.contact_person(actor=actor, name="Anja Neu")
    make.contact_person(actor=actor, name="Olga Alt", valid_to=make.today() - timedelta(days=3), successor=new)
    answer = client_of(mara).get(actor.get_absolute_url())
    assert [[one.name for one in answer.context[key]] for key in ("people", "former")] == [["Anja Neu"], ["Olga Alt"]]
    assert "Nachfolge: Anja Neu" in answer.content.decode()


def test_a_merged_entry_leads_to_the_one_that_was_kept(client_of, mara, actor, ost):
    double = make.actor(name="NaHilfe", districts=[ost])
    merge_actors(kept=actor, merged=double, by=mara)
    answer = client_of(mara).get(double.get_absolute_url())
    assert (answer.status_code, answer.headers["Location"]) == (303, actor.get_absolute_url())


@pytest.mark.parametrize("count", [1, 8])
def test_costs_the_same_for_few_and_many(client_of, mara, ost, actor, count, django_assert_num_queries):
    for _ in range(count):
        person = make.contact_person(actor=actor)
        person.reaches.add(make.target_group())
        make.contact_note(actor=actor, person=person, district=ost, by=mara)
        make.network(members=[actor])
        make.relation(source=actor, target=make.actor(), by=mara)
        make.relation(source=make.actor(), target=actor, by=mara, kind="funds")
        make.actor(parent=actor)
        make_offers.offer(provider=actor)
        merge_actors(kept=actor, merged=make.actor(), by=mara)
    client = client_of(mara)
    client.get(actor.get_absolute_url())
    with django_assert_num_queries(20):
        client.get(actor.get_absolute_url())


def test_the_page_shows_what_the_actor_offers_and_begins_a_new_one(client_of, mara, ost):
    actor = make.actor(districts=[ost])
    make_offers.offer(title="Nähkurs", provider=actor, is_public=False)
    make_offers.over(title="Vorbei", provider=actor)
    client = client_of(mara)
    page = client.get(actor.get_absolute_url()).content.decode()
    assert "Nähkurs" in page
    assert "Vorbei" not in page
    new = f"{reverse('districts:offer_new')}?akteur={actor.pk}"
    assert f'href="{new}"' in page
    assert client.get(new).context["form"].initial["provider"] == actor
