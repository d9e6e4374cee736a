"""Closing, reopening and promises (K10)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import TextChoices

from concerns.models import Concern, Reporter
from concerns.workflow import UNSETTLED, ConcernStatus, Outcome
from districts.models import User
from quartier.workdays import add_workdays

from .base import (
    Conflict,
    LoopError,
    NotReady,
    change,
    day,
    lock_bundle,
    moment,
    move,
    record,
    refuse_duplicate,
    settings,
    settled_follow_up,
)
from .duty import owe_again, owe_answer, reporters_of
from .intake import give_owner
from .triage import check_answer, start_feedback
from .voices import settle_by_reopening


class ReopenReason(TextChoices):
    """Why a closed concern is taken up again."""

    NEW_REPORT = "new_report", "Erneut gemeldet"
    PROMISE_BROKEN = "promise_broken", "Zusage nicht eingehalten"
    UNSATISFIED = "unsatisfied", "Anliegengeber/in unzufrieden"
    EFFECT_LOST = "effect_lost", "Das Projekt wirkt nicht mehr"
    MISTAKE = "mistake", "Versehentlich abgeschlossen"


def missing_for_closing(concern: Concern) -> list[str]:
    """What still stands between a concern and its end, as German sentences; empty when it can be closed."""
    if concern.status == ConcernStatus.CLOSED:
        return ["Das Anliegen ist schon abgeschlossen."]
    missing = []
    if concern.status != ConcernStatus.FEEDBACK_DUE:
        missing.append("Es liegt noch keine Antwort vor.")
    reporters = Reporter.objects.filter(concern__in=[concern, *concern.duplicates.all()])
    states = list(reporters.values_list("feedback_state", flat=True))
    waiting = sum(state in UNSETTLED for state in states)
    if waiting:
        verb = "hat" if waiting == 1 else "haben"
        missing.append(f"{waiting} von {len(states)} Anliegengeber/innen {verb} noch keine Rückmeldung.")
    return missing


@transaction.atomic
def close(
    *,
    concern: Concern,
    outcome: str,
    answer_text: str,
    by: User,
    reason_category: str = "",
    promised_on: date | None = None,
    at: datetime | None = None,
) -> Concern:
    """End the loop for a concern and everything bundled under it.

    Raises:
        Conflict: somebody closed it meanwhile.
        NotReady: somebody has not heard the answer (I1), or the outcome lacks its reason or date (I2).
        LoopError: bundled under another concern.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    if concern.status == ConcernStatus.CLOSED:
        raise Conflict("Inzwischen hat jemand anderes dieses Anliegen abgeschlossen. Ihr Text ist noch da.")
    reporters_of([concern, *duplicates])
    if missing := missing_for_closing(concern):
        raise NotReady(missing)
    check_answer(outcome=outcome, answer_text=answer_text, reason_category=reason_category, promised_on=promised_on)
    promise = Concern.Promise.OPEN if outcome == Outcome.PLANNED else concern.promise
    move(
        concern, ConcernStatus.CLOSED, by=by, at=at, due_on=None, duplicates=duplicates, outcome=outcome,
        answer_text=answer_text, reason_category=reason_category,
        promised_on=promised_on if outcome == Outcome.PLANNED else None, promise=promise, closed_at=at,
        follow_up_on=None,
    )  # fmt: skip
    for one in (concern, *duplicates):
        record(one, "closed", by=by, at=at, new=outcome)
    return concern


