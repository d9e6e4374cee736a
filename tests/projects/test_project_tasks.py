"""Tasks of projects and events, and handing over what somebody keeps in view (Z29, D11, I9)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions.handover import HandoverNeeded, deactivate_person
from projects.actions import tasks
from projects.actions.base import Conflict
from projects.models import EffectCheck, Event, Project, ProjectTask
from tests import make, make_bodies, make_projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(mara, ost):
    return make_projects.project(by=mara, districts=[ost])


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def test_gives_a_task_and_a_milestone(client_of, mara, project):
    client, due = client_of(mara), make.today() + timedelta(days=3)
    sent = {"kind": "task", "title": "Antrag schreiben", "due_on": due.isoformat(), "responsible": "Verein"}
    assert client.post(url("project_task_new", project), sent).status_code == 303
    client.post(url("project_task_new", project), sent | {"kind": "milestone", "title": "Eröffnung"})
    html = client.get(project.get_absolute_url()).content.decode()
    assert [text in html for text in ("Antrag schreiben", "Eröffnung")] == [True, True]


@pytest.mark.parametrize(("change", "field"), [
    ({"title": ""}, "title"),
    ({"due_on": ""}, "due_on"),
    ({"kind": "report"}, "kind"),
    ({"owner": "99999999"}, "owner"),
])  # fmt: skip
def test_says_beside_the_field_what_is_wrong(client_of, mara, project, change, field):
    sent = {"kind": "task", "title": "x", "due_on": make.today().isoformat(), **change}
    answer = client_of(mara).post(url("project_task_new", project), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_whoever_is_slower_compares_first(client_of, mara, project):
    task = make_projects.task(project=project)
    sent = {"kind": "task", "title": "Erst", "due_on": task.due_on.isoformat(), "version": 1}
    client = client_of(mara)
    assert client.post(url("project_task", task), sent).status_code == 303
    late = client.post(url("project_task", task), sent | {"title": "Dann"})
    assert (late.status_code, ("Was ist zu tun?", "Erst", "Dann") in late.context["differences"]) == (409, True)


def test_lies_in_the_basket_of_whoever_keeps_it_else_of_the_team(client_of, mara, paul, asli, project):
    today = make.today()
    own = make_projects.task(project=project, due_on=today, owner=paul)
    team = make_projects.task(project=project, due_on=today)
    make_projects.task(project=project, due_on=today + timedelta(days=1))
    shown = {}
    for person in (mara, asli, paul):
        client = client_of(person)
        others = client.get(reverse("concerns:basket")).context["others"]
        tile = next(one for one in others if one["label"] == "Aufgaben aus Projekten")
        shown[person] = (tile["count"], [one for one, _ in client.get(tile["url"]).context["lines"]])
    assert shown == {mara: ("1", [team]), asli: ("1", [team]), paul: ("1", [own])}


def test_whoever_keeps_it_settles_it_although_the_project_is_not_theirs(client_of, asli, paul, project):
    task = make_projects.task(project=project, owner=asli)
    assert client_of(asli).post(url("project_task_settle", task), {"status": "done"}).status_code == 303
    assert client_of(paul).post(url("project_task_settle", task), {"status": "done"}).status_code == 404
    task.refresh_from_db()
    assert (task.status, task.settled_by) == ("done", asli)
    client_of(asli).post(url("project_task_reopen", task))
    task.refresh_from_db()
    assert (task.status, task.settled_by) == ("open", None)


def test_dropped_says_why_and_nothing_is_settled_twice(client_of, mara, project):
    task = make_projects.task(project=project)
    client = client_of(mara)
    answer = client.post(url("project_task_settle", task), {"status": "dropped"})
    assert list(answer.context["form"].errors) == ["result"]
    tasks.settle_task(task=task, by=mara)
    assert client.post(url("project_task_settle", task), {"status": "done"}).status_code == 409


def test_a_report_is_not_opened_beside_another_one(mara, project):
    first = make_projects.task(project=project, kind="report")
    tasks.settle_task(task=first, result="Aushang", by=mara)
    make_projects.task(project=project, kind="report")
    with pytest.raises(Conflict):
        tasks.reopen_task(task=first, by=mara)


def test_what_nobody_keeps_lies_with_whoever_keeps_the_project_of_the_whole_city(mara, paul):
    everywhere = make_projects.project(by=paul, keeper=paul)
    task = make_projects.task(project=everywhere)
    found = {one: list(ProjectTask.objects.in_basket_of(one)) for one in (paul, mara)}
    assert found == {paul: [task], mara: []}


@pytest.mark.parametrize("rows", [1, 9])
def test_the_list_asks_the_same_with_one_row_and_with_many(client_of, mara, ost, rows, django_assert_num_queries):
    for n in range(rows):
        of = {"project": make_projects.project(by=mara, districts=[ost])}
        make_projects.task(**(of if n % 2 == 0 else {"event": make_projects.event(by=mara, district=ost)}), owner=mara)
    client = client_of(mara)
    client.get(reverse("projects:project_tasks"))
    with django_assert_num_queries(7):
        client.get(reverse("projects:project_tasks"))


class TestLeaving:
    @pytest.fixture
    def kept(self, mara, ost):
        project = make_projects.project(by=mara, districts=[ost], keeper=mara)
        return {
            "project": project,
            "event": make_projects.event(by=mara, district=ost, keeper=mara),
            "task": make_projects.task(project=project, owner=mara),
            "order": make_bodies.follow_up(body=make_bodies.body(districts=[ost]), owner=mara),
        }

    def test_nobody_leaves_before_it_is_handed_over(self, client_of, mara, silke, asli, paul, kept):
        with pytest.raises(HandoverNeeded) as needed:
            deactivate_person(person=mara, by=silke)
        assert "ein Projekt, eine geplante Veranstaltung, eine Aufgabe" in str(needed.value)
        client = client_of(silke)
        page = client.get(reverse("concerns:handover", args=[mara.pk])).content.decode()
        assert url("keeping", mara) in page
        # An assistant may not say whether a project still works.
        assert client.post(url("keeping", mara), {"to": asli.pk}).status_code == 422
        assert client.post(url("keeping", mara), {"to": paul.pk}).status_code == 303
        for row in kept.values():
            row.refresh_from_db()
        holders = (kept["project"].keeper, kept["event"].keeper, kept["task"].owner, kept["order"].owner)
        assert holders == (paul, paul, paul, paul)
        assert deactivate_person(person=mara, by=silke).is_active is False

    def test_what_is_over_holds_nobody_back(self, mara, silke, ost):
        over = make_projects.project(by=mara, districts=[ost], keeper=mara)
        make_projects.moved(over, to="dropped", by=mara)
        tasks.settle_task(task=make_projects.task(project=over, owner=mara), by=mara)
        assert deactivate_person(person=mara, by=silke).is_active is False

    def test_a_project_that_is_over_holds_back_while_its_effect_is_to_be_checked(self, mara, silke, paul, ost):
        over = make_projects.completed(by=mara, districts=[ost])
        Project.objects.filter(pk=over.pk).update(keeper=mara)
        with pytest.raises(HandoverNeeded):
            deactivate_person(person=mara, by=silke)
        assert tasks.hand_over(person=mara, to=paul, by=silke) == 1
        deactivate_person(person=mara, by=silke)
        assert EffectCheck.objects.in_basket_of(paul).count() == 3

    def test_not_to_themselves(self, client_of, mara, silke, kept):
        answer = client_of(silke).post(url("keeping", mara), {"to": mara.pk})
        assert (answer.status_code, ProjectTask.objects.get().owner) == (422, mara)


def test_the_sozialplanung_finds_what_it_keeps_where_it_starts_the_day(client_of, silke, mara, ost):
    kept = make_projects.completed(by=silke, on=make.today() - timedelta(weeks=5))
    Project.objects.filter(pk=kept.pk).update(keeper=silke)
    theirs = make_projects.completed(by=mara, districts=[ost], on=make.today() - timedelta(weeks=5))
    make_projects.task(project=kept, kind="milestone", due_on=make.today())
    make_projects.task(project=theirs, due_on=make.today())
    fest = make_projects.event(by=mara, district=ost, keeper=silke)
    again = make_projects.event(by=mara, district=ost, keeper=silke, repeats_yearly=True)
    make_projects.event(by=mara, district=ost)
    Event.objects.update(on=make.today() - timedelta(days=1))
    Event.objects.filter(pk=again.pk).update(status="held")
    client = client_of(silke)
    tiles = {one["label"]: one for one in client.get(reverse("concerns:coordination")).context["others"]}
    labels = ("Aufgaben aus Projekten", "Wirkt es noch?", "Veranstaltungen: Wie war es?", "Nächstes Jahr wieder?")
    assert [tiles[label]["count"] for label in labels] == ["1", "1", "1", "1"]
    pages = [client.get(tiles[label]["url"]).context["page"].rows for label in labels]
    assert [one.subject for one in pages[0]] == [kept]
    assert [one.project for one in pages[1]] == [kept]
    assert (pages[2], pages[3]) == ([fest], [again])
