"""The loop: topics and rules, concerns with their reporters, routings, replies, feedback and history."""

from .catalogue import LoopSettings, ResponsibilityRule, TextBlock, Topic
from .concern import Concern, ConcernEvent, ConcernNote, HeldPhoto, NumberCounter, Photo, SearchWord
from .desk import Draft, SavedView
from .handover import Handover, HandoverItem
from .letters import SECOND_LANGUAGES, Letter, LetterBatch
from .mail import OutgoingMail
from .referrals import Referral
from .reporter import ErasureEntry, Feedback, Reporter, ReporterAccess
from .routing import Reply, Routing, RoutingMessage
from .status import COMMENT_LIMIT, StatusCode, Voice

__all__ = [
    "COMMENT_LIMIT",
    "SECOND_LANGUAGES",
    "Concern",
    "ConcernEvent",
    "ConcernNote",
    "Draft",
    "ErasureEntry",
    "Feedback",
    "Handover",
    "HandoverItem",
    "HeldPhoto",
    "Letter",
    "LetterBatch",
    "LoopSettings",
    "NumberCounter",
    "OutgoingMail",
    "Photo",
    "Referral",
    "Reply",
    "Reporter",
    "ReporterAccess",
    "ResponsibilityRule",
    "Routing",
    "RoutingMessage",
    "SavedView",
    "SearchWord",
    "StatusCode",
    "TextBlock",
    "Topic",
    "Voice",
]
