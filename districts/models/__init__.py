"""Who and where: places, departments, people and their rights, and the directory of actors."""

from .actors import Actor, ActorEvent, ActorFile, ActorMerge
from .assignments import (
    Assignment,
    AssignmentCarrier,
    AssignmentDecision,
    AssignmentEvent,
    AssignmentTerm,
)
from .contacts import ContactNote, ContactPerson
from .departments import Department, DepartmentContact
from .groups import GroupPhase, ResidentGroup
from .lists import ActionField, ActorType, DirectorySettings, EventFormat, ListEntry, Programme, TargetGroup
from .networks import Network, NetworkMembership, Relation
from .offers import InventoryEntry, InventoryRound, Offer, OfferEvent, OfferKind, OfferPart, OfferVersion
from .opening import OfficeQuality, OpeningException, OpeningSlot
from .people import Deputyship, Membership, User
from .places import Borough, District, LivingSpace, Office
from .posts import Post, PostShare, Staffing
from .rooms import Booking, Equipment, Room
from .sharing import OfficeShare, ShareAssessment, ShareEvent, ShareMember
from .structure import DistrictClassification, DistrictStructure
from .tasks import TaskAgreement, TaskDuty

__all__ = [
    "ActionField",
    "Actor",
    "ActorEvent",
    "ActorFile",
    "ActorMerge",
    "ActorType",
    "Assignment",
    "AssignmentCarrier",
    "AssignmentDecision",
    "AssignmentEvent",
    "AssignmentTerm",
    "Booking",
    "Borough",
    "ContactNote",
    "ContactPerson",
    "Department",
    "DepartmentContact",
    "Deputyship",
    "DirectorySettings",
    "District",
    "DistrictClassification",
    "DistrictStructure",
    "Equipment",
    "EventFormat",
    "GroupPhase",
    "InventoryEntry",
    "InventoryRound",
    "ListEntry",
    "LivingSpace",
    "Membership",
    "Network",
    "NetworkMembership",
    "Offer",
    "OfferEvent",
    "OfferKind",
    "OfferPart",
    "OfferVersion",
    "Office",
    "OfficeQuality",
    "OfficeShare",
    "OpeningException",
    "OpeningSlot",
    "Post",
    "PostShare",
    "Programme",
    "Relation",
    "ResidentGroup",
    "Room",
    "ShareAssessment",
    "ShareEvent",
    "ShareMember",
    "Staffing",
    "TargetGroup",
    "TaskAgreement",
    "TaskDuty",
    "User",
]
