"""How well the catalogue fits: what it lacks, what comes back, where people decided otherwise. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from concerns.models import Concern, ResponsibilityRule, Routing
from concerns.workflow import ConcernStatus, RoutingStatus
from districts.models import ContactNote, ContactPerson, Department, Membership, Network, User
from districts.roles import DISTRICT_ROLES

OVERRIDE_DAYS = 90
RETURN_MONTHS = 12
LEAVING_DAYS = 14
PING_PONG = 2
CITY_WIDE = Q(concern__is_sensitive=False)


def start_of(day: date) -> datetime:
    """The first moment of a day in the office's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def overrides() -> QuerySet[Routing]:
    """Routings that went elsewhere than the rules proposed, with the reason given; nothing of sensitive concerns."""
    return Routing.objects.filter(CITY_WIDE).exclude(override_reason="").exclude(suggested_department=None)


def recent_overrides(today: date) -> QuerySet[Routing]:
    """Those of the last 90 days."""
    return overrides().filter(sent_at__gte=start_of(today - timedelta(days=OVERRIDE_DAYS)))


def most_returned(today: date, limit: int = 20) -> list[dict]:
    """Topic and department pairs of the rules that came back as not responsible most often in the last 12 months."""
    since = start_of(today - timedelta(days=RETURN_MONTHS * 30))
    followed = Routing.objects.filter(sent_at__gte=since, suggested_department=F("department"))
    return list(
        followed.values("concern__topic", "concern__topic__name", "department__code", "department__name")
        .annotate(sent=Count("pk"), returned=Count("pk", filter=Q(status=RoutingStatus.RETURNED)))
        .filter(returned__gt=0)
        .order_by("-returned", "sent", "concern__topic__name")[:limit]
    )


def ping_pong() -> QuerySet[Concern]:
    """Open concerns that departments have given back at least twice; nothing of sensitive ones."""
    returned = (
        Routing.objects.filter(status=RoutingStatus.RETURNED)
        .values("concern")
        .annotate(times=Count("pk"))
        .filter(times__gte=PING_PONG)
    )
    return (
        Concern.objects.open()
        .filter(is_sensitive=False, pk__in=returned.values("concern"))
        .annotate(times=Count("routings", filter=Q(routings__status=RoutingStatus.RETURNED)))
    )


def escalated() -> QuerySet[Routing]:
    """Routings that have reached the third step and still wait, wherever they are; nothing of sensitive concerns."""
    return Routing.objects.open().filter(CITY_WIDE, escalation=3)


def outdated_rules(today: date) -> QuerySet[ResponsibilityRule]:
    """Rules in force that name a department which is no longer in force."""
    ended = Department.objects.filter(valid_to__lt=today).values("pk")
    return (
        ResponsibilityRule.objects.valid_on(today)
        .filter(Q(department__in=ended) | Q(co_department__in=ended))
        .with_names()
        .select_related("department__successor", "co_department__successor")
        .order_by("department__sort_key", "pk")
    )


@dataclass(frozen=True)
class Leaver:
    """Somebody whose work needs other hands: their role ends soon, has ended, or their access is closed."""

    person: User
    things: int


def leavers(today: date) -> list[Leaver]:
    """People with something open of a district where they will have no role in two weeks (I9).

    Open concerns, promises and follow-ups of the contact log; lasting contacts and networks hang on having any role.
    """
    then = today + timedelta(days=LEAVING_DAYS)
    # Queries of their own instead of one with OR: each has its own partial index.
    kept = [
        _by_district(Concern.objects.open(), "owner"),
        _by_district(Concern.objects.filter(status=ConcernStatus.CLOSED, promise="open"), "owner"),
        _by_district(ContactNote.objects.open_follow_ups(), "keeper"),
        _anywhere(ContactPerson.objects.valid_on(today).filter(actor__merged_into=None)),
        _anywhere(Network.objects.exclude(status=Network.Status.ENDED)),
    ]
    roles = set(
        Membership.objects.valid_on(then)
        .filter(role__in=DISTRICT_ROLES, user__is_active=True)
        .values_list("user", "district")
    )
    in_any = {owner for owner, _ in roles}
    left: dict[int, int] = {}
    for rows in kept:
        for owner, district, count in rows:
            covered = (owner, district) in roles if district is not None else owner in in_any
            if not covered:
                left[owner] = left.get(owner, 0) + count
    people = User.objects.in_bulk(left)
    return sorted((Leaver(people[pk], count) for pk, count in left.items()), key=lambda one: one.person.sort_key)


def _by_district(rows: QuerySet, holder: str) -> QuerySet:
    counted = rows.filter(**{f"{holder}__isnull": False}).order_by().values_list(holder, "district")
    return counted.annotate(count=Count("pk"))


def _anywhere(rows: QuerySet) -> list[tuple[int, None, int]]:
    counted = rows.filter(keeper__isnull=False).order_by().values_list("keeper").annotate(count=Count("pk"))
    return [(keeper, None, count) for keeper, count in counted]
