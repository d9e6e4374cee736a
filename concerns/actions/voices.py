"""Voices: whether an answer helped the person who got it, said on the status page; a no comes back to the team."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from concerns.models import Concern, Feedback, Reporter, Voice
from concerns.standing import answer_of, may_be_asked
from concerns.workflow import FeedbackState
from districts.models import User
from quartier.workdays import add_workdays

from .base import Conflict, LoopError, day, lock_concern, moment, record, settings
from .intake import give_owner


class OtherAnswer(Conflict):
    """Meanwhile there is another answer, or the concern is open again: what was said no longer fits."""


class AlreadySettled(Conflict):
    """The team has acted on what was said; it stays as it is."""


def _lock(reporter: Reporter) -> tuple[Reporter, Concern, Concern]:
    """Lock the lead concern, the concern and the reporter, in the order of the house."""
    concern = Concern.objects.get(pk=reporter.concern_id)
    lead = lock_concern(Concern(pk=concern.lead_id)) if concern.lead_id else None
    concern = lock_concern(concern)
    return Reporter.objects.select_for_update().get(pk=reporter.pk), concern, lead or concern


@transaction.atomic
def say(
    *, reporter: Reporter, answer_at: datetime, helped: bool, comment: str = "", at: datetime | None = None
) -> Voice:
    """Note what somebody says about the answer of `answer_at`; until the team has acted they may change their mind.

    A no comes to the team with a date. The last word counts as the reaction on the feedback they were given.

    Raises:
        OtherAnswer: there is a newer answer, or none any more.
        AlreadySettled: the team has acted on an earlier no.
    """
    at = moment(at)
    reporter, concern, lead = _lock(reporter)
    if reporter.erased_at or not may_be_asked(reporter, lead) or answer_of(lead) != answer_at:
        raise OtherAnswer("Inzwischen gibt es einen neuen Stand.")
    voice = Voice.objects.filter(reporter=reporter, answer_at=answer_at).first()
    if voice and voice.settled:
        raise AlreadySettled("Darum hat sich das Quartiersmanagement schon gekümmert.")
    comment = "" if helped else comment.strip()
    if voice and (voice.helped, voice.comment) == (helped, comment):
        return voice
    told = reporter.feedbacks.ending_duty().order_by("-attempt")
    feedback = told.first() if reporter.feedback_state == FeedbackState.DONE else None
    known = Voice(reporter=reporter, answer_at=answer_at) if voice is None else voice
    known.due_on = None if helped else known.due_on or add_workdays(day(at), settings().feedback_days)
    known.helped, known.comment, known.feedback, known.at = helped, comment, feedback, at
    known.save()
    if feedback:
        feedback.reaction = Feedback.Reaction.SATISFIED if helped else Feedback.Reaction.UNSATISFIED
        feedback.save(update_fields=["reaction"])
    if not helped:
        for one in dict.fromkeys((lead, concern)):
            give_owner(one, by=None, at=at)
    record(concern, "voice", by=None, at=at, reporter=reporter, new="helped" if helped else "not_helped")
    return known


def _lock_voice(voice: Voice) -> tuple[Voice, Concern]:
    reporter, concern, _ = _lock(voice.reporter)
    voice = Voice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
    voice.reporter = reporter
    return voice, concern


@transaction.atomic
def settle(*, voice: Voice, by: User, at: datetime | None = None) -> Voice:
    """Take a no off the desk: somebody has looked at it and done what there was to do.

    Raises:
        Conflict: somebody has already, or the person has changed their mind.
    """
    at = moment(at)
    voice, concern = _lock_voice(voice)
    if not voice.is_waiting:
        raise Conflict("Das ist inzwischen schon erledigt.")
    voice.settled, voice.settled_at, voice.settled_by = Voice.Settled.DONE, at, by
    voice.save(update_fields=["settled", "settled_at", "settled_by"])
    record(concern, "voice_settled", by=by, at=at, reporter=voice.reporter, new=voice.settled)
    return voice


@transaction.atomic
def unsettle(*, voice: Voice, by: User, at: datetime | None = None) -> Voice:
    """Put a no back onto the desk, with its old date.

    Raises:
        LoopError: it is there already, or its concern was opened again because of it.
    """
    at = moment(at)
    voice, concern = _lock_voice(voice)
    if voice.settled != Voice.Settled.DONE:
        raise LoopError("Das lässt sich nicht mehr zurücknehmen.")
    voice.settled, voice.settled_at, voice.settled_by = "", None, None
    voice.save(update_fields=["settled", "settled_at", "settled_by"])
    record(concern, "voice_settled", by=by, at=at, reporter=voice.reporter, old=Voice.Settled.DONE)
    return voice


def settle_by_reopening(concerns: Iterable[Concern], *, by: User, at: datetime) -> None:
    """What residents said about an answer has been acted on: the locked concerns are open again."""
    for voice in Voice.objects.waiting().filter(reporter__concern__in=list(concerns)).select_related("reporter"):
        voice.settled, voice.settled_at, voice.settled_by = Voice.Settled.REOPENED, at, by
        voice.save(update_fields=["settled", "settled_at", "settled_by"])
        record(voice.reporter.concern, "voice_settled", by=by, at=at, reporter=voice.reporter, new=voice.settled)


def forget_comments(reporters: Iterable[Reporter]) -> int:
    """Remove what these people wrote about their answer; that they said yes or no stays. Returns how many."""
    return Voice.objects.filter(reporter__in=reporters).exclude(comment="").update(comment="")
