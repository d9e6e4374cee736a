"""Decisions about applications: votes in a session, approved minutes, the office, the notice (Z37)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from districts.models import User
from projects.costs import euros
from projects.eligibility import focus_left, result_of
from projects.fund_workflow import DECIDED, ApplicationStatus, Instance, Outcome
from projects.models import AgendaItem, BodyMember, FundApplication, FundDecision, FundItem, Session, voting_rows

from .applications import check_four_eyes, lock_application, move
from .base import CHANGED, Conflict, LoopError, check_held, day, lock_item, moment
from .fund_money import grant, keep_aside, lock_year
from .funds import note

STATUS = ApplicationStatus
NO_REASON = "Bitte begründen: Der Grund steht im Bescheid."


@transaction.atomic
def put_on_agenda(item: AgendaItem, application: FundApplication) -> FundItem:
    """Let an agenda item be about an application.

    Raises:
        Conflict: it stands on another agenda meanwhile, or is not to be decided any more.
    """
    found = lock_application(application)
    if not FundApplication.objects.for_agenda_of(item.session.body).filter(pk=found.pk).exists():
        raise Conflict(f"Der Antrag {found.number} steht inzwischen auf einer anderen Tagesordnung oder ist erledigt.")
    return FundItem.objects.create(item=item, application=found, instance=found.awaits)


@transaction.atomic
def record_vote(
    *,
    fund_item: FundItem,
    version: int,
    result: str,
    by: User,
    amount: Decimal = Decimal(0),
    conditions: str = "",
    reason: str = "",
    yes: int | None = None,
    no: int | None = None,
    abstained: int | None = None,
    biased: Iterable[BodyMember] = (),
    at: datetime | None = None,
) -> FundItem:
    """Note what a session decided about an application; its money is kept aside at once.

    Whoever is biased has no vote: members of the applicant and its partner always are. It counts once the minutes
    are approved; until then it can be changed.

    Raises:
        Conflict: somebody else has changed it, the minutes are approved, or the application is not to be decided here.
        LoopError: another session has voted on it, no quorum, votes that cannot be, a result that the votes do not
            carry, no reason, not enough money, or more than the rules leave beside their focus.
    """
    item, session = lock_item(AgendaItem(pk=fund_item.item_id, session_id=fund_item.item.session_id))
    check_held(session)
    found, at = FundItem.objects.get(item=item), moment(at)
    if found.version != version:
        raise Conflict(CHANGED)
    application = lock_application(found.application)
    if application.status != STATUS.DECIDING or application.awaits != found.instance:
        raise Conflict(f"Über den Antrag entscheidet diese Sitzung nicht mehr ({application.get_status_display()}).")
    biased = list(biased)
    counted = {"yes": yes, "no": no, "abstained": abstained, "amount": amount}
    _check_other_session(found)
    if result == Outcome.POSTPONED:
        counted = {"yes": None, "no": None, "abstained": None, "amount": Decimal(0)}
        kept = agreed_before(application)
    else:
        counted["amount"] = kept = _amount(result, amount, application)
        _check_result(result, counted, reason)
        found.voters = _check_votes(session, application, biased, counted)
        _check_focus(application, kept)
    keep_aside(application, kept, by=by, at=at)
    fields = {**counted, "result": result, "conditions": conditions.strip(), "reason": reason.strip()}
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*fields, "voters", "version"])
    found.biased.set(biased)
    note(application.fund, "voted", by=by, at=at, application=application, result=result, session=session.pk)
    return found


def agreed_before(application: FundApplication) -> Decimal:
    """What an instance before has agreed to: it stays aside while the next one has not decided."""
    last = application.decisions.last()
    return last.amount if last else Decimal(0)


def _check_other_session(found: FundItem) -> None:
    """One instance votes once: what was postponed in a session may be decided in the next."""
    others = FundItem.objects.filter(application=found.application_id, instance=found.instance).exclude(pk=found.pk)
    if other := others.exclude(result__in=["", Outcome.POSTPONED]).select_related("item__session").first():
        raise LoopError(f"Darüber hat schon die Sitzung am {other.item.session.on:%d.%m.%Y} abgestimmt.")


def _check_focus(application: FundApplication, amount: Decimal) -> None:
    """The rules keep a part of the year's money for their focus; the year is locked, so nobody else spends it now."""
    if not amount or application.rule.focus_percent is None:
        return
    left = focus_left(application, lock_year(application))
    if left is not None and amount > left:
        raise LoopError(f"Der Antrag gehört zu keinem Schwerpunkt: für solche sind nur noch {euros(left)} da.")


