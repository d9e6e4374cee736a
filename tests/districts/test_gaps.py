"""The gap report: what is not connected (Z15)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from districts.models import DirectorySettings, NetworkMembership
from tests import make

pytestmark = pytest.mark.django_db

URL = reverse("districts:gaps")


@pytest.fixture
def client(client_of, mara):
    return client_of(mara)


def report(client, district=None):
    context = client.get(URL, {"quartier": district.pk} if district else {}).context
    return {
        "fields": [(one.name, one.actor_count) for one in context["gaps"].fields],
        "groups": [(one.name, one.actor_count) for one in context["gaps"].groups],
        "alone": [row.actor.name for row in context["rows"]],
        "silent": [one.name for one in context["gaps"].silent],
    }


def test_names_fields_and_groups_without_network_with_who_works_on_them(client, ost, preuswald):
    covered, open_field = make.action_field(name="Alter"), make.action_field(name="Klima")
    group = make.target_group(name="Geflüchtete")
    make.action_field(name="Nicht angeboten", is_active=False)
    make.actor(districts=[ost], action_fields=[covered, open_field], target_groups=[group])
    make.actor(districts=[preuswald], action_fields=[open_field])
    make.actor(districts=[ost], action_fields=[open_field], status="ended", ended_on=make.today())
    make.network(districts=[preuswald], action_fields=[covered], last_met_on=make.today())
    whole = report(client)
    assert (whole["fields"], whole["groups"]) == ([("Klima", 2)], [("Geflüchtete", 1)])
    assert report(client, ost)["fields"] == [("Alter", 1), ("Klima", 1)]


def test_a_network_of_the_whole_city_covers_every_district(client, ost):
    field = make.action_field()
    network = make.network(action_fields=[field], last_met_on=make.today())
    assert report(client, ost)["fields"] == []
    network.status = "dormant"
    network.save()
    assert report(client, ost)["fields"] == [(field.name, 0)]


def test_numbers_lead_to_what_they_count(client, ost):
    field = make.action_field()
    make.actor(name="Chor", districts=[ost], action_fields=[field])
    page = client.get(URL, {"quartier": ost.pk}).content.decode()
    link = f"{reverse('districts:actors')}?field={field.pk}&amp;district={ost.pk}"
    assert f'href="{link}"' in page
    assert [row.actor.name for row in client.get(link.replace("&amp;", "&")).context["rows"]] == ["Chor"]


def test_names_actors_without_any_tie(client, mara, ost):
    names = ("allein", "im Netz", "war im Netz", "kooperiert", "wird finanziert", "trägt", "wird getragen")
    rows = {name: make.actor(name=name, districts=[ost]) for name in names}
    make.network(members=[rows["im Netz"]])
    past = {"valid_to": make.today() - timedelta(days=1)}
    NetworkMembership.objects.create(network=make.network(), actor=rows["war im Netz"], **past)
    outside = make.actor(name="stadtweit")
    make.relation(source=rows["kooperiert"], target=outside, by=mara)
    make.relation(source=outside, target=rows["wird finanziert"], by=mara, kind="funds")
    rows["wird getragen"].parent = rows["trägt"]
    rows["wird getragen"].save()
    make.actor(name="beendet", districts=[ost], status="ended", ended_on=make.today())
    gone = make.actor(merged_into=outside)
    lonely = make.actor(name="nur mit Aufgegangenem", districts=[ost])
    make.relation(source=lonely, target=make.actor(name="x"), by=mara).__class__.objects.filter(source=lonely).update(
        target=gone
    )
    assert report(client, ost)["alone"] == ["allein", "nur mit Aufgegangenem", "war im Netz"]


def test_names_networks_that_do_not_meet(client):
    today = make.today()
    make.network(name="trifft sich", last_met_on=today - timedelta(days=30))
    make.network(name="lange nicht", last_met_on=today - timedelta(days=250))
    make.network(name="nie")
    make.network(name="ruht", status="dormant", last_met_on=today - timedelta(days=900))
    assert report(client)["silent"] == ["lange nicht", "nie"]
    DirectorySettings.objects.create(pk=1, meeting_months=12)
    assert report(client)["silent"] == ["nie"]


@pytest.mark.parametrize("asked", ["abc", "0", "9" * 30])
def test_an_unknown_district_is_the_whole_city(client, asked):
    assert client.get(URL, {"quartier": asked}).context["chosen"] is None


@pytest.mark.parametrize("count", [1, 20])
def test_costs_the_same_for_few_and_many(client, ost, count, django_assert_num_queries):
    for _ in range(count):
        make.actor(districts=[ost], action_fields=[make.action_field()], target_groups=[make.target_group()])
        make.network(districts=[ost])
    client.get(URL)
    with django_assert_num_queries(16):
        client.get(URL)
