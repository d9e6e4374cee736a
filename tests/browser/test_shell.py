"""The design system in a real browser: accessible everywhere, usable by keyboard, loses no text."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import axe, follow, has_sideways_scroll
from tests.web.conftest import samples  # noqa: F401

pytestmark = pytest.mark.usefixtures("samples")
PAGES = ["liste", "formular", "teile", "karte"]
LOOKS = [
    {"width": 1280},
    {"width": 390},
    {"width": 1280, "color_scheme": "dark"},
    {"width": 1280, "forced_colors": "active"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["wide", "phone", "dark", "forced"])
def test_every_part_is_accessible_and_fits(visit, mara, look):
    page = visit(mara, reduced_motion="reduce", **look)
    for name in PAGES:
        page.goto(f"/muster/{name}/")
        assert (name, axe(page), has_sideways_scroll(page)) == (name, [], False)


def test_a_form_with_errors_is_accessible_and_has_the_focus_on_its_errors(visit, mara):
    page = visit(mara, "/muster/formular/")
    page.get_by_label("Was ist los?").fill("Müll")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.locator(".q-errors").wait_for()
    expect(page.locator(".q-errors")).to_be_focused()
    expect(page.get_by_label("Was ist los?")).to_have_value("Müll")
    assert axe(page) == []


def test_table_rows_stay_dense(visit, mara):
    page = visit(mara, "/muster/liste/")
    heights = page.evaluate("[...document.querySelectorAll('.q-table tbody tr')].map((row) => row.offsetHeight)")
    assert len(heights) == 6
    assert [height for height in heights if height > 40] == []


def test_keys_lead_to_search_lists_and_the_list_of_keys(visit, mara):
    page = visit(mara, "/muster/liste/")
    page.keyboard.press("/")
    page.keyboard.type("n/?")
    expect(page.locator("#global-search")).to_have_value("n/?")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_have_text("2026-00000")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tastenkürzel")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Einzelne Tasten auf diesem Gerät ausschalten").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Tastenkürzel")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tastenkürzel")).to_be_hidden()


def test_n_leads_to_a_new_concern(visit, mara):
    page = visit(mara, "/muster/karte/")
    page.keyboard.press("n")
    page.wait_for_url("**/muster/formular/")


def test_a_filter_replaces_the_list_and_back_brings_it_again(visit, mara):
    page = visit(mara, "/muster/liste/")
    rows = page.locator(".q-table tbody tr")
    page.get_by_label("Anzahl").fill("2")
    page.get_by_label("Anzahl").press("Enter")
    page.wait_for_url("**size=2**")
    expect(rows).to_have_count(2)
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.q-table tbody tr').length === 6")
    assert page.evaluate("Object.values(sessionStorage).join().includes('Sperrmüll')") is False


def test_ticking_all_counts_all(visit, mara):
    page = visit(mara, "/muster/liste/")
    page.get_by_label("Alle auswählen").check()
    expect(page.locator("[data-count-of]")).to_have_text("6")


def test_dependent_fields_and_the_counter(visit, mara):
    page = visit(mara, "/muster/formular/")
    mail = page.get_by_label("E-Mail-Adresse")
    expect(mail).to_be_hidden()
    page.get_by_label("E-Mail", exact=True).check()
    expect(mail).to_be_visible()
    page.get_by_label("Was ist los?").fill("Hallo")
    expect(page.locator(".q-counter")).to_have_text("Noch 495 Zeichen")


def test_a_draft_is_saved_while_typing(visit, mara):
    page = visit(mara, "/muster/formular/")
    page.get_by_label("Was ist los?").fill("abc")
    page.locator("[data-autosave-status]", has_text="Entwurf gespeichert").wait_for()
    expect(page.locator("[name=draft]")).to_have_value("cba")


def test_an_expired_session_loses_no_text_and_the_page_goes_on_after_signing_in_again(visit, mara, problems):
    page = visit(mara, "/muster/formular/")
    page.get_by_label("Was ist los?").fill("Sehr viel Text")
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    page.locator("#notice", has_text="Ihre Sitzung ist abgelaufen").wait_for()
    link = page.locator("#notice a")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/konto/login/?next=/", "_blank")
    expect(page.get_by_label("Was ist los?")).to_have_value("Sehr viel Text")
    # Signing in anew changes the session and the token of every form.
    page.context.add_cookies([cookie for cookie in kept if cookie["name"] != "csrftoken"])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("#notice", has_text="wieder angemeldet").wait_for()
    page.keyboard.press("Control+Enter")
    page.locator(".q-errors").wait_for()
    expect(page.get_by_label("Was ist los?")).to_have_value("Sehr viel Text")
    page.close()
    problems.clear()


def test_a_lost_connection_keeps_the_form_and_says_so(visit, mara, problems):
    page = visit(mara, "/muster/formular/")
    page.context.set_offline(True)
    page.get_by_label("Was ist los?").fill("Sehr viel Text")
    page.keyboard.press("Control+Enter")
    page.locator("#notice", has_text="Keine Verbindung").wait_for()
    expect(page.get_by_label("Was ist los?")).to_have_value("Sehr viel Text")
    page.locator("[data-autosave-status]", has_text="Keine Verbindung – wir versuchen es weiter").wait_for()
    page.context.set_offline(False)
    page.close()
    problems.clear()


def test_a_background_request_without_session_changes_nothing_on_the_page(visit, mara, problems):
    page = visit(mara, "/muster/liste/")
    page.context.clear_cookies()
    page.get_by_label("Anzahl").fill("2")
    page.get_by_label("Anzahl").press("Enter")
    page.locator("#notice", has_text="Ihre Sitzung ist abgelaufen").wait_for()
    expect(page.locator(".q-table tbody tr")).to_have_count(6)
    page.close()
    problems.clear()


def test_a_dialog_opens_closes_and_gives_the_focus_back(visit, mara):
    page = visit(mara, "/muster/teile/")
    page.get_by_role("link", name="Löschen").click()
    expect(page.get_by_role("dialog", name="Anliegen löschen?")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(":focus")).to_have_text("Löschen")


def test_a_message_stays_until_it_is_closed_or_taken_back(visit, mara):
    page = visit(mara, "/muster/teile/")
    expect(page.locator(".q-toast")).to_have_count(2)
    page.get_by_role("button", name="Meldung schließen").last.click()
    expect(page.locator(".q-toast")).to_have_count(1)
    page.get_by_role("button", name="Rückgängig").click()
    page.wait_for_url("**/muster/liste/")
    expect(page.locator(".q-toast__text")).to_have_text("Zurückgenommen.")


def test_the_map_fills_the_fields_and_shows_names_as_text(visit, mara):
    where = {"geolocation": {"latitude": 50.76, "longitude": 6.04}, "permissions": ["geolocation"]}
    page = visit(mara, "/muster/karte/", reduced_motion="reduce", **where)
    page.locator(".leaflet-marker-icon").first.click()
    page.locator(".leaflet-popup-content").get_by_text("<b>2026-00001</b>", exact=True).wait_for()
    expect(page.get_by_role("button", name="Schließen", exact=True)).to_be_visible()
    page.get_by_role("button", name="Mein Standort").click()
    page.wait_for_function("document.getElementById('id_lat').value === '50.760000'")
    page.locator(".q-map").click(position={"x": 200, "y": 150})
    expect(page.get_by_label("Quartier", exact=True)).to_have_value("7")
    expect(page.get_by_label("Breite")).not_to_have_value("50.760000")


def test_without_scripts_menu_dialogs_and_dependent_fields_still_work(visit, mara):
    page = visit(mara, "/muster/formular/", javascript=False, width=390)
    expect(page.get_by_label("E-Mail-Adresse")).to_be_visible()
    page.goto("/muster/teile/")
    expect(page.locator("[data-toast-close]").first).to_be_hidden()
    follow(page.get_by_role("link", name="Löschen"))
    expect(page).to_have_url(re.compile("/muster/formular/$"))
    page.get_by_label("Was ist los?").fill("Müll")
    follow(page.get_by_role("button", name="Speichern", exact=True))
    expect(page.get_by_label("Was ist los?")).to_have_value("Müll")
    expect(page.locator(".q-errors a")).to_have_count(4)


def test_the_compact_menu_opens_by_keyboard_and_closes_with_escape(phone, mara):
    page = phone(mara, "/muster/liste/")
    menu = page.get_by_role("navigation", name="Hauptmenü (kompakt)")
    page.locator(".q-menu--nav summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
