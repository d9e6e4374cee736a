"""What must never happen to a fund: near people who check, votes of the applicant, money promised twice (Z34–Z38)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.actions.merging import merge_actors, undo_merge
from districts.roles import Role
from projects.actions import agenda, applications, fund_payments, fund_votes, funds, sessions
from projects.actions.base import Conflict, LoopError
from projects.eligibility import FOUR_EYES, OWN_HOUSE, too_near
from projects.fund_report import fund_figures
from projects.fund_wording import notice_paragraphs
from projects.models import FundApplication, FundItem
from projects.proposals import proposals
from tests import make, make_bodies, make_funds, make_posts

pytestmark = pytest.mark.django_db
POSTPONED = {"result": "postponed", "yes": None, "no": None, "abstained": None}


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


@pytest.fixture
def member(fund):
    return make_bodies.member(body=fund.body)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


class TestNearPeople:
    def begin(self, found, by):
        return applications.begin_check(application=found, by=by)

    def test_whoever_changed_the_application_does_not_check_it(self, fund, asli, mara):
        found = make_funds.application(fund=fund, by=asli)
        applications.save_application(
            application=found, version=found.version, by=mara, lines=[("Material", Decimal(500))], title="Anders"
        )
        applications.submit(application=found, received_on=make.today(), by=mara)
        with pytest.raises(LoopError, match=FOUR_EYES):
            self.begin(found, mara)

    def test_an_adviser_cannot_be_taken_out_to_let_them_check(self, fund, asli, mara, silke):
        found = make_funds.submitted(fund=fund, by=asli, advised_by=mara)
        self.begin(found, silke)
        applications.check(
            application=found, overall="incomplete", reason="Angebot fehlt", answers=make_funds.answers(found), by=silke
        )
        found.refresh_from_db()
        applications.save_application(
            application=found, version=found.version, by=asli, lines=[("Material", Decimal(500))], advised_by=None
        )
        applications.submit(application=found, received_on=make.today(), by=asli)
        with pytest.raises(LoopError, match=FOUR_EYES):
            self.begin(found, mara)
        with pytest.raises(IntegrityError), transaction.atomic():
            found.checks.create(overall="eligible", by=mara)

    def test_staff_of_the_applicant_do_not_check_it(self, client_of, fund, asli, mara, ost):
        found = make_funds.submitted(fund=fund, by=asli)
        make.membership(user=mara, role=Role.CARRIER, actor=found.applicant)
        with pytest.raises(LoopError, match=OWN_HOUSE):
            self.begin(found, mara)
        assert OWN_HOUSE in client_of(mara).get(found.get_absolute_url()).content.decode()

    def test_nor_does_a_manager_whom_the_applicant_employs(self, fund, asli, mara, ost):
        found = make_funds.submitted(fund=fund, by=asli)
        assignment = make_posts.assignment(districts=[ost])
        assignment.carriers.update(actor=found.applicant)
        assignment.posts.create(name="Stelle").staffings.create(person=mara)
        assert too_near(found, mara, make.today()) == OWN_HOUSE
        assignment.carriers.update(valid_to=make.today() - timedelta(days=1))
        assert too_near(found, mara, make.today()) == ""

    def test_the_database_holds_the_second_check_too(self, ost, asli, mara, silke):
        fund = make_funds.fund(districts=[ost], by=silke, rules={"confirm": True})
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        yes = {"instance": "office", "result": "granted", "amount": 450, "is_final": True, "on": make.today()}
        for person in (asli, mara):
            with pytest.raises(IntegrityError), transaction.atomic():
                found.decisions.create(by=person, **yes)


class TestBias:
    def test_whoever_stands_in_for_the_applicant_does_not_vote(self, fund, member, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        seat = make_bodies.member(body=fund.body, actor=found.applicant)
        deputy = make_bodies.member(body=fund.body, role="deputy", deputy_for=seat, has_vote=False, name="Ute Fink")
        item = make_funds.on_agenda(application=found, by=mara, members=[member, deputy])
        with pytest.raises(LoopError, match="gehört zum Antragsteller"):
            make_funds.vote(item, by=mara)
        make_funds.vote(item, by=mara, yes=1, biased=[deputy])

    def test_a_member_of_the_applicant_who_comes_later_has_no_vote(self, fund, member, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        own = make_bodies.member(body=fund.body, actor=found.applicant)
        item = make_funds.on_agenda(application=found, by=mara, members=[member])
        make_funds.vote(item, by=mara)
        states = {member.pk: "present", own.pk: "present"}
        sessions.note_attendance(session=item.item.session, states=states, guests="", by=mara)
        item.refresh_from_db()
        assert (item.voters, list(item.biased.all())) == (1, [own])

    def test_attendance_cannot_fall_below_the_quorum_of_a_vote(self, ost, silke, asli, mara):
        fund = make_funds.fund(districts=[ost], by=silke, body=make_bodies.body(districts=[ost], quorum=50))
        members = [make_bodies.member(body=fund.body) for _ in range(4)]
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        item = make_funds.on_agenda(application=found, by=mara, members=members[:2])
        make_funds.vote(item, by=mara, yes=1)
        states = {members[0].pk: "present", members[1].pk: "excused"}
        with pytest.raises(LoopError, match="nicht beschlussfähig"):
            sessions.note_attendance(session=item.item.session, states=states, guests="", by=mara)

    def test_a_seat_that_was_merged_is_still_the_applicants(self, fund, member, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        own = make_bodies.member(body=fund.body, actor=found.applicant)
        first, kept = found.applicant, make.actor(name="Verein mit neuem Namen")
        merge = merge_actors(kept=kept, merged=first, by=mara)
        item = make_funds.on_agenda(application=found, by=mara, members=[member, own])
        with pytest.raises(LoopError, match="gehört zum Antragsteller"):
            make_funds.vote(item, by=mara)
        undo_merge(merge=merge, by=mara)
        found.refresh_from_db()
        assert found.applicant == first


class TestOneVote:
    def test_what_was_postponed_is_proposed_to_the_next_session_and_voted_once(self, fund, member, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        first = make_funds.on_agenda(application=found, by=mara, members=[member], on=make.today() - timedelta(days=9))
        make_funds.vote(first, by=mara, **POSTPONED)
        coming = make_bodies.session(body=fund.body)
        assert "fund" in {one.kind for one in proposals(coming, set())}
        second = make_funds.on_agenda(application=found, by=mara, members=[member], on=make.today())
        make_funds.vote(second, by=mara)
        for fields in ({}, POSTPONED):
            with pytest.raises(LoopError, match=f"{make.today():%d.%m.%Y} abgestimmt"):
                make_funds.vote(first, by=mara, **fields)
        assert make_funds.money(fund).reserved == 450
        words = {"result": "granted", "yes": 1, "no": 0, "abstained": 0, "amount": 450, "voters": 1}
        with pytest.raises(IntegrityError), transaction.atomic():
            FundItem.objects.filter(pk=first.pk).update(**words)

    def test_two_agendas_do_not_take_the_same_application(self, fund, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        one, other = (make_bodies.session(body=fund.body, on=make.today() + timedelta(days=d)) for d in (3, 9))
        sessions.cancel_session(session=one, reason="Krankheit", by=mara)
        item = make_bodies.item(session=one, kind="fund")
        agenda.take_proposals(session=other, kinds={f"fund:{found.pk}"}, by=mara)
        with pytest.raises(Conflict, match="anderen Tagesordnung"):
            fund_votes.put_on_agenda(item, found)

    def test_a_second_instance_that_postpones_leaves_the_money_aside(self, ost, silke, asli, mara):
        second = make_bodies.body(kind="committee")
        rules = {"threshold": Decimal(300), "second_body": second}
        fund = make_funds.fund(districts=[ost], by=silke, rules=rules)
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        item = make_funds.on_agenda(application=found, by=silke, members=[make_bodies.member(body=second)])
        make_funds.vote(item, by=silke, **POSTPONED)
        assert make_funds.money(fund).reserved == 450


class TestFocus:
    """80/20: at most a fifth of the year's money for what is beside the focus."""

    def test_the_last_euros_beside_the_focus_are_promised_once(self, ost, silke, asli, mara):
        focus = make.action_field()
        fund = make_funds.fund(
            districts=[ost], by=silke, budget=3000, rules={"focus_percent": 80, "focus_fields": [focus]}
        )
        member = make_bodies.member(body=fund.body)
        ask = {"fund": fund, "by": asli, "checker": mara}
        beside, other, inside = (make_funds.checked(**ask, **more) for more in ({}, {}, {"action_field": focus}))
        days = iter(range(3, 9))
        items = [
            make_funds.on_agenda(
                application=one, by=mara, members=[member], on=make.today() - timedelta(days=next(days))
            )
            for one in (beside, other, inside)
        ]
        make_funds.vote(items[0], by=mara)
        make_funds.vote(items[0], by=mara)  # its own money does not stand in its way
        with pytest.raises(LoopError, match="nur noch 150,00 € da"):
            make_funds.vote(items[1], by=mara)
        make_funds.vote(items[1], by=mara, result="partly", amount=Decimal(150), reason="Mehr ist nicht da.")
        make_funds.vote(items[2], by=mara)
        assert make_funds.money(fund).reserved == 1050


