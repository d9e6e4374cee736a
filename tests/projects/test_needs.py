"""The register of needs: entering, evidence, status, agenda, and what comes back to people (K15, K18, N5, N13)."""

from collections import Counter
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns.actions.base import LoopError
from concerns.models import Concern, OutgoingMail, Reporter
from concerns.worklist import first_words, theme_news
from projects.actions import agenda
from projects.actions import needs as actions
from projects.actions import theme_news as news_actions
from projects.actions.sessions import invite
from projects.evidence import Evidence, evidence_of, guarded, topics_of
from projects.figures.needs import need_figures
from projects.models import AgendaItem, ConcernNews, Need, NeedConcern, Project, ProjectNeed, ThemeEvent
from projects.workflow import NEED_MOVES, NeedStatus
from reports.papers.bodies import invitation
from tests import make, make_bodies, make_needs
from tests.pdf import text as text_of

pytestmark = pytest.mark.django_db
SECRET = ("Gerda Zorn", "Hinterhof Nummer 7", "02411234567")


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


@pytest.fixture
def need(ost, mara):
    return make_needs.need(title="Dunkle Wege", problem="Wege sind schlecht beleuchtet.", districts=[ost], keeper=mara)


@pytest.fixture
def typed(ost):
    return {"title": "Kein Arzt", "problem": "Die Praxis ist zu.", "districts": [ost.pk], "priority": "1",
            "first_seen_on": "2026-01-10"}  # fmt: skip


def concern(ost, mara, **fields):
    """A concern whose title, text, place and reporter would be noticed anywhere."""
    known = {"district": ost, "owner": mara, "title": SECRET[1], "text": f"{SECRET[0]} klagt.", "place": SECRET[1]}
    made = make.concern(**{**known, **fields})
    made.reporters.update(name=SECRET[0], phone=SECRET[2], consent_store=True)
    return made


class TestEntering:
    def test_enters_a_need_with_its_history(self, client_of, mara, ost, typed):
        answer = client_of(mara).post(url("need_new"), typed)
        made = Need.objects.get()
        assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
        assert (made.status, list(made.districts.all()), made.confirmed_on) == ("observed", [ost], make.today())
        assert list(ThemeEvent.objects.values_list("kind", "new")) == [("entered", "observed")]

    @pytest.mark.parametrize(("change", "field"), [
        ({"title": ""}, "title"),
        ({"problem": " "}, "problem"),
        ({"districts": []}, "districts"),
        ({"priority": "9"}, "priority"),
        ({"first_seen_on": "2199-01-01"}, "first_seen_on"),
        ({"title": "x" * 161}, "title"),
    ])  # fmt: skip
    def test_says_beside_the_field_what_is_wrong(self, client_of, mara, typed, change, field):
        answer = client_of(mara).post(url("need_new"), typed | change)
        assert (answer.status_code, list(answer.context["form"].errors), Need.objects.count()) == (422, [field], 0)

    def test_only_with_an_own_district(self, client_of, paul, typed):
        answer = client_of(paul).post(url("need_new"), typed)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["districts"])

    def test_whoever_is_slower_compares_first(self, client_of, mara, need, typed):
        client = client_of(mara)
        assert client.post(url("need_edit", need.pk), typed | {"version": 1}).status_code == 303
        late = client.post(url("need_edit", need.pk), typed | {"version": 1, "problem": "Anders."})
        assert late.status_code == 409
        assert ("Problemlage", "Die Praxis ist zu.", "Anders.") in late.context["differences"]
        need.refresh_from_db()
        assert (need.problem, need.version) == ("Die Praxis ist zu.", 2)

    def test_hostile_input_gives_no_error_page(self, client_of, mara, need, typed):
        client = client_of(mara)
        for path, data in (
            (url("need_new"), typed | {"title": "a\0b", "c": ["9" * 30, "x"]}),
            (url("need_concerns", need.pk), {"c": ["9" * 30]}),
            (url("needs_of_concerns"), {"c": ["\0", "1" * 40], "need": "9" * 30}),
            (url("need_status", need.pk), {"status": "x", "version": "9" * 30}),
        ):
            assert client.post(path, data).status_code < 500
        for query in ("q=%00", "district=9" * 20, "keeper=99999999999999999999", "nach=%FF"):
            assert client.get(f"{url('needs')}?{query}").status_code < 500


