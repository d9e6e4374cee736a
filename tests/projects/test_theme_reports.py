"""Theme reports: draft, sending, the department's inbox, answer, what comes back (K16)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns.actions.base import LoopError, NotReady
from concerns.actions.digest import _lines
from concerns.actions.handover import HandoverNeeded, deactivate_person
from concerns.duties import duties_of
from concerns.workflow import ROUTING_MOVES, RoutingStatus
from projects.actions import agenda
from projects.actions import theme_answers as answers
from projects.actions import theme_reports as actions
from projects.models import ConcernNews, ThemeEvent, ThemeRecipient, ThemeReport, ToldAnswer
from projects.proposals import answers_for
from projects.workflow import THEME_REPORT_MOVES, ThemeReportStatus
from quartier.workdays import add_workdays
from tests import make, make_bodies, make_needs

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


@pytest.fixture
def need(ost, mara):
    return make_needs.need(title="Dunkle Wege", problem="Wege sind schlecht beleuchtet.", districts=[ost], keeper=mara)


@pytest.fixture
def concern(ost, mara, need):
    made = make.concern(district=ost, owner=mara, title="Hinterhof Nummer 7", text="Gerda Zorn klagt.")
    made.reporters.update(name="Gerda Zorn", consent_store=True)
    make_needs.link(need, made, by=mara)
    return made


@pytest.fixture
def sent(mara, ost, need, concern, stadtbetrieb):
    return make_needs.sent(by=mara, department=stadtbetrieb, needs=[need], district=ost)


def fresh(recipient):
    return ThemeRecipient.objects.select_related("report", "department").get(pk=recipient.pk)


class TestSending:
    def test_from_the_need_to_the_department(self, client_of, mara, enno, ost, need, stadtbetrieb):
        client, day = client_of(mara), make.today()
        typed = {"title": "Licht", "district": ost.pk, "since": day - timedelta(days=90), "until": day,
                 "needs": [need.pk], "reason": "Es wird Herbst.", "request": "Bitte prüfen."}  # fmt: skip
        client.post(url("theme_report_new"), typed)
        report = ThemeReport.objects.get()
        assert client.post(url("theme_report_send", report.pk)).status_code == 422  # nobody to send it to
        due = add_workdays(day, 15)
        client.post(url("theme_recipient_new", report.pk), {"department": stadtbetrieb.pk, "due_on": due})
        assert client_of(enno).get(url("theme_ticket", report.recipients.get().pk)).status_code == 404  # a draft
        assert client.post(url("theme_report_send", report.pk)).status_code == 303
        report.refresh_from_db(), need.refresh_from_db()
        assert (report.status, need.status, report.recipients.get().agreed_due_on) == ("sent", "reported", due)
        inbox = client_of(enno).get(reverse("concerns:inbox")).content.decode()
        assert ("Themenmeldungen" in inbox, "Licht" in inbox, mail.outbox) == (True, True, [])

    @pytest.mark.parametrize(("change", "field"), [
        ({"title": ""}, "title"), ({"until": "2020-01-01"}, "until"), ({"until": "2190-01-01"}, "until"),
        ({"district": ""}, "district"), ({"reason": ""}, "reason"), ({"needs": ["999999"]}, "needs"),
    ])  # fmt: skip
    def test_says_beside_the_field_what_is_wrong(self, client_of, mara, ost, need, change, field):
        typed = {"title": "Licht", "district": ost.pk, "since": "2026-01-01", "until": "2026-06-30", "needs": [need.pk],
                 "reason": "Herbst.", "request": "Bitte prüfen."}  # fmt: skip
        answer = client_of(mara).post(url("theme_report_new"), typed | change)
        assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
        assert not ThemeReport.objects.exists()

    def test_what_was_sent_stays_in_action_and_database(self, mara, ost, need, sent):
        before = sent.report.content
        need.problem = "Ganz anders."
        need.save()
        assert (before["needs"][0]["problem"], ThemeReport.objects.get().content) == (
            "Wege sind schlecht beleuchtet.", before,
        )  # fmt: skip
        with pytest.raises(LoopError):
            actions.add_recipient(report=sent.report, by=mara, due_on=make.today() + timedelta(days=9), name="Rat")
        rows = ThemeReport.objects.filter(pk=sent.report_id)
        for change in (
            lambda: rows.update(content={}), lambda: rows.update(title="Neu"), lambda: rows.delete(),
            lambda: ThemeRecipient.objects.update(department=None, name="Rat"),
            lambda: ThemeRecipient.objects.all().delete(), lambda: sent.report.needs.clear(),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_nothing_of_a_concern_is_in_it(self, client_of, mara, enno, concern, sent):
        pages = [client_of(mara).get(sent.report.get_absolute_url()), client_of(enno).get(sent.get_absolute_url())]
        shown = [page.content.decode() for page in pages] + [str(sent.report.content)]
        assert "unter 3 Anliegen" in shown[2]
        words = ("Hinterhof", "Gerda", concern.number)
        assert [word for word in words for text in shown if word in text] == []

    def test_moves_are_those_of_the_table(self, mara, sent):
        assert set(THEME_REPORT_MOVES) == set(ThemeReportStatus)
        with pytest.raises(LoopError):
            actions.send_report(report=sent.report, by=mara)
        with pytest.raises(LoopError):
            actions.finish(report=sent.report, by=mara)

    def test_whoever_is_slower_hears_that_it_is_sent(self, client_of, mara, ost, need, stadtbetrieb):
        report = make_needs.draft(by=mara, needs=[need], district=ost)
        make_needs.recipient(report=report, by=mara, department=stadtbetrieb)
        actions.send_report(report=report, by=mara)
        typed = {"title": "Licht", "district": ost.pk, "since": "2026-01-01", "until": "2026-06-30", "needs": [need.pk],
                 "reason": "Mein Text.", "request": "Bitte.", "version": 1}  # fmt: skip
        late = client_of(mara).post(url("theme_report_edit", report.pk), typed)
        assert (late.status_code, "Mein Text." in late.content.decode()) == (409, True)

    def test_a_failing_move_of_a_need_sends_nothing(self, mara, ost, need, stadtbetrieb, monkeypatch):
        report = make_needs.draft(by=mara, needs=[need], district=ost)
        make_needs.recipient(report=report, by=mara, department=stadtbetrieb)

        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(actions, "move_need", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.send_report(report=report, by=mara)
        report.refresh_from_db()
        assert (report.status, report.content) == ("draft", None)

    def test_a_team_reports_only_about_its_own_districts(self, client_of, silke, paul, mara,
                                                                                     ost, need):  # fmt: skip
        report = make_needs.draft(by=silke, needs=[need])
        assert client_of(silke).get(url("theme_report_send", report.pk)).status_code == 200
        assert client_of(mara).get(url("theme_report_send", report.pk)).status_code == 404
        own = make_needs.draft(by=mara, needs=[need], district=ost)
        assert client_of(paul).get(url("theme_report_edit", own.pk)).status_code == 404


class TestAnswering:
    def test_the_department_takes_every_step_on_its_page(self, client_of, enno, mara, sent):
        client, pk = client_of(enno), sent.pk
        client.post(url("theme_ticket_step", pk, "annehmen"), {"file_number": "7/26"})
        client.post(url("theme_ticket_step", pk, "rueckfrage"), {"text": "Welche Wege?"})
        asked = fresh(sent)
        assert (asked.status, asked.query_since, asked.assignee, asked.file_number) == (
            "query", make.today(), enno, "7/26",
        )  # fmt: skip
        basket = client_of(mara).get(reverse("concerns:basket")).content.decode()
        assert "überfällig, mit Rückfrage oder zurückgegeben" in basket
        client_of(mara).post(url("theme_recipient_step", pk, "rueckfrage"), {"text": "Die am Bahnhof."})
        later = make.today() + timedelta(days=60)
        client.post(url("theme_ticket_step", pk, "zwischennachricht"), {"text": "Dauert.", "new_due_on": later})
        assert (fresh(sent).status, fresh(sent).due_on) == ("accepted", later)
        client.post(url("theme_ticket_reply", pk), {"result": "fulfilled", "text": "Es leuchtet wieder."})
        done = fresh(sent)
        assert (done.status, done.result, done.text, done.report.status) == (
            "answered", "fulfilled", "Es leuchtet wieder.", "answered",
        )  # fmt: skip

    def test_what_was_given_back_lies_on_the_team_s_desk_until_it_is_closed(self, mara, enno, sent):
        answers.give_back(recipient=sent, reason="Das ist Sache des Landes.", by=enno)
        desk = ThemeReport.objects.of_team(mara).pressing(make.today())
        assert list(desk) == [sent.report]
        actions.finish(report=sent.report, by=mara)
        assert not desk.all().exists()

    def test_what_hangs_on_somebody_who_has_left_can_be_taken_by_a_colleague(self, client_of, enno, lena, sent):
        answers.accept(recipient=sent, by=lena)
        assign = url("theme_ticket_step", sent.pk, "zuweisen")
        assert client_of(enno).post(assign, {"assignee": enno.pk}).status_code == 404
        lena.is_active = False
        lena.save(update_fields=["is_active"])
        assert client_of(enno).post(assign, {"assignee": enno.pk}).status_code == 303
        assert fresh(sent).assignee == enno

    def test_a_no_needs_a_reason(self, client_of, enno, sent):
        answer = client_of(enno).post(url("theme_ticket_reply", sent.pk), {"result": "declined", "text": "Nein."})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason_category"])
        with pytest.raises(NotReady):
            answers.reply(recipient=sent, result="declined", text="Nein.", by=enno)
        with pytest.raises(IntegrityError), transaction.atomic():
            ThemeRecipient.objects.update(
                status="answered", result="declined", text="Nein.", finished_at="2026-01-01T10:00Z"
            )

    def test_only_the_moves_of_a_routing(self, enno, mara, sent):
        answers.give_back(recipient=sent, reason="Das ist FB 68.", by=enno)
        assert (fresh(sent).status, fresh(sent).report.status) == ("returned", "answered")
        assert ROUTING_MOVES[RoutingStatus.RETURNED] == frozenset()
        for act in (
            lambda: answers.accept(recipient=sent, by=enno),
            lambda: answers.reply(recipient=sent, result="known", text="Ja.", by=enno),
            lambda: answers.ask(recipient=sent, text="Was?", by=enno),
            lambda: actions.withdraw(recipient=sent, by=mara),
        ):
            with pytest.raises(LoopError):
                act()

    def test_the_slower_answer_is_kept_on_the_page(self, client_of, enno, lena, sent):
        answers.reply(recipient=sent, result="known", text="Schon bekannt.", by=lena)
        late = client_of(enno).post(
            url("theme_ticket_reply", sent.pk), {"result": "known", "text": "Mein langer Text."}
        )
        html = late.content.decode()
        assert (late.status_code, "Mein langer Text." in html, "Schon bekannt." in html) == (409, True, True)

    def test_other_departments_and_carriers_know_nothing_of_it(self, client_of, uwe, tara, sent):
        for person in (uwe, tara):
            assert client_of(person).get(sent.get_absolute_url()).status_code == 404
        assert sent.report.title not in client_of(uwe).get(reverse("concerns:inbox")).content.decode()

    def test_a_committee_s_answer_is_written_in(self, client_of, mara, ost, need):
        report = make_needs.draft(by=mara, needs=[need], district=ost)
        made = make_needs.recipient(report=report, by=mara, name="Ausschuss für Soziales")
        actions.send_report(report=report, by=mara)
        typed = {"result": "planned", "text": "Kommt auf die Liste.", "date_": make.today() + timedelta(days=90)}
        client_of(mara).post(url("theme_recipient_step", made.pk, "antwort"), typed)
        assert (fresh(made).status, fresh(made).entered_for_department) == ("answered", True)


class TestClock:
    def test_a_question_about_a_city_wide_report_reaches_the_sozialplanung(self, client_of, silke, enno, need,
                                                                           stadtbetrieb):  # fmt: skip
        sent = make_needs.sent(by=silke, needs=[need], department=stadtbetrieb)
        start = reverse("concerns:coordination")
        assert "Eigene Themenmeldungen" not in client_of(silke).get(start).content.decode()
        answers.ask(recipient=sent, text="Welche Wege?", by=enno)
        assert "Eigene Themenmeldungen" in client_of(silke).get(start).content.decode()

    def test_a_late_one_rises_step_by_step_once(self, client_of, mara, enno, lena, silke, sent):
        late = make_needs.late(sent, days=40)
        assert (actions.escalate_overdue(), actions.escalate_overdue()) == (1, 0)
        assert fresh(late).escalation == 3
        assert list(ThemeEvent.objects.filter(kind="escalated").values_list("new", flat=True)) == ["3"]
        pages = [
            (mara, reverse("concerns:basket"), "überfällig, mit Rückfrage oder zurückgegeben"),
            (enno, reverse("concerns:inbox"), "Stufe 3"),
            (silke, reverse("concerns:coordination"), "bis zur Sozialplanung eskaliert"),
        ]
        assert [
            words for person, path, words in pages if words not in client_of(person).get(path).content.decode()
        ] == []
        told = [words for count, words, _ in _lines(lena, make.today()) if count]
        assert "An Sie als Leitung: Themenmeldungen seit Langem überfällig" in told

    def test_the_clock_stands_still_during_a_question(self, mara, enno, sent):
        answers.ask(recipient=sent, text="Welche?", by=enno)
        make_needs.late(sent)
        assert actions.escalate_overdue() == 0
        assert list(ThemeRecipient.objects.overdue(make.today())) == []


class TestComingBack:
    def test_the_answer_is_owed_to_the_people_and_suggests_a_status(self, client_of, mara, enno, need, concern, sent):
        answers.reply(
            recipient=sent, result="declined", reason_category="funds", text="Dafür reicht es nicht.", by=enno
        )
        news = ConcernNews.objects.get()
        assert (news.concern, concern.reporters.get().due, mail.outbox) == (concern, "interim", [])
        assert "Dafür reicht es nicht." in news.news.text
        assert (
            "Vorschlag: den Stand auf „nicht weiterverfolgt“ setzen."
            in client_of(mara).get(need.get_absolute_url()).content.decode()
        )
        need.refresh_from_db()
        assert need.status == "reported"

    def test_it_is_reported_back_when_everybody_has_heard(self, mara, enno, concern, sent):
        answers.reply(recipient=sent, result="known", text="Ist bekannt.", by=enno)
        with pytest.raises(NotReady):
            actions.finish(report=sent.report, by=mara)
        concern.reporters.update(due="", due_since=None, due_on=None, feedback_state="interim")
        assert actions.finish(report=sent.report, by=mara).status == "returned"

    def test_the_body_that_spoke_about_it_gets_the_answer_proposed_and_hears_it_once(self, client_of, mara, enno, ost,
                                                                                     need, sent):  # fmt: skip
        body = make_bodies.body(districts=[ost], coordinator=mara)
        seat = make_bodies.member(body=body)
        spoke = make_bodies.held(body=body, by=mara, on=make.today() - timedelta(days=20), members=[seat], items=0)
        make_bodies.item(session=spoke, title=need.title, need=need)
        stranger = make_bodies.session(body=make_bodies.body(districts=[ost]))
        coming = make_bodies.session(body=body)
        assert answers_for(coming) == []
        answers.reply(recipient=sent, result="known", text="Ist bekannt.", by=enno)
        assert [[one.recipient for one in answers_for(one)] for one in (coming, stranger)] == [[sent], []]
        agenda.take_proposals(session=coming, kinds={"replies"}, by=mara)
        assert "Ist bekannt." in client_of(mara).get(coming.get_absolute_url()).content.decode()
        held = make_bodies.held(body=body, by=mara, on=make.today() - timedelta(days=1), members=[seat])
        agenda.write_minutes(session=held, written=[], told=set(), told_answers={sent.pk}, by=mara)
        assert ToldAnswer.objects.get().recipient == sent
        assert answers_for(coming) == []


def test_whoever_leaves_a_department_hands_its_theme_reports_on_first(mara, silke, enno, lena, stadtbetrieb, need):
    sent = [make_needs.sent(by=mara, department=stadtbetrieb, needs=[need]) for _ in range(3)]
    for one in sent[:2]:
        answers.assign(recipient=one, assignee=enno, by=lena)
    named = [one.text for one in duties_of(enno, on=make.today()).elsewhere]
    assert named == ["2 zugewiesene Themenmeldungen"]
    with pytest.raises(HandoverNeeded):
        deactivate_person(person=enno, by=silke)
    answers.reply(recipient=sent[0], result="declined", reason_category="funds", text="Nein.", by=enno)
    answers.assign(recipient=sent[1], assignee=lena, by=lena)
    assert list(duties_of(enno, on=make.today()).elsewhere) == []
    assert deactivate_person(person=enno, by=silke).is_active is False
