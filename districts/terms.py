"""How long assignments run: timeline, warnings before the end, quarters without support, models (Z06, Z08, Z10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from dateutil.relativedelta import relativedelta
from django.db.models import Prefetch, QuerySet

from districts.assigning import STANDING, WARN_MONTHS, Total, holds_on, uncovered, warning_months
from districts.models import Assignment, AssignmentTerm, District, DistrictClassification, Post
from districts.organising import Area, Responsible, hints
from districts.posts import with_posts

YEARS = 8  # of the timeline
AREA_FIELDS = [(area, f"{area.value}_actor", f"{area.value}_is_qm") for area in Area]


@dataclass(frozen=True)
class Cell:
    """A year of an assignment: how much of it is planned, whether the assignment stands or is only aimed at."""

    year: int
    words: str
    state: str  # "", "stands", "aimed", "gap"


@dataclass(frozen=True)
class Row:
    """An assignment in a district, year by year."""

    assignment: Assignment
    term: str
    cells: list[Cell]

    @property
    def shares(self) -> str:
        """The planned shares in words, where there is no room for columns: „1,0 (2016–2018), 0,5 (2019)“."""
        times: list[list] = []
        for cell in self.cells:
            if cell.state != "stands":
                continue
            if times and times[-1][0] == cell.words and times[-1][2] == cell.year - 1:
                times[-1][2] = cell.year
            else:
                times.append([cell.words, cell.year, cell.year])
        return ", ".join(
            f"{words} ({first}–{last})" if first != last else f"{words} ({first})" for words, first, last in times
        )


@dataclass(frozen=True)
class Track:
    """A district with its assignments and the times nobody supports it."""

    district: District
    is_challenged: bool  # at some time within the years shown
    rows: list[Row]
    gaps: list[Cell]
    gap_words: list[str]


def timeline(assignments: QuerySet[Assignment], first_year: int) -> list[Track]:
    """Every district with its assignments in eight years; gaps are told of quarters with special challenges."""
    years = range(first_year, first_year + YEARS)
    since, until = date(years[0], 1, 1), date(years[-1], 12, 31)
    by_district: dict[int, list[Assignment]] = {}
    for one in with_posts(assignments):
        if overlaps(since, until, one.starts_on, one.ends_on) or one.status not in STANDING:
            for district in one.districts.all():
                by_district.setdefault(district.pk, []).append(one)
    classes = DistrictClassification.objects.filter(kind=DistrictClassification.Kind.CHALLENGED)
    there = District.objects.exclude(valid_to__lt=since).defer("boundary")
    districts = there.prefetch_related(Prefetch("classifications", classes))
    return [_track(one, by_district.get(one.pk, []), years) for one in districts]


def overlaps(since: date, until: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether a validity with open ends shares a day with a time."""
    return (valid_from is None or valid_from <= until) and (valid_to is None or valid_to >= since)


def _track(district: District, assignments: list[Assignment], years: range) -> Track:
    since, until = date(years[0], 1, 1), date(years[-1], 12, 31)
    begun = sorted(assignments, key=lambda one: (one.starts_on or date.min, one.sort_key))
    spans = [(one.starts_on, one.ends_on) for one in assignments if one.status in STANDING]
    classes = district.classifications.all()
    holes = [hole for year in years for hole in _holes(year, spans, classes, district.valid_to or date.max)]
    gaps = [Cell(year, "", "gap" if any(one[0].year == year for one in holes) else "") for year in years]
    rows = [Row(one, term_words(one), [_cell(one, district, year) for year in years]) for one in begun]
    is_challenged = any(overlaps(since, until, one.valid_from, one.valid_to) for one in classes)
    return Track(district, is_challenged, rows, gaps if holes else [], _joined(holes))


def _holes(year: int, spans, classes: Iterable[DistrictClassification], dissolved: date) -> list[tuple[date, date]]:
    """The times of a year in which a quarter with special challenges has nobody, up to its own last day."""
    found = []
    for one in classes:
        since, until = (
            max(one.valid_from or date.min, date(year, 1, 1)),
            min(one.valid_to or date.max, dissolved, date(year, 12, 31)),
        )
        found += uncovered(since, until, spans) if since <= until else []
    return found


def _joined(holes: list[tuple[date, date]]) -> list[str]:
    """Times in words; what goes on over New Year is one time."""
    joined: list[list[date]] = []
    for begin, end in holes:
        if joined and joined[-1][1] + timedelta(days=1) == begin:
            joined[-1][1] = end
        else:
            joined.append([begin, end])
    return [f"{begin:%d.%m.%Y} bis {end:%d.%m.%Y}" for begin, end in joined]


