"""Who and where in the demo city: Aachen's public structure, invented people (requirements Q17, appendix G)."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from districts.demo.offices import load_offices
from districts.models import Borough, Department, Deputyship, District, LivingSpace, Membership, Office, User

PASSWORD = "Quartier-Demo-2026"  # noqa: S105 - printed at the start of every demo
_DATA = Path(__file__).parent / "data"


def read(name: str):
    """One of the demo city's lists."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class City:
    """The demo city's rows under the keys that the lists use."""

    boroughs: dict[str, Borough] = field(default_factory=dict)
    districts: dict[str, District] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)


def is_loaded() -> bool:
    """Whether the demo people are already there."""
    return User.objects.filter(email=read("people")[0]["email"]).exists()


def logins() -> list[tuple[str, str]]:
    """E-mail address and role of every demo person, for the terminal."""
    return [(person["email"], person["what"]) for person in (*read("people"), *read("leavers"))]


def load_city() -> City:
    """Create boroughs, districts, departments, offices and people; must run on an empty database."""
    city = City()
    _load_places(city)
    _load_departments(city)
    city.offices = load_offices(read("offices"), city.districts)
    _load_people(city)
    return city


def _polygon(ring: list) -> dict:
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _load_places(city: City) -> None:
    for row in read("boroughs"):
        city.boroughs[row["code"]] = Borough.objects.create(name=row["name"], boundary=_polygon(row["ring"]))
    for row in read("districts"):
        city.districts[row["code"]] = District.objects.create(
            name=row["name"],
            short_name=row["short"],
            slug=row["code"],
            borough=city.boroughs[row["borough"]],
            boundary=_polygon(row["ring"]),
            description=row["about"],
            population=row["inhabitants"],
            population_on=date(timezone.localdate().year - 1, 12, 31),
        )
        for name, ring in zip(row["living"], _strips(row["ring"], len(row["living"])), strict=True):
            LivingSpace.objects.create(name=name, district=city.districts[row["code"]], boundary=_polygon(ring))


def _strips(ring: list, count: int) -> list[list]:
    """An area cut from west to east into so many pieces: where the living spaces begin is invented."""
    west, east = min(lon for lon, _ in ring), max(lon for lon, _ in ring)
    cuts = [west + (east - west) * n / count for n in range(count + 1)]
    return [_cut(_cut(ring, since, keep_east=True), until, keep_east=False) for since, until in pairwise(cuts)]


def _cut(ring: list, at: float, *, keep_east: bool) -> list:
    """What of an area lies on one side of a meridian."""
    kept = []
    for (lon, lat), (to_lon, to_lat) in zip(ring, [*ring[1:], ring[0]], strict=True):
        inside, next_inside = (x >= at if keep_east else x <= at for x in (lon, to_lon))
        if inside:
            kept.append([lon, lat])
        if inside != next_inside:
            kept.append([round(at, 5), round(lat + (to_lat - lat) * (at - lon) / (to_lon - lon), 5)])
    return kept


def _load_departments(city: City) -> None:
    with_login = {code for person in read("people") for code in _departments_of(person)}
    rows = read("departments")
    for row in rows:
        city.departments[row["code"]] = Department.objects.create(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            division=row.get("division", ""),
            mailbox=row["email"],
            # Nobody signs in for the other departments: they answer through the link, as external bodies do.
            answers_by_link=row["code"] not in with_login and "valid_to" not in row,
            valid_from=_date(row.get("valid_from")),
            valid_to=_date(row.get("valid_to")),
            note=row.get("note", ""),
        )
    for row in rows:
        if "successor" in row:
            department = city.departments[row["code"]]
            department.successor = city.departments[row["successor"]]
            department.save(update_fields=["successor"])


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _departments_of(person: dict) -> list[str]:
    return [code for code in (person.get("department"), *person.get("also", [])) if code]


def _load_people(city: City) -> None:
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    for row in read("people"):
        user = User.objects.create(
            email=row["email"],
            name=f"{row['first']} {row['last']}",
            password=password,
            office=city.offices.get(row.get("office", "")),
            task=row.get("task", ""),
            languages=row.get("languages", ""),
            is_shown=row.get("is_shown", False),
        )
        city.people[row["email"].partition("@")[0]] = user
        scopes = [{"district": city.districts[code]} for code in row.get("districts", [])]
        scopes += [{"department": city.departments[code]} for code in _departments_of(row)]
        if "actor" in row:
            continue  # the directory, which comes later, gives the role (districts.demo.directory)
        for scope in scopes or [{}]:
            Membership.objects.create(user=user, role=row["role"], **scope)
    today = timezone.localdate()
    Deputyship.objects.create(
        person=city.people["k.lenzen-maas"],
        deputy=city.people["t.wierzba"],
        valid_from=today - timedelta(days=2),
        valid_to=today + timedelta(days=12),
    )