class TestStatus:
    def test_every_move_of_the_table_and_no_other(self, mara, ost):
        for old in NeedStatus.values:
            for new in NeedStatus.values:
                reason = "Nicht mehr da." if old == "dropped" else ""
                one = make_needs.need(districts=[ost], status=old, drop_reason=reason)
                if new in NEED_MOVES[old]:
                    assert actions.set_status(need=one, status=new, reason="Weil.", by=mara).status == new
                else:
                    with pytest.raises(LoopError):
                        actions.set_status(need=one, status=new, reason="Weil.", by=mara)

    def test_dropping_needs_a_reason_in_form_action_and_database(self, client_of, mara, need):
        answer = client_of(mara).post(url("need_status", need.pk), {"status": "dropped", "version": 1})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
        with pytest.raises(LoopError):
            actions.set_status(need=need, status="dropped", by=mara)
        with pytest.raises(IntegrityError), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(status="dropped")

    def test_a_second_person_sees_the_new_status_first(self, client_of, mara, need):
        client = client_of(mara)
        assert client.post(url("need_status", need.pk), {"status": "confirmed", "version": 1}).status_code == 303
        late = client.post(url("need_status", need.pk), {"status": "dropped", "reason": "Doch nicht.", "version": 1})
        assert (late.status_code, "Doch nicht." in late.content.decode()) == (409, True)

    def test_once_a_year_somebody_is_asked_whether_it_is_still_there(self, client_of, mara, need):
        day = make.today() - relativedelta(months=12)
        Need.objects.filter(pk=need.pk).update(first_seen_on=day, confirmed_on=day)
        assert (actions.remind_to_confirm(), actions.remind_to_confirm()) == (1, 0)
        with CaptureQueriesContext(connection) as asked:
            actions.remind_to_confirm()
        assert [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]] == []
        basket = client_of(mara).get(reverse("concerns:basket")).content.decode()
        assert "Themen bestätigen" in basket
        client_of(mara).post(url("need_confirm", need.pk))
        need.refresh_from_db()
        assert need.confirmed_on == make.today()
        assert "Themen bestätigen" not in client_of(mara).get(reverse("concerns:basket")).content.decode()

    def test_history_is_append_only(self, mara, need):
        actions.confirm(need=need, by=mara)
        for change in (lambda rows: rows.update(kind="x"), lambda rows: rows.delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                change(ThemeEvent.objects.all())


class TestConcerns:
    def test_counts_live_with_the_duplicates_and_never_twice(self, mara, ost, need):
        lead, double, alone = (make.concern(district=ost, owner=mara) for _ in range(3))
        Concern.objects.filter(pk=double.pk).update(lead=lead)
        make_needs.link(need, lead, double, alone, by=mara)
        Reporter.objects.filter(concern=alone).update(feedback_state="done")
        found = evidence_of([need.pk])[need.pk]
        assert (found.concerns, found.people, found.waiting, found.told) == (3, 3, 2, 1)
        Concern.objects.filter(pk=alone.pk).update(status="parked", follow_up_on=make.today())
        assert dict(evidence_of([need.pk])[need.pk].by_status) == {"new": 2, "parked": 1}

    def test_a_bundle_hears_of_news_once(self, mara, ost, need):
        lead, double = (make.concern(district=ost, owner=mara) for _ in range(2))
        Concern.objects.filter(pk=double.pk).update(lead=lead)
        make_needs.link(need, lead, double, by=mara)
        held = make_bodies.held(body=make_bodies.body(districts=[ost]), by=mara)
        with transaction.atomic():
            item = make_bodies.item(session=held, need=need)
            assert news_actions.spread(need=need, item=item, text="Es geht los.", by=mara, at=timezone.now()) == 1
        assert [one.concern for one in ConcernNews.objects.waiting()] == [lead]

    def test_a_sensitive_concern_is_never_in_a_theme(self, client_of, mara, ost, need):
        sensitive = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), is_sensitive=True)
        with pytest.raises(LoopError):
            make_needs.link(need, sensitive, by=mara)
        with pytest.raises(IntegrityError), transaction.atomic():
            NeedConcern.objects.create(need=need, concern=sensitive, by=mara)
        client = client_of(mara)
        client.post(url("need_concerns", need.pk), {"c": [sensitive.pk]})
        client.post(url("needs_of_concerns"), {"c": [sensitive.pk], "need": need.pk})
        assert not NeedConcern.objects.exists()
        assert sensitive.number not in client.get(url("need_concerns", need.pk)).content.decode()

    def test_what_becomes_sensitive_leaves_its_themes(self, mara, ost, need):
        one = make.concern(district=ost, owner=mara)
        make_needs.link(need, one, by=mara)
        Concern.objects.filter(pk=one.pk).update(is_sensitive=True)
        assert (NeedConcern.objects.count(), evidence_of([need.pk])[need.pk].concerns) == (0, 0)

    def test_from_the_list_of_concerns_to_a_new_theme_without_their_words(self, client_of, mara, ost, typed):
        one = concern(ost, mara)
        client = client_of(mara)
        chosen = client.post(url("needs_of_concerns"), {"c": [one.pk], "query": "status=open"})
        assert chosen.status_code == 200
        form = client.post(url("need_new"), {"c": [one.pk], "begin": "1"}).context["form"]
        assert (form.is_bound, form["title"].value(), form["problem"].value()) == (False, None, None)
        client.post(url("need_new"), typed | {"c": [one.pk]})
        made = Need.objects.get()
        assert list(made.links.values_list("concern", flat=True)) == [one.pk]
        assert SECRET[1] not in made.title + made.problem + made.solutions

    def test_other_districts_concerns_are_left_alone(self, client_of, mara, preuswald, paul, need):
        foreign = make.concern(district=preuswald, owner=paul)
        client_of(mara).post(url("need_concerns", need.pk), {"c": [foreign.pk]})
        client_of(mara).post(url("needs_of_concerns"), {"c": [foreign.pk], "need": need.pk})
        assert not NeedConcern.objects.exists()

    def test_links_and_unlinks_with_a_note_in_the_concern_s_history(self, client_of, mara, ost, need):
        one, client = make.concern(district=ost, owner=mara), client_of(mara)
        client.post(url("concern_needs", one.number), {"c": [one.pk], "need": need.pk})
        assert need.title in client.get(one.get_absolute_url()).content.decode()
        client.post(url("need_unlink", need.pk, one.pk))
        kinds = list(one.events.filter(kind__startswith="theme").order_by("pk").values_list("kind", flat=True))
        assert (kinds, NeedConcern.objects.count()) == (["theme_linked", "theme_unlinked"], 0)

    def test_a_failure_in_the_middle_links_none(self, mara, ost, need):
        fine = make.concern(district=ost, owner=mara)
        sensitive = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), is_sensitive=True)
        with pytest.raises(LoopError):
            make_needs.link(need, fine, sensitive, by=mara)
        assert not NeedConcern.objects.exists()


