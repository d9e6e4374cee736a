"""Rows of needs and theme reports for tests; like `tests.make`, every call makes a new row with a name of its own."""

from datetime import timedelta
from itertools import count

from concerns.models import Concern
from districts.models import User
from projects.actions import needs as need_actions
from projects.actions import theme_reports as report_actions
from projects.models import Need, NeedEvidence, ThemeRecipient, ThemeReport
from tests import make

_numbers = count(1)


def need(*, districts=(), **fields) -> Need:
    """An observed need."""
    known = {"title": f"Bedarf {next(_numbers)}", "problem": "Es fehlt etwas."}
    made = Need.objects.create(**{**known, **fields})
    made.districts.set(districts)
    return made


def link(need: Need, *concerns: Concern, by: User) -> None:
    """Concerns that show a need."""
    need_actions.link_concerns(need=need, concerns=concerns, by=by)


def evidence(*, need: Need, by: User, **fields) -> NeedEvidence:
    """A piece of evidence."""
    return NeedEvidence.objects.create(
        **{"need": need, "by": by, "kind": "survey", "text": "Viele sagen das.", **fields}
    )


def draft(*, by: User, needs=(), **fields) -> ThemeReport:
    """A draft of the last half year."""
    until = make.today() - timedelta(days=1)
    known = {"title": f"Meldung {next(_numbers)}", "since": until - timedelta(days=180), "until": until}
    known |= {"reason": "Das kommt immer wieder.", "request": "Bitte prüfen Sie, was möglich ist."}
    return report_actions.save_report(by=by, needs=list(needs), **{"district": None, **known, **fields})


def recipient(*, report: ThemeReport, by: User, days: int = 20, **fields) -> ThemeRecipient:
    """Somebody a draft goes to; the city's E 18 unless named."""
    return report_actions.add_recipient(report=report, by=by, due_on=make.today() + timedelta(days=days), **fields)


def sent(*, by: User, department, needs=(), **fields) -> ThemeRecipient:
    """A report that was sent to one department: its recipient."""
    report = draft(by=by, needs=needs, **fields)
    made = recipient(report=report, by=by, department=department)
    report_actions.send_report(report=report, by=by)
    made.refresh_from_db()
    return ThemeRecipient.objects.select_related("report", "department").get(pk=made.pk)


def late(recipient: ThemeRecipient, days: int = 3) -> ThemeRecipient:
    """The same, past its day."""
    ThemeRecipient.objects.filter(pk=recipient.pk).update(due_on=make.today() - timedelta(days=days))
    recipient.refresh_from_db()
    return recipient
