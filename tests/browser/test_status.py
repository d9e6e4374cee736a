"""Residents on their own phones: without scripts, by keyboard, in both directions, and back on the manager's desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.actions import status_codes
from concerns.models import Reporter, Voice
from concerns.resident import LANGUAGES
from tests import make
from tests.browser.conftest import axe, follow, has_sideways_scroll
from tests.concerns import loop

pytestmark = pytest.mark.django_db(transaction=True)
FORM, PAGE = reverse("concerns:status"), reverse("concerns:status_standing")


@pytest.fixture
def told(mara, stadtbetrieb) -> Reporter:
    """Somebody whose concern went all the way, at an office that can be reached."""
    office = mara.office
    office.street, office.phone, office.hours_note = "Reichsweg 30", "0241 432-0", "Mo 10–12 Uhr\nDo 15–18 Uhr"
    office.email = "ost@stadt.example"
    office.save()
    return loop.closed(mara, stadtbetrieb, title="Laterne am Spielplatz ist seit drei Wochen dunkel").reporters.get()


def enter(page, reporter: Reporter, query: str = "") -> None:
    page.goto(f"{FORM}{query}")
    page.locator("#id_code").fill(status_codes.show(reporter=reporter).lower().replace("-", " "))
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{PAGE}*")


def test_a_phone_without_scripts_from_code_to_comment(phone, told, visit, mara):
    page = phone(javascript=False)
    enter(page, told)
    expect(page.locator(".stations .done")).to_have_count(4)
    page.get_by_role("button", name="Ja, das hat geholfen").click()
    expect(page.get_by_role("status")).to_have_text("Danke! Sie haben gesagt: Ja, das hat geholfen.")
    page.get_by_text("Ich möchte meine Antwort ändern").click()
    page.get_by_label("Was hat nicht geholfen?").fill("Am nächsten Tag war sie wieder dunkel.")
    page.get_by_role("button", name="Nein, das hat nicht geholfen").click()
    expect(page.get_by_role("status")).to_contain_text("Am nächsten Tag war sie wieder dunkel.")
    assert (Voice.objects.get().helped, Voice.objects.get().reporter) == (False, told)
    follow(page.get_by_role("button", name="Meine Seite schließen"))
    page.goto(PAGE)
    expect(page).to_have_url(FORM)

    desk = visit(mara, reverse("concerns:basket"))
    follow(desk.get_by_role("link", name="Rückmeldungen von Bewohner/innen"))
    expect(desk.locator("main")).to_contain_text("Am nächsten Tag war sie wieder dunkel.")
    assert axe(desk) == []
    desk.get_by_role("button", name="Erledigt").click()
    desk.get_by_text("Stimme erledigt.").wait_for()
    assert Voice.objects.get().settled == "done"


def test_the_manager_opens_the_concern_again_from_the_basket(visit, mara, told):
    page = visit()
    enter(page, told)
    page.get_by_role("button", name="Nein, das hat nicht geholfen").click()
    page.get_by_text("Danke!").wait_for()
    desk = visit(mara, f"{reverse('concerns:basket')}?liste=stimmen")
    desk.get_by_role("link", name="Wieder öffnen").click()
    expect(desk.get_by_label("Anliegengeber/in unzufrieden")).to_be_checked()
    desk.get_by_role("button", name="Wieder öffnen").click()
    desk.get_by_text("ist wieder offen").first.wait_for()
    page.reload()
    expect(page.locator("main")).to_contain_text("Wir haben Ihr Anliegen noch einmal aufgenommen.")


def test_by_keyboard_alone(visit, told):
    page = visit(path=FORM)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Zum Inhalt springen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type(status_codes.show(reporter=told))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}")
    page.get_by_role("button", name="Ja, das hat geholfen").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Danke!").wait_for()
    assert Voice.objects.get().helped is True


def test_a_wrong_code_takes_the_focus_to_the_field(visit):
    page = visit(path=FORM)
    page.locator("#id_code").fill("0000 0000 0000")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    expect(page.locator("#id_code")).to_be_focused()
    expect(page.locator("#id_code")).to_have_attribute("aria-describedby", "code-hint code-error")
    assert axe(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_free_of_barriers_on_a_narrow_phone(language, visit, told):
    page = visit(width=320, has_touch=True, is_mobile=True, color_scheme="dark" if language in "ar fr" else "light")
    for url in (FORM, f"{FORM}?sprache={language}"):
        page.goto(url)
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    enter(page, told, f"?sprache={language}")
    assert page.evaluate("[document.documentElement.lang, document.dir]") == [
        language,
        "rtl" if language == "ar" else "ltr",
    ]
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    low = "[...document.querySelectorAll('button, .languages a, summary')].filter(e => e.offsetHeight < 44).length"
    assert page.evaluate(low) == 0


def test_a_first_visit_costs_little(visit, told):
    page, answered = visit(), []
    page.on("requestfinished", lambda request: answered.append(request))
    enter(page, told, "?sprache=ar")
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes()["responseBodySize"] for request in answered]
    assert len(sizes) >= 3  # the form, its redirect, the page
    assert 2000 < sum(sizes) < 60_000
    assert page.evaluate("document.scripts.length") == 0


def test_the_receipt_is_one_click_away_and_handing_it_over_is_noted(visit, mara, ost):
    reporter = make.concern(district=ost, owner=mara).reporters.get()
    page = visit(mara, reporter.concern.get_absolute_url())
    link = page.get_by_role("link", name="Quittung drucken")
    answer = page.request.get(link.get_attribute("href"))
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
    page.get_by_role("button", name="Quittung ausgehändigt").click()
    page.get_by_text("Festgehalten: Quittung ausgehändigt.").wait_for()
    expect(page.get_by_role("button", name="Quittung ausgehändigt")).to_have_count(0)
    assert axe(page) == []
