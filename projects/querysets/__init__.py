"""Reads on bodies, projects, plans, funding, funds and needs; visibility is part of every query (Q01)."""

from .bodies import BodyMemberQuerySet, BodyQuerySet
from .documents import DocumentQuerySet
from .events import EventQuerySet, ProjectTaskQuerySet
from .follow_ups import BodyConcernQuerySet, FollowUpQuerySet
from .funding import FinanceLineQuerySet, FundingSourceQuerySet
from .funds import FundApplicationQuerySet, FundQuerySet, FundRuleQuerySet
from .needs import (
    ConcernNewsQuerySet,
    NeedMeasureQuerySet,
    NeedQuerySet,
    ThemeRecipientQuerySet,
    ThemeReportQuerySet,
)
from .plans import ActionPlanQuerySet, AmendmentQuerySet, DiscardedDraftQuerySet, GoalQuerySet, MeasureQuerySet
from .projects import EffectCheckQuerySet, ProjectQuerySet
from .public_relations import ClippingQuerySet, PRItemQuerySet
from .sessions import SessionQuerySet
from .talks import CoordinationTalkQuerySet

__all__ = [
    "ActionPlanQuerySet",
    "AmendmentQuerySet",
    "BodyConcernQuerySet",
    "BodyMemberQuerySet",
    "BodyQuerySet",
    "ClippingQuerySet",
    "ConcernNewsQuerySet",
    "CoordinationTalkQuerySet",
    "DiscardedDraftQuerySet",
    "DocumentQuerySet",
    "EffectCheckQuerySet",
    "EventQuerySet",
    "FinanceLineQuerySet",
    "FollowUpQuerySet",
    "FundApplicationQuerySet",
    "FundQuerySet",
    "FundRuleQuerySet",
    "FundingSourceQuerySet",
    "GoalQuerySet",
    "MeasureQuerySet",
    "NeedMeasureQuerySet",
    "NeedQuerySet",
    "PRItemQuerySet",
    "ProjectQuerySet",
    "ProjectTaskQuerySet",
    "SessionQuerySet",
    "ThemeRecipientQuerySet",
    "ThemeReportQuerySet",
]
