"""Carrier staff of a member read approved minutes and open follow-ups of that body (appendix A): page and paper."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.models import Concern
from districts.roles import Role
from projects.actions import follow_ups
from projects.models import BodyMember, FollowUp, Session
from tests import make, make_bodies
from tests.pdf import structure, text
from tests.projects.test_bodies import url

pytestmark = pytest.mark.django_db
HIDDEN = ("Rosa Bewohnerin", "Gerd Gast", "Kaputte Bank", "post@sozialwerk.example", "rosa@ost.example", "Nebenbei")


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost])


@pytest.fixture
def seat(body, tara):
    actor = tara.memberships.get().actor
    actor.email = "post@sozialwerk.example"
    actor.save()
    return make_bodies.member(body=body, actor=actor)


@pytest.fixture
def resident(body):
    return make_bodies.member(body=body, name="Rosa Bewohnerin", email="rosa@ost.example", consent_on=make.today())


@pytest.fixture
def draft(body, seat, resident, mara):
    """Minutes with an answer that was reported, a follow-up, guests and a resident; nobody was invited."""
    held = make_bodies.held(body=body, by=mara, members=[seat, resident], guests="Gerd Gast\nGabi Gast")
    raised = make_bodies.raised(item=held.items.get(), by=mara, answered=True, title="Kaputte Bank")
    make_bodies.item(session=held, kind="replies", title="Antworten der Verwaltung")
    words = {"minutes": "Alle berichten.", "decision": "Wir feiern.", "yes": 2, "no": 0, "abstained": 0}
    make_bodies.write(session=held, by=mara, told={raised.pk}, **words)
    make_bodies.follow_up(body=body, item=held.items.first(), task="Flyer drucken", given_on=held.on)
    return held


@pytest.fixture
def approved(draft, mara):
    make_bodies.approve(session=draft, by=mara)
    return Session.objects.get(pk=draft.pk)


def paper(client, name, row):
    return client.get(reverse(f"reports:{name}", args=[row.pk]))


def test_approved_minutes_are_read_with_what_was_answered(client_of, tara, approved):
    client, number = client_of(tara), Concern.objects.get().number
    html, content = client.get(url("session", approved)).text, paper(client, "session_minutes", approved).content
    for words in (html, text(content)):
        for part in (
            "Alle berichten.", "Wir feiern.", "Einstimmig angenommen: 2 ja, 0 nein, 0 enthalten", "Flyer drucken",
            number, "Die Bank ist ersetzt.", "Sozialwerk Ostviertel e. V.", "eine Person ohne Einrichtung",
            "2 Personen", "Mara Lindt",
        ):  # fmt: skip
            assert part in words, part
        for part in HIDDEN:
            assert part not in words, part
    assert structure(content) == []
    links = set(re.findall(r'href="(/[^"]*)"', html.partition("<main")[2].partition("</main>")[0]))
    mine = {
        reverse("projects:bodies"),
        approved.body.get_absolute_url(),
        f"{approved.body.get_absolute_url()}#follow-ups",
    }
    assert links == mine | {reverse("reports:session_minutes", args=[approved.pk])}


def test_the_team_reads_every_name(client_of, mara, approved):
    words = text(paper(client_of(mara), "session_minutes", approved).content)
    assert ("Rosa Bewohnerin" in words, "Gerd Gast; Gabi Gast" in words, "Kaputte Bank" in words) == (True, True, True)


def test_drafts_stay_with_the_team(client_of, tara, draft):
    client = client_of(tara)
    assert client.get(url("session", draft)).status_code == 404
    Session.objects.update(invited_at=draft.body.events.first().at)
    html = client.get(url("session", draft)).text
    assert ("Antworten der Verwaltung" in html, "Alle berichten." in html, "Flyer" in html) == (True, False, False)
    assert paper(client, "session_minutes", draft).status_code == 404


def test_open_follow_ups_stand_on_the_page_and_the_paper(client_of, tara, mara, body, seat):
    given = make_bodies.held(body=body, by=mara)
    order = make_bodies.follow_up(body=body, task="Flyer drucken", item=given.items.get())
    days = make.today() + timedelta(days=30)
    follow_ups.put_off(follow_up=order, until=days, reason="Die Druckerei hat zu.", by=mara)
    data = follow_ups.ConcernData(title="Kaputte Bank", channel="body", topic=make.topic())
    number = follow_ups.raise_concern(by=mara, data=data, follow_up=order).number
    done = make_bodies.follow_up(body=body, task="Nebenbei")
    follow_ups.settle(follow_up=done, status="done", result="", by=mara)
    client = client_of(tara)
    html, told = client.get(url("body", body)).text, text(paper(client, "follow_up_paper", body).content)
    for words in (html, told):
        for part in ("Flyer drucken", "Stadtteilbüro", f"{days:%d.%m.%Y}", "Die Druckerei hat zu."):
            assert part in words, part
        for part in HIDDEN:
            assert part not in words, part
    assert (f"Anliegen {number}" in html, f">{number}</a>" in html, "Stand ändern" in html) == (True, False, False)
    for name in ("follow_up", "follow_up_settle"):
        assert client.get(url(name, order)).status_code == 404
    assert client.get(reverse("projects:follow_ups")).status_code == 404


def test_only_those_of_the_own_actor_and_only_as_long_as_it_belongs(client_of, tara, mara, body, seat, approved):
    other = make_bodies.body()
    foreign = make_bodies.held(body=other, by=mara, members=[make_bodies.member(body=other)])
    make_bodies.write(session=foreign, by=mara)
    make_bodies.approve(session=foreign, by=mara)
    make_bodies.follow_up(body=other)
    assert [one.body for one in FollowUp.objects.visible_to(tara)] == [body]
    client = client_of(tara)

    def asked(body, session):
        return [
            client.get(url("body", body)).status_code,
            client.get(url("session", session)).status_code,
            paper(client, "session_minutes", session).status_code,
            paper(client, "follow_up_paper", body).status_code,
        ]

    assert (asked(body, approved), asked(other, foreign)) == ([200] * 4, [404] * 4)
    for name in ("session_invitation", "attendance_sheet"):
        assert paper(client, name, approved).status_code == 404
    BodyMember.objects.filter(pk=seat.pk).update(valid_to=make.today() - timedelta(days=1))
    assert asked(body, approved) == [404] * 4
    assert not FollowUp.objects.visible_to(type(tara).objects.get(pk=tara.pk)).exists()


def test_departments_keep_to_the_agenda(client_of, enno, mara, stadtbetrieb, body, draft):
    make_bodies.member(body=body, department=stadtbetrieb, has_vote=False)
    Session.objects.update(invited_at=draft.body.events.first().at)
    make_bodies.approve(session=draft, by=mara)
    client = client_of(enno)
    html = client.get(url("session", draft)).text
    assert ("Antworten der Verwaltung" in html, "Alle berichten." in html, "Flyer" in html) == (True, False, False)
    html = client.get(url("body", body)).text
    assert ("Flyer drucken" in html, "Offene Aufträge" in html) == (False, False)
    assert paper(client, "session_minutes", draft).status_code == 404
    assert paper(client, "follow_up_paper", body).status_code == 404


def test_a_seat_of_the_department_opens_no_minutes_to_whoever_works_for_a_carrier_too(
    client_of, tara, stadtbetrieb, body, seat, approved
):
    BodyMember.objects.filter(pk=seat.pk).update(valid_to=make.today() - timedelta(days=1))
    make.membership(user=tara, role=Role.DEPT_STAFF, department=stadtbetrieb)
    make_bodies.member(body=body, department=stadtbetrieb, has_vote=False)
    client = client_of(type(tara).objects.get(pk=tara.pk))
    assert client.get(url("body", body)).status_code == 200
    assert client.get(url("session", approved)).status_code == 404
    assert paper(client, "session_minutes", approved).status_code == 404


def test_what_became_sensitive_is_not_read_any_more(client_of, tara, approved):
    Concern.objects.update(is_sensitive=True)
    client = client_of(tara)
    for words in (
        client.get(url("session", approved)).text,
        text(paper(client, "session_minutes", approved).content),
    ):
        assert ("Alle berichten." in words, "Die Bank ist ersetzt." in words) == (True, False)


@pytest.mark.parametrize("count", [1, 8])
def test_costs_the_same_for_few_and_many(client_of, tara, mara, body, draft, count, django_assert_num_queries):
    for _ in range(count):
        make_bodies.item(session=draft)
        make_bodies.follow_up(body=body, item=draft.items.first(), given_on=draft.on)
    make_bodies.approve(session=draft, by=mara)
    client = client_of(tara)
    client.get(url("body", body))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url("body", body))
    with django_assert_num_queries(SESSION_QUERIES):
        client.get(url("session", draft))


PAGE_QUERIES, SESSION_QUERIES = 14, 16
