"""Rooms and bookings: no room twice at a time, series, summer time, who reads what, use (Z05)."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.actions import rooms as actions
from districts.actions.base import Conflict
from districts.models import Booking, Office, Room, User
from districts.occupancy import usage_of, week_of_rooms
from districts.opening import monday_of
from districts.roles import Role
from quartier.workdays import add_workdays
from tests import make, make_rooms

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)  # the nights in which the clocks change


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


@pytest.fixture
def own(tara):
    return tara.memberships.get().actor


@pytest.fixture
def share(mara, own):
    return make_rooms.share(office=mara.office, members=[own])


@pytest.fixture
def room(share):
    return make_rooms.room(office=share.office, name="Saal")


def tomorrow(days=1):
    return make.today() + timedelta(days=days)


def book(room, by, day=None, hours=(10, 12), **fields):
    known = {"day": day or tomorrow(), "starts": time(hours[0]), "ends": time(hours[1]), "purpose": "Elterncafé"}
    return actions.book_room(room=room, by=by, **{**known, **fields})


def sent(here, **change):
    """What the booking form sends."""
    known = {"room": here.pk, "day": tomorrow(), "starts": "10:00", "ends": "12:00", "purpose": "Elterncafé"}
    return {**known, "rhythm": "once", **change}


# --- never twice ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "free"), [((8, 10), True), ((12, 13), True), ((9, 11), False), ((10, 12), False),
                                             ((11, 11.5), False), ((8, 20), False)])  # fmt: skip
def test_what_touches_fits_and_what_overlaps_does_not(hours, free, room, mara):
    book(room, mara)
    starts, ends = (time(int(hour), int(hour % 1 * 60)) for hour in hours)
    if free:
        book(room, mara, starts=starts, ends=ends)
    else:
        with pytest.raises(ValidationError) as refused:
            book(room, mara, starts=starts, ends=ends)
        assert refused.value.messages == [f"Saal ist schon belegt: am {tomorrow():%d.%m.%Y}, 10–12 Uhr."]
    assert Booking.objects.count() == (2 if free else 1)


@pytest.mark.django_db
def test_the_database_refuses_the_same_room_twice_and_forgets_what_was_cancelled(room, mara):
    first = make_rooms.booking(room=room)
    with pytest.raises(IntegrityError, match="booking_room_once_at_a_time"), transaction.atomic():
        make_rooms.booking(room=room, hours=(11, 13))
    make_rooms.booking(room=make_rooms.room(office=room.office), hours=(11, 13))
    actions.cancel_bookings(booking=first, reason="Kurs fällt aus", by=mara)
    make_rooms.booking(room=room, hours=(11, 13))


@pytest.mark.django_db
def test_the_database_knows_what_belongs_to_a_booking(room, mara):
    booking = make_rooms.booking(room=room)
    for change, name in [
        ({"ends": booking.starts}, "booking_in_order"),
        ({"cancelled_at": timezone.now()}, "booking_cancelled_with_reason"),
        ({"cancel_reason": "Grund"}, "booking_cancelled_with_reason"),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(**change)
    with pytest.raises(IntegrityError, match="room_name_once_per_office"), transaction.atomic():
        make_rooms.room(office=room.office, name="SAAL")


def _at_once(*tasks):
    """Run functions at the same moment, each with a connection of its own; gives what they gave or raised."""
    barrier = Barrier(len(tasks))

    def run(task):
        try:
            barrier.wait(60)
            return task()
        except (ValidationError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result(60) for future in [pool.submit(run, task) for task in tasks]]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_gets_the_room_and_the_other_a_sentence(room, mara, tara, own):
    found = _at_once(
        lambda: book(room, mara, rhythm="weekly", until=tomorrow(60)),
        lambda: book(room, tara, actor=own, hours=(11, 14)),
    )
    refused = [one for one in found if isinstance(one, ValidationError)]
    assert len(refused) == 1
    assert refused[0].messages[0].startswith("Saal ist schon belegt: am ")
    assert Booking.objects.count() in (1, 9)


@pytest.mark.django_db(transaction=True)
def test_past_the_actions_two_connections_cannot_either(room, mara):
    def write():
        return make_rooms.booking(room=room, by=mara)

    found = _at_once(write, write)
    assert [type(one) for one in found].count(IntegrityError) == 1
    assert Booking.objects.count() == 1


# --- series -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("rhythm", "step", "count"), [("weekly", 7, 5), ("fortnightly", 14, 3)])
def test_a_series_is_single_bookings_that_know_each_other(rhythm, step, count, room, mara):
    made = book(room, mara, rhythm=rhythm, until=tomorrow(29))
    assert [one.day for one in made] == [tomorrow(1 + step * n) for n in range(count)]
    assert len({one.series for one in made}) == 1
    assert made[0].series is not None
    assert book(room, mara, hours=(14, 15))[0].series is None


@pytest.mark.django_db
def test_a_series_that_meets_others_is_booked_as_a_whole_or_not_at_all(room, mara):
    for days in (8, 15):
        book(room, mara, day=tomorrow(days), hours=(11, 13), purpose="Geheim")
    with pytest.raises(ValidationError) as refused:
        book(room, mara, rhythm="weekly", until=tomorrow(29))
    assert refused.value.messages == [
        f"Saal ist schon belegt: am {tomorrow(8):%d.%m.%Y}, 11–13 Uhr; am {tomorrow(15):%d.%m.%Y}, 11–13 Uhr."
    ]
    assert Booking.objects.count() == 2
    made = book(room, mara, rhythm="weekly", until=tomorrow(29), skip_taken=True)
    assert [one.day for one in made] == [tomorrow(days) for days in (1, 22, 29)]
    with pytest.raises(ValidationError):
        book(room, mara, day=tomorrow(8), rhythm="weekly", until=tomorrow(15), skip_taken=True)


@pytest.mark.django_db
def test_the_days_that_were_left_out_are_named(room, mara):
    book(room, mara, day=tomorrow(8))
    data = sent(room, rhythm="weekly", until=tomorrow(15), skip_taken="on")
    answer = make.client_of(mara).post(url("booking_new", room.office_id), data)
    told = [str(one) for one in answer.wsgi_request._messages]
    assert told == [f"Schon belegt und deshalb ausgelassen: {tomorrow(8):%d.%m.%Y}.", "Gebucht."]


@pytest.mark.django_db
def test_a_series_fails_as_a_whole_when_a_later_write_fails(room, mara, monkeypatch):
    real = Booking.objects.bulk_create

    def create(rows):
        real(rows[:2])
        raise IntegrityError("the third")

    monkeypatch.setattr(Booking.objects, "bulk_create", create)
    with pytest.raises(IntegrityError):
        book(room, mara, rhythm="weekly", until=tomorrow(29))
    assert Booking.objects.count() == 0


@pytest.mark.django_db
def test_a_series_is_cancelled_from_a_day_on_or_for_one_day(room, mara):
    made = book(room, mara, rhythm="weekly", until=tomorrow(29))
    assert actions.cancel_bookings(booking=made[1], reason="Ferien", by=mara) == 1
    with pytest.raises(Conflict):
        actions.cancel_bookings(booking=made[1], reason="Ferien", by=mara)
    assert actions.cancel_bookings(booking=made[2], reason="Kurs endet", by=mara, with_following=True) == 3
    standing = Booking.objects.standing()
    assert [one.day for one in standing] == [tomorrow()]
    gone = Booking.objects.get(pk=made[4].pk)
    assert (gone.cancel_reason, gone.cancelled_by, gone.cancelled_at is None) == ("Kurs endet", mara, False)


@pytest.mark.django_db
def test_what_belongs_to_somebody_else_by_now_is_not_cancelled_with_the_series(room, share, mara, own):
    made, other = book(room, mara, actor=own, rhythm="weekly", until=tomorrow(15)), make_rooms.member(share=share).actor
    Booking.objects.filter(pk=made[1].pk).update(actor=other)
    assert "1 weiterer Termin danach" in make.client_of(mara).get(made[0].get_absolute_url()).text
    assert actions.cancel_bookings(booking=made[0], reason="Kurs endet", by=mara, with_following=True) == 2
    assert [one.actor for one in Booking.objects.standing()] == [other]


# --- when the clocks change -------------------------------------------------------------------------------------------


@given(
    first=st.dates(date(2024, 1, 1), date(2030, 12, 31)), weeks=st.integers(0, 59), step=st.sampled_from([7, 14]),
    hour=st.integers(4, 22), minute=st.integers(0, 59),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_series_is_at_the_same_hour_on_the_wall_all_year(first, weeks, step, hour, minute):
    rhythm = {7: "weekly", 14: "fortnightly"}[step]
    days = actions.days_of(first, rhythm, first + timedelta(weeks=weeks))
    assert days == [day for n in range(weeks * 7 + 1) if n % step == 0 for day in [first + timedelta(days=n)]]
    for day in days:
        moment = timezone.localtime(actions.moment_of(day, time(hour, minute)).astimezone(UTC))
        assert (moment.date(), moment.hour, moment.minute) == (day, hour, minute)


def test_the_hour_left_out_in_spring_is_refused_and_the_doubled_one_is_the_first():
    with pytest.raises(ValidationError, match=r"Am 28\.03\.2027 gibt es die Uhrzeit 02:30 nicht"):
        actions.moment_of(SPRING, time(2, 30))
    assert actions.moment_of(AUTUMN, time(2, 30)).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "hours"), [(SPRING, 4.0), (AUTUMN, 6.0), (date(2026, 11, 1), 5.0)])
def test_use_counts_the_hours_that_passed_and_the_plan_shows_the_wall(day, hours, room, mara):
    made = make_rooms.booking(room=room, day=day, hours=(1, 6), is_shown=True)
    assert (made.day, made.time) == (day, "1–6 Uhr")
    assert usage_of(room.office, [room], day, day)[0].total == hours
    office = Office.objects.with_hours().get(pk=room.office_id)
    found = {one.plan.day: one.cells[0][1] for one in week_of_rooms(office, [room], monday_of(day), mara)}
    assert [use.time for use in found[day]] == ["1–6 Uhr"]
    assert [one for one, uses in found.items() if uses] == [day]


# --- who sees and does what -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whose_rooms_are_seen_booked_and_changed(room, mara, paul, asli, silke, adam, tara, enno, own):
    other = make_rooms.room(office=paul.office)
    of_team, of_tara = make_rooms.booking(room=room), make_rooms.booking(room=room, hours=(13, 14), actor=own)
    elsewhere = make_rooms.booking(room=other)
    bookings = (of_team, of_tara, elsewhere)
    found = {
        one.name.split()[0]: (
            Room.objects.visible_to(one).count(),
            Room.objects.bookable_by(one).distinct().count(),
            [row in Booking.objects.changeable_by(one) for row in bookings],
            [row.shows_purpose_to(one) for row in bookings],
        )
        for one in (mara, paul, asli, silke, adam, tara, enno)
    }
    assert found == {
        "Mara": (2, 1, [True, True, False], [True, True, False]),
        "Paul": (2, 1, [False, False, True], [False, False, True]),
        "Aslı": (2, 1, [True, True, False], [True, True, False]),
        "Silke": (2, 0, [False] * 3, [True] * 3),
        "Adam": (2, 0, [False] * 3, [False] * 3),
        "Tara": (1, 1, [False, True, False], [False, True, False]),
        "Enno": (0, 0, [False] * 3, [False] * 3),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"status": "ended", "ended_on": None}, {"members": -1}])
def test_when_the_shared_office_or_the_membership_has_ended_the_rooms_are_gone(change, share, room, tara):
    yesterday = make.today() - timedelta(days=1)
    if "members" in change:
        share.members.update(valid_to=yesterday)
    else:
        type(share).objects.filter(pk=share.pk).update(status="ended", ended_on=yesterday)
    assert (Room.objects.visible_to(tara).count(), Room.objects.bookable_by(tara).count()) == (0, 0)
    assert make.client_of(tara).get(url("room_week", room.office_id)).status_code == 404
    assert make.client_of(tara).get(url("rooms")).status_code == 200


@pytest.mark.django_db
def test_purposes_of_others_are_nowhere_on_the_carriers_pages(room, tara, own, mara):
    hidden = make_rooms.booking(room=room)
    shown = make_rooms.booking(room=room, hours=(14, 15), is_shown=True, purpose="Nachbarschaftscafé")
    mine = make_rooms.booking(room=room, hours=(16, 17), actor=own, purpose="Beratung")
    actions.cancel_bookings(booking=make_rooms.booking(room=room, hours=(8, 9)), reason="Geheimer Grund", by=mara)
    client = make.client_of(tara)
    week = client.get(url("room_week", room.office_id), {"woche": tomorrow()}).text
    page = client.get(hidden.get_absolute_url()).text
    refusal = client.post(url("booking_new", room.office_id), sent(room, actor=own.pk)).text
    assert [words in week for words in (shown.purpose, mine.purpose, "belegt")] == [True] * 3
    everything = week + page + refusal + client.get(url("carrier")).text
    assert [words for words in (hidden.purpose, "Geheimer Grund", hidden.by.name) if words in everything] == []
    assert client.post(url("booking_cancel", hidden.pk), {"reason": "weg"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("extra", [0, 4])
def test_the_pages_cost_the_same_for_few_and_many(extra, django_assert_num_queries, room, mara, own):
    for n in range(extra):
        make_rooms.room(office=room.office, equipment=["Beamer"])
        make_rooms.booking(room=room, hours=(8 + n, 9 + n), actor=make.actor())
    booking = make_rooms.booking(room=room, hours=(13, 14), actor=own)
    make.slot(office=room.office, room="Saal")
    client, week = make.client_of(mara), {"woche": tomorrow()}
    costs = {}
    for name, address, query in (
        ("week", url("room_week", room.office_id), week), ("rooms", url("rooms"), {}),
        ("booking", booking.get_absolute_url(), {}), ("usage", url("room_usage", room.office_id), {}),
    ):  # fmt: skip
        with transaction.atomic(), CaptureQueriesContext(connection) as found:
            assert client.get(address, query).status_code == 200
        costs[name] = len(found)
    assert costs == {"week": 14, "rooms": 7, "booking": 6, "usage": 10}


# --- booking on the page ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_team_books_for_itself_or_for_a_member(room, mara, own):
    client = make.client_of(mara)
    assert client.post(url("booking_new", room.office_id), sent(room)).status_code == 303
    more = sent(room, starts="13:00", ends="14:30", actor=own.pk, is_shown="on")
    answer = client.post(url("booking_new", room.office_id), more)
    assert answer.headers["Location"] == f"{url('room_week', room.office_id)}?woche={tomorrow():%Y-%m-%d}"
    assert list(Booking.objects.values_list("actor", "is_shown", "by")) == [
        (None, False, mara.pk), (own.pk, True, mara.pk)
    ]  # fmt: skip


@pytest.mark.django_db
def test_carrier_staff_book_for_the_own_carrier_and_nobody_else(room, share, tara, own):
    other = make_rooms.member(share=share).actor
    client = make.client_of(tara)
    for actor in ("", other.pk):
        answer = client.post(url("booking_new", room.office_id), sent(room, actor=actor))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["actor"])
    assert client.post(url("booking_new", room.office_id), sent(room, actor=own.pk)).status_code == 303
    assert Booking.objects.get().actor == own
    assert "Elterncafé" in client.get(url("carrier")).text


@pytest.mark.django_db
def test_who_is_in_a_team_elsewhere_books_here_as_a_carrier_only(room, share, tara, own, preuswald):
    make.membership(user=tara, role=Role.MANAGER, district=preuswald)
    other, client = make_rooms.member(share=share).actor, make.client_of(tara)
    for actor in ("", other.pk):
        answer = client.post(url("booking_new", room.office_id), sent(room, actor=actor))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["actor"])
    assert client.post(url("booking_new", room.office_id), sent(room, actor=own.pk)).status_code == 303


@pytest.mark.django_db
def test_the_last_day_of_a_series_does_not_count_for_a_single_date(room, share, mara, own):
    share.members.update(valid_to=tomorrow(10))
    data = sent(room, actor=own.pk, until=tomorrow(15))
    assert make.client_of(mara).post(url("booking_new", room.office_id), data).status_code == 303


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": make.today() - timedelta(days=1)}, "day"),
        ({"ends": "10:00"}, "ends"),
        ({"purpose": ""}, "purpose"),
        ({"rhythm": "weekly"}, "until"),
        ({"rhythm": "weekly", "until": make.today() - timedelta(days=3)}, "until"),
        ({"rhythm": "fortnightly", "until": make.today() + timedelta(days=900)}, "until"),
        ({"rhythm": "täglich"}, "rhythm"),
        ({"room": 4711}, "room"),
        ({"actor": "kaputt"}, "actor"),
    ],
)
def test_wrong_data_say_where_and_change_nothing(change, field, room, mara):
    answer = make.client_of(mara).post(url("booking_new", room.office_id), sent(room, **change))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"]["starts"].value() == "10:00"
    assert Booking.objects.count() == 0


@pytest.mark.django_db
def test_a_member_that_leaves_is_booked_for_only_until_then(room, share, mara, own):
    share.members.update(valid_to=tomorrow(10))
    data = sent(room, actor=own.pk, rhythm="weekly", until=tomorrow(15))
    answer = make.client_of(mara).post(url("booking_new", room.office_id), data)
    assert list(answer.context["form"].errors) == ["actor"]


@pytest.mark.django_db
def test_hours_of_the_office_in_the_same_room_are_told(room, mara):
    day = add_workdays(make.today(), 1)
    make.slot(office=room.office, room="saal", weekday=day.weekday(), kind="meeting", topic="Spieletreff")
    client = make.client_of(mara)
    client.post(url("booking_new", room.office_id), sent(room, day=day, starts="11:00", ends="13:00"))
    week = client.get(url("room_week", room.office_id), {"woche": day}).text
    assert "Bitte absprechen: In diesem Raum ist am" in week
    assert "laut Öffnungszeiten" in week
    assert Booking.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "told"), [("11:00", True), ("12:00", False)])
def test_who_enters_hours_learns_of_bookings_in_the_same_room(starts, told, room, mara):
    day = add_workdays(make.today(), 1)
    make_rooms.booking(room=room, day=day)
    data = {
        "kind": "meeting", "room": "SAAL", "weekday": day.weekday(), "starts": starts, "ends": "14:00",
        "rhythm": "jede", "valid_from": make.today(),
    }  # fmt: skip
    answer = make.client_of(mara).post(url("slot_new", room.office_id), data)
    found = [str(one) for one in answer.wsgi_request._messages]
    words = f"Raum „Saal“ ist am {day:%d.%m.%Y}, 10–12 Uhr, schon gebucht. Bitte absprechen."
    assert (answer.status_code, words in found) == (303, told)


@pytest.mark.django_db
def test_a_booking_is_moved_and_the_slower_one_compares(room, mara, tara, own):
    booking = make_rooms.booking(room=room, actor=own)
    taken = make_rooms.booking(room=room, hours=(15, 16))
    client, address = make.client_of(tara), url("booking_edit", booking.pk)
    data = {**sent(room, actor=own.pk, starts="13:00", ends="14:00"), "version": booking.version}
    assert client.post(address, {**data, "ends": "15:30"}).context["form"].errors == {
        "__all__": [f"Saal ist schon belegt: am {taken.day:%d.%m.%Y}, 15–16 Uhr."]
    }
    assert client.post(address, data).status_code == 303
    slower = client.post(address, {**data, "starts": "08:00", "ends": "09:00"})
    assert (slower.status_code, slower.context["differences"][0]) == (409, ("von", "13:00", "08:00"))
    booking.refresh_from_db()
    assert (booking.time, booking.version) == ("13–14 Uhr", 2)


@pytest.mark.django_db
def test_what_is_over_or_cancelled_is_not_changed_and_it_is_said_why(room, mara, tara):
    past = make_rooms.booking(room=room, day=tomorrow(-3))
    gone = make_rooms.booking(room=room)
    actions.cancel_bookings(booking=gone, reason="Ferien", by=mara)
    client, before = make.client_of(mara), list(Booking.objects.order_by("pk").values())
    for booking, words in ((past, "Diese Buchung ist vorbei."), (gone, "Diese Buchung ist schon abgesagt.")):
        assert client.get(booking.get_absolute_url()).status_code == 200
        data = {**sent(room), "version": booking.version, "reason": "Noch einmal"}
        for address in (url("booking_edit", booking.pk), url("booking_cancel", booking.pk)):
            for answer in (client.get(address), client.post(address, data)):
                assert (answer.status_code, answer.headers["Location"]) == (303, booking.get_absolute_url())
                assert str(list(answer.wsgi_request._messages)[-1]) == words
            assert make.client_of(tara).get(address).status_code == 404
    assert list(Booking.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_booking_is_cancelled_with_a_reason(room, mara):
    made = book(room, mara, rhythm="weekly", until=tomorrow(15))
    client, address = make.client_of(mara), url("booking_cancel", made[0].pk)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Kurs fällt aus", "with_following": "on"}).status_code == 303
    assert Booking.objects.standing().count() == 0
    assert "Kurs fällt aus" in client.get(made[0].get_absolute_url()).text


# --- rooms and their use ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_room_is_entered_with_its_equipment_and_changed(mara):
    client, office = make.client_of(mara), mara.office
    data = {"name": "Saal", "size": 42, "seats": 30, "is_barrier_free": "on", "is_active": "on",
            "equipment": "Beamer\n\n beamer \nLautsprecher\n"}  # fmt: skip
    assert client.post(url("room_new", office.pk), data).status_code == 303
    room = Room.objects.get()
    assert (room.features, sorted(map(str, room.equipment.all()))) == (
        ["42 m²", "30 Plätze", "barrierefrei"], ["Beamer", "Lautsprecher"]
    )  # fmt: skip
    assert Room(seats=1).features == ["1 Platz"]
    double = client.post(url("room_new", office.pk), {"name": "SAAL"})
    assert double.context["form"].errors == {"name": ["Einen Raum mit diesem Namen gibt es hier schon."]}
    change = {"name": "Saal", "equipment": "Lautsprecher\nLicht", "version": room.version}
    kept = room.equipment.get(name="Lautsprecher").pk
    assert client.post(url("room_edit", room.pk), change).status_code == 303
    assert [str(one) for one in room.equipment.all()] == ["Lautsprecher", "Licht"]
    assert room.equipment.get(name="Lautsprecher").pk == kept
    assert client.post(url("room_edit", room.pk), change).status_code == 409
    assert client.post(url("room_edit", room.pk), {**change, "equipment": "x" * 81}).status_code == 422


@pytest.mark.django_db
def test_a_room_with_bookings_to_come_stays_in_use(room, mara):
    booking = make_rooms.booking(room=room)
    client, data = make.client_of(mara), {"name": "Saal", "version": room.version}
    answer = client.post(url("room_edit", room.pk), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["is_active"])
    actions.cancel_bookings(booking=booking, reason="Umbau", by=mara)
    assert client.post(url("room_edit", room.pk), data).status_code == 303
    room.refresh_from_db()
    assert room.is_active is False


@pytest.mark.django_db
def test_bookings_of_those_who_leave_are_told(room, share, mara, own):
    make_rooms.booking(room=room, actor=own)
    make_rooms.booking(room=room, day=make.today(), actor=own)
    make_rooms.booking(room=room, hours=(13, 14))
    member = share.members.get()
    leaving = {"actor": own.name, "valid_to": make.today(), "version": member.version}
    ending = {"status": "ended", "version": share.version}
    for address, data, who in (
        (url("share_member", member.pk), leaving, own.name), (url("share_move", share.pk), ending, "Trägern"),
    ):  # fmt: skip
        answer = make.client_of(mara).post(address, data)
        words = [str(one) for one in answer.wsgi_request._messages]
        assert f"Nach diesem Tag steht noch eine Buchung von {who} im Raumplan." in words


@pytest.mark.django_db
def test_a_room_out_of_use_keeps_its_past_and_takes_nothing_new(room, mara):
    make_rooms.booking(room=room, day=tomorrow(-9))
    Room.objects.filter(pk=room.pk).update(is_active=False)
    client = make.client_of(mara)
    assert client.get(url("booking_new", room.office_id)).status_code == 404
    assert client.get(url("room_usage", room.office_id)).context["rows"][0].total == 2.0


@pytest.mark.django_db
def test_a_room_taken_out_of_use_meanwhile_is_not_booked_and_what_is_booked_stays(room, mara):
    booking, free = make_rooms.booking(room=room), make_rooms.room(office=room.office, name="Studio")
    Room.objects.update(is_active=False)
    for there in (room, free):
        with pytest.raises(ValidationError) as refused:
            book(there, mara, hours=(15, 16))
        assert list(refused.value.message_dict) == ["room"]
    known = {"booking": booking, "day": tomorrow(), "starts": time(13), "ends": time(14), "by": mara}
    with pytest.raises(ValidationError):
        actions.change_booking(room=free, version=1, **known)
    assert actions.change_booking(room=room, version=1, **known).time == "13–14 Uhr"


@pytest.mark.django_db
def test_rooms_of_a_closed_office_are_not_booked(room, mara, tara):
    Office.objects.filter(pk=room.office_id).update(closed_on=make.today() - timedelta(days=1))
    assert [Room.objects.bookable_by(one).count() for one in (mara, tara)] == [0, 0]


@pytest.mark.django_db
def test_use_by_member_and_room_on_screen_and_as_csv(room, mara, own, share):
    small = make_rooms.room(office=room.office, name="Büro klein")
    own.name = "=Sozialwerk"
    own.save()
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    make_rooms.booking(room=room, day=first, hours=(10, 12), actor=own)
    make_rooms.booking(room=small, day=last, hours=(22, 23), actor=own)
    make_rooms.booking(room=room, day=date(2026, 3, 5), hours=(8, 9))
    actions.cancel_bookings(
        booking=make_rooms.booking(room=room, day=date(2026, 3, 6), actor=own), reason="Ferien", by=mara
    )
    for outside in (first - timedelta(days=1), last + timedelta(days=1)):
        make_rooms.booking(room=room, day=outside)
    client, period = make.client_of(mara), {"first": first, "last": last}
    rows = client.get(url("room_usage", room.office_id), period).context["rows"]
    assert [(row.name, [value for _, value in row.named], row.total, row.count, row.cancelled) for row in rows] == [
        ("=Sozialwerk", [1, 2], 3, 2, 1), ("Quartiersmanagement", [0, 1], 1, 1, 0), ("Alle", [1, 3], 4, 3, 1),
    ]  # fmt: skip
    answer = client.get(url("room_usage_csv", room.office_id), period)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text), delimiter=";"))[:2] == [
        ["Wer", "Büro klein (Stunden)", "Saal (Stunden)", "Stunden", "Buchungen", "Absagen"],
        ["'=Sozialwerk", "1,00", "2,00", "3,00", "2", "1"],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"first": "2026-03-31", "last": "2026-03-01"}, {"first": "kaputt"}])
def test_a_period_that_makes_no_sense_is_told(query, room, mara):
    client = make.client_of(mara)
    assert client.get(url("room_usage", room.office_id), query).status_code == 422
    assert client.get(url("room_usage_csv", room.office_id), query).status_code == 303


@pytest.mark.django_db
def test_rights_are_asked_anew_when_the_role_ends(room, tara):
    tara.memberships.update(valid_to=make.today() - timedelta(days=1))
    assert Room.objects.visible_to(User.objects.get(pk=tara.pk)).count() == 0


SIZES = [("seats", "32767"), ("seats", "0"), ("seats", "1" + "0" * 30), ("size", "99999")]


@pytest.mark.parametrize(("field", "typed"), SIZES)
def test_a_room_is_as_large_as_a_room_can_be(client_of, mara, field, typed):
    answer = client_of(mara).post(url("room_new", mara.office_id), {"name": "Saal", field: typed})
    unit = "1000 (Plätze)" if field == "seats" else "5000 (m²)"
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [f"Bitte eine Zahl von 1 bis {unit} oder das Feld leer lassen."]
