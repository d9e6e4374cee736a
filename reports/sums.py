"""Sums of facts for a choice: from the kept ones where they can answer, counted live where they cannot.

The kept sums cannot drift: triggers log every month and area, concern or person whose figures may have changed, and
whoever reads counts the months and areas in question anew first (docs/decisions/0016). Whole months of districts come
from the kept sums; days before and after them, and everything narrowed to topics or departments, are counted by the
same measures.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from concerns import figures
from concerns.filters import THEME
from concerns.models import Concern
from reports.choice import OUTSIDE_AREA, Choice, Span, next_month
from reports.measures import ANY, Fact, facts
from reports.models import WHOLE_CITY, Change, KeptPiece, KeptSum

LOCK = 7_310_001  # advisory lock: one at a time counts anew
AT_ONCE = 20_000  # concerns that a page counts anew itself; more is the worker's
BATCH = 24  # cells counted in one transaction
_TABLE, _COLUMNS = KeptSum._meta.db_table, "month, area, measure, key, value, n"
_LOG = Change._meta.db_table
_CELL = "date_trunc('month', c.received_on)::date, coalesce(c.district_id, 0)"
# A bundled concern goes the way of its lead.
_LOOK_UP = f"""
WITH found AS (DELETE FROM {_LOG} WHERE month IS NULL RETURNING concern, reporter),
about AS (
    SELECT concern FROM found WHERE concern IS NOT NULL
    UNION SELECT r.concern_id FROM found f JOIN concerns_reporter r ON r.id = f.reporter
)
INSERT INTO {_LOG} (month, area)
SELECT {_CELL} FROM about JOIN concerns_concern c ON c.id = about.concern
UNION SELECT {_CELL} FROM about JOIN concerns_concern c ON c.lead_id = about.concern"""  # noqa: S608
_PLANNING = (
    "SELECT set_config(name, %s, true) FROM unnest('{enable_seqscan,enable_hashjoin,enable_mergejoin}'::text[]) AS name"
)
BY_AREA = ("all", "closed", "path", "person:wanted", "person:told", "of:told", "days:receipt", "routing:received")
BY_MONTH = ("all", "closed", "path", "person:wanted", "person:told")


class StillCounting(Exception):
    """More has changed than a page can count anew; the worker is at it. `left` concerns are left."""

    def __init__(self, left: int):
        self.left = left
        super().__init__(f"{left} concerns are being counted anew")


@dataclass
class Sums:
    """Sums of one period: by measure and key, with the distribution of values, and some by area and by month."""

    total: dict[tuple[str, str], Counter] = field(default_factory=lambda: defaultdict(Counter))
    by_area: dict[tuple[int, str, str], Counter] = field(default_factory=lambda: defaultdict(Counter))
    by_month: dict[tuple[date, str, str], int] = field(default_factory=Counter)

    def n(self, measure: str, key: str = ANY) -> int:
        """How often a measure with a key occurs."""
        return self.total[measure, key].total()

    def keys(self, measure: str) -> list[str]:
        """The keys that occur, without the one for all."""
        return [key for name, key in self.total if name == measure and key != ANY]

    def spread(self, measure: str, key: str = ANY) -> Counter:
        """How often each value occurs."""
        return self.total[measure, key]

    def whole_spread(self, measure: str) -> Counter:
        """How often each value occurs over all keys."""
        return sum((values for (name, _), values in self.total.items() if name == measure), Counter())

    def area(self, area: int, measure: str, key: str = ANY) -> int:
        """How often a measure of `BY_AREA` occurs in an area."""
        return self.by_area[area, measure, key].total()

    def add(self, fact: Fact) -> None:
        """Take a fact in."""
        self.total[fact.measure, fact.key][fact.value] += fact.n
        if fact.measure in BY_AREA:
            self.by_area[fact.area, fact.measure, fact.key][fact.value] += fact.n
        if fact.measure in BY_MONTH:
            self.by_month[fact.month, fact.measure, fact.key] += fact.n


def sums(choice: Choice, span: Span, only: Collection[str] = ()) -> Sums:
    """The sums of a choice in one period; `only` some measures where that is enough.

    Raises:
        StillCounting: too much has changed to be counted anew now.
    """
    found = Sums()
    if choice.is_narrow:
        months, pieces = [], [span]
    else:
        count_anew()
        months, pieces = _split(span)
    if months:
        _add_kept(found, choice, min(months), max(months), only)
    for piece in pieces:
        whole_city = not (choice.is_narrow or choice.districts or only)
        for fact in _kept_piece(piece) if whole_city else _counted(picked(choice, piece), only):
            found.add(fact)
    return found


def _split(span: Span) -> tuple[list[date], list[Span]]:
    """The months of a period and the days around them. A month counts as whole, too, when nothing was received on its
    other days: the running one until today."""
    months, pieces = list(span.months()), []
    for edge in span.edges():
        month = edge.since.replace(day=1)
        earlier = Q(received_on__gte=month, received_on__lt=edge.since)
        later = Q(received_on__gt=edge.until, received_on__lt=next_month(month))
        if edge.until < next_month(month) and not Concern.objects.filter(earlier | later).exists():
            months.append(month)
        else:
            pieces.append(edge)
    return months, pieces


def _counted(concerns: QuerySet[Concern], only: Collection[str] = ()) -> Iterator[Fact]:
    """What is counted about concerns: found once, then some thousand at a time by their ids.

    What hangs on them is looked up by index. The database expects that to be dear and would rather read all reporters
    and feedback of ten years, once for every measure.
    """
    ids = list(figures.counted(concerns).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), AT_ONCE):
        some = RawSQL("SELECT unnest(%s::bigint[])", [f"{{{','.join(map(str, ids[first : first + AT_ONCE]))}}}"])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_PLANNING, ["off"])
            yield from facts(Concern.objects.filter(pk__in=some), only)
            cursor.execute(_PLANNING, ["on"])


@transaction.atomic
def _kept_piece(span: Span) -> list[Fact]:
    """The facts of odd days in the whole city: kept until anything in their months has changed.

    Counted one at a time with the kept sums: what changes meanwhile is still logged, and drops the piece next time.
    """
    piece = KeptPiece.objects.filter(since=span.since, until=span.until).first()
    if piece is None:
        _one_at_a_time()
        found: Counter = Counter()
        for one in _counted(picked(Choice(span.since, span.until), span)):
            area = one.area if one.measure in BY_AREA else 0
            found[one.month.toordinal(), area, one.measure, one.key, one.value] += one.n
        rows = [[*row, n] for row, n in found.items()]
        piece, _ = KeptPiece.objects.get_or_create(since=span.since, until=span.until, defaults={"facts": rows})
    return [Fact(date.fromordinal(month), *about) for month, *about in piece.facts]


def forget_pieces() -> None:
    """Drop pieces that were counted more than a week ago."""
    KeptPiece.objects.filter(counted_at__lt=timezone.now() - timedelta(days=7)).delete()


def picked(choice: Choice, span: Span) -> QuerySet[Concern]:
    """The concerns a choice is about, among those received in a period."""
    concerns = Concern.objects.filter(received_on__range=(span.since, span.until))
    if choice.districts:
        outside = Q(district__isnull=True) if OUTSIDE_AREA in choice.districts else Q()
        concerns = concerns.filter(outside | Q(district_id__in=choice.districts))
    if choice.topics:
        themes = [one.removeprefix(THEME) for one in choice.topics if one.startswith(THEME)]
        topics = [one for one in choice.topics if one.isdigit()]
        concerns = concerns.filter(Q(topic_id__in=[*topics, *themes]) | Q(topic__parent_id__in=themes))
    if choice.departments:
        concerns = figures.sent_to(concerns, choice.departments)
    return concerns


def _add_kept(found: Sums, choice: Choice, first: date, last: date, only: Collection[str]) -> None:
    kept = KeptSum.objects.filter(month__range=(first, last)).order_by()
    if only:
        kept = kept.filter(measure__in=only)
    areas = choice.districts or (WHOLE_CITY,)
    whole = kept.filter(area__in=areas)
    for measure, key, value, n in _summed(whole, "measure", "key", "value"):
        found.total[measure, key][value] += n
    each = kept.filter(area__in=areas) if choice.districts else kept.exclude(area=WHOLE_CITY)
    for area, measure, key, value, n in _summed(each.filter(measure__in=BY_AREA), "area", "measure", "key", "value"):
        found.by_area[area, measure, key][value] += n
    for month, measure, key, n in _summed(whole.filter(measure__in=BY_MONTH), "month", "measure", "key"):
        found.by_month[month, measure, key] += n


def _summed(kept: QuerySet[KeptSum], *groups: str) -> Iterable[tuple]:
    return kept.values_list(*groups).annotate(sum=Sum("n"))


# --- Counting anew ----------------------------------------------------------------------------------------------------


def count_anew(*, at_most: int | None = AT_ONCE) -> None:
    """Bring the kept sums up to date.

    Raises:
        StillCounting: more than `at_most` concerns would have to be counted; nothing was done.
    """
    if not Change.objects.exists():
        return
    _look_up()
    if at_most is not None and (left := concerns_to_count()) > at_most:
        raise StillCounting(left)
    while _count_batch():
        pass


def count_everything() -> None:
    """Have every month and area counted anew the next time: what is counted has changed, or triggers were off."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_LOG} (month, area) SELECT {_CELL} FROM concerns_concern c"  # noqa: S608
            f" UNION SELECT month, area FROM {_TABLE} WHERE area <> %s",
            [WHOLE_CITY],
        )


