"""Back brings the page back as it was, and nothing about residents stays in the browser."""

from django.urls import reverse

from tests.browser.conftest import sign_in
from tests.concerns import loop

STORED = """async () => ({
  local: {...localStorage}, session: {...sessionStorage},
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
})"""
# htmx notes the address of the page, which never contains personal data.
ADDRESS = "htmx-current-path-for-history"


def rows(page):
    return page.locator("tbody tr").count()


def test_back_after_a_filter_restores_filter_and_list(visit, mara):
    for title in ("Laub auf dem Weg", "Laub im Hof", "Sperrmüll"):
        loop.log(mara, title=title)
    page = visit(mara, reverse("concerns:list"))
    text = page.get_by_label("Text, Ort oder Nummer")
    text.fill("Laub")
    page.get_by_role("button", name="Filtern").click()
    page.wait_for_url("**?q=Laub*")
    assert rows(page) == 2
    page.locator("tbody a").first.click()
    page.get_by_role("heading", name="Was gemeldet wurde").wait_for()
    page.go_back()
    page.get_by_text("2 Anliegen").wait_for()
    assert (rows(page), text.input_value()) == (2, "Laub")
    page.go_back()
    page.get_by_text("3 Anliegen").wait_for()
    assert (rows(page), text.input_value()) == (3, "")
    page.go_forward()
    page.get_by_text("2 Anliegen").wait_for()
    assert (rows(page), text.input_value()) == (2, "Laub")


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
    page.get_by_role("link", name="Gerda Zorn").click()
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
    page.wait_for_url("**/konto/login/**")
    assert "Gerda Zorn" not in page.content()
    sign_in(page, mara)
    page.goto(reverse("concerns:detail", args=[concern.number]))
    assert page.get_by_text("Gerda Zorn").first.is_visible()
