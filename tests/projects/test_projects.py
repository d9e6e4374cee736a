"""Projects: entering, list, partners, steps, who sees what (Z29)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.actions.merging import merge_actors, undo_merge
from districts.models import Department, OfficeShare
from districts.roles import Role
from projects.actions import projects as actions
from projects.actions.base import Conflict, LoopError
from projects.models import Project, ProjectLog, ProjectTask
from tests import make, make_projects, make_rooms, pdf

pytestmark = pytest.mark.django_db
LIST = reverse("projects:projects")


@pytest.fixture
def project(mara, ost):
    return make_projects.project(by=mara, districts=[ost], title="Essbare Beete")


@pytest.fixture
def typed(ost):
    return {"title": "Werkzeug zum Ausleihen", "districts": [ost.pk], "origin": "carrier", "part": "partner"}


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def running(project):
    Project.objects.filter(pk=project.pk).update(status="running")
    project.refresh_from_db()
    return project


def test_enters_a_project(client_of, mara, typed, ost):
    answer = client_of(mara).post(reverse("projects:project_new"), typed | {"goals": "Dreißig Ausleihen"})
    made = Project.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.status, list(made.districts.all()), made.goals) == ("idea", [ost], "Dreißig Ausleihen")
    assert ProjectLog.objects.get().kind == "entered"


def test_one_that_is_older_than_its_entry_says_since_when_and_its_steps_may_be_as_old(client_of, mara, typed):
    client, since = client_of(mara), make.today() - timedelta(days=200)
    ahead = client.post(reverse("projects:project_new"), typed | {"since": "2199-01-01"})
    assert (ahead.status_code, list(ahead.context["form"].errors)) == (422, ["since"])
    assert client.post(reverse("projects:project_new"), typed | {"since": since.isoformat()}).status_code == 303
    made = Project.objects.get()
    assert (made.status, made.status_since) == ("idea", since)
    assert "since" not in client.get(reverse("projects:project_edit", args=[made.pk])).context["form"].fields
    moved = make_projects.moved(made, to="running", by=mara, on=since + timedelta(days=30))
    assert moved.status_since == since + timedelta(days=30)
    with pytest.raises(LoopError):
        make_projects.project(by=mara, since=make.today() + timedelta(days=1))


def test_how_it_goes_on_is_read_while_it_still_runs(client_of, mara, ost):
    made = make_projects.project(by=mara, districts=[ost], outlook="Der Platz ist bis 2028 gemietet.")
    assert "Der Platz ist bis 2028 gemietet." in client_of(mara).get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("change", "field"), [
    ({"title": ""}, "title"),
    ({"title": "x" * 161}, "title"),
    ({"origin": "nirgends"}, "origin"),
    ({"origin": "programme"}, "programme"),
    ({"lead": "Gibt es nicht"}, "lead"),
    ({"starts_on": "2026-05-01", "ends_on": "2026-04-01"}, "ends_on"),
    ({"participants": "1" + "0" * 30}, "participants"),
    ({"qualities": ["erfunden"]}, "qualities"),
    ({"districts": []}, "keeper"),
])  # fmt: skip
def test_says_beside_the_field_what_is_wrong_and_keeps_the_words(client_of, mara, typed, change, field):
    answer = client_of(mara).post(reverse("projects:project_new"), typed | {"motto": "Leihen statt kaufen"} | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Leihen statt kaufen" in answer.content.decode()
    assert not Project.objects.exists()


def test_a_district_of_others_alone_is_refused(client_of, mara, typed, preuswald):
    answer = client_of(mara).post(reverse("projects:project_new"), typed | {"districts": [preuswald.pk]})
    assert list(answer.context["form"].errors) == ["districts"]


def test_whoever_is_slower_compares_first(client_of, mara, project, ost):
    client, sent = client_of(mara), {"title": project.title, "districts": [ost.pk], "origin": "concern"}
    sent |= {"part": "accompanies"}
    assert client.post(url("project_edit", project), sent | {"version": 1, "motto": "Pflücken"}).status_code == 303
    late = client.post(url("project_edit", project), sent | {"version": 1, "motto": "Ernten"})
    assert late.status_code == 409
    assert ("Motto", "Pflücken", "Ernten") in late.context["differences"]
    project.refresh_from_db()
    assert project.motto == "Pflücken"


def test_what_the_query_and_the_loaded_row_say_about_rights_is_the_same(mara, paul, asli, silke, enno, adam, tara, ost):
    rows = [
        make_projects.project(by=mara, districts=[ost]),
        make_projects.project(by=mara),
        make_projects.project(by=mara, districts=[make.district()]),
    ]
    for user in (mara, paul, asli, silke, enno, adam, tara):
        assert {row for row in rows if row.may_edit(user)} == set(Project.objects.editable_by(user)), user
    assert set(Project.objects.editable_by(mara)) == set(rows[:2])
    assert set(Project.objects.editable_by(silke)) == set(rows)
    assert set(Project.objects.editable_by(asli)) == set()


class TestList:
    @pytest.fixture
    def some(self, mara, ost, preuswald):
        beet = make_projects.project(by=mara, districts=[ost], title="Essbare Beete", phase=2)
        weg = make_projects.project(by=mara, districts=[preuswald], title="Waldweg", phase=1)
        make_projects.partner(project=weg, name="Forstverwaltung")
        over = make_projects.project(by=mara, districts=[ost], title="Leere Läden")
        make_projects.moved(over, to="dropped", by=mara)
        return {"beet": beet, "weg": weg, "over": over}

    @pytest.mark.parametrize(("query", "found"), [
        ({}, {"beet", "weg"}),
        ({"status": "any"}, {"beet", "weg", "over"}),
        ({"status": "dropped"}, {"over"}),
        ({"phase": "1"}, {"weg"}),
        ({"partner": "forst"}, {"weg"}),
        ({"q": "beete"}, {"beet"}),
        ({"q": "Waldwek"}, {"weg"}),
        ({"district": "ost"}, {"beet"}),
        ({"district": "stadtweit"}, set()),
    ])  # fmt: skip
    def test_is_narrowed(self, client_of, mara, some, ost, query, found):
        query = {**query, **({"district": ost.pk} if query.get("district") == "ost" else {})}
        page = client_of(mara).get(LIST, query).context["rows"]
        assert {row["project"] for row in page} == {some[name] for name in found}

    @pytest.mark.parametrize("query", [{"phase": "9"}, {"district": "1" + "0" * 30}, {"field": "x"}])
    def test_a_filter_that_cannot_be_read_is_said(self, client_of, mara, some, query):
        answer = client_of(mara).get(LIST, query)
        assert (answer.status_code, list(answer.context["rows"])) == (422, [])

    @pytest.mark.parametrize("rows", [1, 12])
    def test_asks_the_same_with_one_row_and_with_many(self, client_of, mara, ost, rows, django_assert_num_queries):
        for _ in range(rows):
            make_projects.partner(project=make_projects.project(by=mara, districts=[ost], lead=make.actor()))
        client = client_of(mara)
        client.get(LIST)
        with django_assert_num_queries(10):
            client.get(LIST)

    @pytest.mark.parametrize("rows", [1, 12])
    def test_a_partner_costs_two_questions_more(self, client_of, mara, ost, rows, django_assert_num_queries):
        for n in range(rows):
            project = make_projects.project(by=mara, districts=[ost], lead=make.actor(name=f"Verein {n}"))
            make_projects.partner(project=project)
        client = client_of(mara)
        client.get(LIST, {"partner": "verein"})
        with django_assert_num_queries(12):
            assert len(client.get(LIST, {"partner": "verein"}).context["rows"]) == rows

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("sonnenhaus", {"lead", "partner"}), ("SONNEN", {"lead", "partner"}), ("aachener stadt", {"office"}),
            ("stadtbetrieb", {"office"}), ("müller", {"free"}), ("%", set()), ("haus sonnen", {"lead", "partner"}),
            ("grunes", {"lead", "partner"}), ("' --", set()),
        ],
    )  # fmt: skip
    def test_a_partner_is_found_by_name(self, client_of, mara, ost, stadtbetrieb, text, found):
        house = make.actor(name="Grünes Sonnenhaus")
        rows = {name: make_projects.project(by=mara, districts=[ost]) for name in ("partner", "office", "free", "no")}
        rows["lead"] = make_projects.project(by=mara, districts=[ost], lead=house)
        make_projects.partner(project=rows["partner"], actor=house)
        make_projects.partner(project=rows["office"], actor=None, department=stadtbetrieb)
        make_projects.partner(project=rows["free"], actor=None, name="Familie Müller")
        page = client_of(mara).get(LIST, {"partner": text}).context["rows"]
        assert {row["project"] for row in page} == {rows[name] for name in found}

    def test_the_file_has_the_rows_of_the_list_and_no_formula(self, client_of, mara, some):
        Project.objects.filter(pk=some["beet"].pk).update(motto="=1+1")
        answer = client_of(mara).get(reverse("projects:project_export"), {"status": "any"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(text), delimiter=";"))
        assert [row["Titel"] for row in rows] == ["Essbare Beete", "Leere Läden", "Waldweg"]
        assert (rows[0]["Motto"], rows[2]["Partner"]) == ("'=1+1", "Forstverwaltung")


class TestPartners:
    def test_an_actor_a_department_or_a_name(self, client_of, mara, project, stadtbetrieb):
        actor = make.actor(name="Werkhof")
        client = client_of(mara)
        for given in ({"actor": "Werkhof", "is_shared": "on"}, {"department": stadtbetrieb.pk}, {"name": "Bewohner"}):
            assert client.post(url("partner_new", project), {"role": "carries", **given}).status_code == 303
        assert [one.label for one in project.partners.all()] == ["Werkhof", str(stadtbetrieb), "Bewohner"]
        assert project.partners.get(actor=actor).is_shared

    @pytest.mark.parametrize("given", [{}, {"name": "Bewohner", "actor": "Werkhof"}, {"name": "x", "is_shared": "on"}])
    def test_exactly_one(self, client_of, mara, project, given):
        make.actor(name="Werkhof")
        answer = client_of(mara).post(url("partner_new", project), {"role": "carries", **given})
        assert (answer.status_code, project.partners.count()) == (422, 0)

    def test_nobody_twice(self, client_of, mara, project):
        make_projects.partner(project=project, name="Bewohner")
        answer = client_of(mara).post(url("partner_new", project), {"role": "helps", "name": "Bewohner"})
        assert (answer.status_code, project.partners.count()) == (422, 1)

    def test_one_removed_meanwhile_does_not_come_back(self, mara, project):
        partner = make_projects.partner(project=project)
        actions.remove_partner(partner=partner, by=mara)
        with pytest.raises(Conflict):
            actions.save_partner(project=project, partner=partner, by=mara, note="Neu")
        assert not project.partners.exists()

    def test_a_department_that_is_no_more_may_stay(self, client_of, mara, project, stadtbetrieb):
        partner = make_projects.partner(project=project, department=stadtbetrieb)
        Department.objects.filter(pk=stadtbetrieb.pk).update(valid_to=make.today() - timedelta(days=1))
        sent = {"department": stadtbetrieb.pk, "role": "advises", "note": "bis 2025"}
        assert client_of(mara).post(url("partner", partner), sent).status_code == 303

    def test_merging_two_actors_moves_what_they_take_part_in_and_back(self, mara, project):
        kept, merged = make.actor(), make.actor()
        both, own = make_projects.project(by=mara, lead=merged), make_projects.partner(project=project, actor=merged)
        make_projects.partner(project=both, actor=kept)
        twice = make_projects.partner(project=both, actor=merged)
        event = make_projects.event(by=mara)
        event.organisers.add(merged)
        group = make_projects.group(actor=merged, by=mara)
        merge = merge_actors(kept=kept, merged=merged, by=mara)
        for row in (both, own, twice, group):
            row.refresh_from_db()
        assert (both.lead, own.actor, twice.actor, group.actor) == (kept, kept, merged, kept)
        assert list(event.organisers.all()) == [kept]
        undo_merge(merge=merge, by=mara)
        for row in (both, own, group):
            row.refresh_from_db()
        assert (both.lead, own.actor, group.actor, list(event.organisers.all())) == (merged, merged, merged, [merged])


class TestSteps:
    def test_goes_on_and_keeps_when(self, client_of, mara, project):
        Project.objects.filter(pk=project.pk).update(status_since=make.today() - timedelta(days=9))
        day = make.today() - timedelta(days=2)
        sent = {"to": "concept", "on": day.isoformat(), "version": 1}
        assert client_of(mara).post(url("project_step", project), sent).status_code == 303
        project.refresh_from_db()
        moved = project.log.get(kind="moved")
        assert (project.status, project.status_since) == ("concept", day)
        assert (moved.old, moved.new, moved.on) == ("idea", "concept", day)

    @pytest.mark.parametrize(("sent", "fields"), [
        ({"to": "completed"}, ["to"]),
        ({"to": "dropped"}, ["drop_reason", "drop_text"]),
        ({"to": ""}, ["to"]),
        ({"to": "concept", "on": "2199-01-01"}, ["__all__"]),
        ({"to": "concept", "on": "1999-01-01"}, ["__all__"]),
    ])  # fmt: skip
    def test_what_does_not_fit_is_said(self, client_of, mara, project, sent, fields):
        sent = {"on": make.today().isoformat(), "version": 1, **sent}
        answer = client_of(mara).post(url("project_step", project), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
        project.refresh_from_db()
        assert project.status == "idea"

    def test_the_end_asks_for_results_and_who_carries_on(self, client_of, mara, project):
        sent = {"to": "continued", "on": make.today().isoformat(), "version": 1}
        answer = client_of(mara).post(url("project_step", running(project)), sent)
        assert list(answer.context["form"].errors) == ["continued_by", "results"]
        html = client_of(mara).get(url("project_step", project)).content.decode()
        assert "Wer führt es weiter?" in html

    def test_completed_without_anybody_asks_on_until_it_is_continued(self, client_of, mara, project):
        make_projects.moved(running(project), to="completed", by=mara)
        html = client_of(mara).get(project.get_absolute_url()).content.decode()
        assert "Noch niemand." in html
        make_projects.moved(project, to="continued", by=mara)
        html = client_of(mara).get(project.get_absolute_url()).content.decode()
        assert ("Noch niemand." in html, "Stadtteilverein" in html) == (False, True)
        assert project.checks.count() == 3

    def test_two_at_once(self, client_of, mara, project):
        actions.move_project(project=project, to="concept", by=mara)
        sent = {"to": "funding", "on": make.today().isoformat(), "version": 1}
        answer = client_of(mara).post(url("project_step", project), sent)
        assert (answer.status_code, answer.context["form"].data["version"]) == (409, "2")

    def test_dropping_drops_the_open_tasks_with_it(self, mara, project):
        task = make_projects.task(project=project)
        make_projects.moved(project, to="dropped", by=mara)
        task.refresh_from_db()
        assert (task.status, task.result) == ("dropped", "Das Projekt wird nicht umgesetzt.")
        assert task.version == 2

    def test_dropped_can_become_an_idea_again_and_forgets_why_not(self, mara, project):
        make_projects.moved(project, to="dropped", by=mara)
        again = make_projects.moved(project, to="idea", by=mara)
        assert (again.drop_text, [one.new for one in again.log.filter(kind="moved")]) == ("", ["idea", "dropped"])

    def test_a_step_that_the_table_does_not_allow(self, mara, project):
        with pytest.raises(Conflict):
            make_projects.moved(project, to="completed", by=mara)
        with pytest.raises(LoopError):
            actions.move_project(project=project, to="dropped", by=mara)

    def test_the_database_refuses_what_the_actions_do(self, mara, project):
        for wrong in ({"status": "dropped"}, {"status": "continued"}, {"status": "fertig"}, {"phase": 4}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Project.objects.filter(pk=project.pk).update(**wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            project.log.update(kind="edited")


class TestWhoSeesWhat:
    """Carrier staff and departments read what they take part in, and nothing about concerns."""

    @pytest.fixture
    def joint(self, mara, ost, stadtbetrieb, tara):
        concern = make.concern(district=ost, owner=mara, title="Geheime Klage")
        made = make_projects.project(
            by=mara, districts=[ost], concern=concern, title="Waldweg", lessons="Streit mit dem Amt"
        )
        make_projects.partner(project=made, department=stadtbetrieb)
        make_projects.partner(project=made, actor=tara.memberships.get().actor, is_shared=True)
        make_projects.task(project=made, title="Heikle Aufgabe")
        make_projects.task(project=made, title="Eröffnung", kind="milestone", responsible="Familie Roth")
        return made

    @pytest.mark.parametrize("who", ["tara", "enno"])
    def test_partners_read_it_without_concerns(self, client_of, joint, request, who):
        client = client_of(request.getfixturevalue(who))
        html = client.get(joint.get_absolute_url()).content.decode()
        hidden = ("Geheime Klage", "Heikle Aufgabe", "Streit mit dem Amt", joint.origins.get().concern.number)
        assert [text in html for text in ("Waldweg", "Eröffnung", *hidden)] == [True, True, *[False] * 4]
        assert "Waldweg" in client.get(LIST).content.decode()

    def test_the_paper_for_a_partner_says_no_more_than_the_page(self, client_of, joint, mara, tara):
        path = reverse("reports:project_paper", args=[joint.pk])
        texts = {one: pdf.text(client_of(one).get(path).content) for one in (mara, tara)}
        inner = ("Heikle Aufgabe", "Streit mit dem Amt", "ein Anliegen steht dahinter", "Familie Roth")
        assert [text in texts[mara] for text in inner] == [True] * 4
        assert [text in texts[tara] for text in ("Eröffnung", *inner)] == [True, *[False] * 4]

    def test_strangers_get_404(self, client_of, joint, uwe, adam):
        other = make.user(role=Role.CARRIER, actor=make.actor())
        assert [client_of(one).get(joint.get_absolute_url()).status_code for one in (uwe, other, adam)] == [404] * 3

    def test_it_stands_on_the_start_page_and_that_of_the_shared_office(self, client_of, mara, joint, tara, ost):
        share = make_rooms.share(office=mara.office, district=ost, members=[tara.memberships.get().actor])
        client = client_of(tara)
        for path in (reverse("districts:carrier"), OfficeShare.objects.get(pk=share.pk).get_absolute_url()):
            assert joint.get_absolute_url() in client.get(path).content.decode(), path

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_page_asks_the_same_with_one_row_and_with_many(
        self, client_of, mara, ost, rows, django_assert_num_queries
    ):
        made = make_projects.project(by=mara, districts=[ost])
        for n in range(rows):
            concern = make.concern(district=ost, owner=mara)
            actions.link_concern(project=made, concern=concern, by=mara)
            make_projects.partner(project=made)
            make_projects.task(project=made, kind="task" if n % 2 else "milestone")
            make_projects.event(by=mara, district=ost, project=made)
        client = client_of(mara)
        client.get(made.get_absolute_url())
        with django_assert_num_queries(21):
            client.get(made.get_absolute_url())


class TestReports:
    """The day on which a result is reported is a task (Z33)."""

    def test_it_appears_moves_and_goes(self, mara, ost, project):
        day = make.today() + timedelta(days=20)
        save = {"by": mara, "project": project, "districts": [ost], **make_projects.EMPTY}
        actions.save_project(**save, version=1, participation="shaping", report_on=day)
        task = ProjectTask.objects.get(kind="report")
        assert (task.due_on, task.is_open) == (day, True)
        actions.save_project(**save, version=2, report_on=day + timedelta(days=3))
        task.refresh_from_db()
        assert task.due_on == day + timedelta(days=3)
        actions.save_project(**save, version=3, report_on=None)
        task.refresh_from_db()
        assert (task.status, ProjectTask.objects.count()) == ("dropped", 1)
        # The same day promised again is a promise again.
        actions.save_project(**save, version=4, report_on=day + timedelta(days=3))
        assert ProjectTask.objects.get(status="open").due_on == day + timedelta(days=3)

    def test_done_says_where_and_stays_done(self, client_of, mara, ost, project):
        day = make.today()
        save = {"by": mara, "project": project, "districts": [ost], **make_projects.EMPTY, "report_on": day}
        actions.save_project(**save, version=1)
        task = ProjectTask.objects.get(kind="report")
        client = client_of(mara)
        answer = client.post(url("project_task_settle", task), {"status": "done"})
        assert list(answer.context["form"].errors) == ["result"]
        client.post(url("project_task_settle", task), {"status": "done", "result": "Aushang und Versammlung"})
        actions.save_project(**save, version=2)
        assert [one.status for one in ProjectTask.objects.all()] == ["done"]
        assert project.log.filter(kind="reported").exists()
