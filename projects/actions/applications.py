"""Writes on applications until they are to be decided: entering, handing in, checking (Z35, Z36)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from concerns.actions.base import NotReady
from districts.actions.base import Conflict as Late
from districts.models import TargetGroup, User
from projects.eligibility import automatic, missing, too_near
from projects.fund_workflow import APPLICATION_MOVES, EDITABLE, ApplicationStatus, Instance, Outcome
from projects.models import (
    CostLine,
    EligibilityAnswer,
    EligibilityCheck,
    Fund,
    FundApplication,
    FundCriterion,
    FundDecision,
)
from projects.workflow import may_move

from .base import CHANGED, Conflict, LoopError, day, moment
from .document_files import forget_documents
from .fund_money import expire_rest, keep_aside
from .funds import lock_fund, note

MOST_LINES = 30
STATUS = ApplicationStatus


def lock_application(application: FundApplication) -> FundApplication:
    """Lock an application for the transaction and return it as it stands now."""
    rows = FundApplication.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("fund", "rule__second_body", "applicant", "partner").get(pk=application.pk)


def move(application: FundApplication, to: str, **fields) -> None:
    """Move a locked application to another status, with further fields.

    Raises:
        Conflict: the table of moves does not allow it from where the application stands now.
    """
    if not may_move(APPLICATION_MOVES, application.status, to):
        raise Conflict(f"Das geht nicht mehr: Der Antrag steht inzwischen auf „{application.get_status_display()}“.")
    fields = {"awaits": "", **fields}
    for name, value in {"status": to, **fields}.items():
        setattr(application, name, value)
    application.version += 1
    application.save(update_fields=["status", *fields, "version"])


@transaction.atomic
def save_application(
    *,
    by: User,
    lines: Sequence[tuple[str, Decimal]],
    fund: Fund | None = None,
    application: FundApplication | None = None,
    version: int | None = None,
    target_groups: Iterable[TargetGroup] = (),
    at: datetime | None = None,
    **fields,
) -> FundApplication:
    """Enter an application as a draft, or change one; `version` is the one the person saw.

    `lines` are the lines of the cost plan, each with its amount in euros.

    Raises:
        Conflict (of the directory): somebody else has changed or handed it in meanwhile.
        LoopError: more lines than fit onto a cost plan.
    """
    at = moment(at)
    if len(lines) > MOST_LINES:
        raise LoopError(f"Ein Kostenplan hat höchstens {MOST_LINES} Zeilen.")
    if application:
        found = lock_application(application)
        if found.version != version or found.status not in EDITABLE:
            raise Late(CHANGED)
        found.version += 1
    else:
        found = FundApplication(fund=fund, created_by=by, created_at=at)
        _number(found, lock_fund(fund), day(at).year)
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    found.target_groups.set(target_groups)
    found.lines.all().delete()
    CostLine.objects.bulk_create(
        CostLine(application=found, position=number, label=label, amount=amount)
        for number, (label, amount) in enumerate(lines, 1)
    )
    note(found.fund, "changed" if application else "drafted", by=by, at=at, application=found)
    return found


def _number(application: FundApplication, fund: Fund, year: int) -> None:
    """The next number of the fund's year; the fund is locked."""
    last = fund.applications.filter(serial_year=year).aggregate(last=Max("serial"))["last"] or 0
    application.serial_year, application.serial = year, last + 1
    application.number = f"{fund.code}-{year}-{last + 1:03d}"


@transaction.atomic
def delete_draft(*, application: FundApplication, by: User) -> None:
    """Throw a draft away that was never handed in, with its attachments.

    Raises:
        LoopError: it has been handed in once: then it is withdrawn.
    """
    found, at = lock_application(application), moment(None)
    if found.status != STATUS.DRAFT:
        raise LoopError("Der Antrag ist schon eingereicht. Bitte zurückziehen.")
    for codes in forget_documents(found.documents.all()):
        note(found.fund, "unfiled", by=by, at=at, application=found, **codes)
    # Its events are kept: of a draft only the number says that it was there. Hence it becomes a withdrawn one.
    move(found, STATUS.WITHDRAWN, withdrawn_reason="Entwurf verworfen")
    note(found.fund, "withdrawn", by=by, at=at, application=found)


@transaction.atomic
def submit(*, application: FundApplication, received_on: date, by: User, at: datetime | None = None) -> FundApplication:
    """Hand an application in, or once more after it was improved. The rules of its first day stay its rules.

    Raises:
        NotReady: something is missing.
        LoopError: the fund did not exist or had no rules on that day, or it lies in the future.
        Conflict: handed in meanwhile.
    """
    found, at = lock_application(application), moment(at)
    if received_on > day(at):
        raise LoopError("Der Eingang liegt in der Zukunft.")
    if lacks := missing(found):
        raise NotReady(lacks)
    received = found.received_on or received_on
    if not found.fund.is_open_on(received):
        raise LoopError(f"Am {received:%d.%m.%Y} gibt es diesen Fonds nicht.")
    rule = found.rule or found.fund.rule_on(received)
    if rule is None:
        raise LoopError(f"Für den {received:%d.%m.%Y} hat der Fonds noch keine Regeln.")
    move(found, STATUS.SUBMITTED, received_on=received, rule=rule, missing="")
    note(found.fund, "submitted", by=by, at=at, application=found, advised=found.advised_by_id)
    return found