class TestConditions:
    def test_conditions_of_the_check_reach_the_applicant(self, client_of, ost, silke, asli, mara):
        fund = make_funds.fund(districts=[ost], by=silke, rules={"confirm": True})
        member = make_bodies.member(body=fund.body)
        found = make_funds.checked(
            fund=fund, by=asli, checker=mara, overall="conditions", reason="Rollstuhlgerechter Zugang"
        )
        item = make_funds.on_agenda(application=found, by=mara, members=[member], on=make.today() - timedelta(days=3))
        page = client_of(mara).get(reverse("projects:fund_vote", args=[item.item_id]))
        assert page.context["form"]["conditions"].value() == "Rollstuhlgerechter Zugang"
        make_funds.vote(item, by=mara, conditions="Rollstuhlgerechter Zugang")
        make_funds.approve(item, by=mara)
        page = client_of(silke).get(url("application_office", found))
        form = page.context["form"]
        assert form["conditions"].value() == "Rollstuhlgerechter Zugang"
        data = {"granted": "yes", "amount": "450", "conditions": form["conditions"].value()}
        client_of(silke).post(url("application_office", found), data)
        found.refresh_from_db()
        assert "Rollstuhlgerechter Zugang" in " ".join(notice_paragraphs(found, found.decisions.get(is_final=True)))


