"""What happens by itself: escalation, parked concerns, promises, digests – also after days without a worker (K11)."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import department, triage
from concerns.actions.clock import announce_promises, escalate_overdue, escalation_step, wake_parked
from concerns.actions.digest import send_digests
from concerns.jobs import follow_the_clock
from concerns.models import Concern, ConcernEvent, LoopSettings, OutgoingMail, Routing
from districts.roles import Role
from quartier.workdays import add_workdays, is_workday
from tests import make
from tests.concerns import loop
from tests.concerns.loop import fresh

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 8) -> datetime:
    """A moment of a day in the office."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def workday(days: int = 0) -> date:
    """A working day from today on."""
    return add_workdays(make.today(), days)


class TestEscalation:
    @pytest.fixture
    def routing(self, mara, stadtbetrieb):
        return loop.forward(loop.log(mara), stadtbetrieb, by=mara, due_on=workday(3))[0]

    @pytest.mark.parametrize(("late", "step"), [(0, 0), (1, 1), (4, 1), (5, 2), (9, 2), (10, 3), (50, 3)])
    def test_steps_come_after_the_set_working_days(self, routing, late, step):
        moment = at(add_workdays(routing.due_on, late) if late else routing.due_on)
        assert escalate_overdue(at=moment) == (step > 0)
        assert fresh(routing).escalation == step
        assert escalate_overdue(at=moment) == 0, "twice changes nothing"
        assert ConcernEvent.objects.filter(kind="routing_escalated").count() == (step > 0)

    def test_weekends_and_holidays_do_not_count(self):
        figures = LoopSettings.load()
        thursday = date(2026, 12, 24)
        assert escalation_step(thursday, date(2026, 12, 27), figures) == 0
        assert escalation_step(thursday, date(2026, 12, 28), figures) == 1

    def test_only_what_has_reached_a_step_is_touched(self, mara, stadtbetrieb):
        """The query says the same as `escalation_step`, for every day around the turn of the year."""
        figures, today = LoopSettings.load(), date(2027, 1, 4)
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        for days in range(40):
            for escalation in range(4):
                due_on = today - timedelta(days=days)
                Routing.objects.filter(pk=routing.pk).update(due_on=due_on, escalation=escalation)
                with CaptureQueriesContext(connection) as queries:
                    raised = escalate_overdue(at=at(today))
                expected = escalation_step(due_on, today, figures) > escalation
                assert (raised, any("UPDATE" in query["sql"] for query in queries)) == (expected, expected)

    def test_an_open_query_stops_it(self, routing):
        department.ask(routing=routing, text="Wo?", by=None)
        assert escalate_overdue(at=at(workday(60))) == 0

    def test_an_interim_notice_starts_again(self, routing):
        escalate_overdue(at=at(workday(9)))
        later = workday(40)
        department.give_interim_notice(routing=routing, text="Dauert.", new_due_on=later, by=None)
        assert fresh(routing).escalation == 0
        assert escalate_overdue(at=at(workday(30))) == 0

    def test_a_body_without_login_gets_a_fresh_link_once(self, mara, mailoutbox):
        body = make.department(kind="external", answers_by_link=True)
        routing = loop.forward(loop.log(mara), body, by=mara, due_on=workday(3))[0]
        escalate_overdue(at=at(workday(4)))
        escalate_overdue(at=at(workday(14)))
        assert (fresh(routing).link_version, fresh(routing).escalation) == (2, 3)
        assert OutgoingMail.objects.filter(kind="routing_link").count() == 2


class TestParked:
    def test_it_comes_back_also_when_the_worker_slept(self, mara):
        until = make.today() + timedelta(days=3)
        concern = triage.park(concern=triage.take_on(concern=loop.log(mara), by=mara), until=until, by=mara)
        assert wake_parked(at=at(until - timedelta(days=1))) == 0
        assert wake_parked(at=at(until + timedelta(days=5))) == 1
        assert (fresh(concern).status, fresh(concern).owner) == ("own_work", mara)
        assert wake_parked(at=at(until + timedelta(days=5))) == 0


class TestFollowUp:
    """A follow-up whose day has come leaves the desk with the next decision; one for later stays."""

    @pytest.mark.parametrize(("days", "left"), [(0, None), (5, 5)])
    def test_a_decision_settles_what_was_due(self, mara, stadtbetrieb, days, left):
        on = make.today() + timedelta(days=days)
        expected = left and on
        for decide in (
            lambda concern: triage.take_on(concern=concern, by=mara),
            lambda concern: triage.record_answer(concern=concern, by=mara, **loop.ANSWER),
            lambda concern: loop.forward(concern, stadtbetrieb, by=mara),
        ):
            concern = triage.set_follow_up(concern=loop.log(mara), on=on, by=mara)
            decide(concern)
            assert fresh(concern).follow_up_on == expected


def test_a_promise_is_announced_once(mara, stadtbetrieb):
    outcome = {"outcome": "planned", "answer_text": "Kommt.", "promised_on": date(2026, 9, 30)}
    loop.closed(mara, stadtbetrieb, outcome=outcome)
    assert announce_promises(at=at(date(2026, 9, 29))) == 0
    assert announce_promises(at=at(date(2026, 10, 4))) == 1
    assert announce_promises(at=at(date(2026, 10, 5))) == 0


