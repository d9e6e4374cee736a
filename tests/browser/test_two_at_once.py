"""Two people at the same thing, a lost session, a lost connection: one wins, nobody loses a word."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern, Draft, Feedback, Reply
from districts.roles import Role
from tests import make
from tests.concerns import loop

SAVED = re.compile(r"/anliegen/\d{4}-\d+/$")
MINE = "Meine eigenen Worte, an denen ich lange gesessen habe."


@pytest.fixture
def ida(ost):
    """Mara's colleague in the same quarter."""
    return make.user(name="Ida Busch", role=Role.MANAGER, district=ost)


def test_both_close_the_same_concern(visit, mara, ida, stadtbetrieb):
    concern = loop.answered(mara, stadtbetrieb)
    loop.tell(concern.reporters.get(), by=mara)
    path = reverse("concerns:close", args=[concern.number])
    first, second = visit(mara, path), visit(ida, path)
    first.get_by_role("button", name="Abschließen").click()
    first.wait_for_url(f"**/anliegen/{concern.number}/")
    second.get_by_label("Antwort in Worten").fill(MINE)
    second.get_by_role("button", name="Abschließen").click()
    second.locator(".q-errors").wait_for()
    expect(second.get_by_label("Antwort in Worten")).to_have_value(MINE)
    expect(second.get_by_role("heading", name="Nicht gespeichert")).to_be_visible()
    stored = Concern.objects.get()
    assert (stored.status, stored.answer_text) == ("closed", "Wir haben den Müll abgeholt.")
    assert stored.events.filter(kind="closed").count() == 1


def test_both_answer_the_same_ticket(visit, mara, enno, lena, stadtbetrieb):
    routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
    path = reverse("concerns:ticket", args=[routing.pk])
    pages = visit(enno, path), visit(lena, path)
    for page, text in zip(pages, (MINE, "Lenas Worte"), strict=True):
        page.get_by_label("Entsprochen / erledigt").check()
        page.get_by_label("Text für die Anliegengeber/innen").fill(text)
    second, first = pages
    first.get_by_role("button", name="Antwort senden").click()
    first.wait_for_url("**/eingang/")
    second.get_by_role("button", name="Antwort senden").click()
    second.get_by_role("heading", name="Inzwischen beendet").first.wait_for()
    expect(second.get_by_text("Lenas Worte")).to_be_visible()
    expect(second.get_by_label("Ihr Text zum Kopieren")).to_have_value(MINE)
    assert Reply.objects.get().text == "Lenas Worte"


def test_both_tell_the_same_person(visit, mara, ida, stadtbetrieb):
    reporter = loop.answered(mara, stadtbetrieb).reporters.get()
    path = reverse("concerns:feedback", args=[reporter.pk])
    pages = visit(mara, path), visit(ida, path)
    for page, text in zip(pages, ("Maras Worte", MINE), strict=True):
        page.get_by_label("Worte für die Anliegengeber/in").fill(text)
        page.get_by_label("Ergebnis", exact=True).select_option("Erreicht")
    first, second = pages
    first.get_by_role("button", name="Versuch festhalten").click()
    first.wait_for_url("**/abschliessen/")
    second.get_by_role("button", name="Versuch festhalten").click()
    second.locator(".q-errors").wait_for()
    expect(second.get_by_text(MINE).first).to_be_visible()
    expect(second.get_by_text("Maras Worte").first).to_be_visible()
    assert Feedback.objects.exclude(kind="receipt").get().text == "Maras Worte"


def test_a_session_that_ends_while_typing(visit, mara, problems):
    make.topic(name="Laub")
    page = visit(mara, reverse("concerns:capture"))
    text = page.get_by_label("Was ist das Anliegen?")
    text.fill(MINE)
    page.get_by_label("Thema", exact=False).first.select_option("Laub")
    page.get_by_label("Wer meldet?").select_option("observation")
    Session.objects.all().delete()
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.locator("#notice", has_text="Ihre Sitzung ist abgelaufen").wait_for()
    expect(text).to_have_value(MINE)

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Anmelden (neuer Tab)").click()
    tab = opened.value
    tab.get_by_label("E-Mail").fill(mara.email)
    tab.get_by_label("Passwort").fill(make.PASSWORD)
    tab.get_by_role("button", name="Anmelden", exact=True).click()
    tab.wait_for_url("**/arbeitskorb/")
    tab.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # a browser without a screen never comes to the front
    page.locator("#notice", has_text="wieder angemeldet").wait_for()
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.wait_for_url(SAVED)
    assert Concern.objects.get().text == MINE
    problems.clear()


def test_a_connection_that_breaks_while_typing(visit, mara, problems):
    make.topic(name="Laub")
    page = visit(mara, reverse("concerns:capture"))
    page.get_by_label("Thema", exact=False).first.select_option("Laub")
    page.get_by_label("Wer meldet?").select_option("observation")
    page.context.set_offline(True)
    text = page.get_by_label("Was ist das Anliegen?")
    text.fill(MINE)
    page.get_by_text("Keine Verbindung – wir versuchen es weiter").wait_for()
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.locator("#notice", has_text="Keine Verbindung zum Server").wait_for()
    expect(text).to_have_value(MINE)
    assert Draft.objects.filter(data__text=[MINE]).count() == 0
    page.context.set_offline(False)
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.wait_for_url(SAVED)
    assert Concern.objects.get().text == MINE
    problems.clear()


def test_a_form_that_is_sent_twice_saves_once(visit, mara):
    make.topic(name="Laub")
    page = visit(mara, reverse("concerns:capture"))
    page.get_by_label("Was ist das Anliegen?").fill("Laub")
    page.get_by_label("Thema", exact=False).first.select_option("Laub")
    page.get_by_label("Wer meldet?").select_option("observation")
    page.get_by_role("button", name="Speichern", exact=True).last.dblclick()
    page.wait_for_url(SAVED)
    number = Concern.objects.get().number
    page.go_back()
    page.goto(reverse("concerns:capture"))
    expect(page.get_by_label("Was ist das Anliegen?")).to_have_value("")
    expect(page.get_by_text(number)).to_have_count(0)
