"""I1–I11 of the requirements, each held by an action and, where it can, by the database.

What pages show of I7 and I11 is proved in `test_ticket` and `test_detail`, I12 in `test_basket` and `test_export`.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from concerns.actions import bundling, closing, department, feedback, forwarding, intake, triage
from concerns.actions.arrival import mail_came_back, mail_was_sent
from concerns.actions.base import Conflict, LoopError, NotReady
from concerns.actions.closing import missing_for_closing
from concerns.actions.forwarding import Target
from concerns.actions.intake import ANONYMOUS, ConcernData
from concerns.models import Concern, ConcernEvent, ErasureEntry, Reply, Reporter, Routing
from concerns.workflow import Outcome
from tests import make
from tests.concerns import loop
from tests.concerns.loop import fresh

pytestmark = pytest.mark.django_db


def refused_by_database(sql: str, *values) -> bool:
    """Whether the database itself refuses a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


class TestI1NoClosingWithoutFeedback:
    def test_closing_waits_for_every_reporter(self, mara, stadtbetrieb):
        concern = loop.answered(mara, stadtbetrieb, reporters=[loop.PERSON, loop.PERSON, ANONYMOUS])
        first, second, anonymous = concern.reporters.all()
        loop.tell(first, by=mara)
        assert missing_for_closing(fresh(concern)) == ["2 von 3 Anliegengeber/innen haben noch keine Rückmeldung."]
        with pytest.raises(NotReady):
            closing.close(concern=concern, by=mara, **loop.ANSWER)
        assert fresh(concern).status == "feedback_due"
        loop.tell(second, by=mara)
        feedback.waive(reporter=anonymous, reason="anonymous", note="Kein Name, kein Aushang möglich", by=mara)
        closing.close(concern=concern, by=mara, **loop.ANSWER)
        assert fresh(concern).status == "closed"

    def test_not_reached_does_not_count(self, mara, stadtbetrieb):
        concern = loop.answered(mara, stadtbetrieb)
        reporter = concern.reporters.get()
        loop.tell(reporter, by=mara, result="not_reached")
        assert (fresh(reporter).feedback_state, fresh(reporter).due, fresh(reporter).attempts) == ("open", "final", 1)
        with pytest.raises(NotReady):
            closing.close(concern=concern, by=mara, **loop.ANSWER)

    def test_not_reached_is_waived_only_after_the_set_number_of_attempts(self, mara, stadtbetrieb):
        reporter = loop.answered(mara, stadtbetrieb).reporters.get()
        for _ in range(2):
            loop.tell(reporter, by=mara, result="not_reached")
        with pytest.raises(LoopError, match="erst nach 3 Versuchen; bisher sind es 2"):
            feedback.waive(reporter=reporter, reason="not_reached", note="", by=mara)
        loop.tell(reporter, by=mara, result="not_reached")
        feedback.waive(reporter=reporter, reason="not_reached", note="", by=mara)
        assert fresh(reporter).feedback_state == "impossible"

    def test_tries_before_somebody_was_reached_do_not_count_for_the_next_answer(self, mara, stadtbetrieb):
        concern = loop.answered(mara, stadtbetrieb)
        reporter = concern.reporters.get()
        for result in ("not_reached", "not_reached", "not_reached", "reached"):
            loop.tell(reporter, by=mara, result=result)
        triage.take_on(concern=concern, by=mara)
        triage.record_answer(concern=concern, by=mara, **loop.ANSWER)
        with pytest.raises(LoopError, match="bisher sind es 0"):
            feedback.waive(reporter=reporter, reason="not_reached", note="", by=mara)

    def test_the_database_refuses_a_silent_closing(self, mara, stadtbetrieb):
        concern = loop.answered(mara, stadtbetrieb)
        close = (
            "UPDATE concerns_concern SET status = 'closed', outcome = 'fulfilled', closed_at = now(), due_on = NULL"
            " WHERE id = %s"
        )
        assert refused_by_database(close, concern.pk)
        Reporter.objects.update(feedback_state="done", due="", due_since=None, due_on=None)
        assert refused_by_database(close, concern.pk), "a state without a feedback record is not enough"
        Reporter.objects.update(feedback_state="open")
        loop.tell(concern.reporters.get(), by=mara)
        assert not refused_by_database(close, concern.pk)

    def test_the_database_refuses_a_new_duty_on_a_closed_concern(self, mara, stadtbetrieb):
        concern = loop.closed(mara, stadtbetrieb)
        assert refused_by_database(
            "UPDATE concerns_reporter SET feedback_state = 'open' WHERE concern_id = %s", concern.pk
        )
        with pytest.raises(Conflict):
            intake.add_reporter(concern=concern, data=loop.PERSON, by=mara)

    def test_a_waiver_needs_its_reason_in_the_database(self, mara):
        reporter = loop.log(mara).reporters.get()
        assert refused_by_database(
            "UPDATE concerns_reporter SET feedback_state = 'impossible' WHERE id = %s", reporter.pk
        )


