"""The page of a batch of letters in the browser: where text blocks go, and the language they bring along (P03)."""

import re

import pytest
from playwright.sync_api import expect

from concerns import letters as found
from concerns.actions import letters as actions
from concerns.actions.intake import ReporterData
from concerns.models import Letter, Reporter
from concerns.wording import LETTER_CLOSING
from tests import make
from tests.browser.conftest import axe, has_sideways_scroll
from tests.concerns import loop

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = ReporterData(name="Hedi Brandt", address="Gasse 4\n52066 Aachen", channel="letter", consent_store=True)
ARABIC = "شكرا لكم."


@pytest.fixture
def batch(mara, stadtbetrieb):
    """One letter that lies ready."""
    make.text_block(name="Dank", purpose="feedback", text="Vielen Dank.")
    make.text_block(name="Dank ar", purpose="feedback", language="ar", text=ARABIC)
    reporter = loop.answered(mara, stadtbetrieb, reporters=[PERSON]).reporters.get()
    return actions.make_batch(drafts=found.drafts_for([reporter]), by=mara)


def test_a_block_goes_above_the_closing_formula_until_somebody_sets_the_cursor(visit, mara, batch):
    page = visit(mara, batch.get_absolute_url(), reduced_motion="reduce")
    text, first = page.get_by_label("Text auf Deutsch"), batch.letters.get().text
    page.get_by_label("Textbaustein", exact=True).select_option("Dank")
    insert = page.get_by_role("button", name="Einfügen in den Brief an Hedi Brandt")
    insert.click()
    draft = first.removesuffix(LETTER_CLOSING)
    expect(text).to_have_value(f"{draft}Vielen Dank.\n\n{LETTER_CLOSING}")
    text.evaluate("field => field.setSelectionRange(0, 0)")
    insert.click()
    expect(text).to_have_value(re.compile(r"^Vielen Dank\.Guten Tag Hedi Brandt,"))


def test_a_block_brings_its_language_along(visit, mara, batch):
    page = visit(mara, batch.get_absolute_url(), reduced_motion="reduce")
    page.get_by_label("Zweite Sprache").select_option("Russisch")
    page.get_by_label("Textbaustein in anderer Sprache").select_option("Dank ar")
    page.get_by_role("button", name="Einfügen in den zweiten Text").click()
    expect(page.get_by_label("Zweite Sprache")).to_have_value("ar")
    page.get_by_role("button", name="Speichern", exact=True).last.click()
    page.get_by_text("Gespeichert.").first.wait_for()
    letter = Letter.objects.get()
    assert (letter.second_language, letter.second_text) == ("ar", ARABIC)


@pytest.mark.parametrize("width", [1280, 390])
def test_words_that_cannot_be_printed_are_named_without_barriers(visit, mara, batch, width):
    Reporter.objects.update(name="李小龙 Brandt", language="ar")
    page = visit(mara, batch.get_absolute_url(), reduced_motion="reduce", width=width)
    expect(page.get_by_text("Nicht druckbar")).to_be_visible()
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
