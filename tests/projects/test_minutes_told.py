"""What the page of a session tells: approved minutes as they were, all that wait for approval, who wrote (Z19)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from projects.actions import agenda, follow_ups, sessions
from projects.models import BodyEvent, Session
from projects.proposals import proposals, unapproved
from projects.wording import invitation_mail
from reports.papers.bodies import invitation, session_minutes
from tests import make, make_bodies
from tests.pdf import text
from tests.projects.test_follow_ups import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost])


@pytest.fixture
def member(body):
    return make_bodies.member(body=body)


def days_ago(n):
    return make.today() - timedelta(days=n)


class TestApprovedPage:
    @pytest.fixture
    def session(self, body, member, mara):
        """Approved minutes of last week: one follow-up carried on, one given."""
        held = make_bodies.held(body=body, by=mara, members=[member])
        make_bodies.item(session=held, kind="follow_ups", title="Offene Aufträge")
        make_bodies.follow_up(body=body, task="Bänke zählen", given_on=days_ago(40))
        make_bodies.follow_up(body=body, task="Tische zählen", item=held.items.first(), given_on=held.on)
        make_bodies.write(session=held, by=mara)
        make_bodies.approve(session=held, by=mara)
        return Session.objects.get(pk=held.pk)

    def test_says_what_was_approved_and_leads_to_how_it_stands_today(self, client_of, mara, body, session):
        paper = text(session_minutes(session))
        for one in body.follow_ups.all():
            follow_ups.settle(follow_up=one, status="done", result="Gezählt.", by=mara)
        page = client_of(mara).get(url("session", session))
        then = f"offen, bis {make.today() + timedelta(days=14):%d.%m.%Y}"
        assert [(one.task, one.words) for one in page.context["carried"]] == [("Bänke zählen", then)]
        assert [(one.task, one.words) for one in page.context["told_orders"]] == [("Tische zählen", then)]
        html = page.content.decode()
        assert (html.count(then), "Gezählt." in html, "erledigt" in html) == (2, False, False)
        assert text(session_minutes(session)) == paper
        today = client_of(mara).get(page.context["stand_url"])
        assert sorted(one.task for one, _ in today.context["lines"]) == ["Bänke zählen", "Tische zählen"]
        assert today.content.decode().count("Gezählt.") == 2
        assert page.context["stand_url"].replace("&", "&amp;") in html

    def test_of_another_body_nothing_stands_there(self, client_of, mara, session, ost):
        make_bodies.follow_up(body=make_bodies.body(districts=[ost]), task="Fremder Auftrag")
        page = client_of(mara).get(f"{reverse('projects:follow_ups')}?gremium={session.body_id}&zeigen=alle")
        assert "Fremder Auftrag" not in page.content.decode()
        assert client_of(mara).get(f"{reverse('projects:follow_ups')}?gremium=999999").status_code == 404

    def test_before_the_approval_everything_is_as_it_stands(self, client_of, mara, body):
        held = make_bodies.held(body=body, by=mara)
        order = make_bodies.follow_up(body=body, item=held.items.get(), given_on=held.on)
        page = client_of(mara).get(url("session", held))
        assert (page.context["given"], "told_orders" in page.context) == ([order], False)


class TestUnapproved:
    @pytest.fixture
    def waiting(self, body, mara):
        """Three sessions, the second of which is approved; one of another body."""
        held = [make_bodies.held(body=body, by=mara, on=days_ago(n)) for n in (90, 60, 30)]
        held[1].attendances.create(member=make_bodies.member(body=body), state="present")
        make_bodies.write(session=held[1], by=mara)
        make_bodies.approve(session=held[1], by=mara)
        make_bodies.held(body=make_bodies.body(), by=mara, on=days_ago(20))
        return [held[0], held[2]]

    def test_all_of_the_body_are_proposed_under_a_title_that_names_no_day(self, mara, body, waiting):
        session = make_bodies.session(body=body)
        found = [one for one in proposals(session, set()) if one.kind == "minutes"]
        days = ", ".join(f"{one.on:%d.%m.%Y}" for one in waiting)
        assert [(one.title, one.why) for one in found] == [
            ("Genehmigung offener Protokolle", f"Noch nicht genehmigt: {days}.")
        ]
        assert unapproved(session) == waiting
        assert unapproved(waiting[1]) == [waiting[0]]

    def test_page_mail_and_paper_name_those_that_still_wait(self, client_of, mara, body, waiting):
        session = make_bodies.session(body=body)
        agenda.take_proposals(session=session, kinds={"minutes"}, by=mara)
        assert client_of(mara).get(url("session", session)).context["waiting"] == waiting
        days = [f"{one.on:%d.%m.%Y}" for one in waiting]
        assert (
            f"1. Genehmigung offener Protokolle ({', '.join(days)})"
            in invitation_mail(session, list(session.items.all()))[1]
        )
        assert all(day in text(invitation(session)) for day in days)
        waiting[0].attendances.create(member=make_bodies.member(body=body), state="present")
        make_bodies.write(session=waiting[0], by=mara)
        make_bodies.approve(session=waiting[0], by=mara)
        assert days[0] not in text(invitation(session))
        assert f"({days[1]})" in invitation_mail(session, list(session.items.all()))[1]
        assert mail.outbox == []


class TestWriters:
    def test_who_wrote_is_named_not_who_began(self, client_of, mara, asli, silke, body):
        held = make_bodies.held(body=body, by=silke, items=2)
        assert held.writers() == []
        make_bodies.write(session=held, by=asli)
        make_bodies.write(session=held, by=mara, minutes="Ergänzt.")
        make_bodies.write(session=held, by=asli, minutes="Noch einmal.")
        assert held.writers() == [asli, mara]
        html = client_of(mara).get(url("session", held)).content.decode()
        assert f"Geschrieben von {asli.name}, {mara.name}." in html
        words = text(session_minutes(held))
        assert (asli.name in words, mara.name in words, silke.name in words) == (True, True, False)

    def test_whoever_saves_without_a_change_has_not_written(self, mara, asli, body):
        held = make_bodies.held(body=body, by=mara)
        make_bodies.write(session=held, by=mara)
        make_bodies.write(session=held, by=asli)  # the same words
        assert held.writers() == [mara]
        assert [one.data["items"] for one in BodyEvent.objects.filter(kind="written").order_by("pk")] == [1, 0]

    def test_events_from_before_count_as_writing(self, mara, body):
        held = make_bodies.held(body=body, by=mara)
        BodyEvent.objects.create(body=body, session=held, kind="written", by=mara)
        assert held.writers() == [mara]


def test_beginning_a_session_writes_nothing(mara, body):
    session = sessions.begin(session=make_bodies.session(body=body, on=make.today()), by=mara)
    assert (session.status, session.writers()) == ("held", [])