class TestI2NoNeedsAReason:
    def test_a_department_cannot_decline_without_reason(self, mara, stadtbetrieb):
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        with pytest.raises(NotReady, match="Nein braucht einen Grund"):
            loop.reply(routing, result="declined")
        with pytest.raises(NotReady, match="Text für die Anliegengeber/in"):
            loop.reply(routing, result="declined", text=" ", reason_category="funds")
        assert fresh(routing).status == "sent"
        loop.reply(routing, result="declined", reason_category="funds")
        assert fresh(routing).status == "answered"
        assert refused_by_database("UPDATE concerns_reply SET reason_category = ''")
        assert refused_by_database("UPDATE concerns_reply SET text = ''")

    @pytest.mark.parametrize("outcome", ["declined", "partly"])
    def test_no_closing_with_a_no_without_reason(self, mara, stadtbetrieb, outcome):
        concern = loop.answered(mara, stadtbetrieb)
        loop.tell(concern.reporters.get(), by=mara)
        with pytest.raises(NotReady):
            closing.close(concern=concern, outcome=outcome, answer_text="Leider nicht.", by=mara)
        with pytest.raises(NotReady):
            closing.close(concern=concern, outcome=outcome, answer_text="", reason_category="legal", by=mara)
        closing.close(concern=concern, outcome=outcome, answer_text="Leider nicht.", reason_category="legal", by=mara)
        assert refused_by_database("UPDATE concerns_concern SET reason_category = '' WHERE id = %s", concern.pk)
        assert refused_by_database("UPDATE concerns_concern SET answer_text = '' WHERE id = %s", concern.pk)


@pytest.mark.parametrize("outcome", Outcome.values)
def test_i3_feedback_is_due_for_every_outcome(mara, stadtbetrieb, outcome):
    fields = {"outcome": outcome, "answer_text": "So ist es.", "reason_category": "other"}
    fields["promised_on"] = date(2030, 9, 30)
    concern = triage.record_answer(concern=loop.log(mara), by=mara, **fields)
    assert concern.reporters.get().due == "final"
    with pytest.raises(NotReady):
        closing.close(concern=concern, by=mara, **fields)
    loop.tell(concern.reporters.get(), by=mara)
    assert closing.close(concern=concern, by=mara, **fields).outcome == outcome


class TestI4NotResponsibleComesBack:
    def test_all_returned_is_back_on_the_desk_and_counted(self, mara, stadtbetrieb, umwelt):
        concern = loop.log(mara)
        routings = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
        department.give_back(routing=routings[0], reason="Privatgrund", by=None)
        assert (fresh(concern).status, fresh(concern).needs_triage) == ("forwarded", True)
        assert list(Concern.objects.to_triage()) == [concern]
        department.give_back(routing=routings[1], reason="Auch nicht", suggestion=stadtbetrieb, by=None)
        assert (fresh(concern).status, fresh(concern).needs_triage) == ("new", True)
        assert Routing.objects.filter(status="returned").count() == 2
        assert ConcernEvent.objects.filter(kind="routing_returned").count() == 2

    def test_a_return_needs_a_reason(self, mara, stadtbetrieb):
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        with pytest.raises(NotReady):
            department.give_back(routing=routing, reason="  ", by=None)
        assert refused_by_database(
            "UPDATE concerns_routing SET status = 'returned', finished_at = now() WHERE id = %s", routing.pk
        )

    def test_one_answer_and_one_return_is_feedback_due_and_still_on_the_desk(self, mara, stadtbetrieb, umwelt):
        concern = loop.log(mara)
        routings = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
        department.give_back(routing=routings[1], reason="Nein", by=None)
        loop.reply(routings[0])
        assert (fresh(concern).status, fresh(concern).needs_triage) == ("feedback_due", True)
        triage.acknowledge_return(concern=concern, by=mara)
        assert not Concern.objects.to_triage().exists()