@pytest.mark.parametrize("reason", ["", " ", "\n\t "])
def test_no_refusal_without_a_word_in_form_action_and_database(client_of, fund, member, asli, mara, reason):
    found = make_funds.checked(fund=fund, by=asli, checker=mara)
    item = make_funds.on_agenda(application=found, by=mara, members=[member])
    no = {"result": "refused", "yes": 0, "no": 1, "abstained": 0, "reason": reason}
    data = no | {"amount": "", "conditions": "", "version": 1}
    assert client_of(mara).post(reverse("projects:fund_vote", args=[item.item_id]), data).status_code == 422
    with pytest.raises(LoopError, match="Bitte begründen"):
        fund_votes.record_vote(fund_item=item, version=1, by=mara, **no)
    with pytest.raises(IntegrityError), transaction.atomic():
        FundItem.objects.filter(pk=item.pk).update(voters=1, **no)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.checks.create(overall="not", reason=reason, by=mara)
    words = {"instance": "check", "result": "refused", "amount": 0, "is_final": True, "on": make.today()}
    with pytest.raises(IntegrityError), transaction.atomic():
        found.decisions.create(reason=reason, by=mara, **words)


class TestMoney:
    def test_a_payment_sent_twice_is_booked_once(self, client_of, fund, asli, mara):
        found = make_funds.told(fund=fund, by=asli, checker=mara)
        data = {"amount": "100", "on": f"{make.today():%Y-%m-%d}", "version": found.version}
        assert client_of(mara).post(url("application_pay", found), data).status_code == 303
        again = client_of(mara).post(url("application_pay", found), data)
        assert (again.status_code, make_funds.money(fund).paid) == (409, Decimal(100))
        seen = again.context["form"]["version"].value()
        assert client_of(mara).post(url("application_pay", found), data | {"version": seen}).status_code == 303
        assert client_of(mara).post(url("application_pay", found), data | {"version": "1" * 30}).status_code < 500
        assert make_funds.money(fund).paid == Decimal(200)

    def test_a_return_sent_twice_is_booked_once(self, client_of, fund, asli, mara):
        found = make_funds.paid(fund=fund, by=asli, checker=mara)
        fund_payments.prove(
            application=found, received_on=make.today(), receipts=Decimal(0), to_return=None, report="Fiel aus.",
            participants=0, by=mara,
        )  # fmt: skip
        found = FundApplication.objects.get(pk=found.pk)
        assert found.proof.to_return == Decimal(450)
        data = {"amount": "100", "on": f"{make.today():%Y-%m-%d}", "version": found.version}
        statuses = [client_of(mara).post(url("application_return", found), data).status_code for _ in range(2)]
        assert (statuses, make_funds.money(fund).returned) == ([303, 409], Decimal(100))

    def test_nothing_is_paid_or_proved_on_a_day_before_the_notice(self, fund, asli, mara):
        found = make_funds.told(fund=fund, by=asli, checker=mara)
        early = make.today() - timedelta(days=1)
        with pytest.raises(LoopError, match="vor dem Bescheid"):
            fund_payments.pay(application=found, amount=Decimal(1), on=early, by=mara)

    def test_hours_of_volunteers_are_worth_the_same_everywhere(self, ost, silke, asli, mara):
        fund = make_funds.fund(districts=[ost], by=silke, rules={"volunteer_rate": Decimal("10.05")})
        for _ in range(2):  # 125.625 € each
            make_funds.decided(fund=fund, by=asli, checker=mara, volunteer_hours=Decimal("12.5"))
        (figures,) = fund_figures(None, make.today() - timedelta(days=9), make.today())
        assert figures.own == 2 * (Decimal(50) + Decimal("125.63"))