def _look_up() -> None:
    """Log where the logged concerns and people lie now, in their place.

    Only now can it be said for certain: whoever wrote about them did not see what others were writing at the same time,
    who moved the concern to another month or district, say. What others commit later they have logged themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP)


def concerns_to_count() -> int:
    """How many concerns lie in the months and areas that have to be counted anew."""
    condition = Q()
    for month, areas in _areas_by_month(_cells()).items():
        condition |= _in_cells(month, areas)
    return _with_area().filter(condition).count() if condition else 0


def _cells() -> QuerySet[Change]:
    return Change.objects.filter(month__isnull=False).order_by().values_list("month", "area").distinct()


def _with_area() -> QuerySet[Concern]:
    return Concern.objects.alias(area=Coalesce(F("district_id"), Value(OUTSIDE_AREA)))


def _in_cells(month: date, areas: set[int]) -> Q:
    return Q(received_on__gte=month, received_on__lt=next_month(month), area__in=areas)


def _areas_by_month(cells: Iterable[tuple[date, int]]) -> dict[date, set[int]]:
    months: dict[date, set[int]] = defaultdict(set)
    for month, area in cells:
        months[month].add(area)
    return months


@transaction.atomic
def _count_batch() -> bool:
    """Count some cells anew; False when there was nothing to do.

    What is logged as changed is taken away first and counted in later statements, which see at least what the removed
    rows stood for. A change that is not committed yet keeps its row and is counted the next time.
    """
    _one_at_a_time()
    cells = list(_cells().order_by("month", "area")[:BATCH])
    if not cells:
        return False
    months = _areas_by_month(cells)
    logged, concerns, stale, pieces = Q(), Q(), Q(), Q()
    for month, areas in months.items():
        logged |= Q(month=month, area__in=areas)
        concerns |= _in_cells(month, areas)
        stale |= Q(month=month, area__in={*areas, WHOLE_CITY})
        pieces |= Q(since__lt=next_month(month), until__gte=month)
    KeptPiece.objects.filter(pieces).delete()
    Change.objects.filter(logged).delete()
    found: Counter = Counter()
    for fact in _counted(_with_area().filter(concerns)):
        # Whoever moved a concern to another cell after it was found has logged that cell: it is counted there next.
        if fact.area in months.get(fact.month, ()):
            found[fact.month, fact.area, fact.measure, fact.key, fact.value] += fact.n
    KeptSum.objects.filter(stale).delete()
    _keep(found)
    _keep_city(list(months))
    return True


def _one_at_a_time() -> None:
    """Wait for whoever else is counting; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _keep(rows: Counter) -> None:
    """Write counted cells; many thousands at a time, so not one by one."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN") as copy:
        for row, n in rows.items():
            copy.write_row((*row, n))


def _keep_city(months: list[date]) -> None:
    """Add the areas of months up to the whole city: a concern lies in exactly one of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_COLUMNS})"  # noqa: S608
            " SELECT month, %s, measure, key, value, sum(n)"
            f" FROM {_TABLE} WHERE month = ANY(%s) GROUP BY month, measure, key, value",
            [WHOLE_CITY, months],
        )
