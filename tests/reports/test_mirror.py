"""Department mirror: figures of one department and quarter, comment before publication, one frozen page (N14)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from concerns.actions import forwarding, intake
from concerns.actions.base import Conflict
from concerns.actions.department import accept, give_back, reply
from concerns.actions.intake import ConcernData
from concerns.models import Concern
from concerns.workflow import Outcome, ReasonCategory
from districts.roles import Role
from reports import frozen
from reports.actions import mirror as actions
from reports.actions.reports import checksum_of
from reports.choice import Choice
from reports.figures import evaluate
from reports.mirror import mirror_figures
from reports.models import COMMENT_LIMIT, Mirror
from reports.papers.mirror import content_of, mirror_paper
from reports.quarters import Quarter, latest
from tests import make, pdf

pytestmark = pytest.mark.django_db
WORDS = "Im August waren drei Stellen nicht besetzt."


@pytest.fixture
def quarter():
    """The last one that is over."""
    return Quarter.of(make.today()).before


def at(day, days=0):
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), datetime.min.time())) + timedelta(hours=9)


def sent(by, department, day, *, topic=None, due=14):
    """A concern received and forwarded on a day; returns the routing."""
    data = ConcernData(
        title="Wilder Müll", text="Am Weg.", topic=topic or make.topic(), district=by.memberships.first().district,
        received_on=day,
    )  # fmt: skip
    concern = intake.log_concern(by=by, data=data, reporters=[intake.ANONYMOUS], at=at(day))
    target = forwarding.Target(department=department, text="Bitte prüfen.", due_on=day + timedelta(days=due))
    return forwarding.forward(concern=concern, targets=[target], by=by, at=at(day))[0]


@pytest.fixture
def played(mara, enno, stadtbetrieb, umwelt, quarter):
    """Four concerns with E 18 in the quarter (one answered in time, one late, one given back, one open), one before."""
    waste, road = make.topic(name="Wilder Müll"), make.topic(name="Schlagloch")
    monday = quarter.since + timedelta(days=(7 - quarter.since.weekday()) % 7)
    first, late, back, _ = [sent(mara, stadtbetrieb, monday, topic=topic) for topic in (waste, waste, road, waste)]
    accept(routing=first, by=enno, at=at(monday, 1))
    answer = {"text": "Wir haben es geprüft.", "by": enno}
    reply(routing=first, result="fulfilled", at=at(monday, 2), **answer)
    reply(routing=late, result="declined", reason_category="funds", at=at(monday, 21), **answer)
    give_back(routing=back, reason="Nicht bei uns.", suggestion=umwelt, by=enno, at=at(monday, 1))
    earlier = sent(mara, stadtbetrieb, quarter.before.since)
    reply(routing=earlier, result="fulfilled", at=at(quarter.before.since, 3), **answer)
    other = sent(mara, umwelt, monday)
    reply(routing=other, result="fulfilled", text="Ja.", by=None, at=at(monday, 1))


def url(name, department, quarter):
    return reverse(f"reports:{name}", args=[department.pk, quarter.code])


def publish(department, quarter, by, *, version=0):
    found = Mirror.objects.filter(department=department, year=quarter.year, quarter=quarter.number).first()
    mirror = found or Mirror(department=department, year=quarter.year, quarter=quarter.number)
    content = content_of(mirror, mirror_figures(department, quarter))
    paper = mirror_paper(content, checksum=checksum_of(content), published_at=timezone.now())
    known = {"department": department, "quarter": quarter}
    return actions.publish(**known, frozen=content, pdf=paper, version=version, by=by)


# --- Quarters ---------------------------------------------------------------------------------------------------------


def test_quarters_know_their_days_names_and_neighbours():
    third = Quarter.of(date(2026, 9, 30))
    assert (third.since, third.until, third.label, third.code) == (
        date(2026, 7, 1), date(2026, 9, 30), "3. Quartal 2026", "2026-3",
    )  # fmt: skip
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2026, 1).until == date(2026, 3, 31)
    assert (third.is_over(date(2026, 9, 30)), third.is_over(date(2026, 10, 1))) == (False, True)
    assert [one.code for one in latest(date(2026, 2, 1), 3)] == ["2026-1", "2025-4", "2025-3"]


@pytest.mark.parametrize("code", ["2026-5", "2026-0", "1999-1", "2026-3x", "", "٢٠٢٦-3", "2026-4"])
def test_what_is_no_quarter_or_has_not_begun_is_none(code):
    assert Quarter.read(code, date(2026, 9, 30)) is None


# --- Figures ----------------------------------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_evaluation(played, stadtbetrieb, quarter):
    figures = mirror_figures(stadtbetrieb, quarter)
    measures = figures.table("measures")
    told = {row.code: [cell.value for cell in row.cells] for row in measures.rows}
    assert {code: told[code][:2] for code in ("received", "accepted", "returned", "answered", "in_time", "open")} == {
        "received": [4, 1], "accepted": [2, 1], "returned": [1, 0], "answered": [2, 1], "in_time": [1, 1],
        "open": [1, 0],
    }  # fmt: skip
    assert told["in_time_share"] == [0.5, 1.0, pytest.approx(2 / 3)]
    days = evaluate(Choice(quarter.since, quarter.until)).table("departments")
    for code in ("received", "answered", "median", "p90", "overdue"):
        assert told[code][0] == days.cell(str(stadtbetrieb.pk), code).value
    assert [told[code][2] for code in ("median", "p90")] == [
        days.total.cells[days.index(code)].value for code in ("median", "p90")
    ]
    # How many concerns all had says nothing about one department.
    assert [told[code][2] for code in ("received", "answered", "open")] == [None] * 3
    topics = figures.table("topics")
    assert [(row.label, row.cells[0].value) for row in topics.rows] == [("Wilder Müll", 3), ("Schlagloch", 1)]


def test_a_department_to_which_nothing_went_has_zeros(umwelt, quarter):
    figures = mirror_figures(umwelt, quarter)
    assert [row.cells[0].value for row in figures.table("measures").rows] == [0, 0, 0, 0, 0, None, None, None, 0, 0]
    assert [len(table.rows) for table in figures.tables()] == [10, 0, 0, 0]


def test_small_tables_add_the_rest_up(mara, stadtbetrieb, quarter):
    for n in range(7):
        for _ in range(n + 1):
            sent(mara, stadtbetrieb, quarter.since, topic=None if n == 0 else _topic(n))
    rows = mirror_figures(stadtbetrieb, quarter).table("topics").rows
    assert [(row.label, row.cells[0].value) for row in rows][0:2] == [("Thema Nr. 6", 7), ("Thema Nr. 5", 6)]
    assert (rows[-1].label, rows[-1].cells[0].value, len(rows)) == ("weitere", 1 + 2 + 3, 5)


def _topic(n):
    name = f"Thema Nr. {n}"
    found = Concern.objects.filter(topic__name=name).first()
    return found.topic if found else make.topic(name=name)


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_head_and_planning_only(played, stadtbetrieb, umwelt, quarter, request, client_of):
    people = ("mara", "paul", "asli", "enno", "uwe", "lena", "silke", "adam")
    clients = {name: client_of(request.getfixturevalue(name)) for name in people}

    def seen(department, name="mirror"):
        found = {who: client.get(url(name, department, quarter)).status_code for who, client in clients.items()}
        return {who for who, status in found.items() if status == 200}

    assert seen(stadtbetrieb) == seen(stadtbetrieb, "mirror_pdf") == {"lena", "silke"}
    assert seen(umwelt) == {"silke"}
    publish(stadtbetrieb, quarter, request.getfixturevalue("silke"))
    assert seen(stadtbetrieb) == seen(stadtbetrieb, "mirror_pdf") == {"lena", "silke", "mara", "paul"}
    assert seen(umwelt) == {"silke"}


def test_the_list_holds_what_a_person_may_see(played, stadtbetrieb, umwelt, quarter, mara, lena, silke, client_of):
    address = f"{reverse('reports:mirrors')}?quartal={quarter.code}"

    def listed(user):
        return [department.code for department, _ in client_of(user).get(address).context["rows"]]

    assert (listed(mara), listed(lena)) == ([], ["E 18"])
    assert listed(silke) == ["E 18", "FB 36"]
    publish(stadtbetrieb, quarter, silke)
    assert listed(mara) == ["E 18"]
    assert client_of(mara).get(f"{reverse('reports:mirrors')}?quartal=quatsch").status_code == 422


def test_only_who_may_open_concerns_gets_links(played, stadtbetrieb, quarter, lena, silke, client_of):
    pages = [client_of(user).get(url("mirror", stadtbetrieb, quarter)).content.decode() for user in (silke, lena)]
    assert [f"{reverse('concerns:list')}?figure=" in page for page in pages] == [True, False]


def test_the_head_of_a_predecessor_s_successor_sees_both(stadtbetrieb, quarter, client_of):
    new = make.department("E 19")
    stadtbetrieb.successor = new
    stadtbetrieb.save()
    head = make.user(role=Role.DEPT_LEAD, department=new)
    for department in (stadtbetrieb, new):
        assert client_of(head).get(url("mirror", department, quarter)).status_code == 200


# --- The comment ------------------------------------------------------------------------------------------------------


def test_the_head_writes_changes_and_takes_back_the_comment(stadtbetrieb, quarter, lena, silke, client_of):
    client, address = client_of(lena), url("mirror", stadtbetrieb, quarter)
    assert client.post(address, {"comment": WORDS, "version": "0"}).status_code == 303
    mirror = Mirror.objects.get()
    assert (mirror.comment, mirror.comment_by, mirror.version) == (WORDS, lena, 1)
    assert WORDS in client_of(silke).get(address).content.decode()
    assert client.post(address, {"comment": "", "version": "1"}).status_code == 303
    mirror.refresh_from_db()
    assert (mirror.comment, mirror.comment_by, mirror.comment_at, mirror.version) == ("", None, None, 2)


def test_nobody_else_comments(stadtbetrieb, quarter, request, client_of):
    for name in ("silke", "enno", "uwe", "mara", "adam"):
        client = client_of(request.getfixturevalue(name))
        assert client.post(url("mirror", stadtbetrieb, quarter), {"comment": WORDS, "version": "0"}).status_code == 404
    assert not Mirror.objects.exists()


def test_a_comment_that_came_too_late_keeps_its_text(stadtbetrieb, quarter, lena, silke, client_of):
    client, address = client_of(lena), url("mirror", stadtbetrieb, quarter)
    known = {"department": stadtbetrieb, "quarter": quarter}
    actions.write_comment(**known, comment="Zuerst.", version=0, by=lena)
    response = client.post(address, {"comment": WORDS, "version": "0"})
    page = response.content.decode()
    assert (response.status_code, WORDS in page, "Zuerst." in page) == (409, True, True)
    # Both stand there to be compared; whoever sends the form of that page once more has seen them.
    shown = {name: response.context["comment_form"][name].value() for name in ("comment", "version")}
    assert client.post(address, shown).status_code == 303
    assert Mirror.objects.get().comment == WORDS
    publish(stadtbetrieb, quarter, silke, version=2)
    response = client.post(address, {"comment": "Zu spät.", "version": "2"})
    page = response.content.decode()
    assert (response.status_code, "Zu spät." in page, "inzwischen veröffentlicht" in page) == (409, True, True)
    assert Mirror.objects.get().comment == WORDS


def test_a_comment_that_is_too_long_is_refused(stadtbetrieb, quarter, lena, client_of):
    response = client_of(lena).post(
        url("mirror", stadtbetrieb, quarter), {"comment": "x" * (COMMENT_LIMIT + 1), "version": "0"}
    )
    assert (response.status_code, "x" * COMMENT_LIMIT in response.content.decode()) == (422, True)
    assert not Mirror.objects.exists()


# --- Publication ------------------------------------------------------------------------------------------------------


def test_what_is_published_never_changes(played, stadtbetrieb, quarter, mara, lena, silke, client_of):
    actions.write_comment(department=stadtbetrieb, quarter=quarter, comment=WORDS, version=0, by=lena)
    client = client_of(silke)
    page = client.get(url("mirror_publish", stadtbetrieb, quarter)).content.decode()
    assert WORDS in page
    assert client.post(url("mirror_publish", stadtbetrieb, quarter), {"version": "1"}).status_code == 303
    mirror = Mirror.objects.get()
    assert (mirror.published_by, mirror.checksum) == (silke, checksum_of(mirror.frozen))
    assert (mirror.frozen["comment"], mirror.frozen["comment_by"]) == (WORDS, "Lena Ortmann")
    before = client_of(mara).get(url("mirror", stadtbetrieb, quarter)).context["figures"]
    paper = client_of(mara).get(url("mirror_pdf", stadtbetrieb, quarter)).content
    assert paper == bytes(mirror.pdf)
    # Whatever happens later: the figures of now are others, those published are not.
    sent(mara, stadtbetrieb, quarter.since)
    assert mirror_figures(stadtbetrieb, quarter).table("measures").cell("received", "now").value == 5
    after = client_of(mara).get(url("mirror", stadtbetrieb, quarter)).context["figures"]
    assert after == before == frozen.from_json(mirror.frozen["figures"])
    assert after.table("measures").cell("received", "now").value == 4
    assert client_of(mara).get(url("mirror_pdf", stadtbetrieb, quarter)).content == paper


def test_the_database_refuses_to_change_what_is_published(stadtbetrieb, quarter, silke):
    mirror = publish(stadtbetrieb, quarter, silke)
    for change in (
        lambda: Mirror.objects.update(comment="Anders."),
        lambda: Mirror.objects.update(frozen={}, checksum="0" * 64),
        lambda: Mirror.objects.filter(pk=mirror.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE reports_mirror SET published_at = NULL, published_by_id = NULL")


def test_a_mirror_is_published_once_and_only_as_it_was_seen(stadtbetrieb, quarter, lena, silke, client_of):
    client, address = client_of(silke), url("mirror_publish", stadtbetrieb, quarter)
    actions.write_comment(department=stadtbetrieb, quarter=quarter, comment=WORDS, version=0, by=lena)
    response = client.post(address, {"version": "0"})
    assert (response.status_code, "hat sich inzwischen geändert" in response.content.decode()) == (409, True)
    assert client.post(address, {}).status_code == 422
    assert not Mirror.objects.published().exists()
    assert client.post(address, {"version": "1"}).status_code == 303
    with pytest.raises(Conflict):
        publish(stadtbetrieb, quarter, silke, version=1)
    assert client.get(address).status_code == 303


def test_a_running_quarter_cannot_be_published(stadtbetrieb, silke, client_of):
    running = Quarter.of(make.today())
    client = client_of(silke)
    assert client.get(url("mirror", stadtbetrieb, running)).context["seen"].may_publish is False
    assert client.post(url("mirror_publish", stadtbetrieb, running), {"version": "0"}).status_code == 303
    assert not Mirror.objects.exists()
    after = Quarter(running.year + 1, running.number)
    assert client.get(url("mirror", stadtbetrieb, after)).status_code == 404


# --- The paper --------------------------------------------------------------------------------------------------------


def test_the_paper_is_one_accessible_page(played, stadtbetrieb, quarter, lena):
    mirror = Mirror(
        department=stadtbetrieb, year=quarter.year, quarter=quarter.number, comment=WORDS, comment_by=lena,
        comment_at=timezone.now(),
    )  # fmt: skip
    figures = mirror_figures(stadtbetrieb, quarter)
    paper = mirror_paper(content_of(mirror, figures))
    assert (pdf.structure(paper), pdf.pages(paper)) == ([], 1)
    text = pdf.text(paper)
    for words in ("nur für die Verwaltung",
                  "E 18 Aachener Stadtbetrieb", quarter.label, "Anteil fristgerecht 50,0 % 100,0 % 66,7 %", WORDS,
                  "Lena Ortmann", "Entwurf", "Wilder Müll 3"):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("comment", ["Wort " * 140, "Straßenbeleuchtungsanlagen " * 30, "m\n" * 350, ""])
def test_the_fullest_mirror_is_still_one_page(stadtbetrieb, quarter, silke, comment):
    stadtbetrieb.name = f"Fachbereich für {'Grundstücksverkehrsgenehmigungszuständigkeit und ' * 3}"[:160]
    stadtbetrieb.save()
    figures = mirror_figures(stadtbetrieb, quarter)
    values = frozen.to_json(figures)
    for table in values["chapters"][0]["tables"]:
        if table["code"] == "measures":
            for row in table["rows"]:
                row["cells"] = [{**cell, "value": 123456} for cell in row["cells"]]
        else:
            cell = {"value": 12345, "query": "", "key": "", "kind": "", "of": (), "base": None, "hidden": False}
            # Names of topics are the city's, the others are ours.
            ours = max(*Outcome.labels, *ReasonCategory.labels, key=len)
            label = "Straßenbeleuchtungsanlagen und Lichtsignalanlagen" if table["code"] == "topics" else ours
            row = {"label": label, "cells": [cell]}
            table["rows"] = [{**row, "code": str(n)} for n in range(5)]
    mirror = Mirror(
        department=stadtbetrieb, year=quarter.year, quarter=quarter.number, comment=comment[:COMMENT_LIMIT],
        comment_by=silke, comment_at=timezone.now(),
    )  # fmt: skip
    content = {**content_of(mirror, figures), "figures": values}
    paper = mirror_paper(content, checksum="0" * 64, published_at=timezone.now())
    assert (pdf.structure(paper), pdf.pages(paper)) == ([], 1)
    assert pdf.ink_outside(paper) == []