class TestDays:
    def test_a_proof_is_late_the_day_after_it_was_due(self, fund, asli, mara):
        found = make_funds.paid(fund=fund, by=asli, checker=mara)
        rows = FundApplication.objects.filter(pk=found.pk)
        rows.update(proof_due_on=make.today())
        with pytest.raises(LoopError, match="noch nicht überfällig"):
            fund_payments.remind(application=found, version=found.version, by=mara)
        rows.update(proof_due_on=make.today() - timedelta(days=1))
        fund_payments.remind(application=found, version=found.version, by=mara)

    def test_a_proof_that_is_there_is_not_opened_again(self, fund, asli, mara):
        found = make_funds.paid(fund=fund, by=asli, checker=mara)
        fund_payments.prove(
            application=found, received_on=make.today(), receipts=Decimal(100), to_return=None, report="Kleiner.",
            participants=None, by=mara,
        )  # fmt: skip
        over = {"starts_on": make.today() - timedelta(days=9), "ends_on": make.today() - timedelta(days=1)}
        FundApplication.objects.filter(pk=found.pk).update(**over)
        assert fund_payments.mark_ended() == 0

    def test_a_fund_takes_applications_until_its_last_day(self, fund, asli, mara):
        last = make.today() - timedelta(days=2)
        fund.ends_on = last
        fund.save(update_fields=["ends_on"])
        found = make_funds.application(fund=fund, by=asli)
        with pytest.raises(LoopError, match="gibt es diesen Fonds nicht"):
            applications.submit(application=found, received_on=last + timedelta(days=1), by=mara)
        applications.submit(application=found, received_on=last, by=mara)

    @pytest.mark.parametrize("year", [0, 1, 9999, 10**30])
    def test_a_year_that_is_none_is_not_found(self, client_of, mara, fund, year):
        for name in ("projects:fund_year", "projects:fund_year_csv", "reports:fund_year"):
            assert client_of(mara).get(reverse(name, args=[fund.pk, year])).status_code == 404

    def test_a_day_cannot_be_taken_out_of_what_was_handed_in(self, client_of, fund, asli, mara):
        found = make_funds.submitted(fund=fund, by=asli)
        applications.begin_check(application=found, by=mara)
        words = {"overall": "incomplete", "reason": "Angebot fehlt", "answers": make_funds.answers(found)}
        applications.check(application=found, by=mara, **words)
        found.refresh_from_db()
        data = {"title": found.title, "applicant_kind": "institution", "version": found.version, "step": "save"}
        data |= {"posten-TOTAL_FORMS": 0, "posten-INITIAL_FORMS": 0}
        answer = client_of(asli).post(url("application_edit", found), data)
        assert (answer.status_code, "schon eingereicht" in answer.content.decode()) == (422, True)

    def test_received_in_december_and_decided_in_january_keeps_rules_and_year(self, ost, silke, asli, mara):
        new_year = make.today().replace(month=1, day=1)
        before, body = new_year - timedelta(days=10), make_bodies.body(districts=[ost])
        fund = make_funds.fund(districts=[ost], by=silke, body=body, budget=0)
        make_funds.rule(fund=fund, by=silke, valid_from=new_year, own_share=50)
        funds.set_budget(fund=fund, year=before.year, budget=Decimal(700), reason="Haushalt", by=silke)
        found = make_funds.submitted(
            fund=fund, by=asli, received_on=before, starts_on=before + timedelta(days=5), ends_on=new_year
        )
        assert found.rule.own_share == 10
        applications.begin_check(application=found, by=mara)
        applications.check(application=found, overall="eligible", reason="", answers=make_funds.answers(found), by=mara)
        found.refresh_from_db()
        item = make_funds.on_agenda(application=found, by=mara, members=[make_bodies.member(body=body)])
        make_funds.vote(item, by=mara)
        make_funds.approve(item, by=mara)
        year = fund.years.get()
        assert (year.year, year.granted, year.balance) == (before.year, Decimal(450), Decimal(250))


