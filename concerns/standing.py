"""Where a concern stands in words: the four stations, whose turn it is, which tone a status has. Pure functions."""

from collections.abc import Iterable
from datetime import datetime

from concerns.workflow import WAIVED, ConcernStatus, FeedbackState, RoutingStatus

STATIONS_DONE: dict[str, int] = {
    ConcernStatus.NEW: 1,
    ConcernStatus.PARKED: 1,
    ConcernStatus.OWN_WORK: 2,
    ConcernStatus.FORWARDED: 2,
    ConcernStatus.FEEDBACK_DUE: 3,
    ConcernStatus.CLOSED: 4,
}
TONES: dict[str, str] = {
    ConcernStatus.NEW: "info",
    ConcernStatus.PARKED: "neutral",
    ConcernStatus.OWN_WORK: "info",
    ConcernStatus.FORWARDED: "info",
    ConcernStatus.FEEDBACK_DUE: "warning",
    ConcernStatus.CLOSED: "success",
}
TEAM = "Quartiersmanagement"


def stations_done(concern) -> int:
    """How many of the four stations (erfasst, weitergeleitet or taken on, beantwortet, zurückgemeldet) are done."""
    return STATIONS_DONE[concern.status]


def status_tone(concern) -> str:
    """Tone of the status chip."""
    return TONES[concern.status]


def turn_in_list(concern, routings: Iterable = ()) -> str:
    """The same in the fewest words, for a line in which the team is understood."""
    if concern.status in {ConcernStatus.FORWARDED, ConcernStatus.PARKED}:
        return turn(concern, routings).replace(f"{TEAM} ", "")
    return str(concern.owner or TEAM) if concern.is_open else ""


def turn(concern, routings: Iterable = ()) -> str:
    """Whose turn it is; `routings` are the concern's, with their departments. Empty when nobody has to do anything."""
    if concern.status == ConcernStatus.CLOSED:
        return f"{TEAM} am {concern.promised_on:%d.%m.%Y}: Zusage prüfen" if concern.promise == "open" else ""
    if concern.status == ConcernStatus.PARKED:
        return f"niemand bis {concern.follow_up_on:%d.%m.%Y}"
    if concern.status == ConcernStatus.FORWARDED:
        return _turn_of_departments(routings)
    return _team(concern)


def _team(concern) -> str:
    return f"{TEAM} ({concern.owner})" if concern.owner else TEAM


def _turn_of_departments(routings: Iterable) -> str:
    open_ones = [routing for routing in routings if routing.is_open]
    asking = [routing.department.code for routing in open_ones if routing.status == RoutingStatus.QUERY]
    working = [routing.department.code for routing in open_ones if routing.status != RoutingStatus.QUERY]
    question = f"{TEAM} (Rückfrage von {', '.join(asking)})" if asking else ""
    return ", ".join([*working, *([question] if question else [])]) or "Fachbereich"


def answer_of(lead) -> datetime | None:
    """Which answer a (lead) concern has: the moment it was there; a newer one has another."""
    return lead.feedback_due_at or lead.closed_at


def may_be_asked(reporter, lead) -> bool:
    """Whether somebody has the answer to the (lead) concern and can say if it helped.

    Whoever was told; and when all is closed also those nobody could tell: they read it on their status page.
    """
    if lead.status not in {ConcernStatus.FEEDBACK_DUE, ConcernStatus.CLOSED} or answer_of(lead) is None:
        return False
    read_it = lead.status == ConcernStatus.CLOSED and reporter.feedback_state in WAIVED
    return reporter.feedback_state == FeedbackState.DONE or read_it
