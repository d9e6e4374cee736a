"""What a department does with a routing (K06–K08); `by=None` is an external body answering through its link."""

from datetime import date, datetime

from django.db import transaction

from concerns.models import Reply, Routing, RoutingMessage
from concerns.workflow import NEEDS_REASON, ReplyResult, RoutingStatus
from districts.models import Department, User

from .base import Conflict, LoopError, NotReady, day, lock_bundle, lock_routing, moment, move_routing, record
from .duty import owe_interim
from .forwarding import settle_forwarded


@transaction.atomic
def accept(*, routing: Routing, by: User | None, file_number: str = "", at: datetime | None = None) -> Routing:
    """Accept responsibility; the person accepting works on it unless somebody is assigned.

    Raises:
        Conflict: already accepted or finished.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    if routing.status != RoutingStatus.SENT:
        raise Conflict(f"Der Vorgang steht inzwischen auf „{routing.get_status_display()}“.")
    fields = {"accepted_at": at, "accepted_by": by, "assignee": routing.assignee or by}
    if file_number:
        fields["file_number"] = file_number
    move_routing(routing, RoutingStatus.ACCEPTED, **fields)
    record(concern, "routing_accepted", by=by, at=at, routing=routing, new=routing.department.code)
    return routing


@transaction.atomic
def assign(*, routing: Routing, assignee: User, by: User, at: datetime | None = None) -> Routing:
    """Give an open routing to a colleague of the department.

    Raises:
        LoopError: the colleague does not belong to the department.
        Conflict: the routing is finished.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    if not routing.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet.")
    if routing.department_id not in assignee.rights.department_ids:
        raise LoopError(f"{assignee} gehört nicht zu {routing.department}.")
    routing.assignee = assignee
    routing.save(update_fields=["assignee"])
    record(concern, "routing_assigned", by=by, at=at, routing=routing, new=str(assignee.pk))
    return routing


@transaction.atomic
def set_file_number(*, routing: Routing, file_number: str, by: User | None) -> Routing:
    """Note the department's own file number; no event, it is the department's own label."""
    routing, _ = lock_routing(routing)
    routing.file_number = file_number
    routing.save(update_fields=["file_number"])
    return routing


@transaction.atomic
def give_back(
    *, routing: Routing, reason: str, by: User | None, suggestion: Department | None = None, at: datetime | None = None
) -> Routing:
    """Return a routing as not responsible; the concern comes back to the Quartiersmanagement's desk (I4).

    Raises:
        NotReady: no reason.
        LoopError: the department suggests itself.
        Conflict: the routing is finished.
    """
    at = moment(at)
    if not reason.strip():
        raise NotReady(["Bitte kurz begründen, warum Sie nicht zuständig sind."])
    routing, concern = lock_routing(routing)
    if suggestion and suggestion.pk == routing.department_id:
        raise LoopError("Bitte eine andere Stelle vorschlagen als die eigene.")
    move_routing(
        routing, RoutingStatus.RETURNED, finished_at=at, query_since=None, return_reason=reason,
        return_suggestion=suggestion,
    )  # fmt: skip
    record(
        concern, "routing_returned", by=by, at=at, routing=routing, old=routing.department.code,
        new=suggestion.code if suggestion else "",
    )  # fmt: skip
    settle_forwarded(concern, by=by, at=at)
    return routing


