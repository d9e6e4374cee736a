"""After a grant: payments, the proof of use, unspent money that comes back (Z38)."""

from datetime import date, datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from districts.models import User
from projects.costs import euros
from projects.eligibility import costs_of
from projects.fund_workflow import RUNNING, ApplicationStatus, EntryKind
from projects.models import FundApplication, ProofOfUse

from .applications import lock_application, move
from .base import CHANGED, Conflict, LoopError, day, moment
from .fund_money import book, expire_rest, lock_year, sums_of
from .funds import note

STATUS = ApplicationStatus


def _check_day(application: FundApplication, on: date, at: datetime) -> None:
    if on > day(at):
        raise LoopError("Der Tag liegt in der Zukunft.")
    if application.notice_on and on < application.notice_on:
        raise LoopError(f"Der Tag liegt vor dem Bescheid vom {application.notice_on:%d.%m.%Y}.")


def check_seen(application: FundApplication, version: int | None) -> None:
    """The same booking sent twice is made once. Without `version` nobody has looked before."""
    if version is not None and application.version != version:
        raise Conflict(CHANGED)


@transaction.atomic
def pay(
    *,
    application: FundApplication,
    amount: Decimal,
    on: date,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
) -> FundApplication:
    """Pay a grant, all of it or a part. From the first payment on a proof of use is owed.

    Raises:
        LoopError: the applicant has not been told by that day, more than is left of the grant, or a day to come.
        Conflict: nothing is granted (any more), the proof of use is there, or something was booked since `version`.
    """
    found, at = lock_application(application), moment(at)
    check_seen(found, version)
    _check_day(found, on, at)
    if not found.notice_on:
        raise LoopError("Bitte zuerst den Bescheid zustellen.")
    if found.checked_proof:
        raise Conflict("Der Verwendungsnachweis ist schon da.")
    sums = sums_of(found)
    rest = sums["grant"] - sums["pay"] - sums["expire"]
    if not 0 < amount <= rest:
        raise LoopError(f"Von der Bewilligung sind noch {euros(rest)} nicht ausgezahlt.")
    due = found.ends_on + relativedelta(months=found.rule.proof_months)
    to = found.status if found.status in RUNNING else STATUS.PAID
    move(found, to, proof_due_on=due)
    book(found, lock_year(found), EntryKind.PAY, amount, by=by, at=at, on=on)
    note(found.fund, "paid", by=by, at=at, application=found, amount=str(amount))
    return found


def unspent(application: FundApplication, receipts: Decimal) -> Decimal:
    """What of the payments was not needed: the fund pays after the own money and other funding, never more."""
    costs = costs_of(application, application.rule)
    sums = sums_of(application)
    needed = max(receipts - costs.own_money - costs.other, Decimal(0))
    return max(sums["pay"] - needed, Decimal(0))


@transaction.atomic
def prove(
    *,
    application: FundApplication,
    received_on: date,
    receipts: Decimal,
    to_return: Decimal | None,
    report: str,
    participants: int | None,
    by: User,
    at: datetime | None = None,
) -> ProofOfUse:
    """The proof of use is there and checked: what was not needed has to come back, otherwise the matter is settled.

    Without `to_return` it is worked out (`unspent`). A proof that was opened again is checked once more.

    Raises:
        LoopError: more is to come back than was paid, less than has come back already, or a day to come.
        Conflict: no money is out, or the proof has been checked already.
    """
    found, at = lock_application(application), moment(at)
    _check_day(found, received_on, at)
    if found.status not in RUNNING or found.checked_proof:
        raise Conflict("Der Nachweis ist schon geprüft, oder es ist nichts ausgezahlt.")
    sums = sums_of(found)
    paid, back = sums["pay"], sums["return"]
    to_return = unspent(found, receipts) if to_return is None else to_return
    if to_return > paid:
        raise LoopError(f"Ausgezahlt sind {euros(paid)}; mehr kann nicht zurückkommen.")
    if to_return < back:
        raise LoopError(f"Zurückgezahlt sind schon {euros(back)}; bitte mindestens so viel eintragen oder stornieren.")
    fields = {
        "received_on": received_on, "receipts": receipts, "to_return": to_return, "report": report.strip(),
        "participants": participants, "checked_by": by, "checked_at": at, "is_open": False,
    }  # fmt: skip
    proof, _ = ProofOfUse.objects.update_or_create(application=found, defaults=fields)
    found.proof = proof
    note(found.fund, "proved", by=by, at=at, application=found, to_return=str(to_return))
    _settle_if_even(found, by=by, at=at)
    return proof


@transaction.atomic
def record_return(
    *,
    application: FundApplication,
    amount: Decimal,
    on: date,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
) -> FundApplication:
    """Unspent money has come back.

    Raises:
        LoopError: more than is owed, or a day to come or before the notice.
        Conflict: nothing is owed, or something was booked since `version`.
    """
    found, at = lock_application(application), moment(at)
    check_seen(found, version)
    _check_day(found, on, at)
    if found.status not in RUNNING or not found.checked_proof:
        raise Conflict("Es ist nichts zurückzuzahlen.")
    owed = found.proof.to_return - sums_of(found)["return"]
    if not 0 < amount <= owed:
        raise LoopError(f"Zurückzuzahlen sind noch {euros(owed)}.")
    book(found, lock_year(found), EntryKind.RETURN, amount, by=by, at=at, on=on)
    found.version += 1
    found.save(update_fields=["version"])
    note(found.fund, "returned", by=by, at=at, application=found, amount=str(amount))
    _settle_if_even(found, by=by, at=at)
    return found


def _settle_if_even(application: FundApplication, *, by: User, at: datetime) -> None:
    if sums_of(application)["return"] != application.proof.to_return:
        return
    expire_rest(application, by=by, at=at)
    move(application, STATUS.SETTLED)
    note(application.fund, "settled", by=by, at=at, application=application)


@transaction.atomic
def remind(*, application: FundApplication, version: int, by: User, at: datetime | None = None) -> FundApplication:
    """Note that the applicant was reminded of the proof of use.

    Raises:
        LoopError: it is not due yet.
        Conflict: somebody else has done something about it meanwhile.
    """
    found, at = lock_application(application), moment(at)
    if found.version != version:
        raise Conflict(CHANGED)
    if found.status not in RUNNING or hasattr(found, "proof") or found.proof_due_on >= day(at):
        raise LoopError("Der Nachweis ist noch nicht überfällig.")
    found.reminded_on, found.version = day(at), found.version + 1
    found.save(update_fields=["reminded_on", "version"])
    note(found.fund, "reminded", by=by, at=at, application=found)
    return found


def mark_ended(*, at: datetime | None = None) -> int:
    """Projects that are over: from now on their proof of use is open; returns how many. Run again, nothing happens.

    Where the proof is there already and money has to come back, nothing is open but the money.
    """
    at = moment(at)
    rows = FundApplication.objects.filter(status=STATUS.PAID, ends_on__lt=timezone.localdate(at))
    rows = rows.exclude(proof__is_open=False)
    count = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            found = lock_application(FundApplication(pk=pk))
            if found.status == STATUS.PAID and not found.checked_proof:
                move(found, STATUS.PROOF_DUE)
                note(found.fund, "due", by=None, at=at, application=found)
                count += 1
    return count
