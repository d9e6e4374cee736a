"""Figures and papers of the demo city: each list shows something in each state, and nothing that must not be public."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from concerns.models import Reporter
from districts import demo as city
from districts.models import User
from reports.actions.reports import checksum_of
from reports.chapters import ASSESSMENTS, CHAPTERS
from reports.models import Mirror, Report, ReportFile, ReportText, Sheet, SheetEntry
from reports.papers import sheets as papers
from reports.personal import looks_personal
from reports.quarters import Quarter
from tests import make, pdf

pytestmark = pytest.mark.django_db

MANAGERS = [person["email"] for person in city.read("people") if person["role"] == "manager"]


def person(name: str) -> User:
    return User.objects.get(email__startswith=f"{name}@")


def page(name: str, url_name: str, *args, **params):
    """A page as this person sees it."""
    found = make.client_of(person(name)).get(reverse(url_name, args=args), params)
    assert found.status_code == 200
    return found


# --- Evaluation reports ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["e.steinmetz", "a.yilmaz"])
def test_reports_are_in_work_valid_and_superseded(name):
    shown = page(name, "reports:reports").content.decode()
    assert Report.objects.drafts().count() == 1
    assert Report.objects.released().count() == 3
    assert shown.count("durch neue Version ersetzt") == 1
    assert shown.count(">gültig<") == 2
    assert shown.count("(ersetzt Version 1)") == 1


def test_later_version_has_what_the_first_one_lacked():
    new = Report.objects.get(version=2)
    old = new.supersedes
    assert set(old.chapters) < set(new.chapters) == set(CHAPTERS)
    missing = {one["heading"] for one in old.frozen["texts"] if not one["text"]}
    assert missing == {"Burtscheid"}
    assert all(one["text"] for one in new.frozen["texts"])
    (planning,) = [one["text"] for one in new.frozen["texts"] if one["kind"] == ReportText.Kind.PLANNING]
    assert "Version 1" in planning


def test_released_reports_are_of_their_day_and_of_a_whole():
    for report in Report.objects.released():
        assert report.checksum == checksum_of(report.frozen)
        assert report.frozen["figures"]["as_of"].startswith(f"{timezone.localtime(report.released_at):%d.%m.%Y, %H:%M}")
        assert {file.kind for file in report.files.all()} == set(ReportFile.Kind)
        assert all(file.is_intact for file in report.files.all())
        assert not report.frozen["is_empty"]


def test_nobody_writes_before_there_is_a_draft_or_after_its_release():
    now = timezone.now()
    texts = ReportText.objects.exclude(text="")
    assert not texts.filter(changed_at__gt=F("report__released_at")).exists()
    assert not texts.filter(changed_at__lt=F("report__created_at"), report__version=1).exists()
    assert not texts.filter(changed_at__gt=now).exists()
    assert not Report.objects.filter(Q(released_at__gt=now) | Q(released_at__lte=F("created_at"))).exists()
    assert not Report.objects.filter(released_at__lte=F("supersedes__released_at")).exists()


def test_district_s_texts_are_its_own_manager_s():
    for text in ReportText.objects.filter(kind=ReportText.Kind.DISTRICT).exclude(text=""):
        assert text.changed_by in User.objects.managers_of(text.district_id, on=make.today()), text


def test_draft_waits_for_some_texts():
    draft = Report.objects.drafts().get()
    written = Counter(bool(text.text) for text in draft.texts.all())
    assert written[True] >= 4
    assert written[False] >= 4
    assert "Ihr Text fehlt noch" in page("a.yilmaz", "reports:reports").content.decode()
    assert "Ihr Text fehlt noch" not in page("j.brandner", "reports:reports").content.decode()


def test_released_pdf_tells_the_texts_and_can_be_read_aloud():
    report = Report.objects.get(version=2)
    content = bytes(report.files.get(kind=ReportFile.Kind.PDF).content)
    assert pdf.structure(content) == []
    told = " ".join(pdf.text(content).split())
    assert CHAPTERS[ASSESSMENTS] in told
    assert "Den Satz „Man hört ja nie wieder etwas“" in told


# --- Department mirrors ----------------------------------------------------------------------------------------------


def test_two_quarters_of_mirrors_are_published_and_of_the_last_one_those_without_a_comment():
    last = Quarter.of(make.today()).before
    drafts = Mirror.objects.filter(published_at=None)
    assert {mirror.period for mirror in drafts} == {last}
    assert all(mirror.comment for mirror in drafts)
    assert not [mirror for mirror in Mirror.objects.published() if mirror.period == last and mirror.comment]
    published = Counter(mirror.period for mirror in Mirror.objects.published() if mirror.period != last)
    assert set(published) == {last.before, last.before.before}
    assert min(published.values()) >= 5
    for mirror in Mirror.objects.published():
        assert mirror.checksum == checksum_of(mirror.frozen)
        assert mirror.published_at.date() > mirror.period.until


def test_heads_have_commented_on_their_own_figures_before_they_were_published():
    commented = Mirror.objects.exclude(comment="")
    assert commented.published().count() >= 2
    assert not commented.filter(comment_at__gt=F("published_at")).exists()
    for mirror in commented:
        assert mirror.department_id in mirror.comment_by.rights.lead_department_ids, mirror


@pytest.mark.parametrize(("name", "least"), [("e.steinmetz", 10), ("s.thoma", 1), ("r.overath", 2), ("a.yilmaz", 5)])
def test_list_of_mirrors_shows_something_to_everybody_who_may_read_it(name, least):
    quarter = Quarter.of(make.today()).before.before
    assert len(page(name, "reports:mirrors", quartal=quarter.code).context["rows"]) >= least


# --- Sheets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", MANAGERS)
def test_every_manager_has_a_sheet(email):
    assert list(page(email.partition("@")[0], "reports:sheets").context["page"])


def test_sheets_of_both_kinds_hang_in_windows_and_lie_on_desks():
    states = {(sheet.kind, sheet.is_released) for sheet in Sheet.objects.all()}
    assert states == {("heard", True), ("heard", False), ("notice", True), ("notice", False)}
    assert not Sheet.objects.filter(entries=None).exists()
    told = Sheet.objects.filter(kind=Sheet.Kind.HEARD, released_at__isnull=False)
    assert sorted(Counter(told.values_list("district__slug", flat=True)).values()) == [2, 2]
    assert set(SheetEntry.objects.values_list("section", flat=True)) == set(SheetEntry.Section)


def test_sheet_goes_on_with_what_the_last_one_left_open():
    for newer in Sheet.objects.filter(kind=Sheet.Kind.HEARD, released_at__isnull=False):
        older = Sheet.objects.before(newer).first()
        open_then = older.entries.filter(section=SheetEntry.Section.WORKING) if older else SheetEntry.objects.none()
        told = set(newer.entries.values_list("concern", flat=True))
        assert set(open_then.values_list("concern", flat=True)) <= told, newer


def test_numbers_of_a_sheet_add_up():
    for sheet in Sheet.objects.filter(kind=Sheet.Kind.HEARD, released_at__isnull=False):
        numbers = dict(sheet.numbers)
        assert numbers.pop("heard") == sum(numbers.values())
        assert min(numbers.values()) >= 0
        working = sheet.entries.filter(section=SheetEntry.Section.WORKING, concern__received_on__gte=sheet.since)
        assert working.count() <= numbers["working"]


def test_sheets_are_released_after_they_were_begun_and_not_in_the_future():
    assert not Sheet.objects.filter(Q(released_at__lte=F("made_at")) | Q(made_at__gt=timezone.now())).exists()
    assert not Sheet.objects.filter(released_at__gt=timezone.now()).exists()
    assert not Sheet.objects.filter(kind=Sheet.Kind.HEARD, made_at__date__lte=F("until")).exists()


# --- Nothing that must not be public ---------------------------------------------------------------------------------


def test_nothing_on_a_sheet_looks_like_somebody_s_data():
    for sheet in Sheet.objects.all():
        hints = papers.hints(sheet.entries.select_related("concern"), sheet=sheet)
        assert [found for found in hints.values() if found] == [], sheet
    assert not SheetEntry.objects.filter(Q(concern__is_sensitive=True) | Q(cleared=True)).exists()


def test_texts_name_nobody_and_have_no_gaps():
    people = [one.name for one in Reporter.objects.with_personal_data() if " " in one.name]
    texts = [*ReportText.objects.values_list("text", flat=True), *Mirror.objects.values_list("comment", flat=True)]
    texts += Report.objects.values_list("title", flat=True)
    texts += SheetEntry.objects.values_list("text", flat=True)
    assert len(people) > 100
    assert [text for text in texts if looks_personal(text, ()) or any(name in text for name in people)] == []
    assert [text for text in texts if {"{", "}", "[", "]"} & set(text)] == []


# --- Loading ---------------------------------------------------------------------------------------------------------


def test_city_loaded_without_sheets_gets_them_and_nothing_else():
    before = (Sheet.objects.count(), SheetEntry.objects.count())
    kept = [(model.objects.count(), model.objects.latest("pk").pk) for model in (Report, ReportText, Mirror)]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reports_sheetentry, reports_sheet")
    out = StringIO()
    call_command("demo", stdout=out)
    assert out.getvalue().splitlines()[0] == f"{before[0]} sheets for the public loaded."
    assert (Sheet.objects.count(), SheetEntry.objects.count()) == before
    assert [(model.objects.count(), model.objects.latest("pk").pk) for model in (Report, ReportText, Mirror)] == kept
    assert Sheet.objects.filter(made_at__gt=timezone.now() - timedelta(days=7)).exists()
