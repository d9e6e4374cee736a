"""Writing offers: entering, confirming, ending, rules of the database, merged providers (Z17)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from districts.actions import offers as actions
from districts.actions.base import Conflict
from districts.actions.merging import merge_actors, undo_merge
from districts.models import Offer, OfferEvent, OfferKind
from tests import make, make_offers

pytestmark = pytest.mark.django_db


def entered(by, **fields):
    known = {
        "title": "Spieletreff", "provider": make.actor(), "kind": make.list_entry(OfferKind), "districts": [],
        "action_fields": [make.action_field()], "target_groups": [make.target_group()],
    }  # fmt: skip
    return actions.save_offer(by=by, **{**known, **fields})


def test_entering_and_changing_leave_a_trace(mara, ost):
    offer = entered(mara, districts=[ost], verified=True)
    sets = {name: getattr(offer, name).all() for name in ("districts", "action_fields", "target_groups")}
    changed = actions.save_offer(offer=offer, version=1, by=mara, title="Spieletreff Ost", **sets)
    assert (changed.title, changed.version, changed.verified_on) == ("Spieletreff Ost", 2, make.today())
    assert list(offer.events.values_list("kind", flat=True)) == ["edited", "entered"]


def test_the_slower_one_changes_nothing(mara):
    offer = entered(mara)
    with pytest.raises(Conflict):
        actions.save_offer(
            offer=offer, version=7, by=mara, title="Anders", districts=[], action_fields=[], target_groups=[]
        )
    offer.refresh_from_db()
    assert (offer.title, offer.version, offer.action_fields.count()) == ("Spieletreff", 1, 1)


def test_a_provider_that_was_merged_meanwhile_is_refused(mara):
    kept, merged = make.actor(), make.actor()
    merge_actors(kept=kept, merged=merged, by=mara)
    with pytest.raises(Conflict):
        entered(mara, provider=merged)
    assert not Offer.objects.exists()


def test_ending_and_taking_up_again(mara):
    offer = entered(mara)
    actions.end_offer(offer=offer, ended_on=make.today(), by=mara)
    for act in (
        lambda: actions.end_offer(offer=offer, ended_on=make.today(), by=mara),
        lambda: actions.verify_offer(offer=offer, by=mara),
    ):
        with pytest.raises(Conflict):
            act()
    again = actions.reopen_offer(offer=offer, by=mara)
    assert (again.status, again.ended_on) == ("active", None)
    assert actions.reopen_offer(offer=again, by=mara).version == again.version
    assert list(offer.events.values_list("kind", flat=True)) == ["reopened", "ended", "entered"]


def test_nothing_is_written_when_the_event_cannot_be(mara, monkeypatch):
    offer = make_offers.offer()
    monkeypatch.setattr(OfferEvent.objects, "create", _fails)
    with pytest.raises(RuntimeError):
        actions.verify_offer(offer=offer, by=mara)
    offer.refresh_from_db()
    assert offer.verified_on is None


def _fails(**fields):
    raise RuntimeError


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gone"},
        {"status": "ended"},
        {"ended_on": "2026-01-01"},
        {"verified_on": "2026-01-01"},
        {"age_from": 12, "age_to": 6},
        {"age_to": 121},
        {"is_free": True, "cost": "2 Euro"},
        {"capacity": 0},
        {"starts_on": "2026-02-01", "ends_on": "2026-01-31"},
    ],
)
def test_the_database_refuses(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_offers.offer(**wrong)


def test_the_last_day_is_whatever_comes_first_and_belongs_to_it():
    today = make.today()
    soon, late = today + timedelta(days=3), today + timedelta(days=90)
    for fields, last in (
        ({}, None),
        ({"ends_on": soon}, soon),
        ({"funded_until": soon, "ends_on": late}, soon),
        ({"funded_until": late, "ends_on": soon}, soon),
    ):
        offer = make_offers.offer(**fields)
        offer.refresh_from_db()
        assert offer.last_day == last
        for day in (today, soon, soon + timedelta(days=1)):
            assert offer.runs_on(day) is Offer.objects.running(day).filter(pk=offer.pk).exists()
            assert offer.runs_on(day) is (last is None or day <= last)


def test_what_begins_later_does_not_run_yet():
    first = make.today() + timedelta(days=3)
    offer = make_offers.offer(starts_on=first)
    offer.refresh_from_db()
    for day, runs in ((first - timedelta(days=1), False), (first, True)):
        assert offer.runs_on(day) is Offer.objects.running(day).filter(pk=offer.pk).exists() is runs


@pytest.mark.parametrize("status", ["planned", "paused", "ended"])
def test_what_is_not_active_does_not_run(status):
    ended_on = make.today() if status == "ended" else None
    offer = make_offers.offer(status=status, ended_on=ended_on)
    assert not Offer.objects.running(make.today()).exists()
    assert not offer.runs_on(make.today())


def test_merging_providers_carries_offers_along_and_back(mara):
    kept, merged = make.actor(), make.actor()
    own, theirs = make_offers.offer(provider=kept), make_offers.offer(provider=merged)
    merge = merge_actors(kept=kept, merged=merged, by=mara)
    assert set(kept.offers.all()) == {own, theirs}
    added = make_offers.offer(provider=kept)
    undo_merge(merge=merge, by=mara)
    assert set(kept.offers.all()) == {own, added}
    assert set(merged.offers.all()) == {theirs}


def test_a_merge_from_before_there_were_offers_can_be_undone(mara):
    kept, merged = make.actor(), make.actor()
    merge = merge_actors(kept=kept, merged=merged, by=mara)
    del merge.moved["offers"]
    merge.save()
    undo_merge(merge=merge, by=mara)
    merged.refresh_from_db()
    assert merged.merged_into is None
