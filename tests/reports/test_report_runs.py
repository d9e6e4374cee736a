"""The making of a report's files: at once or by the worker, with progress, a way to stop, and word when it is ready."""

import logging
from datetime import timedelta
from threading import Thread

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from concerns.actions.base import Conflict
from districts.roles import Role
from quartier.jobs import GiveUp
from reports import making
from reports.actions import reports as actions
from reports.actions import runs
from reports.models import Report, ReportFile, ReportRun
from reports.views import report_files
from tests import make, pdf
from tests.concerns import loop
from tests.reports.test_reports import LIST, WORDS, own_text, page, url

pytestmark = pytest.mark.django_db

DRAFT = ReportRun.Purpose.DRAFT
HTMX = {"HX-Request": "true", "HX-Target": "run"}


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(task_name="reports.make_files").values_list("args", flat=True))


def make_pdf(client, report):
    return client.post(url("report_make", report))


@pytest.fixture
def report(silke, ost):
    """A small draft."""
    return make.report(districts=[ost], by=silke, title="Bericht über Ost")


@pytest.fixture
def large(monkeypatch):
    """Whatever has more than one page is left to the worker."""
    monkeypatch.setattr(report_files, "FEW_PAGES", 1)


@pytest.fixture
def waiting(report, silke):
    """A draft that waits for the worker."""
    return runs.request_run(report=report, purpose=DRAFT, by=silke)


# --- At once or later -------------------------------------------------------------------------------------------------


def test_a_small_draft_is_there_at_once(client_of, mara, report):
    client = client_of(mara)
    response = make_pdf(client, report)
    assert (response.status_code, response["Location"], jobs()) == (303, report.get_absolute_url(), [])
    shown = page(client.get(report.get_absolute_url()))
    assert ("Entwurf öffnen (PDF)" in shown, "Neu erstellen" in shown) == (True, True)
    answer = client.get(url("report_draft", report))
    assert (answer["Content-Type"], pdf.structure(answer.content)) == ("application/pdf", [])
    assert 'filename="bericht-ueber-ost-v1-entwurf.pdf"' in answer["Content-Disposition"]
    assert ReportRun.objects.get().requested_by == mara


def test_a_large_one_is_a_job_that_says_how_far_it_is(client_of, mara, report, large):
    client = client_of(mara)
    response = client.post(url("report_make", report), follow=True)
    assert "Sie können weiterarbeiten" in page(response)
    run = ReportRun.objects.get()
    assert (run.state, jobs()) == ("waiting", [{"run_id": run.pk}])
    assert ("wartet auf einen freien Platz" in page(response), "0 %" in page(response)) == (True, True)
    making.make_files(run_id=run.pk)
    shown = client.get(report.get_absolute_url(), headers=HTMX)
    assert ("Entwurf öffnen (PDF)" in page(shown), "<html" in shown.content.decode()) == (True, False)
    assert pdf.structure(client.get(url("report_draft", report)).content) == []


def test_progress_grows_and_tells_the_page(report, waiting, monkeypatch):
    told = []
    note = runs.note_progress

    def listen(*, run, progress, step):
        told.append((progress, step))
        return note(run=run, progress=progress, step=step)

    monkeypatch.setattr(runs, "note_progress", listen)
    making.make_files(run_id=waiting.pk)
    percents = [progress for progress, _ in told]
    assert percents == sorted(percents)
    assert [step for _, step in told if step.startswith("setzt Seite 1 von etwa ")]
    assert told[-1] == (75, "schreibt die Datei")
    run = ReportRun.objects.get()
    assert (run.state, run.progress, run.step, run.finished_at is not None) == ("done", 100, "", True)


def test_a_release_can_be_a_job_too(client_of, silke, report, large):
    client = client_of(silke)
    client.post(url("report_release", report))
    assert (loop.fresh(report).state, len(jobs())) == ("draft", 1)
    making.make_files(run_id=ReportRun.objects.get().pk)
    assert (loop.fresh(report).state, ReportFile.objects.count()) == ("released", 3)
    # Who looked on gets the page of a released report instead of a part of the draft's.
    answer = client.get(report.get_absolute_url(), headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, report.get_absolute_url())


def test_a_report_is_left_to_the_worker_while_figures_are_counted(client_of, silke, mara, report, monkeypatch):
    loop.log(mara)
    monkeypatch.setattr("reports.sums.count_anew.__kwdefaults__", {"at_most": 0})
    make_pdf(client_of(silke), report)
    making.make_files(run_id=ReportRun.objects.get().pk)
    assert ReportRun.objects.get().state == "done"


