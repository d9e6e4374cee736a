"""Attendance, minutes, votes and approval (Z19), also by two people at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from concerns.models import Concern, Draft, Feedback
from projects.actions import agenda, follow_ups, sessions
from projects.actions.base import Conflict, LoopError
from projects.forms.sessions import seen_mark
from projects.models import AgendaItem, Attendance, Session, ToldReply
from tests import make, make_bodies

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(districts=[ost])


@pytest.fixture
def members(body):
    return [make_bodies.member(body=body) for _ in range(3)]


@pytest.fixture
def session(body, mara, members):
    return make_bodies.held(body=body, by=mara, members=members, items=2)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def form(session, **words):
    """What a browser sends of the page as it stands now; `words` are typed into the first item."""
    data = {}
    for item in session.items.all():
        known = {"minutes": item.minutes, "decision": item.decision, "version": item.version, "seen": seen_mark(item)}
        known |= {name: "" if (value := getattr(item, name)) is None else value for name in ("yes", "no", "abstained")}
        data |= {f"top-{item.pk}-{name}": value for name, value in known.items()}
    first = session.items.first()
    return data | {f"top-{first.pk}-{name}": value for name, value in words.items()}


class TestAttendance:
    def test_counts_votes_with_deputies_of_those_who_are_missing(self, client_of, asli, body, session, members):
        deputy = make_bodies.member(body=body, deputy_for=members[0])
        second = make_bodies.member(body=body, deputy_for=members[0])
        useless = make_bodies.member(body=body, deputy_for=members[1])
        advisor = make_bodies.member(body=body, has_vote=False)
        there = (members[1], deputy, second, useless, advisor)
        typed = {f"member_{one.pk}": "present" for one in there} | {f"member_{members[0].pk}": "excused"}
        answer = client_of(asli).post(url("attendance", session), typed | {"guests": "Frau Simons"})
        assert answer.status_code == 303
        session.refresh_from_db()
        assert (session.voters_present(), session.guests) == (2, "Frau Simons")

    def test_what_is_emptied_is_gone(self, client_of, mara, session, members):
        client_of(mara).post(url("attendance", session), {f"member_{members[0].pk}": "absent"})
        assert list(session.attendances.values_list("member", "state")) == [(members[0].pk, "absent")]

    def test_not_fewer_than_have_voted(self, client_of, mara, session, members):
        make_bodies.write(session=session, by=mara, decision="Ja.", yes=3, no=0, abstained=0)
        answer = client_of(mara).post(url("attendance", session), {f"member_{members[0].pk}": "present"})
        assert answer.status_code == 422
        assert session.voters_present() == 3

    def test_two_who_note_different_people_do_not_disturb_each_other(self, client_of, mara, asli, session, members):
        opened = client_of(mara).get(url("attendance", session)).context["form"].initial
        typed = {f"member_{one.pk}": "present" for one in members} | opened
        client_of(asli).post(
            url("attendance", session), typed | {f"member_{members[0].pk}": "excused", "guests": "Rat"}
        )
        answer = client_of(mara).post(url("attendance", session), typed | {f"member_{members[1].pk}": "absent"})
        assert answer.status_code == 303
        found = dict(session.attendances.values_list("member", "state"))
        assert [found[one.pk] for one in members] == ["excused", "absent", "present"]
        session.refresh_from_db()
        assert session.guests == "Rat"

    def test_on_the_same_person_the_slower_one_compares_first(self, client_of, mara, asli, session, members):
        opened = client_of(mara).get(url("attendance", session)).context["form"].initial
        typed = {f"member_{one.pk}": "present" for one in members} | opened
        first, second = (f"member_{one.pk}" for one in members[:2])
        client_of(asli).post(url("attendance", session), typed | {first: "excused", second: "absent"})
        client = client_of(mara)
        answer = client.post(url("attendance", session), typed | {first: "absent", "guests": "Frau Simons"})
        assert answer.status_code == 409
        rows = [(members[0].label, "entschuldigt", "nicht da"), ("Gäste", "–", "Frau Simons")]
        assert answer.context["differences"] == rows
        assert session.attendances.get(member=members[0]).state == "excused"
        again = {
            name: answer.context["form"][name].value() for name in (first, second, "guests", "seen", "seen_guests")
        }
        assert again[second] == "absent"
        assert client.post(url("attendance", session), typed | again).status_code == 303
        assert [session.attendances.get(member=one).state for one in members[:2]] == ["absent", "absent"]

    def test_a_member_of_another_body_is_not_taken(self, mara, session):
        foreign = make_bodies.member(body=make_bodies.body())
        sessions.note_attendance(session=session, states={foreign.pk: "present"}, guests="", by=mara)
        assert not Attendance.objects.filter(member=foreign).exists()


class TestWriting:
    def test_writes_what_was_typed(self, client_of, asli, session):
        typed = form(session, minutes="Besprochen.", decision="So machen wir es.", yes=2, no=0, abstained=1)
        assert client_of(asli).post(url("minutes", session), typed).status_code == 303
        item = session.items.first()
        assert (item.minutes, item.yes, item.voters, item.version) == ("Besprochen.", 2, 3, 2)
        assert item.result == "angenommen"
        assert session.items.last().version == 1

    @pytest.mark.parametrize(("votes", "words"), [
        ({"yes": 3, "no": 1, "abstained": 0}, "mehr Stimmen als anwesende Stimmberechtigte (3)"),
        ({"yes": 3, "no": "", "abstained": ""}, "alle drei Zahlen"),
        ({"yes": -1, "no": 0, "abstained": 0}, "größer oder gleich"),
        ({"yes": 99999, "no": 0, "abstained": 0}, "kleiner oder gleich"),
        ({"yes": "viele", "no": 0, "abstained": 0}, "ganze Zahl"),
    ])  # fmt: skip
    def test_never_more_votes_than_there_are(self, client_of, mara, session, votes, words):
        answer = client_of(mara).post(url("minutes", session), form(session, minutes="Bleibt stehen.", **votes))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert (words in html, "Bleibt stehen." in html) == (True, True)
        assert session.items.first().minutes == ""

    def test_the_database_counts_votes_too(self, session):
        item = session.items.first()
        for rule, votes in (
            ("agenda_item_votes_of_the_present", {"yes": 2, "no": 1, "abstained": 1, "voters": 3}),
            ("agenda_item_votes_are_whole", {"yes": 2, "voters": 3}),
        ):
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                AgendaItem.objects.filter(pk=item.pk).update(**votes)

    def test_two_people_on_different_items_do_not_disturb_each_other(self, client_of, mara, asli, session):
        second = session.items.last()
        opened = form(session)
        assert client_of(asli).post(url("minutes", session), form(session, minutes="Von Aslı")).status_code == 303
        typed = opened | {f"top-{second.pk}-minutes": "Von Mara"}
        assert client_of(mara).post(url("minutes", session), typed).status_code == 303
        assert list(session.items.values_list("minutes", flat=True)) == ["Von Aslı", "Von Mara"]

    def test_on_the_same_item_the_slower_one_compares_first_and_loses_nothing(self, client_of, mara, asli, session):
        client, opened = client_of(mara), form(session)
        first, second = session.items.all()
        client_of(asli).post(url("minutes", session), form(session, minutes="Von Aslı"))
        typed = opened | {f"top-{first.pk}-minutes": "Von Mara", f"top-{second.pk}-minutes": "Auch von Mara"}
        late = client.post(url("minutes", session), typed)
        html = late.content.decode()
        assert late.status_code == 409
        assert late.context["differences"] == [(f"{first}: Protokoll", "Von Aslı", "Von Mara")]
        assert ("Auch von Mara" in html, session.items.first().minutes) == (True, "Von Aslı")
        forms = late.context["desk"].forms
        again = {name: one.data[name] for one in forms for name in one.data if name.startswith(f"{one.prefix}-")}
        assert client.post(url("minutes", session), again).status_code == 303
        assert list(session.items.values_list("minutes", flat=True)) == ["Von Mara", "Auch von Mara"]

    def test_an_item_that_came_meanwhile_does_not_stop_anybody(self, client_of, mara, session):
        opened = form(session, minutes="Von Mara")
        new = make_bodies.item(session=session, title="Kam dazu")
        AgendaItem.objects.filter(pk=new.pk).update(minutes="Steht schon da")
        client = client_of(mara)
        client.post(reverse("concerns:draft", args=[agenda.draft_key(session)]), opened)
        assert "Steht schon da" in client.get(url("minutes", session)).content.decode()
        assert client.post(url("minutes", session), opened).status_code == 303
        assert list(session.items.values_list("minutes", flat=True)) == ["Von Mara", "", "Steht schon da"]

    def test_what_was_typed_about_an_item_that_is_gone_is_shown_before_anything_is_stored(
        self, client_of, mara, session
    ):
        gone, client = session.items.last(), client_of(mara)
        typed = form(session, minutes="Bleibt") | {f"top-{gone.pk}-minutes": "Wohin damit?"}
        client.post(reverse("concerns:draft", args=[agenda.draft_key(session)]), typed)
        agenda.remove_item(item=gone, by=mara)
        assert "Wohin damit?" in client.get(url("minutes", session)).content.decode()
        late = client.post(url("minutes", session), typed)
        html = late.content.decode()
        assert (late.status_code, "Wohin damit?" in html, "Bleibt" in html) == (409, True, True)
        assert (session.items.get().minutes, Draft.objects.count()) == ("", 1)
        again = {name: value for name, value in typed.items() if not name.startswith(f"top-{gone.pk}-")}
        assert client.post(url("minutes", session), again).status_code == 303
        assert session.items.get().minutes == "Bleibt"

    def test_the_action_refuses_words_about_an_item_that_is_gone(self, mara, session):
        gone = session.items.last()
        written = [agenda.Written(gone.pk, gone.version, True, {**make_bodies.EMPTY, "minutes": "Wohin?"})]
        agenda.remove_item(item=gone, by=mara)
        with pytest.raises(Conflict, match="von der Tagesordnung genommen"):
            agenda.write_minutes(session=session, written=written, told=set(), by=mara)

    def test_what_is_half_written_is_there_again_until_it_is_sent(self, client_of, asli, mara, session):
        client, draft = client_of(asli), reverse("concerns:draft", args=[agenda.draft_key(session)])
        assert client.post(draft, form(session, minutes="Halb fer")).status_code == 204
        assert "Halb fer" in client.get(url("minutes", session)).content.decode()
        assert "Halb fer" not in client_of(mara).get(url("minutes", session)).content.decode()
        client.post(url("minutes", session), form(session, minutes="Halb fertig"))
        assert not Draft.objects.exists()

    def test_the_social_planning_keeps_drafts_too(self, client_of, silke, session):
        draft = reverse("concerns:draft", args=[agenda.draft_key(session)])
        assert client_of(silke).post(draft, form(session)).status_code == 204

    def test_only_while_the_session_is_held(self, client_of, mara, body):
        ahead, client = make_bodies.session(body=body), client_of(mara)
        make_bodies.item(session=ahead)
        for name in ("minutes", "attendance", "minutes_approve"):
            assert client.get(url(name, ahead)).status_code == 303
        assert client.post(url("minutes", ahead), form(ahead, minutes="Zu früh")).status_code == 409
        assert ahead.items.get().minutes == ""

    def test_hostile_words_stay_words(self, client_of, mara, session):
        words = "<script>alert(1)</script>\x00 \u202e" + "x" * 200
        assert client_of(mara).post(url("minutes", session), form(session, minutes=words)).status_code == 303
        html = client_of(mara).get(url("session", session)).content.decode()
        assert "<script>alert" not in html
        too_long = form(session, minutes="x" * 8001)
        assert client_of(mara).post(url("minutes", session), too_long).status_code == 422


class TestApproval:
    def test_by_a_later_session(self, client_of, mara, body, session):
        make_bodies.write(session=session, by=mara)
        later = make_bodies.held(body=body, by=mara, on=make.today())
        client = client_of(mara)
        assert client.post(url("minutes_approve", session), {"how": "session"}).status_code == 422
        typed = {"how": "session", "approved_in": later.pk}
        assert client.post(url("minutes_approve", session), typed).status_code == 303
        session.refresh_from_db()
        assert (session.status, session.approved_in, session.approved_by) == ("approved", later, mara)

    def test_by_confirmation_when_there_is_no_later_one(self, client_of, mara, session):
        make_bodies.write(session=session, by=mara)
        client = client_of(mara)
        assert client.post(url("minutes_approve", session), {"how": "session"}).status_code == 422
        assert client.post(url("minutes_approve", session), {"how": "confirmation"}).status_code == 303
        assert client.post(url("minutes_approve", session), {"how": "confirmation"}).status_code == 409

    def test_not_without_text_and_attendance(self, client_of, mara, body):
        empty = make_bodies.held(body=body, by=mara)
        answer = client_of(mara).post(url("minutes_approve", empty), {"how": "confirmation"})
        assert (answer.status_code, "noch niemand" in answer.content.decode()) == (422, True)

    def test_assistants_write_and_do_not_approve(self, client_of, asli, mara, session):
        make_bodies.write(session=session, by=asli)
        assert client_of(asli).post(url("minutes_approve", session), {"how": "confirmation"}).status_code == 404

    def test_afterwards_nothing_changes_any_more(self, client_of, mara, session, members):
        make_bodies.write(session=session, by=mara)
        client, item = client_of(mara), session.items.first()
        given = make_bodies.follow_up(body=session.body, item=item)
        agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
        order = {"task": "Nachgeschoben", "responsible": "Wir", "due_on": make.today()}
        assert client.post(url("item_move", item), {"way": "down"}).status_code == 303
        assert client.post(url("follow_up_new", session), order | {"item": item.pk}).status_code == 409
        assert client.post(url("minutes", session), form(session, minutes="Anders")).status_code == 409
        assert client.post(url("attendance", session), {"guests": "x"}).status_code == 409
        for act in (
            lambda: agenda.remove_item(item=item, by=mara),
            lambda: agenda.move_item(item=item, up=True, by=mara),
            lambda: follow_ups.save_follow_up(body=session.body, by=mara, item=item, **order),
            lambda: follow_ups.save_follow_up(body=session.body, by=mara, follow_up=given, version=1, item=None),
        ):
            with pytest.raises(Conflict):
                act()
        other, rows = make_bodies.session(body=session.body), Session.objects.filter(pk=session.pk)
        for change in (
            lambda: session.items.update(minutes="Anders"),
            lambda: session.attendances.all().delete(),
            lambda: make_bodies.item(session=session),
            lambda: session.items.update(session=other),
            lambda: rows.update(guests="Niemand"),
            lambda: rows.update(follow_ups_then=None),
            lambda: rows.update(status="held", approved_by=None, approved_at=None, approved_how=""),
            lambda: rows._raw_delete(rows.db),
        ):
            with pytest.raises(IntegrityError, match="approved minutes"), transaction.atomic():
                change()


@pytest.fixture
def raised(body, mara, members):
    """A concern of the body whose answer is there; its next session has begun."""
    before = make_bodies.held(body=body, by=mara, on=make.today() - make_bodies.timedelta(days=60))
    return make_bodies.raised(item=before.items.get(), by=mara, answered=True)


class TestTold:
    def test_the_approved_minutes_record_the_feedback_once(self, client_of, mara, session, raised):
        client = client_of(mara)
        assert "Die Bank ist ersetzt." in client.get(url("minutes", session)).content.decode()
        typed = form(session, minutes="Berichtet.") | {"told": [raised.pk]}
        assert client.post(url("minutes", session), typed).status_code == 303
        assert not Feedback.objects.exists()
        client.post(url("minutes_approve", session), {"how": "confirmation"})
        raised.refresh_from_db()
        feedback = Feedback.objects.get()
        assert raised.feedback == feedback
        assert (feedback.kind, feedback.result, feedback.by) == ("final", "reached", mara)
        assert feedback.text == f"In der Sitzung am {session.on:%d.%m.%Y} berichtet: Die Bank ist ersetzt."
        assert (raised.reporter.feedback_state, raised.reporter.due) == ("done", "")

    def test_what_unapproved_minutes_report_is_not_offered_to_the_next_session(self, mara, body, session, raised):
        make_bodies.write(session=session, by=mara, told={raised.pk})
        later = make_bodies.session(body=body)
        assert "replies" not in {one.kind for one in agenda.proposals(later, set())}
        make_bodies.write(session=session, by=mara, told=set())
        assert "replies" in {one.kind for one in agenda.proposals(later, set())}

    def test_whoever_heard_it_by_telephone_is_not_told_twice(self, mara, session, raised):
        make_bodies.write(session=session, by=mara, told={raised.pk})
        agenda.record_feedback(
            reporter=raised.reporter, kind="final", channel="phone", text="Angerufen.", result="reached", by=mara
        )
        given = agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
        assert (given, Feedback.objects.count()) == ([], 1)
        session.refresh_from_db()
        assert session.status == "approved"

    def test_a_concern_that_went_back_to_work_is_still_owed(self, mara, session, raised):
        make_bodies.write(session=session, by=mara, told={raised.pk})
        raised.concern.status, raised.concern.needs_triage = "new", True
        raised.concern.save()
        agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
        assert not Feedback.objects.exists()

    def test_an_answer_that_came_later_is_still_owed(self, mara, body, session, raised):
        make_bodies.write(session=session, by=mara, told={raised.pk})
        make_bodies.answer(raised.concern, "Die Bank kommt doch nicht.")
        assert agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara) == []
        later = make_bodies.session(body=body)
        assert "replies" in {one.kind for one in agenda.proposals(later, set())}

    def test_what_somebody_else_ticked_meanwhile_stays(self, client_of, mara, asli, session, raised):
        opened = form(session, minutes="Von Mara") | {"seen": ""}
        client_of(asli).post(url("minutes", session), form(session) | {"told": [raised.pk], "seen": ""})
        assert client_of(mara).post(url("minutes", session), opened).status_code == 303
        assert ToldReply.objects.get().raised == raised
        taken_back = form(session) | {"seen": str(raised.pk)}
        assert client_of(mara).post(url("minutes", session), taken_back).status_code == 303
        assert not ToldReply.objects.exists()

    def test_what_became_sensitive_is_shown_nowhere_any_more(self, client_of, mara, session, raised):
        Concern.objects.update(title="Geheimes")
        make_bodies.write(session=session, by=mara, told={raised.pk})
        client = client_of(mara)
        assert "Geheimes" in client.get(url("session", session)).content.decode()
        Concern.objects.update(is_sensitive=True)
        for name in ("session", "minutes", "minutes_approve"):
            html = client.get(url(name, session)).content.decode()
            assert ("Geheimes" in html, "Die Bank ist ersetzt." in html) == (False, False)

    def test_nothing_is_approved_when_the_feedback_cannot_be_written(self, mara, session, raised):
        make_bodies.write(session=session, by=mara, told={raised.pk})
        # The next attempt has been written already, without being counted.
        make.feedback(reporter=raised.reporter, attempt=1, kind="interim")
        with pytest.raises(IntegrityError), transaction.atomic():
            agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
        session.refresh_from_db()
        assert session.status == "held"

    def test_foreign_and_waiting_concerns_are_not_told(self, client_of, mara, session, raised, ost):
        other = make_bodies.held(body=make_bodies.body(districts=[ost]), by=mara)
        foreign = make_bodies.raised(item=other.items.get(), by=mara, answered=True)
        answer = client_of(mara).post(url("minutes", session), form(session) | {"told": [foreign.pk]})
        assert answer.status_code == 422
        agenda.write_minutes(session=session, written=[], told={foreign.pk}, by=mara)
        assert not ToldReply.objects.exists()


def _at_once(*steps):
    """Start steps at the same moment, each on its own connection; what each gave back or raised."""
    barrier = Barrier(len(steps))

    def run(step):
        try:
            barrier.wait(timeout=60)
            return step()
        except (Conflict, LoopError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_who_write_the_same_item_one_is_told(self, mara, asli, session):
        item = session.items.first()

        def write(by, text):
            words = {**make_bodies.EMPTY, "minutes": text}
            written = [agenda.Written(item.pk, item.version, True, words)]
            return agenda.write_minutes(session=session, written=written, told=set(), by=by)

        done = _at_once(lambda: write(mara, "Von Mara"), lambda: write(asli, "Von Aslı"))
        assert sorted(type(one).__name__ for one in done) == ["Conflict", "Session"]
        item.refresh_from_db()
        assert item.version == 2

    def test_approved_by_two_the_feedback_is_recorded_once(self, mara, silke, session, raised):
        make_bodies.write(session=session, by=mara, told={raised.pk})

        def approve(by):
            return agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=by)

        done = _at_once(lambda: approve(mara), lambda: approve(silke))
        assert sorted(type(one).__name__ for one in done) == ["Conflict", "list"]
        assert Feedback.objects.count() == 1

    def test_an_item_taken_off_while_somebody_makes_a_concern_of_it(self, mara, asli, session, ost):
        item, topic = session.items.first(), make.topic()
        data = follow_ups.ConcernData(title="Bank", topic=topic, district=ost, channel=Concern.Channel.BODY)
        done = _at_once(
            lambda: agenda.remove_item(item=item, by=mara),
            lambda: follow_ups.raise_concern(by=asli, data=data, item=item),
        )
        refused = [one for one in done if isinstance(one, LoopError)]
        assert (len(refused), AgendaItem.objects.filter(pk=item.pk).exists()) == (1, Concern.objects.exists())

    def test_planned_and_moved_at_once_there_is_one_session_a_day(self, mara, silke, body):
        from_today = {"since": make.today(), "until": make.today() + make_bodies.timedelta(days=400), "body": body}
        _at_once(
            lambda: sessions.plan_sessions(by=mara, **from_today),
            lambda: sessions.plan_sessions(by=silke, **from_today),
        )
        days = list(Session.objects.values_list("on", flat=True))
        assert len(days) == len(set(days)) >= 4
