"""What the pages about indicators show: the catalogue with its newest values, and one indicator through the years."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from districts.models import District
from reports.models import Indicator, IndicatorValue
from reports.numbers import decimals, german

YEARS_SHOWN = 8


@dataclass
class Overview:
    """An indicator in the catalogue, with what is known of the city and how far the districts lie apart."""

    indicator: Indicator
    city: IndicatorValue | None = None
    districts: list[IndicatorValue] = field(default_factory=list)

    @property
    def year(self) -> str:
        """The year of the newest values; „2023–2024“ when they are of different years."""
        years = {value.year for value in [*self.districts, *([self.city] if self.city else [])]}
        return "–".join(map(str, sorted({min(years), max(years)}))) if years else ""

    @property
    def spread(self) -> str:
        """Smallest and largest number of the districts."""
        numbers = sorted(value.number for value in self.districts if value.number is not None)
        places = max(map(decimals, numbers), default=0)
        return f"{german(numbers[0], places=places)} bis {german(numbers[-1], places=places)}" if numbers else ""


def overview(year: int) -> list[Overview]:
    """Every indicator with its newest values not after `year`, in the order of the catalogue."""
    rows = {indicator.pk: Overview(indicator) for indicator in Indicator.objects.select_related("theme")}
    for value in IndicatorValue.objects.exclude(level="borough").newest(year).select_related("indicator"):
        row = rows[value.indicator_id]
        if value.district_id:
            row.districts.append(value)
        else:
            row.city = value
    for row in rows.values():
        line_up([*row.districts, *([row.city] if row.city else [])])
    return list(rows.values())


@dataclass(frozen=True)
class PlaceRow:
    """A place with one value, or none, for each year of the table."""

    name: str
    by_year: list[tuple[int, IndicatorValue | None]]
    deviation: str


@dataclass(frozen=True)
class Years:
    """The values of one indicator: places by years, the newest year first."""

    years: list[int]
    rows: list[PlaceRow]
    notes: list[IndicatorValue]  # those that say something about themselves
    older: int | None  # the newest year that is not shown any more


def through_the_years(indicator: Indicator, until: int) -> Years:
    """All values of an indicator in the newest years not after `until`; districts are there even without a value."""
    stored = IndicatorValue.objects.filter(indicator=indicator).with_city()
    known = sorted({*stored.order_by().values_list("year", flat=True)}, reverse=True)
    before = [year for year in known if year <= until]
    years = before[:YEARS_SHOWN]
    found = list(stored.filter(year__in=years).order_by("borough__sort_key"))
    line_up(found)
    cells: dict[str, dict[int, IndicatorValue]] = {"Gesamtstadt": {}}
    cells |= {name: {} for name in District.objects.values_list("name", flat=True)}
    for value in found:
        cells.setdefault(value.place, {})[value.year] = value
    rows = [
        PlaceRow(name, [(year, row.get(year)) for year in years], _newest(row, years)) for name, row in cells.items()
    ]
    notes = [value for value in found if value.note or value.source]
    return Years(years, rows, notes, before[YEARS_SHOWN] if len(before) > YEARS_SHOWN else None)


def _newest(row: dict[int, IndicatorValue], years: list[int]) -> str:
    return deviation_words(row[years[0]]) if years and years[0] in row else ""


def line_up(values: list[IndicatorValue]) -> None:
    """Let all numbers of one indicator be written with as many decimal places as the longest of them."""
    places = max((decimals(value.number) for value in values if value.number is not None), default=0)
    for value in values:
        value.places = places


def line_up_with_city(values: Iterable[IndicatorValue]) -> None:
    """Let every number be written with as many decimal places as the city's beside it (needs `with_city`)."""
    for value in values:
        numbers = (value.number, value.city_number)
        value.places = max((decimals(number) for number in numbers if number is not None), default=0)


def deviation_words(value: IndicatorValue) -> str:
    """How far a value lies from the city's of the same year; "" when they cannot be compared (needs `with_city`)."""
    if value.deviation is None:
        return ""
    if value.deviation == 0:
        return "wie die Stadt"
    unit = "Prozentpunkte" if value.indicator.unit == "%" else value.indicator.unit
    side = "höher" if value.deviation > 0 else "niedriger"
    return " ".join(filter(None, [german(abs(value.deviation), places=value.places), unit, side]))
