"""Rows of bodies for tests; like `tests.make`, every call makes a new row with a name of its own."""

from datetime import date, time, timedelta
from itertools import count

from concerns.models import Concern
from districts.models import User
from projects.actions import agenda as agenda_actions
from projects.actions import follow_ups as follow_up_actions
from projects.actions import sessions as session_actions
from projects.actions import talks as talk_actions
from projects.models import AgendaItem, Attendance, Body, BodyConcern, BodyMember, CoordinationTalk, FollowUp, Session
from tests import make

_numbers = count(1)


def body(*, districts=(), **fields) -> Body:
    """A district conference that meets every three months on the second Tuesday."""
    known = {"name": f"Stadtteilkonferenz {next(_numbers)}", "kind": "district_conference", "every_months": 3}
    known |= {"weekday": 1, "nth": 2, "starts": time(17), "place": "Gruppenraum"}
    made = Body.objects.create(**{**known, **fields})
    made.districts.set(districts)
    return made


def member(*, body: Body, **fields) -> BodyMember:
    """A member with a vote: an actor unless something else is named."""
    if not fields.keys() & {"actor", "user", "department", "name"}:
        n = next(_numbers)
        fields["actor"] = make.actor(email=f"akteur{n}@verein.example")
    if "deputy_for" in fields:
        fields = {"role": "deputy", "has_vote": False, **fields}
    return BodyMember.objects.create(body=body, **{"has_vote": True, **fields})


def session(*, body: Body, **fields) -> Session:
    """A planned session in a week."""
    known = {"on": make.today() + timedelta(days=7), "starts": time(17), "ends": time(19), "place": "Gruppenraum"}
    return Session.objects.create(body=body, **{**known, **fields})


def item(*, session: Session, **fields) -> AgendaItem:
    """An item at the end of the agenda."""
    position = session.items.count() + 1
    known = {"title": f"Punkt {next(_numbers)}", "kind": "discussion", "position": position}
    return AgendaItem.objects.create(session=session, **{**known, **fields})


def held(*, body: Body, by: User, on: date | None = None, members=(), items=1, **fields) -> Session:
    """A session that took place last week, with items; `members` were present."""
    made = session(body=body, on=on or make.today() - timedelta(days=7), **fields)
    for _ in range(items):
        item(session=made)
    session_actions.begin(session=made, by=by)
    for one in members:
        Attendance.objects.create(session=made, member=one, state="present")
    made.refresh_from_db()
    return made


def write(*, session: Session, by: User, told=(), **words) -> None:
    """Minutes of the first item."""
    first = session.items.first()
    written = agenda_actions.Written(first.pk, first.version, True, {**EMPTY, "minutes": "Besprochen.", **words})
    agenda_actions.write_minutes(session=session, written=[written], told=set(told), by=by)


def talk(*, by: User, departments, districts=(), **fields) -> CoordinationTalk:
    """A talk of departments that was held today."""
    known = {"topic": f"Gespräch {next(_numbers)}", "on": make.today(), "attendees": "Leitungen"}
    return talk_actions.save_talk(
        by=by, departments=departments, districts=districts, **{**known, "result": "Ist vereinbart.", **fields}
    )


def approve(*, session: Session, by: User) -> None:
    """Approve the minutes without a later session."""
    agenda_actions.approve_minutes(session=session, how="confirmation", approved_in=None, by=by)


EMPTY = {"minutes": "", "decision": "", "yes": None, "no": None, "abstained": None}


def follow_up(*, body: Body, **fields) -> FollowUp:
    """An open follow-up that is due in two weeks."""
    known = {"task": f"Auftrag {next(_numbers)}", "responsible": "Stadtteilbüro"}
    return FollowUp.objects.create(body=body, **{**known, "due_on": make.today() + timedelta(days=14), **fields})


def raised(*, item: AgendaItem, by: User, answered: bool = False, **fields) -> BodyConcern:
    """A concern that an agenda item became; `answered` when the department has replied."""
    from_body = {"title": item.title, "topic": fields.pop("topic", None) or make.topic(), **fields}
    district = item.session.body.districts.first()
    data = follow_up_actions.ConcernData(district=district, channel=Concern.Channel.BODY, **from_body)
    concern = follow_up_actions.raise_concern(by=by, data=data, item=item)
    if answered:
        answer(concern)
    return concern.raised_by_body


def answer(concern: Concern, text: str = "Die Bank ist ersetzt.") -> None:
    """The department's answer is there."""
    Concern.objects.filter(pk=concern.pk).update(
        status="feedback_due", needs_triage=False, outcome="fulfilled", answer_text=text
    )
    concern.reporters.update(due="final", due_since=concern.created_at, due_on=make.today() + timedelta(days=5))
