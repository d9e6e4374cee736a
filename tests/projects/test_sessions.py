"""Planning sessions, agendas and invitations (Z19)."""

from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from concerns.actions.mail import mail_mark, note_bounce
from concerns.models import Concern, OutgoingMail
from projects.actions import agenda, follow_ups, sessions
from projects.actions.base import Conflict, LoopError
from projects.models import AgendaItem, Invitation, Session
from projects.workflow import SESSION_MOVES, SessionStatus
from tests import make, make_bodies
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost])


@pytest.fixture
def session(body):
    return make_bodies.session(body=body)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def titles(session):
    return list(session.items.values_list("title", flat=True))


class TestPlanning:
    def test_plans_the_dates_of_the_rhythm_once(self, client_of, mara, body):
        typed = {"since": "2026-01-01", "until": "2026-12-31"}
        client = client_of(mara)
        assert client.post(url("sessions_plan", body), typed).status_code == 303
        client.post(url("sessions_plan", body), typed)
        found = list(body.sessions.order_by("on").values_list("on", "starts", "ends", "place"))
        known = (time(17), time(18, 30), "Gruppenraum")
        days = (date(2026, 1, 13), date(2026, 4, 14), date(2026, 7, 14), date(2026, 10, 13))
        assert found == [(day, *known) for day in days]

    def test_not_beyond_the_end_of_a_body(self, mara, body):
        body.ended_on = date(2026, 5, 1)
        body.save()
        made = sessions.plan_sessions(body=body, since=date(2026, 1, 1), until=date(2026, 12, 31), by=mara)
        assert [one.on for one in made] == [date(2026, 1, 13), date(2026, 4, 14)]

    @pytest.mark.parametrize("until", ["2025-12-31", "2030-01-01", ""])
    def test_says_what_is_wrong_with_the_span(self, client_of, mara, body, until):
        answer = client_of(mara).post(url("sessions_plan", body), {"since": "2026-01-01", "until": until})
        assert answer.status_code == 422
        assert not body.sessions.exists()

    @pytest.mark.parametrize(("starts", "ends"), [(time(23, 59), None), (time(22), time(23, 59)), (time(9), time(14))])
    def test_a_session_ends_on_its_day(self, client_of, mara, body, starts, ends):
        body.starts, body.duration = starts, 300
        body.save()
        answer = client_of(mara).post(url("sessions_plan", body), {"since": "2026-01-01", "until": "2026-03-31"})
        assert answer.status_code == (303 if ends else 422)
        assert list(body.sessions.values_list("ends", flat=True)) == ([ends] if ends else [])

    def test_a_body_without_rhythm_plans_single_dates(self, client_of, mara, body):
        body.every_months = 0
        body.save()
        client = client_of(mara)
        span = {"since": "2026-01-01", "until": "2026-12-31"}
        assert client.post(url("sessions_plan", body), span).status_code == 422
        typed = {"on": "2026-05-05", "starts": "17:00", "ends": "19:00"}
        assert client.post(url("session_new", body), typed).status_code == 303
        assert client.post(url("session_new", body), typed).status_code == 422
        wrong = client.post(url("session_new", body), typed | {"on": "2026-05-06", "ends": "16:00"})
        assert "ends" in wrong.context["form"].errors
        body.ended_on = date(2026, 5, 6)
        body.save()
        over = client.post(url("session_new", body), typed | {"on": "2026-05-07"})
        assert "on" in over.context["form"].errors
        assert body.sessions.get().on == date(2026, 5, 5)

    def test_whoever_moves_it_second_compares_first(self, client_of, mara, session):
        typed = {"on": session.on.isoformat(), "starts": "17:00", "ends": "19:00", "version": 1}
        client = client_of(mara)
        assert client.post(url("session_edit", session), typed | {"place": "Saal"}).status_code == 303
        late = client.post(url("session_edit", session), typed | {"place": "Keller"})
        assert late.status_code == 409
        assert ("Ort und Raum", "Saal", "Keller") in late.context["differences"]

    def test_only_a_date_without_anything_is_removed(self, client_of, mara, body, session):
        client = client_of(mara)
        other = make_bodies.session(body=body, on=make.today() + timedelta(days=30))
        make_bodies.member(body=body)
        make_bodies.item(session=other)
        sessions.invite(session=other, by=mara)
        for one in (session, other):
            client.post(url("session_remove", one))
        assert list(Session.objects.all()) == [other]

    def test_a_date_that_was_cancelled_once_stays(self, client_of, mara, session):
        client = client_of(mara)
        client.post(url("session_cancel", session), {"reason": "Sturm"})
        client.post(url("session_revive", session))
        assert client.post(url("session_remove", session)).status_code == 303
        assert Session.objects.get() == session