@transaction.atomic
def reopen(*, concern: Concern, reason: str, by: User | None, at: datetime | None = None) -> Concern:
    """Take up a closed concern again; everybody who was told will be told the new answer.

    Everybody of a bundle keeps their own; what belongs to somebody who has left goes to `by`.

    Raises:
        Conflict: it is open already.
        LoopError: bundled under another concern.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    if concern.status != ConcernStatus.CLOSED:
        raise Conflict("Das Anliegen ist inzwischen schon wieder offen.")
    for one in (concern, *duplicates):
        give_owner(one, by=by, at=at)
        change(one, reopened_count=one.reopened_count + 1)
    promise = Concern.Promise.BROKEN if reason == ReopenReason.PROMISE_BROKEN else Concern.Promise.NONE
    move(
        concern, ConcernStatus.NEW, by=by, at=at, due_on=add_workdays(day(at), settings().triage_days),
        duplicates=duplicates, closed_at=None, promise=promise, outcome="", reason_category="", answer_text="",
    )  # fmt: skip
    owe_again([concern, *duplicates])
    settle_by_reopening([concern, *duplicates], by=by, at=at)
    record(concern, "reopened", by=by, at=at, new=reason)
    return concern


@transaction.atomic
def give_news(
    *, concern: Concern, outcome: str, answer_text: str, by: User, reason_category: str = "", at: datetime | None = None
) -> Concern:
    """What a concern was turned into has come to its end: everybody behind it is owed the news, also a no (K18, I3).

    Works on concerns that were answered as a project idea or with the no of a dropped project, told or not, and on
    those that still wait for an answer of the Quartiersmanagement itself.

    Raises:
        NotReady: the words or the reason are missing (I2).
        LoopError: bundled under another concern.
        Conflict: a department is working on it, or it was answered in another way meanwhile.
    """
    at = moment(at)
    check_answer(outcome=outcome, answer_text=answer_text, reason_category=reason_category, promised_on=None)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    if not takes_news(concern):
        raise Conflict(f"{concern.number} wurde inzwischen anders beantwortet.")
    answer = {"outcome": outcome, "answer_text": answer_text, "reason_category": reason_category}
    bundle = [concern, *duplicates]
    for one in bundle:
        give_owner(one, by=by, at=at)
    due_on = add_workdays(day(at), settings().feedback_days)
    if concern.status == ConcernStatus.FEEDBACK_DUE:
        for one in bundle:
            change(one, **answer, due_on=due_on)
        owe_again(bundle)
        owe_answer(bundle, at=at)
    else:
        if concern.status == ConcernStatus.PARKED:
            move(concern, ConcernStatus.OWN_WORK, by=by, at=at, due_on=due_on, duplicates=duplicates)
        start_feedback(
            concern, duplicates, by=by, at=at, closed_at=None, **answer, **settled_follow_up(concern, at)
        )  # fmt: skip
    record(concern, "project_news", by=by, at=at, new=outcome)
    return concern


def takes_news(concern: Concern) -> bool:
    """Whether people behind a concern wait to hear what became of its project: `give_news` works on these only."""
    if concern.lead_id:
        return False
    if concern.status in (ConcernStatus.CLOSED, ConcernStatus.FEEDBACK_DUE):
        return concern.outcome == Outcome.BECAME_PROJECT or _was_refused_as_project(concern)
    return concern.status != ConcernStatus.FORWARDED


def _was_refused_as_project(concern: Concern) -> bool:
    """Whether its answer is the no of a dropped project: that can be taken up again and be carried out after all."""
    if concern.outcome != Outcome.DECLINED:
        return False
    last = (
        concern.events.filter(kind__in=("project_news", "answer_recorded", "reopened")).order_by("-at", "-pk").first()
    )
    return last is not None and last.kind == "project_news"


@transaction.atomic
def settle_promise(*, concern: Concern, kept: bool, text: str, by: User, at: datetime | None = None) -> Concern:
    """The promised day has come. Kept: a second feedback says so. Not kept: the concern is open again (scenario 5).

    `text` are the words for the residents when kept.

    Raises:
        Conflict: no promise is open any more.
        LoopError: kept, but no words for the residents.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    if concern.promise != Concern.Promise.OPEN or concern.status != ConcernStatus.CLOSED:
        raise Conflict("Über diese Zusage wurde inzwischen schon entschieden.")
    if not kept:
        record(concern, "promise_settled", by=by, at=at, new=Concern.Promise.BROKEN)
        return reopen(concern=concern, reason=ReopenReason.PROMISE_BROKEN, by=by, at=at)
    if not text.strip():
        raise LoopError("Bitte in einem Satz festhalten, was gemacht wurde.")
    record(concern, "promise_settled", by=by, at=at, new=Concern.Promise.KEPT)
    move(
        concern, ConcernStatus.FEEDBACK_DUE, by=by, at=at, due_on=add_workdays(day(at), settings().feedback_days),
        duplicates=duplicates, closed_at=None, feedback_due_at=at, promise=Concern.Promise.KEPT,
        outcome=Outcome.FULFILLED, answer_text=text,
    )  # fmt: skip
    owe_again([concern, *duplicates])
    owe_answer([concern, *duplicates], at=at)
    return concern
