"""The security pages of a signed-in person in a real browser."""

import pytest

from tests import make
from tests.browser.conftest import axe, has_sideways_scroll

PATHS = ["2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "password/change/", "logout/"]


@pytest.mark.parametrize("width", [390, 1280])
def test_security_pages_are_accessible(visit, mara, width):
    page = visit(mara, "/konto/reauthenticate/", width=width)
    assert axe(page) == []
    page.get_by_label("Passwort").fill(make.PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)
    for path in PATHS:
        page.goto(f"/konto/{path}")
        assert (path, page.url.endswith(path), axe(page), has_sideways_scroll(page)) == (path, True, [], False)


def test_the_second_factor_is_set_up_by_keyboard_alone(visit, mara):
    page = visit(mara, "/konto/reauthenticate/")
    page.get_by_label("Passwort").fill(make.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "reauthenticate" not in url)
    page.goto("/konto/2fa/totp/activate/")
    page.get_by_label("Code aus der App").fill("000000")
    page.keyboard.press("Enter")
    page.locator(".q-errors").wait_for()
    assert axe(page) == []
