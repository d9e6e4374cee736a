"""Working together: bodies with their sessions, minutes and follow-ups; funds with their applications and money."""

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
from .follow_ups import BodyConcern, FollowUp, ToldReply
from .funds import Fund, FundCriterion, FundRound, FundRule, FundYear, LedgerEntry
from .sessions import AgendaItem, Attendance, Invitation, Session, voting_rows

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyConcern",
    "BodyEvent",
    "BodyMember",
    "CostLine",
    "EligibilityAnswer",
    "EligibilityCheck",
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
    "ProofOfUse",
    "Session",
    "ToldReply",
    "voting_rows",
]
