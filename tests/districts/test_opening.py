"""When an office is open: every answer against a naive count over days and minutes (Z03, Q06, Q14)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts import opening
from districts.hours_words import changes_ahead, lines_on, now_of
from districts.opening import Change, Hours, Kind
from quartier.workdays import holiday_name

WEDNESDAY = date(2026, 11, 25)
unhurried, few = settings(deadline=None), settings(deadline=None, max_examples=60)


@dataclass(frozen=True)
class Slot:
    """A slot that no database has."""

    pk: int = 1
    weekday: int = 2
    starts: time = time(10)
    ends: time = time(12)
    kind: str = Kind.OPEN
    room: str = ""
    needs_appointment: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    anchor: date | None = None
    what: str = "Öffnungszeit"


@dataclass(frozen=True)
class Exception_:
    """An exception that no database has."""

    first_day: date = WEDNESDAY
    last_day: date = WEDNESDAY
    change: str = Change.CLOSED
    pk: int = 1
    slot_id: int | None = None
    starts: time | None = None
    ends: time | None = None
    kind: str = ""
    reason: str = "Betriebsausflug"
    what: str = "Nachbarschaftsabend"


# --- The naive way: what holds in a minute of a day, rule by rule ---------------------------------------------------


def slot_holds(slot: Slot, day: date) -> bool:
    """Walk from the anchor in steps of two weeks; whether one of them is the week of the day."""
    if slot.weekday != day.weekday():
        return False
    if slot.valid_from is not None and day < slot.valid_from:
        return False
    if slot.valid_to is not None and day > slot.valid_to:
        return False
    if slot.anchor is None:
        return True
    weeks = {slot.anchor + timedelta(days=14 * n) for n in range(-80, 81)}
    return any(monday <= day <= monday + timedelta(days=6) for monday in weeks)


def naive_entries(hours: Hours, day: date) -> list[tuple]:
    if (hours.opened_on and day < hours.opened_on) or (hours.closed_on and day > hours.closed_on):
        return []
    here = [one for one in hours.exceptions if one.first_day <= day and day <= one.last_day]
    all_off = any(one.change == Change.CLOSED and one.slot_id is None for one in here)
    off = [one.slot_id for one in here if one.change == Change.CLOSED]
    free = bool(holiday_name(day)) and Change.AS_USUAL not in [one.change for one in here]
    found = []
    for slot in hours.slots:
        if slot_holds(slot, day) and not all_off and not free and slot.pk not in off:
            found.append((slot.starts, slot.ends, slot.kind, slot.needs_appointment))
    found += [(one.starts, one.ends, one.kind, False) for one in here if one.change == Change.EXTRA]
    return sorted(found)


def naive_open(hours: Hours, moment: datetime) -> bool:
    return any(
        starts <= moment.time() < ends and kind in ("open", "consultation") and not appointment
        for starts, ends, kind, appointment in naive_entries(hours, moment.date())
    )


# --- Worlds that Hypothesis makes up --------------------------------------------------------------------------------

DAYS = st.dates(date(2025, 12, 1), date(2026, 7, 31))  # Christmas, Easter and all movable feasts
QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
KINDS = st.sampled_from(list(Kind))


@st.composite
def spans(draw) -> tuple[time, time]:
    starts = draw(st.integers(0, 94))
    ends = draw(st.integers(starts + 1, 95))
    return time(starts // 4, starts % 4 * 15), time(ends // 4, ends % 4 * 15)


@st.composite
def validities(draw) -> tuple[date | None, date | None]:
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    return (last, first) if first and last and first > last else (first, last)


@st.composite
def slots(draw, pk: int) -> Slot:
    starts, ends = draw(spans())
    valid_from, valid_to = draw(validities())
    anchor = draw(st.none() | DAYS.map(opening.monday_of))
    return Slot(
        pk, draw(st.integers(0, 6)), starts, ends, draw(KINDS), draw(st.sampled_from(["", "Gruppenraum", "Büro"])),
        draw(st.booleans()), valid_from, valid_to, anchor,
    )  # fmt: skip


@st.composite
def exceptions(draw, known: int) -> Exception_:
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 10)))
    change = draw(st.sampled_from(list(Change)))
    if change == Change.EXTRA:
        starts, ends = draw(spans())
        return Exception_(first, last, change, starts=starts, ends=ends, kind=draw(KINDS))
    slot = draw(st.none() | st.integers(1, known)) if change == Change.CLOSED and known else None
    return Exception_(first, last, change, slot_id=slot)


@st.composite
def worlds(draw) -> Hours:
    count = draw(st.integers(0, 6))
    made = [draw(slots(pk)) for pk in range(1, count + 1)]
    changes = draw(st.lists(exceptions(count), max_size=4))
    opened_on, closed_on = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if opened_on and closed_on and opened_on > closed_on:
        opened_on, closed_on = closed_on, opened_on
    return Hours(made, changes, opened_on, closed_on)


@unhurried
@given(worlds(), DAYS)
def test_the_plan_of_a_day_is_what_a_naive_count_finds(hours, day):
    plan = opening.plan_of(hours, day)
    found = sorted(
        (one.starts, one.ends, one.kind, getattr(one.source, "needs_appointment", False)) for one in plan.entries
    )
    assert found == naive_entries(hours, day)
    assert [one.starts for one in plan.entries] == sorted(one.starts for one in plan.entries)


@unhurried
@given(worlds(), DAYS, QUARTERS)
def test_open_at_a_moment_on_a_day_and_until_when(hours, day, at):
    moment = datetime.combine(day, at)
    assert opening.is_open_at(hours, moment) is naive_open(hours, moment)
    steps = [datetime.combine(day, time()) + timedelta(minutes=15 * n) for n in range(96)]
    assert opening.is_open_on(hours, day) is any(naive_open(hours, step) for step in steps)
    closed = [step.time() for step in steps if step > moment and not naive_open(hours, step)]
    if naive_open(hours, moment):
        assert opening.open_until(hours, moment) == closed[0]


@few
@given(worlds(), DAYS, QUARTERS)
def test_the_next_opening_is_the_first_beginning_after_the_moment(hours, day, at):
    moment, found = datetime.combine(day, at), None
    for n in range(opening.LOOK_AHEAD):
        starts = [
            begin
            for begin, _, kind, appointment in naive_entries(hours, day + timedelta(days=n))
            if kind in ("open", "consultation") and not appointment and (n > 0 or begin > at)
        ]
        if starts:
            found = (day + timedelta(days=n), min(starts))
            break
    entry = opening.next_opening(hours, moment)
    assert (entry and (entry.day, entry.starts)) == found


@unhurried
@given(worlds(), DAYS)
def test_a_week_goes_from_monday_to_sunday(hours, day):
    week = opening.week_of(hours, day)
    assert [plan.weekday for plan in week] == list(opening.WEEKDAYS)
    assert day in [plan.day for plan in week]
    assert week == [opening.plan_of(hours, plan.day) for plan in week]


@few
@given(slots(1), slots(2), DAYS)
def test_a_clash_is_the_first_day_on_which_both_need_the_room(one, other, since):
    days = [since + timedelta(days=n) for n in range(400)]
    common = one.room and one.room == other.room and one.starts < other.ends and other.starts < one.ends
    first = next((day for day in days if common and slot_holds(one, day) and slot_holds(other, day)), None)
    assert opening.first_clash(one, other, since) == opening.first_clash(other, one, since) == first
    assert opening.clashes([one, other], since) == ([(one, other, first)] if first else [])


@unhurried
@given(st.lists(slots(1), max_size=6), DAYS)
def test_hours_of_a_week_are_the_mean_of_two_weeks(made, day):
    lasting = [slot for slot in made if opening.is_valid(slot, day)]
    endless = [Slot(1, one.weekday, one.starts, one.ends, one.kind, anchor=one.anchor) for one in lasting]
    expected = dict.fromkeys((one.kind for one in lasting), 0)
    for slot in endless:
        days = (opening.monday_of(day) + timedelta(days=n) for n in range(14))
        length = datetime.combine(day, slot.ends) - datetime.combine(day, slot.starts)
        expected[slot.kind] += sum(length.seconds / 60 for one in days if slot_holds(slot, one)) / 2
    assert opening.weekly_minutes(made, day) == expected


# --- Single rules, so that they can be read -------------------------------------------------------------------------


def test_every_second_week_is_counted_from_the_anchor_in_both_directions():
    slot = Slot(anchor=date(2026, 11, 23))
    days = [WEDNESDAY + timedelta(days=7 * n) for n in (-52, -2, -1, 0, 1, 2, 53)]
    assert [opening.runs_on(slot, day) for day in days] == [True, True, False, True, False, True, False]


def test_both_ends_of_the_validity_count():
    slot = Slot(valid_from=WEDNESDAY, valid_to=WEDNESDAY)
    around = [WEDNESDAY + timedelta(days=7 * n) for n in (-1, 0, 1)]
    assert [opening.runs_on(slot, day) for day in around] == [False, True, False]


def test_a_holiday_closes_by_itself_unless_somebody_says_otherwise():
    ascension, slot = date(2026, 5, 14), Slot(weekday=3)
    plan = opening.plan_of(Hours([slot]), ascension)
    assert (plan.entries, plan.holiday) == ((), "Christi Himmelfahrt")
    open_anyway = Exception_(ascension, ascension, Change.AS_USUAL)
    plan = opening.plan_of(Hours([slot], [open_anyway]), ascension)
    assert ([entry.source for entry in plan.entries], plan.holiday) == ([slot], "")
    extra = Exception_(ascension, ascension, Change.EXTRA, starts=time(11), ends=time(13), kind=Kind.OPEN)
    plan = opening.plan_of(Hours([slot], [extra]), ascension)
    assert ([entry.source for entry in plan.entries], plan.holiday) == ([extra], "Christi Himmelfahrt")


def test_closed_but_for_certain_hours():
    extra = Exception_(change=Change.EXTRA, starts=time(8), ends=time(9), kind=Kind.OPEN)
    plan = opening.plan_of(Hours([Slot()], [Exception_(), extra]), WEDNESDAY)
    assert ([entry.starts for entry in plan.entries], plan.reasons) == ([time(8)], ("Betriebsausflug",))


def test_one_slot_alone_can_be_off():
    hours = Hours([Slot(1), Slot(2, starts=time(14), ends=time(15))], [Exception_(slot_id=2)])
    plan = opening.plan_of(hours, WEDNESDAY)
    assert ([entry.source.pk for entry in plan.entries], plan.reasons) == ([1], ())


@pytest.mark.parametrize(
    ("kind", "appointment", "is_open"),
    [
        (Kind.OPEN, False, True),
        (Kind.CONSULTATION, False, True),
        (Kind.CONSULTATION, True, False),
        (Kind.THIRD_PARTY, False, False),
        (Kind.MEETING, False, False),
    ],
)
def test_open_means_that_anybody_can_walk_in_to_the_quartiersmanagement(kind, appointment, is_open):
    hours = Hours([Slot(kind=kind, needs_appointment=appointment)])
    assert opening.is_open_at(hours, datetime(2026, 11, 25, 10)) is is_open
    assert opening.is_open_on(hours, WEDNESDAY) is is_open


def test_hours_that_touch_are_one_and_the_last_minute_is_closed():
    hours = Hours([Slot(1), Slot(2, starts=time(12), ends=time(14), kind=Kind.CONSULTATION)])
    assert opening.open_until(hours, datetime(2026, 11, 25, 10)) == time(14)
    assert opening.open_until(hours, datetime(2026, 11, 25, 14)) is None


# --- Words ----------------------------------------------------------------------------------------------------------


def slot(day, starts, ends, **fields):
    def clock(text):
        return time(*map(int, text.split(":"))) if ":" in text else time(int(text))

    return Slot(
        weekday=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So").index(day), starts=clock(starts), ends=clock(ends), **fields
    )


def test_days_with_the_same_hours_stand_together():
    made = [
        slot("Mi", "10", "12"), slot("Mo", "10", "12"),
        slot("Do", "14", "18", kind=Kind.CONSULTATION),
    ]  # fmt: skip
    assert " · ".join(lines_on(made, WEDNESDAY)) == "Mo, Mi 10–12 Uhr · Do 14–18 Uhr, nur Sprechzeit"


def test_rows_of_days_minutes_and_two_times_a_day():
    made = [slot(day, "9", "12:30") for day in ("Mo", "Di", "Mi", "Fr")] + [
        slot("Fr", "14", "16"),
        slot("So", "9", "12:30"),
    ]
    assert lines_on(made, WEDNESDAY) == ["Mo–Mi, So 9:00–12:30 Uhr", "Fr 9:00–12:30 und 14–16 Uhr"]


def test_conditions_are_told_and_a_consultation_inside_open_hours_is_not():
    made = [
        slot("Di", "15", "18"), slot("Di", "16", "18", kind=Kind.CONSULTATION),
        slot("Fr", "9", "11", kind=Kind.CONSULTATION, anchor=date(2026, 11, 23)),
        slot("Do", "9", "10", needs_appointment=True),
    ]  # fmt: skip
    assert lines_on(made, WEDNESDAY) == [
        "Di 15–18 Uhr", "Do 9–10 Uhr, nur mit Termin", "Fr 9–11 Uhr, nur Sprechzeit, alle zwei Wochen",
    ]  # fmt: skip


def test_papers_tell_what_is_in_force_on_their_day_and_nothing_of_others():
    made = [
        slot("Mo", "8", "9", valid_to=date(2025, 12, 31)), slot("Mo", "10", "12", valid_from=date(2026, 1, 1)),
        slot("Mo", "13", "14", kind=Kind.THIRD_PARTY), slot("Mo", "15", "16", kind=Kind.MEETING),
    ]  # fmt: skip
    assert lines_on(made, date(2025, 12, 31)) == ["Mo 8–9 Uhr"]
    assert lines_on(made, date(2026, 1, 1)) == ["Mo 10–12 Uhr"]
    assert lines_on([], WEDNESDAY) == []


@unhurried
@given(st.lists(slots(1), max_size=8), DAYS)
def test_every_hour_at_which_one_can_come_is_told_somewhere(made, day):
    text = " ".join(lines_on(made, day))
    for one in made:
        if opening.is_valid(one, day) and one.kind == Kind.OPEN:
            assert f"{one.starts.hour}:{one.starts.minute:02d}" in text or f"{one.starts.hour}–" in text


@pytest.mark.parametrize(
    ("moment", "is_open", "text"),
    [
        (datetime(2026, 11, 25, 11), True, "jetzt geöffnet, bis 12 Uhr"),
        (datetime(2026, 11, 25, 9), False, "geschlossen, öffnet heute um 10 Uhr"),
        (datetime(2026, 11, 24, 9), False, "geschlossen, öffnet morgen um 10 Uhr"),
        (datetime(2026, 11, 25, 12), False, "geschlossen, öffnet Mi, 02.12. um 10 Uhr"),
    ],
)
def test_what_a_moment_means_at_the_door(moment, is_open, text):
    now = now_of(Hours([Slot()]), moment)
    assert (now.is_open, now.text) == (is_open, text)


def test_an_office_that_never_opens_says_so():
    assert now_of(Hours([Slot(kind=Kind.MEETING)]), datetime(2026, 11, 25, 11)).text == "zurzeit nicht geöffnet"


def test_what_is_different_soon():
    extra = Exception_(change=Change.EXTRA, starts=time(18), ends=time(20), kind=Kind.OPEN)
    hours = Hours(
        [Slot(1), Slot(2, weekday=4, what="Mieterberatung")],
        [
            extra,
            Exception_(date(2026, 11, 27), date(2026, 11, 27), slot_id=2, reason="Fortbildung"),
            Exception_(date(2026, 12, 24), date(2026, 12, 31), reason="Weihnachtspause"),
        ],
    )
    found = [(one.days, one.text) for one in changes_ahead(hours, WEDNESDAY, 45)]
    assert found == [
        ("Mi 25.11.2026", "zusätzlich 18–20 Uhr: Nachbarschaftsabend"),
        ("Fr 27.11.2026", "Mieterberatung 10–12 Uhr fällt aus: Fortbildung"),
        ("Do 24.12.2026 bis Do 31.12.2026", "geschlossen: Weihnachtspause"),
        ("Fr 01.01.2027", "geschlossen: Neujahr"),
    ]
