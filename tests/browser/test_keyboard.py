"""Work without a mouse: everything is reached with keys, and one always sees where one is."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern, Reply
from tests import make
from tests.browser.conftest import at_rest, axe
from tests.concerns import loop

FOCUS = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const ring = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outline && style.outlineColor !== "rgba(0, 0, 0, 0)" || style.boxShadow !== "none";
  };
  return {
    what: `${element.tagName} ${element.name || element.id || element.textContent.trim()}`,
    outlined: ring(element) || Boolean(element.parentElement) && ring(element.parentElement),
    inWindow: box.width > 0 && box.height > 0 && box.top >= -1 && box.bottom <= innerHeight + 1,
    uncovered: Boolean(at) && (element.contains(at) || at.contains(element)),
  };
}"""


def tab_to(page, matches, limit=45):
    """Press Tab until the focused element matches a CSS selector; every stop on the way must be seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        wrong = [name for name, holds in stop.items() if not holds]
        assert (stop["what"], wrong) == (stop["what"], [])
        if page.evaluate("(selector) => document.activeElement.matches(selector)", matches):
            return
    raise AssertionError(f"{matches} is not reached with Tab")


def label_of(page):
    return page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText")


@pytest.fixture
def pothole(stadtbetrieb):
    topic = make.topic(name="Schlagloch", keywords="Schlagloch")
    make.rule(topic=topic, department=stadtbetrieb)
    return topic


@pytest.mark.parametrize("on_a_phone", [False, True])
def test_logging_a_concern_from_n_to_ctrl_enter(visit, phone, mara, pothole, on_a_phone):
    page = (phone if on_a_phone else visit)(mara, reverse("concerns:basket"), reduced_motion="reduce")
    page.keyboard.press("n")
    page.wait_for_url("**/anliegen/neu/")
    page.locator("[name=text]:focus").wait_for()
    page.keyboard.type("Tiefes Schlagloch vor der Schule")
    tab_to(page, "[name=place]")
    page.keyboard.type("Elsassstraße 12")
    page.get_by_role("button", name="Schlagloch", exact=True).wait_for()
    at_rest(page)
    tab_to(page, ".q-chips__button")
    page.keyboard.press("Enter")
    page.locator("[name=topic]:focus").wait_for()
    page.get_by_text("Geht an E 18").wait_for()
    at_rest(page)
    tab_to(page, "[name$=-name]")
    page.keyboard.type("Gerda Zorn")
    tab_to(page, "[name$=-phone]")
    page.keyboard.type("0241 555019")
    tab_to(page, "[name$=-consent_store]")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/anliegen/\d{4}-\d+/$"))
    concern = Concern.objects.get()
    assert (concern.place, concern.topic, concern.reporters.get().name) == ("Elsassstraße 12", pothole, "Gerda Zorn")


def test_answering_a_ticket_from_the_inbox(visit, mara, enno, stadtbetrieb):
    make.text_block(name="Geräumt", text="Vielen Dank für Ihren Hinweis.")
    concern = loop.log(mara)
    loop.forward(concern, stadtbetrieb, by=mara)
    page = visit(enno, reverse("concerns:inbox"), reduced_motion="reduce")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vorgang/**")
    tab_to(page, "[name=result]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert label_of(page) == "Entsprochen / erledigt"
    tab_to(page, "[name=block]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[data-insert-from]")
    page.keyboard.press("Enter")
    page.locator("[name=text]:focus").wait_for()
    page.keyboard.type(" Der Müll ist weg.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{reverse('concerns:inbox')}")
    assert Reply.objects.get().text == "Vielen Dank für Ihren Hinweis. Der Müll ist weg."


def test_enter_in_a_single_line_sends_the_answer_and_not_the_text_block(visit, mara, enno, stadtbetrieb):
    make.text_block(name="Geräumt", text="Vielen Dank für Ihren Hinweis.")
    routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
    page = visit(enno, reverse("concerns:ticket", args=[routing.pk]), reduced_motion="reduce")
    page.get_by_label("Entsprochen / erledigt").check()
    page.get_by_label("Textbaustein").select_option("Geräumt")
    page.get_by_label("Text für die Anliegengeber/innen").fill("Erledigt.")
    page.get_by_text("Hinweis an das Quartiersmanagement, Aktenzeichen").click()
    page.locator("#reply_file_number").press("Enter")
    page.wait_for_url(f"**{reverse('concerns:inbox')}")
    assert Reply.objects.get().text == "Erledigt."


def test_a_step_opens_in_place_and_takes_the_focus(visit, mara, stadtbetrieb):
    concern = loop.log(mara)
    page = visit(mara, reverse("concerns:detail", args=[concern.number]), reduced_motion="reduce")
    tab_to(page, "a[href$='/zurueckstellen/']")
    page.keyboard.press("Enter")
    page.locator("#step h2:focus").wait_for()
    tab_to(page, "[name=until]")
    page.keyboard.press("Control+Enter")
    page.locator(".q-errors:focus").wait_for()
    tab_to(page, ".q-errors a")
    page.keyboard.press("Enter")
    expect(page.locator("[name=until]")).to_be_focused()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(visit, mara):
    page = visit(mara, reverse("concerns:list"), reduced_motion="reduce")
    tab_to(page, ".q-skip", limit=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, "main a, main button", limit=1)


def test_the_search_by_slash_and_the_list_by_arrows(visit, mara):
    for number in range(3):
        loop.log(mara, title=f"Laub auf dem Weg {number}")
    page = visit(mara, reverse("concerns:basket"), reduced_motion="reduce")
    page.keyboard.press("/")
    page.keyboard.type("Laub")
    page.keyboard.press("Enter")
    page.wait_for_url("**/anliegen/?q=Laub")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.textContent")
    assert chosen == page.locator("tbody tr").nth(1).get_by_role("link").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/anliegen/{chosen}/")


def test_the_list_of_keys(visit, mara):
    page = visit(mara, reverse("concerns:basket"), reduced_motion="reduce")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Tastenkürzel")
    expect(keys).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("n")  # keys that lead away are off while a dialog is open
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    at_rest(page)
    expect(page).to_have_url(reverse("concerns:basket"))
