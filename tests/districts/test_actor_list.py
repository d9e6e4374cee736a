"""The directory of actors: search while typing, filters, pages (Z13)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from districts.directory import is_old
from districts.models import Actor, ActorType, DirectorySettings
from tests import make

pytestmark = pytest.mark.django_db

URL = reverse("districts:actors")


def names(client, **query):
    return [row.actor.name for row in client.get(URL, query).context["rows"]]


@pytest.fixture
def mara_s(client_of, mara):
    return client_of(mara)


def test_sorts_as_a_german_phone_book(mara_s):
    for name in ("Zebra", "Ärztenetz", "Azubihilfe", "öffentliche Bücherei", "Ohr"):
        make.actor(name=name)
    assert names(mara_s) == ["Ärztenetz", "Azubihilfe", "öffentliche Bücherei", "Ohr", "Zebra"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nachbar", ["Nachbarschaftshilfe Süd"]),
        ("NACHBAR süd", ["Nachbarschaftshilfe Süd"]),
        ("sud", ["Nachbarschaftshilfe Süd"]),
        ("schaftshilfe", ["Nachbarschaftshilfe Süd"]),
        ("rehmplatz", ["Stadtteilhaus"]),
        ("Kochen", ["Stadtteilhaus"]),
        ("Rehmplatz Süd", []),
    ],
)
def test_finds_words_inside_of_words_with_or_without_umlaut(mara_s, typed, found):
    make.actor(name="Nachbarschaftshilfe Süd")
    make.actor(name="Stadtteilhaus", street="Rehmplatz 9", description="Gemeinsam kochen")
    assert names(mara_s, q=typed) == found


def test_forgives_a_wrong_letter_and_says_so(mara_s):
    make.actor(name="Nachbarschaftshilfe Ost")
    make.actor(name="Boxring")
    answer = mara_s.get(URL, {"q": "Nachbarschafthilve"})
    assert [row.actor.name for row in answer.context["rows"]] == ["Nachbarschaftshilfe Ost"]
    assert "ähnlich klingende Namen" in answer.content.decode()


def test_names_of_people_are_not_searched(mara_s):
    make.contact_person(actor=make.actor(name="Boxring"), name="Toni Marek")
    assert names(mara_s, q="Marek") == []


def test_filters_one_by_one(mara_s, ost, preuswald):
    field, group, kind = make.action_field(), make.target_group(), make.list_entry(ActorType)
    make.actor(name="Ost", districts=[ost], action_fields=[field])
    make.actor(name="Preuswald", districts=[preuswald], target_groups=[group])
    make.actor(name="Stadtweit", type=kind, languages=["tr", "de"])
    make.actor(name="Träger", carrier_type="welfare", districts=[ost])
    asked = {
        "district": (ost.pk, ["Ost", "Träger"]),
        "field": (field.pk, ["Ost"]),
        "group": (group.pk, ["Preuswald"]),
        "type": (kind.pk, ["Stadtweit"]),
        "language": ("tr", ["Stadtweit"]),
        "carrier": ("welfare", ["Träger"]),
    }
    assert {name: names(mara_s, **{name: value}) for name, (value, _) in asked.items()} == {
        name: found for name, (_, found) in asked.items()
    }
    assert names(mara_s, district="stadtweit") == ["Stadtweit"]


def test_ended_ones_only_when_asked_for(mara_s):
    make.actor(name="Aktiv")
    make.actor(name="Beendet", status="ended", ended_on=make.today())
    make.actor(name="Ruht", status="dormant")
    assert [
        names(mara_s, **query) for query in ({}, {"status": "ended"}, {"status": "any"}, {"status": "dormant"})
    ] == [
        ["Aktiv", "Ruht"],
        ["Beendet"],
        ["Aktiv", "Beendet", "Ruht"],
        ["Ruht"],
    ]


def test_merged_ones_are_gone(mara_s):
    kept = make.actor(name="Bleibt")
    make.actor(name="Aufgegangen", merged_into=kept)
    assert names(mara_s, status="any") == ["Bleibt"]


def test_not_checked_for_long_counts_the_months_of_the_settings(mara_s, mara):
    today = make.today()
    for name, days in (("frisch", 20), ("älter", 200), ("alt", 400)):
        make.actor(name=name, verified_on=today - timedelta(days=days), verified_by=mara)
    make.actor(name="nie, neu")
    never = make.actor(name="nie, lange da")
    Actor.objects.filter(pk=never.pk).update(created_at=never.created_at - timedelta(days=500))
    make.actor(
        name="alt, beendet", status="ended", ended_on=today, verified_on=today - timedelta(days=900), verified_by=mara
    )
    assert names(mara_s, unverified="on") == ["alt", "nie, lange da"]
    DirectorySettings.objects.create(pk=1, verify_months=3)
    assert names(mara_s, unverified="on") == ["alt", "älter", "nie, lange da"]
    marked = [row.actor.name for row in mara_s.get(URL).context["rows"] if row.is_old]
    assert marked == ["alt", "älter", "nie, lange da"]


def test_walks_from_page_to_page_and_back(mara_s):
    kind = make.list_entry(ActorType)
    for n in range(60):
        make.actor(name=f"Akteur {n:02d}", type=kind)
    first = mara_s.get(URL)
    second = mara_s.get(URL + first.context["page"].older)
    assert [row.actor.name for row in second.context["rows"]] == [f"Akteur {n}" for n in range(50, 60)]
    back = mara_s.get(URL + second.context["page"].newer)
    assert [row.actor.name for row in back.context["rows"]] == [f"Akteur {n:02d}" for n in range(50)]
    assert first.context["page"].label == "60 Akteure"


def test_typing_replaces_the_list_alone(mara_s):
    make.actor(name="Boxring")
    answer = mara_s.get(URL, {"q": "box"}, headers={"HX-Request": "true", "HX-Target": "list"})
    assert "Boxring" in answer.content.decode()
    assert "<form" not in answer.content.decode().partition("q-toasts")[0]


@pytest.mark.parametrize("query", [{"district": "99999"}, {"language": "xx"}, {"type": "abc"}, {"nach": "kaputt"}])
def test_wrong_values_are_no_crash(mara_s, query):
    make.actor()
    assert mara_s.get(URL, query).status_code in {200, 422}


@pytest.mark.parametrize("typed", ["%", "_", "\\", "' OR 1=1", "x" * 5000, "a b c d e f g h i j k"])
def test_hostile_searches_are_no_crash(mara_s, typed):
    make.actor(name="100 % sozial")
    assert mara_s.get(URL, {"q": typed}).status_code == 200


def test_a_percent_sign_is_a_letter(mara_s):
    make.actor(name="100 % sozial")
    make.actor(name="Boxring")
    assert names(mara_s, q="%") == ["100 % sozial"]


@pytest.mark.parametrize("count", [1, 30])
def test_costs_the_same_for_one_and_many(client_of, mara, ost, preuswald, count, django_assert_num_queries):
    client = client_of(mara)
    for _ in range(count):
        make.actor(
            districts=[ost, preuswald], action_fields=[make.action_field()], verified_by=mara, verified_on=make.today()
        )
    client.get(URL)
    with django_assert_num_queries(14):
        client.get(URL)


def test_everybody_sees_the_whole_city_but_only_teams_and_planning(client_of, mara, paul, asli, silke, preuswald):
    make.actor(name="Preuswald", districts=[preuswald])
    assert [names(client_of(one)) for one in (mara, paul, asli, silke)] == [["Preuswald"]] * 4


def test_an_entry_of_just_after_midnight_is_as_old_for_the_page_as_for_the_filter():
    entered = datetime(2026, 1, 9, 23, 30, tzinfo=UTC)  # the tenth in Aachen
    found = make.actor(created_at=entered)
    for today, is_too_old in ((date(2026, 7, 10), False), (date(2026, 7, 11), True)):
        assert is_old(found, today=today, months=6) is is_too_old
        assert Actor.objects.unverified(today=today, months=6).exists() is is_too_old
