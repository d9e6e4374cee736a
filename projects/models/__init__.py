"""Working together: bodies with sessions and follow-ups, projects and events, activation phases, funds."""

from .applications import (
    CostLine,
    EligibilityAnswer,
    EligibilityCheck,
    FundApplication,
    FundDecision,
    FundEvent,
    FundItem,
    ProofOfUse,
)
from .bodies import Body, BodyEvent, BodyMember
from .events import Event, EventPhoto, PhaseAssessment, ProjectLog, ProjectTask
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .funds import Fund, FundCriterion, FundRound, FundRule, FundYear, LedgerEntry
from .projects import EffectCheck, Project, ProjectConcern, ProjectPartner
from .sessions import AgendaItem, Attendance, Invitation, Session, voting_rows

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "CostLine",
    "EffectCheck",
    "EligibilityAnswer",
    "EligibilityCheck",
    "Event",
    "EventPhoto",
    "FollowUp",
    "Fund",
    "FundApplication",
    "FundCriterion",
    "FundDecision",
    "FundEvent",
    "FundItem",
    "FundRound",
    "FundRule",
    "FundYear",
    "Invitation",
    "LedgerEntry",
    "PhaseAssessment",
    "Project",
    "ProjectConcern",
    "ProjectLog",
    "ProjectPartner",
    "ProjectTask",
    "ProofOfUse",
    "Session",
    "ToldReply",
    "voting_rows",
]
