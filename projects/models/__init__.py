"""Working together: bodies with their members and sessions, agendas, minutes and follow-ups."""

from .bodies import Body, BodyEvent, BodyMember
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .sessions import AgendaItem, Attendance, Invitation, Session

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "FollowUp",
    "Invitation",
    "Session",
    "ToldReply",
]
