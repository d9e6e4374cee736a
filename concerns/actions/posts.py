"""Ends of posts and assignments: not while somebody who filled them still keeps work of their districts (I9, Z08)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from concerns.duties import CONCERN, CONTACT, NETWORK, NOTE, Duties, counted
from districts.actions import assignments, posts
from districts.assigning import Status
from districts.models import Assignment, District, Post, Staffing, User
from districts.roles import DISTRICT_ROLES

from .base import LoopError, day, moment


class WorkLeft(LoopError):
    """Somebody would leave work of a district behind; `people` are those with what hangs on them."""

    def __init__(self, people: list[tuple[User, Duties]]):
        self.people = people
        words = " ".join(f"{person}: {'; '.join(duties.sentences())}." for person, duties in people)
        super().__init__(f"Bitte zuerst übergeben. {words}")


@dataclass(frozen=True)
class Place:
    """A district in which somebody works; stands where the table of duties asks for a role."""

    district_id: int


@transaction.atomic
def move_assignment(*, assignment: Assignment, status: str, by: User, at: datetime | None = None) -> Assignment:
    """Go on to another state; an assignment does not run out while it would leave work behind.

    Raises:
        WorkLeft: whoever filled its posts on its last day keeps work of its districts and has no other post there.
        Conflict, ValidationError: as `districts.actions.assignments.move_assignment`.
    """
    at = moment(at)
    moved = assignments.move_assignment(assignment=assignment, status=status, by=by, at=at)
    if moved.status == Status.EXPIRED:
        last = Staffing.objects.filter(post__assignment=moved).valid_on(moved.ends_on)
        _check(_with_places(last), on=day(at))
    return moved


@transaction.atomic
def change_staffing(*, post: Post, staffing: Staffing, by: User, at: datetime | None = None, **fields) -> Staffing:
    """Change how a post is filled. A last day in the future may come before the hand-over, as with a role.

    Raises:
        WorkLeft: somebody does not fill it any more from tomorrow on, still keeps work of its districts and has no
            other post there.
        Conflict, ValidationError: as `districts.actions.posts.save_staffing`.
    """
    at = moment(at)
    assignments.lock_assignment(post.assignment)
    before = list(_with_places(Staffing.objects.filter(pk=staffing.pk).valid_on(day(at) + timedelta(days=1))))
    saved = posts.save_staffing(post=post, staffing=staffing, by=by, at=at, **fields)
    _check([one for one in before if one.post.assignment.status != Status.EXPIRED], on=day(at))
    return saved


def _with_places(staffings: QuerySet[Staffing]) -> QuerySet[Staffing]:
    """Those of people with an access, with everything that tells where they work."""
    places = Prefetch("post__assignment__districts", District.objects.defer("boundary"))
    rows = staffings.filter(person__isnull=False).select_related("post__assignment", "person")
    return rows.prefetch_related(places).order_by("person", "pk")


def _places(staffings: Iterable[Staffing]) -> set[int]:
    """Ids of the districts of posts; a post without one is for all districts of its assignment."""
    return {
        pk
        for one in staffings
        for pk in (
            [one.post.district_id] if one.post.district_id else [d.pk for d in one.post.assignment.districts.all()]
        )
    }


def _check(ended: Iterable[Staffing], *, on: date) -> None:
    by_person: dict[User, list[Staffing]] = {}
    for one in ended:
        by_person.setdefault(one.person, []).append(one)
    # The lock makes everybody wait who wants to give these people a concern at this moment.
    list(User.objects.select_for_update().filter(pk__in=[one.pk for one in by_person]).order_by("pk"))
    left = [(person, _left_behind(person, _places(rows), on)) for person, rows in by_person.items()]
    if held := [(person, duties) for person, duties in left if duties]:
        raise WorkLeft(held)


def _left_behind(person: User, ending: set[int], on: date) -> Duties:
    """What hangs on a person in districts in which they have no post from tomorrow on."""
    tomorrow = on + timedelta(days=1)
    lasting = Staffing.objects.filter(person=person).exclude(post__assignment__status=Status.EXPIRED)
    kept = _places(_with_places(lasting.valid_on(tomorrow)))
    roles = person.memberships.valid_on(tomorrow).filter(role__in=DISTRICT_ROLES)
    others = [Place(pk) for pk in kept | (set(roles.values_list("district_id", flat=True)) - ending)]
    gone = [Place(pk) for pk in sorted(ending - kept)]
    if not gone:
        return Duties()
    rows = {
        thing.key: reduce(or_, [thing.in_role(thing.held(person), place, others) for place in gone])
        for thing in (CONCERN, NOTE, CONTACT, NETWORK)
    }
    return Duties(counted(rows))
