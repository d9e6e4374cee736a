"""Capturing in a real browser: with the keyboard, on a phone, without JavaScript, without connection, signed out."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern, Draft, HeldPhoto
from tests import make

from .conftest import at_rest, axe, eventually, follow, has_sideways_scroll

URL = reverse("concerns:capture")
SAVED = "**/anliegen/2*/"
SQUARE = {"type": "Polygon", "coordinates": [[[6.0, 50.7], [6.2, 50.7], [6.2, 50.8], [6.0, 50.8]]]}


@pytest.fixture
def litter(stadtbetrieb):
    topic = make.topic(name="Wilder Müll", keywords="Matratze, Sperrmüll")
    make.rule(topic=topic, department=stadtbetrieb)
    return topic


def fill_in(page, litter):
    page.fill("#id_text", "Am Container liegen Matratzen.")
    page.select_option("#id_topic", str(litter.pk))
    page.fill("#id_person-0-name", "Geheimname Probst")
    page.fill("#id_person-0-phone", "0241 987654")
    page.check("#id_person-0-consent_store")


class Keys:
    """A keyboard that counts: nobody needs a second for a key, whatever the machine does meanwhile."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def tab_to(self, id_, values=()):
        """Press Tab until the field is reached, filling in what lies on the way."""
        for _ in range(30):
            self.press("Tab")
            focus = self.page.evaluate("document.activeElement.id")
            if focus == id_:
                return
            self.type(dict(values).get(focus, ""))
        raise AssertionError(f"{id_} is not reached with Tab")


def test_with_the_keyboard_alone_in_less_than_a_minute(visit, mara, litter):
    page = visit(mara, "/profil/")
    keys = Keys(page)
    with page.expect_navigation(url=f"**{URL}"):
        keys.press("n")
    expect(page.locator("#id_text")).to_be_focused()
    keys.type("Am Container liegen Matratzen.")
    keys.tab_to("id_place")
    keys.type("Scheibenstraße 12")
    expect(page.get_by_role("button", name="Wilder Müll")).to_be_visible()
    at_rest(page)
    keys.tab_to("id_topic")
    keys.type("Wilder")
    values = {"id_person-0-name": "Geheimname Probst", "id_person-0-phone": "0241 987654"}
    keys.tab_to("id_person-0-consent_store", values)
    keys.press("Space")
    keys.press("Control+Enter")
    page.wait_for_url(SAVED)
    assert keys.pressed < 120  # two keys a second
    concern = Concern.objects.get()
    assert (concern.topic, concern.place, concern.reporters.get().phone) == (litter, "Scheibenstraße 12", "0241 987654")


def test_looks_ahead_while_typing_and_takes_a_chip(visit, mara, litter):
    page = visit(mara, URL)
    page.fill("#id_text", "Am Container liegen Matratzen.")
    page.get_by_role("button", name="Wilder Müll").click()
    expect(page.locator("#id_topic")).to_be_focused()
    expect(page.locator("#id_topic")).to_have_value(str(litter.pk))
    page.get_by_text("Geht an E 18 Aachener Stadtbetrieb – weil Thema „Wilder Müll“").wait_for()
    assert axe(page) == []


def test_forwards_what_was_shown(visit, mara, litter, stadtbetrieb):
    page = visit(mara, URL)
    fill_in(page, litter)
    page.locator("input[name=suggested]").wait_for(state="attached")
    at_rest(page)
    page.get_by_role("button", name="Speichern und weiterleiten").click()
    page.wait_for_url(SAVED)
    assert Concern.objects.get().routings.get().department == stadtbetrieb


def test_the_map_sets_the_district(visit, mara, ost, preuswald, paul, litter):
    preuswald.boundary = SQUARE
    preuswald.save()
    page = visit(mara, URL)
    page.get_by_text("Auf der Karte zeigen").click()
    page.locator("path.q-area").wait_for()
    page.locator(".q-map").click()
    page.get_by_text("Das Quartier ist nach der Karte gesetzt.").wait_for()
    expect(page.locator("#id_district")).to_have_value(str(preuswald.pk))
    page.get_by_text("zuständig wird Paul Esser").wait_for()
    assert float(page.input_value("#id_lat")) == pytest.approx(50.75, abs=0.01)
    assert axe(page) == []


