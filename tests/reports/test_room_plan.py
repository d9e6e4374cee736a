"""The plan of a room for its door: what everybody may read, in an accessible file (Z05)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from districts.opening import monday_of
from tests import make, make_rooms
from tests.pdf import structure, text

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 12, 2)


@pytest.fixture
def room(mara, tara):
    make_rooms.share(office=mara.office, members=[tara.memberships.get().actor])
    return make_rooms.room(office=mara.office, name="Saal", size=42)


def plan(room, person, **query) -> bytes:
    answer = make.client_of(person).get(reverse("reports:room_plan", args=[room.pk]), query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    return answer.content


def test_it_tells_the_hours_and_only_what_is_meant_for_everybody(room, mara, tara):
    own = tara.memberships.get().actor
    hidden = make_rooms.booking(room=room, day=WEDNESDAY, actor=own)
    make_rooms.booking(room=room, day=WEDNESDAY, hours=(14, 15), actor=own, purpose="Elterncafé", is_shown=True)
    gone = make_rooms.booking(room=room, day=WEDNESDAY, hours=(18, 19), purpose="Abgesagtes", is_shown=True)
    type(gone).objects.filter(pk=gone.pk).update(cancelled_at=gone.at, cancelled_by=mara, cancel_reason="Krank")
    make.slot(office=room.office, weekday=4, room="saal", kind="meeting", topic="Spieletreff")
    for reader in (mara, tara):
        content = plan(room, reader, woche="2026-12-04")
        words = text(content)
        for expected in (
            "Saal", "Woche 49: 30.11. bis 06.12.2026", "10–12 Uhr belegt", f"14–15 Uhr Elterncafé, {own.name}",
            "10–12 Uhr Spieletreff", "Montag 30.11. frei", "42 m²",
        ):  # fmt: skip
            assert expected in words
        assert [one for one in (hidden.purpose, "Abgesagtes", "Krank", "Samstag") if one in words] == []
        assert structure(content) == []


def test_a_weekend_and_a_holiday_and_long_words(room, mara):
    saturday = WEDNESDAY + timedelta(days=24)  # 26 December
    make_rooms.booking(room=room, day=saturday, purpose="W" * 120, is_shown=True)
    content = plan(room, mara, woche=saturday.isoformat())
    assert "Samstag 26.12., " in text(content)
    assert structure(content) == []


@pytest.mark.parametrize("extra", [0, 5])
def test_it_costs_the_same_for_few_and_many(extra, django_assert_num_queries, room, mara):
    for n in range(extra + 1):
        make_rooms.booking(room=room, day=monday_of(WEDNESDAY), hours=(8 + n, 9 + n), actor=make.actor(), is_shown=True)
    client = make.client_of(mara)
    with django_assert_num_queries(9):
        client.get(reverse("reports:room_plan", args=[room.pk]), {"woche": WEDNESDAY})
