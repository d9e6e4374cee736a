"""Deciding what happens with a concern (K04) and steering it until somebody else is on the ball."""

from datetime import date, datetime

from django.db import transaction

from concerns.models import Concern, ConcernNote
from concerns.workflow import NEEDS_REASON, ConcernStatus, Outcome
from districts.models import User
from quartier.workdays import add_workdays

from .base import (
    Conflict,
    LoopError,
    NotReady,
    change,
    check_status,
    day,
    lock_bundle,
    lock_concern,
    moment,
    move,
    record,
    refuse_duplicate,
    settings,
    settled_follow_up,
)
from .duty import owe_again, owe_answer, suspend


@transaction.atomic
def take_on(*, concern: Concern, by: User, due_on: date | None = None, at: datetime | None = None) -> Concern:
    """The Quartiersmanagement works on it itself, until `due_on` (default: the set number of working days).

    Raises:
        Conflict: the concern is somewhere else by now.
        LoopError: bundled under another concern.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    due_on = due_on or add_workdays(day(at), settings().own_work_days)
    was_due = concern.status == ConcernStatus.FEEDBACK_DUE
    seen = settled_follow_up(concern, at)
    move(concern, ConcernStatus.OWN_WORK, by=by, at=at, due_on=due_on, duplicates=duplicates, parked_from="", **seen)
    if was_due:
        suspend([concern, *duplicates])
    return concern


@transaction.atomic
def park(*, concern: Concern, until: date, by: User, at: datetime | None = None) -> Concern:
    """Put a concern aside until a date, when it comes back by itself.

    Raises:
        LoopError: the date is not in the future, or the concern is bundled.
        Conflict: the concern is somewhere else by now.
    """
    at = moment(at)
    if until <= day(at):
        raise LoopError("Bitte ein Datum in der Zukunft wählen.")
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    came_from = concern.status
    move(
        concern, ConcernStatus.PARKED, by=by, at=at, due_on=until, duplicates=duplicates, follow_up_on=until,
        parked_from=came_from,
    )  # fmt: skip
    return concern


@transaction.atomic
def wake(*, concern: Concern, by: User | None, at: datetime | None = None) -> Concern:
    """Bring a parked concern back to where it was; by hand or by the clock (`by=None`).

    Raises:
        Conflict: it is not parked any more.
        LoopError: bundled under another concern.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    check_status(concern, ConcernStatus.PARKED, verb="Zurückholen")
    back = concern.parked_from
    due_on = add_workdays(day(at), settings().triage_days)
    move(concern, back, by=by, at=at, due_on=due_on, duplicates=duplicates, follow_up_on=day(at), parked_from="")
    record(concern, "follow_up_due", by=by, at=at)
    return concern


def check_answer(*, outcome: str, answer_text: str, reason_category: str, promised_on: date | None) -> None:
    """Check an outcome against I2 and the promise's date.

    Raises:
        NotReady: lists what is missing.
    """
    missing = []
    if not answer_text.strip():
        missing.append("Es fehlt die Antwort in Worten, die die Anliegengeber/innen verstehen.")
    if outcome in NEEDS_REASON and not reason_category:
        missing.append("Ein (teilweises) Nein braucht einen Grund.")
    if outcome == Outcome.PLANNED and not promised_on:
        missing.append("Eine Zusage braucht ein Datum.")
    if missing:
        raise NotReady(missing)


@transaction.atomic
def record_answer(
    *,
    concern: Concern,
    outcome: str,
    answer_text: str,
    by: User,
    reason_category: str = "",
    promised_on: date | None = None,
    at: datetime | None = None,
) -> Concern:
    """Own work has a result, or the answer is mere information: now the reporters are owed it (K04 a, h).

    Raises:
        NotReady: no words for the resident, or a no without a reason (I2), or a promise without a date.
        Conflict: the concern is somewhere else by now.
        LoopError: bundled under another concern.
    """
    at = moment(at)
    check_answer(outcome=outcome, answer_text=answer_text, reason_category=reason_category, promised_on=promised_on)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    if concern.status == ConcernStatus.CLOSED:
        raise Conflict("Inzwischen ist dieses Anliegen abgeschlossen. Ihr Text ist noch da.")
    if concern.status == ConcernStatus.FORWARDED:
        raise LoopError("Ein Fachbereich arbeitet noch daran. Bitte die Weiterleitung zuerst zurückrufen.")
    start_feedback(
        concern,
        duplicates,
        by=by,
        at=at,
        outcome=outcome,
        answer_text=answer_text,
        reason_category=reason_category,
        promised_on=promised_on,
        **settled_follow_up(concern, at),
    )
    record(concern, "answer_recorded", by=by, at=at, new=outcome)
    return concern


def start_feedback(
    concern: Concern, duplicates, *, by: User | None, at: datetime, is_news: bool = True, **fields
) -> None:
    """Move a locked bundle to `feedback_due` and put everybody onto the worklist who does not know the answer.

    `is_news`: it is another answer than the one that some may have been told before the concern went back into work.
    """
    due_on = add_workdays(day(at), settings().feedback_days)
    move(
        concern, ConcernStatus.FEEDBACK_DUE, by=by, at=at, due_on=due_on, duplicates=duplicates, feedback_due_at=at,
        parked_from="", **fields,
    )  # fmt: skip
    if is_news:
        owe_again([concern, *duplicates])
    owe_answer([concern, *duplicates], at=at)


@transaction.atomic
def acknowledge_return(*, concern: Concern, by: User, at: datetime | None = None) -> Concern:
    """A department gave its part back while others still work or have answered; the team has seen it (I4)."""
    at = moment(at)
    concern = lock_concern(concern)
    if concern.status != ConcernStatus.NEW:
        concern.routings.filter(status="returned", return_handled=False).update(return_handled=True)
        change(concern, needs_triage=False)
    return concern


@transaction.atomic
def set_follow_up(*, concern: Concern, on: date | None, by: User, at: datetime | None = None) -> Concern:
    """Set or clear the personal follow-up date of an open concern; the date of a parked one moves with it.

    Raises:
        LoopError: closed or bundled, or a parked concern would lose its date.
    """
    at = moment(at)
    concern = lock_concern(concern)
    refuse_duplicate(concern)
    if not concern.is_open:
        raise LoopError("Abgeschlossene Anliegen haben keine Wiedervorlage.")
    parked = concern.status == ConcernStatus.PARKED
    if parked and on is None:
        raise LoopError("Ein zurückgestelltes Anliegen braucht ein Datum.")
    change(concern, follow_up_on=on, **({"due_on": on} if parked else {}))
    record(concern, "follow_up", by=by, at=at, new=on.isoformat() if on else "")
    return concern


@transaction.atomic
def assign_owner(*, concern: Concern, owner: User, by: User, at: datetime | None = None) -> Concern:
    """Hand a concern to another person of the team; an open concern always has an owner (I6)."""
    at = moment(at)
    concern = lock_concern(concern)
    if concern.owner_id != owner.pk:
        old = concern.owner_id
        change(concern, owner=owner)
        record(concern, "owner", by=by, at=at, old=str(old or ""), new=str(owner.pk))
    return concern


@transaction.atomic
def add_note(*, concern: Concern, text: str, by: User, at: datetime | None = None) -> ConcernNote:
    """Write a team note; it never leaves the team (I11), so the event carries no text."""
    at = moment(at)
    note = ConcernNote.objects.create(concern=concern, text=text, by=by, at=at)
    record(concern, "note_added", by=by, at=at)
    return note
