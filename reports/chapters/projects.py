"""Chapters on projects with their events, and on the phases of activation (Z44, chapter 6)."""

from datetime import date, timedelta

from districts.models import District
from districts.models.groups import ActivationPhase
from projects.figures import project_figures
from projects.phase_board import Move, district_moves, group_moves
from projects.workflow import ProjectStatus
from reports.chapters.beside import beside, share
from reports.choice import Span
from reports.frame import NOW
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_PROJECTS = (
    ("entered", "Projekte begonnen (Idee angelegt)", Kind.COUNT),
    ("with_concerns", "davon aus Anliegen entstanden", Kind.COUNT),
    ("under_way", "am letzten Tag unterwegs", Kind.COUNT),
    ("running", "davon laufend", Kind.COUNT),
    ("completed", "abgeschlossen", Kind.COUNT),
    ("continued", "verstetigt", Kind.COUNT),
    ("dropped", "nicht umgesetzt", Kind.COUNT),
    ("checked", "Wirkung geprüft", Kind.COUNT),
    ("holds", "davon hält", Kind.COUNT),
)
_EVENTS = (
    ("held", "Veranstaltungen", Kind.COUNT),
    ("cancelled", "abgesagt", Kind.COUNT),
    ("participants", "Teilnehmende, soweit notiert", Kind.COUNT),
    ("noted", "Veranstaltungen mit dieser Angabe", Kind.COUNT),
    ("helpers", "Helfende", Kind.COUNT),
    ("new_contacts", "neue Kontakte", Kind.COUNT),
    ("raised", "dort aufgenommene Anliegen", Kind.COUNT),
)


def chapter(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """Projects and events of the districts, or all of the city."""
    now = project_figures(districts, span.since, span.until)
    before = project_figures(districts, comparison.since, comparison.until) if comparison else None
    total = now.by_status.total()
    rows = tuple(
        Row(label, (Cell(now.by_status[code]), share(now.by_status[code], total)), code)
        for code, label in ProjectStatus.choices
    )
    columns = (Column(NOW, "Projekte"), Column("share", "Anteil", Kind.SHARE))
    formats = tuple(Row(name, (Cell(n), Cell(people))) for name, n, people in now.formats)
    return Chapter(
        "projects",
        "Projekte und Veranstaltungen",
        (
            beside("projects", "Projekte im Überblick", "Kennzahl", _PROJECTS, now, before),
            Table(
                "project_status",
                "Stand der Projekte am letzten Tag",
                "Stand",
                columns,
                rows,
                Row("Insgesamt", (Cell(total), share(total, total)), "total"),
                chart="bar",
                parts=True,
            ),
            beside("events", "Veranstaltungen im Überblick", "Kennzahl", _EVENTS, now, before),
            Table(
                "event_formats",
                "Veranstaltungen nach Format",
                "Format",
                (Column("held", "Veranstaltungen"), Column("participants", "Teilnehmende")),
                formats,
                chart="bar",
            ),
        ),
    )


def phases(districts: tuple[int, ...] | None, span: Span, comparison: Span | None, today: date) -> Chapter:
    """In which phase of activation districts and resident groups are, and whether they moved (Z31)."""
    found = District.objects.defer("boundary")
    places = list(found if districts is None else found.filter(pk__in=districts))
    days = {"since": span.since - timedelta(days=1), "until": span.until}
    tables = (
        _moves("phase_districts", "Quartiere", "Quartier", district_moves(places, **days)),
        _moves("phase_groups", "Bewohnergruppen", "Gruppe", group_moves(places, **days)),
    )
    return Chapter("phases", "Phasen der Aktivierung", tables)


def _moves(code: str, title: str, head: str, moves: list[Move]) -> Table:
    columns = (
        Column("before", "vorher (Phase)"),
        Column("after", "am letzten Tag (Phase)"),
        Column("words", "Bewegung", Kind.TEXT),
    )
    rows = tuple(Row(one.name, (Cell(one.before), Cell(one.after), Cell(one.words))) for one in moves)
    return Table(code, title, head, columns, rows, note="; ".join(label for _, label in ActivationPhase.choices) + ".")
