"""From a file to its plan: every line is checked, then compared with what is stored."""

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from quartier.csvfile import Sheet, read_sheet
from quartier.text import typed_text
from reports.importing.columns import BOROUGH_HEADS, ONCE, Catalogue, Column, Role, column_problems, read_columns
from reports.importing.names import Level, Place, Places, plain
from reports.importing.plan import Entry, Line, Plan
from reports.models import Indicator, IndicatorFile, IndicatorValue
from reports.models.indicators import FIRST_YEAR
from reports.numbers import mark_of, read

MAX_VALUES = 100_000
Rating = IndicatorValue.Rating
_LEVELS = {
    "quartier": Level.DISTRICT, "district": Level.DISTRICT,
    "stadtbezirk": Level.BOROUGH, "bezirk": Level.BOROUGH, "borough": Level.BOROUGH,
    "gesamtstadt": Level.CITY, "stadt": Level.CITY, "city": Level.CITY,
}  # fmt: skip
_RATINGS = {
    "unterdurchschnittlich": Rating.BELOW, "unter": Rating.BELOW, "below": Rating.BELOW,
    "durchschnittlich": Rating.AVERAGE, "average": Rating.AVERAGE,
    "ueberdurchschnittlich": Rating.ABOVE, "ueber": Rating.ABOVE, "above": Rating.ABOVE,
}  # fmt: skip
_NOBODY = {
    Level.DISTRICT: "Kein Quartier heißt",
    Level.BOROUGH: "Kein Stadtbezirk heißt",
    Level.CITY: "Die Gesamtstadt heißt nicht",
}
# How statistics offices write that there is no value, or none that they tell.
_NOTHING = frozenset({"", "-", "–", "—", ".", "..", "...", "…", "/", "x", "X", "*", "k. A.", "k.A.", "n. v."})
_NUMBERING = ("id", "nr", "nummer", "schluessel", "code")  # how headings of such columns end
_DIGITS = re.compile(r"[+-]?\d[\d.,\s]*%?$")
_YEAR = re.compile(r"(?:\d{1,2}\.\d{1,2}\.)?(\d{4})(?:-\d{2}-\d{2})?(?:[.,]0+)?")


def read_file(file: IndicatorFile) -> Plan:
    """What a kept file would do now.

    Raises:
        BadFile: it is no table at all.
    """
    return _Reader(file, read_sheet(bytes(file.content))).read()


