"""Scenario 12 in a real browser: draft, check, session, notice, as three people; sums while somebody types."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import FundApplication
from tests import make, make_bodies, make_funds
from tests.browser.conftest import axe, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke, name="Stadtteilfonds Ost", rules={"confirm": True})


def test_an_application_goes_from_the_draft_to_the_refusal_that_is_told(visit, asli, mara, silke, fund):
    make.actor(name="Kita Sonnenwinkel", districts=list(fund.districts.all()))
    field = make.action_field(name="Nachbarschaft")

    # The assistant enters a draft; the page adds up while somebody types.
    page = visit(asli, reverse("projects:application_new", args=[fund.pk]))
    page.get_by_label("Einrichtung", exact=True).fill("Kita Sonnenwinkel")
    page.get_by_label("Titel des Projekts").fill("Nachbarschaftsfest")
    page.get_by_label("Was ist geplant?").fill("Ein Fest auf dem Platz.")
    page.get_by_label("Was hat das Quartier davon?").fill("Man lernt sich kennen.")
    page.get_by_label("Quartier", exact=True).select_option(label="Aachen-Ost")
    page.get_by_label("Handlungsfeld").select_option(str(field.pk))
    page.get_by_label("Beginn").fill(f"{make_funds.BEGINS:%Y-%m-%d}")
    page.get_by_label("Ende", exact=True).fill(f"{make_funds.ENDS:%Y-%m-%d}")
    page.get_by_role("button", name="Weitere Zeilen").click()
    expect(page.get_by_label("Wofür")).to_have_count(6)
    page.get_by_label("Wofür").nth(4).fill("Bühne")
    page.get_by_label("Betrag (€)", exact=True).nth(4).fill("500")
    page.get_by_label("Beantragter Betrag").fill("480")
    page.get_by_label("Eigenanteil in Geld").fill("20")
    page.get_by_label("Eigenanteil in Geld").press("Tab")
    expect(page.locator("#totals")).to_contain_text("20,00 € = 4 % der Kosten von 500,00 €; nötig sind 10 %.")
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.get_by_role("heading", name="Nachbarschaftsfest").wait_for()
    found = FundApplication.objects.get()

    # The manager hands it in and sends it back: the own share is too small.
    page = visit(mara, found.get_absolute_url())
    page.get_by_role("link", name="Einreichen").click()
    page.get_by_role("button", name="Einreichen").click()
    page.get_by_role("button", name="Prüfung beginnen").click()
    page.get_by_role("heading", name="Förderfähigkeit prüfen").wait_for()
    for label, answer in (("Aufgabe der Stadt", "nein"), ("Nutzen für alle", "ja"), ("Beteiligung", "2")):
        page.get_by_role("group", name=label).get_by_label(answer, exact=True).check()
    page.get_by_label("förderfähig", exact=True).check()
    page.get_by_role("button", name="Prüfung speichern").click()
    expect(page.get_by_role("main")).to_contain_text("höchstens „förderfähig mit Auflagen“")
    page.get_by_label("förderfähig mit Auflagen").check()
    page.get_by_label("Begründung, Auflagen oder was noch fehlt").fill("Der Eigenanteil steigt auf 10 %.")
    page.get_by_role("button", name="Prüfung speichern").click()
    expect(page.get_by_role("main")).to_contain_text("als Nächstes")

    # The session votes; a no needs its reason.
    member = make_bodies.member(body=fund.body)
    found.refresh_from_db()
    item = make_funds.on_agenda(application=found, by=mara, members=[member])
    make_bodies.write(session=item.item.session, by=mara)
    page = visit(asli, item.item.session.get_absolute_url())
    page.get_by_role("link", name="Abstimmung festhalten").click()
    page.get_by_label("abgelehnt").check()
    for label, votes in (("Ja", "0"), ("Nein", "1"), ("Enthaltung", "0")):
        page.get_by_label(label, exact=True).fill(votes)
    page.get_by_role("button", name="Festhalten").click()
    expect(page.get_by_role("main")).to_contain_text("Der Grund steht im Bescheid.")
    page.get_by_label("Begründung").fill("Ein ähnliches Fest gibt es schon.")
    page.get_by_role("button", name="Festhalten").click()
    expect(page.get_by_role("main")).to_contain_text("Abgelehnt")

    # Approved minutes settle it; the applicant is told.
    page = visit(mara, reverse("projects:minutes_approve", args=[item.item.session_id]))
    page.get_by_role("button", name="Genehmigen").click()
    page.get_by_text("Genehmigt.", exact=False).first.wait_for()
    page.goto(page.url.split("/gremien/")[0] + found.get_absolute_url())
    page.get_by_role("link", name="Bescheid zugestellt …").click()
    page.get_by_label("mit der Post").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("main")).to_contain_text("abgelehnt und mitgeteilt")
    assert make_funds.money(fund).balance == 1000


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, asli, silke, fund):
    member = make_bodies.member(body=fund.body)
    refused = make_funds.checked(fund=fund, by=asli, checker=mara, overall="not", reason="Nein.")
    item = make_funds.on_agenda(
        application=make_funds.checked(fund=fund, by=asli, checker=mara), by=mara, members=[member]
    )
    make_funds.vote(item, by=mara, conditions="Eintritt frei.")
    make_funds.submitted(fund=fund, by=asli)
    pages = [
        fund.get_absolute_url(), reverse("projects:applications"), refused.get_absolute_url(),
        item.application.get_absolute_url(), item.item.session.get_absolute_url(),
        reverse("projects:minutes", args=[item.item.session_id]), reverse("projects:fund_vote", args=[item.item_id]),
        reverse("projects:fund_year", args=[fund.pk, make.today().year]),
        reverse("projects:application_new", args=[fund.pk]),
    ]  # fmt: skip
    faults = {}
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = visit(mara, width=width, color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 6000})
        for path in pages:
            page.goto(path)
            if found := axe(page) + (["sideways"] if has_sideways_scroll(page) else []):
                faults[width, path] = found
    assert faults == {}
