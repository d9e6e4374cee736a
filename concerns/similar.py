"""Open concerns that may mean the same thing: same topic, lately, nearby or in the same words (K13)."""

import math
from datetime import date, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, F, FloatField, Func, Q, Value
from django.db.models.functions import Left

from concerns.models import Concern
from concerns.suggest import Word, words
from quartier.search import GermanSortKey

CANDIDATES, SHOWN = 150, 5
READ = 600  # characters of a text that are compared
NEAR_DEGREES = 0.004, 0.0063  # latitude and longitude: about 400 metres in Aachen
DISTANCES = ((50, 3), (150, 2), (400, 1))  # metres and what they count
SAME_TOPIC, ENOUGH = 2, 3
SHORTEST_WORD, MOST_WORDS = 4, 40


class _WordSimilarity(Func):
    """How well a text occurs in another, trigram by trigram (pg_trgm)."""

    function = "word_similarity"
    output_field = FloatField()


class _HasWords(Func):
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def similar(
    *,
    among,
    district_id: int | None,
    since: date,
    topic_id: int | None = None,
    text: str = "",
    place: str = "",
    lat: float | None = None,
    lon: float | None = None,
    enough: int = ENOUGH,
) -> list[Concern]:
    """The most similar open concerns `among` a queryset (what this person may see), the likeliest first; one query.

    Each carries `reasons`, German phrases that tell why it is shown. One reason alone is not `enough`.
    """
    typed = [word for word in dict.fromkeys(words(text)) if len(word.folded) >= SHORTEST_WORD][:MOST_WORDS]
    clue = Q(topic_id=topic_id) if topic_id else Q(pk=None)
    if typed:
        beginnings = " | ".join(f"{word.folded}:*" for word in typed)
        clue |= Q(_HasWords(F("search"), SearchQuery(beginnings, config="public.quartier", search_type="raw")))
    if lat is not None and lon is not None:
        height, width = NEAR_DEGREES
        clue |= Q(lat__range=(lat - height, lat + height), lon__range=(lon - width, lon + width))
    sounds = _WordSimilarity(GermanSortKey(Value(place)), GermanSortKey("place")) if place else Value(0.0)
    newest = (
        among.open()
        .leads()
        .filter(clue, district_id=district_id, received_on__gte=since)
        .annotate(sounds=sounds, beginning=Left("text", READ))
        .defer("search", "text", "answer_text")
        .order_by("-received_on", "-pk")[:CANDIDATES]
    )
    rated = [(_rate(one, typed, topic_id, lat, lon), one) for one in newest]
    found = sorted((entry for entry in rated if entry[0] >= enough), key=lambda entry: -entry[0])
    return [one for _, one in found[:SHOWN]]


def similar_to(concern: Concern, *, among, months: int, today: date) -> list[Concern]:
    """Open concerns like this one, without itself and without what is already bundled under it."""
    return similar(
        among=among.exclude(pk=concern.pk),
        topic_id=concern.topic_id,
        district_id=concern.district_id,
        since=since(months, today),
        text=f"{concern.title} {concern.text[:READ]}",
        place=concern.place,
        lat=concern.lat,
        lon=concern.lon,
        enough=SAME_TOPIC,
    )


def since(months: int, today: date) -> date:
    """The day from which on concerns count as lately."""
    return today - timedelta(days=31 * months)


def _rate(one: Concern, typed: list[Word], topic_id: int | None, lat: float | None, lon: float | None) -> int:
    """Points for what a candidate has in common with what was typed; leaves the reasons on it."""
    points, one.reasons = 0, []
    if one.topic_id == topic_id:
        points += SAME_TOPIC
        one.reasons.append("gleiches Thema")
    if None not in (lat, lon, one.lat, one.lon):
        metres = distance(lat, lon, one.lat, one.lon)
        if near := next((count for limit, count in DISTANCES if metres <= limit), 0):
            points += near
            one.reasons.append(f"{round(metres, -1):.0f} m entfernt" if metres >= 10 else "gleiche Stelle")
    if one.sounds >= 0.5:
        points += 2 if one.sounds >= 0.75 else 1
        one.reasons.append("ähnlicher Ort")
    common = _common(typed, words(f"{one.title} {one.beginning}"))
    if common:
        points += 2 if len(common) >= 2 and 2 * len(common) >= len(typed) else 1
        one.reasons.append("gleiche Wörter" if len(common) > 1 else "ein gleiches Wort")
    return points


def _common(typed: list[Word], others: list[Word]) -> list[Word]:
    """Typed words that the other text has too, also inside a compound."""
    stems = {word.stem for word in others}
    return [word for word in typed if word.stem in stems or any(word.stem in other.folded for other in others)]


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two points that lie within a city."""
    return math.hypot((other_lat - lat) * 111_320, (other_lon - lon) * 111_320 * math.cos(math.radians(lat)))
