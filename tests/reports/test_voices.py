"""Who is not heard: districts, channels and languages from which fewer concerns came than could be expected (N8)."""

from datetime import date

import pytest
from django.urls import reverse

from reports.choice import Choice
from reports.figures import evaluate
from reports.models import Indicator
from reports.sentences import with_sentences
from tests import make

pytestmark = pytest.mark.django_db
LAST = make.today().year - 1


@pytest.fixture
def city(ost, preuswald):
    """As many people live in both districts, but few report from Preuswald, by phone or in Turkish."""
    inhabitants = Indicator.load_inhabitants()
    for place in (ost, preuswald):
        make.indicator_value(indicator=inhabitants, district=place, year=LAST, number=2000)
    turkish = make.indicator(language="tr", name="Türkisch")
    make.indicator_value(indicator=turkish, level="city", year=LAST, number=30)
    for n in range(24):
        place = preuswald if n < 6 else ost
        make.concern(
            district=place, received_on=date(LAST, 5, n + 1), channel="letter" if n else "phone",
            reporters=[{"language": "de" if n else "tr"}],
        )  # fmt: skip
        make.concern(district=ost, received_on=date(LAST - 1, 5, n + 1), channel="phone" if n % 2 else "letter")


def judged(code, **choice):
    span = Choice(date(LAST, 1, 1), date(LAST, 12, 31), date(LAST - 1, 1, 1), date(LAST - 1, 12, 31), **choice)
    found = evaluate(span).table(code)
    return {
        row.code: (row.cells[0].value, row.cells[found.index("expected")].value, row.cells[-1].value)
        for row in found.rows
    }


def test_a_district_with_fewer_concerns_than_people_is_named(city, ost, preuswald):
    assert judged("unheard_districts") == {
        str(ost.pk): (18, 12.0, "im Rahmen"),
        str(preuswald.pk): (6, 12.0, "unter der Erwartung"),
    }


def test_a_district_alone_is_held_against_the_city(city, preuswald):
    found = judged("unheard_districts", districts=(preuswald.pk,))
    assert found == {str(preuswald.pk): (6, 12.0, "unter der Erwartung")}
    figures = with_sentences(evaluate(Choice(date(LAST, 1, 1), date(LAST, 12, 31), districts=(preuswald.pk,))))
    words = " ".join(next(one for one in figures.chapters if one.code == "voices").sentences)
    assert "Aus diesen Quartieren kamen weniger Anliegen als zu erwarten: Preuswald." in words


def test_channels_are_held_against_the_comparison_and_of_a_district_against_the_city(city, preuswald):
    assert judged("unheard_channels")["phone"] == (1, 12.0, "unter der Erwartung")
    assert judged("unheard_channels")["letter"] == (23, 12.0, "im Rahmen")
    assert judged("unheard_channels", districts=(preuswald.pk,))["letter"] == (5, 5.8, "im Rahmen")


def test_languages_are_held_against_what_people_speak(city):
    found = judged("unheard_languages")
    assert found["tr"] == (1, 7.2, "unter der Erwartung")
    assert found["de"] == (23, None, "ohne Vergleich")


def test_few_are_no_finding(city, preuswald):
    assert judged("unheard_languages", districts=(preuswald.pk,))["tr"] == (1, 1.8, "zu wenige für eine Aussage")


def test_ratings_of_the_districts_stand_on_the_page(client_of, silke, city, preuswald):
    need = make.indicator(name="Nachbarschaft")
    make.indicator_value(indicator=need, district=preuswald, year=LAST, number=None, rating="above")
    page = client_of(silke).get(reverse("reports:evaluation"), {"span": "year", "year": LAST}).content.decode()
    shown = page.split("Einschätzungen zum Sozialraum")[1].split("</table>")[0]
    assert "überdurchschnittlich" in shown
