"""Offices for people with a login: list, page, weeks, weekly hours, checklist (Z02, Z03)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import OfficeQuality
from tests import make

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 11, 25)


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


@pytest.fixture
def office(mara):
    return mara.office


@pytest.fixture
def at(monkeypatch):
    """`at(11)`: it is this hour of Wednesday, 25 November 2026."""

    def set_clock(hour: int) -> None:
        moment = datetime(2026, 11, 25, hour, tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_clock


def test_the_page_shows_the_office_its_week_and_its_people(office, mara, enno, client_of):
    office.street, office.accessibility, office.carrier = "Reichsweg 30", "Stufenlos", "Stadt"
    office.directions = "Eingang vom Hof"
    office.save()
    make.slot(office=office, topic="Offene Tür", language="Deutsch, Türkisch")
    make.slot(office=office, kind="third_party", topic="Mieterberatung", provider="Mieterhilfe e. V.", weekday=3)
    mara.task, mara.languages = "Quartiersmanagerin", "Deutsch, Englisch"
    mara.save()
    gone = make.user(name="Gesine Gegangen", office=office, is_active=False)
    text = client_of(enno).get(url("office_page", office.pk)).text
    for expected in (
        "Reichsweg 30", "Stufenlos", "Eingang vom Hof", "Offene Tür", "Deutsch, Türkisch", "Mieterberatung",
        "Mieterhilfe e. V.", "Mara Lindt", "Quartiersmanagerin", "Deutsch, Englisch", "ML", "Aachen-Ost",
    ):  # fmt: skip
        assert expected in text
    assert gone.name not in text
    assert "Öffnungszeiten pflegen" not in text
    assert "Stammdaten ändern" not in text


@pytest.mark.parametrize(("hour", "words"), [(9, "öffnet heute um 10 Uhr"), (11, "jetzt geöffnet, bis 12 Uhr")])
def test_it_says_whether_the_door_is_open(at, hour, words, office, mara, client_of):
    make.slot(office=office)
    at(hour)
    assert words in client_of(mara).get(url("office_page", office.pk)).text
    assert words in client_of(mara).get(url("office_list")).text


def test_any_week_can_be_seen_and_its_neighbours(office, mara, client_of):
    slot = make.slot(office=office, valid_from=date(2026, 12, 1))
    make.exception(office=office, first_day=date(2026, 12, 9))
    client = client_of(mara)

    def plans(day):
        context = client.get(url("office_page", office.pk), {"woche": day}).context
        return {plan.day: plan for plan in context["days"]}, context

    before, context = plans("2026-11-26")
    assert (context["before"], context["after"]) == (date(2026, 11, 16), date(2026, 11, 30))
    assert [plan.entries for plan in before.values()] == [()] * 5
    found, _ = plans("2026-12-02")
    assert [entry.source for entry in found[date(2026, 12, 2)].entries] == [slot]
    closed, _ = plans("2026-12-12")
    assert closed[date(2026, 12, 9)].reasons == ("Betriebsausflug",)
    holiday, _ = plans("2026-12-25")
    assert holiday[date(2026, 12, 25)].holiday == "Erster Weihnachtstag"


@pytest.mark.parametrize("asked", ["", "gestern", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_week_that_makes_no_sense_is_no_error(asked, office, mara, client_of):
    make.slot(office=office)
    assert client_of(mara).get(url("office_page", office.pk), {"woche": asked}).status_code == 200


def test_only_the_week_is_sent_when_only_the_week_is_wanted(office, mara, client_of):
    make.slot(office=office)
    headers = {"HX-Request": "true", "HX-Target": "week"}
    text = client_of(mara).get(url("office_page", office.pk), {"woche": "2026-12-02"}, headers=headers).text
    assert "Woche 49" in text
    assert "<h1" not in text


def test_a_weekend_is_shown_when_something_is_on(office, mara, client_of):
    make.slot(office=office, weekday=5, kind="meeting", topic="Fahrradwerkstatt")
    days = client_of(mara).get(url("office_page", office.pk)).context["days"]
    assert [plan.weekday for plan in days][-1] == "Samstag"


@pytest.mark.parametrize("extra", [0, 8])
def test_pages_cost_the_same_for_few_and_many(extra, django_assert_num_queries, office, mara, ost, client_of):
    for n in range(extra + 1):
        other = make.office(districts=[ost])
        for one in (office, other):
            slot = make.slot(office=one, weekday=n % 5, topic=f"Thema {n}")
            make.exception(office=one, slot=slot, first_day=make.today())
        make.user(office=office)
    OfficeQuality.objects.bulk_create(
        OfficeQuality(office=office, item=item) for item in OfficeQuality.Item.values[: extra + 1]
    )
    client = client_of(mara)
    with django_assert_num_queries(12):
        assert client.get(url("office_page", office.pk)).status_code == 200
    with django_assert_num_queries(9):
        assert client.get(url("office_list")).status_code == 200
    with django_assert_num_queries(6):
        assert client.get(url("weekly_hours")).status_code == 200


def test_a_weekend_in_a_pause_is_shown_only_when_something_is_off(office, mara, client_of):
    make.exception(office=office, first_day=date(2026, 12, 1), last_day=date(2026, 12, 13))
    make.slot(office=office, weekday=5, anchor=date(2026, 11, 30))
    client = client_of(mara)
    for asked, weekend in (("2026-12-01", ["Samstag"]), ("2026-12-08", [])):
        days = client.get(url("office_page", office.pk), {"woche": asked}).context["days"]
        assert [plan.weekday for plan in days][5:] == weekend


def test_the_notice_of_hours_to_come_can_be_printed_before(office, mara, client_of):
    assert "Aushang ab" not in client_of(mara).get(url("office_page", office.pk)).text
    day = make.today() + timedelta(days=9)
    make.slot(office=office, valid_from=day)
    assert f"?ab={day.isoformat()}" in client_of(mara).get(url("office_page", office.pk)).text


def test_former_offices_are_listed_apart(office, mara, client_of):
    office.closed_on = make.today() - timedelta(days=1)
    office.save()
    make.slot(office=office)
    response = client_of(mara).get(url("office_list"))
    assert (response.context["rows"], list(response.context["former"])) == ([], [office])
    page = client_of(mara).get(url("office_page", office.pk))
    assert "Dieses Stadtteilbüro gibt es nicht mehr." in page.text
    assert page.context["now"].text == "zurzeit nicht geöffnet"


# --- Weekly hours -----------------------------------------------------------------------------------------------------


def test_weekly_hours_by_office_and_kind_on_any_day(office, silke, client_of):
    make.slot(office=office, ends="12:30", valid_from=date(2026, 1, 1))
    make.slot(office=office, kind="consultation", anchor=date(2026, 11, 23))
    make.slot(office=office, kind="third_party", valid_to=date(2025, 12, 31))
    other = make.office(name="Stadtteilbüro Zwei", opened_on=date(2026, 6, 1))
    make.slot(office=other, kind="meeting")

    def hours(day):
        context = client_of(silke).get(url("weekly_hours"), {"am": day}).context
        rows = {str(row[0]): ([cell["value"] for cell in row[1]], row[2]) for row in context["rows"]}
        return rows, [cell["value"] for cell in context["total"][0]]

    assert hours("2025-12-31") == ({"Stadtteilbüro Ost": ([0, 1, 2, 0], 2)}, [0, 1, 2, 0])
    assert hours("2026-11-25") == (
        {"Stadtteilbüro Ost": ([2.5, 1, 0, 0], 2.5), "Stadtteilbüro Zwei": ([0, 0, 0, 2], 2)},
        [2.5, 1, 0, 2],
    )


# --- Checklist --------------------------------------------------------------------------------------------------------


def answers(**change) -> dict:
    data = dict.fromkeys(OfficeQuality.Item.values, "unknown")
    return {**data, **change}


def test_the_checklist_is_kept_and_shown(office, silke, client_of):
    client = client_of(silke)
    data = answers(
        barrier_free="yes", speakers="planned", group_room="yes", group_room_size="42", **{"speakers-note": "2027"}
    )
    response = client.post(url("office_quality", office.pk), data)
    assert (response.status_code, response.headers["Location"]) == (303, url("office_page", office.pk))
    client.post(url("office_quality", office.pk), answers(**data | {"barrier_free": "no"}))
    found = {row.item: (row.state, row.note) for row in office.qualities.all()}
    assert len(found) == 11
    assert (found["barrier_free"], found["speakers"]) == (("no", ""), ("planned", "2027"))
    text = client.get(url("office_page", office.pk)).text
    assert "42 m²" in text
    assert "2027" in text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"central": "vielleicht"}, "central"),
        ({"central-note": "x" * 201}, "central-note"),
        ({"group_room_size": "0"}, "group_room_size"),
    ],
)
def test_wrong_answers_are_refused(change, field, office, silke, client_of):
    response = client_of(silke).post(url("office_quality", office.pk), answers(**change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert office.qualities.count() == 0
