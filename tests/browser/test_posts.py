"""Posts with a real browser: the key date is picked, what a quarter would lose is asked, a task is agreed on."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from districts.actions.assignments import set_model
from districts.actions.tasks import propose_tasks
from tests import make_posts
from tests.browser.conftest import axe, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(silke, mara, ost, preuswald):
    """A post for two quarters since 2019, and the only one there."""
    made = make_posts.assignment(name="Gemeinsamer Einsatz", districts=[ost, preuswald], starts_on=date(2019, 1, 1))
    post = make_posts.post(assignment=made, name="Q" * 60, valid_from=date(2019, 1, 1))
    make_posts.staffing(post=post, name="Fachkraft des Trägers", share="0.40", valid_from=date(2019, 1, 1))
    make_posts.staffing(post=post, person=mara, share="0.50", valid_from=date(2019, 1, 1))
    make_posts.classification(district=ost)
    areas = {f"{area}_actor": make_posts.carrier(name=f"Träger {area}") for area in ("planning", "community")}
    return set_model(assignment=made, version=1, model=4, by=silke, **areas)


def test_key_date_and_what_if(visit, silke, held):
    page = visit(silke, path=reverse("districts:uncovered"))
    page.get_by_label("Stichtag").fill("2018-12-31")
    expect(page.locator("#gaps")).to_contain_text("1 von 1 Quartier")
    page.get_by_label("Stichtag").fill("2019-01-01")
    expect(page.locator("#gaps")).to_contain_text("0 von 1 Quartier")
    page.get_by_label("Ohne den Einsatz").select_option(label="Gemeinsamer Einsatz")
    expect(page.locator("#gaps")).to_contain_text("1 von 1 Quartier")
    expect(page).to_have_url(re.compile("stichtag=2019-01-01"))
    assert axe(page) == []


def test_a_double_is_settled_by_keyboard(visit, silke, held):
    propose_tasks(assignment=held, by=silke)
    page = visit(silke, path=reverse("districts:tasks", args=[held.pk]))
    follow(page.get_by_role("link", name="Doppelt ("))
    expect(page.locator("#TA01")).to_have_count(0)  # the list is narrowed
    row = page.locator("#TA09")
    expect(row).to_contain_text("doppelt")
    row.get_by_role("link", name="Ändern").press("Enter")
    page.get_by_role("group", name="Träger community").get_by_label("wirkt mit").press("Space")
    assert axe(page) == []
    page.get_by_role("button", name="Speichern").press("Enter")
    expect(page.locator("#TA09")).not_to_contain_text("doppelt")


def test_full_pages_on_a_phone(phone, silke, held):
    page = phone(silke)
    names = ("posts", "timeline", "uncovered", "models", "structures")
    for path in (*map(reverse, (f"districts:{name}" for name in names)), held.get_absolute_url()):
        page.goto(path)
        assert (path, axe(page), has_sideways_scroll(page)) == (path, [], False)
