"""What leaves the house of a real evaluation: nothing small can be worked out from figures that stand in two tables."""

from dataclasses import replace
from datetime import date

import pytest

from districts.models import District
from reports.choice import Choice
from reports.figures import evaluate
from reports.models import Indicator, ReportSettings
from reports.outward import outward
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db
HIDDEN = "•"


@pytest.fixture
def threshold(db):
    ReportSettings.objects.update_or_create(pk=1, defaults={"threshold": 3})


def this_year():
    return Choice(date(make.today().year, 1, 1), make.today())


@pytest.fixture
def written(threshold):
    """`written(table, column)`: what a file says in a column, line by line."""
    made = []

    def column(code, name="now"):
        if not made:
            made.append(outward(evaluate(this_year())))
        found = made[0].table(code)
        at = found.index(name)
        return {row.code: HIDDEN if row.cells[at].hidden else row.cells[at].value for row in found.all_rows()}

    return column


def concerns(n, **fields):
    district = District.objects.first() or make.district()
    return [make.concern(district=district, received_on=make.today(), **fields) for _ in range(n)]


def test_a_theme_with_unused_topics_does_not_give_a_small_topic_away(written):
    street, green = make.theme(name="Straße"), make.theme(name="Grün")
    hole, light, bench, tree = (
        make.topic(name=name, parent=parent)
        for name, parent in (("Schlagloch", street), ("Licht", street), ("Bank", green), ("Baum", green))
    )
    make.topic(name="Ampel", parent=street)  # nobody reported it
    for n, topic in ((2, hole), (9, light), (8, bench), (2, tree)):
        concerns(n, topic=topic)
    assert written("themes") == {f"feld-{street.pk}": 11, f"feld-{green.pk}": 10, "total": 21}
    assert written("topics") == {
        **{str(one.pk): HIDDEN for one in (hole, light, bench, tree)},
        "total": 21,
    }  # light and bench would give hole and tree away


def test_the_total_of_refusals_does_not_give_a_small_outcome_away(written, mara, stadtbetrieb):
    topic = make.topic()
    for n, outcome in ((4, "declined"), (2, "partly"), (4, "fulfilled")):
        said = {"reason_category": "funds"} if outcome != "fulfilled" else {}
        for _ in range(n):
            answer = {**loop.ANSWER, "outcome": outcome, "answer_text": "Kein Geld.", **said}
            loop.closed(mara, stadtbetrieb, outcome=answer, topic=topic)
    assert written("reasons") == {"funds": 6, "total": 6}
    assert written("outcomes") == {"fulfilled": 4, "declined": HIDDEN, "partly": HIDDEN, "total": 10}


def test_everybody_who_reports_does_not_give_a_small_language_away(written):
    concerns(2, reporters=[{"language": "tr"}])
    concerns(9, reporters=[{"language": "de"}])
    assert written("reporters")["total"] == 11
    spoken = written("unheard_languages")
    assert {spoken["tr"], spoken["de"]} == {HIDDEN}


def test_what_a_choice_leaves_of_the_city_does_not_follow_from_shares(threshold, ost, preuswald):
    """All districts but one: their shares of the city's concerns would tell how many came from that one."""
    inhabitants = Indicator.load_inhabitants()
    kullen, topic = make.district(name="Kullen"), make.topic()
    for place, n in ((ost, 8), (kullen, 7), (preuswald, 2)):
        make.indicator_value(indicator=inhabitants, district=place, number=3000)
        for _ in range(n):
            make.concern(district=place, topic=topic, received_on=make.today())
    figures = outward(evaluate(replace(this_year(), districts=(ost.pk, kullen.pk))))
    found = figures.table("unheard_districts")
    assert [row.cells[0].value for row in found.rows] == [8, 7]
    assert [cell.hidden for row in found.rows for cell in row.cells[1:]] == [True] * 8
    assert figures.table("overview").cell("all", "now").value == 15
