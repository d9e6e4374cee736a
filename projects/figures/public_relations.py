"""Figures of public relations: the evaluation's chapter, the page of the media's echo and any file count here (I12)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Func, Sum, TextField
from django.db.models.functions import ExtractYear

from projects.models import Clipping, PRItem


@dataclass(frozen=True)
class PRFigures:
    """What appeared in a period, and what the media wrote; keys are codes, values are numbers of rows.

    An item with several channels counts for each of them, so `channels` may add up to more than `published`.
    """

    published: int = 0
    kinds: Counter = field(default_factory=Counter)
    channels: Counter = field(default_factory=Counter)
    print_run: int = 0  # copies of everything that was printed
    linked: int = 0  # of what appeared: with a project or an event
    waiting: Counter = field(default_factory=Counter)  # by status, what is open today, whenever it was entered
    clippings: int = 0
    tones: Counter = field(default_factory=Counter)

    def kind_rows(self) -> list[tuple[str, str, int]]:
        """Code, label and number of every kind that occurs, the most frequent first."""
        return _rows(self.kinds, PRItem.Kind.choices)

    def channel_rows(self) -> list[tuple[str, str, int]]:
        """The same for channels."""
        return _rows(self.channels, PRItem.Channel.choices)

    def tone_rows(self) -> list[tuple[str, str, int]]:
        """Code, label and number of every tone, also those that do not occur."""
        return [(code, label, self.tones[code]) for code, label in Clipping.Tone.choices]


def _rows(counts: Counter, choices) -> list[tuple[str, str, int]]:
    found = [(code, label, counts[code]) for code, label in choices if counts[code]]
    return sorted(found, key=lambda row: -row[2])


def _in(rows, districts: Iterable[int] | None, citywide: bool):
    """Rows of some districts; None is the whole city. What names no district counts for one only if asked."""
    return rows if districts is None else rows.in_districts(districts, or_citywide=citywide)


def pr_figures(districts: Iterable[int] | None, since: date, until: date, *, citywide: bool = False) -> PRFigures:
    """Public relations of some districts (None: of the whole city) between two days, both included.

    Six queries, however many rows. `citywide`: also what names no district.
    """
    pks = None if districts is None else list(districts)
    items = _in(PRItem.objects.all(), pks, citywide)
    appeared = items.appeared(since, until).order_by()
    clippings = _in(Clipping.objects.all(), pks, citywide).appeared(since, until).order_by()
    one_each = appeared.annotate(channel=Func("channels", function="unnest", output_field=TextField()))
    totals = appeared.aggregate(n=Count("pk"), copies=Sum("print_run"))
    tones = Counter(dict(clippings.values_list("tone").annotate(n=Count("pk"))))
    return PRFigures(
        published=totals["n"],
        kinds=Counter(dict(appeared.values_list("kind").annotate(n=Count("pk")))),
        channels=Counter(one_each.values_list("channel", flat=True)),
        print_run=totals["copies"] or 0,
        linked=(appeared.exclude(project=None) | appeared.exclude(event=None)).count(),
        waiting=Counter(dict(items.open().order_by().values_list("status").annotate(n=Count("pk")))),
        clippings=sum(tones.values()),
        tones=tones,
    )


def tone_by_year(clippings) -> list[tuple[int, Counter]]:
    """Year by year how many clippings had which tone, the earliest first; years without any are among them."""
    rows = clippings.order_by().annotate(year=ExtractYear("on")).values_list("year", "tone").annotate(n=Count("pk"))
    found: dict[int, Counter] = {}
    for year, tone, count in rows:
        found.setdefault(year, Counter())[tone] = count
    if not found:
        return []
    return [(year, found.get(year, Counter())) for year in range(min(found), max(found) + 1)]
