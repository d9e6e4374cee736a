"""What was booked by mistake: reversed by counter entries, once, and a settlement opened again (Z38)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from districts.models import ActorType
from projects.actions import applications, fund_payments, fund_reversals, funds
from projects.actions.base import Conflict, LoopError
from projects.basket import proofs_reopened
from projects.fund_ledger import bookings, reversals
from projects.fund_report import fund_figures, year_report
from projects.models import FundApplication, LedgerEntry, ProofOfUse
from tests import make, make_funds

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


@pytest.fixture
def paid(fund, asli, mara):
    return make_funds.paid(fund=fund, by=asli, checker=mara)


def state(fund):
    row = make_funds.money(fund)
    return tuple(int(one) for one in (row.budget, row.reserved, row.granted, row.paid, row.returned, row.balance))


def line(found, kind):
    return found.entries.get(kind=kind)


def prove(found, by, receipts=350):
    return make_funds.prove(found, by=by, receipts=receipts)


def give_back(found, by, amount=100):
    return fund_payments.record_return(application=found, amount=Decimal(amount), on=make.today(), by=by)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


class TestPayment:
    def test_a_payment_that_was_wrong_is_reversed_and_the_right_one_booked(self, fund, paid, mara):
        assert state(fund) == (1000, 0, 0, 450, 0, 550)
        fund_reversals.reverse(entry=line(paid, "pay"), reason="  Falsches Konto  ", by=mara)
        paid.refresh_from_db()
        assert (paid.status, paid.proof_due_on, paid.notice_on) == ("granted", None, make.today())
        assert state(fund) == (1000, 0, 450, 0, 0, 550)
        counter = line(paid, "unpay")
        assert (counter.amount, counter.reason, counter.reverses, counter.by) == (
            450, "Falsches Konto", line(paid, "pay"), mara,
        )  # fmt: skip
        event = paid.events.first()
        assert (event.kind, event.data) == ("reversed", {"entry": line(paid, "pay").pk, "amount": "450.00"})
        fund_payments.pay(application=paid, amount=Decimal(400), on=make.today(), by=mara)
        assert state(fund) == (1000, 0, 50, 400, 0, 550)

    def test_one_of_two_payments(self, fund, asli, mara):
        found = make_funds.paid(fund=fund, by=asli, checker=mara, amount=200)
        fund_payments.pay(application=found, amount=Decimal(150), on=make.today(), by=mara)
        fund_reversals.reverse(entry=found.entries.get(kind="pay", amount=150), reason="Doppelt", by=mara)
        found.refresh_from_db()
        assert (found.status, state(fund)) == ("paid", (1000, 0, 250, 200, 0, 550))

    def test_a_partial_grant_stays_one(self, fund, asli, mara):
        part = {"result": "partly", "vote_fields": {"amount": Decimal(100), "reason": "Wenig Geld."}}
        found = make_funds.paid(fund=fund, by=asli, checker=mara, **part)
        fund_reversals.reverse(entry=line(found, "pay"), reason="Irrtum", by=mara)
        found.refresh_from_db()
        assert found.status == "partly"

    def test_only_once_with_a_reason_and_what_was_seen(self, fund, paid, mara):
        entry = line(paid, "pay")
        with pytest.raises(LoopError, match="Grund"):
            fund_reversals.reverse(entry=entry, reason=" ", by=mara)
        with pytest.raises(Conflict):
            fund_reversals.reverse(entry=entry, reason="Irrtum", by=mara, version=paid.version - 1)
        with pytest.raises(Conflict, match="nicht stornieren"):
            fund_reversals.reverse(entry=line(paid, "grant"), reason="Irrtum", by=mara)
        fund_reversals.reverse(entry=entry, reason="Irrtum", by=mara)
        with pytest.raises(Conflict, match="schon storniert"):
            fund_reversals.reverse(entry=entry, reason="Irrtum", by=mara)
        assert paid.entries.filter(kind="unpay").count() == 1

    def test_not_while_the_proof_is_checked(self, fund, paid, mara):
        found = prove(paid, mara)
        with pytest.raises(LoopError, match="zuerst wieder öffnen"):
            fund_reversals.reverse(entry=line(found, "pay"), reason="Irrtum", by=mara)
        assert state(fund) == (1000, 0, 0, 450, 0, 550)

    def test_figures_lists_and_papers_count_what_is_left(self, client_of, fund, paid, mara, asli, ost):
        fund_reversals.reverse(entry=line(paid, "pay"), reason="Falsches Konto", by=mara)
        fund_payments.pay(application=paid, amount=Decimal(400), on=make.today(), by=mara)
        report = year_report(fund, make.today().year)
        assert (report.paid, report.rows[0].paid, report.money.paid) == (400, 400, 400)
        assert [(one.amount, one.reason) for one in report.reversals] == [(450, "Falsches Konto")]
        (figures,) = fund_figures([ost], make.today() - timedelta(days=1), make.today())
        assert figures.paid == 400
        pages = [
            reverse("projects:fund_year", args=[fund.pk, make.today().year]), paid.get_absolute_url(),
        ]  # fmt: skip
        for path in pages:
            text = client_of(asli).get(path).content.decode()
            assert "Falsches Konto" in text
            assert "Auszahlung storniert" in text
        assert client_of(asli).get(reverse("reports:fund_year", args=[fund.pk, make.today().year])).status_code == 200


class TestRepayment:
    def test_a_repayment_is_reversed_after_the_proof_is_opened_again(self, fund, asli, mara):
        found = make_funds.paid(fund=fund, by=asli, checker=mara, amount=400)
        prove(found, mara)
        give_back(found, mara)
        found.refresh_from_db()
        assert (found.status, state(fund)) == ("settled", (1000, 0, 0, 400, 100, 700))
        with pytest.raises(Conflict, match="zuerst wieder öffnen"):
            fund_reversals.reverse(entry=line(found, "return"), reason="Irrtum", by=mara)
        fund_reversals.reopen(application=found, reason="Falsch zugeordnet", by=mara)
        found = FundApplication.objects.get(pk=found.pk)
        # what had expired with the settlement is granted again
        assert (found.status, found.proof.is_open, state(fund)) == ("paid", True, (1000, 0, 50, 400, 100, 650))
        assert found.events.first().data == {"receipts": "350.00", "to_return": "100.00"}
        fund_reversals.reverse(entry=line(found, "return"), reason="Falsch zugeordnet", by=mara)
        assert state(fund) == (1000, 0, 50, 400, 0, 550)
        (figures,) = fund_figures(None, make.today() - timedelta(days=1), make.today())
        assert (figures.paid, figures.returned) == (400, 0)
        found = prove(found, mara, receipts=360)
        assert (found.status, found.proof.to_return, found.proof.is_open) == ("paid", Decimal(90), False)
        give_back(found, mara, 90)
        found.refresh_from_db()
        assert (found.status, state(fund)) == ("settled", (1000, 0, 0, 400, 90, 690))
        assert ProofOfUse.objects.count() == 1

    def test_money_that_is_given_away_again_does_not_come_back(self, fund, asli, mara, silke):
        found = make_funds.paid(fund=fund, by=asli, checker=mara)
        prove(found, mara, receipts=400)
        give_back(found, mara, 60)
        year = {"fund": fund, "year": make.today().year, "by": silke}
        funds.set_budget(budget=Decimal(430), reason="Kürzung", **year)
        with pytest.raises(LoopError, match=r"wieder vergeben: .* nur noch 40,00 € frei"):
            fund_reversals.reverse(entry=line(found, "return"), reason="Irrtum", by=mara)
        funds.set_budget(budget=Decimal(450), reason="Nachtrag", **year)
        fund_reversals.reverse(entry=line(found, "return"), reason="Irrtum", by=mara)
        assert state(fund) == (450, 0, 0, 450, 0, 0)

    def test_a_payment_stays_while_money_has_come_back_of_it(self, fund, paid, mara):
        prove(paid, mara)
        give_back(paid, mara, 40)
        fund_reversals.reopen(application=paid, reason="Beleg fehlte", by=mara)
        with pytest.raises(LoopError, match="Zurückgezahlt sind schon 40,00 €"):
            fund_reversals.reverse(entry=line(paid, "pay"), reason="Irrtum", by=mara)
        with pytest.raises(LoopError, match="Zurückgezahlt sind schon 40,00 €"):
            prove(paid, mara, receipts=480)

    def test_what_expired_and_is_given_away_keeps_the_settlement(self, fund, asli, mara, silke):
        found = prove(make_funds.paid(fund=fund, by=asli, checker=mara, amount=400), mara, receipts=450)
        assert (found.status, state(fund)) == ("settled", (1000, 0, 0, 400, 0, 600))
        funds.set_budget(fund=fund, year=make.today().year, budget=Decimal(420), reason="Kürzung", by=silke)
        with pytest.raises(LoopError, match="wieder vergeben"):
            fund_reversals.reopen(application=found, reason="Irrtum", by=mara)
        found.refresh_from_db()
        assert (found.status, found.proof.is_open) == ("settled", False)

    def test_opening_needs_a_checked_proof_and_a_reason(self, fund, paid, mara):
        with pytest.raises(Conflict, match="keinen geprüften Nachweis"):
            fund_reversals.reopen(application=paid, reason="Irrtum", by=mara)
        found = prove(paid, mara)
        with pytest.raises(LoopError, match="Grund"):
            fund_reversals.reopen(application=found, reason="", by=mara)
        fund_reversals.reopen(application=found, reason="Irrtum", by=mara)
        with pytest.raises(Conflict, match="keinen geprüften Nachweis"):
            fund_reversals.reopen(application=found, reason="Irrtum", by=mara)

    def test_an_open_proof_waits_for_its_check_and_nobody_is_reminded(self, client_of, fund, paid, mara):
        found = prove(paid, mara, receipts=612)
        FundApplication.objects.filter(pk=found.pk).update(
            starts_on=make.today() - timedelta(days=200), ends_on=make.today() - timedelta(days=150),
            proof_due_on=make.today() - timedelta(days=1),
        )  # fmt: skip
        rows = FundApplication.objects
        assert not rows.proof_overdue(make.today()).exists()
        fund_reversals.reopen(application=found, reason="Beleg fehlt", by=mara)
        assert rows.get().status == "proof_due"
        assert not rows.proof_overdue(make.today()).exists()
        assert not rows.money_to_come_back().exists()
        tile = proofs_reopened(mara, make.today())
        assert (tile["label"], tile["count"]) == ("Nachweise neu zu prüfen", "1")
        assert [one for one, _ in client_of(mara).get(tile["url"]).context["rows"]] == [found]
        with pytest.raises(LoopError, match="noch nicht überfällig"):
            fund_payments.remind(application=found, version=rows.get().version, by=mara)
        prove(rows.get(), mara, receipts=612)
        assert proofs_reopened(mara, make.today()) is None


class TestPages:
    def test_from_the_page_of_an_application(self, client_of, fund, paid, mara, asli):
        client, entry = client_of(mara), line(paid, "pay")
        assert url("entry_reverse", entry) in client.get(paid.get_absolute_url()).content.decode()
        assert url("entry_reverse", entry) not in client_of(asli).get(paid.get_absolute_url()).content.decode()
        assert "450,00 €" in client.get(url("entry_reverse", entry)).content.decode()
        assert client.post(url("entry_reverse", entry), {"version": paid.version}).status_code == 422
        stale = {"reason": "Doppelt gebucht", "version": paid.version - 1}
        answer = client.post(url("entry_reverse", entry), stale)
        assert answer.status_code == 409
        assert "Doppelt gebucht" in answer.content.decode()
        assert client.post(url("entry_reverse", entry), stale | {"version": paid.version}).status_code == 303
        assert client.post(url("entry_reverse", entry), stale | {"version": paid.version}).status_code == 409
        assert client.get(url("entry_reverse", line(paid, "grant"))).status_code == 404
        text = client.get(paid.get_absolute_url()).content.decode()
        assert "Doppelt gebucht" in text
        assert url("entry_reverse", entry) not in text

    def test_opening_a_proof_again_and_checking_it_with_what_was_typed(self, client_of, fund, paid, mara):
        client = client_of(mara)
        assert client.get(url("application_reopen", paid)).status_code == 404
        found = prove(paid, mara, receipts=612)
        given = {"reason": "Ein Beleg fehlte", "version": found.version}
        assert client.post(url("application_reopen", found), given | {"version": 0}).status_code == 409
        assert client.post(url("application_reopen", found), given).status_code == 303
        assert "Ein Beleg fehlte" in client.get(paid.get_absolute_url()).content.decode()
        form = client.get(url("application_proof", paid)).content.decode()
        for typed in ("612,00", "Gelungen.", 'value="80"'):
            assert typed in form

    def test_of_other_funds_there_is_nothing(self, client_of, paid, preuswald, cast_manager_of_preuswald):
        stranger = client_of(cast_manager_of_preuswald)
        assert stranger.get(url("entry_reverse", line(paid, "pay"))).status_code == 404
        assert stranger.get(url("application_reopen", paid)).status_code == 404

    @pytest.fixture
    def cast_manager_of_preuswald(self, preuswald):
        person = make.user(name="Paul Preuswald")
        make.membership(user=person, role="manager", district=preuswald)
        return person

    def test_a_withdrawn_application_asks_for_no_check_any_more(self, client_of, paid, mara):
        found = prove(paid, mara, receipts=612)
        fund_reversals.reopen(application=found, reason="Fest fiel aus", by=mara)
        page = client_of(mara).get(paid.get_absolute_url()).content.decode()
        assert "neu zu prüfen" in page
        fund_reversals.reverse(entry=line(found, "pay"), reason="Fest fiel aus", by=mara)
        applications.withdraw(application=found, reason="Fest fiel aus", by=mara)
        page = client_of(mara).get(paid.get_absolute_url()).content.decode()
        assert "Verwendungsnachweis" in page
        assert "neu zu prüfen" not in page

    def test_lines_are_told_by_kind_and_state(self, fund, paid, mara):
        fund_reversals.reverse(entry=line(paid, "pay"), reason="Irrtum", by=mara)
        fund_payments.pay(application=paid, amount=Decimal(400), on=make.today(), by=mara)
        found = FundApplication.objects.get(pk=paid.pk)
        shown = [(one.entry.kind, bool(one.reversed), one.can_reverse) for one in bookings(found, may_keep=True)]
        assert shown == [("grant", False, False), ("pay", True, False), ("unpay", False, False), ("pay", False, True)]
        assert not any(one.can_reverse for one in bookings(found, may_keep=False))
        assert [one.kind for one in reversals(fund, make.today().year)] == ["unpay"]


class TestDatabase:
    def refuses(self, act):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    def counter(self, entry, **fields):
        known = {"kind": "unpay", "amount": entry.amount, "reason": "Irrtum", "reverses": entry, "by": entry.by}
        known |= {"year": entry.year, "application": entry.application}
        return LedgerEntry.objects.create(**{**known, **fields})

    def test_a_reversal_is_whole_and_made_once(self, fund, paid, asli, mara):
        entry, other = line(paid, "pay"), make_funds.told(fund=fund, by=asli, checker=mara)
        self.refuses(lambda: self.counter(entry, reason=" "))
        self.refuses(lambda: self.counter(entry, reverses=None))
        self.refuses(lambda: self.counter(entry, amount=1))
        self.refuses(lambda: self.counter(entry, application=other))
        self.refuses(lambda: self.counter(entry, kind="unreturn"))
        self.refuses(lambda: self.counter(line(paid, "grant")))
        self.refuses(lambda: self.counter(entry, kind="pay", reverses=entry))
        self.counter(entry)
        self.refuses(lambda: self.counter(entry))
        assert state(fund) == (1000, 0, 900, 0, 0, 100)

    def test_nothing_moves_in_a_settled_application(self, fund, paid, mara):
        prove(paid, mara, receipts=612)
        self.refuses(lambda: self.counter(line(paid, "pay")))

    def test_a_checked_proof_stays(self, fund, paid, mara):
        found = prove(paid, mara)
        rows = ProofOfUse.objects.filter(pk=found.proof.pk)
        self.refuses(lambda: rows.update(receipts=1))
        self.refuses(lambda: rows.update(is_open=True))  # without a reason
        self.refuses(lambda: rows.update(is_open=True, reopened_reason="Irrtum", receipts=1))
        self.refuses(lambda: rows._raw_delete("default"))
        give_back(found, mara, 150)
        self.refuses(lambda: rows.update(is_open=True, reopened_reason="Irrtum"))

    def test_rules_that_were_applied_stay(self, fund, asli, silke):
        rule = fund.rules.get()
        rule.criteria.create(kind="must", text="Noch eines")  # nobody was checked against them yet
        make_funds.submitted(fund=fund, by=asli)
        rows = type(rule).objects.filter(pk=rule.pk)
        self.refuses(lambda: rows.update(own_share=50))
        self.refuses(lambda: rows._raw_delete("default"))
        self.refuses(lambda: rule.criteria.create(kind="must", text="Zu spät"))
        self.refuses(lambda: rule.criteria.update(text="Anders"))
        self.refuses(lambda: rule.criteria.first().delete())
        self.refuses(lambda: rule.focus_fields.add(make.action_field()))
        self.refuses(lambda: rule.types.add(ActorType.objects.create(name="Verein für dies")))
        new = make_funds.rule(fund=fund, by=silke, valid_from=make.today(), own_share=50)
        self.refuses(lambda: new.criteria.update(rule=rule))  # nor does anything move into them
        field = make.action_field()
        new.focus_fields.add(field)
        self.refuses(lambda: new.focus_fields.through.objects.filter(fundrule=new).update(fundrule=rule))
        new.criteria.update(text="Anders")  # nobody was checked against these
        rule.refresh_from_db()
        assert (rule.own_share, rule.valid_to) == (10, make.today() - timedelta(days=1))


class TestBudget:
    def test_who_when_from_what_to_what_and_why(self, client_of, fund, silke):
        client, year = client_of(silke), make.today().year
        page = client.get(f"{url('fund_budget', fund)}?jahr={year}")
        assert (page.context["form"]["seen"].value(), page.context["form"]["budget"].value()) == (
            f"{year}:1",
            "1.000,00",
        )
        given = {"year": year, "budget": "1.200", "reason": "Nachtrag", "seen": f"{year}:1"}
        assert client.post(url("fund_budget", fund), given | {"reason": ""}).status_code == 422
        assert client.post(url("fund_budget", fund), given).status_code == 303
        text = client.get(url("fund_budget", fund)).content.decode()
        for words in ("1.000,00 €", "1.200,00 €", "Nachtrag", silke.name):
            assert words in text
        assert make_funds.money(fund).version == 2

    def test_whoever_was_slower_compares_first(self, client_of, fund, silke):
        client, year = client_of(silke), make.today().year
        funds.set_budget(fund=fund, year=year, budget=Decimal(1100), reason="Nachtrag", by=silke)
        given = {"year": year, "budget": "900", "reason": "Kürzung", "seen": f"{year}:1"}
        answer = client.post(url("fund_budget", fund), given)
        assert answer.status_code == 409
        text = answer.content.decode()
        for words in ("1.100,00 €, gesetzt von", "Nachtrag", "Kürzung", f'value="{year}:2"'):
            assert words in text
        assert make_funds.money(fund).budget == 1100
        assert client.post(url("fund_budget", fund), given | {"seen": f"{year}:2"}).status_code == 303
        assert make_funds.money(fund).budget == 900

    def test_a_year_without_a_budget_has_none_to_compare(self, client_of, fund, silke):
        following = make.today().year + 1
        given = {"year": following, "budget": "500", "reason": "Haushalt", "seen": ""}
        assert client_of(silke).post(url("fund_budget", fund), given).status_code == 303
        assert client_of(silke).post(url("fund_budget", fund), given | {"budget": "600"}).status_code == 409
        assert fund.years.get(year=following).budget == 500

    def test_what_nobody_could_have_seen(self, client_of, fund, silke):
        """A page that claims to know a year without budget, and years that are no numbers."""
        client, following = client_of(silke), make.today().year + 1
        given = {"year": following, "budget": "500", "reason": "Haushalt", "seen": f"{following}:7"}
        answer = client.post(url("fund_budget", fund), given)
        assert (answer.status_code, fund.years.filter(year=following).exists()) == (409, False)
        assert 'value="Haushalt"' in answer.content.decode()
        for asked in ("9" * 5000, "٢٠٢٦", "-1"):
            assert client.get(url("fund_budget", fund), {"jahr": asked}).status_code == 200

    def test_never_below_what_is_bound_and_never_without_a_reason(self, client_of, fund, paid, silke):
        year = make.today().year
        given = {"year": year, "budget": "449,99", "reason": "Kürzung", "seen": f"{year}:1"}
        answer = client_of(silke).post(url("fund_budget", fund), given)
        assert answer.status_code == 422
        assert "schon 450,00 € vergeben" in answer.content.decode()
        row = make_funds.money(fund)
        for fields in ({"reason": ""}, {"reason": "Kürzung", "amount": Decimal(-551)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LedgerEntry.objects.create(**{"year": row, "kind": "budget", "amount": 1, "by": silke, **fields})
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(version=9)


def _both(act):
    barrier = Barrier(2)

    def run(number):
        try:
            barrier.wait(5)
            act(number)
        except (LoopError, Conflict) as error:
            return str(error)
        except Exception as error:  # what came is the answer
            return type(error).__name__
        else:
            return "ja"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2)))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_reverse_a_payment_once(ost, asli, mara, silke):
    fund = make_funds.fund(districts=[ost], by=silke)
    found = make_funds.paid(fund=fund, by=asli, checker=mara)
    entry = line(found, "pay")
    answers = _both(lambda _: fund_reversals.reverse(entry=entry, reason="Irrtum", by=mara))
    assert answers == ["Diese Buchung ist schon storniert.", "ja"]
    assert state(fund) == (1000, 0, 450, 0, 0, 550)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_set_a_budget_that_one_has_not_seen(ost, silke):
    fund = make_funds.fund(districts=[ost], by=silke)
    year = make.today().year
    answers = _both(
        lambda number: funds.set_budget(
            fund=fund, year=year, budget=Decimal(2000 + number), reason="Nachtrag", by=silke, version=1
        )
    )
    assert answers == ["Conflict", "ja"]
    assert make_funds.money(fund).version == 2
