"""What shows a need, in numbers: counted live for its page, guarded where it leaves the team (K15, N13).

Sensitive concerns are counted nowhere. The duplicates of a linked concern belong to it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from concerns.models import Concern, Reporter
from concerns.workflow import UNSETTLED, ConcernStatus, FeedbackState
from districts.models import District
from projects.models import NeedConcern

SMALL = 3  # numbers below are never told outside the team
OTHERS = "weitere Themen"


def guarded(number: int) -> str:
    """A number as it may leave the team."""
    if number == 0:
        return "keine"
    return f"unter {SMALL}" if number < SMALL else f"{number}"


@dataclass(frozen=True)
class Evidence:
    """How many concerns show a need, where they stand, and how many people are behind them."""

    by_status: Counter = field(default_factory=Counter)
    people: int = 0
    waiting: int = 0
    told: int = 0

    @property
    def concerns(self) -> int:
        """All of them."""
        return sum(self.by_status.values())

    @property
    def states(self) -> list[tuple[str, int]]:
        """Status in words and how many, in the order of the loop."""
        return [(label, self.by_status[code]) for code, label in ConcernStatus.choices if self.by_status[code]]

    @property
    def sentence(self) -> str:
        """Concerns and people as a body or a department may read it."""
        if not self.concerns:
            return "Dazu ist noch kein Anliegen verknüpft."
        people = f", gemeldet von {_people(self.people)}" if self.people else ""
        return f"Dazu gibt es {_concerns(self.concerns)}{people}."


def _concerns(number: int) -> str:
    return f"{guarded(number)} Anliegen"


def _people(number: int) -> str:
    return f"{guarded(number)} Menschen"


def evidence_of(need_ids: Iterable[int]) -> dict[int, Evidence]:
    """The evidence of some needs, in three queries; needs without a concern have an empty one."""
    pks = list(need_ids)
    concerns: dict[int, dict[int, str]] = defaultdict(dict)  # need -> concern -> status
    links = NeedConcern.objects.filter(need__in=pks, concern__is_sensitive=False)
    for need, concern, status in links.order_by().values_list("need", "concern", "concern__status"):
        concerns[need][concern] = status
    leads = {concern for found in concerns.values() for concern in found}
    below: dict[int, list[tuple[int, str]]] = defaultdict(list)
    duplicates = Concern.objects.filter(lead__in=leads, is_sensitive=False).order_by()
    for concern, lead, status in duplicates.values_list("pk", "lead", "status"):
        below[lead].append((concern, status))
    for found in concerns.values():
        for lead in list(found):
            found.update(below[lead])
    people = _people_of({concern for found in concerns.values() for concern in found})
    return {pk: _summed(concerns[pk], people) for pk in pks}


def _people_of(concern_ids: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Reporter.objects.filter(concern__in=concern_ids).exclude(kind=Reporter.Kind.OBSERVATION).order_by()
    for concern, state in rows.values_list("concern", "feedback_state"):
        found[concern].append(state)
    return found


def _summed(concerns: dict[int, str], people: dict[int, list[str]]) -> Evidence:
    states = [state for concern in concerns for state in people.get(concern, ())]
    return Evidence(
        Counter(concerns.values()),
        people=len(states),
        waiting=sum(state in UNSETTLED for state in states),
        told=states.count(FeedbackState.DONE),
    )


def topics_of(district: District | None, since: date, until: date) -> dict:
    """Concerns of a district (the whole city without) received in a period, by topic, as they may leave the house.

    Topics with few concerns are put together; where even their sum is small, no exact total is told, because it could
    be worked out from it.
    """
    found = Concern.objects.filter(is_sensitive=False, topic__is_sensitive=False).happened(
        "received", since=since, until=until
    )
    if district is not None:
        found = found.filter(district=district)
    counted = found.order_by().values_list("topic__name").annotate(n=Count("pk")).order_by("-n", "topic__name")
    return _told(list(counted))


def _told(counted: list[tuple[str, int]]) -> dict:
    shown = [[name, str(n)] for name, n in counted if n >= SMALL]
    few = [n for _, n in counted if n < SMALL]
    total, rest = sum(n for _, n in counted if n >= SMALL), sum(few)
    if not few:
        return {"topics": shown, "total": guarded(total)}
    if len(few) > 1 and rest >= SMALL:
        return {"topics": [*shown, [OTHERS, str(rest)]], "total": str(total + rest)}
    return {
        "topics": [*shown, [OTHERS, f"unter {SMALL}"]],
        "total": f"mindestens {total}" if total else f"unter {SMALL}",
    }
