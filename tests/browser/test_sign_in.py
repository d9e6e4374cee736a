"""Signing in with the real form, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests import make


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_signs_in_with_the_form(visit, mara, javascript):
    page = visit(path="/konto/login/", javascript=javascript)
    page.get_by_label("E-Mail").fill(mara.email)
    page.get_by_label("Passwort").fill(make.PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/arbeitskorb/")
    expect(page.get_by_text(mara.name).first).to_be_visible()
