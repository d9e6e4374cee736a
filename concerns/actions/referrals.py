"""Referrals: sending somebody to an offer or an actor, and asking later whether they have arrived (K17)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from concerns.models import Concern, Referral, Reporter
from districts.models import Actor, ContactPerson, Offer, User

from .base import Conflict, LoopError, day, lock_concern, moment, record

Result = Referral.Result


@transaction.atomic
def refer(
    *,
    concern: Concern,
    by: User,
    offer: Offer | None = None,
    actor: Actor | None = None,
    reporter: Reporter | None = None,
    contact: ContactPerson | None = None,
    accompanied: bool = False,
    consent_on: date | None = None,
    ask_on: date | None = None,
    at: datetime | None = None,
) -> Referral:
    """Note that somebody was sent to an offer or (without one) to an actor, there to a contact person if one is named.

    `consent_on`: contact data are handed over, and on this day the person agreed; `ask_on`: when to ask whether they
    have arrived. The state of the concern stays: what it came to is recorded like every other outcome.

    Raises:
        Conflict: the same was noted today already (sent twice, or a colleague was faster).
        LoopError: the concern is closed, the person belongs to another one, there is no consent of a person, the
            contact person is not there or has not agreed to be named, or the day to ask has passed already.
    """
    at = moment(at)
    concern = lock_concern(concern)
    if not concern.is_open:
        raise LoopError("Dieses Anliegen ist abgeschlossen. Bitte zuerst wieder öffnen.")
    if reporter and reporter.concern_id != concern.pk and reporter.concern.lead_id != concern.pk:
        raise LoopError("Diese Person gehört zu einem anderen Anliegen.")
    if reporter and reporter.erased_at:
        raise LoopError("Die Daten dieser Person sind gelöscht.")
    if consent_on and (reporter is None or consent_on > day(at)):
        raise LoopError("Kontaktdaten gibt nur weiter, wer die Einwilligung der Person hat.")
    if ask_on and ask_on < day(at):
        raise LoopError("Der Tag zum Nachfragen liegt in der Vergangenheit.")
    if contact:
        _check_contact(contact, offer.provider_id if offer else actor.pk, day(at))
    same = {"reporter": reporter, "offer": offer, "actor": None if offer else actor, "referred_on": day(at)}
    if concern.referrals.filter(**same, result="").exists():
        raise Conflict("Diese Vermittlung ist heute schon eingetragen.")
    made = Referral.objects.create(
        concern=concern,
        **same,
        contact=contact,
        accompanied=accompanied,
        hands_over_data=consent_on is not None,
        consent_on=consent_on,
        ask_on=ask_on,
        by=by,
        at=at,
    )
    target = {"offer": offer.pk} if offer else {"actor": actor.pk}
    kind = "person" if contact else next(iter(target))
    record(concern, "referred", by=by, at=at, reporter=reporter, new=kind, referral=made.pk, **target)
    return made


def _check_contact(contact: ContactPerson, actor_id: int, on: date) -> None:
    """Locked, so that a consent is not withdrawn at the same moment."""
    people = ContactPerson.objects.select_for_update(no_key=True).may_be_named(on)
    if not people.filter(pk=contact.pk, actor=actor_id).exists():
        raise LoopError("Diese Ansprechperson ist dort nicht mehr, oder sie möchte nicht genannt werden.")


def _lock(referral: Referral) -> tuple[Referral, Concern]:
    concern = lock_concern(Concern(pk=referral.concern_id))
    found = Referral.objects.select_for_update(of=("self",)).select_related("reporter").get(pk=referral.pk)
    if not found.is_open:
        raise Conflict(f"Dazu ist inzwischen schon eingetragen: {found.get_result_display()}.")
    return found, concern


@transaction.atomic
def answer_referral(*, referral: Referral, result: str, by: User, at: datetime | None = None) -> Referral:
    """What became of a referral; nobody has to ask any more.

    Raises:
        Conflict: somebody has answered it already.
    """
    return _settle(referral, result, "referral_answered", by=by, at=moment(at))


@transaction.atomic
def withdraw_referral(*, referral: Referral, by: User, at: datetime | None = None) -> Referral:
    """It was a mistake: the row stays, as the history does.

    Raises:
        Conflict: somebody has answered it already.
    """
    return _settle(referral, Result.WITHDRAWN, "referral_withdrawn", by=by, at=moment(at))


def _settle(referral: Referral, result: str, kind: str, *, by: User, at: datetime) -> Referral:
    found, concern = _lock(referral)
    found.result, found.answered_on, found.answered_by = result, day(at), by
    found.save(update_fields=["result", "answered_on", "answered_by"])
    record(concern, kind, by=by, at=at, reporter=found.reporter, new=result, referral=found.pk)
    return found


@transaction.atomic
def ask_again(*, referral: Referral, ask_on: date, by: User, at: datetime | None = None) -> Referral:
    """Somebody has asked without an answer, and asks again on another day.

    Raises:
        Conflict: somebody has answered it already.
        LoopError: the day is not to come.
    """
    at = moment(at)
    if ask_on <= day(at):
        raise LoopError("Bitte einen Tag in der Zukunft wählen.")
    found, concern = _lock(referral)
    found.ask_on = ask_on
    found.save(update_fields=["ask_on"])
    record(concern, "referral_asked", by=by, at=at, reporter=found.reporter, new=ask_on.isoformat(), referral=found.pk)
    return found


def forget_questions(reporters: Iterable[Reporter]) -> int:
    """Whose data are gone can no longer be asked; returns how many questions that were."""
    return Referral.objects.to_ask().filter(reporter__in=reporters).update(ask_on=None)
