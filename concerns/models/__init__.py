"""The loop: topics and rules, concerns with their reporters, routings, replies, feedback and history."""

from .catalogue import LoopSettings, ResponsibilityRule, TextBlock, Topic
from .concern import Concern, ConcernEvent, ConcernNote, HeldPhoto, NumberCounter, Photo, SearchWord
from .desk import Draft, SavedView
from .mail import OutgoingMail
from .reporter import ErasureEntry, Feedback, Reporter, ReporterAccess
from .routing import Reply, Routing, RoutingMessage

__all__ = [
    "Concern",
    "ConcernEvent",
    "ConcernNote",
    "Draft",
    "ErasureEntry",
    "Feedback",
    "HeldPhoto",
    "LoopSettings",
    "NumberCounter",
    "OutgoingMail",
    "Photo",
    "Reply",
    "Reporter",
    "ReporterAccess",
    "ResponsibilityRule",
    "Routing",
    "RoutingMessage",
    "SavedView",
    "SearchWord",
    "TextBlock",
    "Topic",
]
