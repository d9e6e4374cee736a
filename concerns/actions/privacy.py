"""Personal data of reporters: erasing, retention, and the answer to "what do you store about me?" (Q02)."""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction

from concerns.models import Concern, Draft, ErasureEntry, Feedback, OutgoingMail, Reporter
from concerns.querysets import ReporterQuerySet
from concerns.workflow import UNSETTLED, ConcernStatus, FeedbackResult, WaiverReason
from districts.models import User

from .base import Conflict, lock_concern, moment, record, settings
from .duty import set_waiver
from .letters import erase_letters
from .photos import drop_stale
from .referrals import forget_questions
from .status_codes import drop_expired, revoke
from .voices import forget_comments

DRAFT_DAYS = 7


@transaction.atomic
def erase_reporter(*, reporter: Reporter, reason: str, by: User | None, at: datetime | None = None) -> Reporter:
    """Remove everything that tells who a reporter is, also from words sent to them; the ledger keeps that it was done.

    The concern and its figures stay. Whoever had not been told yet cannot be told any more: the duty is waived.

    Raises:
        Conflict: erased already, or a mail to the person is just under way.
    """
    at = moment(at)
    concern = lock_concern(Concern(pk=reporter.concern_id))
    reporter = Reporter.objects.select_for_update().get(pk=reporter.pk)
    if reporter.erased_at:
        raise Conflict("Die Daten dieser Person wurden schon gelöscht.")
    if reporter.feedbacks.filter(result=FeedbackResult.QUEUED).exists():
        raise Conflict("Gerade ist eine E-Mail an diese Person unterwegs. Bitte gleich noch einmal versuchen.")
    if reporter.feedback_state in UNSETTLED:
        set_waiver(reporter, concern, reason=WaiverReason.ERASED, note="", by=by, at=at)
    fields = {"name": "", "phone": "", "email": "", "address": "", "waiver_note": "", "consent_store": False}
    fields |= {"consent_pass_on": False, "erased_at": at}
    for name, value in fields.items():
        setattr(reporter, name, value)
    reporter.save(update_fields=[*fields])
    Feedback.objects.filter(reporter=reporter).update(text="", note="")
    OutgoingMail.objects.filter(feedback__reporter=reporter).update(to="", subject="", body="")
    forget_comments([reporter])
    forget_questions([reporter])
    revoke(reporter=reporter)
    erase_letters(reporter)
    ErasureEntry.objects.create(concern=concern, reporter=reporter, reason=reason, by=by, at=at)
    record(concern, "reporter_erased", by=by, at=at, reporter=reporter, new=reason)
    return reporter


def expired_reporters(*, at: datetime) -> ReporterQuerySet:
    """Reporters whose concern has been closed for longer than the set time; sensitive concerns have a shorter one."""
    return _closed_for_long(Reporter.objects.with_personal_data(), at=at)


def _closed_for_long(reporters: ReporterQuerySet, *, at: datetime) -> ReporterQuerySet:
    figures = settings()
    closed = reporters.filter(concern__status=ConcernStatus.CLOSED)
    usual = at - relativedelta(months=figures.retention_months)
    shorter = at - relativedelta(months=figures.sensitive_retention_months)
    return closed.filter(concern__is_sensitive=False, concern__closed_at__lt=usual) | closed.filter(
        concern__is_sensitive=True, concern__closed_at__lt=shorter
    )


def apply_retention(*, at: datetime | None = None) -> int:
    """Erase what has expired, and drafts with their photos nobody came back to; returns how many reporters were erased.

    Expired are also status codes, and what people who left no data wrote about their answer.

    An open promise keeps the data: the second feedback is still owed.
    """
    at = moment(at)
    Draft.objects.filter(updated_at__lt=at - relativedelta(days=DRAFT_DAYS)).delete()
    drop_stale(before=at - relativedelta(days=DRAFT_DAYS))
    erased = 0
    expired = expired_reporters(at=at).exclude(concern__promise=Concern.Promise.OPEN).order_by("pk")
    for reporter in expired.iterator(chunk_size=500):
        try:
            erase_reporter(reporter=reporter, reason=ErasureEntry.Reason.RETENTION, by=None, at=at)
        except Conflict:
            continue
        erased += 1
    forget_comments(_closed_for_long(Reporter.objects.exclude(concern__promise=Concern.Promise.OPEN), at=at))
    drop_expired(at=at)
    return erased


@transaction.atomic
def export_reporter(*, reporters: list[Reporter], by: User, at: datetime | None = None) -> list[dict]:
    """Everything stored about a person, as plain values for the person (GDPR Art. 15); each export is in the history.

    `reporters` are the rows of one person in all concerns the acting person may see.
    """
    at = moment(at)
    told = []
    for reporter in reporters:
        concern = reporter.concern
        record(concern, "reporter_exported", by=by, at=at, reporter=reporter)
        told.append(
            {
                "Anliegen": concern.number,
                "Eingegangen am": concern.received_on.isoformat(),
                "Titel": concern.title,
                "Text": concern.text,
                "Name": reporter.name,
                "Telefon": reporter.phone,
                "E-Mail": reporter.email,
                "Anschrift": reporter.address,
                "Rückmeldung über": reporter.get_channel_display(),
                "Sprache": reporter.get_language_display(),
                "Einfache Sprache": reporter.plain_language,
                "Einverstanden mit Speicherung": reporter.consent_store,
                "Einverstanden mit Weitergabe": reporter.consent_pass_on,
                "Rückmeldung": reporter.get_feedback_state_display(),
                "Rückmeldungen": [
                    {
                        "Am": feedback.at.isoformat(),
                        "Art": feedback.get_kind_display(),
                        "Weg": feedback.get_channel_display(),
                        "Ergebnis": feedback.get_result_display(),
                        "Wortlaut": feedback.text,
                        "Notiz": feedback.note,
                    }
                    for feedback in reporter.feedbacks.all()
                ],
                "Statuscode ausgegeben": hasattr(reporter, "status_code"),
                "Hat die Antwort geholfen?": [
                    {"Am": voice.at.isoformat(), "Geholfen": voice.helped, "Kommentar": voice.comment}
                    for voice in reporter.voices.all()
                ],
                "Vermittlungen": [
                    {
                        "Am": referral.referred_on.isoformat(),
                        "An": str(referral.target),
                        "Begleitet": referral.accompanied,
                        "Einwilligung zur Weitergabe vom": str(referral.consent_on or ""),
                        "Ergebnis": referral.get_result_display(),
                    }
                    for referral in reporter.referrals.select_related("offer", "actor")
                ],
                "Briefe": [
                    {
                        "Vom": letter.batch.dated_on.isoformat(),
                        "Stand": letter.get_state_display(),
                        "Art": letter.get_kind_display(),
                        "Wortlaut": letter.words,
                    }
                    for letter in reporter.letters.all()
                ],
            }
        )
    return told
