"""Handing over by two: somebody proposes who takes what, a second person agrees, then all of it moves at once (D11).

Whoever leaves proposes, or coordination for them; whoever shall take it agrees, or coordination for an absent one. Who
may do which is decided by the view's queryset; that nobody agrees to their own proposal is decided here and by a check
constraint.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction

from concerns.duties import THINGS, Thing
from concerns.models import Handover, HandoverItem
from districts.models import User

from .base import Conflict, LoopError, change, day, lock_concern, lock_routing, moment, record

CHANGED = "Davon ist inzwischen etwas erledigt, bei jemand anderem oder schon vorgeschlagen. Bitte neu auswählen."
Wanted = tuple[Thing, Sequence[models.Model]]


@transaction.atomic
def propose(
    *, person: User, shares: Iterable[tuple[User, Sequence[Wanted]]], by: User, at: datetime | None = None
) -> list[Handover]:
    """Propose who takes what of a person: one proposal for each successor. Nothing moves yet.

    Raises:
        Conflict: something of it does not hang on the person any more, or is proposed already.
        LoopError: a successor whose access is closed, the person itself, or nobody of the team or department.
    """
    at = moment(at)
    person = User.objects.select_for_update().get(pk=person.pk)  # one proposal for a person at a time
    return [_propose(person, to, wanted, by=by, at=at) for to, wanted in shares]


def _propose(person: User, to: User, wanted: Sequence[Wanted], *, by: User, at: datetime) -> Handover:
    to = User.objects.select_for_update(no_key=True).get(pk=to.pk)
    if to.pk == person.pk:
        raise LoopError("Bitte eine andere Person wählen.")
    if not to.is_active:
        raise LoopError(f"Der Zugang von {to} ist geschlossen.")
    handover = Handover.objects.create(person=person, to=to, proposed_by=by, proposed_at=at)
    for thing, rows in wanted:
        held = {one.pk: one for one in thing.held(person).filter(pk__in=[row.pk for row in rows])}
        waiting = HandoverItem.objects.filter(**{f"{thing.key}__in": list(held)}, is_waiting=True)
        if len(held) < len(rows) or waiting.exists():
            raise Conflict(CHANGED)
        _check_circles(thing, held.values(), person=person, to=to, on=day(at))
        HandoverItem.objects.bulk_create(HandoverItem(handover=handover, **{thing.key: held[one.pk]}) for one in rows)
    if not handover.items.exists():
        raise LoopError("Bitte auswählen, was übergeben werden soll.")
    return handover


def _check_circles(thing: Thing, rows: Iterable, *, person: User, to: User, on: date) -> None:
    for circle in {thing.circle(row) for row in rows}:
        if not circle.people(without=person, on=on).filter(pk=to.pk).exists():
            group = circle.label if circle.department else f"zum Team ({circle.label})"
            raise LoopError(f"{to} gehört nicht {'zu ' if circle.department else ''}{group}.")


@dataclass(frozen=True)
class Taken:
    """What an agreement came to: how much moved, and how much had been settled or taken by others meanwhile."""

    moved: int
    gone: int


@transaction.atomic
def agree(*, handover: Handover, by: User, at: datetime | None = None) -> Taken:
    """Agree to a proposal: everything of it that still hangs on the person moves, in this one transaction.

    What has been settled or taken over by somebody else meanwhile stays as it is and is noted.

    Raises:
        Conflict: somebody has decided already.
        LoopError: one's own proposal, or the successor does not belong to the team or department any more.
    """
    at = moment(at)
    handover = _lock_waiting(handover)
    if by.pk in {handover.proposed_by_id, handover.person_id}:
        raise LoopError("Einer Übergabe stimmt eine zweite Person zu, nicht wer sie vorgeschlagen hat oder abgibt.")
    items = list(handover.items.filter(is_waiting=True))
    for thing in THINGS:
        _take_over(thing, [one for one in items if one.target == thing.key], handover, by=by, at=at)
    HandoverItem.objects.bulk_update(items, ["is_waiting", "result"])
    _decide(handover, Handover.State.CONFIRMED, by=by, at=at)
    moved = sum(one.result == HandoverItem.Result.MOVED for one in items)
    return Taken(moved, len(items) - moved)


def _take_over(thing: Thing, items: list[HandoverItem], handover: Handover, *, by: User, at: datetime) -> None:
    if not items:
        return
    lock, hand_on = _MOVES[thing.key]
    locked = {row.pk: row for row in lock([one.target_pk for one in items])}
    held = {one.pk: one for one in thing.held(handover.person).filter(pk__in=list(locked))}
    _check_circles(thing, held.values(), person=handover.person, to=handover.to, on=day(at))
    for item in items:
        item.is_waiting, item.result = False, HandoverItem.Result.GONE
        if item.target_pk in held:
            hand_on(locked[item.target_pk], handover, by=by, at=at)
            item.result = HandoverItem.Result.MOVED


@transaction.atomic
def decline(*, handover: Handover, reason: str, by: User, at: datetime | None = None) -> Handover:
    """Say no to a proposal; everything stays where it is, and whoever proposed reads why.

    Raises:
        Conflict: somebody has decided already.
        LoopError: no reason.
    """
    if not reason.strip():
        raise LoopError("Bitte sagen Sie kurz, warum nicht.")
    handover = _lock_waiting(handover)
    handover.reason = reason
    return _end(handover, Handover.State.DECLINED, by=by, at=moment(at))


@transaction.atomic
def withdraw(*, handover: Handover, by: User, at: datetime | None = None) -> Handover:
    """Take a proposal back before anybody has decided. Raises Conflict when somebody has."""
    return _end(_lock_waiting(handover), Handover.State.WITHDRAWN, by=by, at=moment(at))


def _lock_waiting(handover: Handover) -> Handover:
    locked = Handover.objects.select_for_update(of=("self",)).select_related("person", "to").get(pk=handover.pk)
    if not locked.is_waiting:
        raise Conflict(f"Über diese Übergabe ist schon entschieden: {locked.get_state_display()}.")
    return locked


def _end(handover: Handover, state: str, *, by: User, at: datetime) -> Handover:
    handover.items.filter(is_waiting=True).update(is_waiting=False)
    return _decide(handover, state, by=by, at=at)


def _decide(handover: Handover, state: str, *, by: User, at: datetime) -> Handover:
    handover.state, handover.decided_by, handover.decided_at = state, by, at
    handover.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return handover


# --- how each kind of row is locked and handed on ---------------------------------------------------------------------


def _lock_concerns(pks: list[int]) -> list:
    """Bundle by bundle, the lead first: the order in which everybody locks."""
    bundle, lead_first = models.functions.Coalesce("lead_id", "pk"), models.F("lead_id").desc(nulls_first=True)
    rows = _model("concern").objects.filter(pk__in=pks).order_by(bundle, lead_first, "pk")
    return [lock_concern(one) for one in rows.only("pk")]


def _lock_routings(pks: list[int]) -> list:
    rows = _model("routing").objects.filter(pk__in=pks).order_by("concern_id", "pk").only("pk", "concern_id")
    return [lock_routing(one)[0] for one in rows]


def _lock_rows(key: str) -> Callable[[list[int]], list]:
    return lambda pks: list(_model(key).objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def _model(key: str) -> type[models.Model]:
    return HandoverItem._meta.get_field(key).related_model


def _own(concern, handover: Handover, *, by: User, at: datetime) -> None:
    change(concern, owner=handover.to)
    old, new = str(handover.person_id), str(handover.to_id)
    record(concern, "owner", by=by, at=at, old=old, new=new, handover=handover.pk)


def _assign(routing, handover: Handover, *, by: User, at: datetime) -> None:
    routing.assignee = handover.to
    routing.save(update_fields=["assignee"])
    record(routing.concern, "routing_assigned", by=by, at=at, routing=routing, new=str(handover.to_id))


def _keep(row, handover: Handover, *, by: User, at: datetime) -> None:
    row.keeper = handover.to
    row.version += 1
    row.save(update_fields=["keeper", "version"])


_MOVES: dict[str, tuple[Callable, Callable]] = {
    "concern": (_lock_concerns, _own),
    "routing": (_lock_routings, _assign),
    "note": (_lock_rows("note"), _keep),
    "contact": (_lock_rows("contact"), _keep),
    "network": (_lock_rows("network"), _keep),
}
