"""What all actions share: refusals in German, locking, moving a concern, recording events.

Every action takes keyword arguments only, `by=` the acting person and `at=` the moment (now when omitted; the demo city
and imports tell their own). It locks the concern (the lead of a bundle first), checks the move, saves named fields,
records the event and defers the jobs in one transaction. Whether `by` may act is decided by the queryset a view fetches
from; the actions decide whether the loop allows it.
"""

from datetime import date, datetime

from django.utils import timezone

from concerns.events import EVENTS
from concerns.models import Concern, ConcernEvent, LoopSettings, Routing
from concerns.workflow import CONCERN_MOVES, ROUTING_MOVES, ConcernStatus, may_move
from districts.models import User


class LoopError(Exception):
    """The loop's rules forbid this; the text is a German sentence for the person."""


class Conflict(LoopError):
    """Somebody else was faster; nothing was changed and the typed text must be kept."""


class NotReady(LoopError):
    """Something is missing; `missing` lists it in German."""

    def __init__(self, missing: list[str]):
        self.missing = missing
        super().__init__(" ".join(missing))


def moment(at: datetime | None) -> datetime:
    """The moment an action happens."""
    return at or timezone.now()


def day(at: datetime) -> date:
    """The calendar day of a moment in the office's time zone."""
    return timezone.localdate(at)


def lock_concern(concern: Concern) -> Concern:
    """Lock a concern for the transaction and return it as it stands now."""
    return Concern.objects.select_for_update().get(pk=concern.pk)


def lock_bundle(concern: Concern) -> tuple[Concern, list[Concern]]:
    """Lock a lead concern and its duplicates; always in this order, so that two people cannot block each other."""
    lead = lock_concern(concern)
    return lead, list(Concern.objects.select_for_update().filter(lead=lead).order_by("pk"))


def lock_routing(routing: Routing) -> tuple[Routing, Concern]:
    """Lock a routing's concern, then the routing, and return both as they stand now."""
    concern = lock_concern(Concern(pk=routing.concern_id))
    locked = Routing.objects.select_for_update(of=("self",)).select_related("department").get(pk=routing.pk)
    return locked, concern


def record(
    concern: Concern,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    old: str = "",
    new: str = "",
    routing=None,
    reporter=None,
    **data,
) -> ConcernEvent:
    """Append an event. `data` holds codes, dates (ISO) and ids, never text somebody wrote."""
    return ConcernEvent.objects.create(
        concern=concern,
        kind=kind,
        by=by,
        at=at,
        old=old,
        new=new,
        routing=routing,
        reporter=reporter,
        data=data,
        visibility=EVENTS[kind].visibility,
    )


def check_status(concern: Concern, *allowed: str, verb: str) -> None:
    """Refuse when the concern does not stand in one of `allowed`.

    Raises:
        Conflict: it is somewhere else by now; the message names where.
    """
    if concern.status not in allowed:
        raise Conflict(f"{verb} geht hier nicht: Das Anliegen steht inzwischen auf „{concern.get_status_display()}“.")


def refuse_duplicate(concern: Concern) -> None:
    """Refuse actions on a bundled concern: its lead carries routing, answer and closing.

    Raises:
        LoopError: the concern is bundled under another.
    """
    if concern.lead_id:
        raise LoopError(f"Dieses Anliegen ist unter {concern.lead.number} gebündelt. Bitte dort weiterarbeiten.")


def move(
    concern: Concern, to: str, *, by: User | None, at: datetime, due_on: date | None, duplicates=(), **fields
) -> None:
    """Move a locked concern and its locked duplicates to another status, with further fields, and record it.

    Raises:
        Conflict: the table of moves does not allow it from where the concern stands now.
    """
    if not may_move(CONCERN_MOVES, concern.status, to):
        raise Conflict(
            f"Das geht nicht mehr: Das Anliegen steht inzwischen auf „{concern.get_status_display()}“ "
            "und wurde nicht verändert."
        )
    changes = {
        "status": to,
        "due_on": due_on,
        "waiting_since": day(at),
        "needs_triage": to == ConcernStatus.NEW,
        **fields,
    }
    for one in (concern, *duplicates):
        old = one.status
        change(one, **changes)
        record(one, "status", by=by, at=at, old=old, new=to)


def settled_follow_up(concern: Concern, at: datetime) -> dict:
    """Fields that take a follow-up off the desk whose day has come: whoever decides about the concern has seen it."""
    reached = concern.follow_up_on and concern.follow_up_on <= day(at)
    return {"follow_up_on": None} if reached else {}


def change(concern: Concern, **fields) -> None:
    """Save named fields of a locked concern and count its version up."""
    for name, value in fields.items():
        setattr(concern, name, value)
    concern.version += 1
    concern.save(update_fields=[*fields, "version"])


def move_routing(routing: Routing, to: str, **fields) -> str:
    """Move a locked routing to another status with further fields; returns the old status.

    Raises:
        Conflict: the table of moves does not allow it from where the routing stands now.
    """
    if not may_move(ROUTING_MOVES, routing.status, to):
        raise Conflict(
            f"Das geht nicht mehr: Der Vorgang steht inzwischen auf „{routing.get_status_display()}“. "
            "Ihr Text ist noch da, es wurde nichts verändert."
        )
    old = routing.status
    for name, value in {"status": to, **fields}.items():
        setattr(routing, name, value)
    routing.save(update_fields=["status", *fields])
    return old


def settings() -> LoopSettings:
    """The loop's figures (deadlines, attempts)."""
    return LoopSettings.load()
