"""The feedback duty: who is owed which message since when (I1, I3, I5)."""

from collections.abc import Iterable
from datetime import datetime

from concerns.models import Concern, Reporter
from concerns.workflow import UNSETTLED, ConcernStatus, FeedbackState, WaiverReason
from districts.models import User
from quartier.workdays import add_workdays

from .base import day, record, settings


def owe(reporters: Iterable[Reporter], due: str, *, at: datetime) -> None:
    """Put a message to each of these (unsettled) reporters onto the worklist; an older date stays."""
    due_on = add_workdays(day(at), settings().feedback_days)
    for reporter in reporters:
        if reporter.due != due:
            reporter.due, reporter.due_since, reporter.due_on = due, at, due_on
            reporter.save(update_fields=["due", "due_since", "due_on"])


def nothing_due(reporter: Reporter) -> dict:
    """Fields of a reporter who is owed nothing at the moment."""
    return {"due": "", "due_since": None, "due_on": None}


def reporters_of(concerns: Iterable[Concern]) -> list[Reporter]:
    """Lock all reporters of a bundle, in a fixed order."""
    return list(Reporter.objects.select_for_update().filter(concern__in=list(concerns)).order_by("pk"))


def owe_answer(concerns: Iterable[Concern], *, at: datetime) -> None:
    """The answer is there: every reporter not yet told and not waived is owed it, whatever the outcome (I3)."""
    owe((r for r in reporters_of(concerns) if r.feedback_state in UNSETTLED), Reporter.Due.FINAL, at=at)


def owe_interim(concerns: Iterable[Concern], *, at: datetime) -> None:
    """The department needs longer: everybody waiting is owed an interim message (N2)."""
    waiting = (r for r in reporters_of(concerns) if r.feedback_state in UNSETTLED and r.due != Reporter.Due.FINAL)
    owe(waiting, Reporter.Due.INTERIM, at=at)


def suspend(concerns: Iterable[Concern]) -> None:
    """The answer is withdrawn from the worklist because the concern goes back into work."""
    Reporter.objects.filter(concern__in=list(concerns)).exclude(due="").update(due="", due_since=None, due_on=None)


def owe_again(concerns: Iterable[Concern]) -> None:
    """The answer somebody was told is not the last word any more: they are to be told the new one too.

    Waivers stay; so does the state of people whose data were erased, because nobody can be told any more.
    """
    for reporter in reporters_of(concerns):
        if reporter.feedback_state == FeedbackState.DONE and not reporter.erased_at:
            reporter.feedback_state = FeedbackState.OPEN
            reporter.save(update_fields=["feedback_state"])


def waiver_of(reporter) -> str:
    """Why somebody need not be told, as far as kind and channel say so (of a reporter or of what was typed)."""
    if reporter.kind == Reporter.Kind.OBSERVATION:
        return WaiverReason.OWN_OBSERVATION
    return WaiverReason.NOT_WANTED if reporter.channel == Reporter.Channel.NONE else ""


def set_waiver(reporter: Reporter, concern: Concern, *, reason: str, note: str, by: User | None, at: datetime) -> None:
    """Store a waiver on a locked reporter and record it."""
    unwanted = reason in {WaiverReason.NOT_WANTED, WaiverReason.OWN_OBSERVATION}
    fields = {
        "feedback_state": FeedbackState.NOT_WANTED if unwanted else FeedbackState.IMPOSSIBLE,
        "waiver_reason": reason,
        "waiver_note": note,
        **nothing_due(reporter),
    }
    for name, value in fields.items():
        setattr(reporter, name, value)
    reporter.save(update_fields=[*fields])
    record(concern, "feedback_waived", by=by, at=at, reporter=reporter, new=reason)


def drop_waiver(reporter: Reporter, concern: Concern, *, by: User, at: datetime) -> None:
    """Take the waiver off a locked reporter of an open concern: they are owed the answer again."""
    reporter.feedback_state, reporter.waiver_reason, reporter.waiver_note = FeedbackState.OPEN, "", ""
    reporter.save(update_fields=["feedback_state", "waiver_reason", "waiver_note"])
    record(concern, "feedback_waived", by=by, at=at, reporter=reporter, old="taken_back")
    if concern.status == ConcernStatus.FEEDBACK_DUE:
        owe([reporter], Reporter.Due.FINAL, at=at)
