"""Follow-ups (Z20), concerns from a session (K14), and acceptance scenario 10 as a whole."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns.actions import department
from concerns.actions.forwarding import Target, forward
from concerns.models import Concern, Feedback, Reporter
from districts.roles import Role
from projects.actions import follow_ups as actions
from projects.actions.base import Conflict
from projects.kept import told_of
from projects.models import BodyConcern, BodyEvent, FollowUp, Session
from projects.session_page import carried
from tests import make, make_bodies
from tests.projects.test_minutes import form

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost])


@pytest.fixture
def session(body, mara):
    return make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)])


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


@pytest.fixture
def typed():
    return {"task": "Bänke zählen", "responsible": "Seniorenkreis", "due_on": make.today().isoformat()}


class TestFollowUps:
    def test_an_assistant_gives_one_in_a_session(self, client_of, asli, session, typed):
        answer = client_of(asli).post(url("follow_up_new", session), typed | {"item": session.items.get().pk})
        made = FollowUp.objects.get()
        assert answer.status_code == 303
        assert (made.body, made.item, made.given_on) == (session.body, session.items.get(), session.on)

    @pytest.mark.parametrize("field", ["task", "responsible", "due_on"])
    def test_says_what_is_missing(self, client_of, mara, session, typed, field):
        answer = client_of(mara).post(url("follow_up_new", session), typed | {field: ""})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_an_item_of_another_session_is_not_taken(self, client_of, mara, session, typed, ost):
        foreign = make_bodies.item(session=make_bodies.session(body=make_bodies.body(districts=[ost])))
        answer = client_of(mara).post(url("follow_up_new", session), typed | {"item": foreign.pk})
        assert "item" in answer.context["form"].errors

    def test_is_changed_by_one_at_a_time(self, client_of, mara, body, typed):
        follow_up, client = make_bodies.follow_up(body=body), client_of(mara)
        assert client.post(url("follow_up", follow_up), typed | {"version": 1}).status_code == 303
        late = client.post(url("follow_up", follow_up), typed | {"task": "Tische zählen", "version": 1})
        assert late.status_code == 409
        assert ("Was ist zu tun?", "Bänke zählen", "Tische zählen") in late.context["differences"]

    def test_is_done_dropped_for_a_reason_and_open_again(self, client_of, asli, body):
        done, dropped = make_bodies.follow_up(body=body), make_bodies.follow_up(body=body)
        client = client_of(asli)
        assert client.post(url("follow_up_settle", done), {"status": "done"}).status_code == 303
        assert client.post(url("follow_up_settle", dropped), {"status": "dropped"}).status_code == 422
        assert client.post(url("follow_up_settle", dropped), {"status": "dropped", "result": "Hat sich erledigt."})
        assert client.post(url("follow_up_settle", done), {"status": "done"}).status_code == 409
        assert {one.status for one in FollowUp.objects.all()} == {"done", "dropped"}
        client.post(url("follow_up_reopen", done))
        done.refresh_from_db()
        assert (done.status, done.settled_by) == ("open", None)
        kinds = list(BodyEvent.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["settled", "settled", "reopened"]

    @pytest.mark.parametrize(("fields", "rule"), [
        ({"status": "done"}, "follow_up_settled_by_somebody"),
        ({"task": ""}, "follow_up_says_who_and_what"),
    ])  # fmt: skip
    def test_the_database_knows_the_rules(self, body, fields, rule):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            make_bodies.follow_up(body=body, **fields)

    def test_the_database_wants_a_reason_for_dropping(self, body, mara):
        follow_up = make_bodies.follow_up(body=body)
        settled = {"settled_on": make.today(), "settled_by": mara}
        for status, rule in (("dropped", "follow_up_dropped_has_reason"), ("x", "follow_up_status_known")):
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                FollowUp.objects.filter(pk=follow_up.pk).update(**settled, status=status)

    def test_is_carried_on_from_session_to_session_until_it_is_done(self, mara, body):
        given = make.today() - timedelta(days=60)
        follow_up = make_bodies.follow_up(body=body, given_on=given)
        first = make_bodies.session(body=body, on=given)
        second = make_bodies.session(body=body, on=given + timedelta(days=20))
        third = make_bodies.session(body=body, on=given + timedelta(days=40))
        now = told_of(follow_up)
        assert [carried(one) for one in (first, second, third)] == [[], [now], [now]]
        done = actions.settle(follow_up=follow_up, status="done", result="", by=mara, on=given + timedelta(days=20))
        assert [carried(one) for one in (second, third)] == [[told_of(done)], []]


class TestBasket:
    def test_shows_what_is_due_to_the_team_and_to_whom_it_was_given(self, client_of, mara, paul, asli, body):
        basket, today = reverse("concerns:basket"), make.today()
        make_bodies.follow_up(body=body, due_on=today + timedelta(days=1))
        for user in (mara, asli):
            assert client_of(user).get(basket).context["others"] == []
        teams = make_bodies.follow_up(body=body, due_on=today)
        pauls = make_bodies.follow_up(body=body, due_on=today - timedelta(days=3), owner=paul)
        for user, rows in ((mara, [teams]), (asli, [teams]), (paul, [pauls])):
            tile = client_of(user).get(basket).context["others"][0]
            assert tile["count"] == "1"
            page = client_of(user).get(tile["url"])
            assert [one for one, _ in page.context["lines"]] == rows

    def test_what_nobody_keeps_or_somebody_who_is_away_lies_with_the_others(self, mara, asli, paul, body, ost):
        away, left = make.user(role=Role.MANAGER), make_bodies.follow_up(body=body)
        kept = make_bodies.follow_up(body=body, owner=away)
        make.deputyship(person=away, deputy=paul)
        assert [list(FollowUp.objects.in_basket_of(user)) for user in (mara, asli, paul)] == [[left], [left], [kept]]

    @pytest.mark.parametrize("count", [1, 20])
    def test_the_list_costs_the_same_for_few_and_many(self, client_of, mara, body, count, django_assert_num_queries):
        for _ in range(count):
            make_bodies.follow_up(body=make_bodies.body(districts=[*body.districts.all(), make.district()]))
        client = client_of(mara)
        client.get(reverse("projects:follow_ups"))
        with django_assert_num_queries(8):
            client.get(reverse("projects:follow_ups"))


class TestConcern:
    @pytest.fixture
    def topic(self):
        return make.topic()

    def test_comes_from_an_item_in_one_step(self, client_of, mara, session, topic, ost):
        make_bodies.write(session=session, by=mara, minutes="Die Bank am Platz ist kaputt.")
        item, client = session.items.get(), client_of(mara)
        first = client.get(url("item_concern", item)).context["form"]
        assert (first["title"].value(), first["text"].value()) == (item.title, "Die Bank am Platz ist kaputt.")
        typed = {"title": "Bank", "text": "Kaputt.", "topic": topic.pk, "kind": "defect", "district": ost.pk}
        answer = client.post(url("item_concern", item), typed)
        concern = Concern.objects.get()
        assert (answer.status_code, answer.headers["Location"]) == (303, concern.get_absolute_url())
        assert (concern.channel, concern.occasion, concern.owner) == ("body", str(session), mara)
        reporter = concern.reporters.get()
        assert (reporter.kind, reporter.name, reporter.channel) == ("body", "Stadtteilkonferenz Ost", "multiplier")
        assert client.post(url("item_concern", item), typed).status_code == 409
        assert Concern.objects.count() == 1

    def test_a_sensitive_topic_is_not_offered(self, client_of, mara, session):
        secret = make.topic(is_sensitive=True)
        typed = {"title": "x", "topic": secret.pk, "kind": "defect"}
        assert client_of(mara).post(url("item_concern", session.items.get()), typed).status_code == 422
        assert not Concern.objects.exists()

    def test_of_a_foreign_district_is_nobodys_business(self, client_of, paul, session, body):
        follow_up = make_bodies.follow_up(body=body)
        assert client_of(paul).get(url("item_concern", session.items.get())).status_code == 404
        assert client_of(paul).get(url("follow_up_concern", follow_up)).status_code == 404

    def test_the_database_takes_a_source_once_and_wants_one(self, mara, session, topic):
        raised = make_bodies.raised(item=session.items.get(), by=mara, topic=topic)
        with pytest.raises(IntegrityError, match="body_concern_came_from_somewhere"), transaction.atomic():
            BodyConcern.objects.filter(pk=raised.pk).update(item=None)
        with pytest.raises(Conflict):
            make_bodies.raised(item=session.items.get(), by=mara, topic=topic)


def test_scenario_10_from_the_agenda_item_to_the_recorded_feedback(client_of, mara, asli, enno, session, ost):
    """Item → follow-up → concern → routing → answer → proposed item of the next session → approved minutes → told."""
    topic, item = make.topic(), session.items.get()
    given = {"task": "Den Stadtbetrieb fragen", "responsible": "Stadtteilbüro", "due_on": "2026-12-24", "item": item.pk}
    client_of(asli).post(url("follow_up_new", session), given)
    follow_up = FollowUp.objects.get()
    typed = {"title": "Volle Papierkörbe", "text": "Am Platz.", "topic": topic.pk, "kind": "defect", "district": ost.pk}
    client_of(mara).post(url("follow_up_concern", follow_up), typed)
    concern = Concern.objects.get()
    target = Target(department=enno.memberships.get().department, text="Am Platz.", due_on=make.today(), is_lead=True)
    routing = forward(concern=concern, targets=[target], by=mara)[0]
    following = make_bodies.session(body=session.body, on=make.today())
    assert "replies" not in {one.kind for one in client_of(mara).get(url("session", following)).context["proposals"]}

    department.reply(routing=routing, result="fulfilled", text="Es wird öfter geleert.", by=enno)
    html = client_of(mara).get(url("session", following)).content.decode()
    assert f"Die Antwort liegt vor: {concern.number}." in html
    client_of(mara).post(url("agenda_take", following))
    client_of(asli).post(url("session_begin", following))
    member = session.body.members.get()
    client_of(asli).post(url("attendance", following), {f"member_{member.pk}": "present"})
    raised = BodyConcern.objects.get()
    client_of(asli).post(url("minutes", following), form(following, minutes="Berichtet.") | {"told": [raised.pk]})
    client_of(mara).post(url("minutes_approve", following), {"how": "confirmation"})

    assert Session.objects.get(pk=following.pk).status == "approved"
    assert Reporter.objects.get().feedback_state == "done"
    assert Feedback.objects.get().text.endswith("berichtet: Es wird öfter geleert.")
    later = make_bodies.session(body=session.body)
    assert "replies" not in {one.kind for one in client_of(mara).get(url("session", later)).context["proposals"]}
