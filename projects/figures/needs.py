"""Figures of needs and theme reports for a period and districts: the evaluation's chapter reads them (K15, K16, Z44).

Counted from rows and from the append-only history, so that a period that is over does not change any more.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Q

from concerns.reports import start_of
from concerns.workflow import RoutingStatus
from districts.models import District
from projects.models import Need, NeedNews, ThemeEvent, ThemeRecipient, ThemeReport
from projects.workflow import OPEN_NEEDS, NeedStatus


@dataclass(frozen=True)
class NeedFigures:
    """What became of needs, reports and their answers in a period (both days included)."""

    by_status: Counter = field(default_factory=Counter)  # needs entered until the last day, as they stood then
    entered: int = 0  # needs entered in the period
    moved: Counter = field(default_factory=Counter)  # status that needs were set to in the period
    decided: int = 0  # decisions of bodies about needs
    reports: int = 0  # theme reports sent
    recipients: int = 0  # to so many recipients
    answered: Counter = field(default_factory=Counter)  # answers of the period by result
    in_time: int = 0  # of these by the day first asked for
    returned: int = 0  # given back as not responsible
    waiting: int = 0  # sent until the last day and not finished by then

    @property
    def open(self) -> int:
        """Needs that were open on the last day."""
        return sum(count for status, count in self.by_status.items() if status in OPEN_NEEDS)

    @property
    def answers(self) -> int:
        """Answers of the period."""
        return sum(self.answered.values())

    @property
    def states(self) -> list[tuple[str, int]]:
        """Needs by status in words, in the order of the workflow."""
        return [(label, self.by_status[code]) for code, label in NeedStatus.choices]


def need_figures(districts: Iterable[District] | None, since: date, until: date) -> NeedFigures:
    """The figures of some districts, or of the whole city for None; in a fixed number of queries.

    A need of several districts counts once. Reports about the whole city count only without districts.
    """
    pks = None if districts is None else [one.pk for one in districts]
    first, end = start_of(since), start_of(until + timedelta(days=1))
    needs, reports = Need.objects.filter(created_at__lt=end), ThemeReport.objects.filter(sent_at__lt=end)
    if pks is not None:
        needs = needs.filter(needs.in_districts(pks))
        reports = reports.filter(district__in=pks)
    rows = list(needs.values_list("pk", "created_at"))
    stood = _stood(needs, end)
    events = ThemeEvent.objects.filter(need__in=needs.values("pk"), at__gte=first, at__lt=end)
    moved = Counter(events.filter(kind="status").order_by().values_list("new", flat=True))
    here = ThemeRecipient.objects.filter(report__in=reports.values("pk"))
    answers = here.filter(finished_at__gte=first, finished_at__lt=end)
    results = list(
        answers.filter(status=RoutingStatus.ANSWERED).order_by().values_list("result", "finished_at", "agreed_due_on")
    )
    open_then = Q(finished_at=None) | Q(finished_at__gte=end)
    sent = reports.filter(sent_at__gte=first)
    counted = here.aggregate(
        recipients=Count("pk", filter=Q(report__sent_at__gte=first)),
        returned=Count("pk", filter=Q(status=RoutingStatus.RETURNED, finished_at__gte=first, finished_at__lt=end)),
        waiting=Count("pk", filter=open_then),
    )
    return NeedFigures(
        by_status=Counter(stood.get(pk, NeedStatus.OBSERVED) for pk, _ in rows),
        entered=sum(at >= first for _, at in rows),
        moved=moved,
        decided=NeedNews.objects.filter(need__in=needs.values("pk"), recipient=None, at__gte=first, at__lt=end).count(),
        reports=sent.count(),
        answered=Counter(result for result, _, _ in results),
        in_time=sum(at < start_of(due + timedelta(days=1)) for _, at, due in results),
        **counted,
    )


def _stood(needs, end) -> dict[int, str]:
    """The last status that the history tells of each need before a moment; a new need was observed."""
    events = ThemeEvent.objects.filter(need__in=needs.values("pk"), at__lt=end).exclude(new="")
    told = events.filter(kind__in=["entered", "status"]).order_by("need", F("at"), "pk")
    return dict(told.values_list("need", "new"))
