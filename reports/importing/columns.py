"""What the columns of a file hold: guessed from their headings, changed by the person who sends the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from quartier.text import plain
from reports.models import Indicator
from reports.models.indicators import FIRST_YEAR

_LONGEST_HEAD = 200  # characters of a heading that are looked at


class Role(StrEnum):
    """What a column holds; the values of one indicator are „i:“ and its id."""

    SKIP = "skip"
    PLACE = "place"
    LEVEL = "level"
    YEAR = "year"
    NAME = "name"
    VALUE = "value"
    NOTE = "note"
    SOURCE = "source"
    NEW = "new"


ROLE_LABELS = {
    Role.SKIP: "auslassen",
    Role.PLACE: "Ort",
    Role.LEVEL: "Ebene (Quartier, Stadtbezirk, Gesamtstadt)",
    Role.YEAR: "Jahr",
    Role.NAME: "Name des Indikators",
    Role.VALUE: "Wert",
    Role.NOTE: "Hinweis",
    Role.SOURCE: "Dokument",
    Role.NEW: "als neuen Indikator anlegen",
}
ONCE = (Role.PLACE, Role.LEVEL, Role.YEAR, Role.NAME, Role.VALUE, Role.NOTE, Role.SOURCE)
BOROUGH_HEADS = frozenset({"bezirk", "stadtbezirk", "borough"})
# The first of these headings that a file has names the place: what is smallest comes first.
_PLACE_HEADS = ("quartier", "district", "lebensraum", "stadtteil", "ort", "gebiet", "raum", "raumname", "name",
                "bezirk", "stadtbezirk", "borough")  # fmt: skip
_HEADS = {
    Role.LEVEL: {"ebene", "level", "raumebene"},
    Role.YEAR: {"jahr", "year", "stand", "zeitraum", "berichtsjahr", "stichtag", "datum"},
    Role.NAME: {"indikator", "kennzahl", "kennwert", "indicator", "merkmal"},
    Role.VALUE: {"wert", "value", "zahl", "einschaetzung"},
    Role.NOTE: {"hinweis", "bemerkung", "anmerkung", "note"},
    Role.SOURCE: {"dokument", "quelle", "source"},
}
_YEAR_AT_END = re.compile(r"(.*?)[ _(.-]+((?:19|20)\d{2})(?:[_-]\d{2}[_-]\d{2})?\)?")


@dataclass(frozen=True)
class Column:
    """A column and how it is read; `year` when its heading names one."""

    index: int
    head: str
    role: str
    indicator: Indicator | None = None
    year: int | None = None


class Catalogue:
    """The indicators under every name a file may call them by."""

    def __init__(self):
        known = list(Indicator.objects.all())
        self.by_role = {f"i:{indicator.pk}": indicator for indicator in known}
        self._by_name: dict[str, Indicator] = {}
        for indicator in known:
            self._add(indicator, indicator.name, indicator.label, indicator.code)
        for indicator in known:
            self._add(indicator, *indicator.aliases.split(";"))

    def _add(self, indicator: Indicator, *names: str) -> None:
        for name in filter(None, map(plain, names)):
            self._by_name.setdefault(name, indicator)

    def find(self, name: str) -> Indicator | None:
        """The indicator with this name."""
        return self._by_name.get(plain(name))


def read_columns(head: tuple[str, ...], catalogue: Catalogue, chosen: Mapping[str, str]) -> list[Column]:
    """The columns of a file; `chosen` are the roles a person has given them, by index."""
    heads = [plain(one[:_LONGEST_HEAD]) for one in head]
    place = next((heads.index(name) for name in _PLACE_HEADS if name in heads), None)
    taken = set(chosen.values())
    columns = []
    for index, text in enumerate(head):
        name, year = _without_year(text, catalogue)
        role = chosen.get(str(index))
        if role is None and index == place and Role.PLACE not in taken:
            role = Role.PLACE
        role = role or _guess(heads[index], catalogue.find(name), taken)
        taken.add(role)
        indicator = Indicator(name=text[:120]) if role == Role.NEW else catalogue.by_role.get(role)
        columns.append(Column(index, text, role if indicator or role in ROLE_LABELS else Role.SKIP, indicator, year))
    return columns


def _guess(head: str, indicator: Indicator | None, taken: set[str]) -> str:
    if indicator:
        return f"i:{indicator.pk}"
    return next((role for role, heads in _HEADS.items() if head in heads and role not in taken), Role.SKIP)


def _without_year(head: str, catalogue: Catalogue) -> tuple[str, int | None]:
    """A heading and the year it ends with: „Einwohner 2024“, „einwohner_2024_12_31“."""
    if catalogue.find(head) or len(head) > _LONGEST_HEAD or not (found := _YEAR_AT_END.fullmatch(head)):
        return head, None
    year = int(found[2])
    return (found[1], year) if FIRST_YEAR <= year <= timezone.localdate().year else (head, None)


def column_problems(columns: list[Column], *, catalogue: Catalogue, year: int | None) -> list[str]:
    """Why the file cannot be read with these columns, in German; empty when it can."""
    roles = [column.role for column in columns]
    values = [column for column in columns if column.indicator]
    is_long = Role.NAME in roles and Role.VALUE in roles
    problems = [f"Mehrere Spalten sind als „{ROLE_LABELS[role]}“ gewählt." for role in ONCE if roles.count(role) > 1]
    if Role.PLACE not in roles:
        problems.append("Keine Spalte nennt den Ort. Bitte eine Spalte als „Ort“ wählen.")
    if not values and not is_long:
        problems.append("Keine Spalte gehört zu einem bekannten Indikator. Bitte zuordnen oder neu anlegen.")
    if values and is_long:
        problems.append("Die Indikatoren stehen in den Zeilen und in den Spalten. Bitte eines davon auslassen.")
    problems += _name_problems(values, catalogue)
    if Role.YEAR not in roles and year is None and (is_long or any(column.year is None for column in values)):
        problems.append("Das Jahr fehlt. Bitte angeben oder eine Spalte als „Jahr“ wählen.")
    return problems


def _name_problems(values: list[Column], catalogue: Catalogue) -> list[str]:
    problems, seen = [], {}
    for column in values:
        if column.role == Role.NEW and not plain(column.head):
            problems.append(f"Spalte {column.index + 1} hat keine Überschrift und kann nicht angelegt werden.")
        elif column.role == Role.NEW and (known := catalogue.find(column.indicator.name)):
            problems.append(f"„{column.head}“ gibt es schon: als Indikator „{known}“.")
        key = (column.indicator.pk or plain(column.indicator.name), column.year)
        if key in seen:
            problems.append(f"Die Spalten „{seen[key]}“ und „{column.head}“ meinen denselben Indikator.")
        seen[key] = column.head
    return problems
