"""Who should get a concern: the rules of the catalogue, read once and explained in a sentence (K03)."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from concerns import routing
from concerns.models import ResponsibilityRule, Topic
from districts.models import Department, District


@dataclass(frozen=True)
class Suggestion:
    """What the rules propose. `departments` are in force on the day: a renamed one is replaced by its successor."""

    rule: ResponsibilityRule
    department: Department
    co_department: Department | None
    working_days: int
    reason: str
    alternatives: list[ResponsibilityRule] = field(default_factory=list)


def suggest(topic: Topic, district: District | None, on: date) -> Suggestion | None:
    """The department responsible for a topic in a district on a day; None when nobody has written a rule."""
    place = routing.Place(district.pk, district.borough_id) if district else routing.Place()
    rules = (
        ResponsibilityRule.objects.filter(topic=topic)
        .filter(Q(district=None) | Q(district_id=place.district_id), Q(borough=None) | Q(borough_id=place.borough_id))
        .select_related("topic", "district", "borough", "department__successor", "co_department__successor")
    )
    first, *others = routing.ranked(rules, topic.pk, place, on) or [None]
    if first is None:
        return None
    return Suggestion(
        rule=first,
        department=in_force(first.department, on),
        co_department=in_force(first.co_department, on) if first.co_department else None,
        working_days=first.working_days,
        reason=routing.explain(first),
        alternatives=others,
    )


def in_force(department: Department, on: date) -> Department:
    """The department itself, or the successor that has taken over its work by this day (I9)."""
    seen = set()
    while department.valid_to and department.valid_to < on and department.successor and department.pk not in seen:
        seen.add(department.pk)
        department = department.successor
    return department
