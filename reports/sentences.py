"""What figures say, in sentences (Z44): made of the figures that may leave the house, so they say no more than these.

They describe and compare; they never claim a cause.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.chapters.voices import UNHEARD
from reports.tables import Cell, Figures, Kind, Row, Table
from reports.wording import counted, written

CONCERNS = ("Anliegen", "Anliegen")
PEOPLE = ("Person", "Personen")
NO_CAUSE = (
    "Die Zahlen beschreiben den Beitrag des Quartiersmanagements dazu, dass Anliegen ankommen und beantwortet werden. "
    "Ursachen und Wirkungen lassen sich aus ihnen nicht ablesen."
)
_NAMED = 12  # districts that a sentence still names one by one
_MOST = 3  # how many of the most frequent are named


def with_sentences(figures: Figures, *, fewer_than: int | None = None) -> Figures:
    """The figures with sentences for every chapter. `fewer_than`: fewer concerns came in, so their number is hidden."""
    return replace(
        figures,
        chapters=tuple(
            replace(chapter, sentences=tuple(_SENTENCES.get(chapter.code, _none)(_Reader(figures, fewer_than))))
            for chapter in figures.chapters
        ),
    )


def summary(figures: Figures, *, fewer_than: int | None = None) -> list[str]:
    """The summary in front of a report: what matters most of every chapter, at last what figures cannot say."""
    reader = _Reader(figures, fewer_than)
    found = list(overview(reader))
    if reader.is_empty:
        return [*found, "Deshalb gibt es in diesem Bericht keine weiteren Zahlen zur Rückmeldeschleife."]
    for part in (intake, departments, feedback, outcomes, voices):
        found += list(part(reader))[:2]
    return [*found, NO_CAUSE]


@dataclass(frozen=True)
class _Reader:
    """Looks up figures; what is missing or hidden gives None."""

    figures: Figures
    fewer_than: int | None

    def table(self, code: str) -> Table | None:
        """A table of any chapter."""
        return next((table for table in self.figures.tables() if table.code == code), None)

    def cell(self, table: str, line: str, column: str = "now") -> Cell | None:
        """One cell that says something."""
        found = self.table(table)
        row = next((row for row in found.all_rows() if row.code == line), None) if found else None
        if row is None or column not in {one.code for one in found.columns}:
            return None
        cell = row.cells[found.index(column)]
        return None if cell.hidden or cell.value is None else cell

    def number(self, table: str, line: str, column: str = "now") -> int | None:
        """A count."""
        cell = self.cell(table, line, column)
        return cell.value if cell else None

    def words(self, table: str, line: str, column: str = "now") -> str:
        """A figure as it stands in its table; "" when there is none."""
        cell = self.cell(table, line, column)
        if cell is None:
            return ""
        found = self.table(table)
        return written(cell, cell.kind or found.columns[found.index(column)].kind)

    def most(self, table: str, column: str = "now") -> list[Row]:
        """The lines with the largest counts; none when only one line says something."""
        found = self.table(table)
        if found is None:
            return []
        at = found.index(column)
        rows = [row for row in found.rows if isinstance(row.cells[at].value, int) and row.cells[at].value]
        return sorted(rows, key=lambda row: -row.cells[at].value)[:_MOST] if len(rows) > 1 else []

    def named(self, table: str, column: str = "now") -> str:
        """The most frequent lines with their counts: „Müll (33), Licht (18) und Lärm (11)“.

        A hidden number may be larger than one that is shown, so where something is hidden the words say so.
        """
        rows = self.most(table, column)
        if not rows:
            return ""
        found = self.table(table)
        at = found.index(column)
        words = _and([f"{row.label} ({written(row.cells[at], Kind.COUNT)})" for row in rows])
        return f"{words} (soweit ausgewiesen)" if any(row.cells[at].hidden for row in found.rows) else words

    @property
    def is_empty(self) -> bool:
        """Whether not a single concern came in."""
        return self.number("overview", "all") == 0


def _none(_: _Reader) -> Iterator[str]:
    yield from ()


def _and(parts: list[str]) -> str:
    return " und ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def named(districts: list[str]) -> str:
    """The names of districts in a row; of more than a dozen only how many there are."""
    return _and(districts) if len(districts) <= _NAMED else f"{len(districts)} Quartiere"


def _verb(n: int, one: str, many: str) -> str:
    return one if n == 1 else many


def during(period: str) -> str:
    """„Im Jahr 2026“, „Vom 01.02.2026 bis 15.03.2026“."""
    return f"Vom {period}" if re.match(r"\d\d\.\d\d\.", period) else f"Im {period}"


def overview(reader: _Reader) -> Iterator[str]:
    """How many, what became of them, more or fewer than before."""
    when = during(reader.figures.period)
    received = reader.number("overview", "all")
    if received is None:
        yield (
            f"{when} gingen weniger als {reader.fewer_than} Anliegen ein."
            if reader.fewer_than
            else (
                f"Wie viele Anliegen {when[0].lower()}{when[1:]} eingingen, ist wegen kleiner Zahlen nicht ausgewiesen."
            )
        )
        return
    before = reader.number("overview", "all", "before")
    if not received:
        yield f"{when} ging kein Anliegen ein."
        if before:
            yield _compared(reader.figures.comparison, received, before)
        return
    first = f"{when} {_verb(received, 'ging', 'gingen')} {counted(received, *CONCERNS)} ein"
    closed, still_open = reader.number("overview", "closed"), reader.number("overview", "open")
    if closed is not None and still_open is not None:
        first += f"; {_of(closed)} {_verb(closed, 'ist', 'sind')} abgeschlossen, {_of(still_open)} noch offen"
    yield f"{first}."
    if before is not None:
        yield _compared(reader.figures.comparison, received, before)


def _of(n: int) -> str:
    return "keines" if n == 0 else "eines" if n == 1 else written(Cell(n), Kind.COUNT)


def _compared(period: str, now: int, before: int) -> str:
    words = written(Cell(before), Kind.COUNT) if before != 1 else "eines"
    when = during(period)
    if before == 0:
        return f"{when}, dem Vergleichszeitraum, ging keines ein."
    if now == before:
        return f"{when}, dem Vergleichszeitraum, waren es ebenso viele."
    more = "mehr" if now > before else "weniger"
    difference = written(Cell(abs(now - before)), Kind.COUNT)
    return (
        f"{when}, dem Vergleichszeitraum, {_verb(before, 'war', 'waren')} es {words}: jetzt also {difference} {more}."
    )


def intake(reader: _Reader) -> Iterator[str]:
    """What it is about and how it came."""
    if themes := reader.named("themes"):
        yield f"Am häufigsten ging es um die Handlungsfelder {themes}."
    if kinds := reader.named("kinds"):
        yield f"Nach Art waren am häufigsten: {kinds}."
    if channels := reader.named("channels"):
        yield f"Die meisten Anliegen kamen über: {channels}."


def departments(reader: _Reader) -> Iterator[str]:
    """The first clock."""
    forwarded, share = reader.number("paths", "forwarded"), reader.words("rates", "forwarded")
    if forwarded and share:
        verb = _verb(forwarded, "wurde", "wurden")
        yield f"{counted(forwarded, *CONCERNS)} ({share}) {verb} an einen Fachbereich weitergeleitet."
    in_time, days = reader.words("rates", "in_time"), reader.words("rates", "answer_days")
    if in_time and days:
        yield f"Die Fachbereiche antworteten zu {in_time} fristgerecht, im Median nach {days} Arbeitstagen."
    returned = reader.number("departments", "total", "returned")
    if returned:
        verb = _verb(returned, "kam", "kamen")
        yield f"{counted(returned, *CONCERNS)} {verb} zurück, weil ein Fachbereich nicht zuständig war."


def feedback(reader: _Reader) -> Iterator[str]:
    """The second clock."""
    wanted, told = reader.number("feedback", "wanted", "people"), reader.number("feedback", "told", "people")
    share = reader.words("feedback", "told", "share")
    if wanted is not None and told is not None and share:
        verb = _verb(told, "hat", "haben")
        yield (
            f"Von {counted(wanted, *PEOPLE)}, {_verb(wanted, 'der', 'denen')} eine Rückmeldung geschuldet war, {verb} "
            f"{written(Cell(told), Kind.COUNT)} die Antwort gehört ({share})."
        )
    elif share := reader.words("rates", "feedback"):
        yield f"Die Rückmeldequote liegt bei {share}."
    days = reader.words("rates", "receipt_days")
    if days:
        yield f"Vom Eingang bis zur Rückmeldung vergingen im Median {days} Tage."


def outcomes(reader: _Reader) -> Iterator[str]:
    """What became of them, why not, and what was promised."""
    closed, fulfilled = reader.number("outcomes", "total"), reader.number("outcomes", "fulfilled")
    declined = reader.number("outcomes", "declined")
    if closed and fulfilled is not None and declined is not None:
        yield (
            f"Von {counted(closed, 'abgeschlossenen Anliegen', 'abgeschlossenen Anliegen')} wurde {_to(fulfilled)} "
            f"entsprochen, {_to(declined)} nicht entsprochen."
        )
    if reasons := reader.named("reasons"):
        yield f"Die häufigsten Gründe für ein Nein: {reasons}."
    promised, kept = reader.number("promises", "total"), reader.number("promises", "promise_kept")
    if promised and kept is not None:
        still_open = reader.number("promises", "promise_open")
        more = f", {_kept(still_open)} noch offen" if still_open else ""
        verb = _verb(kept, "ist", "sind")
        yield f"Von {counted(promised, 'Zusage', 'Zusagen')} {verb} {_kept(kept)} eingehalten{more}."


def _to(n: int) -> str:
    return "keinem" if n == 0 else "einem" if n == 1 else written(Cell(n), Kind.COUNT)


def _kept(n: int) -> str:
    return "keine" if n == 0 else "eine" if n == 1 else written(Cell(n), Kind.COUNT)


def districts(reader: _Reader) -> Iterator[str]:
    """Where they come from, without a ranking."""
    found = reader.table("districts")
    if found is None or len(found.rows) < 2:
        return
    at = found.index("now")
    without = [row.label for row in found.rows if row.cells[at].value == 0 and not row.cells[at].hidden]
    if len(without) > _NAMED:
        yield f"Aus {len(without)} Quartieren kam kein Anliegen; welche es sind, steht in der Tabelle."
    elif without:
        yield f"Ohne Anliegen: {_and(without)}."


def voices(reader: _Reader) -> Iterator[str]:
    """Whose voices might be missing; a hint to look closer."""
    for code, words in (
        ("unheard_districts", "Aus diesen Quartieren kamen weniger Anliegen als zu erwarten"),
        ("unheard_channels", "Auf diesen Wegen kamen weniger Anliegen als zu erwarten"),
        ("unheard_languages", "Von Menschen mit diesen Sprachen kamen weniger Anliegen als zu erwarten"),
    ):
        found = reader.table(code)
        if found is None:
            continue
        at = found.index("judged")
        names = [row.label for row in found.rows if row.cells[at].value == UNHEARD]
        if names:
            yield f"{words}: {_and(names)}. Das ist ein Hinweis, genauer hinzusehen, keine Bewertung."


_SENTENCES = {
    "overview": overview,
    "intake": intake,
    "departments": departments,
    "feedback": feedback,
    "outcomes": outcomes,
    "districts": districts,
    "voices": voices,
}
