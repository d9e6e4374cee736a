"""Working together: bodies with sessions and follow-ups, projects and events, phases, public relations."""

from .bodies import Body, BodyEvent, BodyMember
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .public_relations import Clipping, PRImage, PRItem, PRLog
from .sessions import AgendaItem, Attendance, Invitation, Session

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "Clipping",
    "EffectCheck",
    "Event",
    "EventPhoto",
    "FollowUp",
    "Invitation",
    "PRImage",
    "PRItem",
    "PRLog",
    "PhaseAssessment",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectPartner",
    "ProjectTask",
    "Session",
    "ToldReply",
]
