"""The whole loop in the browser, every desk by its own person (scenarios 1, 2, 5, 6).

Scenario 1 runs with scripts and once more with plain forms (scenario 18).
"""

import re
from datetime import timedelta

import pytest
from django.core.handlers.base import BaseHandler
from django.urls import reverse
from playwright.sync_api import expect

from concerns.actions import bundling
from concerns.models import Concern, Reporter, Routing
from tests import make
from tests.browser.conftest import follow
from tests.concerns import loop

NAME, PHONE, NOTE = "Gerda Zorn", "0241 555019", "Nicht vor zehn Uhr anrufen"
SECRETS = (NAME, "Zorn", PHONE, "555019", NOTE)
ANSWER = "Die Straße wird erst im nächsten Jahr erneuert. Bis dahin flicken wir das Loch nicht."
RESIDENT_WORDS = "Guten Tag Frau Zorn, die Stadt kann das Loch in diesem Jahr leider nicht schließen."


@pytest.fixture
def pothole(stadtbetrieb):
    topic = make.topic(name="Schlagloch", keywords="Schlagloch, Loch in der Straße")
    make.rule(topic=topic, department=stadtbetrieb, working_days=7)
    return topic


@pytest.fixture
def heard(monkeypatch):
    """`heard(person)`: everything the server has sent this person so far, heads included.

    Written down where it is sent: a browser forgets an answer as soon as it has left the page.
    """
    sent, answer_to = [], BaseHandler.get_response

    def get_response(handler, request):
        answer = answer_to(handler, request)
        body = "" if answer.streaming else answer.content.decode(answer.charset, "replace")
        sent.append((request.user.pk, f"{answer.headers}\n{body}"))
        return answer

    monkeypatch.setattr(BaseHandler, "get_response", get_response)
    return lambda person: "".join(text for pk, text in sent if pk == person.pk)


def says(page, text):
    """Wait for the newest message."""
    expect(page.locator(".q-toast__text").last).to_have_text(text)


def tile(page, label):
    """Open one list of the basket."""
    page.goto(reverse("concerns:basket"))
    follow(page.get_by_role("link", name=label).first)


