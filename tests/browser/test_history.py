"""Back brings the page back as it was, and nothing about residents stays in the browser."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import at_rest, follow, sign_in
from tests.concerns import loop

STORED = """async () => ({
  local: {...localStorage}, session: {...sessionStorage},
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
})"""
# htmx notes the address of the page, which never contains personal data.
ADDRESS = "htmx-current-path-for-history"


def lists(page, count, typed):
    """The list has so many rows and this filter, and is ready for the next step back or forth."""
    expect(page.get_by_text(f"{count} Anliegen")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(count)
    expect(page.get_by_label("Text, Ort oder Nummer")).to_have_value(typed)
    at_rest(page)


def test_back_after_a_filter_restores_filter_and_list(visit, mara):
    for title in ("Laub auf dem Weg", "Laub im Hof", "Sperrmüll"):
        loop.log(mara, title=title)
    page = visit(mara, reverse("concerns:list"))
    page.get_by_label("Text, Ort oder Nummer").fill("Laub")
    page.get_by_role("button", name="Filtern").click()
    page.wait_for_url("**?q=Laub*")
    lists(page, 2, "Laub")
    follow(page.locator("tbody a").first)
    expect(page.get_by_role("heading", name="Was gemeldet wurde")).to_be_visible()
    page.go_back()
    lists(page, 2, "Laub")
    page.go_back()
    lists(page, 3, "")
    page.go_forward()
    lists(page, 2, "Laub")


def test_nothing_about_people_stays_in_the_browser(visit, mara, stadtbetrieb):
    concern = loop.answered(mara, stadtbetrieb)
    page = visit(mara, reverse("concerns:capture"))
    page.get_by_label("Was ist das Anliegen?").fill("Frau Zorn ruft wieder an")
    page.get_by_label("Name", exact=True).fill("Gerda Zorn")
    page.get_by_text("Entwurf gespeichert").wait_for()
    paths = [
        reverse("concerns:list"),
        reverse("concerns:detail", args=[concern.number]),
        reverse("concerns:feedback", args=[concern.reporters.get().pk]),
        reverse("concerns:worklist"),
    ]
    for path in paths:
        answer = page.goto(path)
        assert (path, answer.headers["cache-control"]) == (path, "no-store")
    follow(page.get_by_role("link", name="Gerda Zorn"))
    page.get_by_label("Notiz dazu").fill("Gerda Zorn ist ab fünf zu Hause")
    page.get_by_text("Entwurf gespeichert").wait_for()
    path = page.url.partition("//")[2].partition("/")[2]
    expected = {"local": {}, "session": {ADDRESS: f"/{path}"}, "databases": 0, "caches": 0}
    assert page.evaluate(STORED) == expected


def test_after_signing_out_back_shows_nothing(visit, mara):
    concern = loop.log(mara)
    page = visit(mara, reverse("concerns:detail", args=[concern.number]))
    page.locator(".q-menu--user summary").click()
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url(lambda url: "/anliegen/" not in url)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/konto/login/\?next="))
    assert "Gerda Zorn" not in page.content()
    sign_in(page, mara)
    page.goto(reverse("concerns:detail", args=[concern.number]))
    expect(page.get_by_text("Gerda Zorn").first).to_be_visible()
