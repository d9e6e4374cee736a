"""From an agenda item to feedback recorded by approved minutes, as four people (scenario 10, K14, Z19, Z20).

Mara Lindt manages the quarter, Aslı Demir writes the minutes, Enno Kraus answers for his department, Tara Brandis of
the Sozialwerk belongs to the conference: she reads the agenda, and minutes once they are approved.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Concern
from projects.models import Session
from tests import make, make_bodies
from tests.browser.conftest import axe, follow
from tests.browser.test_loop import says

pytestmark = pytest.mark.django_db(transaction=True)

TASK = "Fragen, wann die Bank am Spielplatz ersetzt wird"
ANSWER = "Die Bank wird im Frühjahr ersetzt, vorher fehlt das Geld."
STANDARD = ["Offene Aufträge", "Antworten der Verwaltung", "Termine und nächste Sitzung", "Verschiedenes"]
NOTE = "Die Bank ist seit Wochen kaputt."


@pytest.fixture
def conference(ost, mara, tara, stadtbetrieb):
    body = make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost], coordinator=mara)
    seat = tara.memberships.get().actor
    seat.email = "post@sozialwerk.example"
    seat.save()
    make_bodies.member(body=body, actor=seat)
    topic = make.topic(name="Bänke", keywords="Bank")
    make.rule(topic=topic, department=stadtbetrieb, working_days=7)
    return body


def press(page, name):
    """Press a button that leads to another page."""
    follow(page.get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_an_agenda_item_comes_back_as_feedback(visit, mara, asli, enno, tara, conference, javascript):
    earlier = make_bodies.session(body=conference, on=make.today() - timedelta(days=7))
    manager, writer, department, member = (
        visit(person, "/", javascript=javascript) for person in (mara, asli, enno, tara)
    )

    # The manager puts the item onto the agenda.
    manager.goto(earlier.get_absolute_url())
    follow(manager.get_by_role("link", name="Punkt hinzufügen"))
    manager.get_by_label("Thema").fill("Bank am Spielplatz")
    press(manager, "Speichern")
    expect(manager.locator("#agenda h3")).to_have_text(["Bank am Spielplatz"])

    # The assistant writes the minutes and gives a follow-up.
    writer.goto(earlier.get_absolute_url())
    follow(writer.get_by_role("button", name="Sitzung beginnen"))
    follow(writer.get_by_role("link", name="Anwesenheit festhalten"))
    writer.get_by_role("group", name="Sozialwerk Ostviertel e. V.").get_by_label("anwesend").check()
    press(writer, "Speichern")
    follow(writer.get_by_role("link", name="Auftrag vergeben"))
    writer.get_by_label("Was ist zu tun?").fill(TASK)
    writer.get_by_label("Wer kümmert sich?").fill("Stadtteilbüro")
    writer.get_by_label("Tagesordnungspunkt").select_option(index=1)
    press(writer, "Speichern")
    expect(writer.get_by_text(TASK, exact=True)).to_be_visible()
    follow(writer.get_by_role("link", name="Protokoll schreiben"))
    writer.get_by_label("Protokoll", exact=True).fill(NOTE)
    press(writer, "Protokoll speichern")

    # The manager makes a concern of the follow-up and sends it on.
    manager.goto(earlier.get_absolute_url())
    follow(manager.get_by_role("link", name=f"Anliegen daraus machen : {TASK}"))
    manager.get_by_label("Thema").select_option("Bänke")
    follow(manager.get_by_role("button", name="Anliegen erfassen"))
    number = Concern.objects.get().number
    says(manager, f"{number} erfasst. Das Gremium erfährt die Antwort in einer der Sitzungen.")
    manager.get_by_role("link", name="Weiterleiten", exact=True).first.click()
    press(manager, "Weiterleiten")
    expect(manager.locator(".q-stations__turn strong")).to_have_text("E 18")

    # The department answers and reads nothing of who asked.
    department.goto(reverse("concerns:inbox"))
    follow(department.get_by_role("link", name=number))
    department.get_by_label("Teilweise entsprochen").check()
    department.get_by_label("Grund", exact=True).select_option("Fehlende Mittel")
    department.get_by_label("Text für die Anliegengeber/innen").fill(ANSWER)
    press(department, "Antwort senden")
    says(department, "Antwort gespeichert. Vielen Dank!")

    # The answer is proposed for the next session; the manager plans it and takes what is proposed.
    manager.goto(conference.get_absolute_url())
    follow(manager.get_by_role("link", name="Einzelne Sitzung"))
    manager.get_by_label("Tag").fill(make.today().isoformat())
    manager.get_by_label("Beginn").fill("10:00")
    manager.get_by_label("Ende").fill("12:00")
    press(manager, "Speichern")
    later = Session.objects.get(on=make.today())
    proposed = manager.get_by_role("region", name="Vorgeschlagene Punkte")
    expect(proposed.get_by_text("Antworten der Verwaltung").first).to_be_visible()
    press(manager, "Alle übernehmen")
    expect(manager.locator("#agenda")).to_contain_text(ANSWER)
    follow(manager.get_by_role("link", name="Einladen"))
    follow(manager.get_by_role("button", name=re.compile("verschicken|Einladen|senden")))
    member.goto(later.get_absolute_url())
    expect(member.locator("#agenda h3")).to_have_text(["Genehmigung offener Protokolle", *STANDARD])

    # In that session the answer is reported and the minutes of the earlier one are approved.
    writer.goto(later.get_absolute_url())
    press(writer, "Sitzung beginnen")
    follow(writer.get_by_role("link", name="Anwesenheit festhalten"))
    writer.get_by_role("group", name="Sozialwerk Ostviertel e. V.").get_by_label("anwesend").check()
    press(writer, "Speichern")
    follow(writer.get_by_role("link", name="Protokoll schreiben"))
    expect(writer.get_by_role("region", name="Offene Aufträge")).to_contain_text(TASK)
    replies = writer.get_by_role("region", name="Antworten der Verwaltung")
    replies.get_by_label(re.compile(f"^{number}")).check()
    replies.get_by_label("Protokoll", exact=True).fill("Berichtet.")
    press(writer, "Protokoll speichern")
    assert Concern.objects.get().status == "feedback_due"

    # As long as they are drafts, the member reads no minutes: nobody was invited to the earlier session.
    assert member.goto(earlier.get_absolute_url()).status == 404
    member.goto(later.get_absolute_url())
    expect(member.get_by_role("heading", name="Tagesordnung", exact=True)).to_be_visible()
    expect(member.get_by_text(ANSWER)).to_have_count(0)
    paper = reverse("reports:session_minutes", args=[later.pk])
    assert member.request.get(paper).status == 404

    manager.goto(earlier.get_absolute_url())
    follow(manager.get_by_role("link", name="Protokoll genehmigen"))
    press(manager, "Genehmigen")
    manager.goto(later.get_absolute_url())
    follow(manager.get_by_role("link", name="Protokoll genehmigen"))
    press(manager, "Genehmigen")
    expect(manager.get_by_role("region", name="Protokoll", exact=True)).to_contain_text("Genehmigt am")
    told = Concern.objects.get().reporters.get().feedbacks.get()
    assert (told.kind, told.channel, told.result) == ("final", "multiplier", "reached")
    assert told.text.startswith(f"In der Sitzung am {later.on:%d.%m.%Y} berichtet: {ANSWER}")

    # Now the member reads the answer, and what is still to be done, without opening the concern.
    member.goto(conference.get_absolute_url())
    expect(member.get_by_role("region", name="Offene Aufträge")).to_contain_text(TASK)
    follow(member.get_by_role("link", name=f"{later.on:%d.%m.%Y}"))
    expect(member.locator("#agenda")).to_contain_text(f"Anliegen {number}")
    expect(member.locator("#agenda")).to_contain_text(ANSWER)
    expect(member.get_by_role("link", name=number)).to_have_count(0)
    assert member.request.get(paper).headers["content-type"] == "application/pdf"
    member.goto(earlier.get_absolute_url())
    expect(member.locator("#agenda")).to_contain_text(NOTE)
    if javascript:  # without scripts a page never answers what axe asks
        assert axe(member) == []

    # Nobody waits any more: the concern can be closed, with the same no.
    follow(manager.get_by_role("link", name=number).first)
    expect(manager.get_by_text("1 Person, niemand wartet auf Rückmeldung.")).to_be_visible()
    manager.get_by_role("link", name="Abschließen", exact=True).click()
    press(manager, "Abschließen")
    says(manager, f"{number} ist abgeschlossen.")
    concern = Concern.objects.get()
    assert (concern.status, concern.outcome, concern.reason_category) == ("closed", "partly", "funds")
