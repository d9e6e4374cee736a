"""Pure rules about assignments: states, validity, sums, gaps in time, models and tasks (Z06–Z11)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.assigning import (
    MOVES,
    Span,
    Status,
    Total,
    holds_on,
    may_move,
    most_at_once,
    share_words,
    uncovered,
    warning_months,
)
from districts.organising import DESCRIPTIONS, Area, Model, Responsible, hints
from districts.tasks import AREAS, BY_CODE, TASKS

FIRST = date(2018, 12, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(62)]
ENDS = st.none() | st.sampled_from(DAYS)


@st.composite
def spans(draw):
    begin, end = draw(ENDS), draw(ENDS)
    if begin and end and end < begin:
        begin, end = end, begin
    return begin, end


SHARES = st.none() | st.sampled_from([Decimal("0.25"), Decimal("0.50"), Decimal("1.00")])


@settings(max_examples=60, deadline=None)
@given(st.lists(spans(), max_size=5))
def test_gaps_in_time_are_the_days_nothing_covers(rows):
    naive = {day for day in DAYS if not any(holds_on(day, *row) for row in rows)}
    found = uncovered(DAYS[0], DAYS[-1], rows)
    assert {begin + timedelta(days=n) for begin, end in found for n in range((end - begin).days + 1)} == naive
    assert all(later[0] > earlier[1] + timedelta(days=1) for earlier, later in pairwise(found))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SHARES, spans()), max_size=5))
def test_most_at_once_is_the_busiest_day(rows):
    known = [Span(share, *span) for share, span in rows]
    days = [date.min, *DAYS]
    sums = [sum(one.share or 0 for one in known if holds_on(day, one.valid_from, one.valid_to)) for day in days]
    assert most_at_once(known) == max(sums)


def test_unknown_is_not_nothing():
    assert (str(Total.of(None)), Total.of(None).value) == ("unbekannt", None)
    both = Total.of(Decimal("3.50")) + Total.of(None)
    assert (str(both), both.value, both.known) == ("mindestens 3,5", None, Decimal("3.50"))
    assert [share_words(Decimal(text)) for text in ("2.50", "1.00", "0.75", "10.00")] == ["2,5", "1,0", "0,75", "10,0"]
    assert str(Total()) == "0,0"


def test_every_state_is_in_the_table_and_the_forbidden_jumps_are_not():
    assert set(MOVES) == set(Status)
    assert not may_move(Status.AIMED, Status.RUNNING)
    assert not may_move(Status.CONTINUED, Status.AIMED)
    assert may_move(Status.EXPIRED, Status.RUNNING)


@pytest.mark.parametrize(
    ("ends_on", "months"),
    [
        (date(2026, 11, 25), 0), (date(2026, 11, 26), 6), (date(2027, 5, 26), 6), (date(2027, 5, 27), 12),
        (date(2027, 11, 26), 12), (date(2027, 11, 27), 18), (date(2028, 5, 26), 18), (date(2028, 5, 27), None),
        (None, None),
    ],
)  # fmt: skip
def test_warnings_begin_18_12_and_6_months_before_the_end(ends_on, months):
    assert warning_months(ends_on, date(2026, 11, 26)) == months


def areas(*actors, types=("municipality",) * 3, is_qm=(True,) * 3):
    rows = zip(Area, actors, types, is_qm, strict=True)
    return {area: Responsible(actor, kind if actor else "", qm) for area, actor, kind, qm in rows}


def test_each_model_described_as_in_the_guideline_has_no_hints():
    fitting = {
        0: areas(1, 1, 1),
        1: areas(1, 1, 2, types=("municipality", "municipality", "welfare"), is_qm=(False, False, True)),
        2: areas(1, 1, 2, types=("city_company", "city_company", "welfare"), is_qm=(False, False, True)),
        3: areas(1, 1, 2, types=("planning_office", "planning_office", "welfare"), is_qm=(False, False, True)),
        4: areas(1, 2, 3, types=("municipality", "planning_office", "welfare"), is_qm=(False, True, True)),
        5: areas(2, 2, 2, types=("planning_office",) * 3),
    }
    assert [hints(number, rows) for number, rows in fitting.items()] == [[]] * 6
    assert set(DESCRIPTIONS) == set(Model)


def test_what_does_not_fit_a_model_is_told():
    tandem = areas(1, 2, 2, types=("municipality", "welfare", "welfare"), is_qm=(False, True, True))
    assert hints(4, tandem) == ["Modell 4 braucht zwei verschiedene Träger für Planung und Gemeinwesenarbeit."]
    mixed = areas(2, 3, 2, types=("welfare",) * 3)
    assert hints(5, mixed) == ["Modell 5 kennt nur einen Auftragnehmer für alle drei Bereiche."]
    assert hints(0, areas(1, None, 2, types=("municipality", "", "welfare"))) == [
        "Planung: Niemand ist verantwortlich.",
        "Gemeinwesenarbeit: Dieser Trägertyp passt nicht zu Modell 0.",
    ]
    assert hints(None, areas(1, 1, 1)) == ["Noch kein Organisationsmodell gewählt."]


def test_the_task_matrix_is_complete():
    counts = {letter: sum(task.group == letter for task in TASKS) for letter in AREAS}
    assert counts == {"A": 23, "B": 12, "C": 9, "D": 8, "E": 10, "F": 5, "G": 6, "H": 17}
    assert len(BY_CODE) == len(TASKS) == 90
    assert {mark for task in TASKS for mark in (task.steering, task.planning, task.community)} == {"", "x", "(x)"}
