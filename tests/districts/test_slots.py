"""Keeping up the hours of an office: entering, changing, ending, exceptions, what the database refuses (Z03, Q06)."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.models import OpeningException, OpeningSlot
from districts.opening import monday_of, runs_on
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


def typed(**change) -> dict:
    """What the form of a slot sends."""
    data = {
        "kind": "open",
        "weekday": "2",
        "starts": "10:00",
        "ends": "12:00",
        "rhythm": "jede",
        "valid_from": "2026-01-01",
    }
    return {name: value for name, value in {**data, **change}.items() if value is not None}


def notices(response) -> list[str]:
    return [str(one) for one in response.wsgi_request._messages]


@pytest.fixture
def office(mara):
    return mara.office


@pytest.fixture
def client(mara):
    return make.client_of(mara)


# --- Entering ---------------------------------------------------------------------------------------------------------


def test_hours_are_entered_with_everything_about_them(client, office):
    more = {
        "kind": "third_party", "provider": "Mieterhilfe e. V.", "topic": "Mieterberatung", "room": "Gruppenraum",
        "language": "Türkisch", "needs_appointment": "on", "valid_to": "2026-12-31",
    }  # fmt: skip
    response = client.post(url("slot_new", office.pk), typed(**more))
    assert (response.status_code, response.headers["Location"]) == (303, url("office_hours", office.pk))
    slot = OpeningSlot.objects.get()
    assert (slot.office, slot.weekday, slot.starts, slot.ends) == (office, 2, time(10), time(12))
    assert (slot.kind, slot.provider, slot.topic, slot.room) == (
        "third_party", "Mieterhilfe e. V.", "Mieterberatung", "Gruppenraum",
    )  # fmt: skip
    assert (slot.language, slot.needs_appointment, slot.anchor) == ("Türkisch", True, None)
    assert (slot.valid_from, slot.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))


def test_every_second_week_is_counted_from_the_week_of_the_day_that_was_named(client, office):
    client.post(url("slot_new", office.pk), typed(rhythm="zweite", anchor="2026-11-29"))
    slot = OpeningSlot.objects.get()
    assert slot.anchor == MONDAY
    assert [runs_on(slot, date(2026, 11, 25) + timedelta(days=7 * n)) for n in range(3)] == [True, False, True]


def test_a_day_is_forgotten_when_the_rhythm_is_every_week(client, office):
    client.post(url("slot_new", office.pk), typed(rhythm="jede", anchor="2026-11-29"))
    assert OpeningSlot.objects.get().anchor is None


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"ends": "10:00"}, "ends", "Das Ende muss nach dem Anfang liegen."),
        ({"ends": "09:00"}, "ends", "Das Ende muss nach dem Anfang liegen."),
        ({"valid_to": "2025-12-31"}, "valid_to", "Das Ende liegt vor dem Anfang."),
        ({"kind": "third_party"}, "provider", "Bitte nennen Sie, wer die Beratung anbietet."),
        ({"rhythm": "zweite"}, "anchor", "Bitte einen Tag der Woche nennen, in der der Termin stattfindet."),
        ({"kind": "party"}, "kind", None),
        ({"weekday": "7"}, "weekday", None),
        ({"starts": "25:00"}, "starts", None),
        ({"rhythm": None}, "rhythm", None),
        ({"room": "x" * 81}, "room", None),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_field(client, office, change, field, message):
    response = client.post(url("slot_new", office.pk), typed(**change))
    errors = response.context["form"].errors
    assert (response.status_code, list(errors)) == (422, [field])
    assert message is None or errors[field] == [message]
    assert OpeningSlot.objects.count() == 0


def test_the_same_hours_at_the_same_time_are_refused_in_words(client, office):
    make.slot(office=office, valid_from=date(2026, 6, 1))
    response = client.post(url("slot_new", office.pk), typed())
    assert response.context["form"].non_field_errors() == ["Genau diesen Termin gibt es in diesem Zeitraum schon."]
    assert client.post(url("slot_new", office.pk), typed(valid_to="2026-05-31")).status_code == 303
    assert client.post(url("slot_new", office.pk), typed(topic="Für Eltern")).status_code == 303


# --- What the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"starts": "12:00", "ends": "12:00"},
        {"starts": "13:00", "ends": "12:00"},
        {"weekday": 7},
        {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)},
        {"anchor": date(2026, 11, 24)},
        {"kind": "third_party", "provider": ""},
    ],
)
def test_hours_that_cannot_be(fields, office):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.slot(office=office, **fields)


def test_the_same_hours_twice(office):
    make.slot(office=office, valid_to=date(2026, 6, 30), anchor=MONDAY)
    other = make.office()
    make.slot(office=other)
    make.slot(office=office, valid_from=date(2026, 7, 1))
    make.slot(office=office, valid_to=date(2026, 6, 30), anchor=MONDAY - timedelta(days=7))
    for fields in ({}, {"anchor": MONDAY + timedelta(days=14)}, {"valid_from": date(2026, 6, 30)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.slot(office=office, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"last_day": date(2020, 1, 1)},
        {"change": "extra"},
        {"change": "extra", "starts": "10:00", "ends": "10:00", "kind": "open"},
        {"change": "extra", "starts": "10:00", "ends": "12:00", "kind": ""},
        {"change": "closed", "starts": "10:00", "ends": "12:00"},
        {"change": "as_usual", "kind": "open"},
    ],
)
def test_exceptions_that_cannot_be(fields, office):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.exception(office=office, **fields)


def test_only_a_closed_day_can_be_about_one_slot(office):
    slot = make.slot(office=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.exception(office=office, change="as_usual", slot=slot)


# --- Changing and ending ----------------------------------------------------------------------------------------------


def test_a_change_from_a_day_on_leaves_the_hours_before_as_they_were(client, office):
    slot = make.slot(office=office, valid_from=date(2025, 1, 1))
    day = make.today() + timedelta(days=30)
    early = make.exception(office=office, slot=slot, first_day=day - timedelta(days=1))
    late = make.exception(office=office, slot=slot, first_day=day)
    data = typed(starts="09:00", change_from=day.isoformat(), valid_from=None)
    assert client.post(url("slot", slot.pk), data).status_code == 303
    slot.refresh_from_db()
    changed = OpeningSlot.objects.exclude(pk=slot.pk).get()
    assert (slot.starts, slot.valid_from, slot.valid_to) == (time(10), date(2025, 1, 1), day - timedelta(days=1))
    assert (changed.starts, changed.valid_from, changed.valid_to) == (time(9), day, None)
    for one in (early, late):
        one.refresh_from_db()
    assert (early.slot, late.slot) == (slot, changed)


def test_an_exception_beyond_the_day_of_a_change_holds_for_both_hours(client, office):
    slot = make.slot(office=office, valid_from=date(2025, 1, 1))
    day = make.today() + timedelta(days=30)
    first, last = day - timedelta(days=9), day + timedelta(days=9)
    make.exception(office=office, slot=slot, first_day=first, last_day=last, reason="Urlaub")
    client.post(url("slot", slot.pk), typed(starts="09:00", change_from=day.isoformat(), valid_from=None))
    changed = OpeningSlot.objects.exclude(pk=slot.pk).get()
    assert list(OpeningException.objects.values_list("slot", "first_day", "last_day", "reason")) == [
        (slot.pk, first, day - timedelta(days=1), "Urlaub"),
        (changed.pk, day, last, "Urlaub"),
    ]


def test_a_mistake_is_corrected_as_a_whole(client, office):
    slot = make.slot(office=office, valid_from=date(2025, 1, 1))
    client.post(url("slot", slot.pk), typed(starts="09:00", change_from="", valid_from=None))
    changed = OpeningSlot.objects.get()
    assert (changed.pk, changed.starts, changed.valid_from) == (slot.pk, time(9), date(2025, 1, 1))


def test_a_change_back_to_hours_of_long_ago_is_no_double(client, office):
    make.slot(office=office, starts="09:00", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    slot = make.slot(office=office)
    data = typed(starts="09:00", change_from=make.today().isoformat(), valid_from=None)
    assert client.post(url("slot", slot.pk), data).status_code == 303


def test_hours_that_have_not_begun_are_changed_in_place(client, office):
    slot = make.slot(office=office, valid_from=make.today() + timedelta(days=3))
    new = (make.today() + timedelta(days=5)).isoformat()
    client.post(url("slot", slot.pk), typed(starts="09:00", valid_from=new))
    changed = OpeningSlot.objects.get()
    assert (changed.pk, changed.starts, changed.valid_from.isoformat()) == (slot.pk, time(9), new)


def test_no_change_after_the_end(client, office):
    slot = make.slot(office=office, valid_to=make.today() + timedelta(days=5))
    data = typed(change_from=(make.today() + timedelta(days=6)).isoformat(), valid_from=None, valid_to="")
    response = client.post(url("slot", slot.pk), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["change_from"])
    assert OpeningSlot.objects.count() == 1


def test_a_change_cannot_end_before_it_begins(client, office):
    slot = make.slot(office=office)
    today = make.today()
    data = typed(change_from=today.isoformat(), valid_to=(today - timedelta(days=1)).isoformat(), valid_from=None)
    response = client.post(url("slot", slot.pk), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["valid_to"])


def test_ended_hours_stay_as_history(client, office):
    slot = make.slot(office=office)
    response = client.post(url("slot_end", slot.pk), {"last_day": make.today().isoformat()})
    slot.refresh_from_db()
    assert (response.status_code, slot.valid_to) == (303, make.today())


def test_hours_that_never_took_place_are_removed(client, office):
    slot = make.slot(office=office, valid_from=make.today() + timedelta(days=1))
    assert "wird gelöscht" in client.get(url("slot_end", slot.pk)).text
    client.post(url("slot_end", slot.pk), {"last_day": slot.valid_from.isoformat()})
    assert OpeningSlot.objects.count() == 0


def test_no_end_before_the_beginning(client, office):
    slot = make.slot(office=office, valid_from=date(2026, 1, 1))
    response = client.post(url("slot_end", slot.pk), {"last_day": "2025-12-31"})
    assert response.context["form"].errors == {"last_day": ["Der Termin begann erst am 01.01.2026."]}
    slot.refresh_from_db()
    assert slot.valid_to is None


# --- The same room ----------------------------------------------------------------------------------------------------


def test_a_room_that_is_needed_twice_is_told_and_not_forbidden(client, office):
    make.slot(office=office, kind="meeting", topic="Elterncafé", room="Gruppenraum", starts="11:00", ends="13:00")
    response = client.post(url("slot_new", office.pk), typed(room="gruppenraum", kind="meeting", topic="Chor"))
    assert response.status_code == 303
    words = "Raum „gruppenraum“ ist doppelt belegt"
    assert [words in notice for notice in notices(response)] == [True, False]
    page = client.get(url("office_hours", office.pk))
    assert [day.weekday() for _, _, day in page.context["clashes"]] == [2]
    assert "doppelt belegt" in page.text


def test_other_rooms_times_and_weeks_are_no_reason_to_warn(client, office):
    fields = {"office": office, "kind": "meeting", "room": "Gruppenraum", "topic": "Chor"}
    make.slot(**fields, anchor=MONDAY)
    make.slot(**fields, anchor=MONDAY + timedelta(days=7))
    make.slot(**fields, starts="12:00", ends="13:00")
    make.slot(**{**fields, "room": "Büro"})
    make.slot(**{**fields, "room": ""})
    make.slot(**{**fields, "topic": "Basteln"}, valid_to=make.today() - timedelta(days=1))
    assert client.get(url("office_hours", office.pk)).context["clashes"] == []


# --- Exceptions -------------------------------------------------------------------------------------------------------


def exception(**change) -> dict:
    data = {"change": "closed", "first_day": "2026-12-24", "last_day": "2026-12-31", "reason": "Weihnachtspause"}
    return {**data, **change}


def test_a_closure_is_entered_changed_and_removed(client, office):
    assert client.post(url("exception_new", office.pk), exception()).status_code == 303
    made = OpeningException.objects.get()
    assert (made.office, made.change, made.days) == (office, "closed", "24.12.2026 bis 31.12.2026")
    client.post(url("exception", made.pk), exception(last_day="2026-12-30", reason="Ferien"))
    made.refresh_from_db()
    assert (made.last_day, made.reason) == (date(2026, 12, 30), "Ferien")
    assert client.post(url("exception_remove", made.pk)).status_code == 303
    assert OpeningException.objects.count() == 0


def test_without_a_last_day_it_is_one_day(client, office):
    client.post(url("exception_new", office.pk), exception(last_day=""))
    assert OpeningException.objects.get().days == "24.12.2026"


def test_additional_hours_need_times_and_a_kind(client, office):
    response = client.post(url("exception_new", office.pk), exception(change="extra", last_day=""))
    assert sorted(response.context["form"].errors) == ["ends", "kind", "starts"]
    times = {"starts": "18:00", "ends": "20:00", "kind": "open"}
    client.post(url("exception_new", office.pk), exception(change="extra", last_day="", **times))
    assert OpeningException.objects.get().time == "18–20 Uhr"
    wrong = exception(change="extra", last_day="", **{**times, "ends": "17:00"})
    assert client.post(url("exception_new", office.pk), wrong).context["form"].errors == {
        "ends": ["Das Ende muss nach dem Anfang liegen."]
    }


def test_what_does_not_belong_to_the_kind_is_left_out(client, office):
    slot = make.slot(office=office, weekday=3)
    times = {"starts": "18:00", "ends": "20:00", "kind": "open"}
    client.post(url("exception_new", office.pk), exception(**times))
    client.post(url("exception_new", office.pk), exception(change="as_usual", slot=slot.pk))
    found = OpeningException.objects.values_list("starts", "kind", "slot")
    assert list(found) == [(None, "", None), (None, "", None)]


def test_one_slot_is_off_on_a_day_on_which_it_takes_place(client, office):
    slot = make.slot(office=office, weekday=3)
    client.post(url("exception_new", office.pk), exception(slot=slot.pk, last_day=""))
    assert OpeningException.objects.get().slot == slot
    friday = exception(slot=slot.pk, first_day="2026-12-25", last_day="")
    response = client.post(url("exception_new", office.pk), friday)
    assert response.context["form"].errors == {"slot": ["Dieser Termin findet an diesen Tagen ohnehin nicht statt."]}


def test_the_slot_of_another_office_cannot_be_off_here(client, office, paul):
    foreign = make.slot(office=paul.office, weekday=3)
    response = client.post(url("exception_new", office.pk), exception(slot=foreign.pk))
    assert list(response.context["form"].errors) == ["slot"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"last_day": "2026-12-23"}, "last_day"), ({"last_day": "2028-01-01"}, "last_day"), ({"reason": ""}, "reason")],
)
def test_wrong_exceptions_are_refused(client, office, change, field):
    response = client.post(url("exception_new", office.pk), exception(**change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


# --- Who may, and what it costs ---------------------------------------------------------------------------------------


def test_the_neighbour_keeps_only_the_own_offices(paul, office):
    slot, closed = make.slot(office=office), make.exception(office=office)
    stranger = make.client_of(paul)
    for name, pk in (
        ("slot_new", office.pk),
        ("slot", slot.pk),
        ("exception_new", office.pk),
        ("exception", closed.pk),
    ):
        assert stranger.post(url(name, pk), typed() | exception()).status_code == 404
    assert stranger.post(url("slot_end", slot.pk), {"last_day": "2026-12-01"}).status_code == 404
    assert stranger.post(url("exception_remove", closed.pk)).status_code == 404
    assert (OpeningSlot.objects.get().valid_to, OpeningException.objects.count()) == (None, 1)


def test_who_serves_one_of_several_districts_of_an_office_keeps_its_hours(paul, office, preuswald):
    office.districts.add(preuswald)
    assert make.client_of(paul).get(url("office_hours", office.pk)).status_code == 200


@pytest.mark.parametrize("extra", [0, 8])
def test_the_page_of_the_hours_costs_the_same_for_few_and_many(extra, django_assert_num_queries, client, office):
    for n in range(extra + 1):
        slot = make.slot(office=office, weekday=n % 5, topic=f"Thema {n}")
        make.slot(office=office, weekday=n % 5, topic=f"Thema {n}", valid_to=date(2020, 1, 1), starts="08:00")
        make.exception(office=office, slot=slot, first_day=make.today())
        make.exception(office=office, slot=slot, first_day=date(2020, 1, 1))
    with django_assert_num_queries(7):
        assert client.get(url("office_hours", office.pk)).status_code == 200


def test_what_is_over_stands_apart(client, office):
    now = make.slot(office=office)
    was = make.slot(office=office, weekday=4, valid_to=make.today() - timedelta(days=1))
    soon, past = make.exception(office=office), make.exception(office=office, first_day=date(2020, 1, 1))
    context = client.get(url("office_hours", office.pk)).context
    assert (context["slots"], context["former"]) == ([now], [was])
    assert (context["exceptions"], context["past"]) == ([soon], [past])


def test_the_anchor_of_a_form_is_shown_again(client, office):
    slot = make.slot(office=office, anchor=monday_of(make.today()))
    form = client.get(url("slot", slot.pk)).context["form"]
    assert (form["rhythm"].value(), form["anchor"].value()) == ("zweite", slot.anchor)
