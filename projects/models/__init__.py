"""Working together: bodies and sessions; action plans with goals, measures and amendments; funding."""

from .bodies import Body, BodyEvent, BodyMember
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .funding import FinanceLine, FundingSource, PlannedCost, SourceDeadline
from .measures import Amendment, FurtherGoal, Measure, MeasureFunding, MeasureParticipant, StatusChange
from .plans import ActionPlan, Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue
from .projects import Project
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
    "PlannedCost",
    "Project",
    "Session",
    "SourceDeadline",
    "StatusChange",
    "ToldReply",
]
