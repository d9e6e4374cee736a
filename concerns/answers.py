"""What departments have answered, wherever it is told: worklist, letters, sessions of bodies."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F

from concerns.models import Concern, Reply


def lead_of(concern: Concern) -> Concern:
    """The concern that carries routing and answer."""
    return concern.lead or concern


def answers_by_lead(lead_ids: Iterable[int]) -> dict[int, list[Reply]]:
    """What the departments answered in the present round, the leading one first, in one query."""
    present = Reply.objects.filter(routing__concern__in=lead_ids, routing__round=F("routing__concern__reopened_count"))
    found = defaultdict(list)
    for reply in present.select_related("routing__department").order_by("-routing__is_lead", "at"):
        found[reply.routing.concern_id].append(reply)
    return found
