"""How a shared office (Bürogemeinschaft) comes about: its states and which may follow which (Z04). Knows no model."""

from enum import StrEnum


class Status(StrEnum):
    """How far a shared office has come."""

    IDEA = "idea"
    EXPLORED = "explored"
    SOUGHT = "sought"
    DECIDED = "decided"
    ACTIVE = "active"
    ENDED = "ended"


LABELS = {
    Status.IDEA: "Idee",
    Status.EXPLORED: "in Prüfung",
    Status.SOUGHT: "angestrebt",
    Status.DECIDED: "beschlossen",
    Status.ACTIVE: "aktiv",
    Status.ENDED: "beendet",
}
# What may follow; before it is active, it can also go a step back. Ended is for good: a new attempt is a new one.
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.IDEA: (Status.EXPLORED, Status.SOUGHT, Status.ENDED),
    Status.EXPLORED: (Status.SOUGHT, Status.DECIDED, Status.IDEA, Status.ENDED),
    Status.SOUGHT: (Status.DECIDED, Status.EXPLORED, Status.ENDED),
    Status.DECIDED: (Status.ACTIVE, Status.SOUGHT, Status.ENDED),
    Status.ACTIVE: (Status.ENDED,),
    Status.ENDED: (),
}


def may_follow(now: str, then: str) -> bool:
    """Whether a shared office may go from one state to another."""
    return Status(then) in MOVES[Status(now)]
