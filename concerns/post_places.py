"""Where people work by their posts, and what they keep where they have no post any more (I9, Z08)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Prefetch, Q, QuerySet

from concerns.duties import CONCERN, CONTACT, NETWORK, NOTE, Duties, counted
from districts.assigning import Status
from districts.models import District, Staffing, User
from districts.roles import DISTRICT_ROLES


@dataclass(frozen=True)
class Place:
    """A district in which somebody works; stands where the table of duties asks for a role."""

    district_id: int


def with_places(staffings: QuerySet[Staffing]) -> QuerySet[Staffing]:
    """Those of people with an access, with everything that tells where they work."""
    places = Prefetch("post__assignment__districts", District.objects.defer("boundary"))
    rows = staffings.filter(person__isnull=False).select_related("post__assignment", "person")
    return rows.prefetch_related(places).order_by("person", "pk")


def places_of(staffings: Iterable[Staffing]) -> set[int]:
    """Ids of the districts of posts; a post without one is for all districts of its assignment."""
    return {pk for one in staffings for pk in districts_of(one)}


def districts_of(staffing: Staffing) -> list[int]:
    """Ids of the districts of one post."""
    post = staffing.post
    return [post.district_id] if post.district_id else [one.pk for one in post.assignment.districts.all()]


def lasting(staffings: QuerySet[Staffing], day: date) -> QuerySet[Staffing]:
    """Those that are in force on a day, of assignments that have not ended before it."""
    over = Q(post__assignment__status=Status.EXPIRED) | Q(post__assignment__ends_on__lt=day)
    return staffings.valid_on(day).exclude(over)


def left_behind(person: User, ending: set[int], on: date) -> Duties:
    """What hangs on a person in those of the ending districts in which they have no post from tomorrow on."""
    tomorrow = on + timedelta(days=1)
    kept = places_of(with_places(lasting(Staffing.objects.filter(person=person), tomorrow)))
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


def ended(on: date, districts: Iterable[int] | None = None) -> dict[tuple[int, int], date]:
    """By person and district the last day of a post there, where it has passed and they have no other post there.

    `districts`: only these.
    """
    over = Q(valid_to__lt=on) | Q(post__assignment__ends_on__lt=on) | Q(post__assignment__status=Status.EXPIRED)
    past = Staffing.objects.filter(over, person__is_active=True)
    if districts is not None:
        here = Q(post__district__in=districts) | Q(post__district=None, post__assignment__districts__in=districts)
        past = Staffing.objects.filter(pk__in=past.filter(here).order_by().values("pk"))
    rows = list(with_places(past))
    if not rows:
        return {}
    others = Staffing.objects.filter(person__in={one.person_id for one in rows})
    kept = {(one.person_id, pk) for one in with_places(lasting(others, on)) for pk in districts_of(one)}
    found: dict[tuple[int, int], date] = {}
    for one in rows:
        last = min(day for day in (one.valid_to, one.post.assignment.ends_on, on) if day)
        for pk in districts_of(one):
            key = (one.person_id, pk)
            if key not in kept and (districts is None or pk in districts):
                found[key] = max(last, found.get(key, last))
    return found
