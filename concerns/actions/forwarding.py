"""Sending a concern to departments and steering the routings from the Quartiersmanagement's side (K05, K07)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from concerns.models import Concern, Routing, RoutingMessage
from concerns.workflow import OPEN_ROUTINGS, ConcernStatus, RoutingStatus
from districts.models import Department, User
from quartier.workdays import add_workdays, workdays_between

from .base import (
    Conflict,
    LoopError,
    change,
    day,
    lock_bundle,
    lock_routing,
    moment,
    move,
    move_routing,
    record,
    refuse_duplicate,
    settings,
    settled_follow_up,
)
from .duty import suspend
from .mail import announce_routing, send_link
from .triage import start_feedback

CAN_FORWARD = (ConcernStatus.NEW, ConcernStatus.OWN_WORK, ConcernStatus.FORWARDED, ConcernStatus.FEEDBACK_DUE)


@dataclass(frozen=True)
class Target:
    """One department a concern goes to. `suggested` is what the rules proposed; another choice needs a reason."""

    department: Department
    text: str
    due_on: date
    question: str = ""
    is_lead: bool = False
    urgent: bool = False
    released_contact: bool = False
    suggested: Department | None = None
    override_reason: str = ""


@transaction.atomic
def forward(
    *, concern: Concern, targets: list[Target], by: User, at: datetime | None = None, announce: bool = True
) -> list[Routing]:
    """Forward a concern to one or several departments, exactly one of them leading.

    `announce=False` writes nobody a mail: what is taken over from an old list may have been answered long ago.

    Raises:
        LoopError: no department, one twice, two leads, a department out of force, a deviation without a reason, a
            release of contact data without consent, or the concern is bundled.
        Conflict: the concern is somewhere else by now, or the department already works on it.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    refuse_duplicate(concern)
    _check_targets(concern, targets, day(at))
    if concern.status not in CAN_FORWARD:
        raise Conflict(f"Weiterleiten geht nicht: Das Anliegen steht auf „{concern.get_status_display()}“.")
    open_routings = list(concern.routings.filter(status__in=OPEN_ROUTINGS))
    if already := {r.department_id for r in open_routings} & {t.department.pk for t in targets}:
        raise Conflict(f"{Department.objects.get(pk=already.pop())} arbeitet bereits an diesem Anliegen.")
    if any(r.is_lead for r in open_routings) and any(t.is_lead for t in targets):
        raise LoopError("Es gibt schon einen federführenden Fachbereich. Bitte die neue Stelle beteiligen.")
    needs_lead = not any(r.is_lead for r in open_routings) and not any(t.is_lead for t in targets)
    concern.routings.filter(status=RoutingStatus.RETURNED, return_handled=False).update(return_handled=True)
    sent = [
        _send(concern, target, is_lead=target.is_lead or (needs_lead and index == 0), by=by, at=at, announce=announce)
        for index, target in enumerate(targets)
    ]
    due_on = min([r.due_on for r in open_routings] + [r.due_on for r in sent])
    seen = settled_follow_up(concern, at)
    if concern.status == ConcernStatus.FORWARDED:
        for one in (concern, *duplicates):
            change(one, due_on=due_on, needs_triage=False, **seen)
    else:
        was_due = concern.status == ConcernStatus.FEEDBACK_DUE
        move(
            concern, ConcernStatus.FORWARDED, by=by, at=at, due_on=due_on, duplicates=duplicates, parked_from="", **seen
        )
        if was_due:
            suspend([concern, *duplicates])
    return sent


def _check_targets(concern: Concern, targets: list[Target], today: date) -> None:
    if not targets:
        raise LoopError("Bitte mindestens einen Fachbereich wählen.")
    departments = [target.department.pk for target in targets]
    if len(set(departments)) != len(departments):
        raise LoopError("Jeder Fachbereich kann nur einmal angeschrieben werden.")
    if sum(target.is_lead for target in targets) > 1:
        raise LoopError("Nur ein Fachbereich kann federführend sein.")
    for target in targets:
        department = target.department
        if not Department.objects.valid_on(today).filter(pk=department.pk).exists():
            raise LoopError(f"{department} gibt es nicht mehr. Bitte die Nachfolge wählen.")
        if target.suggested and target.suggested != department and not target.override_reason.strip():
            raise LoopError(f"Vorgeschlagen ist {target.suggested}. Bitte kurz begründen, warum es anders gehen soll.")
        if target.released_contact and not concern.reporters.filter(consent_pass_on=True, erased_at=None).exists():
            raise LoopError("Niemand hat der Weitergabe der Kontaktdaten zugestimmt.")