class TestI5BundlingKeepsEveryDuty:
    def test_seven_reporters_two_anonymous(self, mara, stadtbetrieb):
        """Acceptance scenario 2."""
        lead = loop.log(mara)
        others = [loop.log(mara, reporters=[ANONYMOUS if n < 2 else loop.PERSON]) for n in range(6)]
        for one in others:
            bundling.bundle(concern=one, lead=lead, by=mara)
        loop.reply(loop.forward(fresh(lead), stadtbetrieb, by=mara)[0])
        everybody = Reporter.objects.all()
        assert everybody.feedback_due().count() == 7
        assert missing_for_closing(fresh(lead)) == ["7 von 7 Anliegengeber/innen haben noch keine Rückmeldung."]
        for person in everybody.exclude(kind="anonymous"):
            loop.tell(person, by=mara)
        with pytest.raises(NotReady, match="2 von 7"):
            closing.close(concern=lead, by=mara, **loop.ANSWER)
        feedback.record_collective(
            reporters=list(everybody.filter(kind="anonymous")), text="Der Müll ist abgeholt.", by=mara
        )
        closing.close(concern=lead, by=mara, **loop.ANSWER)
        assert set(Concern.objects.values_list("status", flat=True)) == {"closed"}
        assert Reporter.objects.filter(feedbacks__isnull=False).distinct().count() == 7

    def test_bundling_can_be_undone(self, mara, stadtbetrieb):
        lead, other = loop.log(mara), loop.log(mara)
        before = fresh(other)
        loop.forward(lead, stadtbetrieb, by=mara)
        bundling.bundle(concern=other, lead=lead, by=mara)
        assert (fresh(other).status, fresh(other).lead_id) == ("forwarded", lead.pk)
        bundling.unbundle(concern=other, by=mara)
        after = fresh(other)
        assert (after.status, after.lead_id, after.needs_triage) == (before.status, None, True)
        assert other.reporters.get().feedback_state == "open"
        assert fresh(lead).status == "forwarded"

    def test_bundling_withdraws_the_duplicates_own_routing(self, mara, stadtbetrieb, umwelt):
        lead, other = loop.log(mara), loop.log(mara)
        routing = loop.forward(other, umwelt, by=mara)[0]
        bundling.bundle(concern=other, lead=lead, by=mara)
        assert fresh(routing).status == "withdrawn"
        assert fresh(other).status == "new"
        assert list(Concern.objects.to_triage()) == [lead]

    def test_bundling_under_an_answered_lead_owes_the_answer_at_once(self, mara, stadtbetrieb):
        lead, other = loop.answered(mara, stadtbetrieb), loop.log(mara)
        bundling.bundle(concern=other, lead=lead, by=mara)
        assert other.reporters.get().due == "final"

    def test_bundles_stay_flat(self, mara):
        lead, middle, leaf = loop.log(mara), loop.log(mara), loop.log(mara)
        bundling.bundle(concern=leaf, lead=middle, by=mara)
        with pytest.raises(LoopError):
            bundling.bundle(concern=lead, lead=leaf, by=mara)
        bundling.bundle(concern=middle, lead=lead, by=mara)
        assert set(Concern.objects.exclude(pk=lead.pk).values_list("lead", flat=True)) == {lead.pk}
        with pytest.raises(LoopError):
            bundling.bundle(concern=lead, lead=lead, by=mara)
        assert refused_by_database("UPDATE concerns_concern SET lead_id = id")

    def test_closed_concerns_are_not_bundled(self, mara, stadtbetrieb):
        done, other = loop.closed(mara, stadtbetrieb), loop.log(mara)
        for concern, lead in ((done, other), (other, done)):
            with pytest.raises(Conflict):
                bundling.bundle(concern=concern, lead=lead, by=mara)

    def test_a_duplicate_is_not_handled_alone(self, mara, stadtbetrieb):
        lead, other = loop.log(mara), loop.log(mara)
        bundling.bundle(concern=other, lead=lead, by=mara)
        with pytest.raises(LoopError, match="gebündelt"):
            loop.forward(other, stadtbetrieb, by=mara)
        with pytest.raises(LoopError, match="gebündelt"):
            triage.take_on(concern=other, by=mara)


