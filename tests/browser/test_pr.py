"""Public relations with a real browser: two people and one text, and the plan on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import make, make_pr
from tests.browser.conftest import axe, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_first_words_to_the_day_it_appears(visit, mara, rita, ost):
    office = mara.office
    office.street = "Hauptweg 1"
    office.save()
    page = visit(mara, reverse("projects:pr_item_new"))
    page.locator("#id_title").fill("Platz geräumt")
    page.locator("#id_kind").select_option("press_text")
    page.locator("#id_text").fill("Vierzig Säcke.")
    page.get_by_label("Angaben des Stadtteilbüros").select_option(f"{office.pk}-address")
    page.get_by_role("button", name="In den Text einfügen").click()
    expect(page.locator("#id_text")).to_have_value("Vierzig Säcke.\n\nStadtteilbüro Ost\nHauptweg 1")
    page.get_by_label("Aachen-Ost").check()
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.wait_for_url(re.compile(r"/oeffentlichkeitsarbeit/\d+/$"))
    page.get_by_role("button", name="Zur Freigabe einreichen").click()
    expect(page.locator("main")).to_contain_text("zur Freigabe")

    press = visit(rita, "/")
    press.wait_for_url("**/oeffentlichkeitsarbeit/freigabe/")
    press.get_by_role("link", name="Platz geräumt").click()
    approve = press.get_by_role("button", name="Freigeben")
    approve.focus()
    press.keyboard.press("Enter")
    expect(press.get_by_role("heading", name="Ihre Entscheidung")).to_have_count(0)
    expect(press.locator("main")).to_contain_text("freigegeben")
    assert axe(press) == []

    page.reload()
    page.get_by_role("link", name="Als veröffentlicht festhalten").click()
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url(re.compile(r"/oeffentlichkeitsarbeit/\d+/$"))
    expect(page.get_by_text("Erschienen", exact=True)).to_be_visible()
    assert axe(page) == []


def test_the_plan_of_a_month_on_a_phone(visit, mara, ost):
    make_pr.item(
        by=mara, districts=[ost], title="Donaudampfschifffahrtsgesellschaftskapitänsversammlung" * 2,
        publish_on=make.today(),
    )  # fmt: skip
    make_pr.event(district=ost, title="Fest")
    page = visit(mara, reverse("projects:pr_plan"), width=390)
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    entries = page.get_by_role("region", name="Als Liste").get_by_role("listitem")
    expect(entries).to_have_count(2)
    page.get_by_role("link", name="Nächster Monat").click()
    expect(page.get_by_text("In diesem Monat ist nichts geplant.")).to_be_visible()