def test_nobody_gets_a_mail(client_of, silke, report, large):
    make_pdf(client_of(silke), report)
    making.make_files(run_id=ReportRun.objects.get().pk)
    assert (mail.outbox, ProcrastinateJob.objects.exclude(task_name="reports.make_files").count()) == ([], 0)


# --- One at a time ----------------------------------------------------------------------------------------------------


def test_a_second_wish_is_refused_while_one_is_made(client_of, silke, mara, report, waiting):
    for client, name in ((client_of(mara), "report_make"), (client_of(silke), "report_release")):
        assert "wird gerade schon erstellt" in page(client.post(url(name, report), follow=True))
    assert ReportRun.objects.get() == waiting
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRun.objects.create(report=report, purpose=DRAFT, revision=0, requested_by=silke)


def test_a_wish_for_what_was_released_meanwhile_is_refused(client_of, silke):
    released = make.released_report(by=silke)
    for name in ("report_make", "report_release"):
        assert "inzwischen freigegeben" in page(client_of(silke).post(url(name, released), follow=True))
    assert not ReportRun.objects.exists()


def test_a_run_is_made_once(report, waiting):
    making.make_files(run_id=waiting.pk)
    made = ReportRun.objects.values().get()
    making.make_files(run_id=waiting.pk)
    assert ReportRun.objects.values().get() == made


def test_a_worker_that_died_is_given_up_after_a_while(client_of, silke, report, waiting):
    runs.start(run_id=waiting.pk)
    client = client_of(silke)
    assert "wird gerade schon erstellt" in page(client.post(url("report_make", report), follow=True))
    ReportRun.objects.update(beat_at=timezone.now() - timedelta(minutes=4))
    make_pdf(client, report)
    assert ReportRun.objects.get().state == "done"


def test_a_job_that_comes_back_after_its_worker_died_is_made(report, waiting):
    runs.start(run_id=waiting.pk)
    making.make_files(run_id=waiting.pk)
    assert ReportRun.objects.get().state == "done"


# --- Stopping ---------------------------------------------------------------------------------------------------------


def stop_at(percent, monkeypatch, act):
    """Call `act` when the making has come so far, and note what is told from then on."""
    told, note = [], runs.note_progress

    def listen(*, run, progress, step):
        if progress >= percent and not told:
            act()
        if progress >= percent:
            told.append(progress)
        return note(run=run, progress=progress, step=step)

    monkeypatch.setattr(runs, "note_progress", listen)
    return told


@pytest.mark.parametrize("percent", [10, 20, 75])
def test_stopping_in_the_middle_ends_the_rendering_and_changes_nothing(
    percent, client_of, silke, report, waiting, monkeypatch
):
    client = client_of(silke)
    told = stop_at(percent, monkeypatch, lambda: client.post(url("report_stop", report)))
    making.make_files(run_id=waiting.pk)
    run = ReportRun.objects.get()
    assert (len(told), run.state, run.content) == (1, "cancelled", None)
    assert client.get(url("report_draft", report)).status_code == 404
    shown = page(client.get(report.get_absolute_url()))
    assert ("Das Erstellen wurde abgebrochen." in shown, "PDF erstellen" in shown) == (True, True)


def test_a_release_that_is_stopped_releases_nothing(client_of, silke, report, monkeypatch):
    run = runs.request_run(report=report, purpose="release", by=silke)
    before = Report.objects.values().get()
    stop_at(75, monkeypatch, lambda: client_of(silke).post(url("report_stop", report)))
    making.make_files(run_id=run.pk)
    assert (Report.objects.values().get(), ReportFile.objects.count()) == (before, 0)
    assert page(client_of(silke).get(report.get_absolute_url())).count("Entwurf") > 0


@pytest.mark.django_db(transaction=True)
def test_a_release_stopped_in_its_very_last_moment_releases_nothing(monkeypatch):
    """Somebody else presses the button when the files are made but nothing is written yet."""
    report = make.report()
    run = runs.request_run(report=report, purpose="release", by=report.created_by)
    finish = runs.finish

    def stop():
        runs.cancel(run=run, by=report.created_by)
        connection.close()

    def too_late(*, run, content):
        pressed = Thread(target=stop)
        pressed.start()
        pressed.join(timeout=60)
        return finish(run=run, content=content)

    monkeypatch.setattr(runs, "finish", too_late)
    making.make_files(run_id=run.pk)
    assert (loop.fresh(report).state, ReportFile.objects.count(), ReportRun.objects.get().state) == (
        "draft", 0, "cancelled",
    )  # fmt: skip


