"""Belm's table on paper, word for word (scenario 11, P17); finance and deadlines of a plan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.demo.directory import PLANNER
from districts.roles import Role
from projects.actions.attainment import assess
from projects.demo import read
from projects.demo.plans import _Stage
from projects.models import ActionPlan
from projects.planning import LEGEND
from reports.papers.plans import plan_deadline_paper, plan_finance_paper, plan_paper
from tests import make, make_plans
from tests.pdf import ink_outside, outline, page_texts, structure, tables, text

pytestmark = pytest.mark.django_db
LEGEND_WORDS = (
    "Grün = abgeschlossen und umgesetzt", "Blau = in der aktiven Umsetzungs-/Durchführungsphase",
    "Rot = in der Planung", "Schwarz = war geplant, nicht umgesetzt",
)  # fmt: skip


@pytest.fixture
def belm(db):
    """Both versions, played as in the demo city."""
    make.user(name="Edda Steinmetz", email=PLANNER, role=Role.PLANNING)
    _Stage(timezone.now()).belm(read("plans")["belm"])
    return list(ActionPlan.objects.order_by("number"))


def lines(content: bytes) -> list[list[str]]:
    """The lines of the table of measures, as a screen reader hears them; its head is repeated on the next page."""
    parts = [table for table in tables(content) if table[0][0].startswith("Oberziel:")]
    assert all(part[:3] == parts[0][:3] for part in parts)
    return parts[0] + [line for part in parts[1:] for line in part[3:]]


def test_belm_prints_as_in_the_source(belm):
    content = plan_paper(belm[1], today=make.today())
    assert (structure(content), ink_outside(content)) == ([], [])
    goal, head, second, *rows = lines(content)
    assert goal == ["Oberziel: Unterstützung und Ausbau von Nachbarschaften und sozialen Netzen"]
    assert [*head, *second] == [
        *("Maßnahmen/Projekte", "Weitere Ziele", "Ausführende Träger/ Beteiligte", "Vorgesehene Finanzierung"),
        *("Aufn. in Konzept", "Stbauf.", "Sonst. F."),
    ]
    assert rows == [
        [
            "Errichtung eines Bürgerhauses mit Stadtteilbüro, Sozialberatungsstelle, Veranstaltungsräumen,"
            " Kindergarten, usw. Schwarz: nicht umgesetzt",
            "Qualifizierung und Beschäftigung; Verbesserung der Betreuungsmöglichkeiten; Bürgerbeteiligung",
            "Arbeitsamt, Architekt, Bewohner, soziale Einrichtungen, Gemeinde, Landkreis",
            "Ja", "Arbeitsamt, Landkreis, sonstige Förderprogramme", "Dez 01",
        ],
        [
            "Die Planung eines Bürgerhauses wird zunächst nicht weiter verfolgt. Auf Grund der demographischen"
            " Situation mit rückläufigen Geburtenzahlen wird eine dezentrale Lösung zur Unterbringung der vorgesehenen"
            " Einrichtungen angestrebt (Leerständeproblematik)",
            "Nachtrag Dez. 03",
        ],
        [
            "Aufbau einer Sozialstation im Erdgeschossbereich eines Punkthochhauses Blau: in Umsetzung",
            "Beschäftigung und Qualifizierung", "Eigentümer, Kirche, FD Soziales b. Landkreis, Arbeitsamt",
            "Ja", "Kirchen, Arbeitsamt, Gemeinde, Klosterkammer", "Dez 01",
        ],
        [
            "Hauswirtschaftliche Soforthilfe in Notsituationen Rot: in Planung",
            "Qualifizierung; Verbesserung der Lebenssituation von Familien",
            "Diakonie (Sozialstation), Bewohnerinnen", "", "ehrenamtlich", "Dez 01",
        ],
        [
            "Einrichtung einer Belmer Tafel (Außenstelle der Osnabrücker Tafel) Grün: umgesetzt",
            "Qualifizierung und Beschäftigung",
            "Belmer Integrationsclub, Kindertreff, Sozialamt, Arbeitsamt, MaßArbeit",
            "", "Arbeitsamt, Einzelhandel", "Dez 01",
        ],
        [
            "Servicebüro Nachbarschaftshilfe (Einrichtung im Bürgerhaus) Blau: in Umsetzung",
            "Qualifizierung u. Beschäftigung", "Verein, Arbeitsamt, Bewohner", "", "Arbeitsamt", "Dez 01",
        ],
        [
            "", "Verknüpfung des Sanierungsgebietes mit der Gemeinde", "Belmer Integrationsclub", "", "evtl. LOS",
            "Nachtrag Dez. 03",
        ],
    ]  # fmt: skip


def test_the_legend_stands_on_every_page_in_the_words_of_the_source(silke, ost):
    assert [f"{colour} = {words}" for _, colour, words in LEGEND] == list(LEGEND_WORDS)
    plan = make_plans.in_force(by=silke, districts=[ost], measures=25)
    content = plan_paper(plan, today=make.today())
    sheets = [" ".join(one.split()) for one in page_texts(content)]
    assert len(sheets) > 2
    assert [number for number, sheet in enumerate(sheets) for words in LEGEND_WORDS if words not in sheet] == []
    assert structure(content) == []


def test_the_old_version_prints_without_what_came_later(belm):
    content = plan_paper(belm[0], today=make.today())
    words = text(content)
    assert "Nachtrag" not in words
    assert "Stand Dez 01, Fassung 1, abgelöst" in words
    assert "Bürgerhaus" in words


def test_goals_are_contributed_to_and_those_without_indicator_are_named(silke, ost):
    plan = make_plans.in_force(by=silke, districts=[ost])
    goal = plan.goals.get()
    assess(goal=goal, result="unmeasurable", reason="Es fehlen Zahlen.", on=date(2026, 1, 2), by=silke)
    words = text(plan_paper(plan, today=make.today()))
    assert f"Beitrag zu: {goal.title} Einschätzung vom 02.01.2026: nicht messbar. Es fehlen Zahlen." in words
    assert f"Oberziele ohne Indikator • {goal.title}" in words
    assert "bewirkt" not in words


def test_money_and_days_are_what_the_pages_say(client_of, silke, ost):
    plan = make_plans.in_force(by=silke, districts=[ost])
    measure, day = plan.measures.get(), make.today() + timedelta(days=20)
    source = make_plans.source(name="Soziale Stadt")
    make_plans.line(paid=measure, by=silke, source=source, amount=Decimal("1234.50"), year=2026)
    make_plans.line(paid=measure, by=silke, source=source, amount=None, deadline_on=day, deadline_what="Antrag")
    content = plan_finance_paper(plan, today=make.today())
    assert (structure(content), ink_outside(content)) == ([], [])
    assert "Soziale Stadt mindestens 1.234,50 €, 1 Posten ohne Betrag" in text(content)
    deadlines = plan_deadline_paper(plan, today=make.today())
    assert structure(deadlines) == []
    assert f"{day:%d.%m.%Y} Antrag (Soziale Stadt) {measure.title}" in text(deadlines)
    for name in ("plan_paper", "plan_finance_paper", "plan_deadline_paper"):
        answer = client_of(silke).get(reverse(f"reports:{name}", args=[plan.pk]))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_empty_plans_and_hostile_words_print(silke, ost):
    empty = make_plans.plan(by=silke, districts=[ost])
    long = make_plans.plan(by=silke, districts=[ost], title="Konzept <b>fett</b> & " + "x" * 120)
    make_plans.measure(plan=long, by=silke, title="Ü" * 300)
    for plan in (empty, long):
        for made in (plan_paper, plan_finance_paper, plan_deadline_paper):
            content = made(plan, today=make.today())
            assert (structure(content), ink_outside(content)) == ([], [])
    assert outline(plan_paper(long, today=make.today()))[0][1].startswith("Konzept <b>fett</b> & ")
