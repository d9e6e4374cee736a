"""Chapters on what happens beside the loop: counted from the records themselves, by district and period (Z44)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from projects.actions import follow_ups, sessions
from projects.models import Event, PhaseAssessment
from reports.chapters import CHAPTERS
from reports.chapters.working import working_chapters
from reports.choice import Choice
from reports.papers.evaluation import content_of, draft_pdf
from tests import make, make_bodies, make_funds, make_needs, make_plans, make_pr, make_projects
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
        "in_time": 1, "pending": 1, "put_off": 0, "late": 0, "raised": 1, "told": 0,
    }  # fmt: skip
    here = figures(lately(districts=(ost.pk,)), "bodies", "bodies")
    assert {code: values[0] for code, values in here.items()} == expected
    assert figures(lately(), "bodies", "bodies_each") == {
        "Runde Preuswald": [1, None, 0, 0, None, 0, 0],
        "Stadtteilkonferenz Ost": [1, 2, 1, 3, 2 / 3, 1, 1],
        "total": [2, 2, 1, 3, 2 / 3, 1, 1],
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
    with django_assert_num_queries(34):
        assert len(figures(lately(), "bodies", "bodies_each")) == (more + 2 if more else 1)


def test_projects_and_events_are_counted_from_log_and_rows(mara, ost, preuswald):
    concern = make.concern(district=ost, owner=mara)
    make_projects.project(by=mara, districts=[ost], concern=concern)
    make_projects.completed(by=mara, districts=[ost])
    make_projects.project(by=mara, districts=[preuswald])
    make_projects.event(by=mara, district=ost)  # to come
    held = make_projects.event(by=mara, district=ost, on=make.today())
    Event.objects.filter(pk=held.pk).update(status="held", participants=40, helpers=3)
    make.concern(district=ost, owner=mara, occasion=held.occasion)
    make.concern(district=ost, owner=mara, occasion=held.occasion, is_sensitive=True)
    here = lately(districts=(ost.pk,))
    lines = figures(here, "projects", "projects")
    found = {code: lines[code][0] for code in ("entered", "with_concerns", "under_way", "completed", "dropped")}
    assert found == {"entered": 2, "with_concerns": 1, "under_way": 1, "completed": 1, "dropped": 0}
    assert figures(here, "projects", "project_status")["total"] == [2, 1]
    events = figures(here, "projects", "events")
    assert {code: values[0] for code, values in events.items()} == {
        "held": 1, "cancelled": 0, "participants": 40, "noted": 1, "helpers": 3, "new_contacts": 0, "raised": 1
    }  # fmt: skip
    assert figures(here, "projects", "event_formats") == {held.format.name: [1, 40]}
    earlier = Choice(make.today() - timedelta(days=60), make.today() - timedelta(days=1))
    assert figures(earlier, "projects", "projects") == {}


def test_phases_stand_beside_those_before_the_period(mara, ost):
    for days, phase in ((90, 1), (10, 2)):
        on = make.today() - timedelta(days=days)
        PhaseAssessment.objects.create(district=ost, phase=phase, on=on, evidence="Runde", assessor="Team", by=mara)
    assert figures(lately(), "phases", "phase_districts") == {"Aachen-Ost": [1, 2, "weiter"]}


def test_funds_say_what_was_granted_and_refused(mara, asli, silke, ost, preuswald):
    fund = make_funds.fund(districts=[ost], by=silke, budget=5000, name="Stadtteilfonds Ost")
    who = {"fund": fund, "by": asli, "checker": mara}
    make_funds.decided(**who)
    make_funds.checked(overall="not", reason="Hat schon begonnen.", **who)
    make_funds.submitted(fund=fund, by=asli)
    make_funds.application(fund=fund, by=asli)  # a draft is no application yet
    counts = figures(lately(), "funds", "funds")
    assert counts["total"] == [3, 1, 1, 0, 1, 0.5]
    money = figures(lately(districts=(ost.pk,)), "funds", "fund_money")
    assert money["total"] == [1350, 450, 0, 0, 50, 0.1]
    assert figures(lately(districts=(preuswald.pk,)), "funds", "funds") == {}


def test_plans_count_measures_by_colour_and_samples_nowhere(silke, ost):
    plan = make_plans.in_force(by=silke, districts=[ost], measures=2, title="Konzept Ost")
    make_plans.in_force(by=silke, districts=[ost], is_sample=True)
    found = figures(lately(), "plan", f"plan-{plan.pk}")
    assert found["total"] == [2, 0, 0, 2, 0]
    assert len(working_chapters(lately(), today=make.today(), codes=["plan"])[0].tables) == 1


def test_public_relations_count_what_appeared(mara, rita, ost, preuswald):
    make_pr.item(by=mara, districts=[ost], status="published", approver=rita)
    make_pr.item(by=mara, districts=[ost])
    make_pr.clipping(by=mara, districts=[ost])
    lines = figures(lately(districts=(ost.pk,)), "public_relations", "public_relations")
    assert {code: values[0] for code, values in lines.items()} == {
        "published": 1, "linked": 0, "print_run": 0, "clippings": 1
    }  # fmt: skip
    assert figures(lately(districts=(preuswald.pk,)), "public_relations", "public_relations") == {}


def test_needs_stand_as_they_stood_on_the_last_day(mara, ost, preuswald):
    make_needs.need(districts=[ost])
    make_needs.need(districts=[ost, preuswald])
    make_needs.need(districts=[preuswald])
    here = lately(districts=(ost.pk,))
    lines = figures(here, "needs", "needs")
    assert (lines["entered"][0], lines["open"][0], lines["reports"][0]) == (2, 2, 0)
    assert figures(here, "needs", "need_status")["total"] == [2, 1]
    assert figures(lately(), "needs", "need_status")["total"] == [3, 1]