class _Reader:
    """Makes the plan of one file."""

    def __init__(self, file: IndicatorFile, sheet: Sheet):
        self.file, self.sheet = file, sheet
        self.catalogue, self.places = Catalogue(), Places()
        columns = read_columns(sheet.head, self.catalogue, file.reading.get("roles", {}))
        problems = column_problems(columns, catalogue=self.catalogue, year=file.year)
        self.roles = {column.role: column for column in columns if column.role in ONCE}
        self.value_columns = [column for column in columns if column.indicator]
        self.is_long = not self.value_columns
        self.seen: dict[tuple, int] = {}
        mark = file.reading.get("mark") or mark_of(self._number_texts())
        self.plan = Plan(columns=columns, problems=problems, mark=mark, numeric=self._numeric())

    def read(self) -> Plan:
        """Check every line, then compare."""
        for number, cells in self.sheet.rows:
            if self.plan.problems:
                break
            self.plan.lines.append(self._line(number, cells))
            if len(self.seen) > MAX_VALUES:
                self.plan.problems.append("Die Datei enthält mehr als 100.000 Werte. Bitte in mehrere Dateien teilen.")
                self.plan.lines.clear()
        self._compare()
        return self.plan

    def _number_texts(self) -> list[str]:
        columns = [self.roles[Role.VALUE]] if Role.VALUE in self.roles else self.value_columns
        indexes = [column.index for column in columns]
        return [row[index].rstrip(" %") for _, row in self.sheet.rows for index in indexes if index < len(row)]

    def _numeric(self) -> frozenset[int]:
        """Columns in which only numbers stand, without those that number the places."""
        named = {n for n, head in enumerate(self.sheet.head) if not plain(head).endswith(_NUMBERING)}
        for _, cells in self.sheet.rows:
            named -= {n for n in named if n < len(cells) and cells[n] not in _NOTHING and not _DIGITS.match(cells[n])}
        return frozenset(named)

    def _text(self, cells: tuple[str, ...], role: str) -> str:
        column = self.roles.get(role)
        return cells[column.index] if column and column.index < len(cells) else ""

    def _line(self, number: int, cells: tuple[str, ...]) -> Line:
        line = Line(number, self._text(cells, Role.PLACE))
        if any(cells[len(self.sheet.head) :]):
            line.errors.append("Die Zeile hat mehr Felder als die Kopfzeile.")
            return line
        found = [self._try(line, step, cells) for step in (self._place, self._year, self._wanted)]
        if line.errors:
            return line
        place, year, wanted = found
        for indicator, column, text in wanted:
            if text in _NOTHING:
                line.blanks += 1
                continue
            try:
                line.entries.append(self._entry(indicator, place, column.year or year or self.file.year, text, line))
            except ValueError as error:
                line.errors.append(str(error) if self.is_long else f"{column.head}: {error}")
        for entry in line.entries:
            entry.note = typed_text(self._text(cells, Role.NOTE))[:300]
            entry.source = (typed_text(self._text(cells, Role.SOURCE)) or self.file.source)[:200]
        return line

    def _try(self, line: Line, step: Callable, cells: tuple[str, ...]):
        try:
            return step(cells)
        except ValueError as error:
            line.errors.append(str(error))

    def _place(self, cells: tuple[str, ...]) -> Place:
        name, level = self._text(cells, Role.PLACE), self._text(cells, Role.LEVEL)
        if not name:
            raise ValueError("Der Ort fehlt.")
        if level and plain(level) not in _LEVELS:
            raise ValueError(f"Die Ebene „{level[:60]}“ gibt es nicht.")
        levels = (Level.DISTRICT, Level.BOROUGH, Level.CITY)
        if level:
            levels = (_LEVELS[plain(level)],)
        elif plain(self.roles[Role.PLACE].head) in BOROUGH_HEADS:
            levels = (Level.BOROUGH, Level.CITY)
        if place := self.places.find(name, levels):
            return place
        nobody = "Kein Quartier und kein Stadtbezirk heißt" if len(levels) == 3 else _NOBODY[levels[0]]
        raise ValueError(f"{nobody} „{name[:60]}“.")

    def _year(self, cells: tuple[str, ...]) -> int | None:
        """The year of the line; None when the file has no column for it."""
        if Role.YEAR not in self.roles:
            return None
        text = self._text(cells, Role.YEAR)
        found = _YEAR.fullmatch(text) if text.isascii() else None
        if not found:
            raise ValueError(f"„{text[:40]}“ ist kein Jahr." if text else "Das Jahr fehlt.")
        if not FIRST_YEAR <= int(found[1]) <= timezone.localdate().year:
            raise ValueError(f"Das Jahr {found[1]} liegt vor {FIRST_YEAR} oder in der Zukunft.")
        return int(found[1])

    def _wanted(self, cells: tuple[str, ...]) -> list[tuple[Indicator, Column, str]]:
        """The indicators the line tells something about, with the cells that do."""
        if not self.is_long:
            return [
                (column.indicator, column, cells[column.index] if column.index < len(cells) else "")
                for column in self.value_columns
            ]
        name = self._text(cells, Role.NAME)
        if indicator := self.catalogue.find(name):
            return [(indicator, self.roles[Role.VALUE], self._text(cells, Role.VALUE))]
        raise ValueError(f"Den Indikator „{name[:60]}“ gibt es nicht." if name else "Der Indikator fehlt.")

    def _entry(self, indicator: Indicator, place: Place, year: int, text: str, line: Line) -> Entry:
        entry = Entry(indicator, place, year)
        if rating := _RATINGS.get(plain(text)):
            if indicator.is_inhabitants or indicator.language:
                raise ValueError(f"„{text[:40]}“ ist keine Zahl.")
            entry.rating = rating
        else:
            entry.number = self._number(text, indicator)
        if entry.key in self.seen:
            raise ValueError(f"Dieser Wert steht schon in Zeile {self.seen[entry.key]}.")
        self.seen[entry.key] = line.number
        return entry

    def _number(self, text: str, indicator: Indicator) -> Decimal:
        if text.startswith("="):
            raise ValueError("Hier steht eine Formel statt einer Zahl.")
        bare = text.removesuffix(indicator.unit or "%").rstrip()
        if bare.endswith("%"):
            raise ValueError(f"„{text[:40]}“: Der Indikator hat die Einheit {indicator.unit}, nicht %.")
        number = read(bare, self.plan.mark)
        if fault := indicator.fault_of(number):
            raise ValueError(fault)
        return number

    def _compare(self) -> None:
        """Put the stored value beside each entry."""
        entries = [entry for line in self.plan.lines for entry in line.entries]
        stored = IndicatorValue.objects.filter(
            indicator__in={entry.indicator.pk for entry in entries if entry.indicator.pk},
            year__in={entry.year for entry in entries},
        )
        by_key = {(one.indicator_id, one.district_id, one.borough_id, one.year): one for one in stored}
        for entry in entries:
            entry.old = by_key.get(entry.key)
