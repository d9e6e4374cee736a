"""Leaving: nobody's access or role ends while something still hangs on them (I9; the table is `concerns.duties`)."""

import logging
from datetime import date, datetime

from django.db import transaction

from concerns.duties import Duties, duties_in_role, duties_of
from districts.actions.people import forget_portrait
from districts.models import Membership, User

from .base import LoopError, day, moment

logger = logging.getLogger("quartier.rights")


class HandoverNeeded(LoopError):
    """Something still hangs on the person; `duties` says what."""

    def __init__(self, duties: Duties):
        self.duties = duties
        super().__init__("Bitte zuerst übergeben: " + "; ".join(duties.sentences()) + ".")


@transaction.atomic
def deactivate_person(*, person: User, by: User, at: datetime | None = None) -> User:
    """Close somebody's access; ends their sessions at once.

    Raises:
        HandoverNeeded: something still hangs on them.
        LoopError: one's own access, or one whose own was closed at the same moment: two cannot shut each other out.
    """
    if person.pk == by.pk:
        raise LoopError("Den eigenen Zugang schließt eine andere Person.")
    # The lock makes everybody wait who wants to give this person a concern at this moment.
    locked = User.objects.select_for_update().order_by("pk").in_bulk([person.pk, by.pk])
    person = locked[person.pk]
    if not locked[by.pk].is_active:
        raise LoopError("Ihr eigener Zugang wurde inzwischen geschlossen.")
    if duties := duties_of(person, on=day(moment(at))):
        raise HandoverNeeded(duties)
    person.is_active = False
    person.save(update_fields=["is_active"])
    forget_portrait(person=person)
    logger.info("person %s deactivated by %s", person.pk, by.pk)
    return person


@transaction.atomic
def end_membership(*, membership: Membership, last_day: date, by: User, at: datetime | None = None) -> Membership:
    """Set the last day of a role. A day in the future may come before the hand-over; coordination then reminds of it.

    Raises:
        HandoverNeeded: the role ends today or has ended, and something still hangs on it.
        LoopError: one's own role, a role that has ended before, or a day before the first.
    """
    if membership.user_id == by.pk:
        raise LoopError("Eigene Rollen beendet eine andere Person.")
    User.objects.select_for_update().get(pk=membership.user_id)
    membership = Membership.objects.select_related("user", "department", "district").get(pk=membership.pk)
    today = day(moment(at))
    if membership.valid_to is not None and membership.valid_to < today:
        raise LoopError("Diese Rolle ist schon beendet.")
    if membership.valid_from is not None and last_day < membership.valid_from:
        raise LoopError(f"Die Rolle beginnt erst am {membership.valid_from:%d.%m.%Y}.")
    if last_day <= today and (duties := duties_in_role(membership, on=today)):
        raise HandoverNeeded(duties)
    membership.valid_to = last_day
    membership.save(update_fields=["valid_to"])
    logger.info("membership %s ends %s, set by %s", membership.pk, last_day, by.pk)
    return membership
