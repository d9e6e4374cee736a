"""Working together: bodies, projects and events; action plans; funding; public relations; needs, theme reports."""

from .bodies import Body, BodyEvent, BodyMember
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .funding import FinanceLine, FundingSource, PlannedCost, SourceDeadline
from .measures import Amendment, FurtherGoal, Measure, MeasureFunding, MeasureParticipant, StatusChange
from .needs import ConcernNews, Need, NeedConcern, NeedEvidence, NeedNews, ProjectNeed
from .plans import ActionPlan, Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .public_relations import Clipping, PRImage, PRItem, PRLog
from .sessions import AgendaItem, Attendance, Invitation, Session
from .theme_reports import ThemeEvent, ThemeMessage, ThemeRecipient, ThemeReport, ToldAnswer

__all__ = [
    "ActionPlan",
    "AgendaItem",
    "Amendment",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "Clipping",
    "ConcernNews",
    "EffectCheck",
    "Event",
    "EventPhoto",
    "FinanceLine",
    "FollowUp",
    "FundingSource",
    "FurtherGoal",
    "Goal",
    "GoalAssessment",
    "GoalEvidence",
    "GoalIndicator",
    "GoalValue",
    "Invitation",
    "Measure",
    "MeasureFunding",
    "MeasureParticipant",
    "Need",
    "NeedConcern",
    "NeedEvidence",
    "NeedNews",
    "PRImage",
    "PRItem",
    "PRLog",
    "PhaseAssessment",
    "PlannedCost",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectNeed",
    "ProjectPartner",
    "ProjectTask",
    "Session",
    "SourceDeadline",
    "StatusChange",
    "ThemeEvent",
    "ThemeMessage",
    "ThemeRecipient",
    "ThemeReport",
    "ToldAnswer",
    "ToldReply",
]
