"""Funds of the demo city: both rule sets, applications in every state, money that adds up (Q17)."""

from decimal import Decimal

import pytest
from django.db.models import F, Sum
from django.utils import timezone

from districts.models import User
from projects.fund_ledger import budget_changes
from projects.fund_workflow import ApplicationStatus
from projects.models import Fund, FundApplication, FundDecision, FundYear, LedgerEntry, ProofOfUse
from tests import make

pytestmark = pytest.mark.django_db


def test_two_funds_have_the_rule_sets_of_the_city():
    small, large = (Fund.objects.get(kind=kind) for kind in ("district", "disposition"))
    today = timezone.localdate()
    rule = small.rule_on(today)
    assert (rule.own_share, rule.volunteer_rate, rule.threshold) == (10, 10, 2000)
    assert (rule.residents, rule.confirm, rule.proof_months) == ("partner", True, 3)
    rule = large.rule_on(today)
    assert (rule.own_share, rule.max_amount, rule.focus_percent) == (20, 10_000, 80)
    assert large.years.get(year=today.year).budget == 77_500
    assert min(small.years.count(), large.years.count()) >= 3


def test_applications_are_in_every_state_and_wait_at_every_instance():
    there = set(FundApplication.objects.values_list("status", flat=True))
    assert there >= set(ApplicationStatus) - {"granted", "partly", "paid"}
    assert there & {"granted", "partly", "paid"}
    assert FundApplication.objects.count() >= 60
    assert {one for (one,) in FundDecision.objects.values_list("instance")} == {"check", "body", "office", "second"}
    today = timezone.localdate()
    assert FundApplication.objects.proof_overdue(today).exists()
    assert FundApplication.objects.notice_owed().exists()
    assert not FundDecision.objects.filter(result="refused", reason="").exists()
    assert FundApplication.objects.to_confirm().exists()


def test_what_was_booked_by_mistake_is_reversed_and_a_budget_has_a_history():
    assert LedgerEntry.objects.filter(kind="unpay").exists()
    assert ProofOfUse.objects.filter(is_open=True).exists()
    small = Fund.objects.get(code="SFOST")
    changes = budget_changes(small, timezone.localdate().year)
    assert [one.after - one.before for one in changes] == [2500, 12_500]


def test_the_ledger_and_the_sums_agree_to_the_cent():
    for year in FundYear.objects.all():
        booked = dict(year.entries.order_by().values_list("kind").annotate(sum=Sum("amount")))
        sums = {kind: booked.get(kind, Decimal(0)) for kind, _ in LedgerEntry._meta.get_field("kind").choices}
        assert year.budget == sums["budget"]
        assert year.reserved == sums["reserve"] - sums["release"]
        paid, expired = sums["pay"] - sums["unpay"], sums["expire"] - sums["unexpire"]
        assert year.granted == sums["grant"] - paid - expired
        assert (year.paid, year.returned) == (paid, sums["return"] - sums["unreturn"])
        assert 0 <= year.balance <= year.budget
    assert FundYear.objects.filter(reserved__gt=0).exists()
    assert FundYear.objects.filter(budget__gt=F("paid") - F("returned"), paid__gt=0).exists()


@pytest.mark.parametrize("login", ["a.yilmaz", "e.steinmetz", "s.haddad"])
def test_every_page_opens(login):
    client = make.client_of(User.objects.get(email__startswith=login))
    newest = {one.status: one for one in FundApplication.objects.order_by("pk")}.values()
    paths = [one.get_absolute_url() for one in (*Fund.objects.all(), *newest)]
    assert {client.get(path).status_code for path in paths} == {200}
    assert len(paths) > 8
