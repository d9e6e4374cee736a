"""Working together: bodies with sessions and follow-ups, projects and events with their tasks, activation phases."""

from .bodies import Body, BodyEvent, BodyMember
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .sessions import AgendaItem, Attendance, Invitation, Session

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "EffectCheck",
    "Event",
    "EventPhoto",
    "FollowUp",
    "Invitation",
    "PhaseAssessment",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectPartner",
    "ProjectTask",
    "Session",
    "ToldReply",
]
