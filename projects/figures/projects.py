"""What became of projects, and how many came to events (Z29, Z30)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Sum

from concerns.models import Concern
from projects.models import EffectCheck, Event, Project, ProjectConcern, ProjectLog
from projects.workflow import UNDER_WAY, EventStatus, ProjectStatus


@dataclass
class ProjectFigures:
    """Projects as they stood on the last day of a period, and what happened in it; events that took place in it."""

    by_status: Counter = field(default_factory=Counter)  # projects by status on the last day
    entered: int = 0
    moved: Counter = field(default_factory=Counter)  # projects that came to a status in the period
    with_concerns: int = 0  # of those entered: concerns stand behind them
    checks: Counter = field(default_factory=Counter)  # answers to "Wirkt es noch?" by answer
    held: int = 0  # events
    cancelled: int = 0
    participants: int = 0  # as far as somebody noted them
    noted: int = 0  # events of which somebody noted how many came
    helpers: int = 0
    new_contacts: int = 0
    raised: int = 0  # concerns that were raised at these events
    formats: list[tuple[str, int, int]] = field(default_factory=list)  # name, events, participants

    @property
    def under_way(self) -> int:
        """Projects that were not over on the last day."""
        return sum(n for status, n in self.by_status.items() if status in UNDER_WAY)

    @property
    def running(self) -> int:
        """Of these, those that people take part in."""
        return self.by_status[ProjectStatus.RUNNING]

    @property
    def completed(self) -> int:
        """Projects that were carried out to their end in the period."""
        return self.moved[ProjectStatus.COMPLETED]

    @property
    def continued(self) -> int:
        """Projects that somebody carries on, since the period."""
        return self.moved[ProjectStatus.CONTINUED]

    @property
    def dropped(self) -> int:
        """Projects that were given up in the period."""
        return self.moved[ProjectStatus.DROPPED]

    @property
    def checked(self) -> int:
        """Effects that somebody looked at in the period."""
        return self.checks.total()

    @property
    def holds(self) -> int:
        """Of these, those that still hold."""
        return self.checks[EffectCheck.Answer.HOLDS]


def project_figures(districts: Collection[int] | None, since: date, until: date) -> ProjectFigures:
    """Figures of the projects and events of these districts, of all for None; both days belong to the period.

    Statuses are read from the log, so that a period that is over stays as it was.
    """
    span, projects, events = (since, until), Project.objects.all(), Event.objects.filter(on__range=(since, until))
    if districts is not None:
        here = Project.districts.through.objects.filter(district__in=districts)
        projects, events = projects.filter(pk__in=here.values("project")), events.filter(district__in=districts)
    told = ProjectLog.objects.filter(project__in=projects.order_by().values("pk"), on__lte=until)
    steps = told.filter(kind__in=("entered", "moved")).order_by("on", "pk").values_list("project", "kind", "new", "on")
    stood: dict[int, str] = {}
    found = ProjectFigures()
    for pk, kind, new, on in steps:
        stood[pk] = new or ProjectStatus.IDEA
        if on >= since:
            found.entered += kind == "entered"
            found.moved[new] += kind == "moved"
    found.by_status = Counter(stood.values())
    entered = told.filter(kind="entered", on__gte=since)
    origins = ProjectConcern.objects.filter(project__in=entered.order_by().values("project"))
    found.with_concerns = origins.values("project").distinct().count()
    checks = EffectCheck.objects.filter(project__in=projects.order_by().values("pk"), answered_on__range=span)
    found.checks = Counter(dict(checks.order_by().values_list("answer").annotate(n=Count("pk"))))
    return _with_events(found, events.order_by())


def _with_events(found: ProjectFigures, events) -> ProjectFigures:
    held = events.filter(status=EventStatus.HELD)
    sums = held.aggregate(
        held=Count("pk"), noted=Count("participants"), participants=Sum("participants"), helpers=Sum("helpers"),
        new_contacts=Sum("new_contacts"),
    )  # fmt: skip
    for name, value in sums.items():
        setattr(found, name, value or 0)
    found.cancelled = events.filter(status=EventStatus.CANCELLED).count()
    raised = Concern.objects.filter(occasion__in=held.values("occasion"), is_sensitive=False)
    found.raised = raised.count()
    rows = held.values_list("format__name").annotate(n=Count("pk"), people=Sum("participants"))
    found.formats = [(name, n, people or 0) for name, n, people in rows.order_by("-n", "format__name")]
    return found
