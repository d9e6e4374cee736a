"""The list page: rows, order, pages, fragment, constant number of queries, nothing that others may not see."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.models import Concern
from tests import make

pytestmark = pytest.mark.django_db
URL = reverse("concerns:list")


def titles(client, query: str = "", **headers) -> list[str]:
    response = client.get(f"{URL}?{query}", headers=headers)
    assert response.status_code == 200
    return [row.concern.title for row in response.context["rows"]]


@pytest.fixture
def mine(ost, mara):
    """Five concerns of different age, waiting time and due date."""
    made = []
    for n, (received, due, waiting) in enumerate([(5, 3, 1), (4, 1, 5), (3, 5, 2), (2, 2, 4), (1, 4, 3)]):
        concern = make.concern(district=ost, owner=mara, title=f"A{n}")
        Concern.objects.filter(pk=concern.pk).update(
            received_on=make.today() - timedelta(days=received),
            due_on=make.today() + timedelta(days=due),
            waiting_since=make.today() - timedelta(days=waiting),
        )
        made.append(concern)
    return made


def test_a_row_says_what_and_whose_turn_and_until_when(ost, mara, stadtbetrieb, client_of):
    topic = make.topic(name="Wilder Müll")
    concern = make.concern(district=ost, owner=mara, title="Sofa im Bach", topic=topic, urgency="danger")
    make.routing(concern=concern, department=stadtbetrieb, due_on=make.today() - timedelta(days=2))
    page = client_of(mara).get(URL).content.decode()
    row = page.split("<tbody>")[1].split("</tbody>")[0]
    for words in (
        concern.number,
        "Gefahr",
        "Sofa im Bach",
        "Wilder Müll",
        "Ost",
        "Weitergeleitet",
        "E 18",
        "Stand: 2 von 4 Stationen",
        "2 Tage überfällig",
        "Mara Lindt",
    ):
        assert words in row
    assert "1 Anliegen" in page


def test_orders(mine, mara, client_of):
    client = client_of(mara)
    assert titles(client) == ["A4", "A3", "A2", "A1", "A0"]
    assert titles(client, "sort=aelteste") == ["A0", "A1", "A2", "A3", "A4"]
    assert titles(client, "sort=frist") == ["A1", "A3", "A0", "A4", "A2"]
    assert titles(client, "sort=wartezeit") == ["A1", "A3", "A4", "A2", "A0"]
    assert titles(client, "sort=nummer") == ["A4", "A3", "A2", "A1", "A0"]
    assert titles(client, "sort=erfunden") == ["A4", "A3", "A2", "A1", "A0"]


def test_closed_concerns_come_last_when_sorted_by_what_is_due(mine, mara, client_of):
    done = mine[1]
    done.reporters.update(feedback_state="not_wanted", waiver_reason="not_wanted")
    Concern.objects.filter(pk=done.pk).update(
        status="closed", outcome="informed", closed_at="2026-01-01T12:00Z", needs_triage=False, due_on=None
    )
    for order in ("frist", "wartezeit"):
        assert titles(client_of(mara), f"sort={order}")[-1] == "A1"


@pytest.mark.parametrize("order", ["", "aelteste", "frist", "wartezeit", "nummer"])
def test_pages_follow_each_other_without_gaps_in_every_order(order, ost, mara, client_of):
    first = make.concern(district=ost, owner=mara)
    Concern.objects.bulk_create(
        Concern(
            number=f"2020-{n:05d}",
            title=f"B{n}",
            topic=first.topic,
            district=ost,
            owner=mara,
            taken_by=mara,
            due_on=make.today() + timedelta(days=n % 3),
            received_on=make.today() - timedelta(days=n % 7),
            waiting_since=make.today() - timedelta(days=n % 5),
        )
        for n in range(119)
    )
    client, query, seen = client_of(mara), f"sort={order}", []
    for _ in range(3):
        response = client.get(f"{URL}?{query}")
        seen.append([row.concern.pk for row in response.context["rows"]])
        query = response.context["listing"].page.older.removeprefix("?")
    assert [len(part) for part in seen] == [50, 50, 20]
    assert len({pk for part in seen for pk in part}) == 120
    assert not query
    back = response.context["listing"].page.newer
    again = client.get(f"{URL}{back}")
    assert [row.concern.pk for row in again.context["rows"]] == seen[1]


def test_the_count_is_exact_up_to_a_thousand(ost, mara, client_of):
    topic = make.topic()
    rows = [
        Concern(
            number=f"2020-{n:05d}",
            title="x",
            topic=topic,
            district=ost,
            owner=mara,
            taken_by=mara,
            due_on=make.today(),
        )
        for n in range(1001)
    ]
    Concern.objects.bulk_create(rows[:1000])
    client = client_of(mara)
    assert client.get(URL).context["listing"].page.label == "1.000 Anliegen"
    rows[1000].save()
    assert client.get(URL).context["listing"].page.label == "mehr als 1.000 Anliegen"


@pytest.mark.parametrize(
    ("person", "expected"), [("mara", 14), ("silke", 13), ("asli", 13)], ids=["manager", "planning", "assistant"]
)
def test_the_number_of_queries_does_not_grow(
    person, expected, ost, mara, stadtbetrieb, request, client_of, django_assert_num_queries
):
    client = client_of(request.getfixturevalue(person))
    make.routing(concern=make.concern(district=ost, owner=mara), department=stadtbetrieb)
    with django_assert_num_queries(expected):
        assert len(titles(client)) == 1
    topics = [make.topic() for _ in range(10)]
    for n in range(99):
        concern = make.concern(
            district=ost, owner=mara, topic=topics[n % 10], taken_by=mara, reporters=[{}], received_on=make.today()
        )
        if n % 2:
            make.routing(concern=concern, department=stadtbetrieb)
    with django_assert_num_queries(expected):
        assert len(titles(client)) == 50


def test_htmx_gets_the_list_alone_and_the_address_without_empty_fields(mine, mara, client_of):
    response = client_of(mara).get(
        f"{URL}?q=&status=new&district=&sort=frist&mine=on",
        headers={"HX-Request": "true", "HX-Target": "list"},
    )
    page = response.content.decode()
    assert response.headers["HX-Push-Url"] == f"{URL}?status=new&mine=on&sort=frist"
    assert "<html" not in page
    assert page.count("<tr>") == 6


def test_a_wrong_value_is_said_and_nothing_is_shown(mine, mara, client_of):
    response = client_of(mara).get(f"{URL}?status=erfunden&received_from=gestern")
    page = response.content.decode()
    assert response.status_code == 422
    assert response.context["rows"] == []
    assert "erfunden ist keine" in page
    assert "gestern" in page


def test_many_filters_stay_folded_so_that_the_list_is_in_sight(mine, mara, client_of):
    folded = '<details class="q-filter__more">'
    page = client_of(mara).get(URL, {"figure": "all", "received_from": "2020-01-01"}).content.decode()
    assert (folded in page, "Eingegangen von: 01.01.2020" in page) == (True, True)
    assert folded not in client_of(mara).get(URL, {"received_from": "gestern"}).content.decode()


def test_a_full_number_leads_to_its_concern(mine, mara, paul, ost, client_of):
    number = mine[0].number
    client = client_of(mara)
    assert client.get(f"{URL}?q={number}").headers["Location"] == reverse("concerns:detail", args=[number])
    assert titles(client, f"q={number}&status=new") == ["A0"]
    secret = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True))
    assert titles(client_of(paul), f"q={secret.number}") == []


def test_similar_words_and_stop_words_are_explained(ost, mara, client_of):
    make.concern(district=ost, owner=mara, text="Ein Schlagloch in der Kurve.")
    client = client_of(mara)
    assert "Auch gesucht nach: schlagloch" in client.get(f"{URL}?q=Schlagloh").content.decode()
    assert "Nach so häufigen Wörtern" in client.get(f"{URL}?q=und").content.decode()


@pytest.mark.parametrize("person", ["mara", "paul", "asli", "silke", "adam"])
def test_nobody_sees_who_reported_or_team_notes_in_the_list(person, ost, mara, request, client_of):
    concern = make.concern(district=ost, owner=mara, reporters=[{"name": "Erika Geheim", "phone": "0241 998877"}])
    concern.notes.create(text="Interne Notiz", by=mara)
    client = client_of(request.getfixturevalue(person))
    for query in ("", "q=Erika", "q=998877", "q=Notiz", "reporter=resident"):
        page = client.get(f"{URL}?{query}").content.decode()
        body = page.split('<div id="list">')[1].replace(f"Text, Ort oder Nummer: {query[2:]}", "")
        assert "Erika" not in body.replace("q=Erika", "")
        assert "0241 998877" not in page
        assert "Interne Notiz" not in page


def test_only_the_own_team_sees_sensitive_concerns(ost, mara, paul, silke, client_of):
    make.concern(district=ost, owner=mara, title="Streng vertraulich", topic=make.topic(is_sensitive=True))
    assert titles(client_of(mara)) == ["Streng vertraulich"]
    assert titles(client_of(paul)) == titles(client_of(silke)) == []
    assert "Streng" not in client_of(paul).get(f"{URL}?q=streng").content.decode()


def test_departments_have_no_list(enno, client_of):
    client = client_of(enno)
    assert [client.get(reverse(f"concerns:{name}")).status_code for name in ("list", "export", "views")] == [404] * 3


def test_text_is_shown_as_text(ost, mara, client_of):
    make.concern(district=ost, owner=mara, title="<script>alert(1)</script>")
    page = client_of(mara).get(f"{URL}?q=<b>fett</b>").content.decode()
    assert "<b>fett" not in page
    assert "<script>alert" not in client_of(mara).get(URL).content.decode()
