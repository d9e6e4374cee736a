"""Shared offices and rooms with a real browser: state in the line, booking by keyboard, without scripts, axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from districts.actions.sharing import assess_share
from districts.models import Booking
from tests import make, make_rooms
from tests.browser.conftest import axe, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


def tomorrow():
    return make.today() + timedelta(days=1)


@pytest.fixture
def own(tara):
    return tara.memberships.get().actor


@pytest.fixture
def share(mara, own):
    """A shared office with everything that its pages can show."""
    long = make.actor(name="Verein für nachbarschaftliche Unterstützung und Begegnung im Osten e. V.")
    made = make_rooms.share(office=mara.office, name="Gemeinsam in Ost", members=[own, long], resources="Teeküche")
    make_rooms.member(share=made, valid_to=make.today() - timedelta(days=9), room_share="ein Schreibtisch")
    assess_share(share=made, on=make.today(), pros="Kurze Wege", cons="Wenig Platz", conclusion="Lohnt sich", by=mara)
    for name in ("Saal", "Beratungszimmer im Hinterhaus"):
        room = make_rooms.room(office=made.office, name=name, size=30, seats=20, equipment=["Beamer"], note="Schlüssel")
        make_rooms.booking(room=room, day=tomorrow(), actor=long)
        make_rooms.booking(room=room, day=tomorrow(), hours=(14, 15), actor=own, is_shown=True, purpose="x" * 120)
    make.slot(office=made.office, room="Saal", kind="meeting", topic="Spieletreff", weekday=tomorrow().weekday())
    return made


def test_the_state_is_set_in_the_line_and_the_page_stays(visit, silke):
    idea = make_rooms.share(status="idea", name="Idee im Süden")
    page = visit(silke, url("shares"))
    page.get_by_label("Neuer Stand von Idee im Süden").select_option(label="angestrebt")
    page.get_by_role("button", name="Setzen").filter(has_text="Idee im Süden").click()
    page.get_by_text("Idee im Süden: angestrebt.").wait_for()
    expect(page.get_by_role("row").filter(has_text="Idee im Süden")).to_contain_text("angestrebt")
    idea.refresh_from_db()
    assert idea.status == "sought"


def test_a_carrier_books_by_keyboard_and_is_told_when_the_room_is_taken(visit, tara, share):
    page = visit(tara, url("carrier"))
    page.get_by_role("link", name="Raumplan").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page.get_by_role("link", name="Raum buchen"))
    page.get_by_label("Raum", exact=False).and_(page.locator("select")).first.select_option(label="Saal")
    page.locator("#id_day").fill(tomorrow().isoformat())
    page.locator("#id_starts").fill("11:00")
    page.locator("#id_ends").fill("13:00")
    page.get_by_label("Wofür").fill("Sprachcafé")
    expect(page.locator("#id_until")).to_be_hidden()
    page.get_by_label("Wofür").press("Control+Enter")
    page.locator(".q-errors").get_by_text("Saal ist schon belegt").wait_for()
    expect(page.get_by_label("Wofür")).to_have_value("Sprachcafé")
    assert axe(page) == []
    page.locator("#id_starts").fill("16:00")
    page.locator("#id_ends").fill("17:30")
    page.get_by_role("button", name="Buchen").click()
    page.get_by_role("link", name="16:00–17:30 Uhr").wait_for()
    assert Booking.objects.filter(purpose="Sprachcafé").count() == 1


def test_without_scripts_too(visit, tara, share, own):
    page = visit(tara, url("booking_new", share.office_id), javascript=False)
    page.locator("#id_day").fill(tomorrow().isoformat())
    page.locator("#id_starts").fill("09:00")
    page.locator("#id_ends").fill("10:00")
    page.get_by_label("Wofür").fill("Sprachcafé")
    page.get_by_label("jede Woche").check()
    page.locator("#id_until").fill((make.today() + timedelta(days=15)).isoformat())
    follow(page.get_by_role("button", name="Buchen"))
    expect(page.get_by_role("heading", name="Raumplan", exact=False)).to_be_visible()
    assert Booking.objects.filter(purpose="Sprachcafé", actor=own).count() == 3


def test_a_slot_asks_only_for_what_belongs_to_its_kind(visit, mara):
    page = visit(mara, url("slot_new", mara.office_id))
    provider, appointment = page.locator("#id_provider"), page.locator("#id_needs_appointment")
    asks = {
        "Öffnungszeit": (False, False),
        "Sprechzeit": (False, True),
        "Beratung durch Dritte": (True, True),
        "Treff": (True, False),
    }
    for kind, (provider_shown, appointment_shown) in asks.items():
        page.get_by_label("Art").and_(page.locator("select")).select_option(label=kind)
        expect(provider).to_be_visible(visible=provider_shown)
        expect(appointment).to_be_visible(visible=appointment_shown)


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, tara, share, own):
    booking = Booking.objects.filter(actor=own).first()
    common = [
        url("shares"),
        share.get_absolute_url(),
        url("rooms"),
        f"{url('room_week', share.office_id)}?woche={tomorrow()}",
    ]
    common += [url("booking_new", share.office_id), booking.get_absolute_url(), url("booking_cancel", booking.pk)]
    pages = {
        mara: [*common, url("share_move", share.pk), url("room_usage", share.office_id), url("closure")],
        tara: [*common[:4], url("carrier"), url("own_actor", own.pk), url("own_actor_edit", own.pk)],
    }
    faults = {}
    for person, paths in pages.items():
        for width, scheme in ((1280, "light"), (390, "dark")):
            page = visit(person, width=width, color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 4000})
            for path in paths if person == tara else [*paths, url("offices_public")]:
                page.goto(path)
                found = axe(page) + ["scrolls sideways"] * has_sideways_scroll(page)
                if found:
                    faults[person.name, width, path] = found
    assert faults == {}
