"""Reads on bodies, sessions, follow-ups, projects and events; visibility is part of every query (Q01)."""

from .bodies import BodyMemberQuerySet, BodyQuerySet
from .events import EventQuerySet, ProjectTaskQuerySet
from .follow_ups import BodyConcernQuerySet, FollowUpQuerySet
from .projects import EffectCheckQuerySet, ProjectQuerySet
from .public_relations import ClippingQuerySet, PRItemQuerySet
from .sessions import SessionQuerySet

__all__ = [
    "BodyConcernQuerySet",
    "BodyMemberQuerySet",
    "BodyQuerySet",
    "ClippingQuerySet",
    "EffectCheckQuerySet",
    "EventQuerySet",
    "FollowUpQuerySet",
    "PRItemQuerySet",
    "ProjectQuerySet",
    "ProjectTaskQuerySet",
    "SessionQuerySet",
]
