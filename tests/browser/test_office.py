"""The hours of an office in a browser: entered by keyboard, seen at once, without scripts too, on phones."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from districts.models import OpeningException, OpeningSlot
from tests import make
from tests.browser.conftest import axe, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


@pytest.fixture
def office(mara):
    """An office with everything that its pages can show."""
    office = mara.office
    office.street, office.phone, office.email = "Reichsweg 30", "0241 432-0", "ost@stadt.example"
    office.accessibility, office.hours_note = "Eingang ohne Stufen.", "und nach Vereinbarung"
    office.save()
    mara.task, mara.languages, mara.is_shown = "Quartiersmanagerin", "Deutsch, Türkisch", True
    mara.save()
    make.slot(office=office)
    make.slot(office=office, weekday=4, kind="consultation", anchor=date(2026, 11, 23), needs_appointment=True)
    third = {"kind": "third_party", "topic": "Mieterberatung", "room": "Gruppenraum", "language": "Türkisch"}
    make.slot(office=office, **third)
    make.slot(office=office, kind="meeting", topic="Elterncafé", room="Gruppenraum")
    make.slot(office=office, weekday=1, valid_to=date(2025, 12, 31))
    make.exception(office=office)
    make.exception(office=office, first_day=date(2025, 12, 24), reason="Weihnachtspause")
    return office


def test_hours_are_entered_by_keyboard_and_stand_in_the_plan(visit, mara, office):
    page = visit(mara, url("office_page", office.pk))
    for link in ("Öffnungszeiten pflegen", "Zeit eintragen"):
        page.get_by_role("link", name=link).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.get_by_label("Art").and_(page.locator("select")).select_option(label="Treff")
    page.get_by_label("Thema").fill("Chor im Hof")
    page.get_by_label("Wochentag").select_option(label="Donnerstag")
    page.get_by_label("Von", exact=False).first.fill("18:00")
    page.get_by_label("Bis", exact=False).first.fill("19:30")
    anchor = page.get_by_label("Ein Tag der Woche")
    expect(anchor).to_be_hidden()
    page.get_by_label("alle zwei Wochen").check()
    expect(anchor).to_be_visible()
    page.get_by_label("jede Woche").check()
    page.get_by_label("Thema").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{url('office_hours', office.pk)}")
    expect(page.get_by_role("cell", name="Donnerstag 18:00–19:30 Uhr", exact=True)).to_be_visible()
    slot = OpeningSlot.objects.get(topic="Chor im Hof")
    assert (slot.weekday, slot.anchor) == (3, None)
    page.goto(url("office_page", office.pk))
    expect(page.locator(".o-day", has_text="Donnerstag").get_by_text("Chor im Hof")).to_be_visible()


def test_the_weeks_are_turned_in_place_and_the_focus_stays(visit, mara, office):
    page = visit(mara, url("office_page", office.pk))
    before = page.locator(".o-week__title").inner_text()
    page.locator("#week-after").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('.o-week__title').innerText !== before", arg=before)
    expect(page).to_have_url(re.compile("woche="))
    expect(page.locator("#week-after")).to_be_focused()
    page.get_by_role("link", name="Diese Woche").click()
    page.wait_for_function("before => document.querySelector('.o-week__title').innerText === before", arg=before)
    page.go_back()
    page.wait_for_function("before => document.querySelector('.o-week__title').innerText !== before", arg=before)


def test_without_scripts_too(visit, mara, office):
    page = visit(mara, url("office_page", office.pk), javascript=False)
    before = page.locator(".o-week__title").inner_text()
    follow(page.get_by_role("link", name="Nächste Woche"))
    expect(page.locator(".o-week__title")).not_to_have_text(before)
    page.goto(url("exception_new", office.pk))
    page.get_by_label("zusätzlich geöffnet").check()
    page.locator("#id_first_day").fill("2027-05-13")
    page.get_by_label("Art").and_(page.locator("select")).select_option(label="Öffnungszeit")
    page.locator("#id_starts").fill("18:00")
    page.locator("#id_ends").fill("20:00")
    page.get_by_label("Grund oder Anlass").fill("Sommerfest")
    follow(page.get_by_role("button", name="Speichern"))
    assert OpeningException.objects.get(reason="Sommerfest").time == "18–20 Uhr"


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_field(visit, mara, office):
    page = visit(mara, url("slot_new", office.pk))
    page.get_by_label("Art").and_(page.locator("select")).select_option(label="Beratung durch Dritte")
    page.get_by_label("Thema").fill("Rentenberatung")
    page.get_by_role("button", name="Speichern").click()
    page.locator(".q-errors").wait_for()
    expect(page.get_by_label("Thema")).to_have_value("Rentenberatung")
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    page.locator(".q-errors").get_by_role("link", name="Anbieter").click()
    expect(page.locator("#id_provider")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_full_of_rows_have_no_barriers(visit, mara, office, width, scheme):
    page = visit(mara, width=width, color_scheme=scheme, reduced_motion="reduce")
    for path in (
        url("office_page", office.pk), url("office_hours", office.pk), url("office_public", office.pk),
        url("office_list"), url("weekly_hours"), url("slot", office.slots.first().pk),
    ):  # fmt: skip
        page.goto(path)
        page.evaluate("document.querySelectorAll('details:not(.q-menu)').forEach((part) => (part.open = true))")
        assert (path, axe(page), has_sideways_scroll(page)) == (path, [], False)
