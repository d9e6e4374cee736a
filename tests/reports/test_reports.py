"""Evaluation reports before their release: make, change, write, delete, list; who may, and who was faster (Z44)."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse

from districts.models import District
from reports.actions import reports as actions
from reports.chapters import ASSESSMENTS, CHAPTERS, CONTEXT
from reports.chapters.working import WORKING
from reports.choice import Choice
from reports.figures import evaluate
from reports.forms.reports import ReportForm, as_params
from reports.models import Report, ReportRun, ReportSettings, ReportText
from reports.papers.evaluation import content_of
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("reports:reports"), reverse("reports:report_new")
WORDS, OTHER_WORDS = "Im Viertel hat sich viel bewegt.", "Es fehlt an Bänken."
PEOPLE = ("mara", "paul", "asli", "enno", "lena", "uwe", "silke", "adam")


def url(name, row) -> str:
    return reverse(f"reports:{name}", args=[row.pk])


def sent(**fields) -> dict:
    """What the wizard sends."""
    year = make.today().year
    return {"title": "Bericht", "span": "year", "year": year, "compare": "none", "chapters": ["overview"], **fields}


def page(response) -> str:
    """What a page says, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def texts(report) -> set[str]:
    return {text.heading for text in report.texts.select_related("district")}


def own_text(report, district) -> ReportText:
    return report.texts.get(district=district)


# --- Making and changing ----------------------------------------------------------------------------------------------


def test_a_draft_is_made_with_a_text_for_every_district(client_of, silke, ost, preuswald):
    response = client_of(silke).post(NEW, sent(title="Evaluationsbericht", chapters=["overview", ASSESSMENTS]))
    report = Report.objects.get()
    assert (response.status_code, response["Location"]) == (303, report.get_absolute_url())
    assert (report.title, report.version, report.created_by, report.is_draft) == (
        "Evaluationsbericht", 1, silke, True,
    )  # fmt: skip
    choice = Choice.from_json(report.parameters)
    assert (choice.since, choice.until, choice.comparison) == (date(make.today().year, 1, 1), make.today(), None)
    assert report.chapters == ["overview", ASSESSMENTS]
    assert texts(report) == {
        "Aachen-Ost", "Preuswald", "Einschätzung der Sozialplanung", "Ausblick und Bedarfe",
    }  # fmt: skip


def test_the_evaluation_hands_over_what_it_shows(client_of, silke, mara, ost):
    loop.log(mara)
    shown = f"span=free&compare=none&since={make.today():%Y}-01-01&until={make.today()}&district={ost.pk}"
    evaluation = client_of(silke).get(f"{reverse('reports:evaluation')}?{shown}").content.decode()
    assert NEW not in client_of(mara).get(f"{reverse('reports:evaluation')}?{shown}").content.decode()
    handed = re.search(rf'href="{NEW}\?([^"]+)"', evaluation)[1]
    assert QueryDict(unescape(handed)).dict() == QueryDict(shown).dict()
    form = client_of(silke).get(f"{NEW}?{shown}").context["form"]
    assert (form["span"].value(), form["compare"].value()) == ("free", "none")
    assert form.data.getlist("district") == [str(ost.pk)]
    assert form.data.getlist("chapters") == list(CHAPTERS)


