"""Small numbers stay in the house: an attacker tries everything that fits what is shown."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reports.hidden_tables import note
from reports.suppression import hide, suppress
from reports.tables import Cell, Chapter, Column, Figures, Kind, Row, Table

FIVE = 5


def table(rows, columns=("n",), *, code="t", parts=True, keys=None, derived=(), chart="", total=True):
    """A table of counts; `rows` are lists of numbers, the total is their sum. `keys` names the cells of a line."""
    made = [_row(f"Zeile {n}", str(n), values, (keys or {}).get(n)) for n, values in enumerate(rows)]
    sums = [sum(values) for values in zip(*rows, strict=True)] or [0] * len(columns)
    return Table(
        code=code,
        title="Anliegen",
        head="Zeile",
        columns=tuple(Column(name, name) for name in columns) + tuple(derived),
        rows=tuple(made),
        total=_row("Zusammen", "total", sums, (keys or {}).get("total")) if total else None,
        parts=parts,
        chart=chart,
    )


def _row(label, code, values, keys=None):
    keys = keys or [""] * len(values)
    return Row(
        label, tuple(Cell(value, query=f"q={value}", key=key) for value, key in zip(values, keys, strict=True)), code
    )


def with_derived(found, column, work_out):
    """The table with one more column, worked out line by line from the values of its other cells."""

    def longer(row):
        return Row(row.label, (*row.cells, Cell(work_out([cell.value for cell in row.cells], row))), row.code)

    return Table(
        **{
            **found.__dict__,
            "columns": (*found.columns, column),
            "rows": tuple(longer(row) for row in found.rows),
            "total": longer(found.total) if found.total else None,
        }
    )


def shown(found):
    """The values of a table as people see them, the total last."""
    return [["•" if cell.hidden else cell.value for cell in row.cells] for row in found.all_rows()]


def one(rows, **further):
    return shown(hide([table(rows, **further)], FIVE)[0])


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_a_table_without_small_numbers_stays_as_it_is_without_links():
    (found,) = hide([table([[7], [0], [12]])], FIVE)
    assert (shown(found), found.note) == ([[7], [0], [12], [19]], "")
    assert {cell.query for row in found.all_rows() for cell in row.cells} == {""}


def test_a_small_number_takes_the_next_larger_one_with_it():
    assert one([[3], [9], [20], [0]]) == [["•"], ["•"], [20], [0], [32]]


def test_several_small_numbers_protect_each_other_when_they_are_not_small_together():
    assert one([[3], [4], [20]]) == [["•"], ["•"], [20], [27]]
    assert one([[1], [1], [20]]) == [["•"], ["•"], ["•"], [22]]


def test_below_a_small_total_nothing_is_shown_not_even_a_zero():
    assert one([[3], [0], [1]]) == [["•"], ["•"], ["•"], ["•"]]


def test_nothing_at_all_is_no_secret():
    assert one([[0], [0]]) == [[0], [0], [0]]
    assert one([]) == [[0]]


def test_ones_that_fill_their_total_give_each_other_away_unless_something_else_is_hidden():
    assert one([[1]] * 6 + [[0]]) == [["•"]] * 7 + [[6]]


def test_a_hidden_cell_keeps_neither_value_nor_link():
    cell = hide([table([[3], [9]], keys={0: ["kind:idea"]})], FIVE)[0].rows[0].cells[0]
    assert cell == Cell(key="kind:idea", hidden=True)


def test_columns_that_add_up_protect_each_other_although_nobody_said_so():
    rows = [[20, 17, 3], [40, 30, 10], [50, 20, 30]]
    found = one(rows, columns=("all", "told", "open"))
    assert found[0] == [20, "•", "•"]
    assert [line[1:] for line in found].count(["•", "•"]) == 2  # else the totals would give it away
    assert found[3] == [110, 67, 43]


def test_the_same_figure_is_hidden_in_every_table():
    first = table([[3], [9], [20]], keys={0: ["topic:7"]})
    second = table([[3, 8], [30, 31]], columns=("n", "m"), keys={0: ["topic:7", ""]}, parts=False, total=False)
    found = hide([first, second], FIVE)
    assert shown(found[1]) == [["•", 8], [30, 31]]


def test_a_complement_in_one_table_is_protected_in_the_other():
    first = table([[3], [9], [20]], keys={1: ["x"]})
    second = table([[9], [11], [40]], code="u", keys={0: ["x"]})
    found = hide([first, second], FIVE)
    assert shown(found[0]) in ([["•"], ["•"], [20], [32]], [["•"], [9], ["•"], [32]])
    assert attack([first, second], found) == []


def test_shares_rates_and_days_go_with_the_count_they_are_made_of():
    found = with_derived(
        table([[3, 8], [9, 10], [20, 25]], columns=("told", "wanted")),
        Column("rate", "Quote", Kind.SHARE, of=("told", "wanted")),
        lambda values, _: values[0] / values[1],
    )
    found = with_derived(found, Column("days", "Tage", Kind.DAYS, of=("told",)), lambda *_: 4.5)
    hidden = shown(hide([found], FIVE)[0])
    assert hidden[0][2:] == ["•", "•"]
    assert hidden[3] == [32, 43, 32 / 43, 4.5]
    assert [line[0] == "•" for line in hidden] == [line[3] == "•" for line in hidden]


def test_a_share_beside_its_base_gives_its_part_away():
    found = with_derived(
        table([[20], [30], [40]]),
        Column("share", "im Plan", Kind.SHARE, of=("n",)),
        lambda values, row: {"0": 0.1, "1": 0.5, "2": 0.5, "total": 37 / 90}[row.code],
    )
    hidden = shown(hide([found], FIVE)[0])
    assert [line[0] for line in hidden] == [20, 30, 40, 90]
    assert hidden[0][1] == "•"
    assert [line[1] for line in hidden].count("•") == 2


def test_a_change_beside_today_gives_the_number_before_away():
    before = {"0": 3, "1": 30, "2": 9, "total": 42}
    found = with_derived(
        table([[20], [30], [40]]),
        Column("change", "Veränderung", Kind.CHANGE, of=("n",)),
        lambda values, row: values[0] - before[row.code],
    )
    hidden = shown(hide([found], FIVE)[0])
    assert hidden == [[20, "•"], [30, 0], [40, "•"], [90, 48]]


def test_a_share_of_the_total_says_no_more_than_its_count():
    found = with_derived(
        table([[90], [7], [8]]),
        Column("share", "Anteil", Kind.SHARE, of=("n",)),
        lambda values, _: values[0] / 105,
    )
    assert "•" not in str(shown(hide([found], FIVE)[0]))


def test_shares_among_some_lines_of_a_larger_total_do_not_hide_everything():
    """The line without a share is the large total less the one that follows from the shares."""
    sizes = [14, 6, 13, 21, 5, 10, 19, 8, 8, 5]
    keys = {n: [f"area:{n}"] for n in range(len(sizes))}
    areas = table([*([size] for size in sizes), [2]], code="areas", keys={**keys, "total": ["all"]})
    kinds = table([[60], [51]], code="kinds", keys={"total": ["all"]})
    shares = with_derived(
        table([[size] for size in sizes], code="shares", keys=keys, total=False),
        Column("share", "Anteil", Kind.SHARE, of=("n",)),
        lambda values, _: values[0] / sum(sizes),
    )
    found, whole, shared = (shown(one) for one in hide([areas, kinds, shares], FIVE))
    assert whole == [[60], [51], [111]]
    assert found[-1] == [111]
    assert found.count(["•"]) == 2
    assert {share for _, share in shared} == {"•"}


def test_lines_sorted_by_size_lose_the_order_that_would_tell_about_hidden_ones():
    rows = [[30], [9], [4], [2]]
    (found,) = hide([table(rows)], FIVE)
    assert [row.label for row in found.rows] == ["Zeile 0", "Zeile 1", "Zeile 2", "Zeile 3"]
    (found,) = hide([table([[30], [9], [9], [3]])], FIVE)
    hidden = [row.label for row in found.rows if row.cells[0].hidden]
    assert [row.label for row in found.rows][-len(hidden) :] == sorted(hidden)


def test_months_keep_their_order():
    rows = [[30], [3], [9], [0]]
    (found,) = hide([table(rows, chart="line", parts=True)], FIVE)
    assert [row.code for row in found.rows] == ["0", "1", "2", "3"]


def test_the_sentence_below_says_what_the_dot_means():
    (found,) = hide([table([[3], [9]])], 3)
    assert found.note == ""
    (found,) = hide([table([[2], [9]])], 3)
    assert found.note == note(3)
    assert "Zahlen unter 3" in found.note


def test_four_hundred_lines_take_no_time():
    rows = [[n % 7, n % 3, n % 7 + n % 3] for n in range(400)]
    found = shown(hide([table(rows, columns=("a", "b", "all"))], FIVE)[0])
    assert len(found) == 401


def test_figures_lose_sentences_that_were_made_of_real_numbers():
    figures = Figures("Ost", "2025", "", (), "heute", (Chapter("c", "Kapitel", (table([[3], [9]]),), ("3 Ideen.",)),))
    found = suppress(figures, FIVE)
    assert (found.chapters[0].sentences, found.title) == ((), "Ost")
    assert shown(found.table("t")) == [["•"], ["•"], [12]]


# --- The attacker -----------------------------------------------------------------------------------------------------


class Attack:
    """All that somebody can reckon from some tables: unknown whole numbers and the sums they have to fulfil."""

    def __init__(self, real, public, rows_add_up=False):
        self.truth, self.known, self.sums = {}, {}, []
        self._names = count()
        for before, after in zip(real, public, strict=True):
            self._read(before, {row.code: row for row in after.all_rows()}, rows_add_up)
        self.limit = max([*self.truth.values(), 0]) + FIVE

    def _read(self, real, public, rows_add_up):
        counts = [n for n, column in enumerate(real.columns) if column.kind == Kind.COUNT]
        changes = [n for n, column in enumerate(real.columns) if column.kind == Kind.CHANGE]
        names = {}
        for row in real.all_rows():
            cells = public[row.code].cells
            for n in counts:
                names[row.code, n] = self._name(row.cells[n], cells[n])
            for n in changes:
                base = real.index(real.columns[n].of[0])
                name = names[row.code, n] = f"before{next(self._names)}"
                self.truth[name] = row.cells[base].value - row.cells[n].value
                if not (cells[n].hidden or cells[base].hidden):
                    self.known[name] = self.truth[name]
            if rows_add_up:
                self.sums.append((names[row.code, 2], [names[row.code, 0], names[row.code, 1]]))
        if real.parts and real.total:
            for n in (*counts, *changes):
                self.sums.append((names["total", n], [names[row.code, n] for row in real.rows]))

    def _name(self, real, public):
        name = real.key or f"cell{next(self._names)}"
        self.truth[name] = real.value
        if not public.hidden:
            self.known[name] = public.value
        return name

    def given_away(self):
        """Small numbers that are hidden and have only one solution."""
        small = [name for name, value in self.truth.items() if 0 < value < FIVE and name not in self.known]
        return [name for name in small if not self._another_world(name)]

    def _another_world(self, name):
        touched = self._hanging_together(name)
        order = sorted(touched, key=lambda one: (one != name, one))
        return self._try(order, 0, dict(self.known), name)

    def _hanging_together(self, name):
        found = {name}
        while True:
            more = {
                one
                for whole, parts in self.sums
                if found & {whole, *parts}
                for one in (whole, *parts)
                if one not in self.known
            }
            if more <= found:
                return found
            found |= more

    def _try(self, order, position, world, wanted):
        if position == len(order):
            return True
        name = order[position]
        true = self.truth[name]
        for value in sorted(range(self.limit + 1), key=lambda value: abs(value - true)):
            if name == wanted and value == true:
                continue
            world[name] = value
            if all(self._possible(total, world) for total in self.sums if name in (total[0], *total[1])) and self._try(
                order, position + 1, world, wanted
            ):
                return True
        del world[name]
        return False

    def _possible(self, total, world):
        whole, parts = total
        low = sum(world.get(one, 0) for one in parts)
        open_parts = sum(one not in world for one in parts)
        if whole not in world:
            return low <= self.limit * len(parts)
        return low <= world[whole] if open_parts else low == world[whole]


def attack(real, public, rows_add_up=False):
    return Attack(real, public, rows_add_up).given_away()


def test_the_attacker_finds_what_is_badly_hidden():
    real = table([[3], [9]])
    badly = table([[3], [9]])
    badly = Table(**{**badly.__dict__, "rows": (Row("a", (Cell(hidden=True),), "0"), badly.rows[1])})
    assert len(attack([real], [badly])) == 1


numbers = st.integers(0, 9)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(numbers, min_size=2, max_size=2), min_size=1, max_size=4), sizes=st.data())
def test_no_small_number_can_be_worked_out_from_lines_columns_and_changes(rows, sizes):
    real = table([[a, b, a + b] for a, b in rows], columns=("a", "b", "all"))
    before = {row.code: sizes.draw(numbers) for row in real.rows}
    before["total"] = sum(before.values())
    real = with_derived(
        real, Column("c", "Veränderung", Kind.CHANGE, of=("all",)), lambda values, row: values[2] - before[row.code]
    )
    public = hide([real], FIVE)
    assert attack([real], public, rows_add_up=True) == []
    assert sums_are_large(real, public[0])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(grid=st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=3))
def test_nor_from_tables_that_share_figures(grid):
    """One table of lines by columns; a second one has its first line as lines, a third one its total."""
    keys = {n: [f"{n}:{m}" for m in range(3)] for n in range(len(grid))}
    keys["total"] = [f"total:{m}" for m in range(3)]
    first = table(grid, columns=("a", "b", "c"), keys=keys)
    second = table([[value] for value in grid[0]], code="u", keys={m: [keys[0][m]] for m in range(3)})
    total = [cell.value for cell in first.total.cells]
    third = table([[value] for value in total], code="v", keys={m: [keys["total"][m]] for m in range(3)})
    real = [first, second, third]
    public = hide(real, FIVE)
    assert attack(real, public) == []
    for before, after in zip(real, public, strict=True):
        assert sums_are_large(before, after)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4))
@example(rows=[(9, 1), (9, 0)])
def test_nor_as_what_a_number_leaves_of_another(rows):
    """Of 20 people 18 were told: two were not, although no column says so."""
    real = table([[part, rest, part + rest] for part, rest in rows], columns=("told", "rest", "wanted"))
    public = hide([_without_rest(real)], FIVE)[0]
    lines = {row.code: row.cells for row in public.all_rows()}
    seen = [
        Row(row.label, (lines[row.code][1], Cell(hidden=True), lines[row.code][0]), row.code) for row in real.all_rows()
    ]
    public = replace(real, rows=tuple(seen[:-1]), total=seen[-1])
    assert attack([real], [public], rows_add_up=True) == []


def _without_rest(real):
    def shorter(row):
        return Row(row.label, (row.cells[2], row.cells[0]), row.code)

    return replace(
        real,
        columns=(Column("wanted", "geschuldet"), Column("told", "erfolgt", part_of="wanted")),
        rows=tuple(shorter(row) for row in real.rows),
        total=shorter(real.total),
    )


def test_a_rest_that_is_large_or_nothing_hides_nothing():
    rows = [[20, 0, 20], [10, 6, 16], [8, 9, 17]]
    found = shown(hide([_without_rest(table(rows, columns=("told", "rest", "wanted")))], FIVE)[0])
    assert found == [[20, 20], [16, 10], [17, 8], [53, 38]]


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.integers(0, 30), max_size=12), threshold=st.integers(2, 12))
def test_every_number_below_the_threshold_is_hidden_and_every_zero_above_a_large_total_is_shown(rows, threshold):
    (found,) = hide([table([[value] for value in rows])], threshold)
    values = [cell.value for row in found.all_rows() for cell in row.cells if not cell.hidden]
    assert [value for value in values if 0 < value < threshold] == []


def sums_are_large(real, public):
    """What is hidden in a shown sum consists of two cells at least and is not small together."""
    lines = {row.code: row for row in public.rows}
    for n, column in enumerate(real.columns):
        if column.kind != Kind.COUNT or public.total.cells[n].hidden:
            continue
        values = [row.cells[n].value for row in real.rows if lines[row.code].cells[n].hidden]
        if any(values) and (len(values) < 2 or sum(values) < FIVE):
            return False
    return True


@pytest.mark.parametrize("threshold", [2, 3, 5, 10])
def test_a_table_of_a_whole_year_keeps_most_of_what_it_says(threshold):
    rows = [[n * n % 37 + 3] for n in range(30)]
    (found,) = hide([table(rows)], threshold)
    small = sum(1 for (value,) in rows if value < threshold)
    assert sum(cell.hidden for row in found.rows for cell in row.cells) <= small + 1
