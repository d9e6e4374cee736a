"""Working together: bodies and sessions, projects and events, activation phases, needs and theme reports."""

from .bodies import Body, BodyEvent, BodyMember
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .needs import ConcernNews, Need, NeedConcern, NeedEvidence, NeedNews, ProjectNeed
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .sessions import AgendaItem, Attendance, Invitation, Session
from .theme_reports import ThemeEvent, ThemeMessage, ThemeRecipient, ThemeReport, ToldAnswer

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "ConcernNews",
    "EffectCheck",
    "Event",
    "EventPhoto",
    "FollowUp",
    "Invitation",
    "Need",
    "NeedConcern",
    "NeedEvidence",
    "NeedNews",
    "PhaseAssessment",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectNeed",
    "ProjectPartner",
    "ProjectTask",
    "Session",
    "ThemeEvent",
    "ThemeMessage",
    "ThemeRecipient",
    "ThemeReport",
    "ToldAnswer",
    "ToldReply",
]