class TestI6AlwaysAnOwnerAndADate:
    def test_every_open_state_has_both(self, mara, stadtbetrieb):
        concerns = [
            loop.log(mara),
            triage.take_on(concern=loop.log(mara), by=mara),
            triage.park(concern=loop.log(mara), until=make.today() + timedelta(days=9), by=mara),
            loop.answered(mara, stadtbetrieb),
        ]
        forwarded = loop.log(mara)
        loop.forward(forwarded, stadtbetrieb, by=mara)
        concerns.append(closing.reopen(concern=loop.closed(mara, stadtbetrieb), reason="mistake", by=mara))
        for concern in [*concerns, forwarded]:
            stored = fresh(concern)
            assert stored.owner_id
            assert stored.due_on
        assert refused_by_database("UPDATE concerns_concern SET owner_id = NULL WHERE status <> 'closed'")
        assert refused_by_database("UPDATE concerns_concern SET due_on = NULL WHERE status <> 'closed'")
        assert refused_by_database("UPDATE concerns_concern SET follow_up_on = NULL WHERE status = 'parked'")

    def test_an_assistants_intake_belongs_to_a_manager(self, asli, mara):
        assert loop.log(asli).owner == mara


class TestI7DepartmentsDoNotSeeReporters:
    def test_release_needs_consent(self, mara, stadtbetrieb):
        concern = loop.log(mara)
        with pytest.raises(LoopError, match="Niemand hat der Weitergabe"):
            loop.forward(concern, stadtbetrieb, by=mara, released_contact=True)
        assert not Routing.objects.exists()

    def test_personal_data_need_consent_in_the_database(self, mara):
        loop.log(mara)
        assert refused_by_database("UPDATE concerns_reporter SET consent_store = false")
        assert refused_by_database("UPDATE concerns_reporter SET kind = 'anonymous'")
        assert refused_by_database("UPDATE concerns_reporter SET erased_at = now()")

    def test_events_carry_no_text_somebody_wrote(self, mara, stadtbetrieb):
        concern = loop.closed(mara, stadtbetrieb)
        triage_text = "Gerda Zorn"
        closing.reopen(concern=concern, reason="unsatisfied", by=mara)
        for event in ConcernEvent.objects.all():
            assert triage_text not in f"{event.old}{event.new}{event.data}"
            assert "0241" not in f"{event.old}{event.new}{event.data}"


def test_i8_history_only_grows(mara):
    event = loop.log(mara).events.first()
    assert refused_by_database("UPDATE concerns_concernevent SET kind = 'edited' WHERE id = %s", event.pk)
    assert refused_by_database("DELETE FROM concerns_concernevent WHERE id = %s", event.pk)
    reporter = Reporter.objects.get()
    ErasureEntry.objects.create(concern=reporter.concern, reporter=reporter, reason="request", by=mara)
    assert refused_by_database("DELETE FROM concerns_erasureentry")


class TestI9NobodysLeavingOrphans:
    def test_people_departments_and_districts_cannot_be_deleted_away(self, mara, stadtbetrieb, ost):
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        for row in (mara, stadtbetrieb, ost):
            assert refused_by_database(
                f"DELETE FROM {type(row)._meta.db_table} WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE", row.pk
            )

    def test_a_successor_sees_the_old_departments_routings(self, mara, stadtbetrieb, umwelt, uwe):
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        assert not Routing.objects.visible_to(uwe).exists()
        stadtbetrieb.successor = umwelt
        stadtbetrieb.save()
        del uwe.rights
        assert list(Routing.objects.visible_to(uwe)) == [routing]

    def test_a_department_out_of_force_gets_nothing_new(self, mara, stadtbetrieb):
        stadtbetrieb.valid_to = make.today() - timedelta(days=1)
        stadtbetrieb.save()
        with pytest.raises(LoopError, match="gibt es nicht mehr"):
            loop.forward(loop.log(mara), stadtbetrieb, by=mara)


