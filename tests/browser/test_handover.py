"""Handing over and pages of districts with a real browser: keyboard, both sides of a proposal, axe on two widths."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern, Handover
from districts.roles import Role
from tests import make
from tests.browser.conftest import axe, follow, has_sideways_scroll
from tests.make_handover import proposal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lea(ost):
    """A second manager in Ost."""
    return make.user(name="Lea Kranz", role=Role.MANAGER, district=ost)


@pytest.fixture
def work(mara, ost):
    actor = make.actor(name="Nachbarschaftshilfe am ehemaligen Güterbahnhof Aachen-Nordost", districts=[ost])
    for n in range(3):
        make.concern(district=ost, owner=mara, title=f"Anliegen {n}")
    make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today())
    make.contact_person(actor=actor, keeper=mara, is_key_person=True)
    return make.network(name="Runde Ost", districts=[ost], keeper=mara)


def test_a_proposal_by_keyboard_and_the_yes_of_the_other(visit, mara, lea, work):
    page = visit(mara, reverse("concerns:handover", args=[mara.pk]))
    choice = page.get_by_label("Geht an").first
    choice.focus()
    page.keyboard.type("Lea")
    page.get_by_label("Anliegen 1").uncheck()
    choice.press("Control+Enter")
    page.get_by_text("Vorgeschlagen: Lea Kranz.").wait_for()
    expect(page.get_by_role("link", name="Mara Lindt an Lea Kranz")).to_be_visible()
    assert set(Concern.objects.values_list("owner", flat=True)) == {mara.pk}
    theirs = visit(lea, reverse("concerns:handovers"))
    follow(theirs.get_by_role("link", name="Mara Lindt an Lea Kranz"))
    theirs.get_by_role("button", name="Zustimmen und übernehmen").click()
    theirs.get_by_text("2 an Lea Kranz übergeben.").wait_for()
    assert sorted(Concern.objects.values_list("title", "owner__name")) == [
        ("Anliegen 0", "Lea Kranz"), ("Anliegen 1", "Mara Lindt"), ("Anliegen 2", "Lea Kranz"),
    ]  # fmt: skip


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, lea, work):
    made = proposal(person=mara, to=lea, network=[work], concern=list(mara.owned_concerns.all()[:1]))
    Concern.objects.filter(pk=made.items.filter(concern__isnull=False).get().concern_id).update(owner=lea)
    pages = [
        reverse("concerns:handover", args=[mara.pk]),
        reverse("concerns:handovers"),
        reverse("concerns:proposal", args=[Handover.objects.get().pk]),
    ]
    faults = {}
    for person, width, scheme in ((mara, 1280, "light"), (lea, 390, "dark"), (mara, 390, "light")):
        page = visit(person, width=width, color_scheme=scheme, reduced_motion="reduce")
        for path in pages if person is mara else pages[1:]:
            page.goto(path)
            found = axe(page) + ["scrolls sideways"] * has_sideways_scroll(page)
            if found:
                faults[person.name, width, path] = found
    assert faults == {}


def test_a_district_s_page_leads_to_its_lists_and_its_profile(visit, mara, ost, work):
    square = [[6.0, 50.7], [6.1, 50.7], [6.1, 50.8], [6.0, 50.8], [6.0, 50.7]]
    type(ost).objects.update(boundary={"type": "Polygon", "coordinates": [square]})
    type(mara.office).objects.update(lat=50.75, lon=6.05)
    page = visit(mara, reverse("reports:district_pages"))
    follow(page.get_by_role("link", name="Aachen-Ost").first)
    expect(page.get_by_role("heading", name="Aachen-Ost", level=1)).to_be_visible()
    expect(page.locator(".q-map .q-area")).to_have_count(1)
    expect(page.get_by_role("region", name="Karte: Grenze")).to_be_visible()
    page.get_by_text("Quartiersprofil (PDF)").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Profil erstellen")).to_be_visible()
    follow(page.get_by_role("link", name="3 Offene Anliegen"))
    expect(page.locator(".q-count").first).to_contain_text("3 Anliegen")


def test_district_pages_have_no_violations_wide_and_on_a_phone(visit, mara, silke, ost, work):
    make.indicator_value(district=ost)
    empty = make.district(name="Siedlung am ehemaligen Güterbahnhof Aachen-Nordost (Westteil)", slug="leer")
    pages = [reverse("reports:district_pages"), ost.get_absolute_url(), empty.get_absolute_url()]
    faults = {}
    for person, width, scheme in ((mara, 1280, "dark"), (silke, 390, "light")):
        page = visit(person, width=width, color_scheme=scheme, reduced_motion="reduce")
        for path in pages:
            page.goto(path)
            for summary in page.locator("main details > summary").all():
                summary.click()
            found = axe(page) + ["scrolls sideways"] * has_sideways_scroll(page)
            if found:
                faults[width, path] = found
    assert faults == {}
