"""Reading a city's old list of concerns: any CSV through a small mapping file (TOML). Checks, writes nothing."""

import csv
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from concerns.models import Concern, Topic
from concerns.routing import in_force
from districts.geo import area_at
from districts.models import Department, District
from quartier.text import TEXT_LIMIT, clean_text

DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S")
SEPARATOR = " | "
csv.field_size_limit(10_000_000)


class MappingError(Exception):
    """The mapping file cannot be used; the message says why, in German."""


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says; see `docs/import.md` for every key."""

    source: str
    columns: dict[str, str]
    encoding: str = "utf-8-sig"
    delimiter: str = ""
    topic_columns: list[str] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)
    default_topic: str = ""
    departments: dict[str, str] = field(default_factory=dict)
    default_department: str = ""
    closed_values: frozenset[str] = frozenset()
    channel: str = Concern.Channel.ONLINE
    kind: str = Concern.Kind.DEFECT
    district: str = ""


@dataclass(frozen=True)
class Row:
    """One checked line of the file, ready to be logged."""

    line: int
    key: str
    title: str
    text: str
    topic: Topic
    received_on: date
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    district: District | None = None
    department: Department | None = None
    closed: bool = False
    answer: str = ""


KNOWN_COLUMNS = frozenset(
    {"key", "title", "text", "received_on", "place", "lat", "lon", "district", "department", "status", "answer"}
)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingError: it is no TOML, or a key is missing, unknown or of the wrong kind.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"Die Zuordnungsdatei lässt sich nicht lesen: {error}") from error
    columns = raw.get("columns", {})
    if missing := {"key", "text", "received_on"} - set(columns):
        raise MappingError(f"In [columns] fehlt: {', '.join(sorted(missing))}.")
    if unknown := set(columns) - KNOWN_COLUMNS:
        raise MappingError(f"In [columns] unbekannt: {', '.join(sorted(unknown))}.")
    if not raw.get("source"):
        raise MappingError("Es fehlt „source“, ein kurzer Name für die Herkunft der Liste.")
    topic, department, options = raw.get("topic", {}), raw.get("department", {}), raw.get("defaults", {})
    mapping = Mapping(
        source=raw["source"],
        columns=columns,
        encoding=raw.get("csv", {}).get("encoding", "utf-8-sig"),
        delimiter=raw.get("csv", {}).get("delimiter", ""),
        topic_columns=topic.get("columns", []),
        topics=topic.get("values", {}),
        default_topic=topic.get("default", ""),
        departments=department.get("values", {}),
        default_department=department.get("default", ""),
        closed_values=frozenset(raw.get("status", {}).get("closed", [])),
        channel=options.get("channel", Concern.Channel.ONLINE),
        kind=options.get("kind", Concern.Kind.DEFECT),
        district=options.get("district", ""),
    )
    if mapping.channel not in Concern.Channel.values or mapping.kind not in Concern.Kind.values:
        raise MappingError("In [defaults] gibt es „channel“ oder „kind“ nicht.")
    return mapping


class Reader:
    """Checks the lines of one file against the catalogue; collects good rows and the reasons of bad ones."""

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self.rows: list[Row] = []
        self.errors: list[tuple[int, str]] = []
        self.topics = {topic.code: topic for topic in Topic.objects.filter(parent__isnull=False)}
        self.departments = {department.code: department for department in Department.objects.all()}
        self.districts = list(District.objects.select_related("borough"))
        self.by_name = {d.slug: d for d in self.districts} | {d.name: d for d in self.districts}
        self._check_targets()

    def _check_targets(self) -> None:
        topics = {*self.mapping.topics.values(), self.mapping.default_topic} - {""}
        departments = {*self.mapping.departments.values(), self.mapping.default_department} - {""}
        unknown = sorted(topics - set(self.topics)) + sorted(departments - set(self.departments))
        if self.mapping.district and self.mapping.district not in self.by_name:
            unknown.append(self.mapping.district)
        if unknown:
            raise MappingError(f"Diese Themen, Fachbereiche oder Quartiere gibt es nicht: {', '.join(unknown)}.")

    def read(self, path: Path) -> None:
        """Read and check a whole file.

        Raises:
            MappingError: the file cannot be read at all, or a mapped column does not exist in it.
        """
        try:
            with path.open(encoding=self.mapping.encoding, newline="") as file:
                self._read(file)
        except (OSError, UnicodeDecodeError, LookupError, csv.Error) as error:
            raise MappingError(f"Die Datei lässt sich nicht lesen: {error}") from error

    def _read(self, file) -> None:
        sample = file.read(20_000)
        file.seek(0)
        delimiter = self.mapping.delimiter or (";" if sample.count(";") > sample.count(",") else ",")
        reader = csv.DictReader(file, delimiter=delimiter)
        wanted = [*self.mapping.columns.values(), *self.mapping.topic_columns]
        if missing := [column for column in wanted if column not in (reader.fieldnames or [])]:
            raise MappingError(f"Diese Spalten fehlen in der Datei: {', '.join(missing)}.")
        seen: dict[str, int] = {}
        for raw in reader:
            line = reader.line_num
            try:
                row = self._row(raw, line)
            except ValueError as error:
                self.errors.append((line, str(error)))
                continue
            if row.key in seen:
                self.errors.append((line, f"Die Nummer {row.key} steht schon in Zeile {seen[row.key]}."))
                continue
            seen[row.key] = line
            self.rows.append(row)

    def _row(self, raw: dict, line: int) -> Row:
        if None in raw or None in raw.values():
            raise ValueError("Die Zeile hat mehr oder weniger Felder als die Kopfzeile.")

        def value(name: str) -> str:
            return clean_text(raw.get(self.mapping.columns.get(name, ""), "")).strip()

        text = value("text")
        if not value("key"):
            raise ValueError("Die Nummer fehlt.")
        if len(value("key")) > 80:
            raise ValueError("Die Nummer ist zu lang (höchstens 80 Zeichen).")
        if not text:
            raise ValueError("Der Text fehlt.")
        if len(text) > TEXT_LIMIT:
            raise ValueError(f"Der Text ist zu lang ({len(text)} Zeichen, höchstens {TEXT_LIMIT}).")
        lat, lon = _coordinates(value("lat"), value("lon"))
        received_on = _date(value("received_on"))
        return Row(
            line=line,
            key=value("key"),
            title=_title(value("title") or text),
            text=text,
            topic=self._topic(raw),
            received_on=received_on,
            place=value("place")[:200],
            lat=lat,
            lon=lon,
            district=self._district(value("district"), lat, lon),
            department=self._department(value("department"), received_on),
            closed=value("status") in self.mapping.closed_values,
            answer=value("answer")[:8000],
        )

    def _topic(self, raw: dict) -> Topic:
        parts = [clean_text(raw[column]).strip() for column in self.mapping.topic_columns]
        for count in range(len(parts), 0, -1):
            if code := self.mapping.topics.get(SEPARATOR.join(parts[:count])):
                return self.topics[code]
        if self.mapping.default_topic:
            return self.topics[self.mapping.default_topic]
        raise ValueError(f"Kein Thema für „{SEPARATOR.join(parts)}“.")

    def _department(self, name: str, on: date) -> Department | None:
        department = self.departments.get(self.mapping.departments.get(name, self.mapping.default_department))
        if department and not in_force(department, on):
            raise ValueError(f"{department} gab es am {on:%d.%m.%Y} noch nicht oder nicht mehr.")
        return department

    def _district(self, name: str, lat: float | None, lon: float | None) -> District | None:
        if name:
            if name not in self.by_name:
                raise ValueError(f"Das Quartier „{name}“ gibt es nicht.")
            return self.by_name[name]
        found = area_at(self.districts, lat, lon) if lat is not None else None
        return found or self.by_name.get(self.mapping.district)


def _title(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= 120 else first[:119].rsplit(" ", 1)[0] + "…"


def _date(value: str) -> date:
    for form in DATE_FORMATS:
        try:
            found = datetime.strptime(value, form).date()
        except ValueError:
            continue
        if found > timezone.localdate() or found.year < 1990:
            raise ValueError(f"Das Datum {value} liegt in der Zukunft oder vor 1990.")
        return found
    raise ValueError(f"Kein Datum: „{value[:40]}“.")


def _coordinates(lat: str, lon: str) -> tuple[float | None, float | None]:
    if not lat and not lon:
        return None, None
    try:
        north, east = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        raise ValueError(f"Keine Koordinaten: „{lat[:20]}“, „{lon[:20]}“.") from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise ValueError(f"Koordinaten außerhalb der Erde: {lat}, {lon}.")
    return north, east