def press(page, name, *, then):
    """Press a button that leads to another page."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(then)


def capture(page, javascript):
    """Log a pothole and send it on; returns the number."""
    follow(page.get_by_role("link", name="Anliegen erfassen").last)
    page.get_by_label("Was ist das Anliegen?").fill("Vor Haus 12 ist ein tiefes Schlagloch in der Fahrbahn.")
    page.get_by_label("Wo? Ort in Worten").fill("Elsassstraße 12")
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Telefon", exact=True).fill(PHONE)
    page.get_by_label("Einverstanden: Name und Kontaktdaten").check()
    if not javascript:
        # Nothing appears while typing: the first attempt to save brings the suggestion.
        page.get_by_role("button", name="Speichern und weiterleiten").click()
        expect(page.locator(".q-errors")).to_be_visible()
    page.get_by_role("button", name="Schlagloch", exact=True).click()
    page.get_by_text("Geht an E 18").wait_for()
    expect(page.get_by_text("weil Thema „Schlagloch“")).to_be_visible()
    page.get_by_text("Mehr Angaben").click()
    page.get_by_label("Interne Notiz").fill(NOTE)
    page.get_by_role("button", name="Speichern und weiterleiten").click()
    page.wait_for_url(re.compile(r"/anliegen/\d{4}-\d+/$"))
    number = page.url.rstrip("/").rpartition("/")[2]
    says(page, f"{number} gespeichert und an E 18 weitergeleitet.")
    return number


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_no_reaches_the_resident(visit, heard, mara, enno, silke, uwe, pothole, javascript):
    manager = visit(mara, reverse("concerns:basket"), javascript=javascript)
    department = visit(enno, javascript=javascript)

    number = capture(manager, javascript)
    expect(manager.locator(".q-stations__turn strong")).to_have_text("E 18")

    # The department accepts and asks back.
    department.goto(reverse("concerns:inbox"))
    follow(department.get_by_role("link", name=number))
    department.get_by_role("link", name="Annehmen", exact=True).click()
    department.locator("form", has=department.get_by_role("button", name="Annehmen")).get_by_label(
        "Ihr Aktenzeichen"
    ).fill("E18-4711")
    department.get_by_role("button", name="Annehmen").click()
    department.get_by_text("Angenommen.").wait_for()
    department.get_by_role("link", name="Rückfrage", exact=True).click()
    department.get_by_label("Ihre Rückfrage").fill("Auf der Fahrbahn oder am Rand?")
    department.get_by_role("button", name="Senden", exact=True).click()
    department.get_by_text("Frist steht still").first.wait_for()

    # The manager answers.
    tile(manager, "Rückfragen an mich")
    follow(manager.get_by_role("link", name=number))
    manager.get_by_label("Antwort auf die Rückfrage").fill("Mitten auf der Fahrbahn.")
    manager.get_by_role("button", name="Rückfrage beantworten", exact=True).click()
    says(manager, "Die Rückfrage von E 18 ist beantwortet. Die Frist läuft weiter.")

    # A no without a reason is refused, with the text kept; with a reason it goes out.
    department.goto(reverse("concerns:inbox"))
    follow(department.get_by_role("link", name=number))
    expect(department.get_by_text("Mitten auf der Fahrbahn.")).to_be_visible()
    department.get_by_label("Nicht entsprochen").check()
    department.get_by_label("Text für die Anliegengeber/innen").fill(ANSWER)
    department.get_by_role("button", name="Antwort senden").click()
    department.get_by_text("Ein (teilweises) Nein braucht einen Grund.").first.wait_for()
    expect(department.get_by_label("Text für die Anliegengeber/innen")).to_have_value(ANSWER)
    assert Routing.objects.get().status == "accepted"
    department.get_by_label("Grund", exact=True).select_option("Fehlende Mittel")
    press(department, "Antwort senden", then="**/eingang/")
    says(department, "Antwort gespeichert. Vielen Dank!")

    # Feedback is due; closing says what is missing.
    tile(manager, "Rückmeldung offen Personen warten")
    follow(manager.get_by_role("link", name=number, exact=True))
    manager.get_by_role("link", name="Abschließen").click()
    manager.get_by_text("1 von 1 Anliegengeber/innen hat noch keine Rückmeldung.").last.wait_for()
    manager.get_by_role("button", name="Abschließen").click()
    manager.locator(".q-errors").wait_for()
    assert Concern.objects.get().status == "feedback_due"

    # The call; then nothing is missing any more.
    tile(manager, "Rückmeldung offen Personen warten")
    follow(manager.get_by_role("link", name=f"Rückmelden zu {number}"))
    words = manager.get_by_label("Worte für die Anliegengeber/in")
    expect(words).to_have_value(re.compile(re.escape(ANSWER)))
    words.fill(RESIDENT_WORDS)
    manager.get_by_label("Ergebnis", exact=True).select_option("Erreicht")
    manager.get_by_label("Reaktion", exact=True).select_option("accepted")
    press(manager, "Versuch festhalten", then="**/abschliessen/")
    expect(manager.get_by_label(re.compile("^Ergebnis"))).to_have_value("declined")
    press(manager, "Abschließen", then=f"**/anliegen/{number}/")
    says(manager, f"{number} ist abgeschlossen.")
    concern = Concern.objects.get()
    assert (concern.status, concern.outcome, concern.reason_category) == ("closed", "declined", "funds")
    assert Reporter.objects.get().feedbacks.get().text == RESIDENT_WORDS

    # The department has never read who it was; another department finds nothing; planning reads all but the people.
    department.goto(reverse("concerns:ticket", args=[Routing.objects.get().pk]))
    everything = heard(enno) + department.content()
    assert (number in everything, ANSWER in everything) == (True, True)
    assert [secret for secret in SECRETS if secret in everything] == []
    stranger = visit(uwe, javascript=javascript)
    assert stranger.goto(reverse("concerns:ticket", args=[Routing.objects.get().pk])).status == 404
    planner = visit(silke, reverse("concerns:list"), javascript=javascript)
    follow(planner.get_by_role("link", name=number))
    expect(planner.get_by_text(ANSWER).first).to_be_visible()
    everything = heard(silke) + planner.content()
    assert ANSWER in heard(silke)
    assert [secret for secret in (*SECRETS, RESIDENT_WORDS) if secret in everything] == []


def test_seven_reporters_two_of_them_anonymous(visit, mara, stadtbetrieb):
    """Six duplicates below one lead: one answer, but every reporter keeps their own feedback (scenario 2)."""
    topic = make.topic()
    people = [loop.PERSON] * 5 + [loop.ReporterData(kind="anonymous", channel="notice")] * 2
    lead, *others = [loop.log(mara, reporters=[one], topic=topic, title=f"Müll {n}") for n, one in enumerate(people)]
    loop.forward(lead, stadtbetrieb, by=mara)
    for one in others[1:]:
        bundling.bundle(concern=one, lead=loop.fresh(lead), by=mara)

    page = visit(mara, reverse("concerns:detail", args=[others[0].number]))
    page.get_by_role("link", name="Bündeln", exact=True).click()
    page.get_by_label("Oder Nummer des führenden Anliegens").fill(lead.number)
    page.get_by_role("button", name="Bündeln").click()
    page.get_by_text(f"Zum führenden Anliegen {lead.number}").wait_for()
    loop.reply(lead.routings.get())

    close = reverse("concerns:close", args=[lead.number])
    page.goto(close)
    expect(page.get_by_text("7 von 7 Anliegengeber/innen haben noch keine Rückmeldung.")).to_be_visible()
    page.goto(reverse("concerns:worklist"))
    follow(page.get_by_role("link", name="Gerda Zorn").first)
    page.get_by_label("Ergebnis", exact=True).select_option("Erreicht")
    press(page, "Versuch festhalten", then="**/rueckmeldung/?weg=phone")
    for reporter in Reporter.objects.feedback_due().exclude(kind="anonymous"):
        loop.tell(reporter, by=mara)
    page.goto(close)
    expect(page.get_by_text("2 von 7 Anliegengeber/innen haben noch keine Rückmeldung.")).to_be_visible()

    page.goto(f"{reverse('concerns:worklist')}?weg=notice")
    page.get_by_label("Alle auswählen").check()
    expect(page.locator("[data-count-of]")).to_have_text("2")
    follow(page.get_by_role("button", name="Aushang für die Ausgewählten festhalten"))
    page.get_by_label("Wortlaut des Aushangs").fill("Der Müll ist abgeholt.")
    page.get_by_label("Wo und bis wann hängt er?").fill("Schaufenster, vier Wochen")
    press(page, "Aushang festhalten", then="**/rueckmeldung/?weg=notice")
    says(page, "Der Aushang ist für 2 Personen festgehalten.")
    page.goto(close)
    press(page, "Abschließen", then=f"**/anliegen/{lead.number}/")
    assert set(Concern.objects.values_list("status", flat=True)) == {"closed"}
    assert Reporter.objects.filter(feedback_state="done").count() == 7


@pytest.mark.parametrize("kept", [True, False])
def test_a_promise_comes_back_on_its_day(visit, mara, stadtbetrieb, kept):
    outcome = {
        "outcome": "planned",
        "answer_text": "Das Beet wird im Herbst bepflanzt.",
        "promised_on": make.today() + timedelta(days=9),
    }
    concern = loop.closed(mara, stadtbetrieb, outcome=outcome, reporters=[loop.PERSON])
    page = visit(mara, f"{reverse('concerns:basket')}?liste=zusagen")
    expect(page.get_by_text("Keine Zusage ist zu prüfen.")).to_be_visible()
    Concern.objects.filter(pk=concern.pk).update(promised_on=make.today())

    tile(page, "Zusagen fällig")
    follow(page.get_by_role("link", name=f"Prüfen : {concern.number}"))
    page.get_by_label("Ja, es wurde gemacht" if kept else "Nein, noch nicht").check()
    if kept:
        page.get_by_label("Was wurde gemacht?").fill("Das Beet ist bepflanzt.")
    press(page, "Speichern", then=f"**/anliegen/{concern.number}/")
    if kept:
        follow(page.get_by_role("link", name="Rückmeldung geben an Gerda Zorn"))
        expect(page.get_by_label("Worte für die Anliegengeber/in")).to_have_value(re.compile("Das Beet ist bepflanzt."))
    else:
        expect(page.get_by_text("wieder offen").first).to_be_visible()
        tile(page, "Neu zu sichten")
        expect(page.get_by_role("link", name=concern.number, exact=True)).to_be_visible()
