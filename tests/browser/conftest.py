"""A real Chromium for the tests in this folder: `page` is nobody's, `visit(mara)` is hers.

Every page that a test opens is watched: an error of a script or a breach of the Content-Security-Policy fails the test.

A page changes some time after the click that changes it. What a test says about a page after it has done something
there, it says with `expect(…)`, which waits; `follow(link)` and `page.expect_navigation()` wait for the next page with
its scripts; `eventually(…)` waits for the database.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from districts.models import User

# The first one has no windows and needs less than half of the processor time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
AXE = django_settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
# The browser reports every answer of 400 and above as an error; tests look at answers themselves.
_EXPECTED = "Failed to load resource: the server responded with a status of"

# Seconds that a test waits at most: a machine that is busy with other things may take long, a green test does not.
PATIENCE = 30
expect.set_options(timeout=PATIENCE * 1000)

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium(django_db_setup, django_db_blocker) -> Iterator[Browser]:
    """The system's Chromium, started once per process; without one the tests are skipped."""
    executable = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if executable is None:
        pytest.skip("browser tests need Chromium (Debian: apt-get install chromium-headless-shell)")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # While that loop runs Django opens a second connection here; the first one would look like an unanswered request.
    with django_db_blocker.unblock():
        connection.close()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What the browser complained about; a test that provokes a complaint empties the list."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def visit(chromium: Browser, live_server, settings, problems: list[str]) -> Iterator[Visit]:
    """`visit(user=None, path=None, *, javascript=True, width=1280)`: a page in a browser of its own."""
    settings.PUBLIC_URL = live_server.url
    contexts: list[BrowserContext] = []

    def open_page(
        user: User | None = None, path: str | None = None, *, javascript: bool = True, width: int = 1280, **options
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            viewport={"width": width, "height": 844 if width < 500 else 900},
            java_script_enabled=javascript,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: _note(problems, message))
        if user is not None:
            sign_in(page, user)
        if path is not None:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    _wait_until_the_server_rests()


@pytest.fixture
def page(visit: Visit) -> Page:
    """A page in which nobody is signed in."""
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Visit:
    """Like `visit`, on a phone 390 px wide that is touched."""
    return lambda *arguments, **options: visit(*arguments, width=390, has_touch=True, is_mobile=True, **options)


def _note(problems: list[str], message) -> None:
    if message.type == "error" and not message.text.startswith(_EXPECTED):
        problems.append(message.text)


def _wait_until_the_server_rests() -> None:
    """Let requests end that a closed page has left behind; emptying the tables under them would be a deadlock."""
    others = """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
    for _ in range(PATIENCE * 50):
        with connection.cursor() as cursor:
            if cursor.execute(others).fetchone() == (0,):
                return
        sleep(0.02)
    raise AssertionError("The server still answers requests of a page that is closed.")


def sign_in(page: Page, user: User) -> None:
    """Sign a person in without the form: the page's browser gets the cookie of a new session."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}])


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait until it is there with its scripts."""
    with link.page.expect_navigation():
        link.click()


def eventually(read: Callable[[], Any], wanted: Any) -> None:
    """Wait until `read()` (from the database, say) is what is wanted; a row that is not there yet is waited for."""
    end, found = monotonic() + PATIENCE, None
    while monotonic() < end:
        with suppress(ObjectDoesNotExist):
            if (found := read()) == wanted:
                return
        sleep(0.05)
    assert found == wanted


# Half-shown colours and half-replaced parts are nobody's page. What turns for ever (a busy button) is not waited for.
_AT_REST = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const moving = () => document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < Infinity);
  const swapping = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added");
  await document.fonts.ready;
  await frame();
  for (let n = 0; n < 600 && (moving().length || swapping()); n++) await frame();
}"""


def at_rest(page: Page) -> None:
    """Wait until the page has loaded and nothing on it moves or is about to be replaced."""
    page.wait_for_load_state()
    page.evaluate(_AT_REST)


def axe(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now, one line per rule and element; nothing is left out."""
    at_rest(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    violations = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [f"{rule['id']}: {' '.join(map(str, node['target']))}" for rule in violations for node in rule["nodes"]]


def has_sideways_scroll(page: Page) -> bool:
    """Whether the page is wider than its window."""
    at_rest(page)
    return is_too_wide(page)


def is_too_wide(page: Page) -> bool:
    """The same of a page that has come to rest and was only given another width since."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