class TestI10OutsideAllDistricts:
    def test_it_is_logged_routed_and_seen_by_the_office(self, mara, paul, stadtbetrieb):
        data = ConcernData(title="Bus fährt zu selten", topic=make.topic(), district=None)
        concern = intake.log_concern(by=mara, data=data, reporters=[loop.PERSON])
        loop.forward(concern, stadtbetrieb, by=mara)
        assert fresh(concern).status == "forwarded"
        assert list(Concern.objects.for_team(mara)) == [concern]
        assert not Concern.objects.for_team(paul).exists()
        assert not Reporter.objects.visible_to(paul).exists()
        assert Reporter.objects.visible_to(mara).count() == 1


def test_i11_team_notes_have_no_way_to_a_department(mara, stadtbetrieb):
    """Notes hang on the concern only: neither routing, reply, message nor event holds their text."""
    concern = loop.log(mara)
    triage.add_note(concern=concern, text="Vorsicht, Nachbarschaftsstreit", by=mara)
    loop.forward(concern, stadtbetrieb, by=mara)
    assert ConcernEvent.objects.filter(kind="note_added").get().visibility == "team"
    assert "Vorsicht" not in str(list(Routing.objects.values()) + list(ConcernEvent.objects.values()))


class TestRoutings:
    def test_exactly_one_open_lead(self, mara, stadtbetrieb, umwelt):
        concern = loop.log(mara)
        first, second = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
        assert (first.is_lead, second.is_lead) == (True, False)
        assert refused_by_database("UPDATE concerns_routing SET is_lead = true")
        third = make.department()
        with pytest.raises(LoopError, match="federführend"):
            loop.forward(concern, third, by=mara, is_lead=True)
        with pytest.raises(Conflict, match="arbeitet bereits"):
            loop.forward(concern, umwelt, by=mara)

    def test_leaving_the_suggestion_needs_a_reason(self, mara, stadtbetrieb, umwelt):
        concern = loop.log(mara)
        with pytest.raises(LoopError, match="begründen"):
            loop.forward(concern, umwelt, by=mara, suggested=stadtbetrieb)
        routing = loop.forward(concern, umwelt, by=mara, suggested=stadtbetrieb, override_reason="Liegt im Park")[0]
        assert ConcernEvent.objects.filter(kind="routing_override", routing=routing).count() == 1
        assert refused_by_database("UPDATE concerns_routing SET override_reason = ''")

    def test_a_query_stops_the_clock(self, mara, stadtbetrieb):
        concern = loop.log(mara)
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        department.ask(routing=routing, text="Welche Hausnummer?", by=None)
        assert not Routing.objects.overdue(make.today() + timedelta(days=90)).exists()
        Routing.objects.update(query_since=make.today() - timedelta(days=7))
        forwarding.answer_query(routing=routing, text="Nummer 12", by=mara)
        after = fresh(routing)
        assert after.status == "accepted"
        assert after.due_on > routing.due_on
        assert after.agreed_due_on == routing.agreed_due_on
        assert fresh(concern).due_on == after.due_on

    def test_an_interim_notice_owes_an_interim_message(self, mara, stadtbetrieb):
        concern = loop.log(mara)
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        later = make.today() + timedelta(days=60)
        department.give_interim_notice(routing=routing, text="Wir warten auf Teile.", new_due_on=later, by=None)
        reporter = concern.reporters.get()
        assert (reporter.due, fresh(concern).status, fresh(concern).due_on) == ("interim", "forwarded", later)
        loop.tell(reporter, by=mara, kind="interim")
        assert (fresh(reporter).feedback_state, fresh(reporter).due) == ("interim", "")

    def test_only_answers_of_this_round_count(self, mara, stadtbetrieb):
        concern = closing.reopen(concern=loop.closed(mara, stadtbetrieb), reason="new_report", by=mara)
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        department.give_back(routing=routing, reason="Jetzt nicht mehr", by=None)
        assert fresh(concern).status == "new"

    def test_answering_is_all_or_nothing(self, mara, stadtbetrieb, monkeypatch):
        """The second write fails: neither the routing's state nor the reply nor the event stays."""
        concern = loop.log(mara)
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        events = ConcernEvent.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE concerns_reply ADD CONSTRAINT no_reply CHECK (false) NOT VALID")
        with pytest.raises(IntegrityError), transaction.atomic():
            loop.reply(routing)
        assert fresh(routing).status == "sent"
        assert not Reply.objects.exists()
        assert ConcernEvent.objects.count() == events
        assert fresh(concern).status == "forwarded"


