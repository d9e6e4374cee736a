"""Telling the reporters (K09): every attempt is a record, and the duty ends only when the word arrived."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from concerns.models import Concern, Feedback, Reporter
from concerns.wording import compose_mail
from concerns.workflow import (
    ENDS_DUTY,
    TOLD,
    WAIVED,
    ConcernStatus,
    FeedbackKind,
    FeedbackResult,
    FeedbackState,
    WaiverReason,
)
from districts.models import User

from .arrival import told
from .base import Conflict, LoopError, lock_concern, moment, record, settings
from .duty import drop_waiver, set_waiver, waiver_of
from .mail import queue_feedback_mail

RECEIPT_TEXT = "Quittung mit der Nummer des Anliegens ausgehändigt."
BY_HAND = TOLD | {FeedbackResult.NOT_REACHED}


def _lock(reporter: Reporter) -> tuple[Reporter, Concern]:
    concern = lock_concern(Concern(pk=reporter.concern_id))
    return Reporter.objects.select_for_update().get(pk=reporter.pk), concern


def _check(reporter: Reporter, concern: Concern, kind: str) -> None:
    if reporter.feedback_state == FeedbackState.DONE:
        raise Conflict("Diese Person hat die Rückmeldung inzwischen schon bekommen.")
    if reporter.feedback_state in WAIVED:
        raise Conflict("Die Rückmeldung an diese Person ist inzwischen begründet entfallen.")
    if kind in ENDS_DUTY and concern.status != ConcernStatus.FEEDBACK_DUE:
        raise LoopError("Es liegt noch keine Antwort vor, die zurückgemeldet werden kann.")
    if reporter.feedbacks.filter(result=FeedbackResult.QUEUED).exists():
        raise Conflict("An diese Person ist gerade eine E-Mail unterwegs.")


def _store(reporter: Reporter, *, kind, channel, text, language, result, by, at, reaction="", note="") -> Feedback:
    reporter.attempts += 1
    reporter.save(update_fields=["attempts"])
    return Feedback.objects.create(
        reporter=reporter, kind=kind, channel=channel, text=text, language=language, attempt=reporter.attempts,
        result=result, reaction=reaction, note=note, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def record_feedback(
    *,
    reporter: Reporter,
    kind: str,
    channel: str,
    text: str,
    result: str,
    by: User,
    language: str = "de",
    reaction: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Feedback:
    """Record one attempt to tell a reporter by phone, letter, in person, through somebody or on a notice.

    Raises:
        Conflict: the person was told or waived meanwhile, or a mail is under way.
        LoopError: no answer is there yet, no text, or `result` is one only the mail system may set.
    """
    at = moment(at)
    if result not in BY_HAND:
        raise LoopError("Dieses Ergebnis kann nicht von Hand eingetragen werden.")
    if not text.strip():
        raise LoopError("Bitte festhalten, was gesagt oder geschrieben wurde.")
    reporter, concern = _lock(reporter)
    _check(reporter, concern, kind)
    feedback = _store(
        reporter, kind=kind, channel=channel, text=text, language=language, result=result, by=by, at=at,
        reaction=reaction, note=note,
    )  # fmt: skip
    if result in TOLD:
        told(reporter, kind)
    record(concern, "feedback", by=by, at=at, reporter=reporter, old=kind, new=result, attempt=feedback.attempt,
           channel=channel)  # fmt: skip
    return feedback


@transaction.atomic
def record_receipt(*, reporter: Reporter, by: User, at: datetime | None = None) -> Feedback:
    """Note that the receipt was handed over. It tells no answer: it settles no duty and counts as no attempt (0).

    Raises:
        Conflict: noted already, or the person's data were erased meanwhile.
    """
    at = moment(at)
    reporter, concern = _lock(reporter)
    if reporter.erased_at:
        raise Conflict("Die Daten dieser Person wurden inzwischen gelöscht.")
    if reporter.feedbacks.filter(kind=FeedbackKind.RECEIPT, attempt=0).exists():
        raise Conflict("Die Quittung ist schon als ausgehändigt festgehalten.")
    feedback = Feedback.objects.create(
        reporter=reporter, kind=FeedbackKind.RECEIPT, channel=Reporter.Channel.IN_PERSON, text=RECEIPT_TEXT,
        language=Reporter.Language.DE, attempt=0, result=FeedbackResult.REACHED, by=by, at=at,
    )  # fmt: skip
    record(concern, "feedback", by=by, at=at, reporter=reporter, old=feedback.kind, new=feedback.result,
           channel=feedback.channel)  # fmt: skip
    return feedback


@transaction.atomic
def record_collective(
    *, reporters: list[Reporter], text: str, by: User, note: str = "", at: datetime | None = None
) -> list[Feedback]:
    """One notice for several people, with one record per person (N4).

    Raises:
        Conflict, LoopError: as in `record_feedback`; then nobody's record is kept.
    """
    return [
        record_feedback(
            reporter=reporter,
            kind=FeedbackKind.COLLECTIVE,
            channel=Reporter.Channel.NOTICE,
            text=text,
            result=FeedbackResult.DISPLAYED,
            by=by,
            note=note,
            at=at,
        )
        for reporter in sorted(reporters, key=lambda one: (one.concern_id, one.pk))
    ]


@transaction.atomic
def send_feedback(
    *, reporter: Reporter, kind: str, text: str, by: User, language: str = "de", at: datetime | None = None
) -> Feedback:
    """Queue an e-mail to a reporter, worded as `compose_mail` previews it; the duty ends when the job has sent it.

    Raises:
        LoopError: no address, no text or no answer yet.
        Conflict: told, waived or already under way.
    """
    at = moment(at)
    if not text.strip():
        raise LoopError("Bitte schreiben, was Sie mitteilen möchten.")
    reporter, concern = _lock(reporter)
    if not reporter.email:
        raise LoopError("Zu dieser Person ist keine E-Mail-Adresse gespeichert.")
    _check(reporter, concern, kind)
    feedback = _store(
        reporter, kind=kind, channel=Reporter.Channel.EMAIL, text=text, language=language,
        result=FeedbackResult.QUEUED, by=by, at=at,
    )  # fmt: skip
    subject, body = compose_mail(concern, text)
    queue_feedback_mail(feedback, to=reporter.email, subject=subject, body=body, at=at)
    record(
        concern, "feedback", by=by, at=at, reporter=reporter, old=kind, new=FeedbackResult.QUEUED,
        attempt=feedback.attempt, channel=Reporter.Channel.EMAIL,
    )  # fmt: skip
    return feedback


def _tries(reporter: Reporter) -> int:
    """How often telling them has failed since they last heard an answer."""
    heard = reporter.feedbacks.ending_duty().aggregate(last=Max("attempt"))["last"] or 0
    return reporter.feedbacks.filter(attempt__gt=heard).exclude(result__in=TOLD).count()


@transaction.atomic
def waive(*, reporter: Reporter, reason: str, note: str, by: User, at: datetime | None = None) -> Reporter:
    """Document why a reporter need not or cannot be told (I1).

    Raises:
        LoopError: no note where one is needed, "not reached" before the set number of attempts, or a reason that does
            not fit.
        Conflict: told or waived meanwhile, or a mail is under way.
    """
    at = moment(at)
    reporter, concern = _lock(reporter)
    if concern.status == ConcernStatus.CLOSED:
        raise Conflict("Das Anliegen ist inzwischen abgeschlossen.")
    _check(reporter, concern, FeedbackKind.INTERIM)
    if reason == WaiverReason.NOT_REACHED:
        wanted, tried = settings().feedback_attempts, _tries(reporter)
        if tried < wanted:
            raise LoopError(f"„Nicht erreicht“ erst nach {wanted} Versuchen; bisher sind es {tried}.")
    elif reason in {WaiverReason.OWN_OBSERVATION, WaiverReason.ERASED}:
        raise LoopError("Dieser Grund wird nur vom System gesetzt.")
    elif not note.strip():
        raise LoopError("Bitte kurz begründen, warum die Rückmeldung entfällt.")
    set_waiver(reporter, concern, reason=reason, note=note.strip(), by=by, at=at)
    return reporter


@transaction.atomic
def take_back_waiver(*, reporter: Reporter, by: User, at: datetime | None = None) -> Reporter:
    """Undo a waiver: the person is owed the answer again.

    Raises:
        Conflict: closed, erased, or there is no waiver any more.
        LoopError: nobody knows how to tell them: no feedback is wanted, or it was the team's own observation.
    """
    at = moment(at)
    reporter, concern = _lock(reporter)
    if reporter.feedback_state not in WAIVED or reporter.erased_at or not concern.is_open:
        raise Conflict("Diese Begründung lässt sich nicht mehr zurücknehmen.")
    if waiver_of(reporter):
        raise LoopError("Bitte zuerst festhalten, wer gemeldet hat und auf welchem Weg die Rückmeldung kommen soll.")
    drop_waiver(reporter, concern, by=by, at=at)
    return reporter


@transaction.atomic
def note_reaction(*, feedback: Feedback, reaction: str, note: str, by: User, at: datetime | None = None) -> Feedback:
    """Note how somebody took the answer, also later."""
    at = moment(at)
    reporter, concern = _lock(feedback.reporter)
    feedback.reaction, feedback.note = reaction, note
    feedback.save(update_fields=["reaction", "note"])
    record(concern, "feedback", by=by, at=at, reporter=reporter, old=feedback.kind, new=feedback.result,
           reaction=reaction)  # fmt: skip
    return feedback