@pytest.mark.parametrize(
    ("span", "places", "title"),
    [
        ("year", [], "Evaluationsbericht 2025"),
        ("year", ["ost"], "Evaluationsbericht 2025 Aachen-Ost"),
        ("q3", ["ost"], "Evaluationsbericht 3. Quartal 2025 Aachen-Ost"),
        ("h1", ["ost", "preuswald"], "Evaluationsbericht 1. Halbjahr 2025"),
        ("free", ["ost"], "Evaluationsbericht 2024 Aachen-Ost"),
    ],
)
def test_the_title_offered_tells_reports_apart(client_of, silke, ost, preuswald, span, places, title):
    chosen = [{"ost": ost, "preuswald": preuswald}[place].pk for place in places]
    asked = {"span": span, "year": "2025", "since": "2024-02-01", "until": "2024-03-31", "district": chosen}
    assert client_of(silke).get(NEW, asked).context["form"]["title"].value() == title


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"chapters": []}, "chapters", "Bitte mindestens ein Kapitel wählen."),
        ({"chapters": ["gibt-es-nicht"]}, "chapters", "Bitte eine gültige Auswahl treffen."),
        ({"title": " "}, "title", "Bitte"),
        ({"title": "x" * 161}, "title", "160"),
        ({"span": "free", "since": "2025-05-02", "until": "2025-05-01"}, "until", "„Bis“ liegt vor „Von“."),
        ({"district": "999999"}, "district", "Etwas davon gibt es nicht (mehr)."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client_of, silke, wrong, field, message):
    response = client_of(silke).post(NEW, sent(**wrong))
    said = re.search(rf'id="id_{field}-error">(.*?)</p>', response.content.decode())[1]
    assert (response.status_code, message in unescape(said), Report.objects.count()) == (422, True, 0)


def test_a_draft_opens_for_change_as_it_was_made(client_of, silke, ost):
    sent_first = sent(span="q1", compare="previous", district=str(ost.pk), chapters=["intake", "voices"])
    client_of(silke).post(NEW, sent_first)
    report = Report.objects.get()
    known = {"title": report.title, "chapters": report.chapters, "revision": 0}
    params = as_params(Choice.from_json(report.parameters), **known)
    form = ReportForm(params, user=silke, today=make.today())
    assert form.is_valid(), form.errors
    assert form.choice().to_json() == report.parameters
    assert (params["span"], form.cleaned_data["chapters"]) == ("q1", ["intake", "voices"])


def test_texts_of_a_district_that_is_left_out_come_back_with_it(client_of, silke, mara, ost, preuswald):
    report = make.report(districts=[ost], by=silke)
    actions.write_text(text=own_text(report, ost), content=WORDS, version=0, by=mara)
    client = client_of(silke)
    change = sent(title="Neuer Titel", chapters=["overview", ASSESSMENTS])
    client.post(url("report_edit", report), {**change, "district": preuswald.pk, "revision": 1})
    assert "Preuswald" in texts(report)
    assert WORDS not in client.get(report.get_absolute_url()).content.decode()
    client.post(url("report_edit", report), {**change, "district": ost.pk, "revision": 2})
    changed = client.get(report.get_absolute_url()).content.decode()
    assert (WORDS in changed, "Neuer Titel" in changed) == (True, True)


def test_who_changes_what_somebody_else_has_changed_keeps_what_was_typed(client_of, silke, mara, ost):
    report = make.report(districts=[ost], by=silke, title="Alt")
    client = client_of(silke)
    opened = client.get(url("report_edit", report)).context["form"]["revision"].value()
    actions.write_text(text=own_text(report, ost), content=WORDS, version=0, by=mara)
    mine = sent(title="Mein Titel", district=ost.pk, revision=opened)
    response = client.post(url("report_edit", report), mine)
    assert (response.status_code, loop.fresh(report).title) == (409, "Alt")
    assert "inzwischen geändert" in page(response)
    form = response.context["form"]
    assert (form["title"].value(), form["revision"].value()) == ("Mein Titel", "1")
    assert client.post(url("report_edit", report), {**mine, "revision": 1}).status_code == 303
    assert loop.fresh(report).title == "Mein Titel"


