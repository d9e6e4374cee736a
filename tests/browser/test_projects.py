"""From what somebody said to a project, its end and the answer; an event with concerns raised there (K18, Z30)."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern
from projects.models import Event, Project
from tests import make, make_projects
from tests.concerns import loop
from tests.projects.test_project_concerns import told

SAVED = re.compile(r"/anliegen/\d{4}-\d{5}/")
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_idea_becomes_a_project_and_its_end_goes_back_to_whoever_had_it(visit, mara, ost):
    idea = loop.log(mara, title="Beete am Platz", text="Etwas pflanzen.", kind="idea", district=ost)
    told(idea, mara)
    page = visit(mara, idea.get_absolute_url())
    page.get_by_role("link", name="Projektidee anlegen").click()
    expect(page.get_by_label("Titel")).to_have_value("Beete am Platz")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Beete am Platz", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=idea.number)).to_be_visible()
    page.get_by_role("link", name="Stand ändern").click()
    page.get_by_label("läuft").check()
    page.get_by_role("button", name="Stand eintragen").click()
    expect(page.get_by_text("Der neue Stand ist eingetragen.")).to_be_visible()
    page.get_by_role("link", name="Stand ändern").click()
    page.get_by_label("abgeschlossen", exact=True).check()
    page.get_by_label("Was die Menschen hören sollen").fill("Das Beet ist fertig.")
    page.get_by_role("button", name="Stand eintragen").click()
    expect(page.locator(".q-errors")).to_contain_text("Ergebnisse")
    expect(page.get_by_label("Was die Menschen hören sollen")).to_have_value("Das Beet ist fertig.")
    page.get_by_label("Ergebnisse").fill("Es blüht.")
    page.get_by_role("button", name="Stand eintragen").click()
    expect(page.get_by_role("heading", name="Wirkt es noch?")).to_be_visible()
    page.goto(reverse("concerns:worklist"))
    expect(page.get_by_role("link", name=idea.number, exact=True)).to_be_visible()
    assert Project.objects.get().status == "completed"
    assert loop.fresh(idea).answer_text == "Das Beet ist fertig."


def test_concerns_of_an_event_are_captured_with_its_occasion_on_a_phone_without_scripts(phone, mara, ost):
    topic = make.topic(name="Ruhebank")
    event = make_projects.event(by=mara, district=ost, title="Stadtteilfest", on=make.today())
    page = phone(mara, event.get_absolute_url(), javascript=False)
    page.get_by_role("link", name="Anliegen von dort aufnehmen").click()
    expect(page.get_by_text(event.occasion).first).to_be_visible()
    page.fill("#id_text", "Auf dem Platz fehlt eine Bank.")
    page.select_option("#id_topic", str(topic.pk))
    page.fill("#id_person-0-name", "Gerda Zorn")
    page.fill("#id_person-0-phone", "0241 555019")
    page.check("#id_person-0-consent_store")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.wait_for_url(SAVED)
    concern = Concern.objects.get()
    assert (concern.occasion, concern.channel, concern.district) == (event.occasion, "event", ost)
    page.goto(event.get_absolute_url())
    expect(page.get_by_role("heading", name=re.compile("Anliegen von dort: 1"))).to_be_visible()
    page.get_by_role("link", name="Wie war es?").click()
    page.get_by_label("Teilnehmende").fill("80")
    page.get_by_role("button", name="Festhalten").click()
    expect(page.get_by_text("fand statt").first).to_be_visible()
    assert Event.objects.get().participants == 80
