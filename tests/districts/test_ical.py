"""The calendar of an office as RFC 5545 wants it: lines, escaping, moments in UTC, stable identifiers."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.ical import Event, calendar, escaped, folded
from tests import make

pytestmark = pytest.mark.django_db


def lines_of(content: bytes) -> list[str]:
    """Content lines, unfolded; every piece must be short and whole."""
    assert content.endswith(b"\r\n")
    for piece in content.split(b"\r\n"):
        assert len(piece) <= 75
        piece.decode()
        assert b"\n" not in piece
        assert b"\r" not in piece
    return content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def events_of(content: bytes) -> list[dict[str, str]]:
    """The events by property."""
    found, lines = [], lines_of(content)
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line not in ("END:VEVENT", "END:VCALENDAR"):
            name, _, value = line.partition(":")
            assert name not in found[-1]
            found[-1][name] = value
    assert all({"UID", "DTSTAMP"} <= set(event) for event in found)
    assert len({event["UID"] for event in found}) == len(found)
    return found


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match.group(1) == "n" else match.group(1), value)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=200))
def test_any_text_comes_back_from_its_folded_and_escaped_line(text):
    content = folded(f"SUMMARY:{escaped(text)}")
    assert unescaped(lines_of(content)[0].removeprefix("SUMMARY:")) == text


def test_a_line_break_of_any_system_is_escaped():
    assert escaped("a\r\nb\rc\nd") == r"a\nb\nc\nd"
    assert escaped("1; 2, 3\\") == r"1\; 2\, 3\\"


def test_whole_days_end_on_the_day_after():
    day = date(2026, 12, 24)
    content = calendar(
        name="Büro", url="https://stadt.example/buero/1/", stamp=datetime(2026, 1, 1, tzinfo=UTC),
        events=[Event("a@b", day, date(2026, 12, 31), "geschlossen")],
    )  # fmt: skip
    (event,) = events_of(content)
    assert event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"] == ("20261224", "20270101")


@pytest.fixture
def office(ost, settings):
    settings.PUBLIC_URL = "https://quartier.stadt.example"
    office = make.office(
        name="Stadtteilbüro Ost", districts=[ost], street="Reichsweg 30", postcode="52068", city="Aachen"
    )
    return office


def fetch(office, **headers):
    return make.client_of(None).get(reverse("districts:office_calendar", args=[office.pk]), headers=headers)


def test_hours_of_summer_and_winter_are_given_in_utc(office, monkeypatch):
    make.slot(office=office, weekday=2, starts="10:00", ends="12:00")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 10, 20))
    starts = [event["DTSTART"] for event in events_of(fetch(office).content)]
    assert {"20261021T080000Z", "20261028T090000Z"} <= set(starts)


def test_a_closed_day_a_holiday_and_an_extra_hour(office, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 12, 1))
    make.slot(office=office, weekday=4, starts="10:00", ends="12:00", room="Gruppenraum", language="Türkisch")
    make.exception(office=office, first_day=date(2026, 12, 4), reason="Betriebsausflug")
    extra = {"change": "extra", "starts": "18:00", "ends": "20:00", "kind": "open", "reason": "Abend; mit Musik"}
    make.exception(office=office, first_day=date(2026, 12, 7), **extra)
    events = events_of(fetch(office).content)
    days = {event.get("DTSTART", event.get("DTSTART;VALUE=DATE")): event for event in events}
    assert "20261204T090000Z" not in days
    assert "20261225T090000Z" not in days
    assert days["20261204"]["SUMMARY"] == "Stadtteilbüro Ost geschlossen: Betriebsausflug"
    assert days["20261225"]["SUMMARY"] == "Stadtteilbüro Ost geschlossen: Erster Weihnachtstag"
    assert days["20261207T170000Z"]["SUMMARY"] == r"Öffnungszeit\, Abend\; mit Musik – Stadtteilbüro Ost"
    usual = days["20261211T090000Z"]
    assert usual["LOCATION"] == r"Gruppenraum\, Reichsweg 30\, 52068 Aachen"
    assert usual["DESCRIPTION"] == "Sprachen: Türkisch"


def test_two_reasons_to_close_on_one_day_are_two_events(office):
    for reason in ("Umzug", "Betriebsausflug"):
        make.exception(office=office, first_day=make.today(), reason=reason)
    found = events_of(fetch(office).content)
    assert (len(found), len({event["UID"] for event in found})) == (2, 2)


def test_identifiers_stay_when_the_hours_change(office):
    slot = make.slot(office=office)
    before = {event["UID"] for event in events_of(fetch(office).content)}
    slot.ends = "13:00"
    slot.save()
    after = {event["UID"] for event in events_of(fetch(office).content)}
    assert before == after != set()
    assert all(uid.endswith("@quartier.stadt.example") for uid in before)


def test_who_has_it_already_gets_it_only_when_it_has_changed(office):
    slot = make.slot(office=office)
    first = fetch(office)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    known = {"If-None-Match": first.headers["ETag"]}
    again = fetch(office, **known)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    slot.delete()
    assert fetch(office, **known).status_code == 200


def test_the_window_goes_from_four_weeks_ago_to_half_a_year(office):
    make.slot(office=office, weekday=make.today().weekday())
    starts = [event["DTSTART"][:8] for event in events_of(fetch(office).content) if "DTSTART" in event]
    assert starts[0] >= f"{make.today() - timedelta(days=28):%Y%m%d}"
    assert starts[-1] < f"{make.today() + timedelta(days=182):%Y%m%d}"


@pytest.mark.parametrize("extra", [0, 6])
def test_it_costs_the_same_for_few_and_many(extra, django_assert_num_queries, office):
    for n in range(extra + 1):
        make.slot(office=office, weekday=n % 5, topic=f"Thema {n}")
        make.exception(office=office, reason=f"Grund {n}")
    with django_assert_num_queries(3):
        assert fetch(office).status_code == 200
