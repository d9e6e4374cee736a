"""What a list of actors or offers would do, as data."""

import hashlib
from dataclasses import dataclass, field

from districts.models import ActionField, Actor, District, Offer, TargetGroup

NEW, ALIKE, CHANGED, KNOWN, FAULTY = "new", "alike", "changed", "known", "faulty"


@dataclass
class Line:
    """A line of the file: a new actor or offer, one that is there already, or what is wrong with it."""

    number: int
    name: str
    errors: list[str] = field(default_factory=list)
    known: Actor | Offer | None = None  # there already
    alike: Actor | Offer | None = None  # may be the same
    values: dict = field(default_factory=dict)  # columns of the row
    districts: list[District] = field(default_factory=list)
    action_fields: list[ActionField] = field(default_factory=list)
    target_groups: list[TargetGroup] = field(default_factory=list)
    given: set[str] = field(default_factory=set)  # columns whose cell says something
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # of a known one: label, stored, in the file
    updates: dict = field(default_factory=dict)  # the same as fields

    @property
    def kind(self):
        """What kind of actor or offer it is."""
        return self.values.get("type") or self.values.get("kind")

    @property
    def state(self) -> str:
        """What would happen to it."""
        if self.errors:
            return FAULTY
        if self.known:
            return CHANGED if self.changes else KNOWN
        return ALIKE if self.alike else NEW


@dataclass
class Plan:
    """All lines of a file, or why it cannot be read."""

    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # headings of columns that are left out

    def of(self, *states: str) -> list[Line]:
        """Lines in one of these states."""
        return [line for line in self.lines if line.state in states]

    @property
    def fingerprint(self) -> str:
        """Changes whenever the file would do something else."""
        told = [
            (line.number, line.state, line.known and line.known.pk, repr(line.errors), line.changes)
            for line in self.lines
        ]
        return hashlib.sha256(repr((told, self.problems)).encode()).hexdigest()