def test_a_job_that_was_stopped_before_it_began_does_nothing(client_of, silke, report, waiting):
    response = client_of(silke).post(url("report_stop", report), follow=True)
    assert "Abgebrochen. Es wurde nichts verändert." in page(response)
    making.make_files(run_id=waiting.pk)
    assert (ReportRun.objects.get().state, ReportRun.objects.get().progress) == ("cancelled", 0)


def test_stopping_too_late_says_so(client_of, silke, report):
    client = client_of(silke)
    make_pdf(client, report)
    assert "Es war schon zu Ende." in page(client.post(url("report_stop", report), follow=True))
    assert client.get(url("report_draft", report)).status_code == 200


def test_the_last_draft_stays_until_there_is_a_new_one(client_of, silke, report, ost, mara):
    client = client_of(silke)
    make_pdf(client, report)
    first = client.get(url("report_draft", report)).content
    actions.write_text(text=own_text(report, ost), content=WORDS, version=0, by=mara)
    assert "Seitdem wurde der Bericht geändert" in page(client.get(report.get_absolute_url()))
    run = runs.request_run(report=report, purpose=DRAFT, by=silke)
    runs.cancel(run=run, by=silke)
    assert client.get(url("report_draft", report)).content == first
    assert "Entwurf öffnen (PDF)" in page(client.get(report.get_absolute_url()))
    make_pdf(client, report)
    assert WORDS in pdf.text(client.get(url("report_draft", report)).content)
    assert ReportRun.objects.count() == 1


def test_only_who_asked_and_the_sozialplanung_stop(client_of, silke, mara, paul, report):
    runs.request_run(report=report, purpose=DRAFT, by=mara)
    shown = {user: "Abbrechen" in page(client_of(user).get(report.get_absolute_url())) for user in (mara, paul)}
    assert shown == {mara: True, paul: False}
    assert client_of(paul).post(url("report_stop", report)).status_code == 404
    assert client_of(mara).post(url("report_stop", report)).status_code == 303
    runs.request_run(report=report, purpose=DRAFT, by=mara)
    assert client_of(silke).post(url("report_stop", report)).status_code == 303


# --- When it fails ----------------------------------------------------------------------------------------------------


def broken(*arguments, **options):
    raise RuntimeError("the engine broke: Geheimname")


def test_a_failure_is_told_in_german_and_can_be_started_again(client_of, silke, report, large, monkeypatch, caplog):
    client = client_of(silke)
    make_pdf(client, report)
    run = ReportRun.objects.get()
    monkeypatch.setattr(making, "draft_pdf", broken)
    with pytest.raises(GiveUp), caplog.at_level(logging.ERROR, logger="quartier.reports"):
        making.make_files(run_id=run.pk)
    assert f"run {run.pk} failed" in caplog.text
    shown = page(client.get(report.get_absolute_url()))
    assert "Beim Erstellen ist ein Fehler aufgetreten. Bitte noch einmal starten. Bleibt es dabei, hilft die "
    assert f"(Lauf Nr. {run.pk})" in shown
    assert ("Noch einmal starten" in shown, "Geheimname" in shown) == (True, False)
    monkeypatch.undo()
    make_pdf(client, report)
    assert (ReportRun.objects.get().state, "Das hat nicht geklappt" in page(client.get(report.get_absolute_url()))) == (
        "done", False,
    )  # fmt: skip


def test_a_failure_at_once_is_no_error_page(client_of, silke, report, monkeypatch):
    monkeypatch.setattr(making, "draft_pdf", broken)
    response = client_of(silke).post(url("report_make", report), follow=True)
    assert (response.status_code, "Beim Erstellen ist ein Fehler aufgetreten." in page(response)) == (200, True)


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_what_was_asked_for_and_does_not_try_forever(monkeypatch):
    planner = make.user(role=Role.PLANNING)
    good, bad = (make.report(by=planner, title=name) for name in ("Gut", "Schlecht"))

    def sometimes(content):
        if content["title"] == "Schlecht":
            broken()
        return b"%PDF"

    monkeypatch.setattr(making, "draft_pdf", sometimes)
    for report in (good, bad):
        runs.request_run(report=report, purpose=DRAFT, by=planner)
    connection.close()

    async def work():
        async with app.open_async():
            await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    with app.replace_connector(app.connector.get_worker_connector()):
        async_to_sync(work)()
    assert {run.report: run.state for run in ReportRun.objects.all()} == {good: "done", bad: "failed"}
    found = ProcrastinateJob.objects.filter(task_name="reports.make_files").values_list("status", flat=True)
    assert sorted(found) == ["failed", "succeeded"]


