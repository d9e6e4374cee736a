"""What a department does with a theme report, step by step as with a routing (K06–K08, K16)."""

from datetime import date, datetime

from django.db import transaction

from concerns.actions.base import NotReady
from concerns.actions.department import check_reply
from concerns.models import RoutingMessage
from concerns.workflow import NEEDS_REASON, RoutingStatus
from districts.models import Department, User
from projects.models import Need, ThemeMessage, ThemeRecipient
from projects.theme_wording import answer_words

from .base import Conflict, LoopError, day, moment
from .theme_base import lock_need, lock_recipient, note
from .theme_news import spread
from .theme_reports import check_sent, move_recipient, write


def _taken(recipient: ThemeRecipient, by: User, at: datetime) -> dict:
    """Fields of a recipient whose first step this is: whoever takes it has accepted it."""
    if recipient.accepted_at:
        return {}
    return {"accepted_at": at, "accepted_by": by, "assignee": recipient.assignee or by}


@transaction.atomic
def accept(*, recipient: ThemeRecipient, by: User, file_number: str = "", at: datetime | None = None) -> ThemeRecipient:
    """Accept; the person accepting works on it unless somebody is assigned. Raises Conflict when it was done before."""
    recipient, at = lock_recipient(recipient), moment(at)
    check_sent(recipient)
    if recipient.status != RoutingStatus.SENT:
        raise Conflict(f"Der Vorgang steht inzwischen auf „{recipient.get_status_display()}“.")
    more = {"file_number": file_number} if file_number else {}
    move_recipient(recipient, RoutingStatus.ACCEPTED, **_taken(recipient, by, at), **more)
    note("accepted", report=recipient.report, recipient=recipient, by=by, at=at)
    return recipient


@transaction.atomic
def assign(*, recipient: ThemeRecipient, assignee: User, by: User, at: datetime | None = None) -> ThemeRecipient:
    """Give it to a colleague of the department.

    Raises:
        LoopError: the colleague does not belong to the department.
        Conflict: it is finished.
    """
    recipient, at = lock_recipient(recipient), moment(at)
    check_sent(recipient)
    if not recipient.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet.")
    if recipient.department_id not in assignee.rights.department_ids:
        raise LoopError(f"{assignee} gehört nicht zu {recipient.label}.")
    recipient.assignee = assignee
    recipient.save(update_fields=["assignee"])
    note("assigned", report=recipient.report, recipient=recipient, by=by, at=at, new=str(assignee.pk))
    return recipient


@transaction.atomic
def set_file_number(*, recipient: ThemeRecipient, file_number: str, by: User) -> ThemeRecipient:
    """Note the department's own file number; no event, it is the department's own label."""
    recipient = lock_recipient(recipient)
    recipient.file_number = file_number
    recipient.save(update_fields=["file_number"])
    return recipient


@transaction.atomic
def ask(*, recipient: ThemeRecipient, text: str, by: User, at: datetime | None = None) -> ThemeMessage:
    """Ask the team something; the clock stands still until the answer.

    Raises:
        Conflict: a question is open already, or it is finished.
    """
    recipient, at = lock_recipient(recipient), moment(at)
    check_sent(recipient)
    if recipient.status == RoutingStatus.QUERY:
        raise Conflict("Es ist schon eine Rückfrage offen. Ihr Text ist noch da.")
    move_recipient(recipient, RoutingStatus.QUERY, query_since=day(at), **_taken(recipient, by, at))
    note("query", report=recipient.report, recipient=recipient, by=by, at=at)
    return write(recipient, RoutingMessage.Kind.QUERY, text, by=by, at=at, from_recipient=True)


@transaction.atomic
def give_interim_notice(
    *, recipient: ThemeRecipient, text: str, new_due_on: date, by: User, at: datetime | None = None
) -> ThemeMessage:
    """Say that it takes longer, until when.

    Raises:
        LoopError: the new day is not later than today.
        Conflict: it is finished.
    """
    recipient, at = lock_recipient(recipient), moment(at)
    check_sent(recipient)
    if new_due_on <= day(at):
        raise LoopError("Der neue Termin muss in der Zukunft liegen.")
    if not recipient.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet. Ihr Text ist noch da.")
    fields = {"due_on": new_due_on, "escalation": 0, **_taken(recipient, by, at)}
    if recipient.status == RoutingStatus.SENT:
        move_recipient(recipient, RoutingStatus.ACCEPTED, **fields)
    else:
        for name, value in fields.items():
            setattr(recipient, name, value)
        recipient.save(update_fields=[*fields])
    note("interim", report=recipient.report, recipient=recipient, by=by, at=at, new=new_due_on.isoformat())
    return write(recipient, RoutingMessage.Kind.INTERIM, text, by=by, at=at, new_due_on=new_due_on, from_recipient=True)


@transaction.atomic
def give_back(
    *, recipient: ThemeRecipient, reason: str, by: User, suggestion: Department | None = None,
    at: datetime | None = None,
) -> ThemeRecipient:  # fmt: skip
    """Return it as not responsible.

    Raises:
        NotReady: no reason.
        LoopError: the department suggests itself.
        Conflict: it is finished.
    """
    at = moment(at)
    if not reason.strip():
        raise NotReady(["Bitte kurz begründen, warum Sie nicht zuständig sind."])
    recipient = lock_recipient(recipient)
    check_sent(recipient)
    if suggestion and suggestion.pk == recipient.department_id:
        raise LoopError("Bitte eine andere Stelle vorschlagen als die eigene.")
    move_recipient(
        recipient, RoutingStatus.RETURNED, finished_at=at, query_since=None, return_reason=reason.strip(),
        return_suggestion=suggestion,
    )  # fmt: skip
    note("given_back", report=recipient.report, recipient=recipient, by=by, at=at)
    return recipient


@transaction.atomic
def reply(
    *,
    recipient: ThemeRecipient,
    result: str,
    text: str,
    by: User,
    reason_category: str = "",
    date_: date | None = None,
    remark: str = "",
    file_number: str = "",
    entered_for_department: bool = False,
    at: datetime | None = None,
) -> ThemeRecipient:
    """Answer; everybody behind the needs' concerns is owed to hear it, also a no.

    `entered_for_department`: the team writes in what came on paper or was decided in a committee.

    Raises:
        NotReady: no words, a no without a reason (I2), or planned without a day.
        Conflict: somebody else has answered, returned or withdrawn it meanwhile.
    """
    at = moment(at)
    check_reply(result=result, text=text, reason_category=reason_category, date_=date_)
    recipient = lock_recipient(recipient)
    check_sent(recipient)
    fields = {} if entered_for_department else _taken(recipient, by, at)
    if file_number:
        fields["file_number"] = file_number
    move_recipient(
        recipient, RoutingStatus.ANSWERED, finished_at=at, query_since=None, result=result, text=text, date=date_,
        reason_category=reason_category if result in NEEDS_REASON else "", remark=remark, by=by,
        entered_for_department=entered_for_department, **fields,
    )  # fmt: skip
    note("answered", report=recipient.report, recipient=recipient, by=by, at=at, new=result)
    for need in Need.objects.filter(theme_reports=recipient.report_id).order_by("pk"):
        need = lock_need(need)
        note("answered", need=need, by=by, at=at, new=result, recipient_id=recipient.pk)
        spread(need=need, text=_about(need, recipient), recipient=recipient,
               reason_category=recipient.reason_category, by=by, at=at)  # fmt: skip
    return recipient


def _about(need: Need, recipient: ThemeRecipient) -> str:
    return f"Zum Thema „{need.title}“: {answer_words(recipient)}"
