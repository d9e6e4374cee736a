"""Concern → project → everybody behind it, bodies, and the check of the effect (K18, N5, N6)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions import bundling, closing, triage
from concerns.actions.feedback import record_feedback
from concerns.models import Concern, ConcernEvent
from projects.actions import agenda, effects, projects
from projects.actions.base import Conflict, LoopError
from projects.models import EffectCheck, Project, ProjectConcern
from projects.proposals import proposals
from tests import make, make_bodies, make_projects
from tests.concerns import loop

pytestmark = pytest.mark.django_db
SAID = "Wir machen daraus ein Projekt."


@pytest.fixture
def idea(mara, ost):
    """An idea of somebody who left a name."""
    return loop.log(mara, title="Beete am Platz", text="Etwas pflanzen.", kind="idea", district=ost, topic=make.topic())


def told(concern, by, outcome="became_project"):
    """The concern answered as a project idea, told to everybody and closed."""
    triage.record_answer(concern=concern, outcome=outcome, answer_text=SAID, by=by)
    for one in concern.reporters.all():
        record_feedback(reporter=one, kind="final", channel="phone", text=SAID, result="reached", by=by)
    return closing.close(concern=loop.fresh(concern), outcome=outcome, answer_text=SAID, by=by)


def begun(mara, ost, concern):
    made = make_projects.project(by=mara, districts=[ost], concern=concern)
    Project.objects.filter(pk=made.pk).update(status="running")
    made.refresh_from_db()
    return made


class TestFromAConcern:
    def test_the_text_begins_a_project_without_anything_about_people(self, client_of, mara, idea):
        client, path = client_of(mara), reverse("projects:project_from_concern", args=[idea.number])
        page = client.get(idea.get_absolute_url()).content.decode()
        form = client.get(path)
        html = form.content.decode()
        assert path in page
        assert (form.context["form"].initial["title"], "Etwas pflanzen." in html) == ("Beete am Platz", True)
        assert [one.name in html for one in idea.reporters.all()] == [False]

    def test_both_know_of_each_other(self, client_of, mara, idea, ost):
        sent = {"title": "Beete", "districts": [ost.pk], "origin": "concern", "part": "initiates"}
        client = client_of(mara)
        client.post(reverse("projects:project_from_concern", args=[idea.number]), sent)
        made = Project.objects.get()
        assert made.origins.get().concern == idea
        assert made.get_absolute_url() in client.get(idea.get_absolute_url()).content.decode()
        page = client.get(made.get_absolute_url()).content.decode()
        assert ("Ein Mensch hat das angestoßen" in page, idea.reporters.get().name in page) == (True, False)
        assert ConcernEvent.objects.filter(concern=idea, kind="project_linked").exists()

    def test_teams_elsewhere_see_the_link_but_not_how_many_people(self, client_of, mara, paul, idea, ost):
        made = make_projects.project(by=mara, districts=[ost], concern=idea)
        page = client_of(paul).get(made.get_absolute_url()).content.decode()
        assert (idea.number in page, "hat das angestoßen" in page) == (True, False)

    def test_a_sensitive_one_never_becomes_a_project(self, client_of, mara, ost):
        hidden = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), is_sensitive=True)
        client = client_of(mara)
        assert client.get(reverse("projects:project_from_concern", args=[hidden.number])).status_code == 404
        assert "Projektidee anlegen" not in client.get(hidden.get_absolute_url()).content.decode()
        with pytest.raises(LoopError):
            make_projects.project(by=mara, districts=[ost], concern=hidden)
        assert not Project.objects.exists()

    def test_links_the_lead_of_a_bundle_and_nothing_twice(self, mara, idea, ost):
        made = make_projects.project(by=mara, districts=[ost], concern=idea)
        double = make.concern(district=ost, owner=mara)
        Concern.objects.filter(pk=double.pk).update(lead=idea)
        double.refresh_from_db()
        with pytest.raises(Conflict):
            projects.link_concern(project=made, concern=double, by=mara)
        assert made.origins.count() == 1

    def test_only_the_own_team_unlinks(self, client_of, mara, silke, idea, ost):
        made = make_projects.project(by=mara, districts=[ost], concern=idea)
        path = reverse("projects:project_unlink", args=[made.origins.get().pk])
        assert client_of(silke).post(path).status_code == 404
        assert client_of(mara).post(path).status_code == 303
        assert not ProjectConcern.objects.exists()


class TestTheEnd:
    def test_a_project_that_was_carried_out_owes_the_news(self, mara, idea, ost):
        told(idea, mara)
        made = begun(mara, ost, idea)
        make_projects.moved(made, to="completed", by=mara, news="Das Beet ist fertig.")
        concern, person = loop.fresh(idea), idea.reporters.get()
        assert (concern.status, concern.outcome) == ("feedback_due", "became_project")
        assert (concern.answer_text, concern.closed_at) == ("Das Beet ist fertig.", None)
        assert (person.feedback_state, person.due) == ("open", "final")
        assert made.log.filter(kind="news_owed").exists()
        assert ConcernEvent.objects.filter(concern=idea, kind="project_news").exists()

    def test_a_dropped_one_owes_the_no_with_its_reason(self, mara, idea, ost):
        told(idea, mara)
        make_projects.moved(begun(mara, ost, idea), to="dropped", by=mara)
        concern = loop.fresh(idea)
        assert (concern.status, concern.outcome, concern.reason_category) == ("feedback_due", "declined", "funds")
        assert (concern.answer_text, idea.reporters.get().due) == ("Das Geld fehlt.", "final")

    def test_a_no_never_goes_out_with_the_words_for_a_good_end(self, client_of, mara, idea, ost):
        told(idea, mara)
        made = begun(mara, ost, idea)
        client, path = client_of(mara), reverse("projects:project_step", args=[made.pk])
        words = client.get(path).context["form"].initial["news"]
        sent = {"to": "dropped", "on": make.today().isoformat(), "version": made.version, "news": words}
        sent |= {"drop_reason": "funds", "drop_text": "Das Geld fehlt."}
        assert ("Es ist jetzt fertig." in words, client.post(path, sent).status_code) == (True, 303)
        assert loop.fresh(idea).answer_text == "Das Geld fehlt."

    def test_after_a_no_people_hear_that_it_was_carried_out_after_all(self, mara, idea, ost):
        told(idea, mara)
        made = make_projects.moved(begun(mara, ost, idea), to="dropped", by=mara)
        Project.objects.filter(pk=made.pk).update(status="running", drop_reason="", drop_text="")
        make_projects.moved(made, to="completed", by=mara, news="Das Beet ist doch noch fertig.")
        concern = loop.fresh(idea)
        found = (concern.outcome, concern.reason_category, concern.answer_text, idea.reporters.get().due)
        assert found == ("became_project", "", "Das Beet ist doch noch fertig.", "final")

    def test_a_no_that_had_other_reasons_stays(self, mara, idea, ost):
        told(idea, mara)
        made = make_projects.moved(begun(mara, ost, idea), to="dropped", by=mara)
        heard = {"text": "Das Geld fehlt.", "result": "reached", "by": mara}
        record_feedback(reporter=idea.reporters.get(), kind="final", channel="phone", **heard)
        no = {"outcome": "declined", "answer_text": "Das Geld fehlt.", "reason_category": "funds", "by": mara}
        closing.close(concern=loop.fresh(idea), **no)
        closing.reopen(concern=loop.fresh(idea), reason="mistake", by=mara)
        said = {"answer_text": "Der Platz wird bebaut.", "reason_category": "legal", "by": mara}
        triage.record_answer(concern=loop.fresh(idea), outcome="declined", **said)
        Project.objects.filter(pk=made.pk).update(status="running", drop_reason="", drop_text="")
        make_projects.moved(made, to="completed", by=mara)
        assert loop.fresh(idea).answer_text == "Der Platz wird bebaut."

    def test_a_no_waits_while_another_project_behind_the_concern_still_runs(self, client_of, mara, idea, ost):
        told(idea, mara)
        first, second = begun(mara, ost, idea), begun(mara, ost, idea)
        page = client_of(mara).get(reverse("projects:project_step", args=[first.pk])).content.decode()
        assert "Eines davon hat noch ein anderes Projekt" in " ".join(page.split())
        make_projects.moved(first, to="dropped", by=mara)
        assert (loop.fresh(idea).status, loop.fresh(idea).outcome) == ("closed", "became_project")
        assert not first.log.filter(kind="news_owed").exists()
        # The last one that is dropped is the no.
        make_projects.moved(second, to="dropped", by=mara)
        assert (loop.fresh(idea).status, loop.fresh(idea).outcome) == ("feedback_due", "declined")
        assert second.log.get(kind="news_owed").data == {"concerns": [idea.pk]}

    def test_a_no_never_follows_on_what_was_carried_out(self, mara, idea, ost):
        told(idea, mara)
        done, other = begun(mara, ost, idea), begun(mara, ost, idea)
        make_projects.moved(done, to="completed", by=mara, news="Es blüht.")
        make_projects.moved(other, to="dropped", by=mara)
        assert (loop.fresh(idea).outcome, loop.fresh(idea).answer_text) == ("became_project", "Es blüht.")

    def test_a_no_that_was_kept_back_is_not_lost_with_the_link(self, client_of, mara, idea, ost):
        told(idea, mara)
        first, second = begun(mara, ost, idea), begun(mara, ost, idea)
        make_projects.moved(first, to="dropped", by=mara)
        link, client = second.origins.get(), client_of(mara)
        path = reverse("projects:project_unlink", args=[link.pk])
        assert "Das wird nicht umgesetzt" in client.post(path, follow=True).content.decode()
        assert ProjectConcern.objects.filter(pk=link.pk).exists()
        # The way that is named: the first is taken up, the second let go, and then the first says the no.
        again = make_projects.moved(first, to="idea", by=mara)
        client.post(path)
        assert not ProjectConcern.objects.filter(pk=link.pk).exists()
        make_projects.moved(again, to="dropped", by=mara)
        assert loop.fresh(idea).outcome == "declined"

    def test_after_the_no_was_said_a_link_goes_as_ever(self, mara, idea, ost):
        told(idea, mara)
        make_projects.moved(begun(mara, ost, idea), to="dropped", by=mara)
        later = begun(mara, ost, idea)
        projects.unlink_concern(link=later.origins.get(), by=mara)
        assert not later.origins.exists()

    def test_a_no_waits_also_when_the_other_project_hangs_on_a_bundled_concern(self, mara, idea, ost):
        told(idea, mara)
        other = loop.log(mara, title="Mehr Beete", text="Auch hier.", kind="idea", district=ost, topic=idea.topic)
        first, second = begun(mara, ost, idea), begun(mara, ost, other)
        Concern.objects.filter(pk=other.pk).update(lead=idea)
        make_projects.moved(first, to="dropped", by=mara)
        assert loop.fresh(idea).status == "closed"
        assert projects.still_hoped_for(second, [loop.fresh(idea)]) == set()

    def test_of_one_bundled_meanwhile_everybody_hears_through_its_lead(self, mara, idea, ost):
        lead = loop.log(mara, title="Mehr Grün", district=ost, topic=idea.topic)
        made = begun(mara, ost, idea)
        bundling.bundle(concern=loop.fresh(idea), lead=lead, by=mara)
        make_projects.moved(made, to="completed", by=mara, news="Das Beet ist fertig.")
        found = [(one.status, one.answer_text) for one in (loop.fresh(lead), loop.fresh(idea))]
        assert found == [("feedback_due", "Das Beet ist fertig.")] * 2
        assert [one.reporters.get().due for one in (lead, idea)] == ["final"] * 2

    def test_one_that_became_sensitive_meanwhile_is_not_named_to_others(self, client_of, mara, silke, idea, ost):
        made = begun(mara, ost, idea)
        Concern.objects.filter(pk=idea.pk).update(is_sensitive=True)
        path = reverse("projects:project_step", args=[made.pk])
        assert [idea.number in client_of(one).get(path).content.decode() for one in (mara, silke)] == [True, False]

    def test_one_that_still_waits_is_answered_by_it(self, mara, idea, ost):
        triage.take_on(concern=idea, due_on=None, by=mara)
        make_projects.moved(begun(mara, ost, loop.fresh(idea)), to="completed", by=mara, news="Fertig.")
        assert (loop.fresh(idea).status, idea.reporters.get().due) == ("feedback_due", "final")

    def test_one_that_somebody_is_being_told_gets_the_newer_words(self, mara, idea, ost):
        triage.record_answer(concern=idea, outcome="became_project", answer_text=SAID, by=mara)
        person = idea.reporters.get()
        record_feedback(reporter=person, kind="final", channel="phone", text=SAID, result="reached", by=mara)
        make_projects.moved(begun(mara, ost, idea), to="completed", by=mara, news="Fertig.")
        person.refresh_from_db()
        assert (loop.fresh(idea).answer_text, person.feedback_state, person.due) == ("Fertig.", "open", "final")

    def test_what_was_answered_in_another_way_stays(self, mara, idea, ost, stadtbetrieb):
        told(idea, mara, outcome="informed")
        routed = loop.log(mara, title="Bank", district=ost, topic=idea.topic)
        loop.forward(routed, stadtbetrieb, by=mara)
        made = begun(mara, ost, idea)
        projects.link_concern(project=made, concern=routed, by=mara)
        make_projects.moved(made, to="completed", by=mara)
        assert [loop.fresh(one).status for one in (idea, routed)] == ["closed", "forwarded"]

    def test_without_words_for_them_nothing_ends(self, client_of, mara, idea, ost):
        told(idea, mara)
        made = begun(mara, ost, idea)
        sent = {"to": "completed", "on": make.today().isoformat(), "version": made.version, "results": "Es blüht."}
        answer = client_of(mara).post(reverse("projects:project_step", args=[made.pk]), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["news"])
        assert idea.number in answer.content.decode()
        with pytest.raises(LoopError):
            make_projects.moved(made, to="completed", by=mara)
        made.refresh_from_db()
        assert (made.status, made.checks.count(), loop.fresh(idea).status) == ("running", 0, "closed")


class TestBodies:
    @pytest.fixture
    def decision(self, mara, ost):
        body = make_bodies.body(districts=[ost])
        held = make_bodies.held(body=body, by=mara)
        return make_bodies.item(session=held, kind="decision", title="Werkzeug", decision="Wir verleihen Werkzeug.")

    def test_a_decision_becomes_a_project_and_the_next_session_hears_of_it(self, client_of, mara, ost, decision):
        client = client_of(mara)
        path = reverse("projects:project_from_decision", args=[decision.pk])
        assert path in client.get(decision.session.get_absolute_url()).content.decode()
        sent = {"title": "Werkzeug zum Ausleihen", "districts": [ost.pk], "origin": "body", "part": "accompanies"}
        client.post(path, sent)
        made = Project.objects.get()
        assert made.decision == decision
        assert made.get_absolute_url() in client.get(decision.session.get_absolute_url()).content.decode()
        coming = make_bodies.session(body=decision.session.body)
        proposed = next(one for one in proposals(coming, set()) if one.project)
        client.post(reverse("projects:agenda_take", args=[coming.pk]), {"kind": proposed.key})
        item = coming.items.get()
        assert (item.kind, item.project, item.title) == ("report", made, "Bericht: Werkzeug zum Ausleihen")
        assert not [one for one in proposals(coming, {"report"}) if one.project]

    def test_every_new_status_is_told_once(self, mara, ost, decision):
        made = make_projects.project(by=mara, districts=[ost], decision=decision)
        body, today = decision.session.body, make.today()
        Project.objects.filter(pk=made.pk).update(status_since=today - timedelta(days=5))
        coming = make_bodies.session(body=body, on=today + timedelta(days=2))
        agenda.take_proposals(session=coming, kinds=None, by=mara)
        later = make_bodies.session(body=body, on=today + timedelta(days=60))
        assert not [one for one in proposals(later, set()) if one.project]
        Project.objects.filter(pk=made.pk).update(status="concept", status_since=today + timedelta(days=30))
        assert [one.project for one in proposals(later, set()) if one.project] == [made]

    def test_only_a_decision(self, client_of, mara, decision):
        other = make_bodies.item(session=decision.session, kind="report")
        path = reverse("projects:project_from_decision", args=[other.pk])
        assert client_of(mara).get(path).status_code == 404
        with pytest.raises(LoopError):
            make_projects.project(by=mara, decision=other)


class TestEffect:
    @pytest.fixture
    def check(self, mara, ost, idea):
        told(idea, mara)
        made = make_projects.completed(by=mara, districts=[ost], on=make.today() - timedelta(weeks=5), keeper=mara)
        Project.objects.filter(pk=made.pk).update(keeper=mara)
        projects.link_concern(project=made, concern=idea, by=mara)
        return make_projects.check(made)

    def answer(self, client, check, **sent):
        return client.post(reverse("projects:effect_check", args=[check.pk]), sent)

    def test_is_asked_4_12_and_26_weeks_after(self, client_of, mara, check):
        days = list(check.project.checks.values_list("weeks", "due_on"))
        since = check.project.status_since
        assert days == [(n, since + timedelta(weeks=n)) for n in (4, 12, 26)]
        client = client_of(mara)
        tile = next(one for one in client.get(reverse("concerns:basket")).context["others"] if "Wirkt" in one["label"])
        rows = client.get(tile["url"]).context["page"].rows
        assert (tile["count"], rows) == ("1", [check])

    def test_of_those_that_stand_in_nobodys_basket_the_team_is_asked(self, mara, paul, check):
        Project.objects.filter(pk=check.project_id).update(keeper=None)
        due = EffectCheck.objects.due(make.today())
        assert [list(due.in_basket_of(one)) for one in (mara, paul)] == [[check], []]

    def test_not_opens_the_concern_again_and_its_people_are_owed_an_answer(self, client_of, mara, idea, check):
        answer = self.answer(client_of(mara), check, answer="failed", note_text="Verwildert.", concerns=[idea.pk])
        check.refresh_from_db()
        assert (answer.status_code, check.answer, check.reopened) == (303, "failed", 1)
        concern = loop.fresh(idea)
        assert (concern.status, concern.needs_triage, concern.reopened_count) == ("new", True, 1)
        assert idea.reporters.get().feedback_state == "open"
        assert ConcernEvent.objects.get(concern=idea, kind="reopened").new == "effect_lost"

    @pytest.mark.parametrize(("sent", "field"), [
        ({"answer": "partly"}, "note_text"),
        ({"answer": "failed"}, "note_text"),
        ({"answer": ""}, "answer"),
        ({"answer": "holds", "concerns": ["idea"]}, "concerns"),
    ])  # fmt: skip
    def test_what_is_missing_is_said(self, client_of, mara, idea, check, sent, field):
        sent = {**sent, **({"concerns": [idea.pk]} if "concerns" in sent else {})}
        answer = self.answer(client_of(mara), check, **sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert loop.fresh(idea).status == "closed"

    def test_is_answered_once(self, client_of, mara, check):
        effects.answer_check(check=check, answer="holds", by=mara)
        answer = self.answer(client_of(mara), check, answer="partly", note_text="Weniger.")
        assert answer.status_code == 409
        check.refresh_from_db()
        assert check.answer == "holds"

    def test_when_a_concern_cannot_be_opened_nothing_is_stored(self, mara, idea, check):
        closing.reopen(concern=idea, reason="mistake", by=mara)
        with pytest.raises(Conflict):
            effects.answer_check(check=check, answer="failed", note_text="Leer.", concerns=[idea], by=mara)
        check.refresh_from_db()
        assert (check.answer, check.project.log.filter(kind="checked").count()) == ("", 0)

    def test_a_project_taken_up_again_is_not_asked_after(self, mara, check):
        make_projects.moved(check.project, to="running", by=mara)
        assert not EffectCheck.objects.exists()