def _amount(result: str, amount: Decimal, application: FundApplication) -> Decimal:
    """What follows from a result: all of it, nothing, or less than was asked for."""
    if result == Outcome.REFUSED:
        return Decimal(0)
    if result == Outcome.GRANTED:
        return application.requested
    if not 0 < amount < application.requested:
        raise LoopError(f"Teilweise heißt: mehr als 0 und weniger als {euros(application.requested)}.")
    return amount


def _check_result(result: str, counted: dict, reason: str) -> None:
    if result in (Outcome.REFUSED, Outcome.PARTLY) and not reason.strip():
        raise LoopError(NO_REASON)
    if None in counted.values():
        raise LoopError("Bitte alle drei Stimmenzahlen eintragen, auch eine 0.")
    carried = counted["yes"] > counted["no"]
    if carried and result == Outcome.REFUSED:
        raise LoopError("Mehr Ja als Nein: dann ist der Antrag nicht abgelehnt.")
    if not carried and result != Outcome.REFUSED:
        raise LoopError("Ohne mehr Ja als Nein ist der Antrag abgelehnt.")


def _check_votes(session: Session, application: FundApplication, biased: list[BodyMember], counted: dict) -> int:
    """How many may vote here, after everything that is in the way was refused."""
    there, seats, needed = session.quorum_now()
    if not _is_quorate(there, seats, needed):
        raise LoopError(f"Nicht beschlussfähig: {there} von {seats} Stimmen sind im Raum. Möglich ist „vertagt“.")
    left_out, voting = {one.pk for one in biased}, voting_rows(session.attendance_rows(), session.on)
    for row in voting:
        if application.profits(row.member) and row.member_id not in left_out:
            raise LoopError(f"{row.member.label} gehört zum Antragsteller und stimmt nicht mit: bitte als befangen.")
    voters = sum(row.member_id not in left_out for row in voting)
    if counted["yes"] + counted["no"] + counted["abstained"] > voters:
        raise LoopError(f"Mehr Stimmen als Stimmberechtigte im Raum ohne Befangene ({voters}).")
    return voters


def _is_quorate(there: int, seats: int, needed: int) -> bool:
    return there > 0 and there * 100 >= needed * seats


def recount(session: Session) -> None:
    """Attendance has changed: how many could vote on each application now. Members of the applicant are left out.

    Raises:
        LoopError: more votes are written down than would be left, or too few are there to decide.
    """
    voting = voting_rows(session.attendance_rows(), session.on)
    rows = list(FundItem.objects.filter(item__session=session).exclude(yes=None).select_related("item", "application"))
    quorate = not rows or _is_quorate(*session.quorum_now())
    for row in rows:
        if not quorate:
            raise LoopError(f"Bei „{row.item.title}“ steht ein Beschluss; dann wäre die Sitzung nicht beschlussfähig.")
        row.biased.add(*(one.member for one in voting if row.application.profits(one.member)))
        left_out = set(row.biased.values_list("pk", flat=True))
        voters = sum(one.member_id not in left_out for one in voting)
        if row.yes + row.no + row.abstained > voters:
            raise LoopError(f"Bei „{row.item.title}“ stehen mehr Stimmen, als dann noch anwesend wären.")
        row.voters = voters
        row.save(update_fields=["voters"])


def missing_votes(session: Session) -> list[str]:
    """What is not yet noted about applications on a session's agenda, in German."""
    rows = FundItem.objects.filter(item__session=session, result="", application__status=STATUS.DECIDING)
    return [
        f"Über den Antrag {one.application.number} ist noch nichts festgehalten, auch nicht „vertagt“."
        for one in rows.select_related("application")
        if one.application.awaits == one.instance
    ]


