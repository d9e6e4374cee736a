"""Belm's table with a real browser: two people change a colour at once, the table on a phone."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from districts.roles import Role
from projects.actions import attainment
from projects.actions.measures import Added, amend
from projects.actions.plans import begin_update
from projects.models import Amendment
from tests import make, make_plans
from tests.browser.conftest import axe, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(silke, ost):
    made = make_plans.plan(by=silke, districts=[ost], title="Konzept Ost")
    make_plans.measure(plan=made, by=silke, title="Errichtung eines Bürgerhauses", is_urban_funded=True)
    make_plans.measure(plan=made, by=silke, title="Servicebüro Nachbarschaftshilfe", status="active")
    return make_plans.adopt(made, silke)


def test_two_people_change_a_colour_at_once_and_no_text_is_lost(visit, silke, plan):
    colleague = make.user(name="Rosa Planer", email="rosa@stadt.example", role=Role.PLANNING)
    pages = [visit(one, plan.get_absolute_url()) for one in (silke, colleague)]
    for page, text in zip(pages, ("Silkes Grund", "Rosas Grund"), strict=True):
        page.get_by_role("link", name=re.compile("Farbe ändern.*Errichtung")).click()
        dialog = page.get_by_role("dialog", name="Farbe ändern")
        dialog.get_by_label("Schwarz: war geplant, nicht umgesetzt").check()
        dialog.get_by_label("Nachtrag: Begründung oder Sachstand").fill(text)
    first, second = pages
    first.get_by_role("button", name="Farbe festhalten").click()
    expect(first.locator(".q-plan__under")).to_contain_text("Silkes Grund")
    expect(first.locator(".q-plan__measure").first).to_contain_text("Schwarz: nicht umgesetzt")
    second.get_by_role("button", name="Farbe festhalten").click()
    dialog = second.get_by_role("dialog", name="Farbe ändern")
    expect(dialog.locator(".q-errors")).to_contain_text("Jemand anderes war schneller")
    expect(dialog.get_by_label("Nachtrag: Begründung oder Sachstand")).to_have_value("Rosas Grund")
    dialog.get_by_label("Blau: in der aktiven Umsetzungs").check()
    dialog.get_by_role("button", name="Farbe festhalten").click()
    expect(second.locator(".q-plan__measure").first).to_contain_text("Blau: in Umsetzung")
    assert [one.text for one in Amendment.objects.all()] == ["Silkes Grund", "Rosas Grund"]


def test_the_table_is_whole_on_a_desk_and_cards_on_a_phone(visit, phone, silke, plan):
    measure = plan.measures.last()
    added = Added(goal_text="Verknüpfung mit der Gemeinde", fundings=[(None, "LOS", True)])
    amend(measure=measure, month=make.today(), added=added, by=silke)
    wide = visit(silke, plan.get_absolute_url())
    heads = ["Maßnahmen/Projekte", "Weitere Ziele", "Ausführende Träger/ Beteiligte", "Vorgesehene Finanzierung"]
    expect(wide.locator(".q-plan thead th")).to_have_text([*heads, "Aufn. in Konzept", "Stbauf.", "Sonst. F."])
    small = phone(silke, plan.get_absolute_url())
    expect(small.locator(".q-plan__under")).to_contain_text("evtl. LOS")
    for page in (wide, small):
        assert axe(page) == []
        assert not has_sideways_scroll(page)
    wide.get_by_role("link", name=re.compile("Farbe ändern.*Servicebüro")).click()
    expect(wide.get_by_role("dialog").get_by_role("heading", name="Servicebüro")).to_be_focused()
    assert axe(wide) == []
    plain = visit(silke, reverse("projects:measure_status", args=[measure.pk]), javascript=False)
    plain.get_by_label("Grün: abgeschlossen und umgesetzt").check()
    plain.get_by_role("button", name="Farbe festhalten").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Servicebüro Nachbarschaftshilfe")
    expect(plain.locator(".q-head")).to_contain_text("Grün: abgeschlossen und umgesetzt")


def test_a_superseded_version_shows_frozen_money_and_corrections_on_every_screen(visit, phone, silke, plan):
    goal, measure = plan.goals.get(), plan.measures.first()
    row = make_plans.indicator(goal=goal, measure=measure, by=silke)
    attainment.note_value(goal=goal, indicator=row, year=2026, value=Decimal(30), by=silke)
    for text in ("Alle kommen.", "Viele kommen."):
        said = attainment.add_evidence(goal=goal, kind="statement", text=text, on=make.today(), by=silke)
    make_plans.line(paid=measure, by=silke)
    page = visit(silke, goal.get_absolute_url())
    follow(page.get_by_role("link", name="Berichtigen: Viele kommen."))
    page.get_by_label("Warum der bisherige Eintrag nicht stimmt").fill("Nur einmal gesagt.")
    page.get_by_label("Nur streichen, nichts stattdessen eintragen").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Berichtigen").click()
    page.locator("summary", has_text="Berichtigt").click()
    expect(page.locator("s")).to_have_text(said.text)
    assert axe(page) == []
    new = begin_update(plan=plan, as_of=make.today().replace(day=1), by=silke)
    make_plans.adopt(new, silke)
    small = phone(silke)
    for address in (
        reverse("projects:plan_money", args=[plan.pk]),
        measure.get_absolute_url(),
        goal.get_absolute_url(),
    ):
        for one in (page, small):
            one.goto(address)
            assert (axe(one), has_sideways_scroll(one)) == ([], False)
    page.goto(reverse("projects:plan_money", args=[plan.pk]))
    expect(page.get_by_text("Mittel, wie sie am")).to_be_visible()
