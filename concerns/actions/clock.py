"""What happens by itself when time passes: always "due and not yet done", never "date equals today" (K11)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from concerns.models import Concern, LoopSettings, Routing
from concerns.querysets import CLOCK_RUNS
from concerns.workflow import ConcernStatus
from quartier.workdays import add_workdays, workdays_between

from .base import Conflict, day, lock_concern, lock_routing, moment, record, settings
from .mail import send_link
from .triage import wake

REMINDER, LEAD, PLANNING = 1, 2, 3


def escalation_step(due_on: date, today: date, figures: LoopSettings) -> int:
    """Which step of the escalation a routing due on a day has reached: 0 none, 1 reminder, 2 lead, 3 Sozialplanung."""
    late = workdays_between(due_on, today)
    return sum(late >= days for days in _steps(figures)) if late > 0 else 0


def escalate_overdue(*, at: datetime | None = None) -> int:
    """Raise every overdue routing to the step it has reached; returns how many were raised.

    A body that answers by link gets a fresh one with the first step, because nobody there reads a digest.
    """
    at = moment(at)
    reached = Q()
    for step, due_before in enumerate(_due_before(day(at), settings()), start=REMINDER):
        reached |= Q(escalation__lt=step, due_on__lt=due_before)
    late = Routing.objects.overdue(day(at)).filter(reached)
    return _each(late, lambda routing: _escalate(routing, at=at))


def _due_before(today: date, figures: LoopSettings) -> list[date]:
    """For each step the day before which a routing was due that has reached it; the reverse of `escalation_step`."""
    return [add_workdays(today + timedelta(days=1), -max(days, 1)) for days in _steps(figures)]


def _steps(figures: LoopSettings) -> tuple[int, int, int]:
    return figures.remind_after_days, figures.lead_after_days, figures.planning_after_days


@transaction.atomic
def _escalate(routing: Routing, *, at: datetime) -> bool:
    routing, concern = lock_routing(routing)
    step = escalation_step(routing.due_on, day(at), settings())
    if routing.status not in CLOCK_RUNS or step <= routing.escalation:
        return False
    first_time = routing.escalation == 0
    record(concern, "routing_escalated", by=None, at=at, routing=routing, old=str(routing.escalation), new=str(step))
    routing.escalation = step
    routing.save(update_fields=["escalation"])
    if first_time and routing.department.answers_by_link:
        send_link(routing, at=at)
    return True


def wake_parked(*, at: datetime | None = None) -> int:
    """Bring back every parked concern whose follow-up date has come."""
    at = moment(at)
    parked = Concern.objects.leads().filter(status=ConcernStatus.PARKED, follow_up_on__lte=day(at))
    return _each(parked, lambda concern: bool(wake(concern=concern, by=None, at=at)))


def announce_promises(*, at: datetime | None = None) -> int:
    """Note in the history of every concern whose promised day has come; the basket shows it from that day on."""
    at = moment(at)
    return _each(Concern.objects.promises_due(day(at)), lambda concern: _announce(concern, at=at))


@transaction.atomic
def _announce(concern: Concern, *, at: datetime) -> bool:
    concern = lock_concern(concern)
    said = concern.events.filter(kind="promise_due", new=concern.promised_on.isoformat())
    if concern.promise != Concern.Promise.OPEN or said.exists():
        return False
    record(concern, "promise_due", by=None, at=at, new=concern.promised_on.isoformat())
    return True


def _each(rows, act: Callable) -> int:
    """Act on each row in a transaction of its own; one that somebody else has just moved is left for them."""
    done = 0
    for row in rows.order_by("pk").iterator(chunk_size=500):
        try:
            done += bool(act(row))
        except Conflict:
            continue
    return done
