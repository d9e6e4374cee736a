"""Turns the written texts into single concerns, replies and messages: alternatives in brackets, slots for places."""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from districts.demo import read as read_city
from districts.models import District

_DATA = Path(__file__).parent / "data"
_SINCE = ("seit etwa zwei Wochen", "seit Tagen", "seit dem Wochenende", "seit gut einem Monat", "seit mehreren Wochen",
          "seit ungefähr zehn Tagen")  # fmt: skip
_ALTERNATIVES = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
LONGEST_TITLE = 80


@cache
def read(name: str):
    """One of the demo city's texts."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Place:
    """Where a concern lies, in the forms German sentences need."""

    label: str  # for the field "Ort in Worten"
    name: str
    within: str
    at: str
    lon: float | None
    lat: float | None


_FORMS = {
    "f": ("in der {}", "an der {}"),
    "m": ("im {}", "am {}"),
    "n": ("im {}", "am {}"),
    "p": ("auf dem {}", "am {}"),
    "a": ("auf dem {}", "am {}"),
    "k": ("auf dem {}", "am {}"),
    "d": ("in der Straße {}", "an der {}"),
    "q": ("in der Straße {}", "an der Straße {}"),
}


def _forms(name: str, form: str) -> tuple[str, str]:
    if form == "g":  # Grüner Weg
        return "im Grünen Weg", "am Grünen Weg"
    if form == "h":  # Alte Vaalser Straße
        return f"in der Alten{name[4:]}", f"an der Alten{name[4:]}"
    within, at = _FORMS[form]
    return within.format(name), at.format(name)


@cache
def _places() -> dict[str, list]:
    return read_city("places")


def places_of(district: District | None) -> list:
    """Streets and squares of a district (of the rest of the city) with their grammatical form."""
    return _places()[district.slug if district else ""]


@cache
def _rings() -> dict[str, tuple[str, list]]:
    return {row["code"]: (row["where"], row["ring"]) for row in read_city("districts")}


def where(district: District | None) -> str:
    """„in Aachen-Nord“, „im Preuswald“; the whole city when there is no district."""
    return _rings()[district.slug][0] if district else "im Stadtgebiet"


def place(district: District | None, spot: str, rnd: Random) -> Place:
    """A place of this kind in a district; the same few places come back, as in life."""
    streets = places_of(district)
    squares = [one for one in streets if one[1] == "p"]
    roads = [one for one in streets if one[1] != "p"]
    few = {"playground": 4, "pitch": 2, "underpass": 2, "green": 5, "square": 3, "stop": 6}.get(spot, len(streets))
    name, form = rnd.choice((squares if spot == "square" and squares else roads)[:few])
    within, at = _forms(name, form)
    lon, lat = _point(district, f"{spot}:{name}", rnd)
    number = rnd.randint(181, 289)  # numbers that these streets hardly have: nobody's real house
    match spot:
        case "playground":
            title = f"Spielplatz {name}"
            return Place(title, title, f"auf dem {title}", f"am {title}", lon, lat)
        case "pitch":
            title = f"Bolzplatz {name}"
            return Place(title, title, f"auf dem {title}", f"am {title}", lon, lat)
        case "green":
            return Place(f"Grünanlage {at}", name, f"in der Grünanlage {at}", at, lon, lat)
        case "underpass":
            return Place(f"Unterführung {at}", name, f"in der Unterführung {at}", f"an der Unterführung {at}", lon, lat)
        case "stop":
            title = f"Haltestelle {name}"
            return Place(title, title, f"an der {title}", f"an der {title}", lon, lat)
        case "building":
            title = f"{name} {number}"
            return Place(title, title, f"im Haus {title}", f"am Haus {title}", lon, lat)
        case "square" if not squares:
            return Place(f"Platz {at}", f"Platz {at}", f"auf dem Platz {at}", f"am Platz {at}", lon, lat)
        case "other":
            return Place("", name, within, at, None, None)
    label = f"{name} {number}" if rnd.random() < 0.4 and spot == "street" else name
    return Place(label, name, within, at, lon, lat)


def _point(district: District | None, key: str, rnd: Random) -> tuple[float | None, float | None]:
    if district is None or rnd.random() < 0.12:
        return None, None
    ring = _rings()[district.slug][1]
    fixed = Random(f"{district.slug}:{key}")
    for _ in range(200):
        lon = fixed.uniform(min(x for x, _ in ring), max(x for x, _ in ring))
        lat = fixed.uniform(min(y for _, y in ring), max(y for _, y in ring))
        near = round(lon + rnd.uniform(-0.0003, 0.0003), 6), round(lat + rnd.uniform(-0.0002, 0.0002), 6)
        if _inside(lon, lat, ring) and _inside(*near, ring):
            return near
    raise AssertionError(key)


def _inside(x: float, y: float, ring: list) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def fill(text: str, rnd: Random, **slots: str) -> str:
    """Choose among the alternatives in brackets and put the slots in."""
    text = _ALTERNATIVES.sub(lambda match: rnd.choice(match.group(1).split("|")), text)
    for name, value in slots.items():
        text = text.replace("{" + name + "}", value)
        text = text.replace("{" + name[0].upper() + name[1:] + "}", value[:1].upper() + value[1:])
    return text


def date_de(day: date) -> str:
    """30.09.2026"""
    return f"{day:%d.%m.%Y}"


@dataclass(frozen=True)
class Written:
    """One concern as a quarter manager noted it down."""

    topic: str
    kind: str
    spot: str
    urgency: str
    title: str
    text: str
    place: Place


@cache
def templates() -> list[tuple[str, dict]]:
    """All written concerns as (topic code, row)."""
    found = []
    for file in sorted((_DATA / "concerns").glob("*.json")):
        for topic, rows in json.loads(file.read_text(encoding="utf-8")).items():
            found += [(topic, row) for row in rows]
    return found


def write(topic: str, row: dict, *, district: District | None, on: date, rnd: Random, at: Place | None = None):
    """Word one concern from its template for a district and day."""
    for _ in range(12):
        spot = at or place(district, row["spot"], rnd)
        slots = {
            "name": spot.name,
            "in": spot.within,
            "an": spot.at,
            "wo": where(district),
            "hnr": str(rnd.randint(181, 289)),
            "seit": rnd.choice(_SINCE),
            "termin": date_de(on + timedelta(days=rnd.randint(7, 40))),
            "betrag": str(rnd.randint(18, 94) * 10),
        }
        title = fill(row["title"], rnd, **slots)
        if len(title) <= LONGEST_TITLE:
            break
    kind_of_spot = "other" if row["spot"] == "pitch" else row["spot"]
    return Written(
        topic, row["kind"], kind_of_spot, row.get("urgency", "normal"), title, fill(row["text"], rnd, **slots), spot
    )


@cache
def _families() -> dict[str, dict]:
    families = read("replies")
    return {topic: family for family in families.values() for topic in family["topics"]}


def reply(kind: str, written: Written, rnd: Random, *, on: date) -> dict:
    """A reply (or return, query, interim notice) that fits what was written; `on` fills the date."""
    said = f"{written.title} {written.text}".lower()
    rows = _families()[written.topic].get(kind, [])
    fitting = [row for row in rows if "about" not in row or any(word.lower() in said for word in row["about"])]
    row = rnd.choice(fitting or read("replies")["allgemein"][kind])
    return {**row, "text": fill(row["text"], rnd, datum=date_de(on), an=written.place.at)}
