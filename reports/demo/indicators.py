"""Indicators of the demo city: invented, plausible, for the three years before the present one (appendix F.1)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from concerns.models import Topic
from districts import demo as city_demo
from districts.models import District
from reports.models import Indicator, IndicatorValue

from .wording import read

YEARS = 3
_GROWTH = Decimal("0.004")  # of the number of inhabitants in a year
_LEAST = Decimal("0.1")


def is_loaded() -> bool:
    """Whether there are indicators already."""
    return IndicatorValue.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load indicators and their values beside a demo city that is there; returns the number of values."""
    data, year = read("indicators"), timezone.localdate(now).year
    districts = {district.slug: district for district in District.objects.defer("boundary")}
    themes = {topic.code: topic for topic in Topic.objects.filter(parent=None)}
    values = list(_inhabitants(data["city"], districts, year))
    for position, row in enumerate(data["indicators"], 1):
        names = ("code", "name", "unit", "direction", "language", "definition", "source")
        indicator = Indicator.objects.create(
            **{name: row[name] for name in names},
            aliases=row.get("aliases", ""), theme=themes[row["theme"]], position=position,
        )  # fmt: skip
        values += _ratings(indicator, row, districts, year) if "ratings" in row else ()
        values += _numbers(indicator, row, districts, year) if "drift" in row else ()
    return len(IndicatorValue.objects.bulk_create(values))


def _place(district: District | None) -> dict:
    return {"level": "district", "district": district} if district else {"level": "city"}


def _inhabitants(city: int, districts: dict[str, District], year: int):
    indicator = Indicator.load_inhabitants()
    numbers = {districts[row["code"]]: row["inhabitants"] for row in city_demo.read("districts")}
    for district, number in [(None, city), *numbers.items()]:
        for ago in range(YEARS):
            then = round(number * (1 - _GROWTH * ago))
            yield IndicatorValue(indicator=indicator, year=year - 1 - ago, number=then, **_place(district))


def _numbers(indicator: Indicator, row: dict, districts: dict[str, District], year: int):
    numbers = {None: row["city"], **{districts[code]: number for code, number in row["districts"].items()}}
    for district, number in numbers.items():
        for ago in range(YEARS):
            then = max(Decimal(str(number)) - Decimal(str(row["drift"])) * ago, _LEAST)
            yield IndicatorValue(indicator=indicator, year=year - 1 - ago, number=then, **_place(district))


def _ratings(indicator: Indicator, row: dict, districts: dict[str, District], year: int):
    for code, rating in row["ratings"].items():
        yield IndicatorValue(
            indicator=indicator, year=year - 1, rating=rating, note=row["notes"].get(code, ""),
            **_place(districts[code]),
        )  # fmt: skip
