"""Reads on bodies, sessions and follow-ups; visibility is part of every query (Q01)."""

from .bodies import BodyMemberQuerySet, BodyQuerySet
from .follow_ups import BodyConcernQuerySet, FollowUpQuerySet
from .sessions import SessionQuerySet

__all__ = ["BodyConcernQuerySet", "BodyMemberQuerySet", "BodyQuerySet", "FollowUpQuerySet", "SessionQuerySet"]