class TestNumbers:
    @pytest.mark.parametrize(("number", "words"), [(0, "keine"), (1, "unter 3"), (2, "unter 3"), (3, "3"), (14, "14")])
    def test_small_ones_are_never_told(self, number, words):
        assert guarded(number) == words

    def test_the_sentence_for_an_agenda(self):

        assert (
            Evidence(Counter(new=2), people=2).sentence
            == "Dazu gibt es unter 3 Anliegen, gemeldet von unter 3 Menschen."
        )
        assert Evidence().sentence == "Dazu ist noch kein Anliegen verknüpft."

    def test_topics_of_a_period_cannot_be_worked_out_from_the_total(self, ost, mara):
        many, few, other = (make.topic(name=name) for name in ("Müll", "Licht", "Bus"))
        make.topic(name="Leer")
        for topic, n in ((many, 4), (few, 2)):
            for _ in range(n):
                make.concern(district=ost, owner=mara, topic=topic)
        make.concern(district=ost, owner=mara, topic=make.topic(name="Gewalt", is_sensitive=True), is_sensitive=True)
        period = {"since": make.today(), "until": make.today()}
        assert topics_of(ost, **period) == {
            "topics": [["Müll", "4"], ["weitere Themen", "unter 3"]],
            "total": "mindestens 4",
        }
        make.concern(district=ost, owner=mara, topic=other)
        assert topics_of(ost, **period) == {"topics": [["Müll", "4"], ["weitere Themen", "3"]], "total": "7"}
        assert topics_of(make.district(), **period) == {"topics": [], "total": "keine"}

    def test_readers_outside_the_team_get_guarded_people(self, client_of, silke, mara, ost, need):
        make_needs.link(need, *(make.concern(district=ost, owner=mara) for _ in range(2)), by=mara)
        outside, inside = (client_of(user).get(url("needs")).context["lines"][0].people for user in (silke, mara))
        assert (outside, inside) == ("unter 3", "2")

    @pytest.mark.parametrize("rows", [1, 6])
    def test_the_list_asks_as_often_with_many_rows(self, client_of, mara, ost, rows, django_assert_num_queries):
        for _ in range(rows):
            one = make_needs.need(districts=[ost], keeper=mara)
            make_needs.link(one, make.concern(district=ost, owner=mara), by=mara)
        client = client_of(mara)
        client.get(url("needs"))
        with django_assert_num_queries(QUERIES):
            client.get(url("needs"))


