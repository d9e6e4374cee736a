"""A department at work in the browser: inbox, ticket, answer; and a body behind its link."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.actions import department as actions
from concerns.actions.mail import link_token
from concerns.models import Draft, Reply, Routing
from tests import make
from tests.browser.conftest import axe, eventually, follow, has_sideways_scroll

TEXT = "Wir haben den Müll am Dienstag abgeholt."


@pytest.fixture
def routing(stadtbetrieb, ost, mara):
    concern = make.concern(
        district=ost, owner=mara, title="Sperrmüll an der Ecke", place="Adalbertsteinweg 3", lat=50.7766, lon=6.1083
    )
    make.text_block(name="Geräumt", result="fulfilled", text="Vielen Dank für Ihren Hinweis.")
    make.photo(concern=concern)
    return make.routing(concern=concern, department=stadtbetrieb, text="Seit Tagen liegt Sperrmüll.", escalation=1)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ticket(routing):
    return reverse("concerns:ticket", args=[routing.pk])


@pytest.mark.parametrize("javascript", [True, False])
def test_a_simple_case_from_the_inbox_to_the_answer(visit, enno, routing, javascript):
    page = visit(enno, reverse("concerns:inbox"), javascript=javascript)
    follow(page.get_by_role("link", name=routing.concern.number))
    page.get_by_label("Entsprochen / erledigt").check()
    page.get_by_label("Textbaustein").select_option("Geräumt")
    page.get_by_role("button", name="Einfügen").click()
    text = page.get_by_label("Text für die Anliegengeber/innen")
    expect(text).to_have_value("Vielen Dank für Ihren Hinweis.")
    expect(page.get_by_label("Entsprochen / erledigt")).to_be_checked()
    page.get_by_role("button", name="Antwort senden").click()
    page.wait_for_url(f"**{reverse('concerns:inbox')}")
    expect(page.get_by_text("Antwort gespeichert.")).to_be_visible()
    assert Reply.objects.get().text == "Vielen Dank für Ihren Hinweis."


def test_a_block_goes_where_the_cursor_stands(visit, enno, routing):
    page = visit(enno, ticket(routing))
    text = page.get_by_label("Text für die Anliegengeber/innen")
    text.fill("Guten Tag, Ende")
    text.evaluate("field => field.setSelectionRange(11, 11)")
    page.get_by_label("Textbaustein").select_option("Geräumt")
    page.get_by_role("button", name="Einfügen").click()
    expect(text).to_have_value("Guten Tag, Vielen Dank für Ihren Hinweis.Ende")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_in_place_and_as_a_page(visit, enno, routing, javascript):
    page = visit(enno, ticket(routing), javascript=javascript)
    page.get_by_role("link", name="Rückfrage", exact=True).click()
    question = page.get_by_label("Ihre Rückfrage")
    question.wait_for()
    expect(page).to_have_url(ticket(routing) if javascript else re.compile("/rueckfrage/$"))
    assert axe(page) == [] if javascript else True
    page.get_by_role("button", name="Senden", exact=True).click()
    page.get_by_text("Eine Angabe fehlt oder passt nicht").wait_for()
    question.fill("Welcher Eingang?")
    page.get_by_role("button", name="Senden", exact=True).click()
    page.get_by_text("Die Rückfrage ist beim Quartiersmanagement").wait_for()
    assert Routing.objects.get(pk=routing.pk).status == "query"


def test_a_half_typed_answer_comes_back(visit, enno, routing):
    page = visit(enno, ticket(routing))
    page.get_by_label("Teilweise entsprochen").check()
    page.get_by_label("Text für die Anliegengeber/innen").fill("Halb fertig")
    page.get_by_text("Entwurf gespeichert").wait_for()
    eventually(lambda: Draft.objects.get().data["text"], ["Halb fertig"])
    page.reload()
    expect(page.get_by_label("Text für die Anliegengeber/innen")).to_have_value("Halb fertig")
    expect(page.get_by_label("Teilweise entsprochen")).to_be_checked()
    expect(page.get_by_label("Grund")).to_be_visible()
    page.get_by_role("button", name="Entwurf verwerfen").click()
    expect(page.get_by_label("Text für die Anliegengeber/innen")).to_have_value("")


def test_too_late_in_place(visit, enno, lena, routing):
    page = visit(enno, ticket(routing))
    page.get_by_label("Entsprochen / erledigt").check()
    page.get_by_label("Text für die Anliegengeber/innen").fill(TEXT)
    actions.reply(routing=routing, result="known", text="Lenas Antwort", by=lena)
    page.get_by_role("button", name="Antwort senden").click()
    page.get_by_text("Lenas Antwort").wait_for()
    expect(page.get_by_label("Ihr Text zum Kopieren")).to_have_value(TEXT)
    expect(page.locator(":focus")).to_have_text("Inzwischen beendet")
    assert axe(page) == []


def test_filtering_and_going_back(visit, enno, routing, stadtbetrieb):
    other = make.routing(concern=make.concern(title="Laub auf dem Weg"), department=stadtbetrieb)
    page = visit(enno, reverse("concerns:inbox"))
    page.get_by_label("Nummer, Titel oder Ort").fill("Laub")
    page.get_by_role("button", name="Filtern").click()
    page.get_by_text("1 Eintrag").wait_for()
    expect(page).to_have_url(re.compile("q=Laub"))
    follow(page.get_by_role("link", name=other.concern.number))
    expect(page.get_by_text("Worum es geht")).to_be_visible()
    page.go_back()
    page.get_by_text("1 Eintrag").wait_for()
    expect(page.get_by_label("Nummer, Titel oder Ort")).to_have_value("Laub")


@pytest.mark.parametrize("path", ["inbox", "ticket", "step", "finished"])
def test_readable_for_everybody(visit, phone, enno, routing, path):
    if path == "finished":
        actions.reply(routing=routing, result="declined", reason_category="funds", text=TEXT, remark="Intern", by=enno)
    address = {
        "inbox": reverse("concerns:inbox"),
        "step": reverse("concerns:ticket_step", args=[routing.pk, "zurueckgeben"]),
    }.get(path, ticket(routing))
    for open_ in (visit, phone):
        page = open_(enno, address)
        assert axe(page) == []
        assert not has_sideways_scroll(page)


# --- Behind a link ----------------------------------------------------------------------------------------------------


@pytest.fixture
def link(routing):
    external = make.department("GEWO", answers_by_link=True)
    Routing.objects.filter(pk=routing.pk).update(department=external)
    return reverse("concerns:external", args=[link_token(routing)])


@pytest.mark.parametrize("javascript", [True, False])
def test_a_body_without_account_answers(visit, link, javascript):
    page = visit(path=link, javascript=javascript)
    page.get_by_label("Entsprochen / erledigt").check()
    page.get_by_role("button", name="Antwort senden").click()
    page.get_by_text("Eine Angabe fehlt oder passt nicht").wait_for()
    page.get_by_label("Text für die Anliegengeber/innen").fill(TEXT)
    page.get_by_role("button", name="Antwort senden").click()
    page.get_by_text("Beantwortet am").first.wait_for()
    assert Reply.objects.get().text == TEXT
    if javascript:
        assert axe(page) == []


def test_the_page_behind_a_link_is_readable_for_everybody(visit, phone, link, routing):
    for open_ in (visit, phone):
        page = open_(path=link)
        assert axe(page) == []
        assert not has_sideways_scroll(page)
    Routing.objects.filter(pk=routing.pk).update(link_version=9)
    page = visit(path=link)
    assert axe(page) == []
    page.get_by_role("button", name="Neuen Link anfordern").click()
    page.get_by_text("kommt ein neuer Link in Ihr Postfach").wait_for()


def test_a_link_that_ends_while_typing(visit, link, routing):
    page = visit(path=link)
    page.get_by_label("Entsprochen / erledigt").check()
    page.get_by_label("Text für die Anliegengeber/innen").fill(TEXT)
    Routing.objects.filter(pk=routing.pk).update(link_version=9)
    page.get_by_role("button", name="Antwort senden").click()
    page.get_by_role("button", name="Neuen Link anfordern").wait_for()
    expect(page.get_by_label("Ihr Text zum Kopieren")).to_have_value(TEXT)