def test_on_a_phone(phone, mara, litter, tmp_path):
    page = phone(mara, URL)
    picture = tmp_path / "bild.jpg"
    picture.write_bytes(make.picture(size=(300, 200)))
    page.set_input_files("#id_photos", picture)
    page.get_by_role("button", name=re.compile("Entfernen.*bild.jpg")).wait_for()
    page.get_by_role("button", name="Weitere Person").click()
    expect(page.locator("#id_person-1-kind")).to_be_focused()
    page.select_option("#id_person-1-kind", "anonymous")
    fill_in(page, litter)
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url(SAVED)
    concern = Concern.objects.get()
    assert (concern.photos.count(), concern.reporters.count(), HeldPhoto.objects.count()) == (1, 2, 0)


def test_without_javascript(visit, mara, litter, stadtbetrieb):
    page = visit(mara, URL, javascript=False)
    page.fill("#id_text", "Am Container liegen Matratzen.")
    follow(page.get_by_role("button", name="Prüfen"))
    follow(page.get_by_role("button", name="Wilder Müll"))
    expect(page.locator("#id_topic")).to_have_value(str(litter.pk))
    follow(page.get_by_role("button", name="Weitere Person"))
    follow(page.get_by_role("button", name="Person 2 entfernen"))
    fill_in(page, litter)
    page.get_by_role("button", name="Speichern und weiterleiten").click()
    page.wait_for_url(SAVED)
    assert Concern.objects.get().routings.get().department == stadtbetrieb


def test_the_draft_survives_a_lost_connection(visit, mara, problems):
    page = visit(mara, URL)
    page.context.set_offline(True)
    page.fill("#id_text", "Ohne Netz getippt")
    page.get_by_text("Keine Verbindung").first.wait_for()
    page.context.set_offline(False)
    page.locator("#id_place").press_sequentially("Park")
    page.get_by_text("Entwurf gespeichert").wait_for()
    eventually(lambda: Draft.objects.get().data["place"], ["Park"])
    assert Draft.objects.get().data["text"] == ["Ohne Netz getippt"]
    again = visit(mara, URL)
    problems.clear()  # the browser complains about the missing connection
    expect(again.locator("#id_text")).to_have_value("Ohne Netz getippt")
    expect(again.locator("#id_place")).to_have_value("Park")
    stored = again.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert ("getippt" in stored, "Park" in stored) == (False, False)
    again.get_by_role("button", name="Entwurf verwerfen").click()
    again.get_by_text("Entwurf verworfen.").wait_for()
    expect(again.locator("#id_text")).to_have_value("")


def test_nothing_is_lost_when_the_session_is_over(visit, mara, litter):
    page = visit(mara, URL)
    fill_in(page, litter)
    page.get_by_text("Entwurf gespeichert").wait_for()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.get_by_text("Ihre Sitzung ist abgelaufen").wait_for()
    expect(page.locator("#id_text")).to_have_value("Am Container liegen Matratzen.")


def test_signed_out_without_javascript_it_waits_behind_the_sign_in(visit, mara, litter):
    page = visit(mara, URL, javascript=False)
    fill_in(page, litter)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.fill("input[name=login]", mara.email)
    page.fill("input[name=password]", make.PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(f"**{URL}")
    expect(page.locator("#id_person-0-phone")).to_have_value("0241 987654")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url(SAVED)
    assert Concern.objects.get().reporters.get().name == "Geheimname Probst"


def test_pressing_twice_logs_once(visit, mara, litter):
    page = visit(mara, URL, javascript=False)
    fill_in(page, litter)
    page.get_by_role("button", name="Speichern", exact=True).dblclick()
    page.wait_for_url(SAVED)
    assert Concern.objects.count() == 1
