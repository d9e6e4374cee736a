"""Ends of posts and assignments: not while somebody who filled them still keeps work of their districts (I9, Z08)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from concerns.duties import Duties
from concerns.post_places import lasting, left_behind, places_of, with_places
from districts.actions import assignments, posts
from districts.assigning import Status
from districts.models import Assignment, District, Post, Staffing, User

from .base import LoopError, day, moment


class WorkLeft(LoopError):
    """Somebody would leave work of a district behind; `people` are those with what hangs on them."""

    def __init__(self, people: list[tuple[User, Duties]]):
        self.people = people
        words = " ".join(f"{person}: {'; '.join(duties.sentences())}." for person, duties in people)
        super().__init__(f"Bitte zuerst übergeben. {words}")


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
        _check(with_places(last), on=day(at))
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
    before = list(with_places(Staffing.objects.filter(pk=staffing.pk).valid_on(day(at) + timedelta(days=1))))
    saved = posts.save_staffing(post=post, staffing=staffing, by=by, at=at, **fields)
    _check([one for one in before if one.post.assignment.status != Status.EXPIRED], on=day(at))
    return saved


@transaction.atomic
def change_assignment(
    *, assignment: Assignment, districts: Iterable[District], by: User, at: datetime | None = None, **fields
) -> Assignment:
    """Change what an assignment is. A district leaves it no sooner than the work there is handed over.

    Raises:
        WorkLeft: whoever fills one of its posts keeps work of a district that leaves it and has no other post there.
        Conflict, ValidationError: as `districts.actions.assignments.change_assignment`.
    """
    before = _of(assignments.lock_assignment(assignment), at)
    changed = assignments.change_assignment(assignment=assignment, districts=districts, by=by, at=at, **fields)
    _check(before, on=day(moment(at)))
    return changed


@transaction.atomic
def change_post(*, post: Post, by: User, at: datetime | None = None, **fields) -> Post:
    """Change a post's name or district; it leaves a district no sooner than the work there is handed over.

    Raises:
        WorkLeft: whoever fills it keeps work of the district that it leaves and has no other post there.
        Conflict, ValidationError: as `districts.actions.posts.change_post`.
    """
    held = assignments.lock_assignment(post.assignment)
    before = [one for one in _of(held, at) if one.post_id == post.pk]
    changed = posts.change_post(post=post, by=by, at=at, **fields)
    _check(before, on=day(moment(at)))
    return changed


def _of(assignment: Assignment, at: datetime | None) -> list[Staffing]:
    """Who fills its posts from tomorrow on, with where they work now."""
    tomorrow = day(moment(at)) + timedelta(days=1)
    return list(with_places(lasting(Staffing.objects.filter(post__assignment=assignment), tomorrow)))


def _check(ended: Iterable[Staffing], *, on: date) -> None:
    by_person: dict[User, list[Staffing]] = {}
    for one in ended:
        by_person.setdefault(one.person, []).append(one)
    # The lock makes everybody wait who wants to give these people a concern at this moment.
    list(User.objects.select_for_update().filter(pk__in=[one.pk for one in by_person]).order_by("pk"))
    left = [(person, left_behind(person, places_of(rows), on)) for person, rows in by_person.items()]
    if held := [(person, duties) for person, duties in left if duties]:
        raise WorkLeft(held)
