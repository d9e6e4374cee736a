"""Bodies with a real browser: an agenda by keyboard, minutes on a tablet through a lost connection, axe."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Draft
from projects.actions import agenda
from projects.actions.follow_ups import put_off
from tests import make, make_bodies
from tests.browser.conftest import axe, eventually, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def body(ost, mara, stadtbetrieb):
    made = make_bodies.body(
        name="Stadtteilkonferenz Ost/Rothe Erde mit allen Einrichtungen und Vereinen", districts=[ost], quorum=50,
        mandate="Berät, was fehlt.", voting_rules="Einfache Mehrheit.", coordinator=mara, is_public=True,
    )  # fmt: skip
    first = make_bodies.member(body=made, actor=make.actor(name="Kita Sonnenwinkel", email="kita@verein.example"))
    make_bodies.member(body=made, name="Petra Lamberts", deputy_for=first)
    make_bodies.member(body=made, department=stadtbetrieb, has_vote=False, role="advisor")
    return made


@pytest.fixture
def held(body, mara):
    return make_bodies.held(body=body, by=mara, members=[body.members.first()], items=2, place="Saal")


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def test_an_agenda_is_put_in_order_by_keyboard(visit, mara, body):
    session = make_bodies.session(body=body)
    for title in ("Erstes", "Zweites"):
        make_bodies.item(session=session, title=title)
    page = visit(mara, url("session", session))
    button = page.get_by_role("button", name="Nach oben: Zweites")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#agenda h3")).to_have_text(["Zweites", "Erstes"])
    expect(page.get_by_role("button", name="Nach oben: Zweites")).to_be_focused()
    page.get_by_role("button", name="Alle übernehmen").click()
    expect(page.locator("#agenda h3")).to_have_text(
        ["Zweites", "Erstes", "Termine und nächste Sitzung", "Verschiedenes"]
    )


def test_minutes_survive_a_lost_connection_on_a_tablet(visit, asli, held, problems):
    page = visit(asli, url("minutes", held), width=820)
    first = page.get_by_label("Protokoll", exact=True).first
    page.context.set_offline(True)
    first.fill("Die Bank ist kaputt.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Keine Verbindung")
    page.context.set_offline(False)
    first.press_sequentially(" Wir fragen nach.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Entwurf gespeichert")
    whole = "Die Bank ist kaputt. Wir fragen nach."  # a slow machine may save what was typed in two steps
    eventually(lambda: whole in str(Draft.objects.get(form=agenda.draft_key(held)).data), True)
    problems.clear()  # what the browser says about the request without a connection

    again = visit(asli, url("minutes", held), width=820)
    expect(again.get_by_label("Protokoll", exact=True).first).to_have_value(whole)
    with again.expect_navigation():
        again.get_by_label("Protokoll", exact=True).first.press("Control+Enter")
    expect(again.get_by_role("heading", name="Sitzung am", exact=False)).to_be_visible()
    assert held.items.first().minutes == whole
    assert not Draft.objects.exists()


def test_a_similar_body_is_pointed_out_while_one_is_typed(visit, mara, ost, body):
    page, asked = visit(mara, reverse("projects:body_new")), []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Auftrag").fill("Wer hier wohnt, kommt zu Wort.")
    page.locator("#id_kind").select_option("district_conference")
    page.get_by_label(ost.name, exact=False).first.check()
    expect(page.locator("#alike")).to_contain_text(body.name)
    expect(page.locator("#alike")).to_contain_text("Sie können trotzdem speichern.")
    # An address ends in logs: neither long texts nor the token of the form stand in it.
    parts = [set(parse_qs(urlsplit(one).query, keep_blank_values=True)) for one in asked if "/aehnlich/" in one]
    assert parts[-1] == {"name", "kind", "districts"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_follow_up_is_put_off_with_a_new_day_and_a_reason(visit, mara, body, scripts):
    order = make_bodies.follow_up(body=body, task="Bänke zählen")
    page = visit(mara, url("follow_up_settle", order), javascript=scripts)
    if scripts:
        expect(page.get_by_label("Neuer Termin")).to_be_hidden()
    page.get_by_label("verschoben").check()
    page.get_by_label("Neuer Termin").fill((make.today() + timedelta(days=60)).isoformat())
    page.get_by_label("Ergebnis, Stand oder Grund").fill("Der Bauhof hat kein Personal.")
    follow(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_text("Einmal verschoben")).to_be_visible()


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, asli, ost, stadtbetrieb, body, held):
    talk = make_bodies.talk(by=mara, departments=[stadtbetrieb], districts=[ost])
    make_bodies.raised(item=held.items.last(), by=mara, answered=True)
    make_bodies.write(session=held, by=mara, decision="Wir fragen nach.", yes=1, no=0, abstained=0)
    follow_up = make_bodies.follow_up(body=body, item=held.items.first(), due_on=make.today())
    put_off(follow_up=follow_up, until=make.today() + timedelta(days=9), reason="Schnee.", by=mara)
    session = make_bodies.session(body=body)
    agenda.take_proposals(session=session, kinds={"dates"}, by=mara)
    make_bodies.item(session=session, title="Bänke", text="Wo?", presenter="Seniorenkreis", duration=20)
    asked = make_bodies.item(session=session)
    pages = [
        reverse("projects:bodies"), url("body", body), url("body_edit", body), url("body_member_new", body),
        url("session", session), url("session_invite", session), url("item", asked),
        url("session", held), url("attendance", held), url("minutes", held), url("minutes_approve", held),
        f"{reverse('projects:follow_ups')}?zeigen=alle&gremium={body.pk}", url("follow_up_concern", follow_up),
        url("follow_up_settle", follow_up), url("follow_up", follow_up),
        reverse("projects:departments"), url("department", stadtbetrieb), reverse("projects:talks"),
        reverse("projects:talk_new"), url("talk", talk), url("talk_edit", talk),
    ]  # fmt: skip
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
