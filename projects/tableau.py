"""The plan as a table in Belm's columns: screen, CSV and PDF show the same rows (Z25–Z28).

Every group is an Oberziel; beneath a measure stand its amendments, one row a month, in the columns they add to.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from districts.models import District
from projects.models import ActionPlan, Amendment, Goal, Measure, MeasureParticipant
from projects.planning import COLOURS, SHORT, MeasureStatus, amendment_words
from quartier.csvfile import written_lines
from quartier.text import cell_text

COLUMNS = (
    *("Maßnahmen/Projekte", "Weitere Ziele", "Ausführende Träger/Beteiligte", "Stbauf.", "Sonst. F."),
    "Aufn. in Konzept",
)


def colour_cells(counts: Counter) -> list[tuple[str, str, int]]:
    """Code, colour and count, in the order of the legend."""
    return [(one.value, COLOURS[one], counts[one]) for one in MeasureStatus]


@dataclass
class Beneath:
    """The amendments of one month, in the columns of the table."""

    month: date
    texts: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    participants: list[str] = field(default_factory=list)
    fundings: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """„Nachtrag Dez. 03“."""
        return amendment_words(self.month)

    @property
    def adds(self) -> bool:
        """Whether it adds a goal, a participant or money."""
        return bool(self.goals or self.participants or self.fundings)

    def take(self, one: Amendment) -> None:
        """Put an amendment into its column."""
        kinds = Amendment.Kind
        words = f"evtl. {one.text}" if one.is_uncertain else one.text
        columns = {kinds.GOAL: self.goals, kinds.PARTICIPANT: self.participants, kinds.FUNDING: self.fundings}
        columns.get(one.kind, self.texts).append(words)
        if one.decision and one.decision not in self.decisions:
            self.decisions.append(one.decision)


@dataclass
class Row:
    """One measure with what is printed beneath it."""

    measure: Measure
    further: list[str]
    participants: list[str]
    fundings: list[str]
    beneath: list[Beneath]

    @property
    def urban(self) -> str:
        """„Ja“ under „Stbauf.“, or nothing, as in Belm."""
        return "Ja" if self.measure.is_urban_funded else ""

    @property
    def colour(self) -> str:
        """Grün, Blau, Rot or Schwarz."""
        return COLOURS[MeasureStatus(self.measure.status)]


@dataclass
class Group:
    """An Oberziel with its measures; `counts` are those of the whole goal, also when rows are filtered."""

    goal: Goal
    rows: list[Row]
    counts: Counter

    @property
    def cells(self) -> list[tuple[str, str, int]]:
        """Code, colour and how many there are, in the order of the legend."""
        return colour_cells(self.counts)

    @property
    def total(self) -> int:
        """How many measures the goal has."""
        return sum(self.counts.values())


@dataclass
class Tableau:
    """The whole table of one version."""

    plan: ActionPlan
    groups: list[Group]  # those that the filter leaves
    every: list[Group]  # all of them, for the counts
    counts: Counter

    @property
    def cells(self) -> list[tuple[str, str, int]]:
        """Code, colour and how many measures there are, in the order of the legend."""
        return colour_cells(self.counts)

    @property
    def total(self) -> int:
        """How many measures the plan has."""
        return sum(self.counts.values())

    @property
    def shown(self) -> list[Row]:
        """The rows that the filter leaves."""
        return [row for group in self.groups for row in group.rows]


def tableau(plan: ActionPlan, *, status: str = "", goal: int | None = None, action_field: int | None = None) -> Tableau:
    """The table of a version; the filter narrows the rows, never the counts."""
    beneath = _beneath(plan)
    groups, total = {}, Counter()
    for one in plan.goals.prefetch_related("action_fields"):
        groups[one.pk] = Group(one, [], Counter())
    for measure in plan.measures.with_parts():
        group = groups[measure.goal_id]
        group.counts[measure.status] += 1
        total[measure.status] += 1
        fields = {one.pk for one in group.goal.action_fields.all()}
        if (not status or measure.status == status) and (not action_field or action_field in fields):
            group.rows.append(_row(measure, beneath.get(measure.key, {})))
    found = [one for one in groups.values() if not goal or one.goal.pk == goal]
    if status or action_field:
        found = [one for one in found if one.rows]
    return Tableau(plan, found, list(groups.values()), total)


def _beneath(plan: ActionPlan) -> dict:
    """Amendments by measure and month."""
    found: dict = {}
    for one in Amendment.objects.of_plan(plan).select_related("measure").order_by("month", "pk"):
        months = found.setdefault(one.measure.key, {})
        months.setdefault(one.month, Beneath(one.month)).take(one)
    return found


def _row(measure: Measure, months: dict) -> Row:
    carrier = MeasureParticipant.Role.CARRIER
    parts = sorted(measure.participants.all(), key=lambda one: (one.role != carrier, one.position))
    return Row(
        measure=measure,
        further=[str(one) for one in measure.further_goals.all()],
        participants=[str(one) for one in parts],
        fundings=[str(one) for one in measure.fundings.all()],
        beneath=list(months.values()),
    )


def row_of(measure: Measure) -> Row:
    """One measure with its amendments, as the table shows it."""
    months: dict = {}
    for one in Amendment.objects.of_measure(measure).order_by("month", "pk"):
        months.setdefault(one.month, Beneath(one.month)).take(one)
    return _row(Measure.objects.with_parts().select_related("plan").get(pk=measure.pk), months)


def csv_lines(found: Tableau) -> Iterator[str]:
    """The rows of the table for a spreadsheet; an amendment is a line of its own beneath its measure."""
    head = ["Oberziel", *COLUMNS, "Farbe", "Stand", "Nachtrag", "Beschluss"]
    return written_lines(head, _cells(found))


def _cells(found: Tableau) -> Iterator[list]:
    for group in found.groups:
        for row in group.rows:
            one = row.measure
            yield _safe(
                group.goal.title, one.title, "; ".join(row.further), ", ".join(row.participants), row.urban,
                ", ".join(row.fundings), one.added, row.colour, one.get_status_display(), "", "",
            )  # fmt: skip
            for under in row.beneath:
                yield _safe(
                    group.goal.title, one.title, "; ".join(under.goals), ", ".join(under.participants), "",
                    ", ".join(under.fundings), under.label, row.colour, one.get_status_display(),
                    " ".join(under.texts), "; ".join(under.decisions),
                )  # fmt: skip


def _safe(*cells: str) -> list[str]:
    return [cell_text(one.replace("\n", " ")) for one in cells]


@dataclass(frozen=True)
class GoalStatus:
    """How many measures of a goal stood in which colour on a day."""

    plan: ActionPlan
    goal: Goal
    counts: Counter

    @property
    def cells(self) -> list[tuple[str, str, int]]:
        """Code, colour and count, in the order of the legend."""
        return colour_cells(self.counts)


def plan_status(districts: list[District] | None, until: date) -> list[GoalStatus]:
    """Measures by goal and colour at the end of a day, of the plans that held then (Z26, chapter of Z44).

    `districts`: plans of any of them; None is the whole city. Samples are never counted. What the table of a plan in
    force counts today is the same.
    """
    plans = ActionPlan.objects.counted().in_force_on(until).order_by("title", "number")
    if districts is not None:
        plans = plans.of_districts(districts)
    known = {one.pk: one for one in plans}
    counts: dict[int, Counter] = {}
    measures = Measure.objects.filter(plan__in=known).with_status_on(until).order_by()
    for goal, status, count in measures.values_list("goal", "status_on").annotate(count=Count("pk")):
        if status:
            counts.setdefault(goal, Counter())[status] += count
    goals = Goal.objects.filter(plan__in=known).order_by("position", "pk")
    rows = [GoalStatus(known[one.plan_id], one, counts.get(one.pk, Counter())) for one in goals]
    order = {pk: number for number, pk in enumerate(known)}
    return sorted(rows, key=lambda row: order[row.plan.pk])


def legend_words() -> str:
    """The legend in one line, as papers carry it on every page."""
    return " · ".join(f"{COLOURS[one]} = {one.label}" for one in MeasureStatus)


def short_legend() -> list[tuple[str, str, str, str]]:
    """Code, colour, words of the legend and the short word, in its order."""
    return [(one.value, COLOURS[one], one.label, SHORT[one]) for one in MeasureStatus]
