"""Reads on bodies, sessions, follow-ups, projects, events and needs; visibility is part of every query (Q01)."""

from .bodies import BodyMemberQuerySet, BodyQuerySet
from .events import EventQuerySet, ProjectTaskQuerySet
from .follow_ups import BodyConcernQuerySet, FollowUpQuerySet
from .needs import ConcernNewsQuerySet, NeedQuerySet, ThemeRecipientQuerySet, ThemeReportQuerySet
from .projects import EffectCheckQuerySet, ProjectQuerySet
from .sessions import SessionQuerySet

__all__ = [
    "BodyConcernQuerySet",
    "BodyMemberQuerySet",
    "BodyQuerySet",
    "ConcernNewsQuerySet",
    "EffectCheckQuerySet",
    "EventQuerySet",
    "FollowUpQuerySet",
    "NeedQuerySet",
    "ProjectQuerySet",
    "ProjectTaskQuerySet",
    "SessionQuerySet",
    "ThemeRecipientQuerySet",
    "ThemeReportQuerySet",
]
