"""Whether a message arrived: what that does to the feedback duty."""

from datetime import datetime

from django.db import transaction

from concerns.models import Concern, Feedback, Reporter
from concerns.workflow import (
    ENDS_DUTY,
    TOLD,
    UNSETTLED,
    WAIVED,
    ConcernStatus,
    FeedbackKind,
    FeedbackResult,
    FeedbackState,
)

from .base import day, lock_bundle, lock_concern, moment, move, record
from .duty import nothing_due, owe
from .intake import give_owner


def _lock(reporter_id: int) -> tuple[Reporter, Concern]:
    concern = Concern.objects.get(reporters=reporter_id)
    if concern.lead_id:
        lock_concern(Concern(pk=concern.lead_id))
    concern = lock_concern(concern)
    return Reporter.objects.select_for_update().get(pk=reporter_id), concern


def told(reporter: Reporter, kind: str) -> None:
    """A message of this kind reached a locked reporter: what they were owed by it is settled."""
    if kind in ENDS_DUTY:
        fields = {"feedback_state": FeedbackState.DONE, **nothing_due(reporter)}
    elif kind == FeedbackKind.INTERIM:
        fields = {"feedback_state": FeedbackState.INTERIM}
        if reporter.due == Reporter.Due.INTERIM:
            fields |= nothing_due(reporter)
    else:
        return
    for name, value in fields.items():
        setattr(reporter, name, value)
    reporter.save(update_fields=[*fields])


@transaction.atomic
def mail_was_sent(*, feedback: Feedback, at: datetime | None = None) -> None:
    """The mail server took the mail: the reporter counts as told."""
    at = moment(at)
    reporter, concern = _lock(feedback.reporter_id)
    feedback.result = FeedbackResult.SENT
    feedback.save(update_fields=["result"])
    if reporter.feedback_state in UNSETTLED and _is_up_to_date(feedback, concern):
        told(reporter, feedback.kind)
    record(concern, "feedback", by=feedback.by, at=at, reporter=reporter, old=feedback.kind, new=FeedbackResult.SENT,
           attempt=feedback.attempt, channel=feedback.channel)  # fmt: skip


def _is_up_to_date(feedback: Feedback, concern: Concern) -> bool:
    """False for an answer that was put back into work, or replaced by a newer one, while its mail was under way."""
    if feedback.kind not in ENDS_DUTY:
        return True
    return concern.status == ConcernStatus.FEEDBACK_DUE and feedback.at >= (concern.feedback_due_at or feedback.at)


@transaction.atomic
def mail_came_back(*, feedback: Feedback, bounced: bool, at: datetime | None = None) -> None:
    """A mail failed for good or bounced: the person has not heard it, so the duty is back on the worklist.

    A concern that was closed on the strength of this mail goes back to `feedback_due` (I1). Whoever has heard the same
    or more since then is owed nothing.
    """
    at = moment(at)
    reporter, concern = _lock(feedback.reporter_id)
    feedback.result = FeedbackResult.UNDELIVERABLE
    feedback.save(update_fields=["result"])
    kind = "feedback_bounced" if bounced else "feedback_failed"
    record(concern, kind, by=None, at=at, reporter=reporter, attempt=feedback.attempt)
    if feedback.kind == FeedbackKind.RECEIPT or reporter.erased_at or reporter.feedback_state in WAIVED:
        return
    later = reporter.feedbacks.filter(attempt__gt=feedback.attempt)
    if feedback.kind in ENDS_DUTY and not later.ending_duty().exists():
        _owe_answer_again(reporter, concern, at=at)
    has_answer = reporter.feedback_state == FeedbackState.DONE or reporter.due == Reporter.Due.FINAL
    if feedback.kind == FeedbackKind.INTERIM and not has_answer and not later.filter(result__in=TOLD).exists():
        owe([reporter], Reporter.Due.INTERIM, at=at)


def _owe_answer_again(reporter: Reporter, concern: Concern, *, at: datetime) -> None:
    if concern.status == ConcernStatus.CLOSED:
        _take_up_again(concern, at=at)
    if reporter.feedback_state == FeedbackState.DONE:
        reporter.feedback_state = FeedbackState.OPEN
        reporter.save(update_fields=["feedback_state"])
    if concern.status == ConcernStatus.FEEDBACK_DUE:
        owe([reporter], Reporter.Due.FINAL, at=at)


def _take_up_again(concern: Concern, *, at: datetime) -> None:
    lead, duplicates = lock_bundle(concern.lead or concern)
    for one in (lead, *duplicates):
        give_owner(one, by=None, at=at)
    promise = "" if lead.promise == Concern.Promise.OPEN else lead.promise
    move(lead, ConcernStatus.FEEDBACK_DUE, by=None, at=at, due_on=day(at), duplicates=duplicates, closed_at=None,
         promise=promise)  # fmt: skip
    record(lead, "reopened", by=None, at=at, new="bounced")
    concern.refresh_from_db()
