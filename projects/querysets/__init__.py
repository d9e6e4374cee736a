"""Reads on bodies, sessions, follow-ups, projects, events and funds; visibility is part of every query (Q01)."""

from .bodies import BodyMemberQuerySet, BodyQuerySet
from .events import EventQuerySet, ProjectTaskQuerySet
from .follow_ups import BodyConcernQuerySet, FollowUpQuerySet
from .funds import FundApplicationQuerySet, FundQuerySet, FundRuleQuerySet
from .projects import EffectCheckQuerySet, ProjectQuerySet
from .sessions import SessionQuerySet

__all__ = [
    "BodyConcernQuerySet",
    "BodyMemberQuerySet",
    "BodyQuerySet",
    "EffectCheckQuerySet",
    "EventQuerySet",
    "FollowUpQuerySet",
    "FundApplicationQuerySet",
    "FundQuerySet",
    "FundRuleQuerySet",
    "ProjectQuerySet",
    "ProjectTaskQuerySet",
    "SessionQuerySet",
]
