"""Writes on actors: entering, changing, confirming, ending. Nothing is deleted (Z13, Q06)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from districts.models import ActionField, Actor, ActorEvent, District, TargetGroup, User

from .base import CHANGED, Conflict, moment

Kind = ActorEvent.Kind


def record(actor: Actor, kind: str, *, by: User, at: datetime) -> ActorEvent:
    """Append what happened to an actor's entry."""
    return ActorEvent.objects.create(actor=actor, kind=kind, by=by, at=at)


def lock_actor(actor: Actor) -> Actor:
    """Lock an actor for the transaction and return it as it stands now.

    Raises:
        Conflict: it was merged into another one meanwhile.
    """
    found = Actor.objects.select_for_update().get(pk=actor.pk)
    if found.merged_into_id:
        raise Conflict("Dieser Eintrag wurde inzwischen mit einem anderen zusammengeführt.")
    return found


def lock_actors(actors: Iterable[Actor]) -> None:
    """Lock several actors in the order of a merge, before what hangs on them. Raises Conflict as `lock_actor`."""
    for one in sorted(set(actors), key=lambda actor: actor.pk):
        lock_actor(one)


@transaction.atomic
def save_actor(
    *,
    by: User,
    districts: Iterable[District],
    action_fields: Iterable[ActionField],
    target_groups: Iterable[TargetGroup],
    actor: Actor | None = None,
    version: int | None = None,
    verified: bool = False,
    kind: str = "",
    at: datetime | None = None,
    **fields,
) -> Actor:
    """Enter or change an actor; `version` is the one the person saw, `verified` that the data were checked with it.

    Raises:
        Conflict: somebody else has changed or merged it meanwhile.
        ValidationError: its carrier would become its own carrier.
    """
    at = moment(at)
    found = lock_actor(actor) if actor else Actor(created_at=at)
    if actor and found.version != version:
        raise Conflict(CHANGED)
    if fields.get("parent") is not None and found.pk:
        _refuse_circle(found, fields["parent"])
    for name, value in fields.items():
        setattr(found, name, value)
    if verified:
        found.verified_on, found.verified_by = timezone.localdate(at), by
    found.version += 1 if actor else 0
    found.save()
    found.districts.set(districts)
    found.action_fields.set(action_fields)
    found.target_groups.set(target_groups)
    record(found, kind or (Kind.EDITED if actor else Kind.ENTERED), by=by, at=at)
    return found


@transaction.atomic
def save_own_actor(*, actor: Actor, by: User, **fields) -> Actor:
    """Change the entry of the carrier one works for; where it works and whom it belongs to is the teams' business.

    Raises:
        Conflict: somebody else has changed or merged it meanwhile.
    """
    found = lock_actor(actor)
    return save_actor(actor=found, by=by, districts=list(found.districts.all()), **fields)


def _refuse_circle(actor: Actor, parent: Actor) -> None:
    if actor.pk in ancestor_ids(parent):
        raise ValidationError({"parent": f"Das geht im Kreis: {parent} gehört selbst zu {actor}."})


def ancestor_ids(actor: Actor) -> list[int]:
    """Ids of an actor, its carrier, the carrier's carrier …; ends at a circle, which no action lets arise."""
    found, at = [], actor.pk
    while at is not None and at not in found:
        found.append(at)
        at = Actor.objects.values_list("parent_id", flat=True).get(pk=at)
    return found


@transaction.atomic
def verify_actor(*, actor: Actor, by: User, at: datetime | None = None) -> Actor:
    """„Angaben stimmen noch“: confirmed today by this person. A second time on the same day notes nothing more."""
    at = moment(at)
    found, today = lock_actor(actor), timezone.localdate(at)
    if (found.verified_on, found.verified_by_id) == (today, by.pk):
        return found
    found.verified_on, found.verified_by = today, by
    found.save(update_fields=["verified_on", "verified_by"])
    record(found, Kind.VERIFIED, by=by, at=at)
    return found


@transaction.atomic
def end_actor(*, actor: Actor, ended_on: date, by: User, at: datetime | None = None) -> Actor:
    """The actor has stopped working; its entry, contact persons and log stay.

    Raises:
        Conflict: it is ended already.
    """
    at = moment(at)
    found = lock_actor(actor)
    if found.status == Actor.Status.ENDED:
        raise Conflict("Dieser Akteur ist schon beendet.")
    found.status, found.ended_on = Actor.Status.ENDED, ended_on
    found.version += 1
    found.save(update_fields=["status", "ended_on", "version"])
    record(found, Kind.ENDED, by=by, at=at)
    return found


@transaction.atomic
def reopen_actor(*, actor: Actor, by: User, at: datetime | None = None) -> Actor:
    """An ended actor works again; one that does anyway stays as it is."""
    at = moment(at)
    found = lock_actor(actor)
    if found.status == Actor.Status.ENDED:
        found.status, found.ended_on = Actor.Status.ACTIVE, None
        found.version += 1
        found.save(update_fields=["status", "ended_on", "version"])
        record(found, Kind.REOPENED, by=by, at=at)
    return found
