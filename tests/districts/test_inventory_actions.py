"""Rounds in which the offers of a district are checked (Z17)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from districts.actions import offers as offer_actions
from districts.actions import rounds as actions
from districts.actions.base import Conflict
from districts.models import InventoryEntry, InventoryRound
from tests import make, make_offers

pytestmark = pytest.mark.django_db


def results(found):
    return dict(found.entries.values_list("offer__title", "result"))


def test_a_round_holds_what_the_district_offers_when_it_begins(mara, ost, preuswald):
    make_offers.offer(title="hier", districts=[ost])
    make_offers.offer(title="hier und dort", districts=[ost, preuswald], status="paused")
    make_offers.offer(title="dort", districts=[preuswald])
    make_offers.offer(title="stadtweit")
    make_offers.over(title="vorbei", districts=[ost])
    found = make_offers.inventory_round(district=ost, by=mara)
    assert results(found) == {"hier": "", "hier und dort": ""}


def test_what_somebody_says_about_an_offer_counts_in_the_open_round(mara, ost, preuswald, paul):
    same, changed, gone, _ = (make_offers.offer(title=name, districts=[ost]) for name in "abcd")
    found = make_offers.inventory_round(district=ost, by=mara)
    other = make_offers.inventory_round(district=preuswald, by=paul)
    offer_actions.verify_offer(offer=same, by=mara)
    _change(changed, mara)
    offer_actions.verify_offer(offer=changed, by=mara)
    offer_actions.end_offer(offer=gone, ended_on=make.today(), by=mara)
    assert results(found) == {"a": "same", "b": "changed", "c": "gone", "d": ""}
    gone.refresh_from_db()
    _change(gone, mara)
    assert results(found)["c"] == "gone"
    offer_actions.reopen_offer(offer=gone, by=mara)
    assert results(found)["c"] == ""
    assert results(other) == {}
    assert InventoryRound.objects.with_progress().get(pk=found.pk).done == 2


def _change(offer, by):
    sets = {name: getattr(offer, name).all() for name in ("districts", "action_fields", "target_groups")}
    return offer_actions.save_offer(offer=offer, version=offer.version, by=by, verified=True, times="neu", **sets)


def test_a_closed_round_stays_as_it_was(mara, ost):
    field, group = make.action_field(name="Gesundheit"), make.target_group()
    make.target_group()
    offers = [
        make_offers.offer(districts=[ost], action_fields=[field], target_groups=[group], title=name) for name in "abc"
    ]
    found = make_offers.inventory_round(district=ost, by=mara)
    make_offers.offer(districts=[ost], action_fields=[field], target_groups=[group], title="neu")
    make_offers.offer(title="stadtweit", action_fields=[field], target_groups=[group])
    offer_actions.verify_offer(offer=offers[0], by=mara)
    offer_actions.end_offer(offer=offers[1], ended_on=make.today(), by=mara)
    closed = actions.close_round(round=found, by=mara)
    frozen = {
        "total": 3, "same": 1, "changed": 0, "gone": 1, "open": 1, "added": 1, "running": 3,
        "pairs": 2, "gaps": 1, "fields": [["Gesundheit", 3]],
    }  # fmt: skip
    assert closed.figures == frozen
    offer_actions.verify_offer(offer=offers[2], by=mara)
    offer_actions.reopen_offer(offer=offers[1], by=mara)
    found.refresh_from_db()
    assert found.figures == frozen
    assert results(found) == {"a": "same", "b": "gone", "c": ""}
    with pytest.raises(Conflict):
        actions.close_round(round=found, by=mara)


def test_a_district_has_one_open_round(mara, ost):
    found = make_offers.inventory_round(district=ost, by=mara)
    with pytest.raises(Conflict):
        make_offers.inventory_round(district=ost, by=mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        InventoryRound.objects.create(district=ost, title="zweite", due_on=make.today(), opened_by=mara)
    actions.close_round(round=found, by=mara)
    make_offers.inventory_round(district=ost, by=mara)


def test_a_district_without_offers_can_be_closed(mara, ost):
    closed = actions.close_round(round=make_offers.inventory_round(district=ost, by=mara), by=mara)
    assert (closed.figures["total"], closed.figures["pairs"], closed.figures["gaps"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": make.today() - timedelta(days=1)},
        {"closed_on": make.today()},
        {"figures": {}},
    ],
)
def test_the_database_refuses_half_a_round(mara, ost, wrong):
    found = make_offers.inventory_round(district=ost, by=mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        InventoryRound.objects.filter(pk=found.pk).update(**wrong)


def test_the_database_refuses_half_a_result_and_the_same_offer_twice(mara, ost):
    offer = make_offers.offer(districts=[ost])
    found = make_offers.inventory_round(district=ost, by=mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.entries.update(result="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        InventoryEntry.objects.create(round=found, offer=offer)
