"""When bodies meet (Z19)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.rhythm import LAST, Rhythm, dates, nth_weekday
from quartier.workdays import holiday_name

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
rhythms = st.builds(
    Rhythm, st.sampled_from([1, 2, 3, 6, 12]), st.integers(1, 12), st.integers(0, 6), st.integers(1, LAST)
)


def test_the_second_tuesday_every_three_months():
    found = list(dates(Rhythm(3, 2, 1, 2), date(2026, 1, 1), date(2026, 12, 31)))
    assert found == [date(2026, 2, 10), date(2026, 5, 12), date(2026, 8, 11), date(2026, 11, 10)]


def test_the_last_friday_of_a_month():
    assert [nth_weekday(2026, month, 4, LAST) for month in (1, 2)] == [date(2026, 1, 30), date(2026, 2, 27)]


def test_a_holiday_moves_the_date_by_a_week():
    assert list(dates(Rhythm(12, 5, 4, 1), date(2026, 1, 1), date(2026, 12, 31))) == [date(2026, 5, 8)]


def test_a_date_that_was_moved_into_the_next_month_is_not_lost():
    # The last Thursday of May 2024 is Corpus Christi, the 30th: it moves to the 6th of June.
    rhythm = Rhythm(12, 5, 3, LAST)
    assert list(dates(rhythm, date(2024, 6, 1), date(2024, 6, 30))) == [date(2024, 6, 6)]
    assert list(dates(rhythm, date(2024, 5, 1), date(2024, 5, 31))) == []


@pytest.mark.parametrize(("rhythm", "words"), [
    (Rhythm(1, 1, 0, 1), "jeden Monat am ersten Montag"),
    (Rhythm(3, 2, 1, LAST), "vierteljährlich am letzten Dienstag"),
])  # fmt: skip
def test_says_it_in_words(rhythm, words):
    assert str(rhythm) == words


@settings(max_examples=60, deadline=None)
@given(rhythms, days, st.integers(0, 800))
def test_every_date_lies_in_the_span_on_its_weekday_and_on_no_holiday(rhythm, since, length):
    until = since + timedelta(days=length)
    found = list(dates(rhythm, since, until))
    assert found == sorted(set(found))
    for day in found:
        assert since <= day <= until
        assert day.weekday() == rhythm.weekday
        assert not holiday_name(day)


@settings(max_examples=60, deadline=None)
@given(rhythms, days, st.integers(0, 400), st.integers(0, 400))
def test_two_spans_give_what_one_gives(rhythm, since, first, second):
    middle, until = since + timedelta(days=first), since + timedelta(days=first + second + 1)
    parts = [*dates(rhythm, since, middle), *dates(rhythm, middle + timedelta(days=1), until)]
    assert parts == list(dates(rhythm, since, until))
