"""Names as people write them, and the places behind them."""

from dataclasses import dataclass

from django.conf import settings

from districts.models import Borough, District
from quartier.text import plain
from reports.models import IndicatorValue

Level = IndicatorValue.Level


@dataclass(frozen=True)
class Place:
    """Where a value belongs."""

    level: str
    name: str
    district_id: int | None = None
    borough_id: int | None = None


class Places:
    """Finds places by any way their name is written."""

    def __init__(self):
        self._found: dict[tuple[str, str], Place] = {}
        districts = [
            (one, Place(Level.DISTRICT, one.name, district_id=one.pk))
            for one in District.objects.only("name", "short_name", "slug")
        ]
        for district, place in districts:
            self._add(place, district.name)
        for district, place in districts:
            self._add(place, district.short_name, district.slug)
        for borough in Borough.objects.only("name"):
            place = Place(Level.BOROUGH, f"Stadtbezirk {borough.name}", borough_id=borough.pk)
            self._add(place, borough.name, f"Stadtbezirk {borough.name}", f"Bezirk {borough.name}")
        city, words = settings.CITY_NAME, ("Stadt", "Stadt gesamt", "gesamt", "insgesamt", "Summe")
        self._add(Place(Level.CITY, "Gesamtstadt"), "Gesamtstadt", *words, city, city.removeprefix("Stadt "))

    def _add(self, place: Place, *names: str) -> None:
        for name in names:
            self._found.setdefault((place.level, plain(name)), place)

    def find(self, name: str, levels: tuple[str, ...]) -> Place | None:
        """The place with this name on the first of `levels` that has one."""
        key = plain(name)
        return next((self._found[level, key] for level in levels if (level, key) in self._found), None)
