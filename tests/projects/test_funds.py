"""Funds and their rules (Z34): who keeps them, versions, conflicts, the two rule sets of appendix J (scenario 13)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from projects.actions import applications, funds
from projects.actions.base import LoopError
from projects.costs import Costs, euros, percent
from projects.eligibility import automatic, costs_of
from projects.forms.money import AmountField
from projects.models import Fund, FundYear
from tests import make, make_bodies, make_funds

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


class TestTwoRuleSets:
    """Stadtteilfonds Aachen and Verfügungsfonds Aachen-Nord, as appendix J tells them (scenario 13)."""

    @pytest.fixture
    def both(self, ost, silke):
        fields = [make.action_field(name="Nachbarschaft und Begegnung")]
        small = make_funds.fund(
            districts=[ost], by=silke, kind="district", budget=77_500,
            rules={"own_share": 10, "volunteer_rate": 10, "residents": "partner", "confirm": True,
                   "threshold": Decimal(2000), "second_body": make_bodies.body(kind="committee"), "proof_months": 3},
        )  # fmt: skip
        large = make_funds.fund(
            districts=[ost], by=silke, kind="disposition", budget=77_500,
            rules={"own_share": 20, "volunteer_rate": 0, "residents": "yes", "max_amount": Decimal(10_000),
                   "focus_percent": 80, "focus_fields": fields},
        )  # fmt: skip
        return small, large

    def failed(self, fund, **fields):
        found = make_funds.application(fund=fund, by=fields.pop("by"), **fields)
        return {one.code for one in automatic(found, today=make.today()) if not one.ok}

    def test_the_same_application_passes_one_and_fails_the_other(self, both, asli):
        small, large = both
        # 1,000 € of costs, 40 hours of volunteers: 400 € of 1,400 € here, nothing there.
        plan = {"by": asli, "lines": [("Bühne", 1000)], "own_money": Decimal(0), "volunteer_hours": Decimal(40)}
        plan |= {"requested": Decimal(1000)}
        assert self.failed(small, **plan) == set()
        assert self.failed(large, **plan) == {"own_share"}
        # Residents by themselves: not here, but there.
        alone = {"by": asli, "applicant_kind": "residents", "group_name": "Hofgruppe"}
        alone |= {"lines": [("Tische", 1000)], "own_money": Decimal(250), "requested": Decimal(750)}
        assert self.failed(small, **alone) == {"applicant"}
        assert self.failed(large, **alone) == set()
        # 12,000 €: no highest amount here, 10,000 € there.
        much = {"by": asli, "lines": [("Umbau", 16_000)], "own_money": Decimal(4000), "requested": Decimal(12_000)}
        assert self.failed(small, **much) == set()
        assert self.failed(large, **much) == {"amount"}

    def test_what_is_no_focus_gets_a_fifth_of_the_budget_at_most(self, both, asli, mara):
        _, large = both
        plan = {"by": asli, "lines": [("Bau", 12_500)], "own_money": Decimal(2500), "requested": Decimal(10_000)}
        assert self.failed(large, **plan) == set()
        make_funds.decided(fund=large, checker=mara, **plan)
        assert self.failed(large, **plan) == {"focus"}  # 20 % of 77,500 € are 15,500 €
        inside = large.rules.get().focus_fields.get()
        assert self.failed(large, **plan, action_field=inside) == set()

    def test_only_the_small_one_goes_on_to_the_office_and_above_2000_to_the_committee(self, both, asli, mara):
        small, large = both
        plan = {"by": asli, "checker": mara, "lines": [("Bühne", 2502)]}
        up_to = plan | {"requested": Decimal(2000), "own_money": Decimal(502)}
        above = plan | {"requested": Decimal(2001), "own_money": Decimal(501)}
        first = make_funds.decided(fund=small, **up_to)
        assert (first.status, first.awaits) == ("deciding", "office")
        second = make_funds.decided(fund=small, **above)
        assert (second.status, second.awaits) == ("deciding", "second")
        third = make_funds.decided(fund=large, **above)
        assert (third.status, third.awaits) == ("granted", "")


class TestRules:
    def test_new_rules_end_the_old_ones_and_leave_what_is_there_alone(self, fund, silke, asli):
        found = make_funds.submitted(fund=fund, by=asli)
        today, old = make.today(), fund.rules.get()
        new = funds.save_rule(fund=fund, by=silke, valid_from=today, own_share=50, volunteer_rate=0)
        old.refresh_from_db()
        assert old.valid_to == today - timedelta(days=1)
        found.refresh_from_db()
        assert found.rule == old
        assert not [one for one in automatic(found, today=today) if not one.ok]
        draft = make_funds.application(fund=fund, by=asli)
        assert [one.code for one in automatic(draft, today=today) if not one.ok] == ["own_share"]
        assert (fund.rule_on(today), fund.rule_on(today - timedelta(days=1))) == (new, old)

    def test_two_versions_of_one_day_are_refused(self, fund, client_of, silke):
        day = fund.rules.get().valid_from
        typed = {"valid_from": f"{day:%Y-%m-%d}", "residents": "no", "proof_months": 3, "lead_days": 0}
        answer = client_of(silke).post(url("fund_rule_new", fund), typed)
        assert answer.status_code == 422
        assert "gelten schon andere Regeln" in answer.content.decode()
        with pytest.raises(IntegrityError), transaction.atomic():
            fund.rules.create(valid_from=day + timedelta(days=1))

    def test_the_form_starts_with_the_old_rules_and_stores_the_checklist(self, fund, client_of, silke):
        client = client_of(silke)
        page = client.get(url("fund_rule_new", fund)).content.decode()
        assert "Aufgabe der Stadt</textarea>" in page
        typed = {"valid_from": f"{make.today():%Y-%m-%d}", "residents": "yes", "proof_months": "6", "lead_days": "0"}
        typed |= {"max_amount": "10.000,00", "own_share": "12,5", "exclusions": "Pflicht\nBegonnen", "musts": "Offen"}
        assert client.post(url("fund_rule_new", fund), typed).status_code == 303
        new = fund.rules.first()
        assert (new.max_amount, new.own_share) == (Decimal(10_000), Decimal("12.5"))
        assert [(one.kind, one.text) for one in new.criteria.all()] == [
            ("exclusion", "Pflicht"), ("exclusion", "Begonnen"), ("must", "Offen"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("max_amount", "0"), ("max_amount", "10^30"), ("max_amount", "9" * 30), ("own_share", "101"),
            ("own_share", "-1"), ("threshold", "2000"), ("volunteer_rate", "zehn"), ("proof_months", "0"),
            ("exclusions", "x" * 201), ("valid_from", "31.02.2026"), ("basis", "\0" + "w" * 300),
        ],
    )  # fmt: skip
    def test_nonsense_is_refused_next_to_its_field(self, fund, client_of, silke, field, value):
        typed = {"valid_from": f"{make.today():%Y-%m-%d}", "residents": "yes", "proof_months": "6", "lead_days": "0"}
        answer = client_of(silke).post(url("fund_rule_new", fund), typed | {field: value})
        assert answer.status_code == 422
        assert f'id="id_{field}-error"' in answer.content.decode()
        assert fund.rules.count() == 1


class TestFund:
    def typed(self, ost, deciding, **fields):
        known = {"name": "Stadtteilfonds Mitte", "code": "SFM", "kind": "district", "districts": [ost.pk]}
        return known | {"body": deciding.pk, "is_public": "on", **fields}

    def test_the_sozialplanung_enters_one(self, client_of, silke, mara, ost):
        body = make_bodies.body(districts=[ost])
        typed = self.typed(ost, body)
        assert client_of(mara).post(reverse("projects:fund_new"), typed).status_code == 404
        assert client_of(silke).post(reverse("projects:fund_new"), typed).status_code == 303
        fund = Fund.objects.get()
        assert (fund.name, fund.body, list(fund.districts.all())) == ("Stadtteilfonds Mitte", body, [ost])

    @pytest.mark.parametrize(("field", "value"), [("code", "a b"), ("name", ""), ("districts", []), ("body", "99999")])
    def test_what_is_wrong_is_told(self, client_of, silke, ost, field, value):
        typed = self.typed(ost, make_bodies.body(districts=[ost]), **{field: value})
        answer = client_of(silke).post(reverse("projects:fund_new"), typed)
        assert (answer.status_code, Fund.objects.count()) == (422, 0)

    def test_the_slower_of_two_compares_first(self, client_of, silke, fund, ost):
        typed = self.typed(ost, fund.body, version=fund.version, info="Meine Worte")
        funds.save_fund(
            fund=fund, version=1, by=silke, districts=[ost], body=fund.body, name="Anders", kind="district", info="Ihre"
        )  # fmt: skip
        answer = client_of(silke).post(url("fund_edit", fund), typed)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Meine Worte" in text
        assert "Ihre" in text

    def test_a_budget_is_set_and_changed_by_booking_the_difference(self, client_of, silke, mara, fund):
        year = make.today().year
        typed = {"year": year, "budget": "1.250,50", "reason": "Nachtrag", "seen": f"{year}:1"}
        assert client_of(mara).post(url("fund_budget", fund), typed).status_code == 404
        assert client_of(silke).post(url("fund_budget", fund), typed).status_code == 303
        row = FundYear.objects.get(fund=fund)
        assert [one.amount for one in row.entries.all()] == [Decimal(1000), Decimal("250.50")]
        assert row.balance == Decimal("1250.50")
        again = client_of(silke).post(url("fund_budget", fund), typed | {"seen": f"{year}:2"})
        assert again.status_code == 422
        assert "schon so hoch" in again.content.decode()

    def test_rounds_close_the_door(self, fund, mara, asli):
        yesterday = make.today() - timedelta(days=1)
        funds.add_round(fund=fund, closes_on=yesterday - timedelta(days=1), label="Herbst", by=mara)
        found = make_funds.submitted(fund=fund, by=asli, received_on=yesterday)
        late = next(one for one in automatic(found, today=make.today()) if one.code == "deadline")
        assert (late.ok, late.text) == (False, f"Nach dem {yesterday:%d.%m.%Y} ist keine Antragsrunde mehr offen.")


class TestAmounts:
    @pytest.mark.parametrize(
        ("typed", "amount"),
        [("1.250,50", "1250.50"), ("1250.5", "1250.5"), ("1.250", "1250"), ("80 €", "80"), ("0,1", "0.1")],
    )
    def test_are_read_as_people_write_them(self, typed, amount):
        assert AmountField().clean(typed) == Decimal(amount)

    @pytest.mark.parametrize("typed", ["-1", "1e30", "NaN", "1,2,3", "1.25,5", "9" * 12, "1,234", "٣", "\0", "1" * 900])
    def test_what_is_none_is_refused(self, typed):
        field = AmountField()
        with pytest.raises(Exception, match=r"Betrag|groß|Stellen|mindestens|größer"):
            field.clean(typed)

    def test_arithmetic_to_the_cent(self):
        costs = Costs(
            lines=Decimal("100.00"), own_money=Decimal("5.55"), hours=Decimal("1.5"), rate=Decimal("9.99"),
            other=Decimal("10"), requested=Decimal("84.45"),
        )  # fmt: skip
        assert (costs.volunteers, costs.total, costs.own) == (Decimal("14.99"), Decimal("114.99"), Decimal("20.54"))
        assert costs.gap == 0
        assert (euros(costs.total), percent(costs.own_percent)) == ("114,99 €", "17,8 %")
        assert (percent(Decimal(20)), percent(Decimal("0"))) == ("20 %", "0 %")
        assert Costs(lines=Decimal(0)).own_percent == 0

    def test_a_share_is_compared_without_rounding(self):
        almost = Costs(lines=Decimal("1000.00"), own_money=Decimal("99.99"), requested=Decimal("900.01"))
        assert not almost.reaches(Decimal(10))
        assert Costs(lines=Decimal(1000), own_money=Decimal(100), requested=Decimal(900)).reaches(Decimal(10))


def test_the_plan_of_an_application_counts_with_the_rate_of_its_rules(fund, asli):
    found = make_funds.application(fund=fund, by=asli, volunteer_hours=Decimal(8))
    assert costs_of(found, fund.rules.get()).own == Decimal(130)  # 50 € and 8 hours at 10 €


def test_without_rules_nothing_is_handed_in(fund, asli):
    found = make_funds.application(fund=fund, by=asli)
    long_ago = make.today() - timedelta(days=2000)
    with pytest.raises(LoopError, match="noch keine Regeln"):
        applications.submit(application=found, received_on=long_ago, by=asli)
    assert automatic(found, today=long_ago) == []
    assert timezone.localdate() == make.today()
