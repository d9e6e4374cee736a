"""Pages of funds in a real browser: axe, wide and on a phone. The scenarios have a file of their own."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projects.actions import fund_payments, fund_reversals
from tests import make, make_bodies, make_funds
from tests.browser.conftest import axe, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke, name="Stadtteilfonds Ost", rules={"confirm": True})


def reversed_and_reopened(ost, silke, asli, mara):
    """An application with every kind of booking: paid twice, one reversed, money back, the proof opened again."""
    fund = make_funds.fund(districts=[ost], by=silke)
    found = make_funds.paid(fund=fund, by=asli, checker=mara)
    fund_reversals.reverse(entry=found.entries.get(kind="pay"), reason="Falsches Konto", by=mara)
    fund_payments.pay(application=found, amount=Decimal(450), on=make.today(), by=mara)
    make_funds.prove(found, by=mara, receipts=400)
    fund_payments.record_return(application=found, amount=Decimal(100), on=make.today(), by=mara)
    fund_reversals.reopen(application=found, reason="Beleg doppelt gezählt", by=mara)
    return found


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, asli, silke, ost, fund):
    member = make_bodies.member(body=fund.body)
    refused = make_funds.checked(fund=fund, by=asli, checker=mara, overall="not", reason="Nein.")
    item = make_funds.on_agenda(
        application=make_funds.checked(fund=fund, by=asli, checker=mara), by=mara, members=[member]
    )
    make_funds.vote(item, by=mara, conditions="Eintritt frei.")
    make_funds.submitted(fund=fund, by=asli)
    reopened = reversed_and_reopened(ost, silke, asli, mara)
    pages = [
        fund.get_absolute_url(), reverse("projects:applications"), refused.get_absolute_url(),
        item.application.get_absolute_url(), item.item.session.get_absolute_url(),
        reverse("projects:minutes", args=[item.item.session_id]), reverse("projects:fund_vote", args=[item.item_id]),
        reverse("projects:fund_year", args=[fund.pk, make.today().year]),
        reverse("projects:application_new", args=[fund.pk]),
        reopened.get_absolute_url(), reverse("projects:application_proof", args=[reopened.pk]),
        reverse("projects:entry_reverse", args=[reopened.entries.get(kind="return").pk]),
    ]  # fmt: skip
    faults = {}
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = visit(mara, width=width, color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 6000})
        for path in pages:
            page.goto(path)
            if found := axe(page) + (["sideways"] if has_sideways_scroll(page) else []):
                faults[width, path] = found
    assert faults == {}