QUERIES = 16


class TestAgenda:
    @pytest.fixture
    def session(self, ost, mara):
        body = make_bodies.body(districts=[ost], is_public=True, coordinator=mara)
        make_bodies.member(body=body)
        return make_bodies.session(body=body)

    def test_nothing_of_a_concern_stands_on_page_paper_mail_or_calendar(self, client_of, mara, enno, ost, need, session,
                                                                         stadtbetrieb):  # fmt: skip
        one = concern(ost, mara)
        make_needs.link(need, one, by=mara)
        make_bodies.member(body=session.body, department=stadtbetrieb, has_vote=False)
        answer = client_of(mara).post(url("need_agenda", need.pk), {"session": session.pk})
        assert answer.status_code == 303
        invite(session=session, by=mara)
        item = AgendaItem.objects.get()
        assert (item.title, item.need) == (need.title, need)
        assert "unter 3 Anliegen" in item.text
        session.refresh_from_db()
        shown = [
            client_of(person).get(path).content.decode()
            for person in (mara, enno)
            for path in (session.get_absolute_url(), session.body.get_absolute_url())
        ]
        shown += [client_of(None).get(url("body_calendar", session.body_id)).content.decode()]
        shown += [text_of(invitation(session)), item.text, *OutgoingMail.objects.values_list("body", flat=True)]
        assert need.problem in shown[0]
        assert [word for word in (*SECRET, one.number) for text in shown if word in text] == []

    def test_what_was_decided_is_owed_to_everybody_who_waits_and_sent_to_nobody(self, mara, ost, need):
        waiting, told, closed = (concern(ost, mara) for _ in range(3))
        for one in (told, closed):
            make.feedback(reporter=one.reporters.get())
            one.reporters.update(feedback_state="done")
        Concern.objects.filter(pk=closed.pk).update(status="closed", closed_at=timezone.now(), outcome="informed",
                                                    needs_triage=False, due_on=None)  # fmt: skip
        make_needs.link(need, waiting, told, closed, by=mara)
        body = make_bodies.body(districts=[ost])
        held = make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)], items=0)
        make_bodies.item(session=held, title=need.title, need=need)
        make_bodies.write(session=held, by=mara, decision="Die Konferenz bittet um Licht.", yes=1, no=0, abstained=0)
        agenda.approve_minutes(session=held, how="confirmation", approved_in=None, by=mara)
        news = ConcernNews.objects.get()
        reporter = waiting.reporters.get()
        assert (news.concern, reporter.due, reporter.feedback_state) == (waiting, "interim", "open")
        words = first_words(reporter, [], None, theme_news([waiting])[waiting.pk])
        assert "Beschluss: Die Konferenz bittet um Licht. (einstimmig angenommen)" in words
        assert (OutgoingMail.objects.count(), told.reporters.get().due, closed.reporters.get().due) == (0, "", "")

    def test_the_news_becomes_the_answer_or_is_dismissed(self, client_of, mara, ost, need):
        one, other = (concern(ost, mara, status="own_work", needs_triage=False) for _ in range(2))
        make_needs.link(need, one, other, by=mara)
        item = make_bodies.item(session=make_bodies.session(body=make_bodies.body(districts=[ost])), need=need)
        assert news_actions.spread(need=need, text="Es kommt Licht.", item=item, by=mara, at=timezone.now()) == 2
        assert "Neues zu Themen" in client_of(mara).get(reverse("concerns:basket")).content.decode()
        first, second = (ConcernNews.objects.get(concern=row) for row in (one, other))
        answer = {"outcome": "fulfilled", "answer_text": "Es kommt Licht."}
        assert client_of(mara).post(url("news_answer", first.pk), answer).status_code == 303
        assert client_of(mara).post(url("news_dismiss", second.pk)).status_code == 303
        one.refresh_from_db()
        assert (one.status, one.answer_text) == ("feedback_due", "Es kommt Licht.")
        assert (one.reporters.get().due, other.reporters.get().due) == ("final", "")
        assert ConcernNews.objects.of_team(mara).waiting().count() == 0

    def test_a_failing_duty_takes_the_approval_back(self, mara, ost, need, monkeypatch):
        make_needs.link(need, concern(ost, mara), by=mara)
        body = make_bodies.body(districts=[ost])
        held = make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)], items=0)
        make_bodies.item(session=held, title=need.title, need=need)
        make_bodies.write(session=held, by=mara, decision="Ja.")

        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(news_actions, "owe_interim", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            agenda.approve_minutes(session=held, how="confirmation", approved_in=None, by=mara)
        held.refresh_from_db()
        assert (held.status, ConcernNews.objects.count()) == ("held", 0)


class TestProjects:
    def test_a_project_takes_the_team_s_words_and_the_need_counts_as_taken_up(self, client_of, mara, ost, need):
        one = concern(ost, mara)
        make_needs.link(need, one, by=mara)
        client_of(mara).post(url("need_project", need.pk), {"title": "Mehr Licht"})
        project = Project.objects.get()
        need.refresh_from_db()
        assert (project.title, project.description, project.origin) == ("Mehr Licht", need.problem, "need")
        assert (list(project.districts.all()), need.status) == ([ost], "adopted")
        assert ProjectNeed.objects.filter(project=project, need=need).count() == 1
        assert SECRET[1] not in project.description + project.goals + project.title


class TestHandOver:
    def test_whoever_has_left_the_team_keeps_nothing_there(self, mara, asli, need):
        assert list(Need.objects.in_basket_of(mara)) == [need]
        assert not Need.objects.in_basket_of(asli).exists()
        mara.memberships.all().delete()
        assert list(Need.objects.in_basket_of(asli)) == [need]

    def test_only_people_of_the_districts_teams_can_take_them(self, client_of, mara, asli, paul, need):
        form = client_of(mara).get(url("needs_hand_over", mara.pk)).context["form"]
        found = set(form.fields["to"].queryset)
        assert asli in found
        assert paul not in found
        assert client_of(mara).post(url("needs_hand_over", mara.pk), {"to": paul.pk}).status_code == 422
        need.refresh_from_db()
        assert need.keeper == mara

    def test_needs_stand_in_the_table_and_go_to_somebody_else(self, client_of, silke, mara, asli, need):
        page = client_of(silke).get(reverse("concerns:handover", args=[mara.pk])).content.decode()
        assert "ein Thema im Themenspeicher" in page
        assert client_of(silke).post(url("needs_hand_over", mara.pk), {"to": asli.pk}).status_code == 303
        need.refresh_from_db()
        assert need.keeper == asli
        assert client_of(asli).get(url("needs_hand_over", mara.pk)).status_code == 404


def test_the_file_holds_the_rows_of_the_list_and_nothing_of_concerns(client_of, mara, ost, need):
    make_needs.link(need, concern(ost, mara), by=mara)
    make_needs.need(districts=[ost], title="=1+1", status="done")
    text = b"".join(client_of(mara).get(f"{url('need_export')}?status=any").streaming_content).decode()
    assert (text.count("\r\n"), "unter 3" in text, "'=1+1" in text) == (3, True, True)
    assert [word for word in SECRET if word in text] == []


def test_figures_of_a_period_stay_as_they_were(mara, ost, preuswald, need):
    day = make.today()
    actions.set_status(need=need, status="confirmed", by=mara)
    make_needs.need(districts=[preuswald], status="done")
    found = need_figures([ost], day, day)
    assert (found.entered, dict(found.by_status), dict(found.moved), found.open) == (
        1, {"confirmed": 1}, {"confirmed": 1}, 1,
    )  # fmt: skip
    actions.set_status(need=need, status="done", by=mara, at=timezone.now() + timedelta(days=2))
    assert dict(need_figures([ost], day, day).by_status) == {"confirmed": 1}
    assert need_figures([ost], day, day + timedelta(days=3)).by_status["done"] == 1
    assert need_figures(None, day, day).entered == 2
