"""Charts as geometry and as SVG: what is drawn, what is not, and what somebody hears who does not see them."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from reports.charts import MOST_BARS, NARROW, WIDE, chart_of
from reports.tables import Cell, Column, Kind, Row, Table
from reports.templatetags.charts import chart

HIDDEN = Cell(hidden=True)
LONG = "Quartier mit einem sehr langen Namen am Rand der Stadt Aachen"


def table(*rows, columns=("Anliegen",), chart="bar", kind=Kind.COUNT):
    return Table(
        "topics",
        "Anliegen nach Thema",
        "Thema",
        tuple(Column(f"c{n}", label, kind) for n, label in enumerate(columns)),
        tuple(Row(label, tuple(v if isinstance(v, Cell) else Cell(v) for v in values)) for label, *values in rows),
        chart=chart,
        charted=tuple(f"c{n}" for n in range(len(columns))),
    )


def widths(found):
    return [float(bar.width) for bar in found.bars]


def texts(found):
    return [one.text for one in found.texts]


def test_bars_are_as_long_as_their_numbers_and_carry_them():
    found = chart_of(table(("Müll", 40), ("Licht", 10), ("Lärm", 20)))
    longest = widths(found)[0]
    assert widths(found) == [longest, pytest.approx(longest / 4, abs=0.1), pytest.approx(longest / 2, abs=0.1)]
    assert texts(found) == ["Müll", "40", "Licht", "10", "Lärm", "20"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_nothing_leaves_the_drawing(width):
    found = chart_of(table((LONG, 1234567890), ("Klein", 3), ("Minus", -700000)), width=width)
    for bar in found.bars:
        assert float(bar.x) >= 0
        assert float(bar.x) + float(bar.width) <= width
    ends = [float(one.x) + len(one.text) * 8 for one in found.texts if one.anchor == "start"]
    starts = [float(one.x) - len(one.text) * 8 for one in found.texts if one.anchor == "end"]
    assert max(ends) <= width
    assert min(starts, default=0) >= 0
    assert " ".join(text for text in texts(found) if text in LONG) == LONG


def test_hidden_and_missing_numbers_have_a_sign_and_no_bar():
    found = chart_of(table(("Müll", 40), ("Klein", HIDDEN), ("Nichts", None), ("Null", 0)))
    assert len(found.bars) == 1
    assert texts(found)[1::2] == ["40", "•", "–", "0"]
    assert "Klein: Anliegen nicht ausgewiesen" in found.detail


def test_only_zeros_are_drawn_without_bars_and_only_hidden_ones_not_at_all():
    assert chart_of(table(("Müll", 0), ("Licht", 0))).bars == []
    assert chart_of(table(("Müll", HIDDEN), ("Licht", HIDDEN))) is None
    assert chart_of(table()) is None
    assert chart_of(table(("Müll", 1), chart="")) is None


def test_negative_numbers_go_the_other_way():
    found = chart_of(table(("Weniger", -30), ("Mehr", 10), kind=Kind.CHANGE))
    less, more = found.bars
    assert float(less.x) + float(less.width) == pytest.approx(float(more.x), abs=0.2)
    assert texts(found)[1::2] == ["−30", "+10"]


def test_long_tables_say_how_much_is_not_drawn():
    found = chart_of(table(*((f"Zeile {n}", n) for n in range(400))))
    assert len(found.bars) == MOST_BARS - 1  # the first is zero
    assert texts(found)[-1] == "und 380 weitere in der Tabelle"


def test_long_names_leave_room_for_the_page():
    name = "Siedlung am ehemaligen Güterbahnhof Aachen-Nordwest mit Alter Tuchfabrik (Teil {})"
    found = chart_of(
        table(*((name.format(n), n + 1, n) for n in range(30)), columns=("Anliegen", "Vergleich")), width=WIDE
    )
    assert found.height < 780  # 21 cm of the 25 that a page has
    assert texts(found)[-1] == f"und {30 - (len(found.bars) + 1) // 2} weitere in der Tabelle"


def test_two_columns_are_two_bars_with_a_legend():
    found = chart_of(table(("Ost", 30, 20), ("Nord", 10, HIDDEN), columns=("Anliegen", "Vergleich")))
    assert [bar.series for bar in found.bars] == [0, 1, 0]
    assert [key.label for key in found.legend] == ["Anliegen", "Vergleich"]
    assert (found.legend[1].colour, found.legend[1].dashes) == ("#c25400", "7 4")


def test_parts_of_a_total_are_pieces_of_one_bar():
    found = chart_of(table(("weitergeleitet", 60), ("selbst", 30), ("offen", 10), chart="stacked"))
    assert widths(found) == [240, 120, 40]
    assert [key.label for key in found.legend] == ["weitergeleitet: 60", "selbst: 30", "offen: 10"]


def test_what_is_hidden_of_a_total_stays_empty_inside_a_frame():
    """The bar is as long as its part of the total, not as long as the drawing."""
    parts = table(("gehört", 75), ("wartet", HIDDEN), ("nicht erreicht", HIDDEN), chart="stacked")
    found = chart_of(replace(parts, total=Row("geschuldet", (Cell(100),))))
    assert widths(found) == [pytest.approx(0.75 * found.width)]
    assert len(found.axis) == 4


def test_parts_of_a_total_that_nobody_knows_are_not_drawn():
    parts = table(("gehört", 75), ("wartet", HIDDEN), chart="stacked")
    for unknown in (parts, replace(parts, total=Row("geschuldet", (HIDDEN,)))):
        found = chart_of(unknown)
        assert (found.bars, len(found.axis)) == ([], 1)
        assert [key.label for key in found.legend] == ["gehört: 75", "wartet: •"]


def test_more_parts_than_colours_are_put_together():
    found = chart_of(table(*(("a", 4), ("b", 3), ("c", 2), ("d", 1), ("e", 1)), chart="stacked"))
    assert [key.label for key in found.legend] == ["a: 4", "b: 3", "c: 2", "übrige: 2"]


def test_stacks_of_several_columns_stand_one_after_the_other():
    found = chart_of(table(("Ost", 10, 20, 10), columns=("a", "b", "c"), chart="stacked"), width=WIDE)
    first, second, third = found.bars
    assert float(first.x) + float(first.width) == pytest.approx(float(second.x), abs=0.2)
    assert float(second.width) == pytest.approx(2 * float(third.width), abs=0.2)
    assert texts(found) == ["Ost", "10 · 20 · 10"]


def test_a_line_breaks_where_a_number_is_hidden():
    rows = [(f"{n:02d}.2026", HIDDEN if n == 4 else n) for n in range(1, 8)]
    found = chart_of(table(*rows, chart="line"))
    assert [line.points.count(",") for line in found.lines] == [3, 3]
    assert len(found.marks) == 6


def test_a_single_month_is_a_point_and_months_do_not_run_into_each_other():
    assert len(chart_of(table(("01.2026", 4), chart="line")).marks) == 1
    months = [(f"{n % 12 + 1:02d}.{2020 + n // 12}", n) for n in range(36)]
    found = chart_of(table(*months, chart="line"), width=WIDE)
    assert _nearest(found) > 55
    for count in range(2, 14):  # the last one moves away from the edge, towards the one before
        assert _nearest(chart_of(table(*months[:count], chart="line"))) > 55


def _nearest(found):
    places = [float(one.x) for one in found.texts if one.anchor == "middle"]
    return min(b - a for a, b in pairwise(places))


def test_the_axis_of_counts_has_whole_numbers():
    for highest in (0, 1, 3, 7, 1234567):
        found = chart_of(table(("01.2026", highest), ("02.2026", 0), chart="line"))
        names = [one.text for one in found.texts if one.anchor == "end"]
        assert all(re.fullmatch(r"[\d.]+", name) for name in names)
        assert len(set(names)) == len(names) >= 2


@pytest.mark.parametrize("kind", ["bar", "stacked", "line"])
@pytest.mark.parametrize("paper", [False, True])
def test_the_drawing_is_well_formed_and_says_what_it_shows(kind, paper):
    found = table(("Müll & <Sperrgut>", 40, 12), ("Licht", 10, 3), columns=("Anliegen", "Vergleich"), chart=kind)
    svg = ElementTree.fromstring(chart(found, paper))
    name = "{http://www.w3.org/2000/svg}"
    title, detail = svg.find(f"{name}title"), svg.find(f"{name}desc")
    assert title.text.endswith("Anliegen nach Thema. Höchster Wert: Müll & <Sperrgut>, 40.")
    assert "Licht: Anliegen 10, Vergleich 3" in detail.text
    assert svg.get("aria-labelledby") == title.get("id")
    assert [one.get("style") for one in svg.iter() if one.get("style")] == []
    numbers = [value for one in svg.iter() for key, value in one.items() if key in {"x", "y", "width", "height"}]
    assert [value for value in numbers if "," in value] == []


def test_nothing_to_draw_gives_nothing():
    assert chart(table()) == ""
