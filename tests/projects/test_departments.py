"""How departments take part in the quarters, and the talks in which they agree (Z21)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from districts.models import DepartmentContact
from projects.actions import talks as actions
from projects.actions.base import CHANGED
from projects.models import CoordinationTalk
from tests import make, make_bodies, make_projects

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("projects:talks"), reverse("projects:talk_new")


def page(client, department):
    return client.get(reverse("projects:department", args=[department.pk]))


@pytest.fixture
def green(db):
    return make.department(code="FB 99", name="Vermessung")


@pytest.fixture
def typed(stadtbetrieb, ost):
    return {
        "topic": "Pflege der Grünflächen", "on": make.today().isoformat(), "departments": [stadtbetrieb.pk],
        "districts": [ost.pk], "attendees": "Leitung E 18, Quartiersmanagement", "result": "Zweimal im Monat.",
    }  # fmt: skip


class TestTalk:
    def test_a_manager_records_one(self, client_of, mara, stadtbetrieb, ost, typed):
        answer = client_of(mara).post(NEW, typed)
        made = CoordinationTalk.objects.get()
        assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
        assert (list(made.departments.all()), list(made.districts.all()), made.by) == ([stadtbetrieb], [ost], mara)
        html = client_of(mara).get(made.get_absolute_url()).content.decode()
        assert ("Zweimal im Monat." in html, "Leitung E 18" in html) == (True, True)

    def test_the_form_asks_to_leave_residents_out(self, client_of, mara):
        html = client_of(mara).get(NEW).content.decode()
        assert html.count("Bewohnerinnen und Bewohnern") == 2
        assert "Diese Fachbereiche können das Gespräch mit seinem Ergebnis lesen." in html

    @pytest.mark.parametrize("field", ["topic", "on", "departments", "attendees", "result"])
    def test_says_what_is_missing(self, client_of, mara, typed, field):
        answer = client_of(mara).post(NEW, {**typed, field: []})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_neither_of_tomorrow_nor_of_a_foreign_district(self, client_of, mara, silke, preuswald, typed):
        tomorrow = (make.today() + timedelta(days=1)).isoformat()
        for change, field in (({"on": tomorrow}, "on"), ({"districts": [preuswald.pk]}, "districts")):
            answer = client_of(mara).post(NEW, typed | change)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert client_of(silke).post(NEW, typed | {"districts": [preuswald.pk]}).status_code == 303
        assert client_of(mara).post(NEW, typed | {"districts": []}).status_code == 303

    def test_departments_read_what_names_them_and_nobody_else_does(
        self, client_of, mara, asli, paul, silke, enno, lena, uwe, stadtbetrieb, green, typed
    ):
        ours = make_bodies.talk(by=mara, departments=[stadtbetrieb], result="Das lesen wenige.")
        theirs = make_bodies.talk(by=mara, departments=[green], topic="Geheim")
        for user in (mara, asli, paul, silke):
            assert set(client_of(user).get(LIST).context["page"].rows) == {ours, theirs}
        for user in (enno, lena):
            shown = client_of(user).get(LIST)
            assert (shown.context["page"].rows, "Geheim" in shown.content.decode()) == ([ours], False)
            links = (
                reverse("projects:department", args=[stadtbetrieb.pk])
                in client_of(user).get(ours.get_absolute_url()).text
            )
            assert links == (user == lena)
            assert client_of(user).get(theirs.get_absolute_url()).status_code == 404
            assert client_of(user).get(reverse("projects:talk_edit", args=[ours.pk])).status_code == 404
        assert client_of(uwe).get(LIST).context["page"].rows == []

    def test_is_changed_by_one_at_a_time_and_only_by_whom_it_concerns(
        self, client_of, mara, paul, silke, stadtbetrieb, ost, typed
    ):
        talk = make_bodies.talk(by=silke, departments=[stadtbetrieb], districts=[ost])
        url = reverse("projects:talk_edit", args=[talk.pk])
        assert client_of(paul).get(url).status_code == 404
        assert client_of(mara).post(url, typed | {"version": 1}).status_code == 303
        late = client_of(silke).post(url, typed | {"version": 1, "result": "Einmal im Monat."})
        assert (late.status_code, CHANGED in late.content.decode()) == (409, True)
        assert ("Ergebnis", "Zweimal im Monat.", "Einmal im Monat.") in late.context["differences"]

    def test_the_database_wants_words_and_departments(self, mara, stadtbetrieb):
        known = {"by": mara, "topic": "T", "attendees": "A", "result": "R"}
        for name in ("topic", "attendees", "result"):
            with pytest.raises(IntegrityError, match="coordination_talk_says_what"), transaction.atomic():
                CoordinationTalk.objects.create(**known | {name: ""})
        talk = make_bodies.talk(by=mara, departments=[stadtbetrieb])
        for write in (lambda: CoordinationTalk.objects.create(**known), talk.departments.clear):
            with pytest.raises(IntegrityError, match="without departments"), transaction.atomic():
                to_the_end(write)

    def test_the_action_wants_a_department(self, mara):
        with pytest.raises(actions.ValidationError):
            make_bodies.talk(by=mara, departments=[])
        assert not CoordinationTalk.objects.exists()


def to_the_end(write):
    """Write, and what the database checks at the end of a transaction."""
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class TestPage:
    @pytest.fixture
    def tickets(self, mara, ost, stadtbetrieb):
        """One ticket waits, one is late, one is answered; one of a sensitive concern."""
        today, found = make.today(), []
        for due, status in ((5, "sent"), (-5, "accepted"), (-5, "answered"), (5, "sent")):
            concern = make.concern(district=ost, owner=mara)
            fields = {"status": status, "due_on": today + timedelta(days=due)}
            fields["finished_at"] = timezone.now() if status == "answered" else None
            found.append(make.routing(concern=concern, department=stadtbetrieb, **fields))
        Concern.objects.filter(pk=found[-1].concern_id).update(is_sensitive=True)
        return found

    def test_counts_what_this_person_may_see(self, client_of, mara, paul, silke, lena, stadtbetrieb, tickets):
        seen = {"waiting": 3, "late": 1, "done": 1}
        counts = [page(client_of(one), stadtbetrieb).context["tickets"] for one in (mara, lena, silke, paul)]
        assert counts == [seen, seen, seen | {"waiting": 2}, seen | {"waiting": 2}]

    def test_leads_managers_to_the_list_and_the_head_to_the_inbox(self, client_of, mara, lena, stadtbetrieb, tickets):
        listed = f"{reverse('concerns:list')}?department={stadtbetrieb.pk}&amp;routing=open"
        assert listed in page(client_of(mara), stadtbetrieb).content.decode()
        rows = client_of(mara).get(listed.replace("&amp;", "&")).context["page"].rows
        assert len(rows) == 3
        html = page(client_of(lena), stadtbetrieb).content.decode()
        assert (listed in html, f'href="{reverse("concerns:inbox")}"' in html) == (False, True)

    def test_only_the_own_department_opens_for_its_head(self, client_of, lena, enno, asli, green, stadtbetrieb):
        assert [one.pk for one in client_of(lena).get(reverse("projects:departments")).context["page"].rows] == [
            stadtbetrieb.pk
        ]
        assert page(client_of(lena), green).status_code == 404
        assert [page(client_of(one), stadtbetrieb).status_code for one in (enno, asli)] == [404, 404]

    def test_shows_sessions_projects_talks_and_contacts(self, client_of, mara, ost, stadtbetrieb, green):
        body = make_bodies.body(name="Konferenz Ost", districts=[ost])
        seat = make_bodies.member(body=body, department=stadtbetrieb, has_vote=False)
        make_bodies.member(body=make_bodies.body(name="Fremdes Gremium"), department=green)
        come = make_bodies.held(body=body, by=mara, members=[seat], on=make.today() - timedelta(days=20))
        missed = make_bodies.held(body=body, by=mara, on=make.today() - timedelta(days=10))
        missed.attendances.create(member=seat, state="excused")
        ahead = make_bodies.session(body=body)
        project = make_projects.project(by=mara, districts=[ost])
        make_projects.partner(project=project, department=stadtbetrieb)
        make_projects.project(by=mara, districts=[ost])
        talk = make_bodies.talk(by=mara, departments=[stadtbetrieb, green])
        make_bodies.talk(by=mara, departments=[green])
        for place, name in ((ost, "Frau Ost"), (None, "Zentrale")):
            DepartmentContact.objects.create(department=stadtbetrieb, name=name, district=place)
        found = page(client_of(mara), stadtbetrieb).context
        assert (found["bodies"], found["coming"], found["projects"], found["talks"]) == (
            [body],
            [ahead],
            [project],
            [talk],
        )
        attended = found["attended"]
        assert (attended["noted"], attended["present"]) == (2, 1)
        assert attended["latest"] == [(missed, "entschuldigt"), (come, "anwesend")]
        assert [(place, [one.name for one in rows]) for place, rows in found["contacts"]] == [
            ("Für die ganze Stadt", ["Zentrale"]), (ost.name, ["Frau Ost"]),
        ]  # fmt: skip

    def test_the_head_sees_sessions_from_the_invitation_on(self, client_of, lena, ost, stadtbetrieb):
        body = make_bodies.body(districts=[ost])
        make_bodies.member(body=body, department=stadtbetrieb, has_vote=False)
        make_bodies.session(body=body)
        assert page(client_of(lena), stadtbetrieb).context["coming"] == []

    def test_what_a_department_did_under_its_former_name_counts(self, client_of, mara, ost, stadtbetrieb):
        old = make.department(successor=stadtbetrieb, valid_to=make.today() - timedelta(days=30))
        talk = make_bodies.talk(by=mara, departments=[old])
        assert page(client_of(mara), stadtbetrieb).context["talks"] == [talk]

    @pytest.mark.parametrize("count", [1, 8])
    def test_costs_the_same_for_few_and_many(self, client_of, mara, ost, count, django_assert_num_queries):
        department = make.department()
        for n in range(count):
            body = make_bodies.body(districts=[ost])
            seat = make_bodies.member(body=body, department=department, has_vote=False)
            make_bodies.held(body=body, by=mara, members=[seat])
            make_bodies.session(body=body)
            make_projects.partner(project=make_projects.project(by=mara, districts=[ost]), department=department)
            make_bodies.talk(by=mara, departments=[department, make.department()], districts=[ost])
            make.routing(concern=make.concern(district=ost, owner=mara), department=department)
            DepartmentContact.objects.create(department=department, name=f"Stelle {n}", district=ost)
        client = client_of(mara)
        client.get(LIST)
        with django_assert_num_queries(PAGE_QUERIES):
            page(client, department)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(LIST)


PAGE_QUERIES, LIST_QUERIES = 16, 8
