"""Belm's table with a real browser: two people change a colour at once, the table on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from districts.roles import Role
from projects.actions.measures import Added, amend
from projects.models import Amendment
from tests import make, make_plans
from tests.browser.conftest import axe, has_sideways_scroll

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
