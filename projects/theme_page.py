"""What the pages of theme reports show to whom (K16)."""

from datetime import date

from concerns.ticket import TONES, WORDS
from concerns.workflow import OPEN_ROUTINGS, RoutingStatus
from districts.models import User
from districts.roles import Perm
from projects.actions.theme_reports import missing_for_return, missing_for_sending, preview
from projects.models import ThemeRecipient, ThemeReport
from projects.need_page import ESCALATIONS, events_of, timeline
from projects.workflow import ThemeReportStatus

REPORT_TONES: dict[str, str] = {
    ThemeReportStatus.DRAFT: "neutral",
    ThemeReportStatus.SENT: "info",
    ThemeReportStatus.ANSWERED: "warning",
    ThemeReportStatus.RETURNED: "success",
}
TEAM_WORDS = {**WORDS, RoutingStatus.SENT: "Gesendet", RoutingStatus.WITHDRAWN: "Zurückgezogen"}


def lines_of(reports, today: date) -> list[dict]:
    """Lines of the list: recipients in short, how many have answered, the next day that counts."""
    lines = []
    for one in reports:
        recipients = list(one.recipients.all())
        waiting = [recipient for recipient in recipients if recipient.status in OPEN_ROUTINGS]
        lines.append({
            "report": one,
            "tone": REPORT_TONES[one.status],
            "to": ", ".join(_short(recipient) for recipient in recipients),
            "answered": f"{len(recipients) - len(waiting)} von {len(recipients)}",
            "due": min((recipient.due_on for recipient in waiting), default=None) if not one.is_draft else None,
            "late": any(recipient.is_late(today) for recipient in recipients) and not one.is_draft,
        })  # fmt: skip
    return lines


def _short(recipient: ThemeRecipient) -> str:
    return recipient.department.code if recipient.department else recipient.name


def page_of(report: ThemeReport, user: User, *, today: date) -> dict:
    """Context of the page for teams and Sozialplanung."""
    may_send = report.may_send(user)
    people = ("department", "assignee", "by", "return_suggestion", "accepted_by")
    recipients = list(report.recipients.select_related(*people).prefetch_related("messages__by"))
    answered = report.status == ThemeReportStatus.ANSWERED
    return {
        "report": report,
        "tone": REPORT_TONES[report.status],
        "content": report.content or preview(report),
        "needs": list(report.needs.order_by("sort_key").only("title", "status")),
        "panels": [panel_of(one, may_send=may_send) for one in recipients],
        "missing": missing_for_sending(report, today) if report.is_draft else [],
        "missing_return": missing_for_return(report) if answered and may_send else [],
        "entries": timeline(events_of(report=report)),
        "may_edit": report.may_edit(user) and report.is_draft,
        "may_send": may_send,
        "may_tell": user.rights.can(Perm.GIVE_FEEDBACK),
        "today": today,
    }


def panel_of(recipient: ThemeRecipient, *, may_send: bool) -> dict:
    """One recipient with its thread and what the team can do."""
    steps = []
    if may_send and recipient.is_open:
        steps = ["mitteilung", "antwort", "zurueckziehen"]
        if recipient.status == RoutingStatus.QUERY:
            steps.insert(0, "rueckfrage")
    return {
        "recipient": recipient,
        "words": TEAM_WORDS[recipient.status],
        "tone": TONES[recipient.status],
        "thread": thread_of(recipient, own=False),
        "escalation": ESCALATIONS.get(recipient.escalation, ""),
        "steps": steps,
    }


def thread_of(recipient: ThemeRecipient, *, own: bool) -> list[dict]:
    """The thread as one side reads it: `own` for the recipient's people, who are "we" on their page."""
    return [
        {
            "title": one.get_kind_display(),
            "by": one.by,
            "at": one.at,
            "text": one.text,
            "own": one.from_recipient is own,
            "note": f"neuer Termin {one.new_due_on:%d.%m.%Y}" if one.new_due_on else "",
        }
        for one in recipient.messages.all()
    ]
