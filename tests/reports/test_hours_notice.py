"""The notice for the door (P14): the hours in force, what others offer, what is different soon."""

from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from tests import make
from tests.pdf import ink_outside, outline, pages, structure, text

pytestmark = pytest.mark.django_db
LONG = "Verein für nachbarschaftliche Unterstützung und interkulturelle Begegnung im Aachener Osten e. V."


@pytest.fixture
def office(mara):
    office = mara.office
    office.street, office.postcode, office.city = "Reichsweg 30", "52068", "Aachen"
    office.phone, office.email, office.accessibility = "0241 432-0", "ost@stadt.example", "Eingang ohne Stufen."
    office.save()
    return office


def notice(office, person, format="a4", **query) -> bytes:
    response = make.client_of(person).get(reverse("reports:hours_notice", args=[office.pk, format]), query)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return response.content


def size(content: bytes) -> tuple[int, int]:
    with pikepdf.open(BytesIO(content)) as pdf:
        _, _, width, height = (round(float(value)) for value in pdf.pages[0].mediabox)
    return width, height


def test_it_tells_the_hours_and_how_to_reach_the_office(office, mara, settings):
    settings.PUBLIC_URL = "https://quartier.stadt.example"
    make.slot(office=office)
    make.slot(office=office, weekday=4, kind="consultation", needs_appointment=True, language="Türkisch")
    make.slot(office=office, weekday=3, kind="third_party", topic="Mieterberatung", language="Türkisch")
    words = text(notice(office, mara, ab="2026-11-25"))
    for expected in (
        "Öffnungszeiten Stadtteilbüro Ost Reichsweg 30, 52068 Aachen", "Montag geschlossen", "Mittwoch 10–12 Uhr",
        "Freitag 10–12 Uhr Sprechzeit (Türkisch), nur mit Termin",
        "Mieterberatung Türkisch Donnerstag 10–12 Uhr Mieterhilfe e. V.",
        "Telefon 0241 432-0", "Eingang ohne Stufen.", f"quartier.stadt.example/buero/{office.pk}",
        "Gilt ab 25.11.2026",
    ):  # fmt: skip
        assert expected in words
    assert "Samstag" not in words


def test_it_tells_what_holds_from_a_day_on(office, mara):
    make.slot(office=office, valid_to=date(2026, 12, 31))
    make.slot(office=office, weekday=1, valid_from=date(2027, 1, 1))
    assert "Mittwoch 10–12 Uhr" in text(notice(office, mara, ab="2026-12-31"))
    words = text(notice(office, mara, ab="2027-01-01"))
    assert "Mittwoch geschlossen" in words
    assert "Dienstag 10–12 Uhr" in words


def test_it_tells_what_is_different_in_the_next_six_weeks(office, mara):
    make.slot(office=office)
    make.exception(office=office, first_day=date(2026, 12, 24), last_day=date(2026, 12, 31), reason="Weihnachtspause")
    make.exception(office=office, first_day=date(2027, 3, 3), reason="Umzug")
    words = text(notice(office, mara, ab="2026-12-01"))
    assert "Do 24.12.2026 bis Do 31.12.2026: geschlossen: Weihnachtspause" in words
    assert "Umzug" not in words


def test_every_second_week_names_the_next_time(office, mara):
    make.slot(office=office, anchor=date(2026, 11, 23))
    assert "alle zwei Wochen, auch am 09.12." in text(notice(office, mara, ab="2026-11-26"))


@pytest.mark.parametrize(("format", "expected"), [("a4", (595, 842)), ("a3", (842, 1191))])
@pytest.mark.parametrize("full", [False, True])
def test_everybody_can_read_it(format, expected, full, office, mara):
    if full:
        office.accessibility = "Rollstuhlgerecht. " * 20
        office.hours_note = "und nach Vereinbarung\nauch am Telefon"
        office.save()
        for n in range(14):
            fields = {"kind": "third_party", "provider": LONG, "topic": f"Beratung zu Wohnen, Energie und Schulden {n}"}
            make.slot(office=office, weekday=n % 7, room="Großer Gruppenraum", language="Deutsch, Arabisch", **fields)
            make.slot(office=office, weekday=n % 5, starts=f"{8 + n // 5 * 3}:00", ends=f"{10 + n // 5 * 3}:00")
        make.exception(office=office, first_day=make.today(), last_day=make.today() + timedelta(days=3))
    content = notice(office, mara, format)
    assert structure(content) == []
    assert ink_outside(content) == []
    assert size(content) == expected
    assert pages(content) <= (3 if full else 1)
    assert outline(content)[0] == (0, "Öffnungszeiten")


def test_the_weeks_of_a_usual_office_fit_on_one_page(office, mara):
    for n in range(5):
        make.slot(office=office, weekday=n)
        make.slot(office=office, weekday=n, kind="third_party", topic=f"Beratung {n}")
    make.exception(office=office)
    for format in ("a4", "a3"):
        assert pages(notice(office, mara, format)) == 1


def test_there_are_no_other_sizes(office, mara):
    assert make.client_of(mara).get(reverse("reports:hours_notice", args=[office.pk, "a5"])).status_code == 404


@pytest.mark.parametrize("extra", [0, 9])
def test_it_costs_the_same_for_few_and_many(extra, django_assert_num_queries, office, mara):
    for n in range(extra + 1):
        slot = make.slot(office=office, weekday=n % 5, topic=f"Thema {n}")
        make.exception(office=office, slot=slot)
    client = make.client_of(mara)
    with django_assert_num_queries(7):
        assert client.get(reverse("reports:hours_notice", args=[office.pk, "a4"])).status_code == 200
