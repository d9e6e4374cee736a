"""Chapters on what happens beside the loop: counted from the records themselves, by district and period (Z44)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from projects.actions import follow_ups, sessions
from reports.chapters import CHAPTERS
from reports.chapters.working import working_chapters
from reports.choice import Choice
from reports.papers.evaluation import content_of, draft_pdf
from tests import make, make_bodies
from tests.concerns import loop
from tests.reports.test_report_paper import bookmarks

pytestmark = pytest.mark.django_db


def lately(**fields) -> Choice:
    return Choice(make.today() - timedelta(days=60), make.today(), **fields)


def figures(choice: Choice, chapter: str, table: str) -> dict[str, list]:
    """The lines of a table by their codes or labels, as values."""
    found = {one.code: one for one in working_chapters(choice, today=make.today())}
    if chapter not in found:
        return {}
    lines = next(one for one in found[chapter].tables if one.code == table).all_rows()
    return {line.code or line.label: [cell.value for cell in line.cells] for line in lines}


def conference(mara, ost, **fields):
    """A body with one session last week: two members were there, one decision, three follow-ups, one concern."""
    body = make_bodies.body(districts=[ost], **fields)
    here = [make_bodies.member(body=body) for _ in range(3)]
    on = make.today() - timedelta(days=7)
    held = make_bodies.held(body=body, by=mara, on=on, members=here[:2], items=2)
    held.items.filter(position=1).update(decision="Wir bitten um eine zweite Bank.")
    early, late, _open = [make_bodies.follow_up(body=body, item=held.items.first(), given_on=on) for _ in range(3)]
    for one in (early, late):
        follow_ups.settle(follow_up=one, status="done", result="", by=mara)
    late.__class__.objects.filter(pk=late.pk).update(due_on=make.today() - timedelta(days=1))
    make_bodies.raised(item=held.items.last(), by=mara)
    return body


def test_bodies_are_counted_from_their_records(mara, ost, preuswald):
    body = conference(mara, ost, name="Stadtteilkonferenz Ost")
    cancelled = make_bodies.session(body=body, on=make.today())
    sessions.cancel_session(session=cancelled, reason="Zu wenige", by=mara)
    make_bodies.body(districts=[ost], name="Ohne Sitzung")
    other = make_bodies.body(districts=[preuswald], name="Runde Preuswald")
    make_bodies.session(body=other, on=make.today(), status="held")
    expected = {
        "held": 1, "cancelled": 1, "approved": 0, "attendance": 2, "decisions": 1, "given": 3, "done": 2,
        "in_time": 1, "late": 0, "raised": 1, "told": 0,
    }  # fmt: skip
    here = figures(lately(districts=(ost.pk,)), "bodies", "bodies")
    assert {code: values[0] for code, values in here.items()} == expected
    assert figures(lately(), "bodies", "bodies_each") == {
        "Runde Preuswald": [1, None, 0, 0, None, 0],
        "Stadtteilkonferenz Ost": [1, 2, 1, 3, 2 / 3, 1],
        "total": [2, 2, 1, 3, 2 / 3, 1],
    }


def test_the_comparison_stands_beside_it_and_averages_are_not_subtracted(mara, ost):
    conference(mara, ost)
    choice = lately()
    before = replace(
        choice, compare_since=choice.since - timedelta(days=365), compare_until=choice.since - timedelta(days=1)
    )
    lines = figures(before, "bodies", "bodies")
    assert (lines["held"], lines["attendance"]) == ([1, 0, 1], [2, None, None])


def test_topics_and_departments_leave_it_out(mara, ost, stadtbetrieb):
    conference(mara, ost)
    assert figures(lately(departments=(stadtbetrieb.pk,)), "bodies", "bodies") == {}


def test_page_file_and_report_show_it_and_nothing_where_nothing_happened(client_of, silke, mara, ost, preuswald):
    conference(mara, ost)
    loop.log(mara, district=preuswald)
    page, title = client_of(silke), CHAPTERS["bodies"]
    asked = {"span": "free", "since": lately().since, "until": lately().until, "compare": "none"}
    quiet = make.district(name="Ohne Anliegen")
    make_bodies.session(body=make_bodies.body(districts=[quiet]), on=make.today(), status="held")

    def shown(district) -> str:
        return page.get(reverse("reports:evaluation"), {**asked, "district": district.pk}).content.decode()

    assert title in shown(ost)
    assert title not in shown(preuswald)
    assert title in shown(quiet)
    assert "kein Anliegen eingegangen" in shown(quiet)
    file = page.get(reverse("reports:evaluation_csv", args=["bodies"]), {**asked, "district": ost.pk})
    assert file.content.decode("utf-8-sig").splitlines()[:2] == ["Kennzahl;Zeitraum", "Sitzungen;1"]
    for district, there in ((ost, True), (preuswald, False)):
        content = draft_pdf(content_of(make.report(districts=[district], by=silke, chapters=["bodies"])))
        assert (title in [words for _, words, _ in bookmarks(content)]) is there


@pytest.mark.parametrize("more", [0, 5])
def test_many_records_cost_as_many_queries_as_few(mara, ost, more, django_assert_num_queries):
    for _ in range(more + 1):
        conference(mara, ost)
    with django_assert_num_queries(7):
        assert len(figures(lately(), "bodies", "bodies_each")) == (more + 2 if more else 1)
