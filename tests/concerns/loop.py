"""The loop in one line each, for tests: real actions on real rows."""

from concerns.actions import closing, department, feedback, forwarding, intake
from concerns.actions.forwarding import Target
from concerns.actions.intake import ConcernData, ReporterData
from concerns.models import Concern
from quartier.workdays import add_workdays
from tests import make

PERSON = ReporterData(name="Gerda Zorn", phone="0241 555019", channel="phone", consent_store=True)
ANSWER = {"outcome": "fulfilled", "answer_text": "Der Müll ist abgeholt."}


def log(by, *, reporters=(PERSON,), topic=None, **data) -> Concern:
    """Log a concern in the first district of `by`."""
    district = data.pop("district", by.memberships.first().district)
    known = {"title": "Wilder Müll", "text": "Hinter den Containern.", "topic": topic or make.topic()}
    data = ConcernData(**{**known, "district": district, **data})
    return intake.log_concern(by=by, data=data, reporters=list(reporters))


def forward(concern, *departments, by, **target):
    """Forward to departments; the first one leads."""
    due_on = target.pop("due_on", add_workdays(make.today(), 10))
    targets = [Target(department=one, text="Bitte abholen.", due_on=due_on, **target) for one in departments]
    return forwarding.forward(concern=concern, targets=targets, by=by)


def reply(routing, *, by=None, result="fulfilled", text="Wir haben den Müll abgeholt.", **fields):
    """Answer a routing."""
    return department.reply(routing=routing, result=result, text=text, by=by, **fields)


def tell(reporter, *, by, result="reached", kind="final", channel="phone"):
    """Record one attempt to tell a reporter."""
    return feedback.record_feedback(
        reporter=reporter, kind=kind, channel=channel, text="Erledigt.", result=result, by=by
    )


def answered(by, department_, **fields) -> Concern:
    """A concern whose department has answered: feedback is due."""
    concern = log(by, **fields)
    reply(forward(concern, department_, by=by)[0])
    return fresh(concern)


def closed(by, department_, *, outcome=None, **fields) -> Concern:
    """A concern that went all the way."""
    concern = answered(by, department_, **fields)
    for reporter in concern.reporters.unsettled():
        tell(reporter, by=by)
    return closing.close(concern=concern, by=by, **(outcome or ANSWER))


def fresh(row):
    """The row as it stands in the database now."""
    return type(row)._default_manager.get(pk=row.pk)
