"""Working together: bodies, sessions, projects and events; action plans; funding; public relations."""

from .bodies import Body, BodyEvent, BodyMember
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .funding import FinanceLine, FundingSource, PlannedCost, SourceDeadline
from .measures import Amendment, FurtherGoal, Measure, MeasureFunding, MeasureParticipant, StatusChange
from .plans import ActionPlan, Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .public_relations import Clipping, PRImage, PRItem, PRLog
from .sessions import AgendaItem, Attendance, Invitation, Session

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
    "PRImage",
    "PRItem",
    "PRLog",
    "PhaseAssessment",
    "PlannedCost",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectPartner",
    "ProjectTask",
    "Session",
    "SourceDeadline",
    "StatusChange",
    "ToldReply",
]
