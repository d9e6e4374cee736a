"""What the mails about sessions say: nothing about people, agendas by their titles (Q10)."""

from projects.models import AgendaItem, Session
from projects.proposals import unapproved
from projects.rhythm import WEEKDAYS
from projects.workflow import ItemKind


def when(session: Session) -> str:
    """Day and time in words."""
    weekday = WEEKDAYS[session.on.weekday()]
    return f"{weekday}, {session.on:%d.%m.%Y}, {session.starts:%H:%M} bis {session.ends:%H:%M} Uhr"


def invitation_mail(session: Session, items: list[AgendaItem]) -> tuple[str, str]:
    """Subject and text of an invitation; the item about minutes says which ones are to be approved."""
    waiting = ", ".join(f"{one.on:%d.%m.%Y}" for one in unapproved(session))
    about = {ItemKind.MINUTES: f" ({waiting})" if waiting else ""}
    agenda = "\n".join(f"{number}. {item.title}{about.get(item.kind, '')}" for number, item in enumerate(items, 1))
    place = f"Ort: {session.where}\n" if session.where else ""
    body = (
        "Guten Tag,\n\n"
        f"wir laden Sie ein zur Sitzung: {session.body.name}.\n\n"
        f"Wann: {when(session)}\n{place}\n"
        f"Tagesordnung:\n{agenda}\n\n"
        "Wenn Sie nicht kommen können, sagen Sie uns bitte kurz Bescheid.\n"
    )
    return f"Einladung: {session.body.name} am {session.on:%d.%m.%Y}"[:200], body


def cancellation_mail(session: Session) -> tuple[str, str]:
    """Subject and text when a session is called off."""
    body = (
        "Guten Tag,\n\n"
        f"die Sitzung „{session.body.name}“ am {session.on:%d.%m.%Y} fällt aus.\n\n"
        "Zum nächsten Termin laden wir wieder ein.\n"
    )
    return f"Absage: {session.body.name} am {session.on:%d.%m.%Y}"[:200], body
