"""The figures are right: counted again by hand over random histories (I12, K22)."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from concerns.filters import ConcernFilter
from reports.choice import Choice, Span
from reports.figures import evaluate
from reports.frame import percentile
from reports.sums import count_anew
from reports.tables import Kind
from tests import make
from tests.reports.drift import assert_not_adrift
from tests.reports.history import ENDINGS, PROMISES, STORY, City
from tests.reports.recount import Recount, ninety

CONCERN_TABLES = {"kinds": "kind", "channels": "channel", "spots": "spot", "topics": "topic_id"}


def values(figures, code: str) -> dict[str, dict]:
    """A table as row code -> column code -> value."""
    table = figures.table(code)
    return {
        row.code: {column.code: cell.value for column, cell in zip(table.columns, row.cells, strict=True)}
        for row in table.all_rows()
    }


def assert_parts(table: dict, expected: dict, total: int, column: str = "now") -> None:
    """The lines are the expected ones, what is left out is zero, and the last line is the total."""
    found = {code: row[column] for code, row in table.items() if code != "total" and row[column]}
    assert found == {code: n for code, n in expected.items() if n}
    assert table["total"][column] == total
    if column == "now":
        for code, row in table.items():
            n = row["now"]
            assert row["share"] == ((n if code != "total" else total) / total if total else None)


def assert_counted_by_hand(figures, choice: Choice) -> None:
    """Every figure of an evaluation equals the one counted by hand."""
    where = {name: getattr(choice, name) for name in ("districts", "topics", "departments")}
    for column, span in (("now", choice.span), ("before", choice.comparison)):
        if span is None:
            continue
        hand = Recount(span, **where)
        everything = len(hand.concerns)
        overview = values(figures, "overview")
        assert {code: row[column] for code, row in overview.items()} == {
            "all": everything,
            "closed": hand.count(hand.closed),
            "open": everything - hand.count(hand.closed),
            "bundled": hand.count(lambda one: one["lead_id"]),
            "reopened": hand.count(lambda one: one["reopened_count"]),
            "handed_over": len({one["id"] for one in hand.concerns} & hand.moved),
        }
        for code, name in CONCERN_TABLES.items():
            by = hand.by(name)
            expected = {key or "none": n for key, n in by.items()}
            assert_parts(values(figures, code), expected, everything, column)
        assert_parts(values(figures, "paths"), hand.ways(), everything, column)
        closed, refused = hand.count(hand.closed), hand.count(hand.refused)
        assert_parts(values(figures, "outcomes"), hand.by("outcome", hand.closed), closed, column)
        assert_parts(values(figures, "reasons"), hand.by("reason_category", hand.refused), refused, column)
        promised = {f"promise_{key}": n for key, n in hand.by("promise", lambda one: one["promise"]).items()}
        assert_parts(values(figures, "promises"), promised, sum(promised.values()), column)
        _people(figures, hand, column)
        _rates(figures, hand, column)
        themes = values(figures, "themes")
        assert sum(row[column] for code, row in themes.items() if code != "total") == everything
    _now_only(figures, choice, Recount(choice.span, **where))


def _people(figures, hand: Recount, column: str) -> None:
    tests = hand.tests()
    for code in ("feedback", "waived", "reactions", "messages"):
        for key, row in values(figures, code).items():
            people, concerns = hand.people_and_concerns(tests["wanted" if key == "total" else key])
            assert row["people" if column == "now" else "before"] == people, (code, key)
            if column == "now":
                assert row["concerns"] == concerns, (code, key)
    owed = hand.people_and_concerns(hand.owed)[0]
    for key, row in values(figures, "feedback").items():
        if column == "now":
            assert row["share"] == (hand.people_and_concerns(tests[key])[0] / owed if owed else None)


def _rates(figures, hand: Recount, column: str) -> None:
    rates, waits, everybody = values(figures, "rates"), hand.waits(), hand.department()
    by = hand.by("promise")
    settled = by.get("kept", 0) + by.get("broken", 0)
    owed, told = (hand.people_and_concerns(test)[0] for test in (hand.owed, hand.told))

    def middle(days):
        return ninety_or_none(days, 0.5)

    assert {code: row[column] for code, row in rates.items()} == {
        "forwarded": hand.ways().get("forwarded", 0) / len(hand.concerns) if hand.concerns else None,
        "in_time": everybody["in_time_share"],
        "feedback": told / owed if owed else None,
        "kept": by.get("kept", 0) / settled if settled else None,
        "answer_days": everybody["median"],
        "reply_days": middle(waits["days:reply"]),
        "receipt_days": middle(waits["days:receipt"]),
    }
    if column == "now":
        for measure, row in values(figures, "feedback_days").items():
            days = waits[measure]
            assert row["people"] == len(days)
            assert row["median"] == middle(days)
            assert row["p90"] == (pytest.approx(ninety(days)) if days else None)


def ninety_or_none(days, at):
    """Median of days, None without any."""
    days = sorted(days)
    if not days:
        return None
    half = len(days) // 2
    return days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2


def _now_only(figures, choice: Choice, hand: Recount) -> None:
    departments = values(figures, "departments")
    for key, row in departments.items():
        expected = hand.department(None if key == "total" else int(key))
        assert row == {**expected, "p90": pytest.approx(expected["p90"]) if expected["p90"] is not None else None}
    assert {int(key) for key in departments if key != "total"} == {one["department_id"] for one in hand.mine}
    districts = values(figures, "districts")
    for area in hand.areas():
        code = str(area) if area else "outside"
        expected = hand.district(area)
        if code in districts:
            assert {name: districts[code][name] for name in expected} == expected
        else:
            assert expected["now"] == 0
    for code, row in values(figures, "trend").items():
        if code != "total":
            since = date.fromisoformat(code)
            until = min(choice.until, (since.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1))
            assert row == hand.month(since, until)
        else:
            assert row == hand.month(choice.since, choice.until)
    for table, column in (("unheard_languages", "language"), ("reporters", "kind")):
        expected = hand.people_by(column)
        found = {code: row["now"] for code, row in values(figures, table).items() if code != "total" and row["now"]}
        assert found == expected
    channels = {code: row["now"] for code, row in values(figures, "unheard_channels").items() if row["now"]}
    assert channels == hand.by("channel")
    attempts = {code: row["people"] for code, row in values(figures, "attempts").items() if code != "total"}
    assert attempts == hand.attempts()


def assert_lists_agree(figures, user) -> None:
    """Behind every count lies a list with just as many concerns."""
    for table in figures.tables():
        for row in table.all_rows():
            for cell in row.cells:
                if cell.query:
                    found = ConcernFilter(QueryDict(cell.query), user=user)
                    assert found.qs.count() == cell.value, (table.code, row.label, cell.query)


SEEN: Counter = Counter()
# What must have occurred in at least one history, so that the comparison was one of more than zeros.
MUST_OCCUR = {
    *("overview/closed", "overview/bundled", "overview/reopened", "overview/handed_over", "paths/forwarded"),
    *("paths/own", "paths/referred", "paths/undecided", "outcomes/declined", "reasons/legal", "promises/promise_kept"),
    *("promises/promise_broken", "promises/promise_open", "feedback/told", "feedback/waiting", "feedback/unreached"),
    *("waived/waived_anonymous", "messages/interim", "messages/interim_owed", "messages/came_back", "spots/none"),
    *("reactions/unsatisfied", "districts/outside", "attempts/2", "feedback_days/days:reply", "departments/total"),
    *("departments.returned", "departments.in_time", "departments.overdue"),
}


def _occurring(figures):
    for table in figures.tables():
        for row in table.all_rows():
            if row.cells[0].value:
                yield f"{table.code}/{row.code}"
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.kind == Kind.COUNT and cell.value:
                    yield f"{table.code}.{column.code}"


def choices(city: City):
    """Whole months (kept sums), odd days, parts of the city, topics and departments."""
    month = make.today().replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    yield Choice(before - timedelta(days=40), make.today(), before, make.today() - timedelta(days=3))
    yield Choice(before, end, districts=(city.district.pk, 0))
    yield Choice(before, end, topics=(str(city.topics[0].pk),), departments=(city.departments[0].pk,))
    yield Choice(date(month.year - 1, 1, 1), end, before, month - timedelta(days=1))


@pytest.mark.django_db
def test_every_figure_equals_the_one_counted_by_hand_and_its_list():
    SEEN.clear()

    @settings(
        max_examples=10, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
        derandomize=True, database=None,
    )  # fmt: skip
    @example(first=PROMISES, then=ENDINGS)
    @given(first=st.lists(STORY, min_size=5, max_size=14), then=st.lists(STORY, min_size=2, max_size=6))
    def check(first, then):
        with transaction.atomic():
            city = City()
            for story in first:
                city.play(story)
            count_anew()  # what is kept now is made wrong by the stories that follow
            for story in then:
                city.play(story)
            for choice in choices(city):
                figures = evaluate(choice)
                assert_counted_by_hand(figures, choice)
                assert_not_adrift(choice)
                SEEN.update(_occurring(figures))
            assert_lists_agree(figures, city.planner)
            transaction.set_rollback(True)

    check()
    assert sorted(MUST_OCCUR - set(SEEN)) == []


@pytest.mark.parametrize(
    ("spread", "at", "expected"),
    [({}, 0.5, None), ({4: 1}, 0.9, 4), ({1: 1, 2: 1}, 0.5, 1.5), ({1: 2, 5: 1}, 0.5, 1), ({0: 9, 10: 1}, 0.9, 1.0),
     ({3: 1000}, 0.9, 3)],
)  # fmt: skip
def test_percentile(spread, at, expected):
    assert percentile(Counter(spread), at) == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.django_db
def test_percentile_is_that_of_the_database():
    values = [0, 0, 1, 3, 3, 3, 8, 21, 22, 40, 41]
    with connection.cursor() as cursor:
        for at in (0.1, 0.5, 0.77, 0.9):
            cursor.execute(
                "SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY v) FROM unnest(%s::int[]) AS v", [at, values]
            )
            assert percentile(Counter(values), at) == pytest.approx(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("since", "until", "months", "edges"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), 3, []),
        (date(2026, 1, 2), date(2026, 1, 31), 0, [Span(date(2026, 1, 2), date(2026, 1, 31))]),
        (date(2025, 12, 15), date(2026, 2, 3), 1,
         [Span(date(2025, 12, 15), date(2025, 12, 31)), Span(date(2026, 2, 1), date(2026, 2, 3))]),
        (date(2026, 2, 1), date(2026, 2, 28), 1, []),
    ],
)  # fmt: skip
def test_whole_months_and_what_is_left_of_a_period(since, until, months, edges):
    span = Span(since, until)
    assert len(list(span.months())) == months
    assert span.edges() == edges


@pytest.mark.django_db
def test_everything_that_is_chosen_survives_storing():
    choice = Choice(
        date(2026, 1, 1), date(2026, 3, 31), date(2025, 1, 1), date(2025, 3, 31), (3, 0), ("feld-2", "7"), (5,)
    )
    assert Choice.from_json(json.loads(json.dumps(choice.to_json()))) == choice
    assert Choice.from_json(choice.without_comparison().to_json()).comparison is None
