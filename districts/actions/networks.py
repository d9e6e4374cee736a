"""Writes on networks, their members, and relations between actors (Z15)."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from districts.models import ActionField, Actor, District, Network, NetworkMembership, Relation, TargetGroup, User

from .actors import lock_actor
from .base import CHANGED, Conflict
from .people import overlapping


@transaction.atomic
def save_network(
    *,
    by: User,
    districts: Iterable[District],
    action_fields: Iterable[ActionField],
    target_groups: Iterable[TargetGroup],
    network: Network | None = None,
    version: int | None = None,
    **fields,
) -> Network:
    """Enter or change a network; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    found = Network.objects.select_for_update().get(pk=network.pk) if network else Network()
    if network and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if network else 0
    found.save()
    found.districts.set(districts)
    found.action_fields.set(action_fields)
    found.target_groups.set(target_groups)
    return found


@transaction.atomic
def save_membership(
    *,
    network: Network,
    actor: Actor,
    role: str,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    membership: NetworkMembership | None = None,
) -> NetworkMembership:
    """Let an actor belong to a network for a time, or change that.

    Raises:
        Conflict: the actor was merged into another one meanwhile.
        ValidationError: it belongs to the network in this time already.
    """
    actor = lock_actor(actor)
    others = network.memberships.filter(actor=actor).exclude(pk=membership.pk if membership else None)
    if overlapping(others, valid_from, valid_to).exists():
        raise ValidationError({"actor": f"{actor} gehört in dieser Zeit schon zum Netzwerk."})
    found = membership or NetworkMembership(network=network)
    found.actor, found.role, found.valid_from, found.valid_to = actor, role, valid_from, valid_to
    found.save()
    return found


@transaction.atomic
def save_relation(
    *, source: Actor, target: Actor, kind: str, by: User, relation: Relation | None = None, **fields
) -> Relation:
    """Note how two actors have to do with each other, or change that.

    Raises:
        Conflict: one of them was merged into another one meanwhile.
        ValidationError: it is the same actor, or the relation is there already.
    """
    if source.pk == target.pk:
        raise ValidationError({"target": "Bitte einen anderen Akteur wählen."})
    for one in sorted((source, target), key=lambda actor: actor.pk):
        lock_actor(one)
    same = Q(source=source, target=target, kind=kind)
    if kind == Relation.Kind.COOPERATES:
        same |= Q(source=target, target=source, kind=kind)
    if Relation.objects.filter(same).exclude(pk=relation.pk if relation else None).exists():
        raise ValidationError({"kind": f"Diese Beziehung zu {target} steht schon da."})
    found = relation or Relation()
    found.source, found.target, found.kind = source, target, kind
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    return found


@transaction.atomic
def remove_relation(*, relation: Relation, by: User) -> None:
    """The two have nothing to do with each other any more, or never had."""
    Relation.objects.filter(pk=relation.pk).delete()
