"""A body without accounts behind its signed link: answers once, reads afterwards, and learns nobody's name."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.actions import forwarding
from concerns.actions.mail import link_token
from concerns.models import Reply, Routing
from tests import make
from tests.browser.conftest import follow
from tests.concerns import loop

TEXT = "Die Leuchte brennt wieder."


@pytest.fixture
def link(mara):
    external = make.department("EXT 1", name="Stadtwerke", answers_by_link=True, mailbox="netz@werke.example")
    routing = loop.forward(loop.log(mara), external, by=mara)[0]
    return reverse("concerns:external", args=[link_token(routing)])


def answer(page, text=TEXT):
    page.get_by_label("Entsprochen / erledigt").check()
    page.get_by_label("Text für die Anliegengeber/innen").fill(text)
    page.get_by_role("button", name="Antwort senden").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_answering_once_and_reading_afterwards(visit, mara, link, javascript):
    page, stale = visit(path=link, javascript=javascript), visit(path=link, javascript=javascript)
    assert ("Gerda" in page.content(), "555019" in page.content()) == (False, False)
    expect(page.get_by_role("navigation", name="Hauptmenü")).to_have_count(0)
    answer(page)
    page.get_by_role("heading", name="Ihre Antwort").first.wait_for()
    expect(page.get_by_text(TEXT).first).to_be_visible()

    page.goto(link)
    expect(page.get_by_text(TEXT).first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)

    answer(stale, "Ein zweiter Text")
    stale.get_by_label("Ihr Text zum Kopieren").wait_for()
    expect(stale.get_by_label("Ihr Text zum Kopieren")).to_have_value("Ein zweiter Text")
    assert Reply.objects.get().text == TEXT
    assert stale.context.cookies() == [] or {one["name"] for one in stale.context.cookies()} <= {"csrftoken"}

    manager = visit(mara, reverse("concerns:basket"))
    follow(manager.get_by_role("link", name="Rückmeldung offen Personen warten"))
    expect(manager.locator("tbody tr")).to_have_count(1)


def test_a_tampered_link_opens_nothing(visit, link):
    head, _, tail = link.rstrip("/").rpartition(":")
    other = "A" if tail[0] != "A" else "B"
    page = visit()
    assert page.goto(f"{head}:{other}{tail[1:]}/").status == 404
    assert "Wilder Müll" not in page.content()


def test_a_recalled_link_shows_that_nothing_is_left_to_do(visit, mara, link):
    forwarding.withdraw(routing=Routing.objects.get(), by=mara)
    page = visit(path=link)
    expect(page.get_by_role("button", name="Antwort senden")).to_have_count(0)
    assert "Hinter den Containern" not in page.content()
