"""Papers of bodies (P10–P13): readable by everybody, and saying what they should."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects.actions import agenda, follow_ups
from projects.models import Session
from reports.papers import bodies as papers
from tests import make, make_bodies, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost], quorum=50)


@pytest.fixture
def members(body):
    first = make_bodies.member(body=body, actor=make.actor(name="Kita Sonnenwinkel und Familienzentrum an der Hütte"))
    return [first, make_bodies.member(body=body, deputy_for=first, name="Petra Lamberts")]


@pytest.fixture
def held(body, mara, members):
    made = make_bodies.held(body=body, by=mara, members=members[:1], guests="Frau Simons\nHerr Wolter")
    raised = make_bodies.raised(item=made.items.get(), by=mara, answered=True)
    make_bodies.item(session=made, kind="replies", title="Antworten der Verwaltung")
    votes = {"decision": "Wir fragen nach.", "yes": 1, "no": 0, "abstained": 0}
    make_bodies.write(session=made, by=mara, told={raised.pk}, minutes="Erste Zeile\nzweite Zeile", **votes)
    make_bodies.follow_up(body=body, item=made.items.first(), task="Nachfragen", due_on=date(2026, 12, 24))
    return made


def test_an_invitation_with_what_is_open_and_what_was_answered(body, mara, members):
    session = make_bodies.session(body=body)
    before = make_bodies.held(body=body, by=mara)
    make_bodies.raised(item=before.items.get(), by=mara, answered=True, title="Kaputte Bank")
    make_bodies.follow_up(body=body, task="Bänke zählen", given_on=make.today() - timedelta(days=30))
    agenda.take_proposals(session=session, kinds=None, by=mara)
    make_bodies.item(session=session, title="Sommerfest", text="Wer hilft?", presenter="Verein", duration=20)
    content = papers.invitation(session)
    assert pdf.structure(content) == []
    words = pdf.text(content)
    for part in ("Sommerfest", "Wer hilft?", "Bänke zählen", "Kaputte Bank", "Gruppenraum", f"{session.on:%d.%m.%Y}"):
        assert part in words
    assert "Petra Lamberts" not in words


def test_an_empty_invitation_and_one_for_a_cancelled_session(body):
    session = make_bodies.session(body=body, status="cancelled", cancel_reason="Geheimer Grund")
    content = papers.invitation(session)
    words = pdf.text(content)
    assert pdf.structure(content) == []
    assert ("abgesagt" in words, "Die Tagesordnung folgt" in words, "Geheim" in words) == (True, True, False)


def test_an_attendance_list(body, members):
    content = papers.attendance_sheet(make_bodies.session(body=body))
    words = pdf.text(content)
    assert pdf.structure(content) == []
    assert ("Petra Lamberts" in words, "Vertretung" in words, "Gäste" in words) == (True, True, True)
    assert pdf.structure(papers.attendance_sheet(make_bodies.session(body=make_bodies.body()))) == []


def test_minutes_are_a_draft_until_they_are_approved(held, mara):
    content = papers.session_minutes(held)
    assert pdf.structure(content) == []
    words = pdf.text(content)
    for part in (
        "Entwurf", "zweite Zeile", "Wir fragen nach.", "Einstimmig angenommen: 1 ja, 0 nein, 0 enthalten",
        "Nachfragen", "bis 24.12.2026", "Frau Simons; Herr Wolter", "1 von 1, beschlussfähig", "Die Bank ist ersetzt.",
    ):  # fmt: skip
        assert part in words
    agenda.approve_minutes(session=held, how="confirmation", approved_in=None, by=mara)
    held.refresh_from_db()
    approved = pdf.text(papers.session_minutes(held))
    assert ("Entwurf" in approved, "durch Bestätigung ohne Einwände" in approved) == (False, True)


def test_approved_minutes_tell_follow_ups_as_they_were(body, mara, members):
    before = make_bodies.follow_up(body=body, task="Flyer drucken", given_on=make.today() - timedelta(days=60))
    session = make_bodies.held(body=body, by=mara, members=members[:1])
    make_bodies.item(session=session, kind="follow_ups", title="Offene Aufträge")
    given = make_bodies.follow_up(body=body, task="Bänke zählen", item=session.items.first())
    make_bodies.write(session=session, by=mara)
    agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
    follow_ups.settle(follow_up=before, status="done", result="", by=mara)
    changed = {"task": "Etwas anderes", "responsible": "Jemand", "due_on": make.today(), "item": given.item}
    follow_ups.save_follow_up(body=body, follow_up=given, version=1, by=mara, **changed)
    text = pdf.text(papers.session_minutes(Session.objects.get(pk=session.pk)))
    assert [one in text for one in ("Flyer drucken", "erledigt", "Bänke zählen", "Etwas anderes")] == [
        True, False, True, False,
    ]  # fmt: skip


def test_minutes_without_an_item_for_them_report_answers_too(body, mara, members):
    made = make_bodies.held(body=body, by=mara, members=members[:1])
    raised = make_bodies.raised(item=made.items.get(), by=mara, answered=True)
    make_bodies.write(session=made, by=mara, told={raised.pk})
    assert "Die Bank ist ersetzt." in pdf.text(papers.session_minutes(made))
    raised.concern.is_sensitive = True
    raised.concern.save()
    assert "Die Bank ist ersetzt." not in pdf.text(papers.session_minutes(made))


def test_carried_follow_ups_are_not_nothing(body, mara, members):
    made = make_bodies.held(body=body, by=mara, members=members[:1], items=0)
    make_bodies.item(session=made, kind="follow_ups", title="Offene Aufträge")
    assert "nichts festgehalten" in pdf.text(papers.session_minutes(made))
    make_bodies.follow_up(body=body, task="Bänke zählen", given_on=made.on - timedelta(days=30))
    words = pdf.text(papers.session_minutes(made))
    assert ("Bänke zählen" in words, "nichts festgehalten" in words) == (True, False)


@pytest.mark.parametrize("count", [1, 6])
def test_minutes_cost_the_same_for_few_and_many_items(mara, held, count, django_assert_num_queries):
    for _ in range(count):
        make_bodies.item(session=held)
    with django_assert_num_queries(14):
        papers.session_minutes(held)


def test_open_follow_ups(body, held):
    make_bodies.follow_up(body=body, task="Überfälliges", due_on=make.today() - timedelta(days=3))
    make_bodies.follow_up(body=make_bodies.body(), task="Fremdes")
    content = papers.follow_up_paper(body, today=make.today())
    words = pdf.text(content)
    assert pdf.structure(content) == []
    assert ("Nachfragen" in words, "überfällig" in words, "Fremdes" in words) == (True, True, False)
    assert pdf.structure(papers.follow_up_paper(make_bodies.body(), today=make.today())) == []


def test_long_words_and_many_lines_stay_on_the_paper(body, mara, held):
    make_bodies.write(session=held, by=mara, minutes="x" * 3000 + "\n" + "Zeile\n" * 300)
    assert pdf.structure(papers.session_minutes(held)) == []


def test_are_sent_as_files(client_of, mara, body, held):
    client = client_of(mara)
    for name, row in (("session_invitation", held), ("attendance_sheet", held), ("session_minutes", held)):
        assert client.get(reverse(f"reports:{name}", args=[row.pk])).headers["Content-Type"] == "application/pdf"
    ahead = make_bodies.session(body=body)
    assert client.get(reverse("reports:session_minutes", args=[ahead.pk])).status_code == 404