def test_a_released_report_is_not_changed_and_says_so(client_of, silke):
    report = make.released_report(by=silke, title="Freigegeben")
    client = client_of(silke)
    assert client.get(url("report_edit", report)).status_code == 404
    response = client.post(url("report_edit", report), sent(title="Mein Titel", revision=0))
    assert (response.status_code, "inzwischen freigegeben" in page(response)) == (409, True)
    assert response.context["form"]["title"].value() == "Mein Titel"
    assert loop.fresh(report).title == "Freigegeben"


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_everybody_writes_their_own_text_and_no_other(client_of, request, silke, ost, preuswald):
    report = make.report(by=silke)
    clients = {name: client_of(request.getfixturevalue(name)) for name in PEOPLE}

    def writers(text) -> set[str]:
        opened = {name for name, client in clients.items() if client.get(url("report_text", text)).status_code == 200}
        wrote = {
            name
            for name, client in clients.items()
            if client.post(
                url("report_text", text), {"content": WORDS, "version": loop.fresh(text).version}
            ).status_code
            == 303
        }
        assert opened == wrote
        return wrote

    assert writers(own_text(report, ost)) == {"mara"}
    assert writers(own_text(report, preuswald)) == {"paul"}
    assert writers(report.texts.get(kind="planning")) == {"silke"}
    assert writers(report.texts.get(kind="outlook")) == {"silke"}


def test_who_stands_in_writes_too(client_of, silke, mara, paul, ost):
    report = make.report(by=silke, districts=[ost])
    address = url("report_text", own_text(report, ost))
    assert client_of(paul).get(address).status_code == 404
    make.deputyship(person=mara, deputy=paul)
    assert client_of(paul).post(address, {"content": WORDS, "version": 0}).status_code == 303
    assert own_text(report, ost).changed_by == paul