class TestPromise:
    """Acceptance scenario 5."""

    def promised(self, mara, stadtbetrieb):
        outcome = {"outcome": "planned", "answer_text": "Kommt bis Ende September.", "promised_on": date(2026, 9, 30)}
        return loop.closed(mara, stadtbetrieb, outcome=outcome)

    def test_it_comes_back_on_its_day(self, mara, stadtbetrieb):
        concern = self.promised(mara, stadtbetrieb)
        assert not Concern.objects.promises_due(date(2026, 9, 29)).exists()
        assert list(Concern.objects.promises_due(date(2026, 9, 30))) == [concern]
        assert refused_by_database("UPDATE concerns_concern SET promised_on = NULL")

    def test_not_kept_reopens_and_owes_a_second_feedback(self, mara, stadtbetrieb):
        concern = self.promised(mara, stadtbetrieb)
        closing.settle_promise(concern=concern, kept=False, text="", by=mara)
        stored, reporter = fresh(concern), concern.reporters.get()
        assert (stored.status, stored.promise, stored.reopened_count) == ("new", "broken", 1)
        assert reporter.feedback_state == "open"
        assert not Concern.objects.promises_due(date(2026, 12, 31)).exists()

    def test_kept_owes_a_second_feedback_too(self, mara, stadtbetrieb):
        concern = self.promised(mara, stadtbetrieb)
        closing.settle_promise(concern=concern, kept=True, text="Die Bank steht.", by=mara)
        reporter = concern.reporters.get()
        assert (fresh(concern).status, reporter.due) == ("feedback_due", "final")
        with pytest.raises(NotReady):
            closing.close(concern=concern, by=mara, **loop.ANSWER)
        loop.tell(reporter, by=mara)
        closing.close(concern=concern, by=mara, **loop.ANSWER)
        with pytest.raises(Conflict):
            closing.settle_promise(concern=concern, kept=True, text="Noch einmal", by=mara)


class TestMail:
    def mailed(self, mara, stadtbetrieb):
        person = loop.ReporterData(name="Ina", email="ina@post.example", channel="email", consent_store=True)
        concern = loop.answered(mara, stadtbetrieb, reporters=[person])
        reporter = concern.reporters.get()
        sent = feedback.send_feedback(reporter=reporter, kind="final", text="Erledigt.", by=mara)
        return concern, reporter, sent

    def test_under_way_is_not_told(self, mara, stadtbetrieb):
        concern, reporter, _ = self.mailed(mara, stadtbetrieb)
        assert fresh(reporter).feedback_state == "open"
        with pytest.raises(NotReady):
            closing.close(concern=concern, by=mara, **loop.ANSWER)
        with pytest.raises(Conflict, match="unterwegs"):
            loop.tell(reporter, by=mara)
        assert refused_by_database(
            "INSERT INTO concerns_feedback (reporter_id, kind, channel, text, language, attempt, result, reaction,"
            " note, by_id, at) SELECT reporter_id, kind, channel, text, language, 9, result, reaction, note, by_id, at"
            " FROM concerns_feedback"
        )

    def test_bounce_after_closing_brings_the_duty_back(self, mara, stadtbetrieb):
        concern, reporter, sent = self.mailed(mara, stadtbetrieb)
        mail_was_sent(feedback=sent)
        closing.close(concern=concern, by=mara, **loop.ANSWER)
        mail_came_back(feedback=sent, bounced=True)
        assert fresh(concern).status == "feedback_due"
        assert (fresh(reporter).feedback_state, fresh(reporter).due) == ("open", "final")
        with pytest.raises(NotReady):
            closing.close(concern=concern, by=mara, **loop.ANSWER)


def test_targets_are_checked_before_anything_is_written(mara, stadtbetrieb):
    concern = loop.log(mara)
    target = Target(department=stadtbetrieb, text="x", due_on=make.today())
    for targets in ([], [target, target]):
        with pytest.raises(LoopError):
            forwarding.forward(concern=concern, targets=targets, by=mara)
    assert fresh(concern).status == "new"
