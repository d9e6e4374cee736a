"""Reads on bodies, sessions, follow-ups and funds; visibility is part of every query (Q01)."""

from .bodies import BodyMemberQuerySet, BodyQuerySet
from .follow_ups import BodyConcernQuerySet, FollowUpQuerySet
from .funds import FundApplicationQuerySet, FundQuerySet, FundRuleQuerySet
from .sessions import SessionQuerySet

__all__ = [
    "BodyConcernQuerySet",
    "BodyMemberQuerySet",
    "BodyQuerySet",
    "FollowUpQuerySet",
    "FundApplicationQuerySet",
    "FundQuerySet",
    "FundRuleQuerySet",
    "SessionQuerySet",
]
