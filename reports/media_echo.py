"""The media's tone year by year, as a table that a chart is drawn of (Z42)."""

from projects.figures import tone_by_year
from projects.models import Clipping
from reports.tables import Cell, Column, Row, Table

TONES = tuple(Clipping.Tone)


def tone_table(clippings) -> Table:
    """How many clippings of which tone each year had, and altogether; `clippings` are those of the list (I12)."""
    years = tone_by_year(clippings)
    columns = tuple(Column(tone.value, tone.label) for tone in TONES)
    rows = tuple(_row(str(year), [tones[tone] for tone in TONES], str(year)) for year, tones in years)
    total = _row("Insgesamt", [sum(tones[tone] for _, tones in years) for tone in TONES])
    return Table(
        "tones", "Tenor der Berichte nach Jahren", "Jahr", (*columns, Column("all", "alle")), rows, total,
        chart="stacked", charted=tuple(tone.value for tone in TONES),
    )  # fmt: skip


def _row(label: str, counts: list[int], code: str = "") -> Row:
    return Row(label, tuple(Cell(value) for value in (*counts, sum(counts))), code)
