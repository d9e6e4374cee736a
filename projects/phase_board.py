"""The three phases of activation: the board of a district and who has moved between two days (Z31)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from districts.models import Actor, District, GroupPhase, ResidentGroup, User
from districts.models.groups import ActivationPhase
from projects.models import Event, PhaseAssessment, Project
from projects.workflow import EventStatus
from quartier.web.pages import addresses

YEAR = timedelta(days=365)
MOST = 50  # rows of one kind in one phase
# What can be done in a phase, for whoever wonders (Belm 2016, Z31).
INSTRUMENTS: dict[int, tuple[str, ...]] = {
    1: (
        "Von Tür zu Tür fragen, aktivierende Befragung",
        "Erste Gespräche im Stadtteilbüro, Büro und Beratungsstelle unter einem Dach",
        "Kleine Aktionen, bei denen man sich kennenlernt: Kochaktion, Filmabend, Wandercafé",
        "Feste und Aufräumtage, die niemanden verpflichten",
    ),
    2: (
        "Erste Arbeitsgruppen, die das Quartiersmanagement moderiert",
        "Sanierungsforum, Stadtteilkonferenz, Planungswerkstatt",
        "Kleine Projekte, die eine Gruppe selbst plant, mit Geld aus dem Stadtteilfonds",
        "Schulungen für Ehrenamtliche",
    ),
    3: (
        "Gruppen, die sich selbst organisieren und von gewählten Bürgerinnen und Bürgern geleitet werden",
        "Eigene Lösungen für Konflikte und Probleme, geteilte Räume und Geräte",
        "Verein gründen, eigene Mittel beantragen",
        "Das Quartiersmanagement berät nur noch: Befähigung statt Betreuung",
    ),
}


@dataclass
class Column:
    """One phase: what is in it."""

    phase: int
    label: str
    instruments: tuple[str, ...]
    groups: list[ResidentGroup] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """The board of a district: three columns, what has no phase yet, how the district was assessed."""

    columns: list[Column]
    without: int
    assessments: list[PhaseAssessment]

    @property
    def now(self) -> PhaseAssessment | None:
        """The latest assessment."""
        return self.assessments[0] if self.assessments else None


def groups_in(district: District):
    """Resident groups that work in a district and have not ended, with the phases they were in."""
    found = ResidentGroup.objects.filter(actor__districts=district, actor__merged_into=None)
    return found.exclude(actor__status="ended").select_related("actor").prefetch_related("phases")


def board_of(district: District, user: User, *, today: date) -> Board:
    """Groups, projects under way, events of the last year and to come, by phase, in a fixed number of queries."""
    columns = {phase: Column(phase, str(label), INSTRUMENTS[phase]) for phase, label in ActivationPhase.choices}
    for group in groups_in(district):
        columns[group.phase].groups.append(group)
    projects = Project.objects.visible_to(user).under_way()
    projects = list(projects.filter(projects.in_districts([district.pk], or_citywide=False)).order_by("sort_key", "pk"))
    events = Event.objects.visible_to(user).filter(district=district, on__gte=today - YEAR)
    events = list(events.exclude(status=EventStatus.CANCELLED).select_related("format").order_by("-on", "-pk"))
    for name, rows in (("projects", projects), ("events", events)):
        for one in rows:
            if one.phase and len(into := getattr(columns[one.phase], name)) < MOST:
                into.append(one)
    without = sum(1 for one in (*projects, *events) if not one.phase)
    assessments = PhaseAssessment.objects.filter(district=district).select_related("by")
    return Board(list(columns.values()), without, list(assessments[:20]))


@dataclass(frozen=True)
class Move:
    """A group or a district on two days."""

    name: str
    url: str
    places: str
    before: int | None
    after: int | None
    evidence: str

    @property
    def words(self) -> str:
        """What has changed, in one word."""
        if self.before is None:
            return "neu"
        if self.after == self.before:
            return "gleich geblieben"
        return "weiter" if self.after > self.before else "zurück"


def on_day(rows: Iterable, day: date, name: str):
    """The latest of some rows (newest first) that held on a day."""
    return next((one for one in rows if getattr(one, name) <= day), None)


def group_moves(districts: list[District], *, since: date, until: date) -> list[Move]:
    """Every group of these districts that had a phase by the second day, whether it moved or not."""
    # Plain values, not models: a city has hundreds of groups with several phases each.
    through = Actor.districts.through.objects.order_by("district__sort_key")
    here = through.filter(district__in=districts).order_by().values("actor")
    groups = ResidentGroup.objects.filter(actor__in=here, actor__merged_into=None)
    places, phases, url = defaultdict(list), defaultdict(list), addresses("districts:actor")
    known = through.filter(actor__in=groups.order_by().values("actor"))
    for actor, place in known.values_list("actor", "district__short_name"):
        places[actor].append(place)
    begun = GroupPhase.objects.filter(group__in=groups.order_by().values("pk"), since__lte=until)
    for one in begun.order_by("-since", "-pk").values_list("group", "pk", "phase", "since", "evidence", named=True):
        phases[one.group].append(one)
    moves = []
    for pk, actor, name in groups.order_by("actor__sort_key", "pk").values_list("pk", "actor", "actor__name"):
        if (after := on_day(phases[pk], until, "since")) is None:
            continue
        before = on_day(phases[pk], since, "since")
        evidence = after.evidence if before is None or after.pk != before.pk else ""
        of_group = ", ".join(places[actor])
        moves.append(Move(name, url(actor), of_group, before and before.phase, after.phase, evidence))
    return moves


def district_moves(districts: list[District], *, since: date, until: date) -> list[Move]:
    """Every one of these districts that was assessed by the second day."""
    rows: dict[int, list[PhaseAssessment]] = {}
    for one in PhaseAssessment.objects.filter(district__in=districts, on__lte=until):
        rows.setdefault(one.district_id, []).append(one)
    moves = []
    for district in districts:
        if (after := on_day(rows.get(district.pk, []), until, "on")) is None:
            continue
        before = on_day(rows[district.pk], since, "on")
        evidence = after.evidence if before is None or after.pk != before.pk else ""
        url = district.get_absolute_url()
        moves.append(Move(district.name, url, "", before and before.phase, after.phase, evidence))
    return moves
