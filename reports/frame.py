"""What every chapter of an evaluation works with: the sums of the periods, names, and how a figure becomes a cell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from concerns.figures import OVERDUE
from concerns.filters import OUTSIDE, THEME
from concerns.models import Topic
from districts.models import Department, District
from reports.choice import OUTSIDE_AREA, Choice, Span
from reports.measures import ANY
from reports.sums import Sums
from reports.tables import Cell, Column, Kind, Row

BEFORE = "before/"  # what the keys of figures of the comparison period begin with
OUTSIDE_NAME = "gesamtstädtisch / außerhalb"
NOW, EARLIER, CHANGE = "now", "before", "change"


@dataclass(frozen=True)
class Names:
    """What ids of districts, topics and departments are called, in the order of their lists."""

    districts: dict[int, str]
    topics: dict[int, tuple[str, int | None]]  # name and theme
    departments: dict[int, tuple[str, str]]  # code and name

    @classmethod
    def load(cls) -> "Names":
        """From the lists as they are now."""
        return cls(
            districts={**dict(District.objects.values_list("pk", "name")), OUTSIDE_AREA: OUTSIDE_NAME},
            topics={pk: (name, parent) for pk, name, parent in Topic.objects.values_list("pk", "name", "parent_id")},
            departments={pk: (code, name) for pk, code, name in Department.objects.values_list("pk", "code", "name")},
        )

    def topic(self, code: str) -> str:
        """Name of a topic or theme by what the list's address calls it."""
        return self.topics[int(code.removeprefix(THEME))][0]

    def department(self, pk: int) -> str:
        """Code and name of a department."""
        return " ".join(self.departments[pk])


@dataclass(frozen=True)
class Frame:
    """One evaluation in the making."""

    choice: Choice
    today: date
    names: Names
    now: Sums
    before: Sums | None = None
    city: Sums | None = None  # the whole city in the same period, when only a part of it is evaluated
    inhabitants: dict[int, int] = field(default_factory=dict)
    languages: dict[str, float] = field(default_factory=dict)  # share of the people who speak a language

    # --- Cells --------------------------------------------------------------------------------------------------------

    def count(self, measure: str, key: str = ANY, *, early: bool = False, people: bool = False, **query) -> Cell:
        """A count with the list behind it; people have none, as one concern may have several."""
        found = self.before if early else self.now
        if found is None:
            return Cell()
        return self.cell(found.n(measure, key), _name(measure, key, early), early=early, people=people, **query)

    def cell(self, n: int, name: str, *, early: bool = False, people: bool = False, **query) -> Cell:
        """A number of concerns (or people) as a cell."""
        if people:
            return Cell(n, key=name)
        return Cell(n, self.choice.query(self.choice.comparison if early else None, **query), name)

    def overdue(self, key: str = ANY) -> Cell:
        """Concerns whose department is late today."""
        late = sum(n for day, n in self.now.spread("routing:late", key).items() if day < self.today.toordinal())
        further = {"department": key} if key else {}
        return self.cell(late, _name("routing:overdue", key), figure=f"routing-{OVERDUE}", **further)

    def pair(self, measure: str, key: str = ANY, *, people: bool = False, **query) -> tuple[Cell, ...]:
        """A count, with the comparison period's and the difference where there is one."""
        now = self.count(measure, key, people=people, **query)
        if self.before is None:
            return (now,)
        before = self.count(measure, key, early=True, people=people, **query)
        return now, before, Cell(now.value - before.value, kind=Kind.CHANGE)

    def share(self, measure: str, of: str, key: str = ANY, of_key: str = ANY, *, early: bool = False) -> Cell:
        """One count as a part of another."""
        found = self.before if early else self.now
        if found is None:
            return Cell(kind=Kind.SHARE)
        return Cell(
            part(found.n(measure, key), found.n(of, of_key)),
            kind=Kind.SHARE,
            of=(_name(measure, key, early), _name(of, of_key, early)),
            base=found.n(of, of_key),
        )

    def days(self, spread: Counter, at: float, of: str) -> Cell:
        """A percentile of a distribution of days; `of` is the key of the count it is about."""
        return Cell(percentile(spread, at), kind=Kind.DAYS, of=(of,), base=spread.total())

    # --- Columns and lines --------------------------------------------------------------------------------------------

    def pair_columns(self, label: str = "Anliegen") -> tuple[Column, ...]:
        """Columns of what `pair` gives."""
        columns = (Column(NOW, label), Column(EARLIER, "Vergleich"), Column(CHANGE, "+/−", Kind.CHANGE, (NOW, EARLIER)))
        return columns if self.before else columns[:1]

    def parts(
        self, measure: str, labels: Iterable[tuple[str, str]], of: str, *, people: bool = False, **query: str
    ) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        """Columns and lines of a total's parts: count, share, comparison. `query` names the filter of the key.

        `labels` are keys with their words; a key that never occurs is left out.
        """
        rows = []
        for key, label in labels:
            if not (self.now.n(measure, key) or (self.before and self.before.n(measure, key))):
                continue
            further = {name: text.format(key=key) for name, text in query.items()}
            cells = self.pair(measure, key, people=people, **further)
            share = Cell(part(cells[0].value, self.now.n(of)), kind=Kind.SHARE, of=(cells[0].key, _name(of)))
            rows.append(Row(label, (cells[0], share, *cells[1:]), key))
        first, *rest = self.pair_columns("Personen" if people else "Anliegen")
        return (first, Column("share", "Anteil", Kind.SHARE, (NOW,)), *rest), tuple(rows)

    def total(self, label: str, measure: str, *, people: bool = False, **query: str) -> Row:
        """The last line of what `parts` gives."""
        cells = self.pair(measure, people=people, **query)
        share = Cell(part(cells[0].value, cells[0].value), kind=Kind.SHARE, of=(cells[0].key,))
        return Row(label, (cells[0], share, *cells[1:]), "total")

    def districts(self) -> list[int]:
        """Areas that are evaluated, in the order of their list; outside only where something lies there."""
        chosen = set(self.choice.districts) or set(self.names.districts)
        used = {area for area, _, _ in (*self.now.by_area, *(self.before.by_area if self.before else ()))}
        return [area for area in self.names.districts if area in chosen and (area != OUTSIDE_AREA or area in used)]


