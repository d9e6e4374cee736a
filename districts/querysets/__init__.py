"""Reads on places, departments, people, and on the directory of actors."""

from .actors import ActorQuerySet
from .assignments import AssignmentQuerySet, ClassificationQuerySet, OfAssignmentQuerySet
from .contacts import ContactNoteQuerySet, ContactPersonQuerySet
from .networks import NetworkMembershipQuerySet, NetworkQuerySet, RelationQuerySet
from .offers import InventoryEntryQuerySet, InventoryRoundQuerySet, OfferQuerySet
from .offices import OfficeQuerySet
from .people import UserQuerySet
from .rooms import BookingQuerySet, RoomQuerySet
from .sharing import OfficeShareQuerySet, ShareMemberQuerySet
from .validity import ValidityQuerySet

__all__ = [
    "ActorQuerySet",
    "AssignmentQuerySet",
    "BookingQuerySet",
    "ClassificationQuerySet",
    "ContactNoteQuerySet",
    "ContactPersonQuerySet",
    "InventoryEntryQuerySet",
    "InventoryRoundQuerySet",
    "NetworkMembershipQuerySet",
    "NetworkQuerySet",
    "OfAssignmentQuerySet",
    "OfferQuerySet",
    "OfficeQuerySet",
    "OfficeShareQuerySet",
    "RelationQuerySet",
    "RoomQuerySet",
    "ShareMemberQuerySet",
    "UserQuerySet",
    "ValidityQuerySet",
]
