"""Chapter on needs and theme reports: what was known, what went to the administration, what became of it (Z44.3)."""

from datetime import date

from districts.models import District
from projects.figures import need_figures
from projects.workflow import NeedStatus
from reports.chapters.beside import beside, share
from reports.choice import Span
from reports.frame import NOW
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_MEASURES = (
    ("entered", "neue Themen", Kind.COUNT),
    ("open", "am letzten Tag offene Themen", Kind.COUNT),
    ("decided", "Beschlüsse von Gremien zu Themen", Kind.COUNT),
    ("reports", "Themenmeldungen", Kind.COUNT),
    ("recipients", "gemeldet an (Stellen)", Kind.COUNT),
    ("answers", "Antworten", Kind.COUNT),
    ("in_time", "davon fristgerecht", Kind.COUNT),
    ("returned", "zurückgegeben", Kind.COUNT),
    ("waiting", "am letzten Tag ohne Antwort", Kind.COUNT),
)


def chapter(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """Themes of the districts, or of the whole city."""
    places = None if districts is None else list(District.objects.filter(pk__in=districts).defer("boundary"))
    now = need_figures(places, span.since, span.until)
    before = need_figures(places, comparison.since, comparison.until) if comparison else None
    total = now.by_status.total()
    rows = tuple(
        Row(label, (Cell(now.by_status[code]), share(now.by_status[code], total)), code)
        for code, label in NeedStatus.choices
    )
    last = Row("Insgesamt", (Cell(total), share(total, total)), "total")
    columns = (Column(NOW, "Themen"), Column("share", "Anteil", Kind.SHARE))
    status = Table(
        "need_status", "Stand der Themen am letzten Tag", "Stand", columns, rows, last, chart="bar", parts=True
    )
    return Chapter(
        "needs",
        "Themen und Bedarfe",
        (beside("needs", "Themen im Überblick", "Kennzahl", _MEASURES, now, before), status),
    )
