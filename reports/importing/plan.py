"""What a file would do, as data."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from reports.importing.columns import Column
from reports.importing.names import Place
from reports.models import Indicator, IndicatorValue
from reports.numbers import GERMAN

NEW, CHANGED, SAME, FAULTY = "new", "changed", "same", "faulty"


@dataclass
class Entry:
    """A checked value, beside the stored one it would replace."""

    indicator: Indicator
    place: Place
    year: int
    number: Decimal | None = None
    rating: str = ""
    note: str = ""
    source: str = ""
    old: IndicatorValue | None = None

    @property
    def key(self) -> tuple:
        """What only one value may exist for."""
        return self.indicator.pk or self.indicator.name, self.place.district_id, self.place.borough_id, self.year

    @property
    def state(self) -> str:
        """NEW, CHANGED or SAME; a file without notes and documents leaves the stored ones alone."""
        if self.old is None:
            return NEW
        told = (self.number, self.rating, self.note or self.old.note, self.source or self.old.source)
        return SAME if told == (self.old.number, self.old.rating, self.old.note, self.old.source) else CHANGED

    def value(self) -> IndicatorValue:
        """The row to store: the old one with what is new, or a new one; not saved."""
        row = self.old or IndicatorValue(
            indicator=self.indicator, level=self.place.level, district_id=self.place.district_id,
            borough_id=self.place.borough_id, year=self.year,
        )  # fmt: skip
        row.number, row.rating = self.number, self.rating
        row.note, row.source = self.note or row.note, self.source or row.source
        return row

    @property
    def words(self) -> str:
        """The value in German."""
        return IndicatorValue(number=self.number, rating=self.rating).words


@dataclass
class Line:
    """One line of the file: what it says and what is wrong with it."""

    number: int
    place: str
    entries: list[Entry] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    blanks: int = 0  # cells that say there is no value

    def of(self, state: str) -> list[Entry]:
        """Its entries that are NEW, CHANGED or the SAME."""
        return [entry for entry in self.entries if entry.state == state]

    @property
    def kinds(self) -> frozenset[str]:
        """What happens in it: FAULTY alone, or the states of its entries."""
        return frozenset({FAULTY}) if self.errors else frozenset(entry.state for entry in self.entries)


@dataclass
class Plan:
    """Everything a file would do. `problems` concern the whole file: while there are any, nothing can be taken over."""

    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    mark: str = GERMAN
    numeric: frozenset[int] = frozenset()  # indexes of the columns that hold numbers only

    @property
    def faulty(self) -> list[Line]:
        """Lines with errors."""
        return [line for line in self.lines if line.errors]

    def entries(self, state: str) -> list[Entry]:
        """Entries of the lines without errors that are NEW, CHANGED or the SAME."""
        return [entry for line in self.lines if not line.errors for entry in line.of(state)]

    @property
    def fingerprint(self) -> str:
        """Changes with everything the preview tells, so that what is taken over is what was seen."""
        seen = hashlib.sha256(repr(self.problems).encode())
        for line in self.lines:
            told = [
                (*entry.key, entry.number, entry.rating, entry.note, entry.source, entry.old and entry.old.words)
                for entry in line.entries
            ]
            seen.update(repr((line.number, told, line.errors)).encode())
        return seen.hexdigest()
