"""Planning, inviting, cancelling and beginning sessions (Z19)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from concerns.actions.mail import queue_invitation
from districts.models import User
from projects.marks import mark_of
from projects.models import Attendance, Body, BodyMember, Document, Invitation, Session
from projects.rhythm import dates
from projects.wording import cancellation_mail, invitation_mail
from projects.workflow import AHEAD, SessionStatus

from .base import CHANGED, Conflict, LoopError, check_held, check_open, day, lock_session, moment, move, record
from .document_files import forget_documents
from .fund_votes import recount

TAKEN = "An diesem Tag hat das Gremium schon eine Sitzung."
FARTHEST = timedelta(days=3 * 366)


@transaction.atomic
def plan_sessions(
    *, body: Body, since: date, until: date, by: User, at: datetime | None = None, **places
) -> list[Session]:
    """Plan all sessions of a body's rhythm in a span of days; days that have one already are left out.

    Raises:
        LoopError: it meets as needed, has ended, begins in the last minute of the day, or the span is longer than
            three years.
    """
    body = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    if body.rhythm is None:
        raise LoopError("Das Gremium trifft sich nach Bedarf: bitte die Termine einzeln eintragen.")
    if until - since > FARTHEST:
        raise LoopError("Bitte höchstens drei Jahre im Voraus planen.")
    last = min(until, body.ended_on or until)
    taken = set(body.sessions.filter(on__gte=since, on__lte=last).values_list("on", flat=True))
    starts, ends = body.starts, body.ends
    if ends <= starts:
        raise LoopError(f"Um {starts:%H:%M} Uhr bleibt vom Tag nichts mehr. Bitte beim Gremium einen früheren Beginn.")
    known = {"starts": starts, "ends": ends, "place": body.place, **places}
    made = [
        Session.objects.create(body=body, on=on, **known) for on in dates(body.rhythm, since, last) if on not in taken
    ]
    if made:
        record(body, "planned", by=by, at=moment(at), days=[one.on.isoformat() for one in made])
    return made


@transaction.atomic
def save_session(
    *,
    body: Body,
    by: User,
    session: Session | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> Session:
    """Plan a single session, or change its day and place; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile, it was cancelled, or its minutes are approved.
        ValidationError: the body has a session on that day, or is over by then.
    """
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    found = lock_session(session) if session else Session(body=body)
    if session:
        check_open(found)
        if found.version != version:
            raise Conflict(CHANGED)
    if body.sessions.filter(on=fields["on"]).exclude(pk=found.pk).exists():
        raise ValidationError({"on": TAKEN})
    if body.is_over(fields["on"]):
        raise ValidationError({"on": f"Das Gremium ist am {body.ended_on:%d.%m.%Y} zu Ende gegangen."})
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if session else 0
    found.save()
    # By its number only: a planned date without anything on it can be taken out again.
    record(body, "moved" if session else "planned", by=by, at=moment(at), days=[found.on.isoformat()], id=found.pk)
    return found


@transaction.atomic
def remove_session(*, session: Session, by: User) -> None:
    """Take a planned date out again, with its agenda and material: nobody was invited and nothing hangs on it.

    Raises:
        LoopError: somebody was invited, it was cancelled once, or something hangs on it: then it is cancelled.
    """
    session = lock_session(session)
    used = session.invitations.exists() or session.items.filter(follow_ups__isnull=False).exists()
    used = used or session.items.filter(raised__isnull=False).exists()
    if session.status != SessionStatus.PLANNED or used or session.events.exists():
        raise LoopError("An dieser Sitzung hängt schon etwas, zum Beispiel eine Einladung. Bitte absagen.")
    for codes in forget_documents(Document.objects.filter(agenda_item__session=session)):
        record(session.body, "unfiled", by=by, at=moment(None), **codes)
    session.delete()


def to_write_to(session: Session) -> list[BodyMember]:
    """Members of a session's day with an address, one for each address."""
    found: dict[str, BodyMember] = {}
    for member in session.body.members.valid_on(session.on).with_names():
        if member.address:
            found.setdefault(member.address.lower(), member)
    return list(found.values())


@transaction.atomic
def invite(*, session: Session, by: User, at: datetime | None = None) -> int:
    """Invite all members who have an address, each by a mail of their own; returns how many. Again after a change.

    Raises:
        LoopError: the agenda is empty, or the session's day is over.
        Conflict: the session took place or was cancelled meanwhile.
    """
    session, at = lock_session(session), moment(at)
    if not session.items.exists():
        raise LoopError("Die Tagesordnung ist noch leer.")
    if session.on < day(at):
        raise LoopError("Der Tag der Sitzung ist vorbei: Bitte zuerst den Tag ändern.")
    move(session, SessionStatus.INVITED, invited_at=at)
    subject, body = invitation_mail(session, list(session.items.all()))
    count = _write(session, Invitation.Kind.INVITATION, subject, body, at=at)
    record(session.body, "invited", by=by, at=at, session=session, count=count)
    return count


