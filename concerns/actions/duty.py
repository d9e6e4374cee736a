"""The feedback duty: who is owed which message since when (I1, I3, I5)."""

from collections.abc import Iterable
from datetime import datetime

from concerns.models import Concern, Reporter
from concerns.workflow import UNSETTLED, FeedbackState
from quartier.workdays import add_workdays

from .base import day, settings


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


def owe_again(concerns: Iterable[Concern], *, reporters: Iterable[Reporter] | None = None) -> None:
    """The answer somebody was told is not the last word any more: they are to be told the new one too.

    Waivers stay; so does the state of people whose data were erased, because nobody can be told any more.
    """
    found = reporters_of(concerns) if reporters is None else reporters
    for reporter in found:
        if reporter.feedback_state == FeedbackState.DONE and not reporter.erased_at:
            reporter.feedback_state = FeedbackState.OPEN
            reporter.save(update_fields=["feedback_state"])
