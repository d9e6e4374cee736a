"""The concern list in the browser: filter and Back, keys, bulk actions and views with and without scripts, phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern, SavedView
from tests import make
from tests.browser.conftest import at_rest, axe, has_sideways_scroll

LIST = reverse("concerns:list")


@pytest.fixture
def concerns(ost, mara, stadtbetrieb, transactional_db):
    topic = make.topic(name="Beleuchtung, Ampeln und Verkehrszeichen")
    made = [
        make.concern(district=ost, owner=mara, title=title, text=text, topic=topic)
        for title, text in (
            (
                "Spielplatzzustand am Kirchplatz mit sehr langem Titel, der nicht in die Zeile passt",
                "Die Schaukel fehlt.",
            ),
            ("Schlagloch vor der Schule", "Tief."),
            ("Wilder Müll", "Neben den Containern."),
        )
    ]
    make.routing(concern=made[1], department=stadtbetrieb, due_on=make.today() - timedelta(days=2))
    return made


def test_filtering_replaces_the_list_and_back_brings_it_back(visit, mara, concerns):
    page = visit(mara, LIST)
    page.get_by_label("Text, Ort oder Nummer").fill("Schlagloh")
    page.keyboard.press("Enter")
    page.get_by_text("Auch gesucht nach: schlagloch").wait_for()
    expect(page).to_have_url(f"{LIST}?q=Schlagloh")
    at_rest(page)
    page.get_by_label("Stand", exact=True).select_option("new")
    page.get_by_text("Keine Anliegen mit diesem Filter.").wait_for()
    expect(page).to_have_url(f"{LIST}?q=Schlagloh&status=new")
    at_rest(page)
    page.go_back()
    page.get_by_text("Auch gesucht nach: schlagloch").wait_for()
    expect(page.get_by_label("Stand", exact=True)).to_have_value("")
    page.get_by_role("link", name="Filter entfernen: Text, Ort oder Nummer").click()
    page.get_by_text("3 Anliegen").wait_for()


def test_arrow_keys_walk_the_rows_and_enter_opens(visit, mara, concerns):
    page = visit(mara, LIST)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{concerns[1].get_absolute_url()}")


@pytest.mark.parametrize("javascript", [True, False])
def test_several_concerns_change_hands_and_come_back(visit, mara, asli, concerns, javascript):
    page = visit(mara, LIST, javascript=javascript)
    if javascript:
        page.get_by_label("Alle dieser Seite").check()
    else:
        for concern in concerns:
            page.get_by_label(f"{concern.number} auswählen").check()
    page.locator(".q-bulk").get_by_label("Zuständige Person").select_option("Aslı Demir")
    page.get_by_role("button", name="Übertragen").click()
    page.get_by_text("3 Anliegen an Aslı Demir übertragen.").wait_for()
    assert set(Concern.objects.values_list("owner__name", flat=True)) == {"Aslı Demir"}
    page.get_by_role("button", name="Rückgängig").click()
    page.get_by_text("3 Anliegen zurückgesetzt.").wait_for()
    assert set(Concern.objects.values_list("owner__name", flat=True)) == {"Mara Lindt"}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_view_is_kept(visit, mara, concerns, javascript):
    page = visit(mara, f"{LIST}?q=platz", javascript=javascript)
    page.get_by_role("link", name="Ansicht speichern").click()
    page.get_by_label("Name").fill("Plätze")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Plätze").wait_for()
    assert SavedView.objects.get().query == "q=platz"
    expect(page.locator(".q-count").first).to_have_text("1 Anliegen")


def test_the_list_is_accessible_dense_and_fits_a_phone(visit, phone, mara, concerns):
    SavedView.objects.create(user=mara, name="Meine", query="mine=on")
    wide = visit(mara, f"{LIST}?status=open&routing=open")
    assert axe(wide) == []
    assert not has_sideways_scroll(wide)
    heights = wide.evaluate("[...document.querySelectorAll('.q-concerns tbody tr')].map(row => row.offsetHeight)")
    assert max(heights) <= 40
    dark = visit(mara, f"{LIST}?status=erfunden", color_scheme="dark")
    assert axe(dark) == []
    narrow = phone(mara, LIST)
    assert axe(narrow) == []
    assert not has_sideways_scroll(narrow)
    for name in ("views", "view_new"):
        assert axe(visit(mara, reverse(f"concerns:{name}"))) == []
    assert axe(visit(mara, reverse("concerns:view_edit", args=[SavedView.objects.get().pk]))) == []
