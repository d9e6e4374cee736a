"""Rows of funds for tests; like `tests.make`, every call makes a new row with a name of its own."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from districts.models import Actor, User
from projects.actions import agenda, applications, fund_payments, fund_votes, funds
from projects.models import Body, Fund, FundApplication, FundItem, FundRule, FundYear
from tests import make, make_bodies

_numbers = count(1)
BEGINS, ENDS = make.today(), make.today() + timedelta(days=10)


def fund(*, districts=(), body: Body | None = None, by: User, budget=1000, rules=None, **fields) -> Fund:
    """A Stadtteilfonds with rules since last year and money for this year."""
    n = next(_numbers)
    known = {"name": f"Stadtteilfonds {n}", "code": f"F{n}", "kind": "district", "is_public": True}
    body = body or make_bodies.body(districts=districts)
    made = funds.save_fund(by=by, districts=districts, body=body, **{**known, **fields})
    rule(fund=made, by=by, **(rules or {}))
    if budget:
        funds.set_budget(fund=made, year=make.today().year, budget=Decimal(budget), reason="Haushalt", by=by)
    return made


def rule(*, fund: Fund, by: User, **fields) -> FundRule:
    """Rules since two years ago: 10 % own share, 10 € for an hour, residents with a partner."""
    known = {"valid_from": make.today() - timedelta(days=730), "own_share": 10, "volunteer_rate": 10}
    known |= {"criteria": [("exclusion", "Aufgabe der Stadt"), ("must", "Nutzen für alle"), ("score", "Beteiligung")]}
    return funds.save_rule(fund=fund, by=by, **{**known, **fields})


def application(
    *, fund: Fund, by: User, lines=(("Material", 500),), applicant: Actor | None = None, **fields
) -> FundApplication:
    """A draft that could be handed in: 500 € of costs, 50 € of own money, 450 € asked for."""
    known = {
        "title": f"Nachbarschaftsfest {next(_numbers)}",
        "description": "Ein Fest auf dem Platz.",
        "benefit": "Menschen lernen sich kennen.",
        "district": fund.districts.first(),
        "action_field": make.action_field(),
        "starts_on": BEGINS,
        "ends_on": ENDS,
        "own_money": Decimal(50),
        "requested": Decimal(450),
    }
    if fields.get("applicant_kind") != "residents":
        known["applicant"] = applicant or make.actor(name=f"Verein {next(_numbers)} e. V.", is_public=True)
    pairs = [(label, Decimal(amount)) for label, amount in lines]
    return applications.save_application(fund=fund, by=by, lines=pairs, **{**known, **fields})


def submitted(*, by: User, received_on: date | None = None, **fields) -> FundApplication:
    """An application that was handed in yesterday."""
    made = application(by=by, **fields)
    received = received_on or make.today() - timedelta(days=1)
    return applications.submit(application=made, received_on=received, by=by)


def checked(*, by: User, checker: User, overall="eligible", reason="", **fields) -> FundApplication:
    """An application that somebody else has checked."""
    made = submitted(by=by, **fields)
    applications.begin_check(application=made, by=checker)
    applications.check(application=made, overall=overall, reason=reason, answers=answers(made), by=checker)
    made.refresh_from_db()
    return made


def answers(application: FundApplication) -> list[applications.Answer]:
    """A checklist without objections."""
    good = {"exclusion": "no", "must": "yes", "score": ""}
    return [
        applications.Answer(one, good[one.kind], 2 if one.kind == "score" else None)
        for one in application.rule.criteria.all()
    ]


def on_agenda(*, application: FundApplication, by: User, members=(), on: date | None = None) -> FundItem:
    """The application in a session that takes place, with `members` present."""
    body = application.rule.second_body if application.awaits == "second" else application.fund.body
    session = make_bodies.held(body=body, by=by, members=members, items=1, on=on)
    item = make_bodies.item(session=session, kind="fund", title=f"Fondsantrag {application.number}")
    return fund_votes.put_on_agenda(item, application)


def vote(item: FundItem, *, by: User, result="granted", **fields) -> FundItem:
    """What the session decided: unanimous unless something else is said."""
    there = item.item.session.voters_present()
    known = {"yes": there, "no": 0, "abstained": 0}
    if result == "refused":
        known = {"yes": 0, "no": there, "abstained": 0, "reason": "Das gibt es schon."}
    item.refresh_from_db()
    return fund_votes.record_vote(fund_item=item, version=item.version, result=result, by=by, **{**known, **fields})


def approve(item: FundItem, *, by: User) -> None:
    """The minutes of the session are approved."""
    session = item.item.session
    make_bodies.write(session=session, by=by)
    agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=by)


def decided(*, by: User, checker: User, result="granted", vote_fields=None, **fields) -> FundApplication:
    """An application about which the body has decided, by approved minutes."""
    made = checked(by=by, checker=checker, **fields)
    member = made.fund.body.members.first() or make_bodies.member(body=made.fund.body)
    taken = set(made.fund.body.sessions.values_list("on", flat=True))
    day = make.today() - timedelta(days=7)
    while day in taken:
        day -= timedelta(days=1)
    item = on_agenda(application=made, by=checker, members=[member], on=day)
    vote(item, by=checker, result=result, **(vote_fields or {}))
    approve(item, by=checker)
    made.refresh_from_db()
    return made


def told(*, by: User, checker: User, **fields) -> FundApplication:
    """The applicant knows."""
    made = decided(by=by, checker=checker, **fields)
    return fund_votes.record_notice(application=made, on=make.today(), way="post", by=checker)


def paid(*, by: User, checker: User, amount=None, **fields) -> FundApplication:
    """The money is out."""
    made = told(by=by, checker=checker, **fields)
    amount = Decimal(amount) if amount is not None else made.granted_amount
    return fund_payments.pay(application=made, amount=amount, on=make.today(), by=checker)


def prove(application: FundApplication, *, by: User, receipts=350, to_return=None) -> FundApplication:
    """The proof of use is checked; with 450 € paid and 50 € of own money 150 € have to come back."""
    fund_payments.prove(
        application=application, received_on=make.today(), receipts=Decimal(receipts), to_return=to_return,
        report="Gelungen.", participants=80, by=by,
    )  # fmt: skip
    return FundApplication.objects.get(pk=application.pk)


def money(fund: Fund) -> FundYear:
    """The money of this year as it stands now."""
    return fund.years.get(year=make.today().year)
