"""The lines of an import's preview: which of them, and page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from reports.importing.columns import Role
from reports.importing.names import plain
from reports.importing.plan import CHANGED, FAULTY, NEW, SAME, Entry, Line, Plan
from reports.numbers import EXAMPLES
from reports.wording import counted

SIZE = 100
PER_LINE = 6  # texts of one line
ALL = "alle"
# What the address calls the lines, what the page calls them, and what happens in them.
SHOWN = (
    (ALL, "Alle Zeilen", None),
    ("fehler", "Mit Fehlern", FAULTY),
    ("neu", "Neue Werte", NEW),
    ("aendern", "Geänderte Werte", CHANGED),
    ("gleich", "Unverändert", SAME),
)


@dataclass(frozen=True)
class Tab:
    """A choice of lines."""

    label: str
    query: str
    count: int
    current: bool


@dataclass(frozen=True)
class ShownLine:
    """A line in words: what would happen, and every fault."""

    number: int
    place: str
    meant: str  # the name of the place where it is not what the file calls it
    chips: list[tuple[str, str]]  # words and tone
    what: list[str]
    errors: list[str]


@dataclass(frozen=True)
class Preview:
    """The lines of one page, and the ways to the others."""

    lines: list[ShownLine]
    tabs: list[Tab]
    label: str
    newer: str
    older: str


def preview_of(plan: Plan, params: Mapping[str, str]) -> Preview:
    """The lines that `zeigen` and `seite` ask for; what cannot be read gives the first page of all."""
    shown = params.get("zeigen", ALL)
    chosen = {name: [line for line in plan.lines if kind is None or kind in line.kinds] for name, _, kind in SHOWN}
    if shown not in chosen:
        shown = ALL
    lines = chosen[shown]
    last = max((len(lines) - 1) // SIZE, 0)
    asked = params.get("seite", "")
    page = min(int(asked) - 1 if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else 0, last)
    page = max(page, 0)
    first = page * SIZE
    return Preview(
        lines=[_in_words(line) for line in lines[first : first + SIZE]],
        tabs=[
            Tab(label, f"?{urlencode({'zeigen': name})}", len(chosen[name]), name == shown)
            for name, label, _ in SHOWN
            if name == ALL or chosen[name]
        ],
        label=f"Zeilen {first + 1} bis {min(first + SIZE, len(lines))} von {len(lines)}" if len(lines) > SIZE else "",
        newer=f"?{urlencode({'zeigen': shown, 'seite': page})}" if page else "",
        older=f"?{urlencode({'zeigen': shown, 'seite': page + 2})}" if page < last else "",
    )


def summary_of(plan: Plan) -> dict:
    """What a take-over would do in a sentence, and whether there is anything to take over."""
    new, changes, same = (len(plan.entries(state)) for state in (NEW, CHANGED, SAME))
    told = [f"{counted(new, 'Wert', 'Werte')} neu", f"{changes} geändert", f"{same} unverändert"]
    sentences = [f"{', '.join(told)}."]
    if plan.faulty:
        sentences.append(f"{counted(len(plan.faulty), 'Zeile hat', 'Zeilen haben')} Fehler.")
    if not new and not changes:
        sentences.append("Es gibt nichts zu übernehmen.")
    return {
        "summary": " ".join(sentences),
        "changes": changes,
        "can_take": bool(new or changes),
        "example": EXAMPLES[plan.mark],
        "used": sum(column.role != Role.SKIP for column in plan.columns),
        "new": sum(column.role == Role.NEW for column in plan.columns),
    }


def _in_words(line: Line) -> ShownLine:
    if line.errors:
        chips = [("Fehler", "danger")]
    else:
        counts = [(line.of(NEW), "neu", "success"), (line.of(CHANGED), "geändert", "warning"),
                  (line.of(SAME), "unverändert", "neutral")]  # fmt: skip
        chips = [(f"{len(found)} {word}", tone) for found, word, tone in counts if found]
        chips = chips or [("kein Wert", "neutral")]
    told = [f"{_named(entry)}: {_shown(entry.old.words, entry)} → {_told(entry)}" for entry in line.of(CHANGED)]
    told += [f"{_named(entry)}: {_told(entry)}" for entry in (*line.of(NEW), *line.of(SAME))]
    found = line.entries[0].place.name if line.entries else ""
    meant = found if plain(found) != plain(line.place) else ""
    return ShownLine(line.number, line.place, meant, chips, _some(told), _some(line.errors))


def _named(entry: Entry) -> str:
    return f"{entry.indicator.name} {entry.year}"


def _told(entry: Entry) -> str:
    """The value, and what else is new when the value itself stays."""
    text = _shown(entry.words, entry)
    if entry.state == CHANGED and entry.old.words == entry.words:
        return f"{text} mit neuem Hinweis oder Dokument"
    return text


def _shown(words: str, entry: Entry) -> str:
    return f"{words} %" if entry.indicator.unit == "%" and words[-1:].isdigit() else words


def _some(texts: list[str]) -> list[str]:
    more = len(texts) - PER_LINE
    return [*texts[:PER_LINE], f"und {more} weitere"] if more > 0 else texts