def _write(session: Session, kind: str, subject: str, body: str, *, at: datetime) -> int:
    number = (session.invitations.aggregate(last=Max("number"))["last"] or 0) + 1
    members = to_write_to(session)
    for member in members:
        key = f"session:{session.pk}:{number}:{member.pk}"
        mail = queue_invitation(key=key, to=member.address, subject=subject, body=body, at=at)
        Invitation.objects.create(session=session, member=member, kind=kind, number=number, mail=mail, at=at)
    return len(members)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User, at: datetime | None = None) -> int:
    """Call a session off; whoever may have been invited gets a mail. Returns how many.

    Raises:
        LoopError: no reason.
        Conflict: it took place or was cancelled meanwhile.
    """
    if not reason.strip():
        raise LoopError("Bitte den Grund nennen.")
    session, at = lock_session(session), moment(at)
    was_invited = session.status == SessionStatus.INVITED
    move(session, SessionStatus.CANCELLED, cancel_reason=reason.strip())
    count = 0
    if was_invited:
        subject, body = cancellation_mail(session)
        count = _write(session, Invitation.Kind.CANCELLATION, subject, body, at=at)
    record(session.body, "cancelled", by=by, at=at, session=session, count=count)
    return count


@transaction.atomic
def revive_session(*, session: Session, by: User, at: datetime | None = None) -> Session:
    """Take a cancellation back: the session is planned again and can be invited to.

    Raises:
        Conflict: it is not cancelled any more.
    """
    session = lock_session(session)
    move(session, SessionStatus.PLANNED, cancel_reason="", invited_at=None)
    record(session.body, "revived", by=by, at=moment(at), session=session)
    return session


@transaction.atomic
def begin(*, session: Session, by: User, at: datetime | None = None) -> Session:
    """The session takes place: from now on attendance and minutes are written.

    Raises:
        LoopError: its day has not come.
        Conflict: it has begun or was cancelled meanwhile.
    """
    session, at = lock_session(session), moment(at)
    if session.status in AHEAD and session.on > day(at):
        raise LoopError(f"Die Sitzung ist erst am {session.on:%d.%m.%Y}.")
    move(session, SessionStatus.HELD)
    record(session.body, "held", by=by, at=at, session=session)
    return session


@transaction.atomic
def note_attendance(
    *,
    session: Session,
    states: dict[int, str],
    guests: str,
    by: User,
    seen: dict[int, str] | None = None,
    seen_guests: str = "",
    at: datetime | None = None,
) -> Session:
    """Note who is there; `states` maps ids of members to states.

    `seen` are the states, `seen_guests` the mark of the guests, that stood there when this person opened the page: what
    they left alone stays as somebody else has noted it since. Without `seen`, everything is stored as given.

    Raises:
        Conflict: somebody else has noted the same otherwise meanwhile, the minutes are approved meanwhile, or the
            session has not begun.
        LoopError: more votes are written down than would be left in the room.
    """
    session = lock_session(session)
    check_held(session)
    if seen is not None:
        states, guests = _on_top(session, states, guests, seen, seen_guests)
    members = {one.pk: one for one in session.body.members.with_names()}
    Attendance.objects.filter(session=session).exclude(
        member__in=[pk for pk, state in states.items() if state]
    ).delete()
    for pk, state in states.items():
        if state and pk in members:
            Attendance.objects.update_or_create(session=session, member=members[pk], defaults={"state": state})
    there = session.voters_present()
    for item in session.items.exclude(yes=None):
        if item.yes + item.no + item.abstained > there:
            raise LoopError(f"Bei „{item.title}“ stehen mehr Stimmen, als dann noch anwesend wären.")
        item.voters = there
        item.save(update_fields=["voters"])
    recount(session)
    session.guests = guests
    session.save(update_fields=["guests"])
    return session


def _on_top(
    session: Session, states: dict[int, str], guests: str, seen: dict[int, str], seen_guests: str
) -> tuple[dict[int, str], str]:
    """What is to be stored where two note attendance at the same time."""
    stored = {one.member_id: one.state for one in session.attendances.all()}
    wanted = dict(stored)
    for pk, state in states.items():
        before, now = seen.get(pk, ""), stored.get(pk, "")
        if state in (before, now):
            continue
        if now != before:
            raise Conflict(CHANGED)
        wanted[pk] = state
    if mark_of([guests]) == seen_guests or mark_of([guests]) == mark_of([session.guests]):
        guests = session.guests
    elif mark_of([session.guests]) != seen_guests:
        raise Conflict(CHANGED)
    return wanted, guests
