"""Small numbers do not leave the house, and nobody can work them out from what does (N7; docs/decisions/0018).

A number is small from 1 up to one below the threshold. Hiding it is not enough where totals stand beside it, so further
numbers are hidden with it. For every small number this module looks for a second world: other whole numbers for what is
hidden that fit everything shown just as well, in which the small number is another one. What that world needs to change
is hidden. So no small number has a single solution, however the tables hang together:

* lines that add up to a total, columns that add up to another one (found by trying, nobody has to declare them);
* the same figure in several tables (same key), and figures that add up across tables (`sums`);
* what is left of a number without its part in the same line (`Column.part_of`);
* a change beside the number of today, which gives the number before; a share beside its base, which gives its part;
  shares of a total that is not shown, which give the total.

Besides, what is hidden in a sum amounts to at least the threshold together, and below a small total nothing is shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import combinations, count

from reports.hidden_tables import NEAR, TOTAL, UNSHOWN, hidden_table, is_share_of_total, kind_of, numbered
from reports.tables import Cell, Chapter, Column, Figures, Kind, Row, Table

MOST_TERMS = 5  # columns that may add up to another one
_STEPS = 3000  # how long one search may take before everything that hangs together is hidden
_WIDTH = 40  # partners tried in one sum
_OF_ZERO, _OF_TOTAL = 300, 5000  # what hiding costs: a small line least, a total most

Place = tuple[int, int, str]  # number of the table, of the line (or TOTAL, UNSHOWN), code of the column
Sum = tuple[str, Iterable[str]]


@dataclass
class _Number:
    """One figure, wherever it stands."""

    value: int
    cost: int = 0
    sums: list[int] = field(default_factory=list)


def suppress(figures: Figures, threshold: int, sums: Iterable[Sum] = ()) -> Figures:
    """The figures as they may leave the house; hidden cells keep no value and no cell leads anywhere.

    `sums` are keys of figures with the keys of those they are the sum of, in whatever tables they stand. Sentences are
    left out: they have to be made anew from what is left (`reports.sentences`).
    """
    shown = iter(hide(list(figures.tables()), threshold, sums))
    chapters = tuple(
        Chapter(chapter.code, chapter.title, tuple(next(shown) for _ in chapter.tables)) for chapter in figures.chapters
    )
    return replace(figures, chapters=chapters)


def hide(tables: list[Table], threshold: int, sums: Iterable[Sum] = ()) -> list[Table]:
    """Tables with everything hidden that is small or would give a small number away."""
    system = _System(tables, threshold)
    system.add_sums(sums)
    system.solve()
    return [hidden_table(table, number, system) for number, table in enumerate(tables)]


class _System:
    """All numbers of some tables, the sums they form, and what has to be hidden."""

    def __init__(self, tables: list[Table], threshold: int):
        self.threshold = threshold
        self.numbers: list[_Number] = []
        self.at: dict[Place, int] = {}
        self.sums: list[tuple[int, tuple[int, ...]]] = []  # a number and those it is the sum of
        self.hidden: set[int] = set()
        self.unshown: set[int] = set()  # numbers that stand nowhere
        self.keys: dict[str, int] = {}
        for number, table in enumerate(tables):
            self._add_counts(number, table)
        for number, table in enumerate(tables):
            self._add_given_away(number, table)
        for number, table in enumerate(tables):
            self._add_table_sums(number, table)
            self._add_rests(number, table)

    # --- What there is -----------------------------------------------------------------------------------------------

    def _add_counts(self, number: int, table: Table) -> None:
        for line, row in numbered(table):
            for column, cell in zip(table.columns, row.cells, strict=True):
                if kind_of(column, cell) == Kind.COUNT and isinstance(cell.value, int):
                    self.at[number, line, column.code] = self._number(cell.value, cell.key, total=line == TOTAL)

    def _number(self, value: int, key: str = "", *, total: bool = False) -> int:
        found = self.keys.get(key) if key else None
        if found is None or self.numbers[found].value != value:
            found = len(self.numbers)
            self.numbers.append(_Number(value))
            if key:
                self.keys[key] = found
        self.numbers[found].cost += (_OF_TOTAL if total else 0) + (value or _OF_ZERO)
        return found

    def _add_given_away(self, number: int, table: Table) -> None:
        """Numbers that stand nowhere, but follow from a change or a share and its base."""
        for column in table.columns:
            if column.kind == Kind.SHARE and not table.total:
                self._add_unshown_total(number, table, column)
                continue
            for line, row in numbered(table):
                cell = row.cells[table.index(column.code)]
                value = self._given_away(table, column, row, cell)
                if value is not None:
                    self.at[number, line, column.code] = self._number(value, total=line == TOTAL)

    def _given_away(self, table: Table, column: Column, row: Row, cell: Cell) -> int | None:
        kind = kind_of(column, cell)
        if kind not in (Kind.CHANGE, Kind.SHARE) or not isinstance(cell.value, int | float):
            return None
        if kind == Kind.SHARE and cell.of:
            known = [self.numbers[self.keys[key]].value for key in cell.of if key in self.keys]
            return round(known[0] * cell.value) if len(cell.of) == 2 and len(known) == 1 else None
        base = row.cells[table.index(column.of[0])].value if len(column.of) == 1 else None
        if not isinstance(base, int):
            return None
        if kind == Kind.CHANGE:
            return round(base - cell.value)
        return None if is_share_of_total(table, column) else round(base * cell.value)

    def _add_unshown_total(self, number: int, table: Table, column: Column) -> None:
        """Shares of lines below which no total stands: any of them gives it together with its base."""
        if len(column.of) != 1:
            return
        at, base = table.index(column.code), table.index(column.of[0])
        lines = [(line, row.cells[base].value, row.cells[at].value, row) for line, row in numbered(table)]
        whole = next((round(value / share) for _, value, share, _ in lines if value and share), None)
        known = [(value, share) for _, value, share, _ in lines if value is not None and share is not None]
        if not whole or any(abs(value - share * whole) >= NEAR for value, share in known):
            return
        self.at[number, UNSHOWN, column.code] = self._number(whole, total=True)
        complete = [line for line, *_, row in lines if all(cell.value is not None for cell in row.cells)]
        for some in ([line for line, *_ in lines], complete):
            places = [(number, line, column.of[0]) for line in some]
            if self._add_sum((number, UNSHOWN, column.code), places):
                return
        # Shares of a larger total, the whole city's: what is left of it stands nowhere and follows all the same.
        places = [(number, line, column.of[0]) for line in complete]
        left = whole - sum(self.numbers[self.at[place]].value for place in places if place in self.at)
        if left > 0:
            rest = (number, UNSHOWN, f"{column.code} left")
            self.at[rest] = self._number(left)
            self.unshown.add(self.at[rest])
            self._add_sum((number, UNSHOWN, column.code), [*places, rest])

    def _add_table_sums(self, number: int, table: Table) -> None:
        lines = [line for line, _ in numbered(table)]
        if table.total:
            for column in table.columns:
                self._add_sum((number, TOTAL, column.code), [(number, line, column.code) for line in lines[:-1]])
        for whole, parts in self._columns_that_add_up(number, lines, table):
            for line in lines:
                self._add_sum((number, line, whole), [(number, line, part) for part in parts])

    def _add_rests(self, number: int, table: Table) -> None:
        """What a number leaves of the one it is a part of: 18 of 20 gives a small number away without showing it, and
        nobody believes in a part that is larger than its whole."""
        for column in table.columns:
            for line, _ in numbered(table) if column.part_of else ():
                whole, part = (number, line, column.part_of), (number, line, column.code)
                if whole in self.at and part in self.at:
                    rest = (number, line, f"{column.part_of} without {column.code}")
                    value = self.numbers[self.at[whole]].value - self.numbers[self.at[part]].value
                    self.at[rest] = self._number(value)
                    self.unshown.add(self.at[rest])
                    self._add_sum(whole, [part, rest])

    def add_sums(self, sums: Iterable[Sum]) -> None:
        """Figures that add up across tables; a part without a line occurs nowhere and adds nothing."""
        for whole, parts in sums:
            known = tuple(self.keys[key] for key in parts if key in self.keys)
            if known and whole in self.keys:
                self._join(self.keys[whole], known)

    def _add_sum(self, whole: Place, parts: list[Place]) -> bool:
        if whole not in self.at or any(place not in self.at for place in parts):
            return False
        return self._join(self.at[whole], tuple(self.at[place] for place in parts))

    def _join(self, whole: int, parts: tuple[int, ...]) -> bool:
        """Only what really adds up can be used by somebody who reckons."""
        if sum(self.numbers[one].value for one in parts) != self.numbers[whole].value or whole in parts:
            return False
        for one in {whole, *parts}:
            self.numbers[one].sums.append(len(self.sums))
        self.sums.append((whole, parts))
        return True

    def _columns_that_add_up(
        self, number: int, lines: list[int], table: Table
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        counts = [column.code for column in table.columns if column.kind == Kind.COUNT]
        complete = {
            code: [self.numbers[self.at[number, line, code]].value for line in lines]
            for code in counts
            if all((number, line, code) in self.at for line in lines)
        }
        used = {code: values for code, values in complete.items() if any(values)}
        for whole, values in used.items():
            others = [code for code in used if code != whole]
            for size in range(2, min(MOST_TERMS, len(others)) + 1):
                for parts in combinations(others, size):
                    columns = (used[part] for part in parts)
                    if all(value == sum(terms) for value, *terms in zip(values, *columns, strict=True)):
                        yield whole, parts

    # --- What has to be hidden ---------------------------------------------------------------------------------------

    def is_small(self, one: int) -> bool:
        """Whether a number may not be shown for its own sake."""
        return 0 < self.numbers[one].value < self.threshold

    def solve(self) -> None:
        """Hide small numbers, what lies below small totals, and what gives a second world to each of them."""
        small = [one for one in range(len(self.numbers)) if self.is_small(one)]
        self.hidden = {*small, *self.unshown}
        for whole, parts in self.sums:
            if self.is_small(whole):
                self.hidden.update(parts)
        safe: set[int] = set()
        waiting = small
        while waiting:
            for one in waiting:
                if one not in safe:
                    world = self._second_world(one)
                    self.hidden |= world
                    safe |= world
            waiting = self._widen_sums()

    def _widen_sums(self) -> list[int]:
        """Hide more where what is hidden in a shown sum is a small number together; gives what was added."""
        added = []
        for whole, parts in self.sums:
            if whole in self.hidden:
                continue
            together = sum(self.numbers[one].value for one in parts if one in self.hidden)
            shown = sorted(
                (self.numbers[one].value, one) for one in set(parts) - self.hidden if self.numbers[one].value
            )
            while 0 < together < self.threshold and shown:
                value, one = shown.pop(0)
                self.hidden.add(one)
                together += value
                added.append(one)
        return added

    def _second_world(self, one: int) -> set[int]:
        """The numbers that differ in a world in which `one` is another number and all that is shown stays the same."""
        plain = self._search(one, anything=False)
        if plain and plain[0] < _OF_TOTAL:
            return plain[1]
        worlds = [plain, self._search(one, anything=True)]
        if not any(worlds):
            # Too many cheap ways that lead nowhere without a dear total: look for the world that changes least.
            worlds = [self._search(one, anything=anything, smallest=True) for anything in (False, True)]
        found = min((world for world in worlds if world), default=None, key=lambda world: world[0])
        # Where nothing is shown, twice all numbers is a second world.
        return found[1] if found else self._all_that_hangs_together(one)

    def _search(self, one: int, *, anything: bool, smallest: bool = False) -> tuple[int, set[int]] | None:
        """The cheapest world, or the smallest one, changing numbers by one. Without `anything`, zeros stay and no other
        number becomes zero, and small numbers stay small: it convinces also somebody who knows how this module works.
        """
        tie = count()
        queue: list = []
        for step in (1, -1):
            if self._allowed(one, step, anything):
                heappush(queue, (0, next(tie), {one: step}))
        seen = set()
        for _ in range(_STEPS):
            if not queue:
                return None
            cost, _, steps = heappop(queue)
            state = frozenset(steps.items())
            if state in seen:
                continue
            seen.add(state)
            open_sum = self._open_sum(steps)
            if open_sum is None:
                if self._convinces(steps):
                    return cost, set(steps)
                continue
            for extra, partner, step in self._partners(open_sum, steps, anything):
                further = {**steps, partner: step}
                if smallest:
                    dear = len({one for one in further if one not in self.hidden})
                    heappush(queue, (3 * self._open_sums(further) + dear, next(tie), further))
                else:
                    heappush(queue, (cost + extra, next(tie), further))
        return None

    def _convinces(self, steps: dict[int, int]) -> bool:
        """Whoever knows that zeros are shown believes in a new zero only where another one became a number."""
        before = [self.numbers[one].value for one in steps]
        after = [value + step for value, step in zip(before, steps.values(), strict=True)]
        return 0 not in after or 0 in before

    def _open_sum(self, steps: dict[int, int]) -> tuple[int, int] | None:
        for one in steps:
            for number in self.numbers[one].sums:
                if gap := self._gap(number, steps):
                    return number, gap
        return None

    def _open_sums(self, steps: dict[int, int]) -> int:
        return sum(1 for number in {n for one in steps for n in self.numbers[one].sums} if self._gap(number, steps))

    def _gap(self, number: int, steps: dict[int, int]) -> int:
        whole, parts = self.sums[number]
        return sum(steps.get(one, 0) for one in parts) - steps.get(whole, 0)

    def _partners(self, open_sum: tuple[int, int], steps: dict[int, int], anything: bool) -> list[tuple[int, int, int]]:
        number, gap = open_sum
        whole, parts = self.sums[number]
        down = -1 if gap > 0 else 1
        choices = [(one, down) for one in dict.fromkeys(parts)] + [(whole, -down)]
        found = [
            (0 if one in self.hidden else self.numbers[one].cost, one, step)
            for one, step in choices
            if one not in steps and self._allowed(one, step, anything)
        ]
        return sorted(found)[:_WIDTH]

    def _allowed(self, one: int, step: int, anything: bool) -> bool:
        value = self.numbers[one].value
        if anything:
            return value + step >= 0
        if self.is_small(one):
            return 0 < value + step < self.threshold
        return value + step > 0 if value else one in self.hidden and step > 0

    def _all_that_hangs_together(self, one: int) -> set[int]:
        found, waiting = {one}, [one]
        while waiting:
            for number in self.numbers[waiting.pop()].sums:
                whole, parts = self.sums[number]
                new = {whole, *parts} - found
                found |= new
                waiting += new
        return found
