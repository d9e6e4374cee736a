"""When something was booked that was wrong: counter entries, never a change; a settlement is opened again (Z38)."""

from datetime import datetime

from django.db import transaction

from districts.models import User
from projects.costs import euros
from projects.eligibility import result_of
from projects.fund_workflow import REVERSIBLE, RUNNING, ApplicationStatus, EntryKind
from projects.models import FundApplication, FundYear, LedgerEntry

from .applications import lock_application, move
from .base import Conflict, LoopError, day, moment
from .fund_money import book_reversal, lock_year, sums_of
from .fund_payments import check_seen
from .funds import note

STATUS = ApplicationStatus
NO_REASON = "Bitte den Grund nennen: Er steht neben der Buchung."
TO_BE_OPENED = "Der Nachweis ist geprüft. Bitte ihn zuerst wieder öffnen."


@transaction.atomic
def reverse(
    *, entry: LedgerEntry, reason: str, by: User, version: int | None = None, at: datetime | None = None
) -> FundApplication:
    """Reverse a payment or a repayment that was booked by mistake: a counter entry of the same amount with its reason.

    Without any payment left the application stands where it stood before: granted and told.

    Raises:
        LoopError: no reason; a payment of which the use is proved or money has come back; a repayment whose money is
            given away again.
        Conflict: it is reversed already, the application is settled, or something was booked since `version`.
    """
    found, at = lock_application(entry.application), moment(at)
    row = found.entries.select_related("reversal").get(pk=entry.pk)
    if hasattr(row, "reversal"):
        raise Conflict("Diese Buchung ist schon storniert.")
    check_seen(found, version)
    if row.kind not in REVERSIBLE or found.status not in RUNNING:
        raise Conflict(TO_BE_OPENED if found.status == STATUS.SETTLED else "Diese Buchung lässt sich nicht stornieren.")
    if not reason.strip():
        raise LoopError(NO_REASON)
    year = lock_year(found)
    if row.kind == EntryKind.PAY:
        _check_payment(found, row)
    else:
        _check_free(year, row, "Das zurückgezahlte Geld")
    book_reversal(row, year, reason.strip(), by=by, at=at)
    _stand_as_before(found)
    note(found.fund, "reversed", by=by, at=at, application=found, entry=row.pk, amount=str(row.amount))
    return found


def _check_payment(application: FundApplication, row: LedgerEntry) -> None:
    if application.checked_proof:
        raise LoopError(TO_BE_OPENED)
    sums = sums_of(application)
    if sums["return"] > sums["pay"] - row.amount:
        raise LoopError(f"Zurückgezahlt sind schon {euros(sums['return'])}. Bitte zuerst die Rückzahlung stornieren.")


def _check_free(year: FundYear, row: LedgerEntry, what: str) -> None:
    if row.amount > year.balance:
        raise LoopError(
            f"{what} ({euros(row.amount)}) ist inzwischen wieder vergeben: Im Fonds sind für {year.year} nur noch "
            f"{euros(year.balance)} frei. Erst mit einem höheren Budget geht es zurück."
        )


def _stand_as_before(application: FundApplication) -> None:
    """Nothing paid any more: granted, and no proof is owed."""
    if sums_of(application)["pay"]:
        application.version += 1
        application.save(update_fields=["version"])
    else:
        to = result_of(application.granted_amount, application.requested)
        move(application, to, proof_due_on=None, reminded_on=None)


@transaction.atomic
def reopen(
    *, application: FundApplication, reason: str, by: User, version: int | None = None, at: datetime | None = None
) -> FundApplication:
    """Open a proof that was checked, and with it a settlement: bookings can be reversed, the proof is checked again.

    What expired with the settlement is granted again, as far as the fund still has it.

    Raises:
        LoopError: no reason, or what expired is given away again.
        Conflict: there is no checked proof (any more), or something was booked since `version`.
    """
    found, at = lock_application(application), moment(at)
    check_seen(found, version)
    proof = found.checked_proof
    if proof is None:
        raise Conflict("Es gibt keinen geprüften Nachweis.")
    if not reason.strip():
        raise LoopError(NO_REASON)
    move(found, STATUS.PROOF_DUE if found.ends_on < day(at) else STATUS.PAID)
    for row in found.entries.filter(kind=EntryKind.EXPIRE, reversal=None):
        year = lock_year(found)
        _check_free(year, row, "Was mit der Abrechnung verfiel,")
        book_reversal(row, year, reason.strip(), by=by, at=at)
    proof.is_open, proof.reopened_reason, proof.version = True, reason.strip(), proof.version + 1
    proof.save(update_fields=["is_open", "reopened_reason", "version"])
    before = {"receipts": str(proof.receipts), "to_return": str(proof.to_return)}
    note(found.fund, "reopened", by=by, at=at, application=found, **before)
    return found
