"""Hours come from the slots wherever they are told: papers, status page, mails (Z03)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from concerns.wording import compose_mail
from districts.models import Office
from tests import make
from tests.concerns import loop
from tests.pdf import text

pytestmark = pytest.mark.django_db
WORDS = "Mi 10–12 Uhr"


@pytest.fixture
def office(mara):
    """Open on Wednesdays; it was open on Fridays and will be on Mondays."""
    today = make.today()
    make.slot(office=mara.office)
    make.slot(office=mara.office, weekday=4, valid_to=today - timedelta(days=1))
    make.slot(office=mara.office, weekday=0, valid_from=today + timedelta(days=1))
    return mara.office


def test_the_hours_of_a_day_and_what_is_added(office):
    today = make.today()
    assert office.hours_on(today) == WORDS
    assert office.hours_on(today - timedelta(days=1)) == "Mi, Fr 10–12 Uhr"
    assert office.hours_on(today + timedelta(days=1)) == "Mo, Mi 10–12 Uhr"
    office.hours_note = "und nach Vereinbarung"
    assert office.hours_on(today) == f"{WORDS}\nund nach Vereinbarung"


def test_without_slots_the_added_words_stand_alone(db):
    office = make.office(hours_note="Mo 9–11 Uhr")
    assert office.hours_on(make.today()) == "Mo 9–11 Uhr"
    assert make.office().hours_on(make.today()) == ""


def test_an_office_that_is_closed_has_no_hours(office):
    office.closed_on = make.today() - timedelta(days=1)
    assert office.hours_on(make.today()) == ""
    assert Office(name="Noch nicht gespeichert").hours_on(date(2026, 1, 1)) == ""


def test_a_mail_to_a_reporter_says_when_to_come(office, mara):
    office.hours_note = "und nach Vereinbarung"
    office.save()
    concern = loop.log(mara)
    _, body = compose_mail(concern, "Erledigt.")
    assert body.startswith("Erledigt.\n\n-- \n")
    assert body.endswith(f"Geöffnet: {WORDS} · und nach Vereinbarung\n")


def test_the_receipt_and_the_status_page_say_it(office, mara, client_of):
    reporter = loop.log(mara).reporters.get()
    receipt = client_of(mara).get(reverse("reports:receipt", args=[reporter.pk]))
    assert WORDS in text(receipt.content)
    assert "Fr 10" not in text(receipt.content)
    assert WORDS in make.client_of(None).get(reverse("concerns:status")).text


def test_a_letter_says_what_held_on_its_date(office, mara, client_of):
    letter = make.letter(reporter=make.reporter(concern=make.concern(owner=mara, district=mara.office.districts.get())))
    batch = letter.batch
    type(batch).objects.filter(pk=batch.pk).update(dated_on=make.today() - timedelta(days=1))
    paper = client_of(mara).get(reverse("reports:letters", args=[batch.pk]))
    assert "Mi, Fr 10–12 Uhr" in text(paper.content)


def test_a_notice_says_it(office, mara, ost, client_of):
    sheet = make.sheet(made_by=mara, district=ost, office=office)
    paper = client_of(mara).get(reverse("reports:sheet_pdf", args=[sheet.pk, "a4"]))
    assert WORDS in text(paper.content)
