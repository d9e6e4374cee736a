"""Money of funds: the ledger, sums that follow from it, races, a thousand random movements (Z34, N12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.actions import applications, fund_money, fund_payments, fund_votes, funds
from projects.actions.base import Conflict, LoopError
from projects.models import FundApplication, FundItem, FundYear, LedgerEntry
from tests import make, make_bodies, make_funds

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


def state(fund):
    row = make_funds.money(fund)
    return tuple(int(one) for one in (row.budget, row.reserved, row.granted, row.paid, row.returned, row.balance))


class TestLedger:
    def test_money_goes_from_reserved_to_granted_to_paid_and_back(self, fund, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        assert state(fund) == (1000, 0, 0, 0, 0, 1000)
        item = make_funds.on_agenda(application=found, by=mara, members=[make_bodies.member(body=fund.body)])
        make_funds.vote(item, by=mara)
        assert state(fund) == (1000, 450, 0, 0, 0, 550)
        make_funds.approve(item, by=mara)
        assert state(fund) == (1000, 0, 450, 0, 0, 550)
        fund_votes.record_notice(application=found, on=make.today(), way="hand", by=mara)
        fund_payments.pay(application=found, amount=Decimal(400), on=make.today(), by=mara)
        assert state(fund) == (1000, 0, 50, 400, 0, 550)
        fund_payments.prove(
            application=found, received_on=make.today(), receipts=Decimal(350), to_return=None, report="Gelungen.",
            participants=80, by=mara,
        )  # fmt: skip
        found.refresh_from_db()
        assert (found.status, found.proof.to_return) == ("paid", Decimal("100.00"))  # 350 − 50 own money = 300 needed
        fund_payments.record_return(application=found, amount=Decimal(100), on=make.today(), by=mara)
        found.refresh_from_db()
        assert found.status == "settled"
        assert state(fund) == (1000, 0, 0, 400, 100, 700)
        kinds = list(found.entries.values_list("kind", flat=True))
        assert kinds == ["reserve", "release", "grant", "pay", "return", "expire"]

    def test_a_refusal_leaves_the_balance_as_it_was(self, fund, asli, mara):
        found = make_funds.decided(fund=fund, by=asli, checker=mara, result="refused")
        assert found.status == "refused"
        assert state(fund) == (1000, 0, 0, 0, 0, 1000)
        assert not found.entries.exists()

    def test_giving_a_grant_up_frees_the_money(self, fund, asli, mara):
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        applications.withdraw(application=found, reason="Findet nicht statt.", by=mara)
        assert state(fund) == (1000, 0, 0, 0, 0, 1000)

    def test_a_change_of_the_vote_changes_what_is_kept_aside(self, fund, asli, mara):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        item = make_funds.on_agenda(application=found, by=mara, members=[make_bodies.member(body=fund.body)])
        make_funds.vote(item, by=mara)
        make_funds.vote(item, by=mara, result="partly", amount=Decimal(200), reason="Mehr ist nicht da.")
        assert state(fund) == (1000, 200, 0, 0, 0, 800)
        make_funds.vote(item, by=mara, result="postponed", yes=None, no=None, abstained=None)
        assert state(fund) == (1000, 0, 0, 0, 0, 1000)

    def test_what_is_not_there_cannot_be_promised(self, fund, asli, mara):
        first = make_funds.checked(fund=fund, by=asli, checker=mara)
        second = make_funds.checked(
            fund=fund, by=asli, checker=mara, lines=[("Bühne", 900)], requested=Decimal(800), own_money=Decimal(100)
        )
        member = make_bodies.member(body=fund.body)
        make_funds.vote(make_funds.on_agenda(application=first, by=mara, members=[member]), by=mara)
        later = make.today() - timedelta(days=5)
        item = make_funds.on_agenda(application=second, by=mara, members=[member], on=later)
        with pytest.raises(LoopError, match="nur noch 550,00 € frei"):
            make_funds.vote(item, by=mara)
        assert state(fund) == (1000, 450, 0, 0, 0, 550)
        item.refresh_from_db()
        assert item.result == ""

    def test_a_budget_cannot_fall_below_what_is_given_away(self, fund, asli, mara, silke):
        make_funds.decided(fund=fund, by=asli, checker=mara)
        change = {"fund": fund, "year": make.today().year, "reason": "Kürzung", "by": silke}
        with pytest.raises(LoopError, match="schon 450,00 € vergeben"):
            funds.set_budget(budget=Decimal("449.99"), **change)
        funds.set_budget(budget=Decimal(450), **change)
        assert state(fund) == (450, 0, 450, 0, 0, 0)

    def test_no_money_before_the_applicant_knows_and_never_more_than_granted(self, fund, asli, mara):
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        pay = {"application": found, "on": make.today(), "by": mara}
        with pytest.raises(LoopError, match="zuerst den Bescheid"):
            fund_payments.pay(amount=Decimal(1), **pay)
        fund_votes.record_notice(application=found, on=make.today(), way="mail", by=mara)
        with pytest.raises(LoopError, match="noch 450,00 €"):
            fund_payments.pay(amount=Decimal("450.01"), **pay)
        fund_payments.pay(amount=Decimal(450), **pay)
        with pytest.raises(LoopError, match="noch 0,00 €"):
            fund_payments.pay(amount=Decimal(1), **pay)
        assert state(fund) == (1000, 0, 0, 450, 0, 550)


class TestDatabase:
    """What the database refuses, whoever asks."""

    def refuses(self, act):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    def test_a_negative_balance(self, fund, silke, mara, asli):
        found = make_funds.checked(fund=fund, by=asli, checker=mara)
        row = make_funds.money(fund)
        entry = {"year": row, "application": found, "by": silke}
        self.refuses(lambda: LedgerEntry.objects.create(kind="grant", amount=Decimal("1000.01"), **entry))
        LedgerEntry.objects.create(kind="grant", amount=Decimal(1000), **entry)
        self.refuses(lambda: LedgerEntry.objects.create(kind="reserve", amount=Decimal("0.01"), **entry))
        self.refuses(lambda: LedgerEntry.objects.create(kind="pay", amount=Decimal("1000.01"), **entry))
        LedgerEntry.objects.create(kind="pay", amount=Decimal(1000), **entry)
        self.refuses(lambda: LedgerEntry.objects.create(kind="return", amount=Decimal("1000.01"), **entry))

    def test_sums_without_a_line_of_the_ledger(self, fund):
        self.refuses(lambda: FundYear.objects.filter(fund=fund).update(paid=5))
        self.refuses(lambda: FundYear.objects.create(fund=fund, year=2001, budget=10))

    def test_changes_of_what_was_booked_or_decided(self, fund, asli, mara):
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        self.refuses(lambda: found.entries.update(amount=1))
        self.refuses(lambda: found.entries.all()._raw_delete("default"))
        self.refuses(lambda: found.decisions.update(amount=1))
        self.refuses(lambda: found.events.update(kind="paid"))
        self.refuses(lambda: FundItem.objects.filter(application=found).update(reason="anders"))

    def test_a_check_by_whoever_entered_the_application(self, fund, asli, mara):
        found = make_funds.submitted(fund=fund, by=asli)
        self.refuses(lambda: found.checks.create(overall="eligible", by=asli))

    def test_a_no_without_a_reason(self, fund, asli, mara):
        found = make_funds.submitted(fund=fund, by=asli)
        no = {"instance": "check", "result": "refused", "amount": 0, "is_final": True, "on": make.today(), "by": mara}
        self.refuses(lambda: found.decisions.create(**no))

    def test_paying_what_nobody_was_told_about(self, fund, asli, mara):
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        rows = FundApplication.objects.filter(pk=found.pk)
        self.refuses(lambda: rows.update(status="paid", proof_due_on=make.today()))


def test_nothing_is_stored_when_the_second_write_fails(fund, asli, mara, monkeypatch):
    found = make_funds.told(fund=fund, by=asli, checker=mara)
    monkeypatch.setattr(fund_payments, "note", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fund_payments.pay(application=found, amount=Decimal(10), on=make.today(), by=mara)
    found.refresh_from_db()
    assert (found.status, state(fund)) == ("granted", (1000, 0, 450, 0, 0, 550))


# --- A thousand random movements -----------------------------------------------------------------------------------

_KINDS = st.sampled_from(["hold", "grant", "expire", "pay", "back", "cut", "reverse", "reverse"])
_UNDONE = {"pay": ("paid", "granted"), "return": ("back", None), "expire": (None, "granted")}
_STEP = st.tuples(_KINDS, st.integers(0, 4), st.integers(1, 60_000))


@settings(
    max_examples=5, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(steps=st.lists(_STEP, min_size=200, max_size=200))
def test_a_thousand_random_movements_agree_to_the_cent(fund, asli, mara, silke, steps):
    with transaction.atomic():
        _walk(fund, asli, mara, silke, steps)
        transaction.set_rollback(True)


def _walk(fund, asli, mara, silke, steps):
    """Walk through movements beside a model of plain numbers; both refuse the same ones and have the same sums."""
    rows = [make_funds.submitted(fund=fund, by=asli) for _ in range(5)]
    model = [dict.fromkeys(("held", "granted", "paid", "back"), 0) for _ in rows]
    budget, at, undone = 100_000, fund.years.get().entries.get().at, set()
    entry = None

    def total(name):
        return sum(one[name] for one in model)

    def free():
        return budget - total("held") - total("granted") - total("paid") + total("back")

    for kind, number, cents in steps:
        entry = None
        row, one, amount = rows[number], model[number], Decimal(cents) / 100
        year = make_funds.money(fund)
        try:
            with transaction.atomic():
                if kind == "hold":
                    fund_money.keep_aside(row, amount, by=mara, at=at)
                elif kind == "grant":
                    fund_money.grant(row, amount, by=mara, at=at)
                elif kind == "cut":
                    funds.set_budget(fund=fund, year=year.year, budget=amount * 2, reason="Plan", by=silke)
                elif kind == "reverse":
                    entry = _some_entry(row, cents)
                    fund_money.book_reversal(entry, year, "Irrtum", by=mara, at=at)
                elif kind == "expire":
                    fund_money.expire_rest(row, by=mara, at=at)
                else:
                    fund_money.book(row, year, "pay" if kind == "pay" else "return", amount, by=mara, at=at)
            went = True
        except (LoopError, IntegrityError, NothingThere):
            went = False
        if kind == "hold":
            assert went == (cents - one["held"] <= free())
            one["held"] = cents if went else one["held"]
        elif kind == "grant":
            assert went == (cents <= free() + one["held"])
            if went:
                one["held"], one["granted"] = 0, one["granted"] + cents
        elif kind == "cut":
            assert went == (2 * cents != budget and free() + 2 * cents - budget >= 0)
            budget = 2 * cents if went else budget
        elif kind == "expire":
            one["granted"] = 0
        elif kind == "reverse":
            _undo(entry, one, went, free, undone)
        elif kind == "pay":
            assert went == (cents <= one["granted"])
            if went:
                one["granted"], one["paid"] = one["granted"] - cents, one["paid"] + cents
        else:
            assert went == (one["back"] + cents <= one["paid"])
            one["back"] += cents if went else 0
    year = make_funds.money(fund)
    assert year.balance * 100 == free() >= 0
    names = (("reserved", "held"), ("granted", "granted"), ("paid", "paid"), ("returned", "back"))
    assert {name: getattr(year, name) * 100 for name, _ in names} == {name: total(of) for name, of in names}
    booked = dict(year.entries.order_by().values_list("kind").annotate(sum=Sum("amount")))
    assert booked.get("budget", 0) * 100 == budget
    paid = booked.get("pay", 0) - booked.get("unpay", 0)
    assert (paid - booked.get("return", 0) + booked.get("unreturn", 0)) * 100 == total("paid") - total("back")
    assert {one.pk for one in LedgerEntry.objects.exclude(reversal=None)} == undone


class NothingThere(Exception):
    """No line yet that could be reversed."""


def _some_entry(row, cents):
    """One of the lines of an application, whether it is reversed already or not."""
    lines = list(row.entries.filter(kind__in=list(_UNDONE)))
    if not lines:
        raise NothingThere
    return lines[cents % len(lines)]


def _undo(entry, one, went, free, undone):
    """A line is reversed once, and only as far as the money is still there."""
    if entry is None:
        assert not went
        return
    cents = int(entry.amount * 100)
    can = {
        "pay": one["paid"] - cents >= one["back"], "return": free() - cents >= 0, "expire": free() - cents >= 0,
    }[entry.kind]  # fmt: skip
    assert went == (can and entry.pk not in undone)
    if went:
        undone.add(entry.pk)
        down, up = _UNDONE[entry.kind]
        for name, change in ((down, -cents), (up, cents)):
            if name:
                one[name] += change


# --- Two at once ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_on_the_last_500_euros(ost, asli, mara, silke):
    fund = make_funds.fund(districts=[ost], by=silke, budget=500)
    ask = {"fund": fund, "by": asli, "checker": mara, "lines": [("Zelt", 600)], "requested": Decimal(500)}
    ask |= {"own_money": Decimal(100)}
    member = make_bodies.member(body=fund.body)
    items = [
        make_funds.on_agenda(
            application=make_funds.checked(**ask), by=mara, members=[member], on=make.today() - timedelta(days=days)
        )
        for days in (3, 4)
    ]
    barrier = Barrier(2)

    def vote(item):
        try:
            barrier.wait(5)
            make_funds.vote(FundItem.objects.select_related("item__session__body").get(pk=item.pk), by=mara)
        except LoopError as error:
            return str(error)
        else:
            return "ja"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(vote, items))
    year = make.today().year
    assert answers == [f"Im Fonds sind für {year} nur noch 0,00 € frei.", "ja"]
    assert state(fund) == (500, 500, 0, 0, 0, 0)
    assert sorted(FundItem.objects.values_list("result", flat=True)) == ["", "granted"]


@pytest.mark.django_db(transaction=True)
def test_the_same_payment_by_two_at_once_is_made_once(ost, asli, mara, silke):
    fund = make_funds.fund(districts=[ost], by=silke, budget=500)
    found, barrier = make_funds.told(fund=fund, by=asli, checker=mara), Barrier(2)

    def pay(_):
        try:
            barrier.wait(5)
            fund_payments.pay(application=found, amount=Decimal(450), on=make.today(), by=mara)
        except (LoopError, Conflict) as error:
            return str(error)
        else:
            return "ja"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(pay, range(2)))
    assert answers == ["Von der Bewilligung sind noch 0,00 € nicht ausgezahlt.", "ja"]
    assert state(fund) == (500, 0, 0, 450, 0, 50)
