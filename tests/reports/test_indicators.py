"""Indicators and their values: rules of the database, reads, pages, context for the evaluation (D01)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.actions import indicators as actions
from reports.context import NOTE, context_tables
from reports.models import Indicator, IndicatorValue
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make.indicator(name="Kinderarmut", code="kinderarmut", unit="%", direction="burdened", position=1)


@pytest.fixture
def need():
    return make.indicator(name="Förderbedarf", code="foerderbedarf", position=2)


def value(indicator, year, number=None, **fields):
    known = {"rating": fields.pop("rating")} if "rating" in fields else {"number": Decimal(str(number))}
    return make.indicator_value(indicator=indicator, year=year, **known, **fields)


# --- Rules of the database --------------------------------------------------------------------------------------------


def test_a_value_is_a_number_or_a_rating_of_one_place(child, ost):
    wrong = [
        {"number": None, "rating": ""},
        {"number": 1, "rating": "above"},
        {"level": "city", "district": ost},
        {"level": "district", "district": None},
        {"level": "district", "district": ost, "borough": ost.borough},
        {"level": "borough", "borough": None},
        {"year": 1949},
        {"year": 2101},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            IndicatorValue.objects.create(**{"indicator": child, "level": "city", "year": 2024, "number": 1, **fields})
    assert not IndicatorValue.objects.exists()


def test_there_is_one_value_of_a_place_in_a_year(child, ost):
    for place in ({"district": ost}, {"borough": ost.borough}, {}):
        value(child, 2024, 1, **place)
        with pytest.raises(IntegrityError), transaction.atomic():
            value(child, 2024, 2, **place)
    assert IndicatorValue.objects.count() == 3


def test_inhabitants_are_one_count_and_a_language_has_one_indicator():
    people = Indicator.load_inhabitants()
    assert Indicator.load_inhabitants() == people
    for fields in ({"measure": "share"}, {"is_active": False}, {"language": "tr"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Indicator.objects.filter(pk=people.pk).update(**fields)
    make.indicator(unit="%", language="tr")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.indicator(unit="%", language="tr")


# --- Reads ------------------------------------------------------------------------------------------------------------


def test_inhabitants_are_the_newest_number_not_after_the_year(ost, preuswald):
    people, elsewhere = Indicator.load_inhabitants(), make.district()
    for district, year, number in ((ost, 2021, 100), (ost, 2023, 120), (ost, 2025, 150), (preuswald, 2024, 40)):
        value(people, year, number, district=district)
    value(people, 2022, 999, borough=ost.borough)
    value(people, 2023, 5000)
    value(make.indicator(), 2024, 7, district=elsewhere)
    found = {year: IndicatorValue.objects.inhabitants(year) for year in (2020, 2023, 2024, 2030)}
    assert found == {
        2020: {},
        2023: {ost.pk: 120},
        2024: {ost.pk: 120, preuswald.pk: 40},
        2030: {ost.pk: 150, preuswald.pk: 40},
    }
    assert [IndicatorValue.objects.inhabitants_of_city(year) for year in (2022, 2023, 2030)] == [None, 5000, 5000]


def test_languages_are_shares_of_one(ost, preuswald):
    turkish = make.indicator(unit="%", language="tr")
    value(turkish, 2024, "9.4", district=ost)
    value(turkish, 2024, "3.1")
    value(turkish, 2024, "50", borough=ost.borough)
    assert IndicatorValue.objects.languages(2024) == {ost.pk: {"tr": 0.094}, None: {"tr": 0.031}}
    assert IndicatorValue.objects.languages(2024, [preuswald.pk]) == {None: {"tr": 0.031}}
    assert IndicatorValue.objects.languages(2023) == {}


def test_a_district_is_compared_with_the_city_of_the_same_year(child, need, ost, preuswald):
    people = Indicator.load_inhabitants()
    value(child, 2023, "30", district=ost)
    value(child, 2024, "36.5", district=ost)
    value(child, 2024, "20.25")
    value(child, 2025, "99")
    value(need, 2022, rating="above", district=ost)
    value(people, 2024, 100, district=ost)
    value(people, 2024, 5000)
    value(make.indicator(is_active=False), 2024, 1, district=ost)
    value(child, 2024, "41", district=preuswald)
    rows = IndicatorValue.objects.for_district(ost, 2025)
    assert [(row.indicator.code, row.year, row.words, row.city_words, row.deviation) for row in rows] == [
        ("inhabitants", 2024, "100", "5.000", None),
        ("kinderarmut", 2024, "36,5", "20,25", Decimal("16.25")),
        ("foerderbedarf", 2022, "überdurchschnittlich", "", None),
    ]
    [first] = IndicatorValue.objects.filter(indicator=child).for_district(ost, 2023)
    assert (first.year, first.deviation) == (2023, None)


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_catalogue_shows_city_spread_and_how_many_districts(child, need, ost, preuswald, mara, client_of):
    for place, number in ((ost, "36.5"), (preuswald, "41"), (None, "20")):
        value(child, 2024, number, district=place)
    value(need, 2023, rating="above", district=ost)
    page = client_of(mara).get(reverse("reports:indicators"))
    rows = {row.indicator.code: row for row in page.context["rows"]}
    assert {code: (row.year, row.spread, len(row.districts)) for code, row in rows.items()} == {
        "inhabitants": ("", "", 0),
        "kinderarmut": ("2024", "36,5 bis 41,0", 2),
        "foerderbedarf": ("2023", "", 1),
    }
    text = page.content.decode()
    assert "20,0" in text
    assert (reverse("reports:indicator_new") in text, reverse("reports:indicator_import") in text) == (False, False)


def test_the_catalogue_of_one_district(child, ost, mara, client_of):
    value(child, 2024, "36.5", district=ost, note="geschätzt")
    value(child, 2024, "20")
    address = f"{reverse('reports:indicators')}?quartier={ost.pk}"
    text = client_of(mara).get(address).content.decode()
    assert ("16,5 Prozentpunkte höher" in text, "geschätzt" in text) == (True, True)
    # Numbers that are compared have the same decimal places.
    assert ('class="q-num">36,5<' in text, 'class="q-num">20,0<' in text) == (True, True)
    part = client_of(mara).get(address, headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert ("<html" in part, "16,5 Prozentpunkte höher" in part) == (False, True)
    assert client_of(mara).get(f"{reverse('reports:indicators')}?quartier=0").status_code == 422


def test_one_indicator_through_the_years(child, ost, preuswald, silke, mara, client_of):
    for year in range(2014, 2025):
        value(child, year, year - 2000, district=ost)
    value(child, 2024, "30.5", borough=ost.borough)
    value(child, 2024, "20")
    table = client_of(mara).get(child.get_absolute_url()).context["table"]
    assert (table.years, table.older) == ([2024, 2023, 2022, 2021, 2020, 2019, 2018, 2017], 2016)
    newest = {row.name: (row.by_year[0][1] and row.by_year[0][1].words, row.deviation) for row in table.rows}
    assert newest == {
        "Gesamtstadt": ("20,0", ""),
        "Aachen-Ost": ("24,0", "4,0 Prozentpunkte höher"),
        "Preuswald": (None, ""),
        f"Stadtbezirk {ost.borough}": ("30,5", "10,5 Prozentpunkte höher"),
    }
    older = client_of(mara).get(f"{child.get_absolute_url()}?bis=2016").context["table"]
    assert (older.years, older.older) == ([2016, 2015, 2014], None)
    assert client_of(mara).get(f"{child.get_absolute_url()}?bis=quatsch").context["table"].years[0] == 2024
    change = reverse("reports:indicator_value", args=[IndicatorValue.objects.first().pk])
    pages = [client_of(person).get(child.get_absolute_url()).content.decode() for person in (mara, silke)]
    assert [change in page for page in pages] == [False, True]


def test_pages_ask_as_often_whatever_the_number_of_rows(child, ost, mara, client_of):
    client, pages = client_of(mara), (reverse("reports:indicators"), child.get_absolute_url())

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    value(child, 2024, 1, district=ost)
    first = [asked(path) for path in pages]  # makes the built-in indicator
    before = [asked(path) for path in pages]
    for year in (2021, 2022, 2023):
        other = make.indicator()
        for district in (ost, make.district(), make.district()):
            value(other, year, 1, district=district)
            value(child, year, 1, district=district)
    assert [asked(path) for path in pages] == before
    assert first != before


def send(client, page, *args, **data):
    response = client.post(reverse(f"reports:{page}", args=args), data)
    return response.status_code, response.content.decode()


def test_an_indicator_is_entered_and_changed(silke, client_of):
    client = client_of(silke)
    fields = {"name": "Überschuldung", "measure": "share", "direction": "burdened", "position": "5"}
    assert send(client, "indicator_new", **fields, unit="%")[0] == 303
    found = Indicator.objects.get()
    assert (found.code, found.name, found.unit, found.is_active) == ("ueberschuldung", "Überschuldung", "%", False)
    assert send(client, "indicator_edit", found.pk, **fields | {"name": "Verschuldung", "is_active": "on"})[0] == 303
    found.refresh_from_db()
    assert (found.code, found.name, found.is_active) == ("ueberschuldung", "Verschuldung", True)
    status, page = send(client, "indicator_new", **fields | {"name": "verschuldung", "language": "tr"})
    assert (status, "braucht die Einheit %" in page) == (422, True)
    assert send(client, "indicator_new", **fields | {"name": "Verschuldung"})[0] == 422
    assert Indicator.objects.count() == 1


def test_the_built_in_indicator_keeps_its_meaning(silke, client_of):
    people, client = Indicator.load_inhabitants(), client_of(silke)
    data = {"name": "Bevölkerung", "measure": "share", "language": "tr", "direction": "burdened", "position": "0"}
    assert send(client, "indicator_edit", people.pk, **data)[0] == 303
    people.refresh_from_db()
    assert (people.name, people.code, people.measure, people.language) == ("Bevölkerung", "inhabitants", "count", "")
    assert people.is_active


def test_an_indicator_with_other_values_cannot_become_a_language(child, need, ost, silke, client_of):
    value(child, 2024, "120", district=ost)
    data = {"name": "Kinderarmut", "measure": "share", "direction": "neutral", "position": "0", "unit": "%"}
    status, page = send(client_of(silke), "indicator_edit", child.pk, **data, language="tr")
    assert (status, "kein Anteil zwischen 0 und 100" in page) == (422, True)
    child.refresh_from_db()
    assert child.language == ""


def test_a_value_is_entered_changed_and_deleted(child, ost, silke, client_of):
    client = client_of(silke)
    assert send(client, "indicator_value_new", child.pk, place=f"d{ost.pk}", year="2024", number="36,55 %")[0] == 303
    found = IndicatorValue.objects.get()
    assert (found.place, found.year, found.number, found.by) == ("Aachen-Ost", 2024, Decimal("36.55"), silke)
    change = {"place": "city", "year": "2023", "rating": "below", "note": "nach Augenschein"}
    assert send(client, "indicator_value", found.pk, **change)[0] == 303
    found.refresh_from_db()
    assert (found.place, found.level, found.year, found.number, found.words) == (
        "Gesamtstadt", "city", 2023, None, "unterdurchschnittlich",
    )  # fmt: skip
    page = client.get(reverse("reports:indicator_value_delete", args=[found.pk])).content.decode()
    assert "unterdurchschnittlich für Gesamtstadt im Jahr 2023" in page
    assert IndicatorValue.objects.count() == 1
    assert send(client, "indicator_value_delete", found.pk)[0] == 303
    assert IndicatorValue.objects.count() == 0


def test_who_was_slower_hears_what_stands_there_now(child, silke, client_of):
    found, client = value(child, 2024, "7"), client_of(silke)
    address = reverse("reports:indicator_value", args=[found.pk])
    seen = client.get(address).context["form"]["seen"].value()
    typed = {"place": "city", "year": "2024", "number": "9", "note": "selbst gezählt"}
    assert send(client, "indicator_value", found.pk, **typed | {"number": "8"}, seen=seen)[0] == 303
    response = client.post(address, typed | {"seen": seen})
    page = response.content.decode()
    assert response.status_code == 422
    assert ("Diesen Wert hat inzwischen jemand geändert" in page, "2024: 8 %" in page, "selbst gezählt" in page) == (
        True, True, True,
    )  # fmt: skip
    assert IndicatorValue.objects.get().number == 8
    assert client.post(address, typed | {"seen": response.context["form"]["seen"].value()}).status_code == 303
    assert IndicatorValue.objects.get().number == 9


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"number": ""}, "entweder eine Zahl"),
        ({"number": "5", "rating": "above"}, "entweder eine Zahl"),
        ({"number": "viel"}, "„viel“ ist keine Zahl."),
        ({"number": "1e400"}, "ist keine Zahl."),
        ({"number": "1001"}, "1.001 % sind zu viel"),
        ({"number": "5", "year": "1800"}, "1950"),
        ({"number": "5", "year": "2199"}, "in der Zukunft"),
        ({"number": "5", "place": "d0"}, "Ort"),
        ({"number": "5", "place": ""}, "Ort"),
        ({"number": "5", "year": "2020"}, "steht schon ein Wert da: 7 %"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field_and_keeps_what_was_typed(child, silke, client_of, data, message):
    value(child, 2020, 7)
    fields = {"place": "city", "year": "2024", "note": "selbst gezählt"}
    status, page = send(client_of(silke), "indicator_value_new", child.pk, **fields | data)
    assert (status, message in page, "selbst gezählt" in page) == (422, True, True)
    assert IndicatorValue.objects.count() == 1


def test_inhabitants_have_no_rating(silke, client_of):
    people = Indicator.load_inhabitants()
    assert send(client_of(silke), "indicator_value_new", people.pk, place="city", year="2024", rating="above")[0] == 422
    status, page = send(client_of(silke), "indicator_value_new", people.pk, place="city", year="2024", number="10,5")
    assert (status, "ganze Zahl ab 0" in page) == (422, True)


def test_two_who_enter_the_same_value_at_once(child, silke):
    known = {
        "indicator": child,
        "district": None,
        "borough": None,
        "year": 2024,
        "rating": "",
        "note": "",
        "source": "",
    }
    actions.save_value(**known, number=Decimal(1), by=silke)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.save_value(**known, number=Decimal(2), by=silke)


# --- Context ----------------------------------------------------------------------------------------------------------


def test_context_of_one_district_stands_beside_the_city(child, need, ost, preuswald):
    value(child, 2024, "36.5", district=ost)
    value(child, 2024, "20.5")
    value(child, 2026, "99", district=ost)
    value(need, 2023, rating="above", district=ost)
    value(make.indicator(unit="%", language="tr"), 2024, "9", district=ost)
    value(make.indicator(is_active=False), 2024, "9", district=ost)
    numbers, ratings = context_tables([ost.pk], 2025)
    assert [column.label for column in numbers.columns] == ["Aachen-Ost", "Gesamtstadt", "Jahr"]
    assert [(row.label, [cell.value for cell in row.cells]) for row in numbers.rows] == [
        ("Kinderarmut (%)", [36.5, 20.5, "2024"])
    ]
    assert [(row.label, [cell.value for cell in row.cells]) for row in ratings.rows] == [
        ("Förderbedarf", ["überdurchschnittlich", "2023"])
    ]
    assert (numbers.note, ratings.note.endswith(NOTE), "keine Ursache" in NOTE) == (NOTE, True, True)
    assert context_tables([preuswald.pk], 2025) == []
    assert context_tables([ost.pk], 2022) == []


def test_context_of_many_districts_has_a_line_for_each(child, need, ost):
    others = [make.district() for _ in range(4)]
    for number, district in enumerate([ost, *others]):
        value(child, 2024, number, district=district)
    value(child, 2024, "20.5")
    value(need, 2024, rating="below", district=ost)
    for _ in range(4):
        value(make.indicator(position=3), 2024, 1, district=ost)
    first, second, ratings = context_tables(None, 2025)
    assert [table.code for table in (first, second, ratings)] == ["context-1", "context-2", "context-ratings-1"]
    assert (len(first.columns), len(second.columns), len(first.rows)) == (4, 1, 5)
    assert first.cell(str(ost.pk), "kinderarmut").value == 0
    assert first.total.cells[0].value == 20.5
    assert ratings.cell(str(ost.pk), "foerderbedarf").value == "unterdurchschnittlich"
    assert len({column.code for table in (first, second) for column in table.columns}) == 5
