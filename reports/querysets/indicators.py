"""Reads on indicators and their values."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

INHABITANTS = "inhabitants"  # code of the one indicator that is built in


class IndicatorQuerySet(models.QuerySet):
    """Reads on indicators."""

    def in_use(self):
        """Those that are still collected."""
        return self.filter(is_active=True)


class ValueQuerySet(models.QuerySet):
    """Reads on values."""

    def of_city(self):
        """Values of the whole city."""
        return self.filter(level="city")

    def newest(self, year: int):
        """For each indicator and place the newest value not after `year`."""
        return (
            self.filter(year__lte=year)
            .order_by("indicator_id", "district_id", "borough_id", "-year")
            .distinct("indicator_id", "district_id", "borough_id")
        )

    def with_city(self):
        """With the city's value of the same indicator and year, `deviation` from it, and everything a page names.

        No deviation where the city has no number of that year, and none of counts: a quarter is no smaller city.
        """
        city = self.model.objects.of_city().filter(indicator=OuterRef("indicator"), year=OuterRef("year"))
        return (
            self.select_related("indicator", "district", "borough")
            .defer("district__boundary", "borough__boundary")
            .annotate(
                city_number=Subquery(city.values("number")[:1]),
                city_rating=Subquery(city.values("rating")[:1]),
                deviation=models.Case(
                    models.When(Q(level="city") | Q(indicator__measure="count"), then=None),
                    default=F("number") - F("city_number"),
                ),
            )
        )

    def for_district(self, district, year: int):
        """The newest values of a district not after `year`, beside the city's, in the order of the catalogue."""
        newest = self.filter(district=district, indicator__is_active=True).newest(year)
        return (
            self.filter(pk__in=newest.values("pk")).with_city().order_by("indicator__position", "indicator__sort_key")
        )

    def inhabitants(self, year: int) -> dict[int, int]:
        """Inhabitants of the districts by id: of each the newest number not after `year`.

        A district without one is missing from the answer.
        """
        rows = self.filter(indicator__code=INHABITANTS, level="district", number__isnull=False).newest(year)
        return {district: int(number) for district, number in rows.values_list("district_id", "number")}

    def inhabitants_of_city(self, year: int) -> int | None:
        """Inhabitants of the whole city: the newest number not after `year`."""
        rows = self.of_city().filter(indicator__code=INHABITANTS, number__isnull=False).newest(year)
        number = rows.values_list("number", flat=True).first()
        return None if number is None else int(number)

    def languages(self, year: int, districts: Iterable[int] | None = None) -> dict[int | None, dict[str, float]]:
        """Share of people speaking a language (0 to 1), by district id and language code; the city under None."""
        rows = self.exclude(indicator__language="").filter(number__isnull=False).exclude(level="borough").newest(year)
        found: dict[int | None, dict[str, float]] = {}
        for district, language, number in rows.values_list("district_id", "indicator__language", "number"):
            if districts is None or district is None or district in districts:
                found.setdefault(district, {})[language] = float(number) / 100
        return found
