"""Evaluation reports in the browser: from the first click to the next version, also by keyboard and without scripts."""

import re
from threading import Event, Thread

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from reports import making
from reports.actions import reports as actions
from reports.actions import runs
from reports.models import Report, ReportRun
from reports.views import report_files
from tests import make
from tests.browser.conftest import axe, eventually, follow, has_sideways_scroll
from tests.concerns import loop

LIST = reverse("reports:reports")
WORDS, OTHER_WORDS = "Im Viertel hat sich viel bewegt.", "Es fehlt an Bänken."


@pytest.fixture
def concerns(ost, mara, preuswald, paul, stadtbetrieb, transactional_db):
    """Six concerns of this year that went all the way."""
    topic = make.topic(name="Wilder Müll")
    for _ in range(6):
        loop.closed(mara, stadtbetrieb, topic=topic)


@pytest.fixture
def large(monkeypatch):
    """Whatever has more than one page is left to the worker."""
    monkeypatch.setattr(report_files, "FEW_PAGES", 1)


class Worker(Thread):
    """Makes what waits, as the worker does, but stands still in the middle until it is told to go on."""

    def __init__(self, monkeypatch, *, stands_at: int):
        super().__init__()
        self.stands_at, self.go_on, note = stands_at, Event(), runs.note_progress

        def listen(*, run, progress, step):
            running = note(run=run, progress=progress, step=step)
            if running and progress >= self.stands_at and not self.go_on.is_set():
                self.go_on.wait(timeout=120)
                return note(run=run, progress=progress, step=step)
            return running

        monkeypatch.setattr(runs, "note_progress", listen)

    def start(self):
        """Begin as soon as something waits: the click that orders it takes its time."""
        eventually(ReportRun.objects.active().count, 1)
        super().start()

    def end(self):
        """Go on to the end."""
        self.go_on.set()
        self.join(timeout=120)
        assert not self.is_alive()

    def run(self):
        making.make_files(run_id=ReportRun.objects.active().get().pk)
        connection.close()


def work(page) -> None:
    """Wait until the page says that something waits, then do what the worker does."""
    page.get_by_text("wartet auf einen freien Platz").wait_for()

    def make_it():
        making.make_files(run_id=ReportRun.objects.active().get().pk)
        connection.close()

    worker = Thread(target=make_it)
    worker.start()
    worker.join(timeout=120)
    assert not worker.is_alive()


