"""Indicators beside the figures of the loop: context, never cause (D01, D06)."""

from collections.abc import Iterable, Sequence

from districts.models import District
from reports.models import Indicator, IndicatorValue
from reports.tables import Cell, Column, Kind, Row, Table

SIDE_BY_SIDE = 3  # districts that have a column each; more of them have a line each
PER_TABLE = 4  # indicators that fit beside each other on paper
NOTE = (
    "Kontext, keine Ursache: Diese Werte beschreiben die Quartiere. Sie können dazu beitragen, die Zahlen einzuordnen, "
    "belegen aber nicht, wodurch Anliegen entstehen."
)
_RATED = "Einschätzungen im Vergleich zur Gesamtstadt, keine Messwerte. "
CITY = None  # the key of the whole city


class _Values:
    """The newest values of districts and city by indicator and place."""

    def __init__(self, districts: Iterable[int], year: int):
        rows = IndicatorValue.objects.exclude(level="borough").newest(year)
        self.found = {(row.indicator_id, row.district_id): row for row in rows}
        self.places = [*districts, CITY]

    def of(self, indicator: Indicator) -> list[IndicatorValue | None]:
        """Its values in the order of the places, the city last."""
        return [self.found.get((indicator.pk, place)) for place in self.places]

    def has(self, indicator: Indicator, *, rated: bool) -> bool:
        """Whether a district has a number of it, or a rating."""
        return any(value and bool(value.rating) == rated for value in self.of(indicator)[:-1])


def context_tables(district_ids: Sequence[int] | None, year: int) -> list[Table]:
    """The newest indicators not after `year` for some or all districts, beside the city's; empty when there are none.

    Shares of languages are not among them: the figures about who is not heard use them.
    """
    found = District.objects.only("name", "short_name")
    districts = list(found if district_ids is None else found.filter(pk__in=district_ids))
    values = _Values([district.pk for district in districts], year)
    indicators = list(Indicator.objects.in_use().filter(language=""))
    counted = [one for one in indicators if values.has(one, rated=False)]
    rated = [one for one in indicators if values.has(one, rated=True)]
    if len(districts) <= SIDE_BY_SIDE:
        tables = [_by_indicator(counted, districts, values), _by_indicator(rated, districts, values, rated=True)]
    else:
        tables = [_by_district(some, districts, values, n) for n, some in enumerate(_in_groups(counted), 1)]
        tables += [_by_district(some, districts, values, n, rated=True) for n, some in enumerate(_in_groups(rated), 1)]
    return [table for table in tables if table.rows]


def _in_groups(indicators: list[Indicator]) -> list[list[Indicator]]:
    return [indicators[first : first + PER_TABLE] for first in range(0, len(indicators), PER_TABLE)]


def _cells(values: Sequence[IndicatorValue | None], *, rated: bool) -> list[Cell]:
    """An indicator's values. Where one has a single decimal, all have, so that they line up."""
    fitting = [value if value and bool(value.rating) == rated else None for value in values]
    if rated:
        return [Cell(value.get_rating_display()) if value else Cell() for value in fitting]
    tenths = [value.number * 10 for value in fitting if value]
    kind = Kind.TENTHS if all(n % 1 == 0 for n in tenths) and any(n % 10 for n in tenths) else Kind.VALUE
    return [Cell(float(value.number), kind=kind) if value else Cell() for value in fitting]


def _years(values: Iterable[IndicatorValue | None]) -> str:
    years = sorted({value.year for value in values if value})
    return "–".join(map(str, sorted({years[0], years[-1]}))) if years else ""


def _by_indicator(
    indicators: list[Indicator], districts: list[District], values: _Values, *, rated: bool = False
) -> Table:
    """Indicators as lines, the districts side by side."""
    kind = Kind.TEXT if rated else Kind.VALUE
    columns = [Column(f"d{one.pk}", one.name, kind) for one in districts]
    if not rated:
        columns.append(Column("city", "Gesamtstadt", kind))
    rows = []
    for indicator in indicators:
        known = values.of(indicator)[: len(columns)]
        cells = (*_cells(known, rated=rated), Cell(_years(known)))
        rows.append(Row(indicator.label, cells, code=indicator.code))
    return Table(
        code="context-ratings" if rated else "context",
        title="Einschätzungen zum Sozialraum" if rated else "Sozialraum",
        head="Indikator",
        columns=(*columns, Column("year", "Jahr", Kind.TEXT)),
        rows=tuple(rows),
        note=_RATED + NOTE if rated else NOTE,
    )


def _by_district(
    indicators: list[Indicator], districts: list[District], values: _Values, number: int, *, rated: bool = False
) -> Table:
    """Districts as lines, some indicators side by side; the city as the last line."""
    kind = Kind.TEXT if rated else Kind.VALUE
    known = [values.of(indicator) for indicator in indicators]
    lines = list(zip(*(_cells(values, rated=rated) for values in known), strict=True))
    rows = [Row(one.name, cells, code=str(one.pk)) for one, cells in zip(districts, lines[:-1], strict=True)]
    year = _years(value for column in known for value in column)
    code, title = ("context-ratings", "Einschätzungen zum Sozialraum") if rated else ("context", "Sozialraum")
    return Table(
        code=f"{code}-{number}",
        title=f"{title} {year}" + (f", Teil {number}" if number > 1 else ""),
        head="Quartier",
        columns=tuple(Column(one.code, one.label, kind) for one in indicators),
        rows=tuple(rows),
        total=None if rated else Row("Gesamtstadt", lines[-1], code="city"),
        note=_RATED + NOTE if rated else NOTE,
    )
