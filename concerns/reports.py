"""How well the catalogue fits: what it lacks, what comes back, where people decided otherwise. Reads only."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from concerns.models import Concern, ResponsibilityRule, Routing
from concerns.workflow import RoutingStatus
from districts.models import Department

OVERRIDE_DAYS = 90
RETURN_MONTHS = 12
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
