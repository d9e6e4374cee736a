"""What departments did, what came of the concerns, and what was promised."""

from concerns.figures import ROUTINGS
from concerns.workflow import Outcome, ReasonCategory
from reports.frame import Frame, part
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_COUNTED = ("received", "accepted", "returned", "answered", "in_time")
_COLUMNS = (
    Column("received", "eingegangen"),
    Column("accepted", "angenommen", part_of="received"),
    Column("returned", "zurückgegeben"),
    Column("answered", "beantwortet"),
    Column("in_time", "fristgerecht", part_of="answered"),
    Column("in_time_share", "Anteil fristgerecht", Kind.SHARE, ("in_time", "answered")),
    Column("median", "Median Arbeitstage", Kind.DAYS, ("answered",)),
    Column("p90", "90 % bis Arbeitstag", Kind.DAYS, ("answered",)),
    Column("open", "offen"),
    Column("overdue", "überfällig", part_of="open"),
)
PROMISES = (
    ("promise_kept", "eingehalten"),
    ("promise_broken", "nicht eingehalten"),
    ("promise_open", "noch offen"),
)


def departments_chapter(frame: Frame) -> Chapter:
    """The first clock."""
    return Chapter("departments", "Fachbereiche", (departments(frame),))


def outcome_chapter(frame: Frame) -> Chapter:
    """What became of the concerns."""
    return Chapter("outcomes", "Was daraus wurde", (outcomes(frame), reasons(frame), promises(frame)))


def departments(frame: Frame) -> Table:
    """Per department; a concern that several had is counted with each, in the last line once."""
    order = [str(pk) for pk in frame.names.departments]
    known = set(frame.now.keys("routing:received"))
    rows = tuple(Row(frame.names.department(int(key)), _cells(frame, key), key) for key in order if key in known)
    total = Row("Insgesamt", _cells(frame, ""), "total") if rows else None
    note = (
        "Gezählt sind Anliegen. Eines, das mehrere Fachbereiche hatten, steht bei jedem und insgesamt nur einmal. "
        "Ein gebündeltes ohne eigene Weiterleitung zählt hier nicht. "
        "„Fristgerecht“ misst die zuerst vereinbarte Frist. Offen und überfällig: Stand heute."
    )
    return Table("departments", "Weiterleitungen je Fachbereich", "Fachbereich", _COLUMNS, rows, total, note, "bar")


def _cells(frame: Frame, key: str) -> tuple[Cell, ...]:
    where = {"department": key} if key else {}
    cell = {code: frame.count(f"routing:{code}", key, figure=f"routing-{code}", **where) for code in ROUTINGS}
    days = frame.now.spread("days:answer", key) if key else frame.now.whole_spread("days:answer")
    answered = cell["answered"]
    share = Cell(part(cell["in_time"].value, answered.value), kind=Kind.SHARE, of=(cell["in_time"].key, answered.key))
    return (
        *(cell[code] for code in _COUNTED),
        share,
        frame.days(days, 0.5, answered.key),
        frame.days(days, 0.9, answered.key),
        cell["open"],
        frame.overdue(key),
    )


def outcomes(frame: Frame) -> Table:
    """Of the closed concerns."""
    columns, rows = frame.parts("outcome", Outcome.choices, "closed", figure="closed", outcome="{key}")
    total = frame.total("Abgeschlossen", "closed", figure="closed")
    return Table("outcomes", "Ergebnisse", "Ergebnis", columns, rows, total, chart="bar", parts=True)


def reasons(frame: Frame) -> Table:
    """Why concerns were declined or only partly met."""
    columns, rows = frame.parts("reason", ReasonCategory.choices, "refused", figure="refused", reason="{key}")
    total = frame.total("Nicht oder nur teilweise entsprochen", "refused", figure="refused")
    return Table(
        "reasons", "Gründe, wenn nicht oder nur teilweise entsprochen wurde", "Grund", columns, rows, total,
        chart="bar", parts=True,
    )  # fmt: skip


def promises(frame: Frame) -> Table:
    """What was announced for a day."""
    rows = []
    for code, label in PROMISES:
        cells = frame.pair(code, figure=code)
        share = Cell(part(cells[0].value, frame.now.n("promised")), kind=Kind.SHARE, of=(code, "promised"))
        rows.append(Row(label, (cells[0], share, *cells[1:]), code))
    columns, _ = frame.parts("promised", (), "promised")
    total = frame.total("Zusagen", "promised", figure="promised")
    return Table("promises", "Zusagen", "Zusage", columns, tuple(rows), total, parts=True)
