"""Decisions in sessions: proposals, votes, bias, quorum, approval, second instance, notice, proof (Z37, Z38)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from projects.actions import agenda, fund_payments, fund_votes, sessions
from projects.actions.base import Conflict, LoopError
from projects.fund_report import csv_lines, fund_figures, public_year, year_report
from projects.fund_wording import notice_paragraphs, notice_subject
from projects.models import FundApplication
from projects.proposals import proposals
from tests import make, make_bodies, make_funds

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


@pytest.fixture
def members(fund):
    return [make_bodies.member(body=fund.body) for _ in range(3)]


@pytest.fixture
def found(fund, asli, mara):
    return make_funds.checked(fund=fund, by=asli, checker=mara)


@pytest.fixture
def item(found, mara, members):
    return make_funds.on_agenda(application=found, by=mara, members=members)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def vote_url(item):
    return reverse("projects:fund_vote", args=[item.item_id])


class TestAgenda:
    def test_an_application_is_proposed_until_it_is_on_one(self, client_of, mara, fund, found):
        session = make_bodies.session(body=fund.body)
        proposal = next(one for one in proposals(session, set()) if one.kind == "fund")
        assert (proposal.application, proposal.key) == (found, f"fund:{found.pk}")
        assert client_of(mara).post(url("agenda_take", session), {"kind": proposal.key}).status_code == 303
        made = session.items.get()
        assert (made.kind, made.fund.application, made.fund.instance) == ("fund", found, "body")
        later = make_bodies.session(body=fund.body, on=make.today() + timedelta(days=30))
        assert "fund" not in {one.kind for one in proposals(later, set())}
        sessions.cancel_session(session=session, reason="Krankheit", by=mara)
        assert "fund" in {one.kind for one in proposals(later, set())}

    def test_not_to_another_body_and_not_before_the_check(self, fund, asli, ost):
        make_funds.submitted(fund=fund, by=asli)
        assert "fund" not in {one.kind for one in proposals(make_bodies.session(body=fund.body), set())}
        other = make_bodies.session(body=make_bodies.body(districts=[ost]))
        assert "fund" not in {one.kind for one in proposals(other, set())}

    def test_an_item_of_an_application_keeps_its_kind(self, client_of, mara, fund, found):
        session = make_bodies.session(body=fund.body)
        agenda.take_proposals(session=session, kinds={f"fund:{found.pk}"}, by=mara)
        made = session.items.get()
        data = {"title": "Anderer Titel", "kind": "report", "version": 1}
        assert client_of(mara).post(url("item", made), data).status_code == 303
        made.refresh_from_db()
        assert (made.title, made.kind) == ("Anderer Titel", "fund")
        assert 'value="fund"' not in client_of(mara).get(url("item_new", session)).content.decode()


class TestVote:
    def post(self, client, item, result="granted", **fields):
        data = {"version": item.version, "result": result, "yes": "3", "no": "0", "abstained": "0"}
        return client.post(vote_url(item), data | fields)

    def test_counts_once_the_minutes_are_approved(self, client_of, asli, mara, item, found):
        assert self.post(client_of(asli), item, conditions="Eintritt frei.").status_code == 303
        found.refresh_from_db()
        assert (found.status, found.granted_amount) == ("deciding", 0)
        make_funds.approve(item, by=mara)
        found.refresh_from_db()
        assert (found.status, found.granted_amount) == ("granted", Decimal(450))
        decision = found.decisions.get()
        assert (decision.is_final, decision.conditions, decision.on) == (True, "Eintritt frei.", item.item.session.on)

    def test_minutes_wait_until_every_application_has_its_result(self, mara, item):
        assert agenda.missing_for_approval(item.item.session)[-1].endswith("auch nicht „vertagt“.")
        make_funds.vote(item, by=mara, result="postponed", yes=None, no=None, abstained=None)
        make_funds.approve(item, by=mara)
        item.application.refresh_from_db()
        assert item.application.status == "deciding"
        coming = make_bodies.session(body=item.application.fund.body)
        assert "fund" in {one.kind for one in proposals(coming, set())}

    def test_whoever_is_biased_leaves_the_vote(self, client_of, mara, fund, found, members):
        own = make_bodies.member(body=fund.body, actor=found.applicant)
        item = make_funds.on_agenda(application=found, by=mara, members=[*members, own])
        page = client_of(mara).get(vote_url(item)).content.decode()
        boxes = {tag for tag in re.findall(r"<input[^>]*name=\"biased\"[^>]*>", page) if "checked" in tag}
        assert [f'value="{own.pk}"' in tag for tag in boxes] == [True]  # proposed, and nobody else
        answer = self.post(client_of(mara), item)
        assert answer.status_code == 422
        assert "gehört zum Antragsteller und stimmt nicht mit" in answer.content.decode()
        answer = self.post(client_of(mara), item, yes="4", biased=[own.pk])
        assert "ohne Befangene (3)" in answer.content.decode()
        assert self.post(client_of(mara), item, biased=[own.pk]).status_code == 303
        item.refresh_from_db()
        assert (item.voters, list(item.biased.all())) == (3, [own])
        text = client_of(mara).get(item.item.session.get_absolute_url()).content.decode()
        assert f"Befangen und ohne Stimme: {own.label}" in text

    @pytest.mark.parametrize(
        ("result", "fields", "words"),
        [
            ("refused", {"yes": "0", "no": "3"}, "Bitte begründen"),
            ("refused", {"yes": "2", "no": "1", "reason": "x"}, "Mehr Ja als Nein"),
            ("granted", {"yes": "1", "no": "1", "abstained": "1"}, "Ohne mehr Ja als Nein"),
            ("granted", {"yes": ""}, "alle drei Stimmenzahlen"),
            ("granted", {"yes": "4"}, "Mehr Stimmen als Stimmberechtigte"),
            ("partly", {"amount": "200"}, "Bitte begründen"),
            ("partly", {"amount": "450", "reason": "x"}, "weniger als 450,00 €"),
            ("partly", {"amount": "0", "reason": "x"}, "mehr als 0"),
            ("granted", {"no": "-1"}, "Fehler"),
            ("granted", {"no": "1e9"}, "Fehler"),
            ("", {}, "Bitte wählen Sie etwas aus."),
        ],
    )
    def test_what_cannot_be_is_refused_and_changes_nothing(self, client_of, mara, item, result, fields, words):
        answer = self.post(client_of(mara), item, result, **fields)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        item.refresh_from_db()
        assert (item.result, item.version, make_funds.money(item.application.fund).reserved) == ("", 1, 0)

    def test_without_a_quorum_it_can_only_be_postponed(self, client_of, mara, ost, silke, asli):
        fund = make_funds.fund(
            districts=[ost], by=silke, body=make_bodies.body(districts=[ost], quorum=50, name="Runde")
        )
        members = [make_bodies.member(body=fund.body) for _ in range(5)]
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        item = make_funds.on_agenda(application=found, by=mara, members=members[:2])
        answer = self.post(client_of(mara), item, yes="2")
        assert "Nicht beschlussfähig: 2 von 5 Stimmen" in answer.content.decode()
        assert self.post(client_of(mara), item, "postponed").status_code == 303

    def test_the_slower_of_two_compares_first(self, client_of, mara, asli, item):
        make_funds.vote(item, by=asli, conditions="Von Aslı")
        answer = self.post(client_of(mara), item, conditions="Von Mara")
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Von Aslı" in text
        assert "Von Mara" in text

    def test_attendance_cannot_fall_below_the_votes(self, mara, item, members):
        make_funds.vote(item, by=mara)
        states = {one.pk: "excused" for one in members[:1]} | {one.pk: "present" for one in members[1:]}
        with pytest.raises(LoopError, match="mehr Stimmen"):
            sessions.note_attendance(session=item.item.session, states=states, guests="", by=mara)

    def test_nothing_changes_after_the_approval(self, client_of, mara, item):
        make_funds.vote(item, by=mara)
        make_funds.approve(item, by=mara)
        item.refresh_from_db()
        with pytest.raises(Conflict):
            make_funds.vote(item, by=mara, result="refused")
        assert client_of(mara).get(vote_url(item)).status_code == 303

    def test_minutes_page_and_paper_tell_the_vote(self, client_of, mara, item):
        make_funds.vote(item, by=mara, result="refused")
        client, session = client_of(mara), item.item.session
        text = client.get(url("minutes", session)).content.decode()
        assert "Abstimmung ändern" in text
        assert f'name="top-{item.item_id}-yes"' not in text
        assert client.get(reverse("reports:session_minutes", args=[session.pk])).status_code == 200

    def test_somebody_from_next_door_cannot_vote(self, client_of, paul, enno, item):
        for person in (paul, enno):
            assert client_of(person).post(vote_url(item), {"result": "granted"}).status_code == 404


class TestSecondInstance:
    @pytest.fixture
    def rules(self, ost):
        return {"confirm": True, "threshold": Decimal(300), "second_body": make_bodies.body(kind="committee")}

    def test_above_the_threshold_the_committee_has_the_last_word(self, ost, silke, asli, mara, rules):
        fund = make_funds.fund(districts=[ost], by=silke, rules=rules)
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        assert (found.status, found.awaits, make_funds.money(fund).reserved) == ("deciding", "second", Decimal(450))
        member = make_bodies.member(body=rules["second_body"])
        item = make_funds.on_agenda(application=found, by=silke, members=[member])
        make_funds.vote(item, by=silke, result="refused")
        make_funds.approve(item, by=silke)
        found.refresh_from_db()
        assert (found.status, make_funds.money(fund).balance) == ("refused", Decimal(1000))
        assert [one.instance for one in found.decisions.all()] == ["body", "second"]

    @pytest.fixture
    def waiting(self, ost, silke, asli, mara, rules):
        fund = make_funds.fund(districts=[ost], by=silke, rules=rules | {"threshold": Decimal(500)})
        return make_funds.decided(fund=fund, by=asli, checker=mara)

    def test_below_it_the_sozialplanung_decides_after_the_body(self, client_of, silke, mara, waiting):
        data = {"granted": "yes", "amount": "450"}
        assert client_of(mara).post(url("application_office", waiting), data).status_code == 404
        more = client_of(silke).post(url("application_office", waiting), data | {"amount": "451"})
        assert more.status_code == 422
        assert client_of(silke).post(url("application_office", waiting), data).status_code == 303
        waiting.refresh_from_db()
        assert (waiting.status, waiting.granted_amount) == ("granted", Decimal(450))

    def test_less_or_nothing_needs_a_reason(self, client_of, silke, waiting):
        for data in ({"granted": "no"}, {"granted": "yes", "amount": "100"}):
            answer = client_of(silke).post(url("application_office", waiting), data)
            assert answer.status_code == 422
            assert "Bitte begründen" in answer.content.decode()
        client_of(silke).post(url("application_office", waiting), {"granted": "no", "reason": "Schon gefördert."})
        waiting.refresh_from_db()
        assert (waiting.status, make_funds.money(waiting.fund).balance) == ("refused", Decimal(1000))

    def test_not_by_whoever_made_the_first_check(self, ost, silke, asli, rules):
        fund = make_funds.fund(districts=[ost], by=silke, rules=rules | {"threshold": Decimal(500)})
        found = make_funds.decided(fund=fund, by=asli, checker=silke)
        words = {"granted": True, "amount": Decimal(450), "conditions": "", "reason": ""}
        with pytest.raises(LoopError, match="zweite Prüfung macht jemand anderes"):
            fund_votes.decide_in_office(application=found, by=silke, **words)


class TestNotice:
    def test_a_refusal_tells_its_reason_and_is_owed_until_told(self, client_of, mara, fund, asli):
        found = make_funds.decided(fund=fund, by=asli, checker=mara, result="refused")
        assert list(FundApplication.objects.notice_owed()) == [found]
        decision = found.decisions.get()
        words = " ".join(notice_paragraphs(found, decision))
        assert "Der Grund:\nDas gibt es schon." in words
        assert notice_subject(found, decision).startswith("Ihr Antrag ist leider abgelehnt")
        assert client_of(mara).get(reverse("reports:fund_notice", args=[found.pk])).status_code == 200
        data = {"on": f"{make.today():%Y-%m-%d}", "way": "post"}
        early = f"{found.decided_on - timedelta(days=1):%Y-%m-%d}"
        assert client_of(mara).post(url("application_notice", found), data | {"on": early}).status_code == 422
        assert client_of(mara).post(url("application_notice", found), data).status_code == 303
        assert not FundApplication.objects.notice_owed().exists()
        assert client_of(mara).post(url("application_notice", found), data).status_code == 409

    def test_a_part_tells_amount_reason_and_conditions(self, mara, fund, asli):
        vote = {"amount": Decimal(200), "reason": "Mehr ist nicht da.", "conditions": "Eintritt frei."}
        found = make_funds.decided(fund=fund, by=asli, checker=mara, result="partly", vote_fields=vote)
        words = " ".join(notice_paragraphs(found, found.decisions.get()))
        assert "Sie bekommen 200,00 €. Das ist weniger" in words
        assert "Mehr ist nicht da." in words
        assert "Eintritt frei." in words


class TestProof:
    @pytest.fixture
    def paid(self, fund, asli, mara):
        return make_funds.paid(fund=fund, by=asli, checker=mara)

    def test_the_worker_opens_it_once_when_the_project_is_over(self, paid):
        assert fund_payments.mark_ended() == 0
        FundApplication.objects.filter(pk=paid.pk).update(
            starts_on=make.today() - timedelta(days=9), ends_on=make.today() - timedelta(days=1)
        )
        assert (fund_payments.mark_ended(), fund_payments.mark_ended()) == (1, 0)
        paid.refresh_from_db()
        assert (paid.status, paid.events.first().by) == ("proof_due", None)

    def test_reminding_is_noted_when_it_is_overdue(self, client_of, mara, paid):
        client = client_of(mara)
        client.post(url("application_remind", paid), {"version": paid.version})
        paid.refresh_from_db()
        assert paid.reminded_on is None
        FundApplication.objects.filter(pk=paid.pk).update(proof_due_on=make.today() - timedelta(days=1))
        assert client.get(reverse("reports:fund_reminder", args=[paid.pk])).status_code == 200
        client.post(url("application_remind", paid), {"version": "x" * 20})
        client.post(url("application_remind", paid), {"version": paid.version})
        paid.refresh_from_db()
        assert paid.reminded_on == make.today()

    def test_what_was_not_needed_is_worked_out_and_comes_back(self, client_of, mara, paid):
        data = {"received_on": f"{make.today():%Y-%m-%d}", "receipts": "480,00", "report": "Gelungen."}
        assert client_of(mara).post(url("application_proof", paid), data | {"to_return": "451"}).status_code == 422
        with pytest.raises(ObjectDoesNotExist):
            FundApplication.objects.get(pk=paid.pk).proof  # noqa: B018
        assert client_of(mara).post(url("application_proof", paid), data).status_code == 303
        paid = FundApplication.objects.get(pk=paid.pk)
        assert paid.proof.to_return == Decimal(20)  # 480 − 50 own money: 430 of 450 were needed
        back = {"amount": "20,01", "on": f"{make.today():%Y-%m-%d}", "version": paid.version}
        assert client_of(mara).post(url("application_return", paid), back).status_code == 422
        assert client_of(mara).post(url("application_return", paid), back | {"amount": "20"}).status_code == 303
        paid.refresh_from_db()
        assert paid.status == "settled"
        assert client_of(mara).post(url("application_proof", paid), data).status_code == 409

    def test_all_spent_is_settled_at_once(self, client_of, mara, paid):
        data = {"received_on": f"{make.today():%Y-%m-%d}", "receipts": "612", "report": "Gelungen."}
        client_of(mara).post(url("application_proof", paid), data)
        paid.refresh_from_db()
        assert paid.status == "settled"


class TestReports:
    @pytest.fixture
    def year(self, fund, asli, mara):
        who = {"fund": fund, "by": asli, "checker": mara}
        make_funds.paid(**who, title="Lesenacht")
        hidden = make.actor(name="Stiller Verein", is_public=False)
        make_funds.told(**who, applicant=hidden, title="Wandbild", result="partly", vote_fields={
            "amount": Decimal(100), "reason": "Wenig Geld."
        })  # fmt: skip
        make_funds.told(**who, title="Geheimer Plan", result="refused")
        make_funds.decided(**who, title="Noch nicht gesagt", lines=[("Kleines", 100)], requested=Decimal(50))
        return make.today().year

    def test_page_csv_and_paper_say_the_same(self, client_of, asli, fund, year, silke):
        report = year_report(fund, year)
        assert (report.requested, report.granted, report.paid) == (Decimal(1400), Decimal(600), Decimal(450))
        assert [count for _, count in report.counts] == [4, 3, 1, 0, 0]
        lines = list(csv_lines(report))
        assert len(lines) == 5
        assert lines[1].rstrip().endswith(";ausgezahlt;450,00;450,00;450,00;0,00")
        client = client_of(asli)
        page = client.get(reverse("projects:fund_year", args=[fund.pk, year])).content.decode()
        assert "1.400,00 €" in page
        assert client.get(reverse("projects:fund_year_csv", args=[fund.pk, year])).status_code == 200
        assert client.get(reverse("reports:fund_year", args=[fund.pk, year])).status_code == 200
        assert client.get(reverse("projects:fund_year", args=[fund.pk, 1999])).status_code == 404

    def test_everybody_reads_what_was_granted_and_told_and_no_more(self, client, fund, year):
        shown = public_year(fund, year)
        assert [(one.title, one.amount) for one in shown.rows] == [("Lesenacht", 450), ("Wandbild", 100)]
        assert (shown.refused, shown.rows[1].who) == (1, "eine Einrichtung")
        text = client.get(reverse("projects:fund_public", args=[fund.pk])).content.decode()
        assert "Lesenacht" in text
        for secret in ("Geheimer Plan", "Noch nicht gesagt", "Stiller Verein", "Das gibt es schon", "Wenig Geld"):
            assert secret not in text
        type(fund).objects.filter(pk=fund.pk).update(is_public=False)
        assert client.get(reverse("projects:fund_public", args=[fund.pk])).status_code == 404

    def test_figures_count_what_came_in(self, fund, year, ost, preuswald):
        today = make.today()
        (figures,) = fund_figures([ost], today - timedelta(days=1), today)
        assert (figures.handed_in, figures.granted, figures.refused, figures.undecided) == (4, 3, 1, 0)
        assert (figures.requested, figures.granted_sum, figures.paid) == (Decimal(1400), Decimal(600), Decimal(450))
        assert (figures.approval_rate, figures.own, figures.costs) == (Decimal(75), Decimal(150), Decimal(1100))
        assert fund_figures([preuswald], today - timedelta(days=1), today) == []
        assert fund_figures([ost], today, today) == []