def draft(silke, ost, **fields) -> Report:
    return make.report(districts=[ost], by=silke, title="Bericht über Ost", **fields)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_first_click_to_the_next_version(visit, silke, mara, concerns, javascript):
    page = visit(silke, LIST, javascript=javascript)
    follow(page.get_by_role("link", name="Bericht anlegen").first)
    page.get_by_role("textbox", name="Titel").fill("Jahresbericht Ost")
    page.get_by_text("Quartiere: alle").click()
    page.get_by_role("checkbox", name="Aachen-Ost").check()
    page.get_by_role("checkbox", name="Verlauf").uncheck()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("heading", name="Jahresbericht Ost", level=1).wait_for()

    manager = visit(mara, LIST, javascript=javascript)
    expect(manager.get_by_text("Ihr Text fehlt noch")).to_be_visible()
    follow(manager.get_by_role("link", name="Jahresbericht Ost"))
    expect(manager.get_by_role("link", name="Freigeben")).to_have_count(0)
    follow(manager.get_by_role("link", name=re.compile("^Schreiben.*Aachen-Ost")))
    manager.get_by_label("Text").fill(WORDS)
    manager.get_by_role("button", name="Speichern").click()
    manager.get_by_text(WORDS).wait_for()

    follow(page.get_by_role("link", name="Vorschau"))
    expect(page.get_by_role("heading", name="Zusammenfassung")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert ("Rückmeldung an die Menschen" in headings, "Verlauf" in headings) == (True, False)
    follow(page.get_by_role("link", name="Texte und Dateien"))
    page.get_by_role("button", name="PDF erstellen").click()
    work(page)
    opened = page.get_by_role("link", name="Entwurf öffnen (PDF)")
    opened.wait_for()
    answer = page.request.get(opened.get_attribute("href"))
    assert (answer.status, answer.headers["content-type"], answer.body()[:5]) == (200, "application/pdf", b"%PDF-")

    page.get_by_role("link", name="Freigeben").click()
    page.get_by_role("button", name="Endgültig freigeben").click()
    work(page)
    page.get_by_role("heading", name="Dateien").wait_for()
    report = Report.objects.get()
    assert (report.state, report.released_by) == ("released", silke)
    for file in report.files.all():
        link = page.get_by_role("link", name=file.name)
        assert page.request.get(link.get_attribute("href")).body() == bytes(file.content)
    page.get_by_role("button", name="Neue Version beginnen").click()
    page.get_by_text("Version 2 ist als Entwurf angelegt.").wait_for()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("link", name="Version 1").click()
    page.get_by_text("Eine neue Version ist in Arbeit").wait_for()


def test_the_keyboard_is_enough(visit, silke, concerns):
    page = visit(silke, LIST)
    page.keyboard.press("n")
    page.wait_for_url("**/berichte/neu/")  # with its scripts: keys pressed earlier would be nobody's
    page.get_by_role("textbox", name="Titel").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Mit der Tastatur")
    page.get_by_role("checkbox", name="Verlauf").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Mit der Tastatur", level=1).wait_for()
    assert "trend" not in Report.objects.get().chapters
    page.goto(LIST)
    page.get_by_role("link", name="Mit der Tastatur").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mit der Tastatur", level=1)).to_be_visible()
    release = page.get_by_role("link", name="Freigeben")
    release.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Bericht freigeben")
    expect(dialog).to_be_visible()
    expect(page.locator("dialog:focus-within")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(release).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Endgültig freigeben").focus()
    page.keyboard.press("Enter")
    work(page)
    page.get_by_role("heading", name="Dateien").wait_for()
    assert Report.objects.get().state == "released"


def test_progress_grows_by_itself_until_the_file_is_there(visit, silke, ost, concerns, large, monkeypatch):
    report = draft(silke, ost)
    page = visit(silke, report.get_absolute_url())
    page.get_by_role("button", name="PDF erstellen").click()
    page.get_by_text("wartet auf einen freien Platz").wait_for()
    page.evaluate("document.body.dataset.here = 'still'")
    worker = Worker(monkeypatch, stands_at=20)
    worker.start()
    page.get_by_text("setzt Seite").wait_for()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", re.compile(r"^([2-9]\d|100)$"))
    assert axe(page) == []
    worker.end()
    page.get_by_role("link", name="Entwurf öffnen (PDF)").wait_for()
    assert page.evaluate("document.body.dataset.here") == "still"
    page.goto(LIST)
    page.get_by_text("Der Bericht „Bericht über Ost“ ist fertig.").wait_for()
    follow(page.get_by_role("link", name=re.compile("^Ansehen")))
    expect(page.get_by_role("heading", name="Bericht über Ost", level=1)).to_be_visible()
    page.goto(LIST)
    expect(page.get_by_text("ist fertig")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_button_stops_it_in_the_middle(visit, silke, ost, concerns, large, monkeypatch, javascript):
    report = draft(silke, ost)
    page = visit(silke, report.get_absolute_url(), javascript=javascript)
    page.get_by_role("button", name="PDF erstellen").click()
    worker = Worker(monkeypatch, stands_at=20)
    worker.start()
    # Without scripts the page looks again every few seconds by itself.
    page.get_by_text("setzt Seite").wait_for()
    # The part is replaced every two seconds: a slow machine's mouse would go down on one button and up on the next.
    page.get_by_role("button", name="Abbrechen").dispatch_event("click")
    page.get_by_text("Das Erstellen wurde abgebrochen.").wait_for()
    worker.end()
    run = ReportRun.objects.get()
    assert (run.state, run.content) == ("cancelled", None)
    expect(page.get_by_role("button", name="PDF erstellen")).to_be_visible()


def test_a_release_by_the_worker_turns_the_page_over(visit, silke, ost, concerns, large, monkeypatch):
    page = visit(silke, draft(silke, ost).get_absolute_url())
    page.get_by_role("link", name="Freigeben").click()
    page.get_by_role("button", name="Endgültig freigeben").click()
    worker = Worker(monkeypatch, stands_at=20)
    worker.start()
    page.get_by_text("Der Bericht wird freigegeben").wait_for()
    worker.end()
    page.get_by_role("heading", name="Dateien").wait_for()
    expect(page.get_by_role("link", name="Freigeben")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_two_who_write_at_once_see_both_texts(visit, silke, mara, ost, concerns, javascript):
    report = draft(silke, ost)
    text = report.texts.get(district=ost)
    page = visit(mara, reverse("reports:report_text", args=[text.pk]), javascript=javascript)
    ida = make.user(name="Ida Busch", role="manager", district=ost)
    actions.write_text(text=text, content=OTHER_WORDS, version=0, by=ida)
    page.get_by_label("Text").fill(WORDS)
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("heading", name="Fassung von Ida Busch").wait_for()
    expect(page.get_by_text(OTHER_WORDS)).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value(WORDS)
    assert axe(page) == [] if javascript else True
    page.get_by_label("Text").fill(f"{OTHER_WORDS} {WORDS}")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text(f"{OTHER_WORDS} {WORDS}").wait_for()


# --- How it looks -----------------------------------------------------------------------------------------------------


def started(report: Report, by) -> ReportRun:
    return runs.start(run_id=runs.request_run(report=report, purpose="draft", by=by).pk)


@pytest.fixture
def reports(silke, mara, ost, concerns):
    """A report in every state there is, by what can be seen of it."""
    long = "Evaluationsbericht über die Rückmeldeschleife im Quartiersmanagement der Gesamtstadt im Jahr 2026"
    running = draft(silke, ost, chapters=["overview", "intake", "departments", "assessments"])
    run = runs.request_run(report=running, purpose="draft", by=silke)
    ReportRun.objects.filter(pk=run.pk).update(state="running", progress=42, step="setzt Seite 7 von etwa 14")
    failed, ready, old = make.report(by=silke, title=long), make.report(by=silke), make.released_report(by=silke)
    runs.fail(run=started(failed, silke), fault=making.FAULT.format(run=7))
    runs.finish(run=started(ready, silke), content=b"%PDF")
    actions.write_text(text=running.texts.get(district=ost), content=WORDS * 40, version=0, by=mara)
    new = make.freeze(actions.supersede(report=old, by=silke))
    return {"running": running, "failed": failed, "ready": ready, "old": old, "new": new}


def pages(reports) -> list[str]:
    """Every page of reports; the wizard in full and with errors."""
    text = reports["running"].texts.get(kind="outlook")
    names = ("report_preview", "report_edit", "report_release", "report_delete")
    return [
        LIST,
        reverse("reports:report_new"),
        reverse("reports:report_settings"),
        reverse("reports:report_text", args=[text.pk]),
        *(report.get_absolute_url() for report in reports.values()),
        *(reverse(f"reports:{name}", args=[reports["running"].pk]) for name in names),
    ]


def test_every_page_is_accessible_wide_and_dark(visit, silke, reports):
    page = visit(silke, color_scheme="dark", reduced_motion="reduce")
    found = {}
    for path in pages(reports):
        page.goto(path)
        for folded in page.locator("main details > summary").all():
            folded.click()
        found[path] = (axe(page), has_sideways_scroll(page))
    assert {path: faults for path, faults in found.items() if faults != ([], False)} == {}


def test_every_page_fits_a_phone(phone, silke, reports):
    page = phone(silke)
    found = {}
    for path in pages(reports):
        page.goto(path)
        found[path] = (axe(page), has_sideways_scroll(page))
        page.set_viewport_size({"width": 320, "height": 640})
        found[f"{path} at 320"] = ([], has_sideways_scroll(page))
        page.set_viewport_size({"width": 390, "height": 844})
    assert {path: faults for path, faults in found.items() if faults != ([], False)} == {}


def test_what_was_forgotten_is_said_at_its_field(visit, silke, concerns):
    page = visit(silke, reverse("reports:report_new"))
    page.get_by_role("textbox", name="Titel").fill("")
    for box in page.locator("input[name=chapters]").all():
        box.uncheck()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Bitte mindestens ein Kapitel wählen.").last.wait_for()
    expect(page.locator(".q-errors:focus-within")).to_have_count(1)
    assert axe(page) == []
    page.get_by_role("link", name="Bitte mindestens ein Kapitel wählen.").click()
    expect(page.locator(":is(fieldset, [id=id_chapters]):focus-within")).not_to_have_count(0)
