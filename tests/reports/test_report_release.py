"""Release of an evaluation report: frozen for good, superseded but never changed, exactly what is downloaded (Z44)."""

import hashlib
import json
import logging
from io import BytesIO
from threading import Barrier, Thread
from zipfile import ZipFile

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from concerns.actions.base import Conflict, LoopError
from districts.roles import Role
from reports import frozen, making
from reports.actions import reports as actions
from reports.actions import runs
from reports.chapters import CHAPTERS
from reports.choice import Choice
from reports.figures import evaluate
from reports.models import Report, ReportFile, ReportRun, ReportText
from reports.papers.evaluation import content_of, freeze, freeze_content
from tests import make, pdf
from tests.concerns import loop
from tests.reports.test_reports import OTHER_WORDS, WORDS, own_text, page, url

pytestmark = pytest.mark.django_db

KINDS = {"pdf": "pdf", "xlsx": "xlsx", "zip": "csv"}


def release(client, report):
    return client.post(url("report_release", report))


def download(client, report, kind):
    return client.get(reverse("reports:report_file", args=[report.pk, kind]))


def everything(report) -> list:
    """All that is stored of a report, byte by byte."""
    texts = report.texts.order_by("pk").values_list("kind", "district", "text", "version", "changed_by", "changed_at")
    files = [
        (one.kind, one.name, bytes(one.content), one.checksum, one.size) for one in report.files.order_by("pk").all()
    ]
    return [Report.objects.filter(pk=report.pk).values().get(), list(texts), files]


@pytest.fixture
def draft(silke, mara, ost, stadtbetrieb):
    """A draft about six concerns in Ost that went all the way, with Mara's words."""
    topic = make.topic()
    for _ in range(6):
        loop.closed(mara, stadtbetrieb, topic=topic)
    report = make.report(districts=[ost], by=silke, title="Bericht über Ost", chapters=["overview", "assessments"])
    actions.write_text(text=own_text(report, ost), content=WORDS, version=0, by=mara)
    return loop.fresh(report)


# --- What is frozen ---------------------------------------------------------------------------------------------------


def test_a_release_keeps_parameters_figures_texts_files_and_who(client_of, silke, draft):
    before = timezone.now()
    response = release(client_of(silke), draft)
    report = loop.fresh(draft)
    assert (response.status_code, response["Location"]) == (303, report.get_absolute_url())
    assert (report.state, report.released_by, before <= report.released_at <= timezone.now()) == (
        "released", silke, True,
    )  # fmt: skip
    assert (report.parameters, report.chapters) == (draft.parameters, draft.chapters)
    overview = frozen.from_json(report.frozen["figures"]).table("overview")
    assert overview.cell("all", "now").value == 6
    assert [one["text"] for one in report.frozen["texts"]] == [WORDS, "", ""]
    assert report.frozen["released"] == {"on": f"{timezone.localtime():%d.%m.%Y}", "by": "Silke Faber"}
    as_text = json.dumps(report.frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert report.checksum == hashlib.sha256(as_text.encode()).hexdigest()
    assert [file.kind for file in report.files.all()] == ["pdf", "xlsx", "csv"]
    assert ReportRun.objects.get().state == "done"


def test_the_files_say_which_release_they_are_of(client_of, silke, draft):
    release(client_of(silke), draft)
    report = loop.fresh(draft)
    files = {one.kind: bytes(one.content) for one in report.files.all()}
    text = pdf.text(files["pdf"])
    assert (report.checksum[:16] in text, "freigegeben am" in text, "von Silke Faber" in text) == (True, True, True)
    assert "Entwurf" not in text
    notes = ZipFile(BytesIO(files["csv"])).read("hinweise.csv").decode("utf-8-sig")
    assert f"Bericht;Bericht über Ost, Version 1\r\nPrüfsumme;{report.checksum}\r\n" in notes
    assert [file.name for file in report.files.all()] == [
        "bericht-ueber-ost-v1.pdf", "bericht-ueber-ost-v1.xlsx", "bericht-ueber-ost-v1.zip",
    ]  # fmt: skip


def test_the_same_draft_released_at_the_same_moment_gives_the_same_bytes(silke, draft):
    moment = timezone.now()
    content = content_of(draft, now=moment)
    once, twice = (freeze_content(draft, content, by=silke, now=moment) for _ in range(2))
    assert (once.files, once.checksum) == (twice.files, twice.checksum)


def test_what_happens_later_changes_nothing_that_was_released(client_of, silke, mara, draft, stadtbetrieb, ost):
    client = client_of(silke)
    release(client, draft)
    stored, shown = everything(draft), page(client.get(url("report_preview", draft)))
    loop.closed(mara, stadtbetrieb)
    actions.save_settings(threshold=50, by=silke)
    ost.name, ost.short_name = "Ganz anders", "Anders"
    ost.save()
    silke.name = "Silke Neu"
    silke.save()
    assert everything(draft) == stored
    assert page(client.get(url("report_preview", draft))).replace("Silke Neu", "Silke Faber") == shown


# --- Nobody changes it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_report SET title = 'Anders'",
        "UPDATE reports_report SET frozen = '{}'",
        "UPDATE reports_report SET state = 'draft', frozen = NULL, checksum = '', released_by_id = NULL,"
        " released_at = NULL",
        "UPDATE reports_report SET released_at = now()",
        "DELETE FROM reports_report",
        "UPDATE reports_reporttext SET text = 'Anders'",
        "UPDATE reports_reporttext SET version = version + 1",
        "DELETE FROM reports_reporttext",
        "INSERT INTO reports_reporttext (report_id, kind, district_id, text, version)"
        " SELECT report_id, 'district', (SELECT max(id) FROM districts_district), 'Neu', 0 FROM reports_reporttext"
        " LIMIT 1",
        "UPDATE reports_reportfile SET content = 'x'",
        "UPDATE reports_reportfile SET name = 'anders.pdf'",
        "DELETE FROM reports_reportfile",
        "INSERT INTO reports_reportfile (report_id, kind, name, content, checksum, size)"
        " SELECT report_id, 'csv', name, content, checksum, size FROM reports_reportfile LIMIT 1",
    ],
)
def test_the_database_refuses_every_change_of_what_was_released(silke, ost, preuswald, statement):
    report = make.released_report(districts=[ost], by=silke)
    stored = everything(report)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        cursor.execute(statement)
    assert everything(report) == stored


