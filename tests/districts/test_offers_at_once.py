"""Two people at the same moment: two rounds, two answers, a merge beside a change (real connections)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from concerns.actions import referrals
from concerns.models import Referral
from districts.actions import offers, rounds
from districts.actions.actor_files import take_over
from districts.actions.merging import merge_actors
from districts.importing.offers import read_offers
from districts.inventory import matrix_of
from districts.models import InventoryRound, Offer, OfferKind
from tests import make, make_offers

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps):
    """What each step came to: its result or its refusal."""
    start = Barrier(len(steps))

    def run(step):
        try:
            start.wait(timeout=60)
            return step()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [type(one).__name__ for one in pool.map(run, steps)]


def test_one_round_and_one_answer(mara, asli, ost):
    make_offers.offer(districts=[ost])
    due_on = make.today()
    done = at_once(
        *(
            lambda title=title: rounds.open_round(district=ost, title=title, due_on=due_on, by=mara)
            for title in ("Eins", "Zwei")
        )
    )
    assert sorted(done) == ["Conflict", "InventoryRound"]
    assert InventoryRound.objects.get().entries.count() == 1
    concern = make.concern(district=ost, owner=mara)
    made = make_offers.referral(concern=concern, by=mara)
    done = at_once(
        lambda: referrals.answer_referral(referral=made, result="arrived", by=mara),
        lambda: referrals.answer_referral(referral=made, result="not_arrived", by=asli),
    )
    assert sorted(done) == ["Conflict", "Referral"]
    assert concern.events.filter(kind="referral_answered").count() == 1
    assert Referral.objects.get().answered_by in {mara, asli}


def test_the_figures_of_a_round_are_those_of_its_entries_whoever_is_faster(mara, asli, ost):
    known = [make_offers.offer(districts=[ost]) for _ in range(4)]
    found = make_offers.inventory_round(district=ost, by=mara)
    done = at_once(
        lambda: rounds.close_round(round=found, by=mara),
        *(lambda one=one: offers.verify_offer(offer=one, by=asli) for one in known[:2]),
        lambda: offers.end_offer(offer=known[2], ended_on=make.today(), by=asli),
    )
    assert done == ["InventoryRound", "Offer", "Offer", "Offer"]
    found.refresh_from_db()
    results = list(found.entries.values_list("result", flat=True))
    assert [found.figures[name] for name in ("same", "gone", "open")] == [
        results.count(one) for one in ("same", "gone", "")
    ]


def test_an_offer_that_ends_while_a_round_begins_does_not_wait_in_it(mara, asli, ost):
    one = make_offers.offer(districts=[ost])
    done = at_once(
        lambda: rounds.open_round(district=ost, title="Eins", due_on=make.today(), by=mara),
        lambda: offers.end_offer(offer=one, ended_on=make.today(), by=asli),
    )
    assert done == ["InventoryRound", "Offer"]
    assert list(InventoryRound.objects.get().entries.values_list("result", flat=True)) in ([], ["gone"])


def test_changing_an_offer_while_its_provider_is_merged_neither_loses_nor_blocks(mara, asli, silke, ost):
    kept, merged = make.actor(districts=[ost]), make.actor(districts=[ost])
    offer = make_offers.offer(provider=merged, districts=[ost])
    sets = {name: list(getattr(offer, name).all()) for name in ("districts", "action_fields", "target_groups")}
    done = at_once(
        lambda: merge_actors(kept=kept, merged=merged, by=silke),
        lambda: offers.save_offer(offer=offer, version=1, by=mara, title="Neu", provider=merged, **sets),
        lambda: offers.verify_offer(offer=offer, by=asli),
        lambda: offers.save_offer(by=mara, title="Zweites", provider=kept, kind=offer.kind, **sets),
    )
    assert done[0] == "ActorMerge"
    assert done[1] in {"Offer", "Conflict"}
    assert done[2:] == ["Offer", "Offer"]
    assert set(Offer.objects.values_list("provider", flat=True)) == {kept.pk}
    assert matrix_of(make_offers.query(), user=mara)[0].count == 2


def test_a_file_is_taken_over_while_an_offer_of_the_same_provider_is_entered(mara, ost):
    provider = make.actor(name="Werkhof", districts=[ost])
    kind = make.list_entry(OfferKind, name="Kurs")
    sets = {
        "districts": [ost],
        "action_fields": [make.action_field(name="Arbeit")],
        "target_groups": [make.target_group(name="Alle")],
    }
    head = "Angebot;Anbieter;Art;Quartiere;Handlungsfelder;Zielgruppen"
    lines = [f"Kurs {n};Werkhof;Kurs;Ost;Arbeit;Alle" for n in range(40)]
    file = make_offers.offer_file(user=mara, text="\n".join([head, *lines]))
    plan = read_offers(bytes(file.content), user=mara)
    assert [line.errors for line in plan.lines] == [[]] * 40
    done = at_once(
        lambda: take_over(file=file, fingerprint=plan.fingerprint, by=mara),
        *(
            lambda n=n: offers.save_offer(by=mara, title=f"Anderes {n}", provider=provider, kind=kind, **sets)
            for n in range(2)
        ),
    )
    assert done == ["Imported", "Offer", "Offer"]
    assert Offer.objects.count() == 42