def _send(concern: Concern, target: Target, *, is_lead: bool, by: User, at: datetime, announce: bool) -> Routing:
    routing = Routing.objects.create(
        concern=concern, department=target.department, is_lead=is_lead, text=target.text, question=target.question,
        due_on=target.due_on, agreed_due_on=target.due_on, urgent=target.urgent,
        released_contact=target.released_contact, suggested_department=target.suggested,
        override_reason=target.override_reason.strip(), sent_at=at, sent_by=by, round=concern.reopened_count,
    )  # fmt: skip
    record(concern, "routing_sent", by=by, at=at, routing=routing, new=target.department.code, lead=is_lead)
    if target.suggested and target.suggested != target.department:
        record(
            concern, "routing_override", by=by, at=at, routing=routing, old=target.suggested.code,
            new=target.department.code,
        )  # fmt: skip
    if not announce:
        return routing
    if target.department.answers_by_link:
        send_link(routing, at=at)
    elif target.urgent:
        announce_routing(routing, at=at)
    return routing


@transaction.atomic
def withdraw(*, routing: Routing, by: User, at: datetime | None = None) -> Routing:
    """Recall a routing; when none is left open the concern moves on.

    Raises:
        Conflict: the department has finished meanwhile.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    move_routing(routing, RoutingStatus.WITHDRAWN, finished_at=at, query_since=None)
    record(concern, "routing_withdrawn", by=by, at=at, routing=routing, new=routing.department.code)
    settle_forwarded(concern, by=by, at=at)
    return routing


def settle_forwarded(concern: Concern, *, by: User | None, at: datetime) -> None:
    """After a routing finished: stay, come back to the desk, or feedback is due (requirements 1.1).

    Only routings of the present round count: what was answered before a reopening is history.
    """
    concern, duplicates = lock_bundle(concern)
    if concern.status != ConcernStatus.FORWARDED:
        return
    routings = list(concern.routings.filter(round=concern.reopened_count))
    still_open = [routing for routing in routings if routing.is_open]
    given_back = any(r.status == RoutingStatus.RETURNED and not r.return_handled for r in routings)
    if still_open:
        due_on = min(routing.due_on for routing in still_open)
        for one in (concern, *duplicates):
            change(one, due_on=due_on, needs_triage=given_back)
    elif answers := [routing for routing in routings if routing.status == RoutingStatus.ANSWERED]:
        told_until = concern.feedback_due_at
        is_news = any(told_until is None or answer.finished_at > told_until for answer in answers)
        start_feedback(concern, duplicates, by=by, at=at, is_news=is_news)
        if given_back:
            change(concern, needs_triage=True)
    else:
        due_on = add_workdays(day(at), settings().triage_days)
        move(concern, ConcernStatus.NEW, by=by, at=at, due_on=due_on, duplicates=duplicates)


@transaction.atomic
def answer_query(*, routing: Routing, text: str, by: User, at: datetime | None = None) -> RoutingMessage:
    """Answer a department's question; its clock goes on and gets the days back that it stood still (K07).

    Raises:
        Conflict: the query was settled meanwhile.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    if routing.status != RoutingStatus.QUERY:
        raise Conflict("Diese Rückfrage ist inzwischen erledigt. Ihr Text ist noch da.")
    paused = workdays_between(routing.query_since, day(at))
    due_on = add_workdays(routing.due_on, paused) if paused else routing.due_on
    move_routing(routing, RoutingStatus.ACCEPTED, query_since=None, due_on=due_on)
    message = RoutingMessage.objects.create(
        routing=routing, kind=RoutingMessage.Kind.QUERY_ANSWER, text=text, by=by, at=at
    )
    record(concern, "routing_query_answered", by=by, at=at, routing=routing, paused_days=paused)
    settle_forwarded(concern, by=by, at=at)
    return message


@transaction.atomic
def remark(*, routing: Routing, text: str, by: User | None, at: datetime | None = None) -> RoutingMessage:
    """Write into the thread without changing anybody's clock.

    Raises:
        Conflict: the routing is finished.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    if not routing.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet. Ihr Text ist noch da.")
    message = RoutingMessage.objects.create(routing=routing, kind=RoutingMessage.Kind.REMARK, text=text, by=by, at=at)
    record(concern, "routing_remark", by=by, at=at, routing=routing)
    return message


@transaction.atomic
def renew_link(*, routing: Routing, by: User | None, at: datetime | None = None) -> Routing:
    """Send a fresh link to an external body; older links stop working.

    Raises:
        Conflict: the routing is finished.
        LoopError: the department signs in and has no link.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    if not routing.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet.")
    if not routing.department.answers_by_link:
        raise LoopError("Dieser Fachbereich meldet sich an und braucht keinen Link.")
    send_link(routing, at=at)
    record(concern, "routing_link", by=by, at=at, routing=routing)
    return routing