def test_a_part_of_a_draft_cannot_be_moved_to_a_released_report(silke, ost, preuswald):
    released, draft = make.released_report(districts=[ost], by=silke), make.report(districts=[preuswald], by=silke)
    for statement in (
        f"UPDATE reports_reporttext SET report_id = {released.pk} WHERE district_id = {preuswald.pk}",
        f"UPDATE reports_reporttext SET report_id = {draft.pk} WHERE report_id = {released.pk}",
    ):
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            cursor.execute(statement)


def test_nothing_is_released_past_the_release(silke):
    draft = make.report(by=silke)
    known = {"state": "released", "frozen": {}, "checksum": "0" * 64, "released_by": silke}
    with pytest.raises(IntegrityError, match="released with its files"), transaction.atomic():
        Report.objects.filter(pk=draft.pk).update(released_at=timezone.now(), **known)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Report.objects.create(
            title="T", parameters={}, chapters=[], created_by=silke, released_at=timezone.now(), **known
        )


def test_actions_refuse_what_the_database_refuses(silke, mara, ost):
    report = make.released_report(districts=[ost], by=silke)
    choice = {"title": "Anders", "parameters": report.parameters, "chapters": ["intake"]}
    for act in (
        lambda: actions.change_report(report=report, revision=0, by=silke, **choice),
        lambda: actions.write_text(text=own_text(report, ost), content=WORDS, version=0, by=mara),
        lambda: actions.delete_draft(report=report, by=silke),
        lambda: make.freeze(report),
        lambda: runs.request_run(report=report, purpose="draft", by=silke),
    ):
        with pytest.raises(Conflict, match="freigegeben"):
            act()


# --- The next version -------------------------------------------------------------------------------------------------