class TestDigest:
    @pytest.fixture
    def morning(self):
        return at(next(day for n in range(9) if is_workday(day := make.today() + timedelta(days=n))))

    def test_one_mail_a_day_and_person_without_personal_data(self, mara, enno, stadtbetrieb, morning):
        loop.answered(mara, stadtbetrieb)
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        loop.log(mara)
        assert send_digests(at=morning) == 2
        assert send_digests(at=morning + timedelta(hours=3)) == 0
        mine = OutgoingMail.objects.get(user=mara)
        assert "Personen warten auf eine Rückmeldung: 1" in mine.body
        assert "Anliegen neu zu sichten: 1" in mine.body
        assert "/arbeitskorb/?liste=triage" in mine.body
        assert "Neue Anliegen für Ihren Fachbereich: 1" in OutgoingMail.objects.get(user=enno).body
        for mail in OutgoingMail.objects.all():
            for secret in ("Gerda", "Zorn", "0241", "Wilder Müll", "Containern"):
                assert secret not in mail.subject + mail.body

    def test_nothing_to_do_no_mail(self, mara, enno, morning):
        assert send_digests(at=morning) == 0

    def test_who_does_not_want_it_or_has_left_gets_none(self, mara, morning, ost):
        loop.log(mara)
        mara.wants_digest = False
        mara.save()
        assert send_digests(at=morning) == 0
        Concern.objects.update(owner=make.user(role=Role.MANAGER, district=ost, wants_digest=False))
        mara.wants_digest, mara.is_active = True, False
        mara.save()
        assert send_digests(at=morning) == 0

    def test_not_before_six_and_not_on_sundays(self, mara, morning):
        loop.log(mara)
        assert send_digests(at=morning - timedelta(hours=3)) == 0
        sunday = morning + timedelta(days=6 - morning.weekday())
        assert send_digests(at=sunday) == 0
        assert send_digests(at=morning + timedelta(hours=12)) == 1, "a worker that slept catches up in the evening"

    def test_no_mail_for_a_single_event(self, mara, enno, stadtbetrieb):
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        assert not OutgoingMail.objects.exists()

    def test_except_a_routing_marked_urgent(self, mara, enno, stadtbetrieb):
        loop.forward(loop.log(mara), stadtbetrieb, by=mara, urgent=True)
        mail = OutgoingMail.objects.get()
        assert (mail.kind, mail.to) == ("urgent_routing", stadtbetrieb.mailbox)
        assert "Wilder Müll" not in mail.subject + mail.body

    def test_without_a_mailbox_everybody_there_hears_of_it(self, mara, enno, lena, uwe, stadtbetrieb):
        stadtbetrieb.mailbox = ""
        stadtbetrieb.save()
        loop.forward(loop.log(mara), stadtbetrieb, by=mara, urgent=True)
        assert set(OutgoingMail.objects.values_list("to", flat=True)) == {enno.email, lena.email}

    def test_lead_and_planning_hear_of_their_step(self, mara, lena, silke, stadtbetrieb, morning):
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        Routing.objects.filter(pk=routing.pk).update(due_on=make.today() - timedelta(days=60))
        escalate_overdue()
        send_digests(at=morning)
        assert "An Sie als Leitung" in OutgoingMail.objects.get(user=lena).body
        assert "bei der Sozialplanung): 1" in OutgoingMail.objects.get(user=silke).body

    def test_a_department_without_accounts_hears_through_its_mailbox(self, mara, stadtbetrieb, morning):
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        send_digests(at=morning)
        assert OutgoingMail.objects.get(user=None).to == stadtbetrieb.mailbox

    def test_the_mailbox_hears_when_the_last_role_has_ended(self, mara, stadtbetrieb, umwelt, morning):
        """Also of what a department left behind that this one follows (I9)."""
        last_day = make.today() - timedelta(days=1)
        make.membership(user=make.user(), role="dept_staff", department=umwelt, valid_to=last_day)
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        stadtbetrieb.successor = umwelt
        stadtbetrieb.save()
        send_digests(at=morning)
        assert OutgoingMail.objects.get(user=None).to == umwelt.mailbox

    def test_a_stand_in_hears_of_the_persons_routings(self, mara, enno, stadtbetrieb, morning):
        colleague = make.user(role="dept_staff", department=stadtbetrieb)
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        department.assign(routing=routing, assignee=enno, by=enno)
        assert send_digests(at=morning) == 1
        make.deputyship(person=enno, deputy=colleague)
        assert send_digests(at=morning) == 1
        assert "Neue Anliegen für Ihren Fachbereich: 1" in OutgoingMail.objects.get(user=colleague).body

    def test_an_assistant_hears_of_the_people_on_her_worklist(self, mara, asli, stadtbetrieb, morning):
        loop.answered(mara, stadtbetrieb)
        loop.answered(mara, stadtbetrieb).reporters.update(taken_by=asli)
        for whole_team, people in ((False, 1), (True, 2)):
            OutgoingMail.objects.all().delete()
            LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": whole_team})
            send_digests(at=morning)
            assert f"Rückmeldung: {people}\n" in OutgoingMail.objects.get(user=asli).body

    def test_who_had_theirs_costs_nothing_for_the_rest_of_the_day(self, mara, enno, stadtbetrieb, morning):
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        loop.log(mara)
        send_digests(at=morning)
        with CaptureQueriesContext(connection) as queries:
            assert send_digests(at=morning) == 0
        assert len(queries) == 3


def test_the_periodic_job_does_all_of_it(mara, stadtbetrieb):
    routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
    Routing.objects.filter(pk=routing.pk).update(due_on=make.today() - timedelta(days=60))
    follow_the_clock(None, 0)
    assert fresh(routing).escalation == 3
