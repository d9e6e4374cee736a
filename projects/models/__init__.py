"""Working together: bodies, projects, events; action plans; funding and funds; public relations; needs."""

from .applications import (
    CostLine,
    EligibilityAnswer,
    EligibilityCheck,
    FundApplication,
    FundDecision,
    FundItem,
)
from .attainment import GoalAssessment, GoalEvidence, GoalIndicator, GoalStrike, GoalValue
from .bodies import Body, BodyEvent, BodyMember
from .documents import Document
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, Postponement, ToldReply
from .frozen import FrozenCost, FrozenLine
from .fund_records import FundEvent, ProofOfUse
from .funding import FinanceLine, FundingSource, PlannedCost, SourceDeadline
from .funds import Fund, FundCriterion, FundRound, FundRule, FundYear, LedgerEntry
from .measures import Amendment, FurtherGoal, Measure, MeasureFunding, MeasureParticipant, StatusChange
from .needs import ConcernNews, Need, NeedConcern, NeedEvidence, NeedMeasure, NeedNews, ProjectNeed
from .plans import ActionPlan, DiscardedDraft, Goal
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .public_relations import Clipping, PRImage, PRItem, PRLog
from .sessions import AgendaItem, Attendance, Invitation, Session, voting_rows
from .talks import CoordinationTalk
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
    "CoordinationTalk",
    "CostLine",
    "DiscardedDraft",
    "Document",
    "EffectCheck",
    "EligibilityAnswer",
    "EligibilityCheck",
    "Event",
    "EventPhoto",
    "FinanceLine",
    "FollowUp",
    "FrozenCost",
    "FrozenLine",
    "Fund",
    "FundApplication",
    "FundCriterion",
    "FundDecision",
    "FundEvent",
    "FundItem",
    "FundRound",
    "FundRule",
    "FundYear",
    "FundingSource",
    "FurtherGoal",
    "Goal",
    "GoalAssessment",
    "GoalEvidence",
    "GoalIndicator",
    "GoalStrike",
    "GoalValue",
    "Invitation",
    "LedgerEntry",
    "Measure",
    "MeasureFunding",
    "MeasureParticipant",
    "Need",
    "NeedConcern",
    "NeedEvidence",
    "NeedMeasure",
    "NeedNews",
    "PRImage",
    "PRItem",
    "PRLog",
    "PhaseAssessment",
    "PlannedCost",
    "Postponement",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectNeed",
    "ProjectPartner",
    "ProjectTask",
    "ProofOfUse",
    "Session",
    "SourceDeadline",
    "StatusChange",
    "ThemeEvent",
    "ThemeMessage",
    "ThemeRecipient",
    "ThemeReport",
    "ToldAnswer",
    "ToldReply",
    "voting_rows",
]