def test_the_next_version_starts_from_the_last_one_and_leaves_it_as_it_is(client_of, silke, draft, ost, mara):
    client = client_of(silke)
    release(client, draft)
    stored = everything(draft)
    response = client.post(url("report_supersede", draft))
    second = Report.objects.get(supersedes=draft)
    assert (response["Location"], second.version, second.is_draft) == (second.get_absolute_url(), 2, True)
    assert (second.title, second.parameters, second.chapters) == (draft.title, draft.parameters, draft.chapters)
    assert (own_text(second, ost).text, own_text(second, ost).changed_by) == (WORDS, mara)
    actions.write_text(text=own_text(second, ost), content=OTHER_WORDS, version=own_text(second, ost).version, by=mara)
    release(client, second)
    assert loop.fresh(second).state == "released"
    assert everything(draft) == stored
    shown = page(client.get(draft.get_absolute_url()))
    assert ("durch neue Version ersetzt" in shown, WORDS in shown, OTHER_WORDS in shown) == (True, True, False)
    assert OTHER_WORDS in pdf.text(download(client, second, "pdf").content)


def test_a_version_has_one_successor_and_a_draft_has_none(client_of, silke):
    report, draft = make.released_report(by=silke), make.report(by=silke)
    client = client_of(silke)
    client.post(url("report_supersede", report))
    assert "gibt es schon" in page(client.post(url("report_supersede", report), follow=True))
    assert client.post(url("report_supersede", draft)).status_code == 404
    with pytest.raises(LoopError, match="noch ein Entwurf"):
        actions.supersede(report=draft, by=silke)
    assert Report.objects.filter(supersedes=report).count() == 1


def test_a_new_district_has_its_text_in_the_next_version(silke, ost):
    report = make.released_report(by=silke)
    new = make.district(name="Neuland")
    assert own_text(actions.supersede(report=report, by=silke), new).text == ""


# --- While it is made -------------------------------------------------------------------------------------------------


def test_words_written_while_it_is_rendered_stop_the_release(client_of, silke, mara, ost, draft, monkeypatch):
    def slow(*arguments, **options):
        made = freeze_content(*arguments, **options)
        text = own_text(draft, ost)
        actions.write_text(text=text, content=OTHER_WORDS, version=text.version, by=mara)
        return made

    monkeypatch.setattr(making, "freeze_content", slow)
    client = client_of(silke)
    release(client, draft)
    assert (loop.fresh(draft).state, ReportFile.objects.count()) == ("draft", 0)
    said = page(client.get(draft.get_absolute_url()))
    assert "Der Entwurf wurde während der Freigabe geändert. Es wurde nichts freigegeben" in said
    assert own_text(draft, ost).text == OTHER_WORDS
    monkeypatch.undo()
    release(client, draft)
    assert OTHER_WORDS in pdf.text(download(client, draft, "pdf").content)


def test_a_release_whose_second_file_fails_leaves_nothing_behind(silke, draft):
    made = freeze(draft, by=silke)
    spoiled = actions.Frozen(
        content=made.content, files=(made.files[0], ("nein", "x", b"x"), made.files[2]), revision=made.revision
    )
    stored = everything(draft)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_reportfile ADD CONSTRAINT known CHECK (kind IN ('pdf', 'xlsx', 'csv'))")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.release(report=draft, frozen=spoiled, by=silke)
    assert (everything(draft), ReportFile.objects.count()) == (stored, 0)


