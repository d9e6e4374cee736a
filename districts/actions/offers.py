"""Writes on offers: entering, changing, confirming, ending; each is noted in an open round of the district (Z17)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from districts.models import (
    ActionField,
    Actor,
    District,
    InventoryEntry,
    InventoryRound,
    Offer,
    OfferEvent,
    TargetGroup,
    User,
)

from .base import CHANGED, Conflict, moment

Kind, Result = OfferEvent.Kind, InventoryEntry.Result


def record_offer(offer: Offer, kind: str, *, by: User, at: datetime) -> OfferEvent:
    """Append what happened to an offer's entry."""
    return OfferEvent.objects.create(offer=offer, kind=kind, by=by, at=at)


def _hold(provider: Actor) -> None:
    """Keep a provider from being merged until the offer is stored; others may go on referring to it.

    Raises:
        Conflict: it was merged into another one meanwhile.
    """
    # A lock on the key as well would stand across an import, which has locked the offers and checks their providers.
    if Actor.objects.select_for_update(no_key=True).get(pk=provider.pk).merged_into_id:
        raise Conflict("Der Anbieter wurde inzwischen mit einem anderen Eintrag zusammengeführt.")


def _lock(offer: Offer) -> Offer:
    return Offer.objects.select_for_update().get(pk=offer.pk)


@transaction.atomic
def save_offer(
    *,
    by: User,
    districts: Iterable[District],
    action_fields: Iterable[ActionField],
    target_groups: Iterable[TargetGroup],
    offer: Offer | None = None,
    version: int | None = None,
    verified: bool = False,
    at: datetime | None = None,
    **fields,
) -> Offer:
    """Enter or change an offer; `version` is the one the person saw, `verified` that the data were checked with it.

    Raises:
        Conflict: somebody else has changed it meanwhile, or its provider was merged into another one.
    """
    at = moment(at)
    if provider := fields.get("provider"):
        _hold(provider)
    found = _lock(offer) if offer else Offer(created_at=at)
    if offer and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    if verified:
        found.verified_on, found.verified_by = timezone.localdate(at), by
    found.version += 1 if offer else 0
    found.save()
    found.districts.set(districts)
    found.action_fields.set(action_fields)
    found.target_groups.set(target_groups)
    record_offer(found, Kind.EDITED if offer else Kind.ENTERED, by=by, at=at)
    if verified and found.status != Offer.Status.ENDED:
        _note_in_rounds(found, Result.CHANGED, by=by, at=at)
    return found


@transaction.atomic
def verify_offer(*, offer: Offer, by: User, at: datetime | None = None) -> Offer:
    """„Stimmt noch“: confirmed today by this person. A second time on the same day notes nothing more.

    Raises:
        Conflict: it has ended meanwhile.
    """
    at = moment(at)
    found = _lock(offer)
    if found.status == Offer.Status.ENDED:
        raise Conflict("Dieses Angebot ist inzwischen beendet.")
    today = timezone.localdate(at)
    if (found.verified_on, found.verified_by_id) != (today, by.pk):
        found.verified_on, found.verified_by = today, by
        found.save(update_fields=["verified_on", "verified_by"])
        record_offer(found, Kind.VERIFIED, by=by, at=at)
    _note_in_rounds(found, Result.SAME, by=by, at=at)
    return found


@transaction.atomic
def end_offer(*, offer: Offer, ended_on: date, by: User, at: datetime | None = None) -> Offer:
    """„Gibt es nicht mehr“; the entry stays.

    Raises:
        Conflict: it is ended already.
    """
    at = moment(at)
    found = _lock(offer)
    if found.status == Offer.Status.ENDED:
        raise Conflict("Dieses Angebot ist schon beendet.")
    found.status, found.ended_on = Offer.Status.ENDED, ended_on
    found.verified_on, found.verified_by = timezone.localdate(at), by
    found.version += 1
    found.save(update_fields=["status", "ended_on", "verified_on", "verified_by", "version"])
    record_offer(found, Kind.ENDED, by=by, at=at)
    _note_in_rounds(found, Result.GONE, by=by, at=at)
    return found


@transaction.atomic
def reopen_offer(*, offer: Offer, by: User, at: datetime | None = None) -> Offer:
    """An ended offer is there again; in an open round it has to be looked at anew. One that runs stays as it is."""
    at = moment(at)
    found = _lock(offer)
    if found.status == Offer.Status.ENDED:
        found.status, found.ended_on = Offer.Status.ACTIVE, None
        found.version += 1
        found.save(update_fields=["status", "ended_on", "version"])
        record_offer(found, Kind.REOPENED, by=by, at=at)
        _entries_in_open_rounds(found).filter(result=Result.GONE).update(result="", by=None, at=None)
    return found


def _note_in_rounds(offer: Offer, result: str, *, by: User, at: datetime) -> None:
    """What was found counts in the open rounds to which the offer belongs.

    That something was changed is not undone by confirming it once more.
    """
    waiting = _entries_in_open_rounds(offer)
    if result == Result.SAME:
        waiting = waiting.exclude(result=Result.CHANGED)
    waiting.update(result=result, by=by, at=at)


def _entries_in_open_rounds(offer: Offer) -> QuerySet[InventoryEntry]:
    """The offer's entries of open rounds; no such round can be closed, and its figures counted, until the end."""
    rounds = InventoryRound.objects.open().filter(entries__offer=offer).order_by("pk")
    held = [one.pk for one in rounds.select_for_update(of=("self",), no_key=True)]
    return InventoryEntry.objects.filter(offer=offer, round__in=held)
