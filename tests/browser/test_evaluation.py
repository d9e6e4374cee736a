"""The evaluation in the browser: choose, follow a number, come back; keyboard, phone, without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern
from tests import make
from tests.browser.conftest import axe, eventually, follow, has_sideways_scroll
from tests.concerns import loop

PAGE = reverse("reports:evaluation")


@pytest.fixture
def concerns(ost, mara, preuswald, paul, stadtbetrieb, umwelt, transactional_db):
    """Nine concerns of this year and two of the last one; four went to the Stadtbetrieb."""
    topics = [make.topic(name=name) for name in ("Wilder Müll", "Ruhebank", "Beleuchtung, Ampeln und Verkehrszeichen")]
    for n in range(4):
        loop.closed(mara, stadtbetrieb, topic=topics[n % 2], place="Elsassplatz")
    for n in range(5):
        loop.log(paul, topic=topics[n % 3])
    for concern in (loop.closed(mara, umwelt, topic=topics[0]), loop.log(mara, topic=topics[1])):
        Concern.objects.filter(pk=concern.pk).update(
            received_on=make.today().replace(year=make.today().year - 1, day=1)
        )


def shows(page, received: int) -> None:
    """Wait until the page says above all figures that so many came in."""
    expect(page.locator(".q-keyfigures__value").first).to_have_text(str(received))


@pytest.mark.parametrize("javascript", [True, False])
def test_another_period_a_number_its_list_and_back(visit, silke, concerns, javascript):
    page = visit(silke, PAGE, javascript=javascript)
    shows(page, 9)
    if javascript:
        page.evaluate("document.body.dataset.here = 'still'")
    page.get_by_label("Jahr", exact=True).select_option(str(make.today().year - 1))
    page.get_by_label("Vergleich mit").select_option("none")
    page.get_by_role("button", name="Anzeigen").click()
    page.get_by_text(f"Jahr {make.today().year - 1}", exact=True).wait_for()
    shows(page, 2)
    expect(page).to_have_url(re.compile(rf"\?span=year&year={make.today().year - 1}&.*compare=none"))
    if javascript:  # only a part of the page was replaced
        assert page.evaluate("document.body.dataset.here") == "still"
        expect(page.locator("#show")).to_be_focused()
    follow(page.get_by_role("link", name="1 – Wilder Müll: Anliegen", exact=True))
    expect(page.locator(".q-count")).to_have_text(re.compile("^1 Anliegen"))
    expect(page.locator(".q-concerns tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.get_by_text(f"Jahr {make.today().year - 1}", exact=True)).to_be_visible()
    shows(page, 2)
    page.go_back()
    shows(page, 9)


def test_districts_are_chosen_shown_and_taken_away(visit, silke, concerns):
    page = visit(silke, PAGE)
    page.get_by_text("Quartiere: alle").click()
    page.get_by_role("checkbox", name="Preuswald").check()
    page.get_by_role("button", name="Anzeigen").click()
    page.get_by_role("heading", name="Preuswald", exact=True).wait_for()
    shows(page, 5)
    page.get_by_role("link", name="Entfernen: Preuswald").click()
    page.get_by_role("heading", name="Gesamtstadt").wait_for()
    shows(page, 9)


def test_a_quick_link_marks_itself(visit, silke, concerns):
    page = visit(silke, PAGE)
    page.get_by_role("link", name="Letztes Jahr").click()
    shows(page, 2)
    expect(page.get_by_role("link", name="Letztes Jahr")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="Letztes Jahr")).to_be_focused()  # the next key goes on from there
    expect(page.get_by_role("link", name="Dieses Jahr")).not_to_have_attribute("aria-current", re.compile(""))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_wrong_period_says_so_and_keeps_what_was_typed(visit, silke, concerns, javascript):
    page = visit(silke, PAGE, javascript=javascript)
    page.get_by_label("Zeitraum", exact=True).select_option("free")
    page.get_by_label("Von", exact=True).fill("2025-05-02")
    page.get_by_label("Bis", exact=True).fill("2025-05-01")
    page.get_by_role("button", name="Anzeigen").click()
    page.locator("#id_until-error").get_by_text("„Bis“ liegt vor „Von“.").wait_for()
    expect(page.get_by_label("Von", exact=True)).to_have_value("2025-05-02")
    expect(page.get_by_label("Bis", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.locator("table")).to_have_count(0)
    assert axe(page) == [] if javascript else True
    page.get_by_label("Bis", exact=True).fill("2025-05-31")
    page.get_by_role("button", name="Anzeigen").click()
    page.get_by_text("02.05.2025 bis 31.05.2025", exact=False).first.wait_for()
    expect(page.locator("#id_until-error")).to_have_count(0)


def test_the_keyboard_is_enough(visit, silke, concerns):
    page = visit(silke, PAGE)
    page.get_by_label("Jahr", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shows(page, 2)
    page.get_by_role("link", name="Was daraus wurde").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".q-chapter:focus-within h2")).to_have_text("Was daraus wurde")


def test_the_evaluation_is_accessible_and_fits_a_phone(visit, phone, silke, mara, ost, concerns):
    for number in range(3):
        indicator = make.indicator(name=f"Anteil der Haushalte mit Transferleistungen {number}")
        make.indicator_value(indicator=indicator)
        make.indicator_value(indicator=indicator, district=ost)
    for page in (
        visit(silke, PAGE),
        visit(silke, f"{PAGE}?span=year", color_scheme="dark"),
        visit(mara, PAGE, forced_colors="active"),
    ):
        for folded in page.locator("#evaluation details > summary").all():
            folded.click()
        assert axe(page) == []
        assert not has_sideways_scroll(page)
    narrow = phone(silke, PAGE)
    assert axe(narrow) == []
    assert not has_sideways_scroll(narrow)
    narrow.set_viewport_size({"width": 320, "height": 640})
    assert axe(narrow) == []
    assert not has_sideways_scroll(narrow)


def test_wide_tables_scroll_by_themselves_and_with_keys(phone, silke, concerns):
    page = phone(silke, PAGE)
    region = page.get_by_role("region", name="Fachbereiche Weiterleitungen je Fachbereich")
    assert region.evaluate("part => part.scrollWidth > part.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    eventually(lambda: region.evaluate("part => part.scrollLeft > 0"), True)


def test_an_empty_district_and_a_city_that_is_being_counted(visit, silke, concerns, monkeypatch):
    empty = make.district(name="Neuland")
    page = visit(silke, f"{PAGE}?district={empty.pk}")
    expect(page.get_by_text("kein Anliegen eingegangen")).to_be_visible()
    assert axe(page) == []
    monkeypatch.setattr("reports.sums.count_anew.__kwdefaults__", {"at_most": 0})
    Concern.objects.update(channel="letter")
    page.goto(f"{PAGE}?span=year&year={make.today().year - 1}")
    page.get_by_text("Die Zahlen werden gerade neu gezählt.").wait_for()
    assert axe(page) == []
    steps = page.evaluate("history.length")
    monkeypatch.setattr("reports.sums.count_anew.__kwdefaults__", {"at_most": 1000})
    page.locator(".q-keyfigures").wait_for()
    shows(page, 2)
    assert page.evaluate("history.length") == steps
