"""The lines of a preview of actors: which of them, and page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

from districts.importing.plan import ALIKE, CHANGED, FAULTY, KNOWN, NEW, Line, Plan

SIZE = 100
ALL = "alle"
# What the address calls the lines, what the page calls them, and their state.
SHOWN = (
    (ALL, "Alle Zeilen", (NEW, ALIKE, CHANGED, KNOWN, FAULTY)),
    ("fehler", "Mit Fehlern", (FAULTY,)),
    ("aehnlich", "Vielleicht schon da", (ALIKE,)),
    ("neu", "Neu", (NEW,)),
    ("anders", "Mit anderen Angaben", (CHANGED,)),
    ("bekannt", "Schon da", (KNOWN,)),
)
CHIPS = {NEW: ("neu", "success"), ALIKE: ("vielleicht schon da", "warning"), CHANGED: ("andere Angaben", "info"),
         KNOWN: ("schon da", "neutral"),
         FAULTY: ("Fehler", "danger")}  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """A choice of lines."""

    label: str
    query: str
    count: int
    current: bool


@dataclass(frozen=True)
class Preview:
    """The lines of one page with their chip, and the ways to the others."""

    lines: list[tuple[Line, str, str]]
    tabs: list[Tab]
    label: str
    newer: str
    older: str
    counts: dict[str, int]


def preview_of(plan: Plan, params: Mapping[str, str]) -> Preview:
    """The lines that `zeigen` and `seite` ask for; what cannot be read gives the first page of all."""
    chosen = {name: plan.of(*states) for name, _, states in SHOWN}
    shown = params.get("zeigen", ALL)
    shown = shown if shown in chosen else ALL
    lines = chosen[shown]
    asked, last = params.get("seite", ""), max((len(lines) - 1) // SIZE, 0)
    page = min(max(int(asked) - 1, 0), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    first = page * SIZE
    return Preview(
        lines=[(line, *CHIPS[line.state]) for line in lines[first : first + SIZE]],
        tabs=[
            Tab(label, f"?zeigen={name}", len(chosen[name]), name == shown)
            for name, label, _ in SHOWN
            if name == ALL or chosen[name]
        ],
        label=f"Zeilen {first + 1} bis {min(first + SIZE, len(lines))} von {len(lines)}" if len(lines) > SIZE else "",
        newer=f"?zeigen={shown}&seite={page}" if page else "",
        older=f"?zeigen={shown}&seite={page + 2}" if page < last else "",
        counts={state: len(plan.of(state)) for state in CHIPS},
    )
