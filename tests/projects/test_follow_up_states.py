"""Follow-ups in progress and put off, and what they become: projects and needs (Z20)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import follow_ups as actions
from projects.actions.base import Conflict, LoopError
from projects.figures import body_figures
from projects.kept import in_minutes
from projects.models import BodyEvent, FollowUp, Need, Postponement, Project
from projects.proposals import projects_to_report
from projects.session_page import carried
from reports.papers.bodies import follow_up_paper
from tests import make, make_bodies
from tests.pdf import tables
from tests.projects.test_follow_ups import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost])


@pytest.fixture
def order(body):
    return make_bodies.follow_up(
        body=body, task="Bänke zählen", due_on=make.today() - timedelta(days=1),
        given_on=make.today() - timedelta(days=30),
    )  # fmt: skip


def later(days=20):
    return make.today() + timedelta(days=days)


def put_off(order, by, days=20, reason="Der Bauhof hat kein Personal."):
    return actions.put_off(follow_up=order, until=later(days), reason=reason, by=by)


class TestStates:
    def test_an_assistant_takes_one_into_work(self, client_of, asli, order):
        typed = {"status": "doing", "result": "Die Hälfte ist gezählt.", "version": 1}
        assert client_of(asli).post(url("follow_up_settle", order), typed).status_code == 303
        order.refresh_from_db()
        assert (order.status, order.result, order.is_open, order.settled_on) == (
            "doing", "Die Hälfte ist gezählt.", True, None,
        )  # fmt: skip
        assert list(BodyEvent.objects.values_list("kind", flat=True)) == ["started"]

    def test_is_put_off_to_a_later_day_for_a_reason(self, client_of, mara, order):
        client, old = client_of(mara), order.due_on
        typed = {"status": "put_off", "until": later().isoformat(), "result": "Kein Personal.", "version": 1}
        for wrong, field in (({"result": ""}, "result"), ({"until": ""}, "until"), ({"until": old}, "until")):
            answer = client.post(url("follow_up_settle", order), typed | wrong)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert client.post(url("follow_up_settle", order), typed).status_code == 303
        order.refresh_from_db()
        assert (order.status, order.due_on, order.is_open) == ("put_off", later(), True)
        row = order.postponements.get()
        assert (row.since, row.until, row.reason, row.by) == (old, later(), "Kein Personal.", mara)

    def test_shows_how_often_and_why_it_was_put_off(self, client_of, mara, order, body):
        put_off(order, mara)
        html = client_of(mara).get(body.get_absolute_url()).content.decode()
        assert ("Einmal verschoben" in html, "Der Bauhof hat kein Personal." in html) == (True, True)
        put_off(order, mara, days=40, reason="Zu viel Schnee.")
        page = client_of(mara).get(f"{reverse('projects:follow_ups')}?gremium={body.pk}").content.decode()
        assert ("2-mal verschoben" in page, "Zu viel Schnee." in page) == (True, True)

    def test_whoever_was_slower_keeps_the_text_and_nothing_is_put_off_twice(self, client_of, asli, mara, order):
        put_off(order, mara)
        typed = {"status": "put_off", "until": later(50).isoformat(), "result": "Mein Grund.", "version": 1}
        answer = client_of(asli).post(url("follow_up_settle", order), typed)
        assert (answer.status_code, "Mein Grund." in answer.content.decode()) == (409, True)
        assert (Postponement.objects.count(), answer.context["form"]["version"].value()) == (1, "2")

    def test_a_later_day_is_a_postponement_an_earlier_one_is_not(self, client_of, mara, order):
        typed = {"task": order.task, "responsible": order.responsible, "version": 1}
        answer = client_of(mara).post(url("follow_up", order), typed | {"due_on": later().isoformat()})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["due_on"])
        sooner = order.due_on - timedelta(days=3)
        assert client_of(mara).post(url("follow_up", order), typed | {"due_on": sooner.isoformat()}).status_code == 303

    def test_a_settled_one_is_not_put_off(self, mara, order):
        actions.settle(follow_up=order, status="done", result="", by=mara)
        with pytest.raises(Conflict, match="erledigt"):
            put_off(order, mara)
        with pytest.raises(Conflict):
            actions.start(follow_up=order, by=mara)
        assert not Postponement.objects.exists()

    def test_the_action_wants_a_reason_and_a_later_day(self, mara, order):
        for bad in ({"reason": " "}, {"until": order.due_on}):
            with pytest.raises(LoopError):
                actions.put_off(follow_up=order, by=mara, **{"until": later(), "reason": "Schnee", **bad})

    def test_of_a_foreign_district_is_nobodys_business(self, client_of, paul, enno, order):
        for name in ("follow_up_settle", "follow_up_project", "follow_up_need"):
            assert [client_of(one).get(url(name, order)).status_code for one in (paul, enno)] == [404, 404]

    def test_the_database_keeps_the_reasons(self, mara, order):
        refused = [
            ({"status": "put_off"}, "without a reason"),
            ({"due_on": later()}, "without a reason"),
            ({"status": "doing", "settled_on": make.today(), "settled_by": mara}, "follow_up_settled_by_somebody"),
        ]
        for fields, rule in refused:
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                FollowUp.objects.filter(pk=order.pk).update(**fields)
        with pytest.raises(IntegrityError, match="without a reason"), transaction.atomic():
            make_bodies.follow_up(body=order.body, status="put_off")
        put_off(order, mara)
        rows = Postponement.objects.filter(follow_up=order)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(reason="Anders.")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.delete()
        # An old reason is none: neither for the state alone, nor for another step to the same day.
        actions.start(follow_up=order, by=mara)
        with pytest.raises(IntegrityError, match="without a reason"), transaction.atomic():
            FollowUp.objects.filter(pk=order.pk).update(status="put_off")
        FollowUp.objects.filter(pk=order.pk).update(due_on=make.today() + timedelta(days=2))
        with pytest.raises(IntegrityError, match="without a reason"), transaction.atomic():
            FollowUp.objects.filter(pk=order.pk).update(due_on=later())
        known = {"follow_up": order, "by": mara, "reason": "Grund", "since": later(), "until": later(30)}
        for fields, rule in (({"until": later()}, "is_later"), ({"reason": ""}, "has_reason")):
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                Postponement.objects.create(**{**known, **fields})

    def test_how_far_it_was_stays_until_something_else_is_written(self, client_of, mara, order):
        actions.start(follow_up=order, by=mara, result="Der Bauhof ist angefragt.")
        assert "Bisher: Der Bauhof ist angefragt." in client_of(mara).get(url("follow_up_settle", order)).text
        put_off(order, mara)
        assert actions.start(follow_up=order, by=mara).result == "Der Bauhof ist angefragt."
        assert actions.settle(follow_up=order, status="done", result="", by=mara).result == "Der Bauhof ist angefragt."
        actions.reopen(follow_up=order, by=mara)
        assert actions.settle(follow_up=order, status="done", result="Erledigt.", by=mara).result == "Erledigt."

    def test_is_opened_again_when_its_keeper_has_left(self, client_of, mara, paul, order):
        FollowUp.objects.filter(pk=order.pk).update(owner=paul)
        actions.settle(follow_up=order, status="done", result="", by=mara)
        assert actions.reopen(follow_up=order, by=mara).owner == paul
        actions.settle(follow_up=order, status="done", result="", by=mara)
        type(paul).objects.filter(pk=paul.pk).update(is_active=False)
        assert client_of(mara).post(url("follow_up_reopen", order)).status_code == 303
        order.refresh_from_db()
        assert (order.status, order.owner) == ("open", None)

    def test_a_concern_is_a_link_for_whoever_may_open_it(self, client_of, mara, asli, preuswald, order):
        data = actions.ConcernData(title="Bank", district=preuswald, channel="body", topic=make.topic())
        number = actions.raise_concern(by=mara, data=data, follow_up=order).number
        for user, linked in ((mara, True), (asli, False)):
            for page in (order.body.get_absolute_url(), reverse("projects:follow_ups")):
                html = client_of(user).get(page).text
                assert (number in html, f">{number}</a>" in html) == (True, linked)

    @pytest.mark.parametrize("status", ["doing", "put_off"])
    def test_nobody_leaves_one_behind_that_still_waits(self, mara, paul, order, status):
        FollowUp.objects.filter(pk=order.pk).update(owner=paul)
        actions.start(follow_up=order, by=mara) if status == "doing" else put_off(order, mara)
        with pytest.raises(IntegrityError, match="somebody leaves"), transaction.atomic():
            type(paul).objects.filter(pk=paul.pk).update(is_active=False)


class TestCarriedOn:
    def test_waits_in_the_next_session_in_the_basket_and_on_the_list(self, client_of, mara, body, order):
        session = make_bodies.session(body=body)
        basket = reverse("concerns:basket")
        assert client_of(mara).get(basket).context["others"][0]["count"] == "1"
        actions.start(follow_up=order, by=mara)
        assert client_of(mara).get(basket).context["others"][0]["count"] == "1"
        put_off(order, mara)
        assert client_of(mara).get(basket).context["others"] == []  # the new day decides
        words = f"verschoben, bis {later():%d.%m.%Y}, einmal verschoben"
        assert [one.words for one in carried(session)] == [words]
        found = client_of(mara).get(url("session", session)).context["proposals"]
        assert [one.why for one in found if one.kind == "follow_ups"] == ["Ein Auftrag ist offen."]
        for shown, rows in (("offen", 1), ("erledigt", 0), ("alle", 1), ("faellig", 0)):
            page = client_of(mara).get(reverse("projects:follow_ups"), {"zeigen": shown, "gremium": body.pk})
            assert len(page.context["lines"]) == rows

    def test_the_paper_says_what_was_put_off_and_why(self, mara, body, order):
        actions.start(follow_up=make_bodies.follow_up(body=body, task="Tische zählen"), by=mara)
        put_off(order, mara)
        rows = tables(follow_up_paper(body, today=make.today()))[0]
        old = make.today() - timedelta(days=1)
        told = f"Bänke zählen Verschoben vom {old:%d.%m.%Y}: Der Bauhof hat kein Personal."
        found = [[" ".join(cell.split()) for cell in row[:2]] for row in rows[1:]]
        assert found == [
            [f"{later(14):%d.%m.%Y} in Arbeit", "Tische zählen"],
            [f"{later():%d.%m.%Y} einmal verschoben", told],
        ]

    def test_approved_minutes_keep_how_it_stood(self, mara, body, order):
        put_off(order, mara)
        session = make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)])
        make_bodies.write(session=session, by=mara)
        make_bodies.approve(session=session, by=mara)
        session.refresh_from_db()
        before = in_minutes(session)["carried"]
        order.refresh_from_db()
        put_off(order, mara, days=90, reason="Noch einmal.")
        session.refresh_from_db()
        assert in_minutes(session)["carried"] == before
        assert [one.words for one in before] == [f"verschoben, bis {later():%d.%m.%Y}, einmal verschoben"]

    def test_figures_count_what_waits_and_do_not_make_it_punctual(self, mara, body, order):
        today = make.today()
        working = make_bodies.follow_up(body=body, given_on=today, due_on=today - timedelta(days=2))
        actions.start(follow_up=working, by=mara)
        put_off(order, mara)
        waiting = make_bodies.follow_up(body=body, given_on=today)
        put_off(waiting, mara, days=60)
        make_bodies.follow_up(body=body, given_on=today)
        found = body_figures(None, today - timedelta(days=40), today, today=today).total
        assert (found.given, found.pending, found.done, found.put_off, found.late) == (4, 4, 0, 2, 1)
        for one in (order, waiting, working):
            actions.settle(follow_up=one, status="done", result="", by=mara)
        found = body_figures(None, today - timedelta(days=40), today, today=today).total
        # Of the two that were put off one was done before the day it had first.
        assert (found.done, found.in_time, found.pending, found.put_off, found.late) == (3, 1, 1, 2, 0)


class TestBecomes:
    @pytest.fixture
    def project_typed(self, ost):
        return {"title": "Bänke am Platz", "origin": "body", "part": "accompanies", "districts": [ost.pk]}

    def test_a_project_once_with_links_both_ways(self, client_of, mara, body, order, project_typed):
        client = client_of(mara)
        first = client.get(url("follow_up_project", order)).context["form"]
        assert (first["title"].value(), first["origin"].value()) == ("Bänke zählen", "body")
        answer = client.post(url("follow_up_project", order), project_typed)
        project = Project.objects.get()
        assert (answer.status_code, project.follow_up) == (303, order)
        assert client.post(url("follow_up_project", order), project_typed).status_code == 409
        assert Project.objects.count() == 1
        here = f"{reverse('projects:follow_ups')}?zeigen=alle&amp;gremium={body.pk}#auftrag-{order.pk}"
        assert here in client.get(project.get_absolute_url()).content.decode()
        assert f'href="{project.get_absolute_url()}"' in client.get(body.get_absolute_url()).content.decode()
        assert list(BodyEvent.objects.values_list("kind", flat=True)) == ["project"]

    def test_a_need_once_with_links_both_ways(self, client_of, mara, body, order, ost):
        client = client_of(mara)
        first = client.get(url("follow_up_need", order)).context["form"]
        assert (first["title"].value(), first["problem"].value()) == ("Bänke zählen", "Bänke zählen")
        typed = {"title": "Zu wenige Bänke", "problem": "Es fehlen Bänke.", "districts": [ost.pk], "priority": 2}
        typed |= {"first_seen_on": make.today().isoformat()}
        answer = client.post(url("follow_up_need", order), typed)
        need = Need.objects.get()
        assert (answer.status_code, need.follow_up) == (303, order)
        assert client.post(url("follow_up_need", order), typed).status_code == 409
        here = f"{reverse('projects:follow_ups')}?zeigen=alle&amp;gremium={body.pk}#auftrag-{order.pk}"
        assert here in client.get(need.get_absolute_url()).content.decode()
        assert f'href="{need.get_absolute_url()}"' in client.get(body.get_absolute_url()).content.decode()
        assert list(BodyEvent.objects.values_list("kind", flat=True)) == ["need"]

    def test_the_database_makes_one_of_each(self, mara, order, body, ost):
        for model, fields in ((Project, {"origin": "body"}), (Need, {"problem": "Es fehlen Bänke."})):
            model.objects.create(title="Bänke", follow_up=order, **fields)
            with pytest.raises(IntegrityError, match="follow_up"), transaction.atomic():
                model.objects.create(title="Noch eins", follow_up=order, **fields)

    def test_the_body_hears_of_the_project_in_its_next_session(self, mara, body, order):
        sets = {"districts": [], "action_fields": [], "target_groups": []}
        project = actions.make_project(follow_up=order, by=mara, title="Bänke", origin="body", **sets)
        session, other = make_bodies.session(body=body), make_bodies.session(body=make_bodies.body())
        assert [projects_to_report(one) for one in (session, other)] == [[project], []]