@transaction.atomic
def ask(*, routing: Routing, text: str, by: User | None, at: datetime | None = None) -> RoutingMessage:
    """Ask the Quartiersmanagement something; the department's clock stands still until the answer (K07).

    Raises:
        Conflict: a query is already open or the routing is finished.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    if routing.status == RoutingStatus.QUERY:
        raise Conflict("Es ist schon eine Rückfrage offen. Ihr Text ist noch da.")
    fields = {"query_since": day(at)}
    if not routing.accepted_at:
        fields |= {"accepted_at": at, "accepted_by": by, "assignee": routing.assignee or by}
    move_routing(routing, RoutingStatus.QUERY, **fields)
    message = RoutingMessage.objects.create(routing=routing, kind=RoutingMessage.Kind.QUERY, text=text, by=by, at=at)
    record(concern, "routing_query", by=by, at=at, routing=routing, old=routing.department.code)
    return message


@transaction.atomic
def give_interim_notice(
    *, routing: Routing, text: str, new_due_on: date, by: User | None, at: datetime | None = None
) -> RoutingMessage:
    """Say that it takes longer, until when; the reporters are owed an interim message (requirements 1.2, N2).

    Raises:
        LoopError: the new date is not later than today.
        Conflict: the routing is finished.
    """
    at = moment(at)
    if new_due_on <= day(at):
        raise LoopError("Der neue Termin muss in der Zukunft liegen.")
    routing, concern = lock_routing(routing)
    if not routing.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet. Ihr Text ist noch da.")
    fields = {"due_on": new_due_on, "escalation": 0}
    if routing.status == RoutingStatus.SENT:
        fields |= {"accepted_at": at, "accepted_by": by, "assignee": routing.assignee or by}
        move_routing(routing, RoutingStatus.ACCEPTED, **fields)
    else:
        for name, value in fields.items():
            setattr(routing, name, value)
        routing.save(update_fields=[*fields])
    message = RoutingMessage.objects.create(
        routing=routing, kind=RoutingMessage.Kind.INTERIM, text=text, new_due_on=new_due_on, by=by, at=at
    )
    record(concern, "routing_interim", by=by, at=at, routing=routing, new=new_due_on.isoformat())
    settle_forwarded(concern, by=by, at=at)
    owe_interim([*_bundle(concern)], at=at)
    return message


def _bundle(concern):
    lead, duplicates = lock_bundle(concern)
    return (lead, *duplicates)


def check_reply(*, result: str, text: str, reason_category: str, date_: date | None) -> None:
    """Check a reply against I2.

    Raises:
        NotReady: lists what is missing.
    """
    missing = []
    if not text.strip():
        missing.append("Es fehlt der Text für die Anliegengeber/in.")
    if result in NEEDS_REASON and not reason_category:
        missing.append("Ein (teilweises) Nein braucht einen Grund.")
    if result == ReplyResult.PLANNED and not date_:
        missing.append("„Eingeplant“ braucht einen Termin.")
    if missing:
        raise NotReady(missing)


@transaction.atomic
def reply(
    *,
    routing: Routing,
    result: str,
    text: str,
    by: User | None,
    reason_category: str = "",
    date_: date | None = None,
    remark: str = "",
    file_number: str = "",
    entered_for_department: bool = False,
    at: datetime | None = None,
) -> Reply:
    """Answer a routing; when it was the last open one, feedback to the reporters is due.

    `entered_for_department`: the Quartiersmanagement writes in what came on paper or by phone (K19).

    Raises:
        NotReady: no words for the resident, or a no without a reason (I2), or planned without a date.
        Conflict: somebody else has answered, returned or recalled it meanwhile.
    """
    at = moment(at)
    check_reply(result=result, text=text, reason_category=reason_category, date_=date_)
    routing, concern = lock_routing(routing)
    fields = {"finished_at": at, "query_since": None}
    if not routing.accepted_at:
        fields |= {"accepted_at": at, "accepted_by": None if entered_for_department else by}
    if file_number:
        fields["file_number"] = file_number
    move_routing(routing, RoutingStatus.ANSWERED, **fields)
    stored = Reply.objects.create(
        routing=routing, result=result, reason_category=reason_category if result in NEEDS_REASON else "", date=date_,
        text=text, remark=remark, by=by, entered_for_department=entered_for_department, at=at,
    )  # fmt: skip
    record(concern, "routing_answered", by=by, at=at, routing=routing, old=routing.department.code, new=result)
    settle_forwarded(concern, by=by, at=at)
    return stored
