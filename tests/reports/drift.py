"""Whether the kept sums are what a count of everything gives."""

from reports.choice import Choice
from reports.measures import facts
from reports.models import WHOLE_CITY, Change, KeptSum
from reports.sums import Sums, count_anew, count_everything, picked, sums


def kept_rows() -> dict:
    """All kept sums by what they are about."""
    rows = KeptSum.objects.values_list("month", "area", "measure", "key", "value", "n")
    return {tuple(row[:-1]): row[-1] for row in rows}


def city_is_the_sum_of_its_areas(rows: dict) -> bool:
    """Whether the rows of the whole city say the same as those of its districts together."""
    city, together = {}, {}
    for (month, area, *about), n in rows.items():
        if area == WHOLE_CITY:
            city[month, *about] = n
        else:
            together[month, *about] = together.get((month, *about), 0) + n
    return city == together


def assert_nothing_drifted() -> None:
    """What is kept after counting what was logged is what a count of everything gives, month by month."""
    count_anew(at_most=None)
    assert not Change.objects.exists()
    kept = kept_rows()
    assert city_is_the_sum_of_its_areas(kept)
    KeptSum.objects.all().delete()
    count_everything()
    count_anew(at_most=None)
    assert kept == kept_rows()


def assert_not_adrift(choice: Choice) -> None:
    """What is kept and what is counted live are the same."""
    kept, live = sums(choice, choice.span), Sums()
    for fact in facts(picked(choice, choice.span)):
        live.add(fact)
    assert _stripped(kept.total) == _stripped(live.total)
    assert _stripped(kept.by_area) == _stripped(live.by_area)
    assert {key: n for key, n in kept.by_month.items() if n} == {key: n for key, n in live.by_month.items() if n}


def _stripped(counters) -> dict:
    """Sums without what is zero."""
    return {key: {v: n for v, n in dict(found).items() if n} for key, found in counters.items() if any(found.values())}
