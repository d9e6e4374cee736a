"""What actions on bodies share."""

from datetime import date, datetime

from django.utils import timezone

from concerns.actions.base import Conflict, LoopError
from districts.models import User
from projects.models import AgendaItem, Body, BodyEvent, Session
from projects.workflow import SESSION_MOVES, SessionStatus, may_move

__all__ = ["Conflict", "LoopError"]
CHANGED = "Jemand anderes hat das inzwischen geändert. Bitte vergleichen und dann speichern."


def moment(at: datetime | None) -> datetime:
    """The moment an action happens."""
    return at or timezone.now()


def day(at: datetime) -> date:
    """The calendar day of a moment in the office's time zone."""
    return timezone.localdate(at)


def lock_session(session: Session) -> Session:
    """Lock a session for the transaction and return it as it stands now.

    Raises:
        Conflict: somebody has removed the date meanwhile.
    """
    rows = Session.objects.select_for_update(of=("self",)).select_related("body", "office")
    found = rows.filter(pk=session.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat diesen Termin inzwischen entfernt.")
    return found


def lock_item(item: AgendaItem) -> tuple[AgendaItem, Session]:
    """Lock an agenda item's session, then return both as they stand now.

    Raises:
        Conflict: somebody has taken the item off the agenda meanwhile.
    """
    session = lock_session(Session(pk=item.session_id))
    return item_now(item), session


def item_now(item: AgendaItem) -> AgendaItem:
    """An agenda item of a locked session as it stands now.

    Raises:
        Conflict: somebody has taken it off the agenda meanwhile.
    """
    found = AgendaItem.objects.filter(pk=item.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat diesen Punkt von der Tagesordnung genommen.")
    return found


def check_open(session: Session) -> None:
    """Refuse to change what has been approved or was cancelled.

    Raises:
        Conflict: the minutes are approved, or the session was cancelled meanwhile.
    """
    if session.status == SessionStatus.APPROVED:
        raise Conflict("Das Protokoll ist inzwischen genehmigt und lässt sich nicht mehr ändern.")
    if session.status == SessionStatus.CANCELLED:
        raise Conflict("Die Sitzung ist inzwischen abgesagt.")


def check_held(session: Session) -> None:
    """Refuse to write minutes before the session has begun.

    Raises:
        Conflict: it has not begun, was cancelled, or the minutes are approved.
    """
    check_open(session)
    if session.status != SessionStatus.HELD:
        raise Conflict("Die Sitzung hat noch nicht begonnen.")


def move(session: Session, to: str, **fields) -> None:
    """Move a locked session to another status, with further fields.

    Raises:
        Conflict: the table of moves does not allow it from where the session stands now.
    """
    if not may_move(SESSION_MOVES, session.status, to):
        raise Conflict(f"Das geht nicht mehr: Die Sitzung steht inzwischen auf „{session.get_status_display()}“.")
    for name, value in {"status": to, **fields}.items():
        setattr(session, name, value)
    session.version += 1
    session.save(update_fields=["status", *fields, "version"])


def record(body: Body, kind: str, *, by: User, at: datetime, session: Session | None = None, **data) -> None:
    """Append an event. `data` holds codes, dates (ISO) and ids, never text somebody wrote."""
    BodyEvent.objects.create(body=body, session=session, kind=kind, by=by, at=at, data=data)