def settle_votes(session: Session, *, by: User, at: datetime) -> list[FundDecision]:
    """The minutes are approved: what they say about applications counts from now on."""
    rows = FundItem.objects.filter(item__session=session).exclude(result__in=["", Outcome.POSTPONED])
    made = []
    for row in rows.select_related("application", "item__session__body").order_by("application_id"):
        application = lock_application(row.application)
        if application.status != STATUS.DECIDING or application.awaits != row.instance:
            continue
        following = next_instance(application, row) if row.result != Outcome.REFUSED else ""
        decision = FundDecision.objects.create(
            application=application, instance=row.instance, body=session.body, item=row, result=row.result,
            amount=row.amount, conditions=row.conditions, reason=row.reason, is_final=not following, on=session.on,
            by=by, at=at,
        )  # fmt: skip
        if following:
            move(application, STATUS.DECIDING, awaits=following)
        else:
            _finish(application, decision, by=by, at=at)
        note(application.fund, "decided", by=by, at=at, application=application, result=row.result)
        made.append(decision)
    return made


def next_instance(application: FundApplication, row: FundItem) -> str:
    """Who decides after a body has agreed; empty when nobody does (Z34)."""
    rule = application.rule
    if row.instance != Instance.BODY:
        return ""
    if rule.threshold is not None and row.amount > rule.threshold:
        return Instance.SECOND
    return Instance.OFFICE if rule.confirm else ""


def _finish(application: FundApplication, decision: FundDecision, *, by: User, at: datetime) -> None:
    if decision.result == Outcome.REFUSED:
        keep_aside(application, Decimal(0), by=by, at=at)
        move(application, STATUS.REFUSED, decided_on=decision.on)
        return
    grant(application, decision.amount, by=by, at=at, on=decision.on)
    move(application, decision.result, decided_on=decision.on, granted_amount=decision.amount)


@transaction.atomic
def decide_in_office(
    *,
    application: FundApplication,
    granted: bool,
    amount: Decimal,
    conditions: str,
    reason: str,
    by: User,
    at: datetime | None = None,
) -> FundDecision:
    """The Sozialplanung checks a second time what the body has agreed to, and grants it, less of it, or nothing.

    Raises:
        LoopError: by whoever checked, entered or advised before; more than the body agreed to; no reason.
        Conflict: it is not to be decided here any more.
    """
    found, at = lock_application(application), moment(at)
    check_four_eyes(found, by, day(at))
    if found.checks.filter(by=by).exists():
        raise LoopError("Sie haben den Antrag schon geprüft: die zweite Prüfung macht jemand anderes.")
    if found.status != STATUS.DECIDING or found.awaits != Instance.OFFICE:
        raise Conflict(f"Der Antrag steht inzwischen auf „{found.get_status_display()}“.")
    agreed = found.decisions.get(instance=Instance.BODY)
    if granted and not 0 < amount <= agreed.amount:
        raise LoopError(f"Das Gremium hat {euros(agreed.amount)} zugestimmt, mehr geht nicht.")
    result = result_of(amount, found.requested) if granted else Outcome.REFUSED
    reason = reason.strip() or (agreed.reason if granted and amount == agreed.amount else "")
    if result != Outcome.GRANTED and not reason:
        raise LoopError(NO_REASON)
    decision = FundDecision.objects.create(
        application=found, instance=Instance.OFFICE, result=result, amount=amount if granted else Decimal(0),
        conditions=conditions.strip(), reason=reason, is_final=True, on=day(at), by=by, at=at,
    )  # fmt: skip
    _finish(found, decision, by=by, at=at)
    note(found.fund, "decided", by=by, at=at, application=found, result=str(result))
    return decision


@transaction.atomic
def record_notice(
    *, application: FundApplication, on: date, way: str, by: User, at: datetime | None = None
) -> FundApplication:
    """The applicant has been told: grant or refusal, with its reason.

    Raises:
        LoopError: before the decision or in the future.
        Conflict: nothing is decided, or it was told already.
    """
    found, at = lock_application(application), moment(at)
    if found.status not in DECIDED or found.notice_on:
        raise Conflict("Der Bescheid ist schon zugestellt, oder es gibt noch keinen.")
    if not found.decided_on <= on <= day(at):
        raise LoopError(f"Bitte einen Tag zwischen der Entscheidung ({found.decided_on:%d.%m.%Y}) und heute.")
    fields = {"notice_on": on, "notice_way": way, "notice_by": by}
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*fields, "version"])
    note(found.fund, "notified", by=by, at=at, application=found, way=way)
    return found