@transaction.atomic
def begin_check(*, application: FundApplication, by: User, at: datetime | None = None) -> FundApplication:
    """Begin to check an application.

    Raises:
        Conflict: it is not waiting for that any more.
        LoopError: by whoever entered it or advised on it.
    """
    found = lock_application(application)
    at = moment(at)
    check_four_eyes(found, by, day(at))
    move(found, STATUS.CHECKING)
    note(found.fund, "checking", by=by, at=at, application=found)
    return found


def check_four_eyes(application: FundApplication, by: User, on: date) -> None:
    """Refuse a check by whoever is too near (`too_near`).

    Raises:
        LoopError: it is one of them.
    """
    if why := too_near(application, by, on):
        raise LoopError(why)


@dataclass(frozen=True)
class Answer:
    """What somebody says about one criterion."""

    criterion: FundCriterion
    result: str = ""
    score: int | None = None
    comment: str = ""

    @property
    def stands_against(self) -> bool:
        """Whether it makes the application not eligible as it is."""
        kinds, results = FundCriterion.Kind, EligibilityAnswer.Result
        excluded = self.criterion.kind == kinds.EXCLUSION and self.result == results.YES
        return excluded or (self.criterion.kind == kinds.MUST and self.result == results.NO)

    @property
    def is_unclear(self) -> bool:
        """Whether somebody could not tell."""
        return self.result == EligibilityAnswer.Result.UNCLEAR


@transaction.atomic
def check(
    *,
    application: FundApplication,
    overall: str,
    reason: str,
    answers: Sequence[Answer],
    by: User,
    at: datetime | None = None,
) -> EligibilityCheck:
    """Store a check and what follows from it: to the body, back to the applicant, or a refusal with its reason.

    Raises:
        LoopError: by whoever entered it or advised on it; without a reason; or better than the rules allow.
        Conflict: it is not being checked any more.
    """
    found, at = lock_application(application), moment(at)
    check_four_eyes(found, by, day(at))
    if found.status != STATUS.CHECKING:
        raise Conflict(f"Der Antrag steht inzwischen auf „{found.get_status_display()}“.")
    kinds = EligibilityCheck.Overall
    if overall != kinds.ELIGIBLE and not reason.strip():
        raise LoopError("Bitte begründen: welche Auflagen, was fehlt, oder warum nicht.")
    results = automatic(found, today=day(at))
    if overall in (kinds.ELIGIBLE, kinds.CONDITIONS):
        _check_allowed(overall, results, answers)
    row = EligibilityCheck.objects.create(
        application=found, overall=overall, reason=reason.strip(), by=by, at=at,
        automatic=[one.frozen() for one in results],
    )  # fmt: skip
    EligibilityAnswer.objects.bulk_create(
        EligibilityAnswer(
            check_row=row, kind=one.criterion.kind, text=one.criterion.text, result=one.result, score=one.score,
            comment=one.comment,
        )
        for one in answers
    )  # fmt: skip
    note(found.fund, "checked", by=by, at=at, application=found, overall=overall)
    _follow(found, row, by=by, at=at)
    return row


def _check_allowed(overall: str, results: list, answers: Sequence[Answer]) -> None:
    failed = [one for one in results if not one.ok]
    hard = [one.text for one in failed if one.is_hard] + [
        f"„{one.criterion.text}“ spricht dagegen." for one in answers if one.stands_against
    ]
    if hard:
        raise LoopError(f"So ist der Antrag nicht förderfähig: {' '.join(hard)}")
    if overall == EligibilityCheck.Overall.ELIGIBLE and (failed or any(one.is_unclear for one in answers)):
        raise LoopError("Nicht alles ist erfüllt oder klar: dann höchstens „förderfähig mit Auflagen“.")


def _follow(application: FundApplication, row: EligibilityCheck, *, by: User, at: datetime) -> None:
    kinds = EligibilityCheck.Overall
    if row.overall == kinds.INCOMPLETE:
        move(application, STATUS.INCOMPLETE, missing=row.reason)
    elif row.overall == kinds.NOT:
        FundDecision.objects.create(
            application=application, instance=Instance.CHECK, result=Outcome.REFUSED, amount=0, reason=row.reason,
            is_final=True, on=day(at), by=by, at=at,
        )  # fmt: skip
        move(application, STATUS.REFUSED, decided_on=day(at))
        note(application.fund, "decided", by=by, at=at, application=application, result=Outcome.REFUSED.value)
    else:
        move(application, STATUS.DECIDING, awaits=Instance.BODY)


@transaction.atomic
def withdraw(*, application: FundApplication, reason: str, by: User, at: datetime | None = None) -> FundApplication:
    """The applicant takes the application back, or gives up a grant before money was paid: the money is free again.

    Raises:
        LoopError: no reason.
        Conflict: it is decided against, paid or withdrawn meanwhile.
    """
    if not reason.strip():
        raise LoopError("Bitte den Grund nennen.")
    found, at = lock_application(application), moment(at)
    move(found, STATUS.WITHDRAWN, withdrawn_reason=reason.strip())
    keep_aside(found, Decimal(0), by=by, at=at)
    expire_rest(found, by=by, at=at)
    note(found.fund, "withdrawn", by=by, at=at, application=found)
    return found
