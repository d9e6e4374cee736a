"""The inbox of a department (K06): what lies there, in which order, for whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns.workflow import RoutingStatus
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
URL = reverse("concerns:inbox")
QUERIES = 14


@pytest.fixture
def inbox(client_of, enno):
    """Open the inbox as Enno; gives the numbers in the order of the page."""

    def open_(user=enno, **params):
        response = client_of(user).get(URL, params)
        assert response.status_code == 200
        return [row.concern.number for row in response.context["page"]]

    return open_


def counts(response):
    return {tab["stage"]: tab["count"] for tab in response.context["tabs"]}


def finished(status, **fields):
    more = {"return_reason": "Gehört dem Land"} if status == RoutingStatus.RETURNED else {}
    return make.routing(status=status, finished_at=timezone.now(), **more, **fields)


def test_own_open_routings_by_due_date(inbox, stadtbetrieb, umwelt, ost):
    today = make.today()
    later = make.routing(department=stadtbetrieb, due_on=today + timedelta(days=9))
    sooner = make.routing(department=stadtbetrieb, due_on=today - timedelta(days=2))
    make.routing(department=umwelt, due_on=today)
    finished(RoutingStatus.ANSWERED, department=stadtbetrieb)
    assert inbox() == [sooner.concern.number, later.concern.number]


def test_colleague_and_head_see_the_same_stranger_departments_see_nothing(inbox, stadtbetrieb, lena, uwe):
    routing = make.routing(department=stadtbetrieb)
    assert inbox(lena) == [routing.concern.number]
    assert inbox(uwe) == []


def test_tickets_of_a_renamed_department_lie_in_the_successors_inbox(inbox, stadtbetrieb):
    old = make.department("E 17", successor=stadtbetrieb)
    routing = make.routing(department=old)
    assert inbox() == [routing.concern.number]


def test_tabs_and_their_counts(client_of, enno, inbox, stadtbetrieb):
    today = make.today()
    new = make.routing(department=stadtbetrieb)
    working = make.routing(department=stadtbetrieb, status=RoutingStatus.ACCEPTED, accepted_at=timezone.now())
    late = make.routing(department=stadtbetrieb, due_on=today - timedelta(days=1))
    asked = make.routing(
        department=stadtbetrieb, status=RoutingStatus.QUERY, query_since=today, due_on=today - timedelta(days=9)
    )
    answered = finished(RoutingStatus.ANSWERED, department=stadtbetrieb)
    returned = finished(RoutingStatus.RETURNED, department=stadtbetrieb)
    assert inbox(stand="neu") == [late.concern.number, new.concern.number]
    assert inbox(stand="arbeit") == [working.concern.number]
    assert inbox(stand="rueckfrage") == [asked.concern.number]
    assert inbox(stand="ueberfaellig") == [late.concern.number]  # the clock of a query stands still
    assert inbox(stand="erledigt") == [returned.concern.number, answered.concern.number]
    assert counts(client_of(enno).get(URL)) == {
        "offen": "4",
        "neu": "2",
        "arbeit": "1",
        "rueckfrage": "1",
        "ueberfaellig": "1",
        "erledigt": "2",
    }


def test_an_unknown_tab_shows_the_open_ones(inbox, stadtbetrieb):
    routing = make.routing(department=stadtbetrieb)
    assert inbox(stand="<script>") == [routing.concern.number]


def test_filters(inbox, stadtbetrieb, ost, preuswald, enno, lena):
    topic = make.topic(name="Wilder Müll")
    here = make.routing(
        concern=make.concern(district=ost, topic=topic, title="Sperrmüll an der Ecke", place="Adalbertsteinweg 3"),
        department=stadtbetrieb,
        assignee=enno,
        file_number="E18/4711",
        sent_at=timezone.now() - timedelta(days=20),
    )
    there = make.routing(concern=make.concern(district=preuswald), department=stadtbetrieb, assignee=lena)
    nobody = make.routing(concern=make.concern(district=preuswald), department=stadtbetrieb)
    number = here.concern.number
    assert inbox(district=ost.pk) == [number]
    assert inbox(topic=topic.pk) == [number]
    assert inbox(age=14) == [number]
    assert inbox(assignee=enno.pk) == [number]
    assert inbox(assignee="niemand") == [nobody.concern.number]
    assert inbox(mine="on") == [number]
    assert inbox(lena, mine="on") == [there.concern.number]
    for text in (number, "sperrmüll", "adalbert", "4711"):
        assert inbox(q=text) == [number]


def test_mine_includes_those_of_whom_one_stands_in_for(inbox, stadtbetrieb, enno, lena):
    routing = make.routing(department=stadtbetrieb, assignee=enno)
    assert inbox(lena, mine="on") == []
    make.deputyship(person=enno, deputy=lena)
    assert inbox(lena, mine="on") == [routing.concern.number]


@pytest.mark.parametrize(
    "params", [{"district": "x"}, {"topic": 999}, {"age": 3}, {"assignee": "x"}, {"district": "1 OR 1=1"}]
)
def test_wrong_filter_values_find_nothing_and_say_so(client_of, enno, stadtbetrieb, params):
    make.routing(department=stadtbetrieb)
    response = client_of(enno).get(URL, params)
    assert (response.status_code, len(response.context["page"])) == (200, 0)
    assert "Auswählen" in response.text or "Auswahl" in response.text


def test_the_case_workers_of_other_departments_are_no_choice(client_of, enno, uwe, stadtbetrieb):
    assert client_of(enno).get(URL, {"assignee": uwe.pk}).context["filter"].form.is_valid() is False


def test_nothing_of_a_sensitive_concern_but_its_number(client_of, enno, inbox, stadtbetrieb, ost):
    topic = make.topic(name="Gewalt in der Familie", is_sensitive=True)
    concern = make.concern(topic=topic, district=ost, title="Kind wird geschlagen", place="Geheimgasse 5")
    make.routing(concern=concern, department=stadtbetrieb)
    page = client_of(enno).get(URL).text
    assert "Vertrauliches Anliegen" in page
    table = page[page.index("<tbody>") :]
    for secret in ("Kind wird", "Geheimgasse", "Gewalt in der Familie", concern.district.short_name):
        assert secret not in table
    assert [inbox(q="geschlagen"), inbox(q="Geheim"), inbox(topic=topic.pk), inbox(district=ost.pk)] == [[], [], [], []]
    assert inbox(q=concern.number) == [concern.number]


def test_rows_say_in_words_what_colours_show(client_of, enno, stadtbetrieb):
    make.routing(
        department=stadtbetrieb, due_on=make.today() - timedelta(days=3), escalation=2, urgent=True, is_lead=False
    )
    page = client_of(enno).get(URL).text
    for words in ("3 Tage überfällig", "Leitung informiert", "dringend", "beteiligt", "Neu"):
        assert words in page


def test_reporters_never_stand_in_the_list(client_of, enno, stadtbetrieb):
    concern = make.concern(reporters=[{"name": "Rosa Geheim", "phone": "0241 555", "consent_pass_on": True}])
    make.routing(concern=concern, department=stadtbetrieb, released_contact=True)
    page = client_of(enno).get(URL).text
    assert concern.number in page
    assert "Rosa" not in page
    assert "0241 555" not in page


def test_pages_by_key(inbox, client_of, enno, stadtbetrieb):
    concern = make.concern()
    for n in range(55):
        make.routing(
            concern=make.concern(district=concern.district, owner=concern.owner, topic=concern.topic, reporters=[]),
            department=stadtbetrieb,
            due_on=make.today() + timedelta(days=n % 3),
        )
    first = client_of(enno).get(URL)
    second = client_of(enno).get(URL + first.context["page"].older)
    numbers = [row.concern.number for page in (first, second) for row in page.context["page"]]
    assert (len(numbers), len(set(numbers)), second.context["page"].older) == (55, 55, "")
    assert client_of(enno).get(URL, {"nach": "Unsinn"}).status_code == 200


def test_as_many_queries_for_one_row_as_for_many(client_of, enno, stadtbetrieb):
    concern = make.concern()

    def one_more():
        make.routing(concern=make.concern(owner=concern.owner, reporters=[]), department=stadtbetrieb, assignee=enno)

    def queries():
        client = client_of(enno)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(URL)
        return len(captured)

    one_more()
    few = queries()
    for _ in range(30):
        one_more()
    assert (few, queries()) == (QUERIES, QUERIES)


def test_htmx_gets_the_list_alone(client_of, enno, stadtbetrieb):
    routing = make.routing(department=stadtbetrieb)
    answer = client_of(enno).get(URL, headers={"HX-Request": "true", "HX-Target": "list"})
    assert routing.concern.number in answer.text
    assert "<html" not in answer.text


def test_a_deputy_of_a_manager_without_department_gets_404(client_of, mara):
    assert client_of(mara).get(URL).status_code == 404


def test_a_person_whose_role_has_ended_gets_404(client_of, stadtbetrieb):
    user = make.user()
    make.membership(user=user, role=Role.DEPT_STAFF, department=stadtbetrieb, valid_to=make.today() - timedelta(days=1))
    assert client_of(user).get(URL).status_code == 404


def test_the_search_field_of_the_header_searches_the_inbox(client_of, enno, mara, stadtbetrieb):
    page = client_of(enno).get(URL).text
    assert f'<form class="q-search" method="get" action="{URL}"' in page
    assert 'action="/anliegen/"' in client_of(mara).get("/profil/").text


def test_the_count_of_finished_ones_under_a_filter_is_bounded_and_says_so(
    client_of, enno, stadtbetrieb, ost, monkeypatch
):
    monkeypatch.setattr("concerns.views.inbox.COUNTED", 2)
    concern = make.concern(district=ost)
    for _ in range(3):
        finished(RoutingStatus.ANSWERED, department=stadtbetrieb, concern=concern)
    assert counts(client_of(enno).get(URL))["erledigt"] == "3"
    assert counts(client_of(enno).get(URL, {"district": ost.pk}))["erledigt"] == "2+"
