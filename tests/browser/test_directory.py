"""The directory with a real browser: search while typing, choosing an actor by its name, doubles, keyboard, axe."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from districts.actions.merging import merge_actors
from districts.models import Actor, ActorType, ContactNote, Relation
from tests import make
from tests.browser.conftest import axe, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)

LIST = reverse("districts:actors")


@pytest.fixture
def kind(db):
    return make.list_entry(ActorType, name="Stadtteilverein")


@pytest.fixture
def actor(ost, mara, kind):
    """An actor with everything that can stand on its page."""
    made = make.actor(
        name="Nachbarschaftshilfe Ost e. V.", type=kind, districts=[ost], street="Elsassstraße 41", city="Aachen",
        email="info@nachbarost.example", website="https://nachbarost.example", languages=["de", "tr"],
        action_fields=[make.action_field(name="Alter und Generationen")], target_groups=[make.target_group()],
        description="Besuchsdienst und Einkaufshilfe.", source="Gespräch",
    )  # fmt: skip
    Actor.objects.filter(pk=made.pk).update(created_at=made.created_at - timedelta(days=500))
    flags = dict.fromkeys(("is_key_person", "is_multiplier", "is_speaker", "is_volunteer"), True)
    person = make.contact_person(actor=made, name="Gerda Palm", private_note="vormittags", **flags)
    make.contact_person(actor=made, valid_to=make.today() - timedelta(days=9), successor=person)
    settled = {"follow_up_on": make.today(), "settled_at": "2026-01-01T10:00Z"}
    for more in ({"follow_up_on": make.today()}, settled, {"is_confidential": True}):
        make.contact_note(actor=made, person=person, district=ost, by=mara, **more)
    make.network(name="Stadtteilnetz", members=[made], districts=[ost], coordinator=made)
    make.relation(source=made, target=make.actor(name="Pfarrheim", districts=[ost]), by=mara, kind="uses_rooms")
    merge_actors(kept=made, merged=make.actor(name="NaHilfe", districts=[ost]), by=mara)
    return made


def test_the_list_follows_what_is_typed(visit, mara, actor):
    page = visit(mara, LIST)
    page.get_by_label("Name, Adresse oder Stichwort").type("pfarr", delay=20)
    expect(page.locator(".q-count")).to_have_text("1 Akteur")
    expect(page.get_by_role("link", name="Pfarrheim")).to_be_visible()
    expect(page.get_by_role("link", name="Nachbarschaftshilfe Ost e. V.")).to_have_count(0)
    expect(page).to_have_url(re.compile("q=pfarr(&|$)"))


def test_without_scripts_the_same_with_a_button(visit, mara, actor):
    page = visit(mara, LIST, javascript=False)
    page.get_by_label("Name, Adresse oder Stichwort").fill("pfarr")
    page.get_by_role("button", name="Filtern").click()
    expect(page.get_by_role("link", name="Pfarrheim")).to_be_visible()
    expect(page.get_by_role("link", name="Nachbarschaftshilfe Ost e. V.")).to_have_count(0)


def test_similar_entries_appear_while_a_new_one_is_named(visit, mara, actor, kind):
    page = visit(mara, reverse("districts:actor_new"))
    page.get_by_label("Name", exact=False).first.type("Nachbarschafthilfe Ost", delay=10)
    hint = page.get_by_role("status").filter(has_text="Vielleicht gibt es den Akteur schon")
    expect(hint.get_by_role("link", name="Nachbarschaftshilfe Ost e. V.")).to_be_visible()
    page.get_by_label("Art").and_(page.locator("select")).select_option(label="Stadtteilverein")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".q-errors")).to_be_visible()
    page.get_by_label("Es ist ein anderer Akteur").check()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("heading", name="Nachbarschafthilfe Ost", level=1).wait_for()
    assert Actor.objects.filter(name="Nachbarschafthilfe Ost").exists()


def test_another_actor_is_chosen_from_the_names_that_fit(visit, mara, actor, ost):
    other = make.actor(name="Boxring Rothe Erde", districts=[ost])
    page = visit(mara, reverse("districts:relation_new", args=[actor.pk]))
    field = page.get_by_label("Anderer Akteur")
    field.type("boxr", delay=20)
    option = page.locator("#target-names option")
    expect(option).to_have_count(1)
    field.fill(option.get_attribute("value"))
    page.get_by_label("Art der Beziehung").select_option(label="kooperiert mit")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("heading", name=actor.name, level=1).wait_for()
    assert Relation.objects.filter(source=actor, target=other, kind="cooperates").exists()


def test_a_contact_is_written_down_and_settled_by_keyboard(visit, mara, actor):
    page = visit(mara, reverse("districts:note_new", args=[actor.pk]))
    page.get_by_label("Worum es ging").fill("Sommerfest")
    page.get_by_label("Wiedervorlage am").fill(make.today().isoformat())
    with page.expect_navigation():
        page.get_by_label("Worum es ging").press("Control+Enter")
    expect(page.get_by_role("heading", name=actor.name, level=1)).to_be_visible()
    page.get_by_role("button", name="Erledigt").filter(has_text="Sommerfest").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Wiedervorlage erledigt.").wait_for()
    assert ContactNote.objects.get(topic="Sommerfest").settled_at is not None
    page.get_by_role("button", name="Rückgängig").click()
    page.get_by_text("Die Wiedervorlage ist wieder offen.").wait_for()
    assert ContactNote.objects.get(topic="Sommerfest").settled_at is None


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, actor, ost):
    for _ in range(3):
        make.actor(name="Nachbarschaftshilfe Ost", districts=[ost])
    file = make.actor_file(
        user=mara, text="Name;Art;Mond\nPfarrheim;Stadtteilverein;x\nNeu;Stadtteilverein;\nFalsch;x;\n"
    )
    pages = [
        *(f"{LIST}?{query}" for query in ("", "q=Nachbarschafthilve", "type=x", "status=any&unverified=on")),
        actor.get_absolute_url(),
        reverse("districts:network", args=[actor.network_memberships.get().network_id]),
        reverse("districts:contact_log"),
        f"{reverse('districts:contact_log')}?zeigen=faellig",
        reverse("districts:gaps"),
        reverse("districts:actor_preview", args=[file.pk]),
        reverse("districts:actor_merge", args=[actor.pk]),
    ]
    faults = {}
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = visit(mara, width=width, color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 6000})
        for path in pages:
            page.goto(path)
            found = axe(page) + ["scrolls sideways"] * has_sideways_scroll(page)
            if found:
                faults[width, path] = found
    assert faults == {}


def test_on_a_phone_the_menu_holds_what_lies_below_a_section(phone, mara):
    page = phone(mara, LIST)
    menu = page.get_by_role("navigation", name="Hauptmenü (kompakt)")
    page.get_by_text("Menü", exact=True).click()
    expect(menu.get_by_role("link", name="Akteure", exact=True)).to_have_attribute("aria-current", "page")
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    menu.get_by_role("link", name="Stadtteilbüros", exact=True).click()
    page.get_by_role("heading", name="Stadtteilbüros", level=1).wait_for()
