"""Writes on theme reports by the team: draft, sending, the thread, the end (K16)."""

from datetime import date, datetime

from django.db import transaction

from concerns.actions.base import NotReady
from concerns.actions.base import settings as loop_settings
from concerns.actions.clock import escalation_step
from concerns.models import RoutingMessage
from concerns.workflow import OPEN_ROUTINGS, ROUTING_MOVES, RoutingStatus
from districts.actions.base import Conflict as Late
from districts.models import Department, User
from projects.evidence import evidence_of, topics_of
from projects.models import ConcernNews, Need, ThemeMessage, ThemeRecipient, ThemeReport
from projects.workflow import THEME_REPORT_MOVES, NeedStatus, ThemeReportStatus, may_move
from quartier.workdays import add_workdays, workdays_between

from .base import CHANGED, Conflict, LoopError, day, moment
from .needs import move_need
from .theme_base import lock_need, lock_recipient, lock_report, note

TAKEN_ALONG = (NeedStatus.OBSERVED, NeedStatus.CONFIRMED)  # these count as reported from then on


@transaction.atomic
def save_report(
    *,
    by: User,
    needs,
    report: ThemeReport | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> ThemeReport:
    """Write a draft or change it; `version` is the one the person saw. History begins with the sending.

    Raises:
        Conflict (of `districts.actions.base`): somebody else has changed or sent it meanwhile.
    """
    at = moment(at)
    found = lock_report(report) if report else ThemeReport(author=by, created_at=at)
    if report and (found.version != version or not found.is_draft):
        raise Late("Die Meldung ist inzwischen gesendet." if not found.is_draft else CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if report else 0
    found.save()
    found.needs.set(needs)
    return found


def _check_draft(report: ThemeReport) -> None:
    if not report.is_draft:
        raise Conflict("Die Meldung ist inzwischen gesendet und bleibt, wie sie ist.")


@transaction.atomic
def add_recipient(
    *, report: ThemeReport, by: User, due_on: date, department: Department | None = None, name: str = ""
) -> ThemeRecipient:
    """Somebody the draft will go to, with the day by which an answer is asked for.

    Raises:
        LoopError: the recipient is there already.
        Conflict: the report has been sent meanwhile.
    """
    report = lock_report(report)
    _check_draft(report)
    if report.recipients.filter(department=department, name=name).exists():
        raise LoopError("Diese Stelle steht schon in der Liste.")
    return ThemeRecipient.objects.create(
        report=report, department=department, name=name, due_on=due_on, agreed_due_on=due_on
    )


@transaction.atomic
def remove_recipient(*, recipient: ThemeRecipient, by: User) -> None:
    """The draft shall not go there. Raises Conflict when it has been sent meanwhile."""
    recipient = lock_recipient(recipient)
    _check_draft(recipient.report)
    recipient.delete()


@transaction.atomic
def discard(*, report: ThemeReport, by: User) -> None:
    """Throw a draft away; nobody outside has seen it. Raises Conflict when it has been sent meanwhile."""
    report = lock_report(report)
    _check_draft(report)
    report.recipients.all().delete()
    report.needs.clear()
    report.delete()


def preview(report: ThemeReport) -> dict:
    """What a report would say if it were sent now: needs in the team's words and counts, topics of the period."""
    needs = list(report.needs.order_by("priority", "sort_key", "pk").prefetch_related("districts", "target_groups"))
    evidence = evidence_of([one.pk for one in needs])
    return {
        "needs": [
            {
                "title": one.title,
                "where": ", ".join(district.name for district in one.districts.all()),
                "groups": ", ".join(map(str, one.target_groups.all())),
                "since": f"{one.first_seen_on:%d.%m.%Y}",
                "problem": one.problem,
                "solutions": one.solutions,
                "evidence": evidence[one.pk].sentence,
            }
            for one in needs
        ],
        **topics_of(report.district, report.since, report.until),
    }


def missing_for_sending(report: ThemeReport, today: date) -> list[str]:
    """What a draft lacks before it can be sent, in German."""
    missing, recipients = [], list(report.recipients.select_related("department"))
    if not recipients:
        missing.append("Es ist noch kein Empfänger eingetragen.")
    if not report.needs.exists():
        missing.append("Es ist noch kein Thema ausgewählt.")
    if any(one.due_on <= today for one in recipients):
        missing.append("Eine Frist liegt nicht in der Zukunft.")
    ended = [one.label for one in recipients if one.department and not _in_force(one.department, today)]
    missing += [f"{label} gibt es nicht mehr. Bitte die Nachfolge wählen." for label in ended]
    return missing


def _in_force(department: Department, today: date) -> bool:
    return Department.objects.valid_on(today).filter(pk=department.pk).exists()


@transaction.atomic
def send_report(*, report: ThemeReport, by: User, at: datetime | None = None) -> ThemeReport:
    """Send a report: from now on it stays as it is, every recipient's clock runs, its needs count as reported.

    Raises:
        NotReady: recipients, needs or days in the future are missing.
        Conflict: sent meanwhile.
    """
    report, at = lock_report(report), moment(at)
    _check_draft(report)
    if missing := missing_for_sending(report, day(at)):
        raise NotReady(missing)
    report.content = preview(report)
    _move(report, ThemeReportStatus.SENT, content=report.content, sent_at=at, sent_by=by)
    note("sent", report=report, by=by, at=at)
    for need in Need.objects.filter(theme_reports=report).order_by("pk"):
        locked = lock_need(need)
        note("reported", need=locked, by=by, at=at, report_id=report.pk)
        if locked.status in TAKEN_ALONG:
            move_need(locked, NeedStatus.REPORTED, by=by, at=at)
    return report


def _move(report: ThemeReport, to: str, **fields) -> None:
    if not may_move(THEME_REPORT_MOVES, report.status, to):
        raise Conflict(f"Das geht nicht mehr: Die Meldung steht inzwischen auf „{report.get_status_display()}“.")
    for name, value in {"status": to, **fields}.items():
        setattr(report, name, value)
    report.version += 1
    report.save(update_fields=["status", *fields, "version"])


def move_recipient(recipient: ThemeRecipient, to: str, **fields) -> None:
    """Move a locked recipient to another status; the report is answered when nobody owes an answer any more.

    Raises:
        Conflict: the table of moves of routings does not allow it.
    """
    if not may_move(ROUTING_MOVES, recipient.status, to):
        raise Conflict(
            f"Das geht nicht mehr: Der Vorgang steht inzwischen auf „{recipient.get_status_display()}“. "
            "Ihr Text ist noch da, es wurde nichts verändert."
        )
    for name, value in {"status": to, **fields}.items():
        setattr(recipient, name, value)
    recipient.save(update_fields=["status", *fields])
    report = recipient.report
    waiting = report.recipients.filter(status__in=OPEN_ROUTINGS)
    if report.status == ThemeReportStatus.SENT and not waiting.exists():
        _move(report, ThemeReportStatus.ANSWERED)


def check_sent(recipient: ThemeRecipient) -> None:
    """Refuse what can only be done with a report that has left the house. Raises Conflict."""
    if recipient.report.is_draft:
        raise Conflict("Die Meldung ist noch nicht gesendet.")


@transaction.atomic
def answer_query(*, recipient: ThemeRecipient, text: str, by: User, at: datetime | None = None) -> ThemeMessage:
    """Answer a recipient's question; its clock goes on and gets the days back that it stood still.

    Raises:
        Conflict: the question was settled meanwhile.
    """
    recipient, at = lock_recipient(recipient), moment(at)
    if recipient.status != RoutingStatus.QUERY:
        raise Conflict("Diese Rückfrage ist inzwischen erledigt. Ihr Text ist noch da.")
    paused = workdays_between(recipient.query_since, day(at))
    due_on = add_workdays(recipient.due_on, paused) if paused else recipient.due_on
    move_recipient(recipient, RoutingStatus.ACCEPTED, query_since=None, due_on=due_on)
    note("query_answered", report=recipient.report, recipient=recipient, by=by, at=at, paused_days=paused)
    return write(recipient, RoutingMessage.Kind.QUERY_ANSWER, text, by=by, at=at)


def write(recipient: ThemeRecipient, kind: str, text: str, *, by: User, at: datetime, **more) -> ThemeMessage:
    """Put a message into the thread of a locked recipient."""
    return ThemeMessage.objects.create(recipient=recipient, kind=kind, text=text, by=by, at=at, **more)


@transaction.atomic
def remark(
    *, recipient: ThemeRecipient, text: str, by: User, from_recipient: bool = False, at: datetime | None = None
) -> ThemeMessage:
    """Write into the thread without changing anybody's clock. Raises Conflict when it is finished."""
    recipient, at = lock_recipient(recipient), moment(at)
    check_sent(recipient)
    if not recipient.is_open:
        raise Conflict("Dieser Vorgang ist inzwischen beendet. Ihr Text ist noch da.")
    note("remark", report=recipient.report, recipient=recipient, by=by, at=at)
    return write(recipient, RoutingMessage.Kind.REMARK, text, by=by, at=at, from_recipient=from_recipient)


@transaction.atomic
def withdraw(*, recipient: ThemeRecipient, by: User, at: datetime | None = None) -> ThemeRecipient:
    """Ask nobody there any more; what was sent stays. Raises Conflict when it is finished."""
    recipient, at = lock_recipient(recipient), moment(at)
    check_sent(recipient)
    move_recipient(recipient, RoutingStatus.WITHDRAWN, finished_at=at, query_since=None)
    note("withdrawn", report=recipient.report, recipient=recipient, by=by, at=at)
    return recipient


def missing_for_return(report: ThemeReport) -> list[str]:
    """What stands between an answered report and its end: people who have not heard of the answer yet (I1, I3)."""
    waiting = ConcernNews.objects.filter(news__recipient__report=report).waiting().count()
    if not waiting:
        return []
    what = "einem Anliegen warten" if waiting == 1 else f"{waiting} Anliegen warten"
    return [f"Zu {what} noch Menschen darauf, von der Antwort zu hören."]


@transaction.atomic
def finish(*, report: ThemeReport, by: User, at: datetime | None = None) -> ThemeReport:
    """Everybody has heard of the answers: the report is reported back.

    Raises:
        NotReady: somebody behind the linked concerns still waits.
        Conflict: an answer is still owed, or somebody has done it meanwhile.
    """
    report, at = lock_report(report), moment(at)
    if report.status != ThemeReportStatus.ANSWERED:
        raise Conflict(f"Das geht nicht: Die Meldung steht auf „{report.get_status_display()}“.")
    if missing := missing_for_return(report):
        raise NotReady(missing)
    _move(report, ThemeReportStatus.RETURNED, returned_at=at)
    note("finished", report=report, by=by, at=at)
    return report


def escalate_overdue(*, at: datetime | None = None) -> int:
    """Raise every overdue recipient to the step it has reached, by the figures of routings; returns how many."""
    at, raised = moment(at), 0
    figures = loop_settings()
    for one in ThemeRecipient.objects.overdue(day(at)).order_by("pk"):
        if escalation_step(one.due_on, day(at), figures) > one.escalation:
            raised += _escalate(one, at=at)
    return raised


@transaction.atomic
def _escalate(recipient: ThemeRecipient, *, at: datetime) -> bool:
    recipient = lock_recipient(recipient)
    step = escalation_step(recipient.due_on, day(at), loop_settings())
    if not recipient.is_late(day(at)) or step <= recipient.escalation:
        return False
    note("escalated", report=recipient.report, recipient=recipient, by=None, at=at, old=str(recipient.escalation),
         new=str(step))  # fmt: skip
    recipient.escalation = step
    recipient.save(update_fields=["escalation"])
    return True