def test_a_run_whose_last_write_fails_says_so_and_releases_nothing(client_of, silke, draft, caplog):
    """The very last write of a release is the report itself: it is made to fail in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_report ADD CONSTRAINT never CHECK (state = 'draft') NOT VALID")
    client = client_of(silke)
    with caplog.at_level(logging.ERROR, logger="quartier.reports"):
        release(client, draft)
    assert (loop.fresh(draft).state, ReportFile.objects.count()) == ("draft", 0)
    assert ReportRun.objects.get().state == "failed"
    assert "Beim Erstellen ist ein Fehler aufgetreten." in page(client.get(draft.get_absolute_url()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_report DROP CONSTRAINT never")
    release(client, draft)
    assert loop.fresh(draft).state == "released"


# --- Two at once ------------------------------------------------------------------------------------------------------


def at_once(*acts) -> list[str]:
    """What came of actions that start at the same moment, each on a connection of its own."""
    barrier, found = Barrier(len(acts)), {}

    def work(number, act):
        barrier.wait(timeout=60)
        try:
            found[number] = type(act()).__name__
        except (LoopError, Error) as error:
            found[number] = type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=work, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(found.values())


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_next_versions(self):
        report = make.released_report()
        by = make.user(role=Role.PLANNING)
        found = at_once(*[lambda: actions.supersede(report=report, by=by)] * 2)
        assert (found, Report.objects.filter(supersedes=report).count()) == (["LoopError", "Report"], 1)

    def test_two_releases(self):
        draft = make.report()
        found = at_once(*[lambda: make.freeze(draft)] * 2)
        assert (found, ReportFile.objects.count()) == (["Conflict", "Report"], 3)

    def test_two_presses_of_the_button(self):
        draft = make.report(chapters=["overview"])
        clients = [make.client_of(make.user(role=Role.PLANNING)) for _ in range(2)]
        found = at_once(*[lambda client=client: release(client, draft) for client in clients])
        assert found == ["HttpResponseRedirect"] * 2
        assert (loop.fresh(draft).state, ReportFile.objects.count()) == ("released", 3)

    def test_a_release_and_a_text(self):
        """Whoever comes second is told; nothing is released without the words, no word is lost."""
        draft = make.report()
        text, made = draft.texts.get(kind="outlook"), freeze(draft, by=draft.created_by)

        def write():
            return actions.write_text(text=text, content=WORDS, version=0, by=draft.created_by)

        found = at_once(write, lambda: actions.release(report=draft, frozen=made, by=draft.created_by))
        released = loop.fresh(draft).state == "released"
        assert found == (["Conflict", "Report"] if released else ["Conflict", "ReportText"])
        assert loop.fresh(text).text == ("" if released else WORDS)


# --- Download ---------------------------------------------------------------------------------------------------------


def test_a_download_is_exactly_what_was_released(client_of, silke, mara, draft):
    client = client_of(silke)
    release(client, draft)
    for kind, stored in KINDS.items():
        file = draft.files.get(kind=stored)
        for reader in (silke, mara):
            answer = download(client_of(reader), draft, kind)
            assert answer.content == bytes(file.content)
            assert hashlib.sha256(answer.content).hexdigest() == file.checksum
        assert file.name in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "private, no-store"
    shown = page(client.get(draft.get_absolute_url()))
    assert all(file.checksum in shown for file in draft.files.all())
    assert download(client, draft, "docx").status_code == 404
    assert download(client, make.report(by=silke), "pdf").status_code == 404


def test_a_damaged_file_is_not_delivered_and_is_logged(client_of, silke, caplog):
    report = make.released_report(by=silke)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_reportfile DISABLE TRIGGER reports_file_stays")
        cursor.execute("UPDATE reports_reportfile SET content = 'Inhalt pdg' WHERE kind = 'pdf'")
        cursor.execute("ALTER TABLE reports_reportfile ENABLE TRIGGER reports_file_stays")
    client = client_of(silke)
    with caplog.at_level(logging.ERROR, logger="quartier.reports"):
        answer = download(client, report, "pdf")
    assert (answer.status_code, b"Inhalt" in answer.content) == (303, False)
    assert f"file pdf of report {report.pk} does not fit its checksum" in caplog.text
    assert "stimmt nicht mehr mit ihrer Prüfsumme überein" in page(client.get(answer["Location"]))
    assert download(client, report, "xlsx").content == b"Inhalt xlsx"


# --- Scenario 15 ------------------------------------------------------------------------------------------------------


def test_scenario_15(client_of, silke, mara, ost, draft):
    """Numbers equal the list's count; a released version stays; a quarter without concerns divides by nothing."""
    client = client_of(silke)
    release(client, draft)
    report = loop.fresh(draft)
    live = evaluate(Choice.from_json(report.parameters))
    released = frozen.from_json(report.frozen["figures"]).table("overview")
    for row in live.table("overview").rows:
        query = row.cells[0].query
        n = row.cells[0].value
        if query and n:
            assert f"{n} Anliegen" in page(client.get(f"{reverse('concerns:list')}?{query}"))
        if not released.cell(row.code, "now").hidden:
            assert released.cell(row.code, "now").value == n
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportText.objects.filter(report=report).update(text="Anders.")
    empty = make.report(districts=[make.district(name="Neuland")], by=silke, chapters=list(CHAPTERS))
    assert release(client, empty).status_code == 303
    text = pdf.text(download(client, empty, "pdf").content)
    assert ("ging kein Anliegen ein" in text, "Neuland" in text) == (True, True)
