"""The funds of the benchmark: 20,000 applications to a fund in every district, ten years of them, with their ledger."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bench.city import City
from bench.texts import NOUNS
from districts.models import ActionField, Actor, District, User
from projects.actions import bodies, funds
from projects.fund_workflow import ApplicationStatus
from projects.models import CostLine, Fund, FundApplication, FundRule, LedgerEntry

APPLICATIONS, YEARS = 20_000, 10
_AT_A_TIME = 2_000
_PAID = ("settled", "settled", "settled", "settled", "paid", "proof_due")
_STATES = (*_PAID, "granted", "refused", "withdrawn", "submitted", "checking")


def build(city: City, today: date) -> None:
    """Store them; states, dates and amounts are drawn with a fixed seed."""
    rnd, by = Random(20_000), User.objects.get(pk=city.teams[0][0])
    made = [_fund(District.objects.get(pk=pk), today, by) for pk in city.districts]
    rows = FundApplication.objects.bulk_create(_rows(made, today, by, rnd), batch_size=_AT_A_TIME)
    CostLine.objects.bulk_create(
        (CostLine(application=one, position=n, label="Posten", amount=100) for one in rows for n in (1, 2, 3)),
        batch_size=_AT_A_TIME,
    )
    years = {(one.fund_id, one.year): one for fund, _ in made for one in fund.years.all()}
    for one in rows:  # one by one: a trigger books each of them
        if one.status in _PAID:
            year = years[one.fund_id, one.starts_on.year]
            known = {"year": year, "application": one, "amount": one.granted_amount, "by": by, "on": one.decided_on}
            LedgerEntry.objects.create(kind="grant", **known)
            LedgerEntry.objects.create(kind="pay", **known)


def _fund(district: District, today: date, by: User) -> tuple[Fund, FundRule]:
    body = bodies.save_body(
        by=by, districts=[district], name=f"Stadtteilkonferenz {district}", kind="district_conference", power="funds",
        starts=None,
    )  # fmt: skip
    fund = funds.save_fund(
        by=by, districts=[district], body=body, name=f"Stadtteilfonds {district}", code=f"S{district.pk}"[:8],
        kind="district",
    )  # fmt: skip
    rule = funds.save_rule(fund=fund, by=by, valid_from=today - timedelta(days=366 * (YEARS + 1)), own_share=10)
    for year in range(today.year - YEARS, today.year + 2):
        funds.set_budget(fund=fund, year=year, budget=Decimal(5_000_000), reason="Haushalt", by=by)
    return fund, rule


def _rows(made: list, today: date, by: User, rnd: Random) -> list[FundApplication]:
    actors, fields = list(Actor.objects.values_list("pk", flat=True)), list(ActionField.objects.all())
    districts = {fund.pk: fund.districts.get().pk for fund, _ in made}
    found = []
    for n in range(APPLICATIONS):
        fund, rule = made[n % len(made)]
        received = today - timedelta(days=rnd.randint(0, 365 * YEARS))
        status, asked = rnd.choice(_STATES), Decimal(rnd.randint(100, 3_000))
        won, decided = status in (*_PAID, "granted"), status in (*_PAID, "granted", "refused")
        found.append(
            FundApplication(
                fund=fund, serial_year=received.year, serial=n + 1, number=f"{fund.code}-{received.year}-{n + 1}",
                status=ApplicationStatus(status), rule=rule, applicant_id=rnd.choice(actors),
                title=f"Projekt {rnd.choice(NOUNS).capitalize()} {n}", description="Text", benefit="Text",
                district_id=districts[fund.pk], action_field=rnd.choice(fields), starts_on=received,
                ends_on=received + timedelta(days=40), requested=asked, own_money=asked / 5, received_on=received,
                granted_amount=asked if won else 0, decided_on=received if decided else None,
                notice_on=received if decided else None, notice_way="post" if decided else "",
                notice_by=by if decided else None, created_by=by,
                proof_due_on=received + timedelta(days=130) if status in _PAID else None,
            )
        )  # fmt: skip
    return found
