"""Chapter on public relations: what appeared where, and what the media wrote (Z44, chapter 8)."""

from datetime import date

from projects.figures import pr_figures
from reports.chapters.beside import beside, share
from reports.choice import Span
from reports.frame import NOW
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_MEASURES = (
    ("published", "veröffentlichte Beiträge", Kind.COUNT),
    ("linked", "davon zu einem Projekt oder einer Veranstaltung", Kind.COUNT),
    ("print_run", "gedruckte Exemplare", Kind.COUNT),
    ("clippings", "Berichte in Medien", Kind.COUNT),
)


def chapter(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """Public relations for the districts, or of the whole city."""
    now = pr_figures(districts, span.since, span.until)
    before = pr_figures(districts, comparison.since, comparison.until) if comparison else None
    return Chapter(
        "public_relations",
        "Öffentlichkeitsarbeit",
        (
            beside("public_relations", "Öffentlichkeitsarbeit im Überblick", "Kennzahl", _MEASURES, now, before),
            _counted("pr_kinds", "Beiträge nach Art", "Art", "Beiträge", now.kind_rows()),
            _counted(
                "pr_channels",
                "Beiträge nach Kanal",
                "Kanal",
                "Beiträge",
                now.channel_rows(),
                "Ein Beitrag mit mehreren Kanälen zählt in jedem.",
            ),
            _tones(now.tone_rows()),
        ),
    )


def _counted(code: str, title: str, head: str, noun: str, found: list[tuple[str, str, int]], note: str = "") -> Table:
    rows = tuple(Row(label, (Cell(n),), key) for key, label, n in found)
    return Table(code, title, head, (Column(NOW, noun),), rows, note=note, chart="bar")


def _tones(found: list[tuple[str, str, int]]) -> Table:
    total = sum(n for _, _, n in found)
    rows = tuple(Row(label, (Cell(n), share(n, total)), key) for key, label, n in found)
    columns = (Column(NOW, "Berichte"), Column("share", "Anteil", Kind.SHARE))
    return Table("pr_tones", "Ton der Berichte in Medien", "Ton", columns, rows)