def test_a_report_that_was_deleted_meanwhile_ends_quietly(client_of, silke, report, waiting):
    client_of(silke).post(url("report_delete", report))
    making.make_files(run_id=waiting.pk)
    assert not ReportRun.objects.exists()


# --- When it is ready -------------------------------------------------------------------------------------------------


def test_who_asked_reads_that_it_is_ready_until_it_was_seen(client_of, silke, mara, report, large):
    make_pdf(client_of(mara), report)
    assert "ist fertig" not in page(client_of(mara).get(LIST))
    making.make_files(run_id=ReportRun.objects.get().pk)
    ready = "Der Bericht „Bericht über Ost“ ist fertig."
    assert [ready in page(client_of(user).get(LIST)) for user in (mara, silke)] == [True, False]
    client_of(silke).get(report.get_absolute_url())
    assert ready in page(client_of(mara).get(LIST))
    client_of(mara).get(report.get_absolute_url())
    assert ready not in page(client_of(mara).get(LIST))


def test_who_opens_the_file_has_seen_it(client_of, mara, report, large):
    make_pdf(client_of(mara), report)
    making.make_files(run_id=ReportRun.objects.get().pk)
    client_of(mara).get(report.get_absolute_url(), headers=HTMX)
    assert "ist fertig" in page(client_of(mara).get(LIST))
    client_of(mara).get(url("report_draft", report))
    assert "ist fertig" not in page(client_of(mara).get(LIST))


def test_who_asked_reads_of_a_release_and_of_a_failure(client_of, silke, report, large, monkeypatch):
    client = client_of(silke)
    client.post(url("report_release", report))
    making.make_files(run_id=ReportRun.objects.get().pk)
    assert "Der Bericht „Bericht über Ost“ ist freigegeben." in page(client.get(LIST))
    other = make.report(by=silke, title="Anderer")
    make_pdf(client, other)
    monkeypatch.setattr(making, "draft_pdf", broken)
    with pytest.raises(GiveUp):
        making.make_files(run_id=other.runs.get().pk)
    assert "Der Bericht „Anderer“ konnte nicht erstellt werden. Beim Erstellen" in page(client.get(LIST))


def test_files_of_drafts_are_thrown_away_after_two_weeks(client_of, silke, report):
    make_pdf(client_of(silke), report)
    runs.forget_old_runs(now=timezone.now() + timedelta(days=13))
    assert ReportRun.objects.count() == 1
    runs.forget_old_runs(now=timezone.now() + timedelta(days=15))
    assert not ReportRun.objects.exists()
    assert "Noch kein PDF erstellt." in page(client_of(silke).get(report.get_absolute_url()))


def test_what_is_being_made_is_not_thrown_away(report, waiting):
    runs.forget_old_runs(now=timezone.now() + timedelta(days=99))
    assert ReportRun.objects.get() == waiting


def test_a_wish_that_is_taken_back_leaves_no_job(silke, report):
    with transaction.atomic():
        runs.request_run(report=report, purpose=DRAFT, by=silke)
        transaction.set_rollback(True)
    assert (ReportRun.objects.exists(), jobs()) == (False, [])


def test_a_conflict_is_told_as_it_is(report, waiting, monkeypatch):
    def refused(content):
        raise Conflict("Das geht gerade nicht.")

    monkeypatch.setattr(making, "draft_pdf", refused)
    making.make_files(run_id=waiting.pk)
    assert ReportRun.objects.get().fault == "Das geht gerade nicht."


@pytest.mark.parametrize("more", [0, 6])
def test_the_page_that_asks_every_two_seconds_is_cheap(more, client_of, silke, report, django_assert_num_queries):
    for _ in range(more):
        make.district()
        make.report(by=silke)
    runs.request_run(report=report, purpose=DRAFT, by=silke)
    client = client_of(silke)
    client.get(LIST)
    with django_assert_num_queries(12):
        assert "wartet" in page(client.get(reverse("reports:report", args=[report.pk]), headers=HTMX))
