"""Pages of districts: everything a person may see, every number its list, the profile as PDF/UA (Z01, D02)."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse

from concerns.filters import ConcernFilter
from districts.filters import ActorFilter, NetworkFilter, OfferFilter
from districts.models import ActionField, District, LivingSpace, Network, OfferKind, Office, TargetGroup
from districts.roles import Role
from tests import make, make_bodies, make_handover, make_offers, make_posts, pdf

pytestmark = pytest.mark.django_db

LIST = reverse("reports:district_pages")
SQUARE = {"type": "Polygon", "coordinates": [[[6.0, 50.7], [6.1, 50.7], [6.1, 50.8], [6.0, 50.8], [6.0, 50.7]]]}


def page(client, district, name="district_page", **query):
    return client.get(reverse(f"reports:{name}", args=[district.slug]), query)


@pytest.fixture
def full(ost, preuswald, mara, asli, silke):
    """Ost with something in every section, and things next door that must not be counted."""
    District.objects.filter(pk=ost.pk).update(
        boundary=SQUARE, description="Viele junge Familien.", population=23000, population_on=make.today()
    )
    Office.objects.update(lat=50.75, lon=6.05)
    make_handover.living_space(district=ost, name="Panneschopp", boundary=SQUARE)
    make_handover.living_space(district=ost, name="Früher", valid_to=make.today() - timedelta(days=1))
    for district in (ost, preuswald):
        owner = mara if district == ost else make.user(role=Role.MANAGER, district=district)
        make.concern(district=district, owner=owner)
        make.concern(district=district, owner=owner, is_sensitive=True, topic=make.topic(is_sensitive=True))
        routing = make.routing(concern=make.concern(district=district, owner=owner))
        routing.due_on = make.today() - timedelta(days=3)
        routing.save()
        closed = {"status": "closed", "closed_at": make.timezone.now(), "outcome": "fulfilled", "needs_triage": False}
        make.concern(district=district, owner=owner, reporters=[], **closed)
        actor = make.actor(name=f"Verein {district.short_name}", districts=[district], is_public=True)
        make.actor(name=f"Früherer {district}", districts=[district], status="ended", ended_on=make.today())
        make.network(name=f"Runde {district.short_name}", districts=[district], members=[actor])
        make_offers.offer(title=f"Treff {district.short_name}", provider=actor, districts=[district], is_public=True)
        make_offers.offer(title=f"Intern {district.short_name}", provider=actor, districts=[district], is_public=False)
    make_posts.post(assignment=make_posts.assignment(districts=[ost], by=silke), by=silke)
    make_posts.classification(district=ost, by=silke)
    make.indicator_value(indicator=make.indicator(name="Kinderarmut", unit="%"), district=ost)
    return ost


@pytest.mark.parametrize("name", ["mara", "asli", "silke", "adam", "paul"])
def test_every_number_is_its_list(name, full, request, client_of):
    person = request.getfixturevalue(name)
    shown = page(client_of(person), full).context
    query = f"district={full.pk}"
    assert shown["figures"]
    for figure in shown["figures"]:
        asked = QueryDict(figure.url.partition("?")[2])
        assert figure.count == ConcernFilter(asked, user=person).qs.count(), figure.label
    lists = {
        "actors": ActorFilter(QueryDict(query), user=person),
        "networks": NetworkFilter(QueryDict(query), queryset=Network.objects.visible_to(person)),
        "offers": OfferFilter(QueryDict(f"{query}&status=running"), user=person),
    }
    for key, filters in lists.items():
        if some := shown[key]:
            assert (some.count, len(some.rows)) == (filters.qs.count(), filters.qs.count()), key
            assert client_of(person).get(some.url).status_code == 200


def test_a_manager_sees_their_sensitive_concerns_others_do_not(full, mara, paul, client_of):
    assert [page(client_of(person), full).context["figures"][0].count for person in (mara, paul)] == [3, 2]


def test_the_page_shows_everything_to_the_team(full, mara, client_of):
    shown = page(client_of(mara), full)
    for words in (
        "Viele junge Familien.", "Panneschopp", "23.000", "Mara Lindt", "Aslı Demir", "Stadtteilbüro Ost", "Verein Ost",
        "Runde Ost", "Treff Ost", "Intern Ost", "Kinderarmut", "besonderen Herausforderungen", "Übergabedossier",
    ):  # fmt: skip
        assert words in shown.text, words
    for words in ("Früher,", "Früherer", "Verein Preuswald", "Treff Preuswald", "Geheimname"):
        assert words not in shown.text
    assert len(shown.context["map"]["polygons"]["features"]) == 2
    assert shown.context["map"]["points"]["features"][0]["geometry"]["coordinates"] == [6.05, 50.75]


def test_a_department_sees_the_public_part_and_carriers_nothing(full, enno, tara, client_of):
    shown = page(client_of(enno), full)
    assert "Mara Lindt" in shown.text
    assert "Treff Ost" in shown.text
    for words in ("Intern Ost", "Kinderarmut", "Übergabedossier", "Herausforderungen", "/anliegen/?"):
        assert words not in shown.text, words
    assert (shown.context["figures"], shown.context["lines"]) == ([], [])
    assert [page(client_of(tara), full).status_code, client_of(tara).get(LIST).status_code] == [404, 404]


def test_an_assistant_sees_figures_of_the_own_district_only(full, preuswald, asli, client_of):
    client = client_of(asli)
    assert [bool(page(client, one).context["figures"]) for one in (full, preuswald)] == [True, False]
    rows = {row.district: row.open for row in client.get(LIST).context["rows"]}
    assert (rows[full].count, rows[preuswald]) == (3, None)


def test_who_stands_in_and_who_has_left(full, mara, paul, client_of):
    make.deputyship(person=mara, deputy=paul)
    make.user(name="Gesine Gegangen", role=Role.MANAGER, district=full, is_active=False)
    make.user(name="Früh Vorbei", role=Role.ASSISTANT)
    ended = make.user(name="Elke Ehemals")
    make.membership(user=ended, role=Role.MANAGER, district=full, valid_to=make.today() - timedelta(days=1))
    text = page(client_of(mara), full).text
    assert "Mara Lindt wird bis" in text
    assert [name for name in ("Gesine", "Früh Vorbei", "Elke") if name in text] == []


def test_the_list_names_who_is_responsible_and_leads_on(full, preuswald, mara, client_of):
    gone = make.district(name="Altes Viertel", slug="alt", valid_to=make.today() - timedelta(days=5))
    shown = client_of(mara).get(LIST)
    rows = {row.district: row for row in shown.context["rows"]}
    assert (rows[full].team, gone in rows, "Altes Viertel" in shown.text) == (["Mara Lindt"], False, True)
    assert shown.context["map"]["polygons"]["features"][0]["properties"]["url"] == full.get_absolute_url()
    assert "früheres Quartier" in page(client_of(mara), gone).text


def test_a_district_of_the_past_shows_what_was_there(silke, mara, client_of):
    last = make.today() - timedelta(days=5)
    gone = make.district(name="Altes Viertel", slug="alt", valid_to=last)
    then = make.user(name="Gerd Damals")
    make.membership(user=then, role=Role.MANAGER, district=gone, valid_to=last)
    make.membership(user=make.user(name="Ida Danach"), role=Role.MANAGER, district=gone, valid_from=make.today())
    actor = make.actor(districts=[gone])
    make_offers.over(title="Altes Café", provider=actor, districts=[gone])
    shown = page(client_of(silke), gone)
    words = ("Dieses Quartier gab es bis zum", "Gerd Damals", "Altes Café", "Wer zuletzt zuständig war", "Ida Danach")
    assert [one in shown.text for one in words] == [True, True, True, True, False]
    for some in (shown.context["actors"], shown.context["offers"]):
        assert some.count == 1
        assert str(some.rows[0]) in client_of(silke).get(some.url).text


def test_an_empty_district_says_so(silke, client_of):
    empty = make.district(name="Siedlung am ehemaligen Güterbahnhof Aachen-Nordost (Westteil)", slug="leer")
    text = page(client_of(silke), empty).text
    for words in ("Zurzeit niemand.", "noch kein Stadtteilbüro", "Noch keine Akteure", "Noch keine Netzwerke"):
        assert words in text
    assert "data-map" not in text


def test_the_next_sessions_are_those_a_person_may_see(full, mara, enno, client_of):
    assert "Nächste Sitzungen" not in page(client_of(mara), full).text
    planned = make_bodies.session(body=make_bodies.body(districts=[full]))
    make_bodies.session(body=make_bodies.body(districts=[make.district()]))
    assert [list(page(client_of(one), full).context["dates"]) for one in (mara, enno)] == [[planned], []]


@pytest.mark.parametrize("many", [1, 6])
def test_costs_the_same_for_few_and_many(many, full, mara, silke, client_of, django_assert_num_queries):
    kind, group, field = (make.list_entry(model) for model in (OfferKind, TargetGroup, ActionField))
    for n in range(many):
        make.concern(district=full, owner=mara, topic=make.topic())
        actor = make.actor(districts=[full])
        make.network(districts=[full], members=[actor])
        make_offers.offer(provider=actor, districts=[full], kind=kind, target_groups=[group], action_fields=[field])
        make_posts.post(assignment=make_posts.assignment(districts=[full], by=silke), by=silke)
        make.indicator_value(district=full)
        office = make.office(districts=[full])
        make.slot(office=office)
        make_handover.living_space(district=full, name=f"Raum {n}")
        make.district()
    client = client_of(mara)
    for _ in range(many):
        make_bodies.session(body=make_bodies.body(districts=[full]))
    with django_assert_num_queries(48):
        page(client, full)
    with django_assert_num_queries(11):
        client.get(LIST)


# --- the profile ------------------------------------------------------------------------------------------------------


def test_the_profile_for_the_administration(full, silke, client_of):
    answer = page(client_of(silke), full, "district_profile")
    text = pdf.text(answer.content)
    for words in (
        "Quartiersprofil Aachen-Ost", "Viele junge Familien.", "Panneschopp", "Mara Lindt", "Offene Anliegen",
        "Verein Ost", "Runde Ost", "Treff Ost", "Intern Ost", "Kinderarmut", "nur für den Dienstgebrauch",
    ):  # fmt: skip
        assert words in text, words
    assert "Verein Preuswald" not in text
    assert pdf.structure(answer.content) == []


def test_the_public_edition_holds_only_what_is_released(full, mara, silke, client_of):
    hidden = make.actor(name="Verein ohne Freigabe", districts=[full], street="Geheime Gasse 1")
    make_offers.offer(title="Nähstube", provider=hidden, districts=[full])
    query = {"ausgabe": "oeffentlich", "teile": ["zustaendig", "anliegen", "angebote", "akteure", "stellen"]}
    content = page(client_of(silke), full, "district_profile", **query).content
    text = pdf.text(content)
    assert [words in text for words in ("Verein Ost", "Treff Ost", "Nähstube", "Stadtteilbüro Ost")] == [True] * 4
    for words in (
        "Intern Ost",
        "ohne Freigabe",
        "Geheime Gasse",
        "Mara Lindt",
        "Offene Anliegen",
        "Stellen",
        "Runde Ost",
        "Dienst",
    ):
        assert words not in text, words
    mara.is_shown, mara.phone = True, "0221 98765"
    mara.save()
    text = pdf.text(page(client_of(silke), full, "district_profile", **query).content)
    assert "Mara Lindt" in text
    assert "98765" not in text
    assert "98765" in pdf.text(page(client_of(silke), full, "district_profile").content)
    assert pdf.structure(content) == []


def test_nobody_prints_chapters_they_may_not_see(full, enno, adam, client_of):
    text = pdf.text(page(client_of(enno), full, "district_profile").content)
    assert [words in text for words in ("Treff Ost", "Intern Ost", "Offene Anliegen", "Kinderarmut")] == [
        True, False, False, False,
    ]  # fmt: skip
    answer = page(client_of(enno), full, "district_profile", ausgabe="intern", teile=["anliegen"])
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["teile"])
    assert "Verein Ost" not in pdf.text(page(client_of(adam), full, "district_profile").content)


@pytest.mark.parametrize("query", [{"ausgabe": "x"}, {"ausgabe": "intern"}, {"teile": "zustaendig"}])
def test_a_choice_that_cannot_be_read_shows_the_form(query, full, silke, client_of):
    assert page(client_of(silke), full, "district_profile", **query).status_code == 422


def test_only_chosen_chapters_are_printed(full, silke, client_of):
    text = pdf.text(page(client_of(silke), full, "district_profile", ausgabe="intern", teile="akteure").content)
    assert ("Verein Ost" in text, "Kinderarmut" in text) == (True, False)


def test_the_profile_of_an_empty_district_with_a_long_name(silke, client_of):
    empty = make.district(name="Siedlung am ehemaligen Güterbahnhof Aachen-Nordost (Westteil)", slug="leer")
    content = page(client_of(silke), empty, "district_profile").content
    assert "Zurzeit ist niemand zuständig." in pdf.text(content)
    assert pdf.structure(content) == []


# --- living spaces ----------------------------------------------------------------------------------------------------


def test_a_living_space_belongs_to_one_district_at_a_time(ost, preuswald):
    make_handover.living_space(district=ost, name="Kullen", valid_to=make.today())
    make_handover.living_space(district=preuswald, name="Kullen", valid_from=make.today() + timedelta(days=1))
    with pytest.raises(IntegrityError, match="living_space_in_one_district"), transaction.atomic():
        make_handover.living_space(district=preuswald, name="Kullen", valid_from=make.today())
    with pytest.raises(IntegrityError, match="living_space_in_order"), transaction.atomic():
        make_handover.living_space(name="x", valid_from=make.today(), valid_to=make.today() - timedelta(days=1))


def test_living_spaces_are_kept_up(silke, ost, preuswald, client_of):
    client, new = client_of(silke), reverse("districts:living_space_new")
    assert client.post(new, {"name": "Kullen", "district": ost.pk}).status_code == 303
    again = client.post(new, {"name": "Kullen", "district": preuswald.pk})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["name"])
    space = LivingSpace.objects.get()
    edit = reverse("districts:living_space", args=[space.pk])
    wrong = {"name": "Kullen", "district": ost.pk, "valid_from": "2026-02-01", "valid_to": "2026-01-01"}
    assert list(client.post(edit, wrong).context["form"].errors) == ["valid_to"]
    client.post(edit, {"name": "Kullen", "district": preuswald.pk})
    assert LivingSpace.objects.get().district == preuswald


@pytest.mark.parametrize("fields", [{"population": 5}, {"population_on": "2026-01-01"}])
def test_a_number_of_inhabitants_has_a_day(fields, ost, silke, client_of):
    with pytest.raises(IntegrityError, match="population_has_day"), transaction.atomic():
        District.objects.filter(pk=ost.pk).update(**fields)
    typed = {"name": ost.name, "short_name": ost.short_name, "borough": ost.borough_id, **fields}
    answer = client_of(silke).post(reverse("districts:district", args=[ost.pk]), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["population_on"])


def test_an_office_lies_somewhere_or_nowhere(mara):
    with pytest.raises(IntegrityError, match="office_coordinates_in_pairs"), transaction.atomic():
        Office.objects.filter(pk=mara.office_id).update(lat=50.7)


def test_boundaries_of_living_spaces_are_imported(ost, tmp_path, capsys):
    path = tmp_path / "areas.geojson"
    areas = [
        {"type": "Feature", "properties": {"name": name, "district": "Aachen-Ost"}, "geometry": SQUARE}
        for name in ("Kullen", "Panneschopp")
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8")
    make_handover.living_space(district=ost, name="Kullen")
    call_command("import_boundaries", path, "living_spaces")
    assert capsys.readouterr().out == "1 angelegt, 1 geändert.\n"
    assert set(LivingSpace.objects.values_list("name", "district")) == {("Kullen", ost.pk), ("Panneschopp", ost.pk)}
    call_command("import_boundaries", path, "living_spaces")
    assert capsys.readouterr().out == "0 angelegt, 0 geändert.\n"
