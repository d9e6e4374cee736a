"""Documents with a real browser: a wrong file and the right one without scripts, a long list on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import make_bodies, make_documents, make_funds
from tests.browser.conftest import axe, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


def file(name, content=None, kind="application/pdf"):
    return {"name": name, "mimeType": kind, "buffer": content or make_documents.pdf()}


def test_a_wrong_file_and_the_right_one_without_scripts(visit, mara, ost):
    body = make_bodies.body(districts=[ost])
    page = visit(mara, body.get_absolute_url(), javascript=False)
    follow(page.get_by_role("link", name="Dokument hinzufügen"))
    page.get_by_label("Datei").set_input_files(file("Ordnung.docx", b"PK\x03\x04"))
    page.get_by_label("Was es ist").fill("Geschäftsordnung")
    page.get_by_role("button", name="Ablegen").click()
    expect(page.locator("#id_document")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Bitte als PDF speichern").first).to_be_visible()
    expect(page.get_by_label("Was es ist")).to_have_value("Geschäftsordnung")
    page.get_by_label("Datei").set_input_files(file("Ordnung.pdf"))
    page.get_by_role("button", name="Ablegen").click()
    page.wait_for_url(re.compile(r"/gremien/\d+/#documents$"))
    with page.expect_download() as caught:
        page.get_by_role("link", name="Geschäftsordnung").click()
    assert caught.value.suggested_filename == "Ordnung.pdf"
    page.locator("form[action$='/entfernen/'] button").click()
    expect(page.get_by_text("„Geschäftsordnung“ ist entfernt.")).to_be_visible()
    expect(page.locator("form[action$='/entfernen/']")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_long_titles_on_every_page(visit, mara, asli, silke, ost, width):
    long = "Donaudampfschifffahrtsgesellschaftskapitänsversammlung" * 2
    paid = make_funds.paid(fund=make_funds.fund(districts=[ost], by=silke), by=asli, checker=mara)
    session = make_bodies.session(body=make_bodies.body(districts=[ost]))
    make_documents.of_body(session.body, by=mara, title=long)
    make_documents.of_item(make_bodies.item(session=session), by=mara, title=long, picture=True)
    make_documents.of_application(paid, by=mara, title=long)
    make_documents.of_proof(paid, by=mara, title=long, picture=True)
    proof = reverse("projects:application_proof", args=[paid.pk])
    for address in (*(one.get_absolute_url() for one in (session.body, session, paid)), proof):
        page = visit(mara, address, width=width)
        expect(page.locator("main")).to_contain_text(long)
        assert (axe(page), has_sideways_scroll(page)) == ([], False)
        page.context.close()