class TestRuleForm:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"focus_percent": "80"}, "was die Schwerpunkte sind"),
            ({"valid_from": "2199-01-01"}, "Bitte das Jahr prüfen."),
        ],
    )
    def test_what_could_not_be_taken_back_is_refused(self, client_of, silke, fund, fields, words):
        data = {"valid_from": f"{make.today():%Y-%m-%d}", "residents": "no", "proof_months": "3", "lead_days": "0"}
        answer = client_of(silke).post(url("fund_rule_new", fund), data | fields)
        assert (answer.status_code, words in answer.content.decode(), fund.rules.count()) == (422, True, 1)


NUMBERS = ("amount", "budget", "year", "receipts", "to_return", "participants", "yes", "no", "abstained", "version")
WORDS = ("reason", "report", "conditions", "label", "title", "name", "info", "code")
DAYS = ("on", "received_on", "closes_on", "valid_from", "starts_on", "ends_on")
CHOICES = ("way", "overall", "result", "granted", "body", "districts", "biased", "district", "project", "advised_by")


@pytest.mark.parametrize(
    ("number", "word", "day", "choice"),
    [
        ("-1", "\0", "0001-01-01", "999999999999"),
        (f"{10**30}", "w" * 30_000, "9999-12-31", "\0"),
        ("1e9", "\u202e\ufeff", "2026-13-45", "-1"),
        ("NaN", "", "1900-01-01", "granted"),
    ],
)
def test_no_hostile_input_gives_an_error_page(client_of, fund, silke, asli, mara, number, word, day, choice):
    typed = dict.fromkeys(NUMBERS, number) | dict.fromkeys(WORDS, word) | dict.fromkeys(DAYS, day)
    typed |= dict.fromkeys(CHOICES, choice) | {"posten-TOTAL_FORMS": number, "posten-0-amount": number, "step": word}
    draft = make_funds.application(fund=fund, by=asli)
    checking = make_funds.submitted(fund=fund, by=asli)
    applications.begin_check(application=checking, by=mara)
    typed |= {f"result_{one.pk}": choice for one in checking.rule.criteria.all()}
    paid = make_funds.paid(fund=fund, by=asli, checker=mara)
    names = ("application_submit", "application_check", "application_withdraw", "application_notice")
    names += ("application_pay", "application_proof", "application_return", "application_remind", "application_edit")
    paths = [url(name, one) for name in names for one in (draft, checking, paid)]
    paths += [url(name, fund) for name in ("fund_edit", "fund_rule_new", "fund_round_new", "fund_budget")]
    paths += [url("application_new", fund), reverse("projects:fund_new")]
    paths += [reverse("projects:fund_vote", args=[paid.items.get().item_id])]
    client, before = client_of(silke), make_funds.money(fund)
    assert {path: code for path in paths if (code := client.post(path, typed).status_code) >= 500} == {}
    assert make_funds.money(fund).paid == before.paid
    query = {"q": word[:500], "fund": choice, "status": choice, "year": number, "district": choice, "owed": choice}
    for path, data in ((reverse("projects:applications"), query), (url("fund_public", fund), {"jahr": number})):
        assert client.get(path, data).status_code < 500
