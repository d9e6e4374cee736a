"""Leaving: nobody's access or role ends while a concern, a promise or a routing still depends on them (I9)."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from concerns.models import Concern, Routing
from concerns.workflow import ConcernStatus
from districts.models import Department, Membership, User
from districts.roles import DEPARTMENT_ROLES, DISTRICT_ROLES, Role

from .base import LoopError, change, day, lock_concern, lock_routing, moment, record

logger = logging.getLogger("quartier.rights")


@dataclass(frozen=True)
class Duties:
    """What depends on a person: open concerns and promises they own, routings they work on, departments without them
    left alone."""

    concerns: int = 0
    promises: int = 0
    routings: int = 0
    departments: tuple[Department, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.concerns or self.promises or self.routings or self.departments)

    def sentences(self) -> list[str]:
        """What is in the way, in German."""
        counted = (
            (self.concerns, "offenes Anliegen", "offene Anliegen"),
            (self.promises, "offene Zusage", "offene Zusagen"),
            (self.routings, "zugewiesener Vorgang", "zugewiesene Vorgänge"),
        )
        found = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
        return found + [
            f"{department}: sonst niemand da, der offene Vorgänge beantwortet" for department in self.departments
        ]


class HandoverNeeded(LoopError):
    """Something still depends on the person; `duties` says what."""

    def __init__(self, duties: Duties):
        self.duties = duties
        super().__init__("Bitte zuerst übergeben: " + "; ".join(duties.sentences()) + ".")


def team_for(district_id: int | None, *, without: User, on: date):
    """People who may take over a concern of this district; any quarter manager for one outside all districts."""
    people = User.objects.team_of(district_id, on=on) if district_id else User.objects.with_role(Role.MANAGER, on=on)
    return people.exclude(pk=without.pk)


def colleagues_for(department: Department, *, without: User, on: date):
    """People who may take over a routing of this department, those of its successors included."""
    return User.objects.staff_of(department, on=on).exclude(pk=without.pk)


def duties_of(person: User, *, on: date) -> Duties:
    """What depends on a person altogether."""
    return Duties(
        **_count(Concern.objects.kept_by(person)),
        routings=Routing.objects.kept_by(person).count(),
        departments=tuple(
            membership.department
            for membership in person.memberships.valid_on(on)
            .filter(role__in=DEPARTMENT_ROLES)
            .select_related("department")
            if _left_alone(membership.department, person, on)
        ),
    )


def duties_in_role(membership: Membership, *, on: date) -> Duties:
    """What depends on a person having this very role: nothing while another role covers the same scope."""
    person = membership.user
    others = person.memberships.valid_on(on).exclude(pk=membership.pk)
    if membership.role in DISTRICT_ROLES:
        others = others.filter(role__in=DISTRICT_ROLES)
        if others.filter(district=membership.district).exists():
            return Duties()
        kept = Concern.objects.kept_by(person)
        scope = Q(district=membership.district)
        return Duties(**_count(kept.filter(scope if others.exists() else scope | Q(district__isnull=True))))
    if membership.role in DEPARTMENT_ROLES and not others.filter(department=membership.department).exists():
        department = membership.department
        routings = Routing.objects.kept_by(person).filter(department_id__in=department.with_predecessor_ids()).count()
        return Duties(routings=routings, departments=(department,) if _left_alone(department, person, on) else ())
    return Duties()


def _count(kept) -> dict[str, int]:
    closed = Q(status=ConcernStatus.CLOSED)
    return kept.aggregate(concerns=Count("pk", filter=~closed), promises=Count("pk", filter=closed))


def _left_alone(department: Department, person: User, on: date) -> bool:
    waiting = Routing.objects.open().filter(department_id__in=department.with_predecessor_ids())
    return (
        not department.answers_by_link
        and waiting.exists()
        and not colleagues_for(department, without=person, on=on).exists()
    )


@transaction.atomic
def hand_over_concerns(
    *, person: User, concerns: Iterable[Concern], to: User, by: User, at: datetime | None = None
) -> int:
    """Give concerns of somebody who leaves to a colleague of the district's team; returns how many.

    What somebody else has taken over meanwhile stays as it is.

    Raises:
        LoopError: the colleague does not belong to the team of one of the districts.
    """
    at = moment(at)
    done = 0
    # In the order of their ids, so that two people cannot block each other.
    for concern in sorted(concerns, key=lambda one: one.pk):
        locked = lock_concern(concern)
        if locked.owner_id != person.pk:
            continue
        if not team_for(locked.district_id, without=person, on=day(at)).filter(pk=to.pk).exists():
            raise LoopError(f"{to} gehört nicht zum Team von {locked.district or 'einem Quartier'}.")
        change(locked, owner=to)
        record(locked, "owner", by=by, at=at, old=str(person.pk), new=str(to.pk))
        done += 1
    return done


@transaction.atomic
def hand_over_routings(
    *, person: User, routings: Iterable[Routing], to: User | None, by: User, at: datetime | None = None
) -> int:
    """Give routings of somebody who leaves to a colleague, or back to the whole department; returns how many.

    Raises:
        LoopError: the colleague does not belong to the department.
    """
    at = moment(at)
    done = 0
    for routing in sorted(routings, key=lambda one: (one.concern_id, one.pk)):
        locked, concern = lock_routing(routing)
        if locked.assignee_id != person.pk or not locked.is_open:
            continue
        if to and not colleagues_for(locked.department, without=person, on=day(at)).filter(pk=to.pk).exists():
            raise LoopError(f"{to} gehört nicht zu {locked.department}.")
        locked.assignee = to
        locked.save(update_fields=["assignee"])
        record(concern, "routing_assigned", by=by, at=at, routing=locked, new=str(to.pk) if to else "")
        done += 1
    return done


@transaction.atomic
def deactivate_person(*, person: User, by: User, at: datetime | None = None) -> User:
    """Close somebody's access; ends their sessions at once.

    Raises:
        HandoverNeeded: something still depends on them.
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
    logger.info("person %s deactivated by %s", person.pk, by.pk)
    return person


@transaction.atomic
def end_membership(*, membership: Membership, last_day: date, by: User, at: datetime | None = None) -> Membership:
    """Set the last day of a role. A day in the future may come before the hand-over; coordination then reminds of it.

    Raises:
        HandoverNeeded: the role ends today or has ended, and something still depends on it.
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
