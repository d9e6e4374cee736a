"""Page or fragment, redirects, and the headers of every answer."""

import pytest

pytestmark = pytest.mark.usefixtures("samples")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(client_of, mara):
    return client_of(mara)


def test_without_htmx_the_whole_page_comes(browser):
    text = browser.get("/muster/liste/").content.decode()
    assert (text.count("<html"), text.count('<table class="q-table"')) == (1, 1)


def test_htmx_gets_the_partial_that_its_target_names(browser):
    text = browser.get("/muster/liste/?size=2", headers={**HTMX, "HX-Target": "list"}).content.decode()
    assert (text.count("<html"), text.count("<tr><td>"), text.count("q-filter")) == (0, 2, 0)


@pytest.mark.parametrize("target", ["main", "formbox", "../list", ""])
def test_a_target_outside_the_list_gets_the_whole_page(browser, target):
    text = browser.get("/muster/liste/", headers={**HTMX, "HX-Target": target}).content.decode()
    assert text.count("<html") == 1


def test_a_boosted_or_restored_page_is_a_whole_page(browser):
    for extra in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        text = browser.get("/muster/liste/", headers={**HTMX, "HX-Target": "list", **extra}).content.decode()
        assert text.count("<html") == 1


def test_a_wrong_form_comes_back_with_422_and_what_was_typed(browser):
    response = browser.post("/muster/formular/", {"text": "Nur der Text"}, headers={**HTMX, "HX-Target": "formbox"})
    text = response.content.decode()
    assert response.status_code == 422
    assert (text.count("<html"), text.count("Nur der Text")) == (0, 1)


def _complete():
    return {"text": "Müll", "topic": "a", "received": "03.02.2026", "channel": "tel", "consent": "on"}


def test_a_right_form_redirects_with_303_or_through_htmx(browser):
    plain = browser.post("/muster/formular/", _complete())
    assert (plain.status_code, plain.headers["Location"]) == (303, "/muster/liste/")
    htmx = browser.post("/muster/formular/", _complete(), headers=HTMX)
    assert (htmx.status_code, htmx.headers["HX-Redirect"], htmx.content) == (204, "/muster/liste/", b"")


def test_a_fragment_brings_the_waiting_message_with_its_way_back(browser):
    browser.post("/muster/formular/", _complete())
    text = browser.get("/muster/liste/", headers={**HTMX, "HX-Target": "list"}).content.decode()
    assert text.count('hx-swap-oob="beforeend"') == 1
    assert text.count("Gespeichert.") == 1
    assert text.count('action="/muster/zurueck/"') == 1
    again = browser.get("/muster/liste/", headers={**HTMX, "HX-Target": "list"}).content.decode()
    assert again.count("hx-swap-oob") == 0


def test_headers_of_a_signed_in_page(browser):
    headers = browser.get("/muster/liste/").headers
    assert headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in headers["Vary"].split(",")}
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Permissions-Policy"].startswith("geolocation=(self), camera=()")
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_a_signed_out_page_names_no_cache_rule(client, db):
    assert "Cache-Control" not in client.get("/muster/liste/").headers


def test_signed_out_background_requests_get_401_and_nothing_else(client, db):
    htmx = client.get("/muster/liste/", headers={**HTMX, "HX-Target": "list"})
    fetch = client.post("/muster/entwurf/", {"text": "x"}, headers={"X-Requested-With": "fetch"})
    for response in (htmx, fetch):
        assert (response.status_code, response.content) == (401, b"")
        assert response.headers["Q-Session-Expired"] == "/konto/login/?next=/"
    plain = client.get("/muster/liste/")
    assert (plain.status_code, plain.headers["Location"]) == (302, "/konto/login/?next=/muster/liste/")


def test_the_session_question_gives_a_token_only_to_signed_in_people(browser, client):
    assert len(browser.get("/sitzung/").json()["token"]) == 64
    assert (client.get("/sitzung/").status_code, client.get("/sitzung/").content) == (401, b"")


def test_a_wrong_method_gets_a_page_with_a_way_on(browser):
    response = browser.get("/muster/zurueck/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Zur Startseite" in response.content.decode()


def test_strangers_see_no_navigation_and_no_search(client, db):
    text = client.get("/konto/login/").content.decode()
    assert (text.count("q-nav__link"), text.count("global-search")) == (0, 0)


def test_the_navigation_marks_where_one_is(browser):
    text = browser.get("/muster/liste/").content.decode()
    assert text.count('class="q-nav__link" href="/muster/liste/" aria-current="page"') == 2
    assert text.count('aria-current="page"') == 4
