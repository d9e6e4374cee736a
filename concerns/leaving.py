"""Whose work needs other hands: roles and posts that end soon or have ended while something is open (I9, Z08)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from concerns.models import Concern
from concerns.post_places import ended
from concerns.workflow import ConcernStatus
from districts.models import ContactNote, ContactPerson, Membership, Network, User
from districts.roles import DISTRICT_ROLES, Role

LEAVING_DAYS = 14
Kept = tuple[int, int | None, int]  # who keeps how much of a district


@dataclass(frozen=True)
class Leaver:
    """Somebody whose work needs other hands; `since`: the last day of their post, when that is why."""

    person: User
    things: int
    since: date | None = None


def leavers(today: date) -> list[Leaver]:
    """People with something open of a district where they have no post any more, or no role in two weeks (I9).

    Open concerns, promises and follow-ups of the contact log; lasting contacts and networks hang on having any role.
    Whoever becomes an assistant cannot keep what is confidential.
    """
    then = today + timedelta(days=LEAVING_DAYS)
    roles = Membership.objects.valid_on(then).filter(role__in=DISTRICT_ROLES, user__is_active=True)
    held = list(roles.values_list("user", "district", "role"))
    anyhow = {(user, district) for user, district, _ in held}
    managing = {(user, district) for user, district, role in held if role == Role.MANAGER}
    posts, secret = ended(today), Q(is_confidential=True)
    notes = ContactNote.objects.open_follow_ups()
    left: dict[int, int] = {}
    for rows, covering in (
        (_work(), anyhow),
        (_by_district(notes.exclude(secret), "keeper"), anyhow),
        (_by_district(notes.filter(secret), "keeper"), managing),
        (_lasting(today), anyhow),
    ):
        in_any = {user for user, _ in covering}
        for owner, district, count in rows:
            covered = (owner, district) in covering if district is not None else owner in in_any
            if not covered or (owner, district) in posts:
                left[owner] = left.get(owner, 0) + count
    return _named(left, posts)


def without_post(today: date, districts: Iterable[int]) -> list[Leaver]:
    """People of some districts who have something open there although their post there has ended."""
    districts = list(districts)
    posts = ended(today, districts) if districts else {}
    if not posts:
        return []
    left: dict[int, int] = {}
    people = {owner for owner, _ in posts}
    notes = _by_district(ContactNote.objects.open_follow_ups().filter(keeper__in=people), "keeper")
    for owner, district, count in (*_work(owner__in=people), *notes):
        if (owner, district) in posts:
            left[owner] = left.get(owner, 0) + count
    return _named(left, posts)


def _named(left: dict[int, int], posts: dict[tuple[int, int], date]) -> list[Leaver]:
    since = {owner: max(day for (who, _), day in posts.items() if who == owner) for owner, _ in posts}
    people = User.objects.in_bulk(left)
    found = [Leaver(people[pk], count, since.get(pk)) for pk, count in left.items()]
    return sorted(found, key=lambda one: one.person.sort_key)


def _work(**of) -> list[Kept]:
    """Open concerns and promises; two queries instead of one with OR, because each has its own partial index."""
    promised = Concern.objects.filter(status=ConcernStatus.CLOSED, promise="open")
    return [*_by_district(Concern.objects.open().filter(**of), "owner"), *_by_district(promised.filter(**of), "owner")]


def _lasting(today: date) -> list[Kept]:
    people = ContactPerson.objects.valid_on(today).filter(actor__merged_into=None)
    return [*_anywhere(people), *_anywhere(Network.objects.exclude(status=Network.Status.ENDED))]


def _by_district(rows: QuerySet, holder: str) -> QuerySet:
    counted = rows.filter(**{f"{holder}__isnull": False}).order_by().values_list(holder, "district")
    return counted.annotate(count=Count("pk"))


def _anywhere(rows: QuerySet) -> list[Kept]:
    counted = rows.filter(keeper__isnull=False).order_by().values_list("keeper").annotate(count=Count("pk"))
    return [(keeper, None, count) for keeper, count in counted]
