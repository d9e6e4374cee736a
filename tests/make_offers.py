"""Rows about offers for tests, in the manner of `tests.make`."""

from datetime import timedelta

from django.http import QueryDict

from concerns.actions.referrals import refer
from concerns.models import Concern, Referral
from districts.actions import rounds
from districts.models import Actor, ActorFile, District, InventoryRound, Offer, OfferKind, User
from tests import make


def offer(*, provider: Actor | None = None, districts=(), action_fields=(), target_groups=(), **fields) -> Offer:
    """An active offer that may be shown in public; without districts it is for the whole city."""
    fields["kind"] = fields.get("kind") or make.list_entry(OfferKind)
    known = {"title": f"Angebot {next(make._numbers)}", "is_public": True}
    made = Offer.objects.create(provider=provider or make.actor(districts=districts), **{**known, **fields})
    made.districts.set(districts)
    made.action_fields.set(action_fields or [make.action_field()])
    made.target_groups.set(target_groups or [make.target_group()])
    return made


def over(days: int = 1, **fields) -> Offer:
    """An offer that ended so many days ago."""
    return offer(status="ended", ended_on=make.today() - timedelta(days=days), **fields)


def inventory_round(*, district: District, by: User, **fields) -> InventoryRound:
    """An open round with the offers that are there."""
    known = {"title": f"Runde {next(make._numbers)}", "due_on": make.today() + timedelta(days=42)}
    return rounds.open_round(district=district, by=by, **{**known, **fields})


def referral(*, concern: Concern, by: User, **fields) -> Referral:
    """A referral of today, to an offer of its own unless another or an actor is named; to be asked in two weeks."""
    if "offer" not in fields and "actor" not in fields:
        fields["offer"] = offer()
    return refer(concern=concern, by=by, **{"ask_on": make.today() + timedelta(days=14), **fields})


def offer_file(*, user: User, text: str) -> ActorFile:
    """An uploaded list of offers."""
    return ActorFile.objects.create(user=user, of="offers", name="angebote.csv", content=text.encode())


def query(**asked) -> QueryDict:
    """What an address asks for."""
    found = QueryDict(mutable=True)
    found.update({name: str(value) for name, value in asked.items()})
    return found