def test_a_text_is_kept_with_its_paragraphs_and_shown(client_of, silke, mara, ost):
    report = make.report(districts=[ost], by=silke)
    typed = "Erster Absatz.\r\n\r\n<b>Zweiter</b> & dritter\u0007"
    response = client_of(mara).post(url("report_text", own_text(report, ost)), {"content": typed, "version": 0})
    assert (response.status_code, own_text(report, ost).text) == (
        303, "Erster Absatz.\n\n<b>Zweiter</b> & dritter",
    )  # fmt: skip
    shown = client_of(silke).get(report.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Zweiter&lt;/b&gt; &amp; dritter" in shown
    assert (own_text(report, ost).changed_by, own_text(report, ost).version) == (mara, 1)


def test_a_text_that_is_too_long_is_refused_and_stays(client_of, silke, mara, ost):
    report = make.report(districts=[ost], by=silke)
    typed = "x" * 20_001
    response = client_of(mara).post(url("report_text", own_text(report, ost)), {"content": typed, "version": 0})
    assert (response.status_code, typed in response.content.decode()) == (422, True)
    assert own_text(report, ost).text == ""


def test_two_who_write_at_once_both_keep_their_words(client_of, silke, mara, ost):
    report = make.report(districts=[ost], by=silke)
    ida = make.user(name="Ida Busch", role="manager", district=ost)
    text = own_text(report, ost)
    first, second = client_of(mara), client_of(ida)
    assert first.post(url("report_text", text), {"content": WORDS, "version": 0}).status_code == 303
    response = second.post(url("report_text", text), {"content": OTHER_WORDS, "version": 0})
    assert response.status_code == 409
    assert (WORDS in page(response), response.context["form"]["content"].value()) == (True, OTHER_WORDS)
    assert "Mara Lindt hat diesen Text inzwischen geändert." in page(response)
    assert own_text(report, ost).text == WORDS
    both = f"{WORDS} {OTHER_WORDS}"
    again = {"content": both, "version": response.context["form"]["version"].value()}
    assert second.post(url("report_text", text), again).status_code == 303
    assert (own_text(report, ost).text, own_text(report, ost).changed_by) == (both, ida)


def test_words_that_come_after_the_release_are_not_lost(client_of, silke, mara, ost):
    report = make.released_report(districts=[ost], by=silke)
    address = url("report_text", own_text(report, ost))
    client = client_of(mara)
    assert client.get(address).status_code == 404
    response = client.post(address, {"content": WORDS, "version": 0})
    assert (response.status_code, "inzwischen freigegeben" in page(response)) == (409, True)
    assert response.context["form"]["content"].value() == WORDS
    assert "Speichern" not in page(response)
    assert own_text(report, ost).text == ""


def test_words_for_a_draft_that_was_deleted_are_given_back(client_of, silke, mara, ost):
    report = make.report(districts=[ost], by=silke)
    address = url("report_text", own_text(report, ost))
    client_of(silke).post(url("report_delete", report))
    response = client_of(mara).post(address, {"content": WORDS, "version": 0})
    assert (response.status_code, "wurde gelöscht" in page(response), WORDS in page(response)) == (409, True, True)
    assert client_of(mara).get(address).status_code == 404


# --- Deleting, seeing, listing ----------------------------------------------------------------------------------------


def test_a_draft_is_deleted_with_its_texts_and_files_by_the_sozialplanung_only(client_of, silke, mara, ost):
    report = make.report(districts=[ost], by=silke, title="Nicht mehr nötig")
    ReportRun.objects.create(report=report, purpose="draft", state="done", revision=0, requested_by=mara, content=b"x")
    assert client_of(mara).post(url("report_delete", report)).status_code == 404
    question = page(client_of(silke).get(url("report_delete", report)))
    assert "„Nicht mehr nötig“, Version 1, wird mit allen Einschätzungen gelöscht." in question
    response = client_of(silke).post(url("report_delete", report), follow=True)
    assert "Der Entwurf „Nicht mehr nötig“ ist gelöscht." in page(response)
    assert not Report.objects.exists()
    assert not ReportText.objects.exists()
    assert not ReportRun.objects.exists()


def test_a_released_report_cannot_be_deleted(client_of, silke):
    report = make.released_report(by=silke)
    assert client_of(silke).get(url("report_delete", report)).status_code == 404
    response = client_of(silke).post(url("report_delete", report), follow=True)
    assert "inzwischen freigegeben" in page(response)
    assert Report.objects.filter(pk=report.pk).exists()


def test_everybody_who_reads_evaluations_sees_reports_and_nobody_else(client_of, request, silke):
    rows = make.report(by=silke), make.released_report(by=silke)
    seen = {
        name: [client_of(request.getfixturevalue(name)).get(row.get_absolute_url()).status_code for row in rows]
        for name in PEOPLE
    }
    assert {name for name, statuses in seen.items() if statuses == [200, 200]} == {"mara", "paul", "silke"}
    assert {status for name in ("asli", "enno", "lena", "uwe", "adam") for status in seen[name]} == {404}
    assert not Report.objects.visible_to(request.getfixturevalue("enno")).exists()


def test_the_list_says_what_is_still_missing_and_from_whom(client_of, silke, mara, paul, ost, preuswald):
    report = make.report(by=silke)
    make.report(by=silke, districts=[preuswald])
    said = {user: page(client_of(user).get(LIST)) for user in (mara, paul, silke)}
    assert [said[user].count("Ihr Text fehlt noch") for user in (mara, paul, silke)] == [1, 2, 2]
    assert "3 fehlen noch" in said[mara]
    for text in report.texts.all():
        actions.write_text(text=text, content=WORDS, version=0, by=silke)
    assert "vollständig" in page(client_of(mara).get(LIST))


def test_the_list_tells_versions_apart(client_of, silke, mara):
    first = make.released_report(by=silke)
    assert "gültig" in page(client_of(mara).get(LIST))
    second = actions.supersede(report=first, by=silke)
    assert "gültig, neue Version in Arbeit" in page(client_of(mara).get(LIST))
    make.freeze(second)
    listed = page(client_of(mara).get(LIST))
    assert ("durch neue Version ersetzt" in listed, "(ersetzt Version 1)" in listed) == (True, True)
    assert ("Bericht anlegen" in listed, "Bericht anlegen" in page(client_of(silke).get(LIST))) == (False, True)


def test_many_released_reports_are_leafed_through(client_of, silke):
    titles = [make.released_report(by=silke, title=f"Bericht Nr. {n:02d}").title for n in range(52)]
    client = client_of(silke)
    first = client.get(LIST)
    older = client.get(LIST + first.context["released"].older)
    shown = [[report.title for report in answer.context["released"]] for answer in (first, older)]
    assert (len(shown[0]), sorted(shown[0] + shown[1])) == (50, titles)


def test_the_smallest_number_that_leaves_the_house_is_set_by_the_sozialplanung(client_of, silke, mara):
    address = reverse("reports:report_settings")
    assert client_of(mara).post(address, {"threshold": 3}).status_code == 404
    for wrong in ("2", "51", "", "viele"):
        assert client_of(silke).post(address, {"threshold": wrong}).status_code == 422
    assert client_of(silke).post(address, {"threshold": 10}).status_code == 303
    assert ReportSettings.load().threshold == 10


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_the_preview_is_what_the_report_will_say(client_of, silke, mara, ost, stadtbetrieb):
    for _ in range(6):
        loop.closed(mara, stadtbetrieb)
    report = make.report(districts=[ost], by=silke, chapters=["overview", ASSESSMENTS])
    actions.write_text(text=own_text(report, ost), content=WORDS, version=0, by=mara)
    said = page(client_of(mara).get(url("report_preview", report)))
    for sentence in content_of(report)["summary"]:
        assert " ".join(sentence.split()) in said
    assert (WORDS in said, "Wie gezählt wurde" in said, "Fachbereiche Weiterleitungen" in said) == (True, True, False)


def test_a_preview_while_the_figures_are_counted_says_so(client_of, silke, mara, monkeypatch):
    report = make.report(by=silke)
    loop.log(mara)
    monkeypatch.setattr("reports.sums.count_anew.__kwdefaults__", {"at_most": 0})
    assert "Die Zahlen werden gerade neu gezählt." in page(client_of(silke).get(url("report_preview", report)))


def test_a_chapter_has_one_name(silke, mara, ost):
    loop.log(mara)
    make.indicator_value(district=ost)
    named = {one.code: one.title for one in evaluate(Choice(make.today(), make.today())).chapters}
    assert named == {code: name for code, name in CHAPTERS.items() if code not in (CONTEXT, ASSESSMENTS, *WORKING)}


def test_the_chapter_of_indicators_is_called_the_same_everywhere(client_of, silke, mara, ost):
    loop.log(mara)
    make.indicator_value(district=ost)
    evaluation = client_of(silke).get(reverse("reports:evaluation"))
    report = make.report(by=silke, chapters=[CONTEXT])
    preview = client_of(silke).get(url("report_preview", report))
    wizard = client_of(silke).get(NEW)
    assert [CHAPTERS[CONTEXT] in page(one) for one in (evaluation, preview, wizard)] == [True] * 3


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 8])
def test_the_list_costs_the_same_however_long_it_is(more, client_of, silke, mara, django_assert_num_queries):
    for _ in range(1 + more):
        make.report(by=silke)
        make.released_report(by=silke)
        make.district()
    client = client_of(mara)
    with django_assert_num_queries(9):
        response = client.get(LIST)
    assert (len(response.context["drafts"]), len(response.context["released"])) == (1 + more, 1 + more)


@pytest.mark.parametrize("more", [0, 12])
def test_a_report_costs_the_same_for_one_district_and_many(more, client_of, silke, mara, django_assert_num_queries):
    for _ in range(more):
        make.district()
    report = make.report(by=silke)
    for text in report.texts.all():
        actions.write_text(text=text, content=WORDS, version=0, by=mara)
    run = {"purpose": "draft", "state": "done", "content": b"x", "seen_at": report.created_at}
    ReportRun.objects.create(report=report, revision=1, requested_by=mara, finished_at=report.created_at, **run)
    client = client_of(mara)
    with django_assert_num_queries(13):
        response = client.get(report.get_absolute_url())
    assert len(response.context["texts"]) == District.objects.count() + 2


def test_old_periods_keep_their_dates(silke):
    """A draft of a year that was not over stays a draft of these days."""
    until = make.today() - timedelta(days=3)
    choice = Choice(date(until.year, 1, 1), until)
    params = as_params(choice, title="T", chapters=["overview"], revision=0)
    form = ReportForm(params, user=silke, today=make.today())
    assert form.is_valid(), form.errors
    assert form.choice() == choice
