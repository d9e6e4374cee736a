"""What is counted about concerns: a table of measures, each one query grouped by month, area and key.

Every count is of concerns, so that it can link to them; people are counted beside (`person:…`). Distributions keep the
value with the count, so that medians stay exact however sums are added up.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate, TruncMonth

from concerns import figures
from concerns.models import Concern, Reporter
from concerns.querysets import CLOCK_RUNS
from concerns.workflow import FeedbackState, RoutingStatus
from quartier.workdays import workdays_between
from reports.choice import OUTSIDE_AREA

ANY = ""  # key of a measure that is not told apart


@dataclass(frozen=True)
class Fact:
    """How often something occurs among the concerns received in a month in an area."""

    month: date
    area: int
    measure: str
    key: str
    value: int
    n: int


def facts(picked: QuerySet[Concern], only: Collection[str] = ()) -> Iterator[Fact]:
    """Everything that is counted about these concerns, or `only` some measures; sensitive ones are left out."""
    picked = figures.counted(picked)
    for names, measure in MEASURES:
        if not only or set(only) & set(names):
            yield from measure(picked)


def _month(prefix: str = "") -> TruncMonth:
    return TruncMonth(f"{prefix}received_on", output_field=DateField())


def _area(prefix: str = "") -> Coalesce:
    return Coalesce(F(f"{prefix}district_id"), Value(OUTSIDE_AREA))


def _grouped(rows: QuerySet, prefix: str = "", **groups) -> QuerySet:
    """Rows grouped by month, area and further columns; the default order would become part of the group."""
    return rows.order_by().values(month=_month(prefix), area=_area(prefix), **groups)


def _spread(rows, names) -> Iterator[Fact]:
    """One fact for each of the counts that a grouped row holds under `names`."""
    for row in rows:
        for name in names:
            if row[name]:
                yield Fact(row["month"], row["area"], name.replace("__", ":"), row.get("key", ANY), 0, row[name])


def _named(measure: str, rows) -> Iterator[Fact]:
    """One fact for each grouped row with a key and a count."""
    for row in rows:
        yield Fact(row["month"], row["area"], measure, row["key"], 0, row["n"])


# --- Concerns ---------------------------------------------------------------------------------------------------------


def _concerns(picked: QuerySet) -> Iterator[Fact]:
    counts = {code: Count("pk", filter=condition) for code, (_, condition) in figures.CONCERNS.items() if condition}
    counts["all"] = Count("pk")
    return _spread(_grouped(picked).annotate(**counts), counts)


def _handed_over(picked: QuerySet) -> Iterator[Fact]:
    return _spread(_grouped(picked.filter(figures.handed_over())).annotate(handed_over=Count("pk")), ["handed_over"])


def _by(name: str, column, only: Q | None = None) -> Callable[[QuerySet], Iterator[Fact]]:
    def measure(picked: QuerySet) -> Iterator[Fact]:
        if only is not None:
            picked = picked.filter(only)
        rows = _grouped(picked, key=column() if callable(column) else Cast(column, CharField()))
        return _named(name, rows.annotate(n=Count("pk")))

    return measure


# --- Routings ---------------------------------------------------------------------------------------------------------


def _routings(picked: QuerySet) -> QuerySet:
    return figures.sent_routings().filter(concern__in=picked)


def _routing_counts(picked: QuerySet) -> Iterator[Fact]:
    """Concerns per department, and over all departments without counting one twice."""
    counts = {
        f"routing__{code}": Count("concern", distinct=True, filter=condition or None)
        for code, (_, condition) in figures.ROUTINGS.items()
    }
    for groups in ({"key": Cast("department", CharField())}, {}):
        yield from _spread(_grouped(_routings(picked), "concern__", **groups).annotate(**counts), counts)


def _routing_late(picked: QuerySet) -> Iterator[Fact]:
    """On which day the clock of running routings ends, per department and the first one: overdue is before today."""
    running = _routings(picked).filter(status__in=CLOCK_RUNS)
    key = Cast("department", CharField())
    rows = _grouped(running, "concern__", key=key, about=F("concern")).annotate(due=Min("due_on"))
    first: dict[tuple, date] = {}
    for row in rows:
        yield Fact(row["month"], row["area"], "routing:late", row["key"], row["due"].toordinal(), 1)
        concern = row["month"], row["area"], row["about"]
        first[concern] = min(row["due"], first.get(concern, row["due"]))
    for (month, area, _), due in first.items():
        yield Fact(month, area, "routing:late", ANY, due.toordinal(), 1)


@lru_cache(maxsize=50_000)
def _workdays(start: date, end: date) -> int:
    return workdays_between(start, end)


def _answer_days(picked: QuerySet) -> Iterator[Fact]:
    """Working days from sending to answer, per department; each answered routing once."""
    answered = _routings(picked).filter(status=RoutingStatus.ANSWERED)
    rows = _grouped(
        answered,
        "concern__",
        key=Cast("department", CharField()),
        sent=TruncDate("sent_at"),
        done=TruncDate("finished_at"),
    ).annotate(n=Count("pk"))
    for row in rows:
        days = _workdays(row["sent"], row["done"])
        yield Fact(row["month"], row["area"], "days:answer", row["key"], days, row["n"])


# --- People -----------------------------------------------------------------------------------------------------------


def _people(picked: QuerySet) -> QuerySet[Reporter]:
    return Reporter.objects.filter(concern__in=picked)


def _people_counts(picked: QuerySet) -> Iterator[Fact]:
    counts = {}
    for code, (_, condition) in figures.PEOPLE.items():
        counts[f"person__{code}"] = Count("pk", filter=condition)
        counts[f"of__{code}"] = Count("concern", distinct=True, filter=condition)
    return _spread(_grouped(_people(picked), "concern__").annotate(**counts), counts)


def _people_by(name: str, column: str) -> Callable[[QuerySet], Iterator[Fact]]:
    def measure(picked: QuerySet) -> Iterator[Fact]:
        return _named(name, _grouped(_people(picked), "concern__", key=F(column)).annotate(n=Count("pk")))

    return measure


def _reactions(picked: QuerySet) -> Iterator[Fact]:
    people = _people(picked).annotate(said=figures.last_reaction()).filter(said__isnull=False)
    rows = _grouped(people, "concern__", key=F("said"))
    counts = {"person__reaction": Count("pk"), "of__reaction": Count("concern", distinct=True)}
    return _spread(rows.annotate(**counts), counts)


def _told(picked: QuerySet) -> QuerySet[Reporter]:
    return _people(picked).filter(figures.PEOPLE["told"][1], feedback_state=FeedbackState.DONE)


def _attempts(picked: QuerySet) -> Iterator[Fact]:
    rows = _grouped(_told(picked), "concern__", tries=F("attempts")).annotate(n=Count("pk"))
    for row in rows:
        yield Fact(row["month"], row["area"], "attempts", ANY, row["tries"], row["n"])


def _days(start, end) -> Func:
    """How many days lie between two dates: what PostgreSQL gives for their difference."""
    return Func(end, start, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _feedback_days(picked: QuerySet) -> Iterator[Fact]:
    """Days from receipt to the first answer a person heard, and from the answer that counts now to hearing it."""
    pairs = {
        "days:receipt": (F("concern__received_on"), figures.first_told()),
        "days:reply": (TruncDate("concern__feedback_due_at"), figures.first_told(this_round=True)),
    }
    for measure, (start, heard) in pairs.items():
        people = _told(picked).annotate(heard=heard).filter(heard__isnull=False)
        days = _days(start, TruncDate("heard"))
        for row in _grouped(people, "concern__", days=days).annotate(n=Count("pk")):
            yield Fact(row["month"], row["area"], measure, ANY, row["days"], row["n"])


# What each of them counts, for whoever needs some of it only.
MEASURES: tuple[tuple[tuple[str, ...], Callable[[QuerySet], Iterator[Fact]]], ...] = (
    (tuple(figures.CONCERNS), _concerns),
    (("handed_over",), _handed_over),
    *(
        ((name,), _by(name, column, only))
        for name, column, only in (
            ("kind", "kind", None),
            ("channel", "channel", None),
            ("topic", "topic_id", None),
            ("spot", "spot", None),
            ("path", figures.path, None),
            ("outcome", "outcome", figures.CONCERNS["closed"][1]),
            ("reason", "reason_category", figures.CONCERNS["refused"][1]),
        )
    ),
    (tuple(f"routing:{code}" for code in figures.ROUTINGS), _routing_counts),
    (("routing:late",), _routing_late),
    (("days:answer",), _answer_days),
    (tuple(f"{kind}:{code}" for kind in ("person", "of") for code in figures.PEOPLE), _people_counts),
    (("language",), _people_by("language", "language")),
    (("reporter",), _people_by("reporter", "kind")),
    (("person:reaction", "of:reaction"), _reactions),
    (("attempts",), _attempts),
    (("days:receipt", "days:reply"), _feedback_days),
)