def _name(measure: str, key: str = ANY, early: bool = False) -> str:
    return f"{BEFORE if early else ''}{measure}{f':{key}' if key else ''}"


def area_name(area: int, measure: str, key: str = ANY, early: bool = False) -> str:
    """Key of a figure of one district."""
    return f"area {area}/{_name(measure, key, early)}"


def area_query(area: int) -> str:
    """What the list's address calls an area."""
    return OUTSIDE if area == OUTSIDE_AREA else str(area)


def part(some: int, of: int) -> float | None:
    """One number as a part of another; nothing when there is nothing to be a part of."""
    return some / of if of else None


def percentile(spread: Counter, at: float) -> float | None:
    """The value below which a part `at` (0 to 1) of a distribution lies, between two values in proportion.

    The same as PostgreSQL's `percentile_cont`. None for an empty distribution.
    """
    n = spread.total()
    if not n:
        return None
    position = at * (n - 1)
    low = int(position)
    values = _values_at(spread, (low, min(low + 1, n - 1)))
    return values[0] + (values[1] - values[0]) * (position - low)


def _values_at(spread: Counter, places: Sequence[int]) -> list[int]:
    found, passed = [], 0
    for value in sorted(spread):
        passed += spread[value]
        while len(found) < len(places) and places[len(found)] < passed:
            found.append(value)
    return found


def buckets(span: Span, months: Iterable[date]) -> list[tuple[str, Span]]:
    """Months of a trend with their words; from three years on quarters, from twelve years on years."""
    months = sorted(months)
    size = 1 if len(months) <= 36 else 3 if len(months) <= 144 else 12
    found: dict[date, tuple[str, Span]] = {}
    for month in months:
        first = date(month.year, (month.month - 1) // size * size + 1, 1)
        words = {
            1: f"{month:%m.%Y}",
            3: f"{(month.month + 2) // 3}. Quartal {month.year}",
            12: f"{month.year}",
        }[size]
        known = found.get(first)
        since = max(span.since, known[1].since if known else month)
        found[first] = (words, Span(since, min(span.until, _month_end(month))))
    return list(found.values())


def _month_end(month: date) -> date:
    return date.fromordinal(date(month.year + month.month // 12, month.month % 12 + 1, 1).toordinal() - 1)