@pytest.mark.parametrize(("fields", "rule"), [
    ({"status": "x"}, "session_status_known"),
    ({"ends": time(17)}, "session_times_in_order"),
    ({"status": "cancelled"}, "session_cancelled_has_reason"),
    ({"status": "approved"}, "session_approved_by_somebody"),
])  # fmt: skip
def test_the_database_knows_the_rules(body, fields, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_bodies.session(body=body, **fields)


def test_the_database_takes_one_session_a_day(session):
    with pytest.raises(IntegrityError, match="session_once_a_day"), transaction.atomic():
        make_bodies.session(body=session.body)


def test_every_state_has_its_moves():
    assert set(SESSION_MOVES) == set(SessionStatus)


class TestAgenda:
    def test_proposes_what_belongs_on_it(self, client_of, mara, body, session):
        last = make_bodies.held(body=body, by=mara)
        make_bodies.follow_up(body=body)
        raised = make_bodies.raised(item=last.items.get(), by=mara, answered=True)
        client = client_of(mara)
        found = client.get(url("session", session)).context["proposals"]
        assert [one.kind for one in found] == ["minutes", "follow_ups", "replies", "dates", "misc"]
        assert raised.concern.number in found[2].why
        client.post(url("agenda_take", session), {"kind": "dates"})
        make_bodies.item(session=session, title="Sommerfest")
        client.post(url("agenda_take", session))
        usual = ["Genehmigung offener Protokolle", "Offene Aufträge", "Antworten der Verwaltung"]
        assert titles(session) == [*usual, "Sommerfest", "Termine und nächste Sitzung", "Verschiedenes"]
        assert client.get(url("session", session)).context["proposals"] == []

    def test_proposes_nothing_without_a_reason(self, client_of, mara, session):
        found = client_of(mara).get(url("session", session)).context["proposals"]
        assert [one.kind for one in found] == ["dates", "misc"]

    def test_a_sensitive_answer_never_comes_onto_an_agenda(self, mara, body, session):
        last = make_bodies.held(body=body, by=mara)
        make_bodies.raised(item=last.items.get(), by=mara, answered=True)
        assert "replies" in {one.kind for one in agenda.proposals(session, set())}
        Concern.objects.update(is_sensitive=True)
        assert [one.kind for one in agenda.proposals(session, set())] == ["minutes", "dates", "misc"]

    def test_items_are_added_changed_and_taken_off(self, client_of, mara, session):
        client, typed = client_of(mara), {"title": "Müll", "kind": "discussion", "duration": "20"}
        agenda.take_proposals(session=session, kinds=None, by=mara)
        assert client.post(url("item_new", session), typed).status_code == 303
        assert titles(session)[0] == "Müll"
        item = session.items.first()
        assert client.post(url("item", item), typed | {"title": "Sperrmüll", "version": 1}).status_code == 303
        late = client.post(url("item", item), typed | {"title": "Container", "version": 1})
        assert late.status_code == 409
        assert ("Thema", "Sperrmüll", "Container") in late.context["differences"]
        assert client.post(url("item_new", session), typed | {"title": ""}).status_code == 422
        assert client.post(url("item_new", session), typed | {"kind": "dates"}).status_code == 422
        client.post(url("item_remove", item))
        assert list(session.items.values_list("position", "kind")) == [(1, "dates"), (2, "misc")]

    def test_moves_by_one_and_stops_at_the_ends(self, client_of, mara, session):
        first, second, third = (make_bodies.item(session=session, title=name) for name in "ABC")
        client = client_of(mara)
        for item, way in ((third, "up"), (first, "up"), (second, "down"), (first, "down")):
            assert client.post(url("item_move", item), {"way": way}).status_code == 303
        assert titles(session) == ["C", "A", "B"]

    def test_moving_answers_with_the_agenda_alone_where_scripts_run(self, client_of, mara, session):
        make_bodies.item(session=session, title="A")
        last = make_bodies.item(session=session, title="B")
        headers = {"HX-Request": "true", "HX-Target": "agenda"}
        html = client_of(mara).post(url("item_move", last), {"way": "up"}, headers=headers).content.decode()
        assert html.index(">B<") < html.index(">A<")
        assert "<html" not in html

    def test_an_item_that_was_taken_off_meanwhile_is_a_conflict(self, mara, body, session):
        item = make_bodies.item(session=session)
        agenda.remove_item(item=item, by=mara)
        data = follow_ups.ConcernData(title="Bank", topic=make.topic(), channel="body")
        for act in (
            lambda: agenda.remove_item(item=item, by=mara),
            lambda: agenda.move_item(item=item, up=True, by=mara),
            lambda: agenda.save_item(session=session, item=item, version=1, by=mara, title="Neu"),
            lambda: follow_ups.raise_concern(by=mara, data=data, item=item),
        ):
            with pytest.raises(Conflict, match="von der Tagesordnung"):
                act()

    def test_an_item_with_minutes_stays(self, client_of, mara, body):
        session = make_bodies.held(body=body, by=mara)
        make_bodies.write(session=session, by=mara)
        client_of(mara).post(url("item_remove", session.items.get()))
        assert session.items.count() == 1

    def test_the_database_takes_standard_items_once_and_every_place_once(self, session):
        make_bodies.item(session=session, kind="dates")
        with pytest.raises(IntegrityError, match="agenda_item_standard_once"), transaction.atomic():
            make_bodies.item(session=session, kind="dates")
        with pytest.raises(IntegrityError, match="agenda_item_place_once"), transaction.atomic():
            _second_in_the_same_place(session)


def _second_in_the_same_place(session):
    AgendaItem.objects.create(session=session, position=1, title="x")
    transaction.get_connection().check_constraints()


class TestInvitation:
    @pytest.fixture
    def members(self, body):
        actor = make_bodies.member(body=body)
        rosa = make_bodies.member(body=body, name="Rosa Geheim", email="rosa@ost.example", consent_on=make.today())
        make_bodies.member(body=body, name="Ohne Adresse")
        make_bodies.member(body=body, name="Früher", valid_to=make.today())
        return actor, rosa

    def test_everybody_with_an_address_gets_a_mail_of_their_own(self, client_of, mara, session, members):
        make_bodies.item(session=session, title="Sommerfest", presenter="Frau Beispiel")
        client = client_of(mara)
        page = client.get(url("session_invite", session))
        assert [one.label for one in page.context["without"]] == ["Ohne Adresse"]
        assert client.post(url("session_invite", session)).status_code == 303
        run_jobs()
        assert sorted(one.to for one in mail.outbox) == sorted([[members[0].address], ["rosa@ost.example"]])
        text = mail.outbox[0].body
        assert ("1. Sommerfest" in text, "Gruppenraum" in text) == (True, True)
        # Nothing about people but the address it goes to.
        assert not any(word in text for word in ("Rosa", "Beispiel", "@"))
        session.refresh_from_db()
        assert (session.status, session.invitations.count()) == ("invited", 2)

    def test_a_second_invitation_is_sent_again_and_one_address_gets_one(self, mara, body, session, members):
        make_bodies.member(body=body, name="Zweite", email="ROSA@ost.example", consent_on=make.today())
        make_bodies.item(session=session)
        assert [sessions.invite(session=session, by=mara) for _ in range(2)] == [2, 2]
        assert list(Invitation.objects.values_list("number", flat=True)) == [1, 1, 2, 2]

    def test_not_with_an_empty_agenda_and_not_when_the_second_write_fails(self, mara, session, members):
        with pytest.raises(LoopError):
            sessions.invite(session=session, by=mara)
        make_bodies.item(session=session)
        key = f"session:{session.pk}:1:{members[1].pk}"
        OutgoingMail.objects.create(key=key, kind="invitation", to="x@x.example", subject="", body="")
        with pytest.raises(IntegrityError), transaction.atomic():
            sessions.invite(session=session, by=mara)
        session.refresh_from_db()
        assert (session.status, Invitation.objects.count(), OutgoingMail.objects.count()) == ("planned", 0, 1)

    def test_nothing_goes_to_whoever_has_left(self, mara, asli, body, session):
        make_bodies.item(session=session)
        gone = make.contact_person(email="weg@verein.example", valid_to=make.today() - timedelta(days=1))
        make_bodies.member(body=body, actor=gone.actor, contact=gone)
        make_bodies.member(body=body, user=asli)
        asli.is_active = False
        asli.save()
        gone.actor.email = "buero@verein.example"
        gone.actor.save()
        assert sessions.invite(session=session, by=mara) == 1
        assert OutgoingMail.objects.get().to == "buero@verein.example"

    def test_not_to_a_day_that_is_over(self, mara, body):
        past = make_bodies.session(body=body, on=make.today() - timedelta(days=1))
        make_bodies.item(session=past)
        with pytest.raises(LoopError, match="vorbei"):
            sessions.invite(session=past, by=mara)

    def test_a_returned_one_is_shown_on_the_page(self, client_of, mara, session, members):
        make_bodies.item(session=session)
        sessions.invite(session=session, by=mara)
        run_jobs()
        assert note_bounce(mark=mail_mark(Invitation.objects.get(member=members[1]).mail))
        assert "nicht angekommen" in client_of(mara).get(url("session", session)).content.decode()

    def test_a_cancellation_goes_to_whoever_was_invited_and_can_be_taken_back(self, client_of, mara, session, members):
        make_bodies.item(session=session)
        sessions.invite(session=session, by=mara)
        client = client_of(mara)
        assert client.post(url("session_cancel", session), {"reason": ""}).status_code == 422
        assert client.post(url("session_cancel", session), {"reason": "Geheimer Grund"}).status_code == 303
        run_jobs()
        assert [one.subject[:6] for one in mail.outbox] == ["Einlad", "Einlad", "Absage", "Absage"]
        assert "Geheim" not in mail.outbox[-1].body
        assert client.post(url("session_cancel", session), {"reason": "Noch einer"}).status_code == 409
        client.post(url("session_revive", session))
        session.refresh_from_db()
        assert (session.status, session.cancel_reason) == ("planned", "")


def test_begins_on_its_day_and_not_before(client_of, asli, mara, body, session):
    with pytest.raises(LoopError, match="erst am"):
        sessions.begin(session=session, by=asli)
    today = make_bodies.session(body=body, on=make.today())
    assert client_of(asli).post(url("session_begin", today)).status_code == 303
    today.refresh_from_db()
    assert (today.status, today.writers()) == ("held", [])
    with pytest.raises(Conflict):
        sessions.cancel_session(session=today, reason="x", by=mara)


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_costs_the_same_for_few_and_many(client_of, mara, body, count, django_assert_num_queries):
    session = make_bodies.session(body=body, invited_at=timezone.now(), status="invited")
    held = make_bodies.held(body=body, by=mara, items=count)
    for n in range(count):
        make_bodies.item(session=session)
        make_bodies.raised(item=held.items.all()[n], by=mara, answered=True)
        make_bodies.follow_up(body=body, given_on=make.today() - timedelta(days=9), item=held.items.all()[n])
        member = make_bodies.member(body=body)
        held.attendances.create(member=member, state="present")
    agenda.take_proposals(session=session, kinds=None, by=mara)
    client = client_of(mara)
    client.get(url("session", session))
    with django_assert_num_queries(AHEAD_QUERIES):
        client.get(url("session", session))
    with django_assert_num_queries(HELD_QUERIES):
        client.get(url("session", held))
    with django_assert_num_queries(MINUTES_QUERIES):
        client.get(url("minutes", held))


AHEAD_QUERIES, HELD_QUERIES, MINUTES_QUERIES = 23, 22, 21


def test_the_page_tells_of_the_last_mails(client_of, mara, body, session):
    make_bodies.member(body=body)
    make_bodies.item(session=session)
    for _ in range(2):
        sessions.invite(session=session, by=mara)
    html = client_of(mara).get(url("session", session)).content.decode()
    assert "Eine E-Mail, verschickt" in html
    sessions.cancel_session(session=session, reason="Zu viele Absagen.", by=mara)
    html = client_of(mara).get(url("session", session)).content.decode()
    assert ("Absage</h2>" in html, "Eine E-Mail, verschickt" in html, "Zu viele Absagen." in html) == (True, True, True)