def term_words(assignment: Assignment) -> str:
    """„01.07.2016 bis 31.12.2019“; open ends in words. Without an end: permanent only what is decided."""
    begin, end, is_decided = assignment.starts_on, assignment.ends_on, assignment.status in STANDING
    if not begin and not end:
        return "unbefristet, Beginn nicht bekannt" if is_decided else "Beginn und Ende offen"
    if not end:
        return f"ab {begin:%d.%m.%Y}, {'unbefristet' if is_decided else 'Ende offen'}"
    first = f"{begin:%d.%m.%Y}" if begin else "Beginn nicht bekannt,"
    return f"{first} bis {end:%d.%m.%Y}"


def _cell(assignment: Assignment, district: District, year: int) -> Cell:
    since, until = date(year, 1, 1), date(year, 12, 31)
    if not overlaps(since, until, assignment.starts_on, assignment.ends_on):
        return Cell(year, "", "")
    known = assignment.starts_on or assignment.ends_on
    if assignment.status not in STANDING:
        return Cell(year, assignment.get_status_display(), "aimed") if known else Cell(year, "", "")
    posts = [one for one in assignment.posts.all() if one.district_id in (None, district.pk)]
    words = " → ".join(map(str, _totals(posts, since, until)))
    return Cell(year, words or "unbekannt", "stands")


def _totals(posts: Iterable[Post], since: date, until: date) -> list[Total]:
    """What is planned between two days, one total after the other; times without any share are left out."""
    shares = [one for post in posts for one in post.shares.all()]
    changes = [one.valid_from for one in shares if one.valid_from]
    changes += [one.valid_to + timedelta(days=1) for one in shares if one.valid_to and one.valid_to < until]
    days = sorted({since, *(day for day in changes if since <= day <= until)})
    held = [[one for one in shares if holds_on(day, one.valid_from, one.valid_to)] for day in days]
    totals = [sum((Total.of(one.share) for one in rows), Total()) for rows in held if rows]
    return [total for total, _ in groupby(totals)]


@dataclass(frozen=True)
class Ending:
    """An assignment whose end comes near: within 6, 12 or 18 months, or passed (0)."""

    assignment: Assignment
    months: int
    applied: AssignmentTerm | None  # for more time, not yet answered
    decision: object | None
    left_alone: list[District]  # quarters with special challenges that nobody else supports after the end

    @property
    def words(self) -> str:
        """How near the end is."""
        return f"endet in höchstens {self.months} Monaten" if self.months else "Ende ist vorbei"


def last_warned(today: date) -> date:
    """The last day of an end that is warned about."""
    return today + relativedelta(months=WARN_MONTHS[-1])


def expiring(assignments: QuerySet[Assignment], today: date) -> list[Ending]:
    """Assignments that run and end within 18 months, or have ended without anybody saying so (Z08)."""
    found = assignments.ending_by(last_warned(today))
    places = Prefetch("districts", District.objects.defer("boundary"))
    shown = found.prefetch_related(places, "terms", "decisions")
    rows = list(shown.order_by("ends_on", "sort_key"))
    classes = list(DistrictClassification.objects.filter(kind="challenged").exclude(district__valid_to__lt=today))
    standing = Assignment.objects.standing().defer("strategy_note")
    others = list(standing.prefetch_related(places)) if rows else []
    return [
        Ending(
            assignment=one,
            months=warning_months(one.ends_on, today) or 0,
            applied=_unanswered(one),
            decision=next(iter(one.decisions.all()), None),
            left_alone=_left_alone(one, classes, others),
        )
        for one in rows
    ]


def _unanswered(assignment: Assignment) -> AssignmentTerm | None:
    last = next(reversed(assignment.terms.all()), None)
    return last if last and last.reason == AssignmentTerm.Reason.APPLIED else None


def _left_alone(assignment: Assignment, classes, others) -> list[District]:
    after = assignment.ends_on + timedelta(days=1)
    challenged = {one.district_id for one in classes if holds_on(after, one.valid_from, one.valid_to)}
    supported = {
        district.pk
        for one in others
        if one.pk != assignment.pk and holds_on(after, one.starts_on, one.ends_on)
        for district in one.districts.all()
    }
    return [one for one in assignment.districts.all() if one.pk in challenged - supported]


@dataclass(frozen=True)
class Organised:
    """An assignment with its model, who answers for the areas, and what does not fit."""

    assignment: Assignment
    areas: list[tuple[Area, object, bool]]
    hints: list[str]


def organised(assignment: Assignment) -> Organised:
    """How an assignment is organised (reads the three actors)."""
    areas = [(area, getattr(assignment, actor), getattr(assignment, is_qm)) for area, actor, is_qm in AREA_FIELDS]
    known = {
        area: Responsible(actor.pk if actor else None, actor.carrier_type if actor else "", is_qm)
        for area, actor, is_qm in areas
    }
    return Organised(assignment, areas, hints(assignment.model, known))
