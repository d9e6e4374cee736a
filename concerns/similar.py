"""Open concerns that may mean the same thing: same topic and district, lately, nearby or with the same words (K13)."""

import math
import re
from collections.abc import Iterable
from datetime import date, timedelta

from concerns.models import Concern

CANDIDATES, SHOWN = 60, 5
NEAR_METRES = 150
_WORD = re.compile(r"\w{4,}")


def similar(
    *,
    among,
    topic_id: int,
    district_id: int | None,
    since: date,
    text: str = "",
    lat: float | None = None,
    lon: float | None = None,
) -> list[Concern]:
    """The most similar open concerns `among` a queryset (what this person may see), the likeliest first; one query.

    `text` is whatever is known in words: title and place.
    """
    found = among.open().leads().filter(topic_id=topic_id, district_id=district_id, received_on__gte=since)
    newest = list(found.defer("search", "text", "answer_text").order_by("-received_on", "-pk")[:CANDIDATES])
    words = _words(text)
    return sorted(newest, key=lambda one: -_nearness(one, words, lat, lon))[:SHOWN]


def similar_to(concern: Concern, *, among, months: int, today: date) -> list[Concern]:
    """Open concerns like this one, without itself and without what is already bundled under it."""
    return similar(
        among=among.exclude(pk=concern.pk),
        topic_id=concern.topic_id,
        district_id=concern.district_id,
        since=today - timedelta(days=31 * months),
        text=f"{concern.title} {concern.place}",
        lat=concern.lat,
        lon=concern.lon,
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _nearness(one: Concern, words: Iterable[str], lat: float | None, lon: float | None) -> float:
    common = len(_words(f"{one.title} {one.place}") & words)
    if None in (lat, lon, one.lat, one.lon):
        return common
    metres = math.hypot((one.lat - lat) * 111_320, (one.lon - lon) * 111_320 * math.cos(math.radians(lat)))
    return common + 3 * max(0.0, 1 - metres / NEAR_METRES)
