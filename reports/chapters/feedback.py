"""Whether the answer came back: the promise of the whole loop, counted per person (N1, N2)."""

from concerns.figures import NOT_TO_BE_TOLD, REACTIONS
from concerns.workflow import WaiverReason
from reports.frame import Frame, part
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

_STANDS = (("told", "haben die Antwort gehört"), ("waiting", "warten noch"), ("unreached", "waren nicht erreichbar"))
_MESSAGES = (
    ("interim", "bekamen eine Zwischennachricht"),
    ("interim_owed", "warten auf eine Zwischennachricht"),
    ("came_back", "E-Mail kam unzustellbar zurück"),
)
_DAYS = (
    ("days:reply", "von der Antwort bis zur Rückmeldung"),
    ("days:receipt", "vom Eingang bis zur Rückmeldung"),
)
MANY_TRIES = 4
_NOTE = (
    "Gezählt sind Personen; daneben steht, um wie viele Anliegen es geht. Geschuldet ist eine Rückmeldung, sobald eine "
    "Antwort vorliegt und die Person sie hören möchte und kann."
)


def chapter(frame: Frame) -> Chapter:
    """The second clock."""
    tables = (feedback(frame), days(frame), attempts(frame), reactions(frame), waived(frame), messages(frame))
    return Chapter("feedback", "Rückmeldung an die Menschen", tables)


def _columns(frame: Frame, *, share: bool) -> tuple[Column, ...]:
    columns = [Column("people", "Personen")]
    if share:
        columns.append(Column("share", "Anteil", Kind.SHARE, ("people",)))
    # Never fewer people than concerns: the one number would narrow the other down.
    columns.append(Column("concerns", "Anliegen", of=("people",)))
    if frame.before:
        columns.append(Column("before", "Personen im Vergleich"))
        columns.append(Column("change", "+/−", Kind.CHANGE, ("people", "before")))
    return tuple(columns)


def _row(frame: Frame, code: str, label: str, key: str = "", *, of: str = "", figure: str = "") -> Row:
    people = frame.pair(f"person:{code}", key, people=True)
    concerns = frame.count(f"of:{code}", key, figure=figure or f"person-{code}")
    cells = [people[0]]
    if of:
        total = frame.now.n(f"person:{of}")
        cells.append(Cell(part(people[0].value, total), kind=Kind.SHARE, of=(people[0].key, f"person:{of}")))
    return Row(label, (*cells, concerns, *people[1:]), key or code)


def feedback(frame: Frame) -> Table:
    """How many of those who are owed an answer have heard it; the first share is the feedback rate."""
    rows = tuple(_row(frame, code, label, of="wanted") for code, label in _STANDS)
    total = _row(frame, "wanted", "Rückmeldung geschuldet", of="wanted")
    return Table(
        "feedback", "Rückmeldequote", "Personen, denen eine Rückmeldung geschuldet ist", _columns(frame, share=True),
        rows, total, _NOTE, "stacked", parts=True,
    )  # fmt: skip


def days(frame: Frame) -> Table:
    """How long people waited."""
    columns = [
        Column("people", "Personen"),
        Column("median", "Median Tage", Kind.DAYS, ("people",)),
        Column("p90", "90 % bis Tag", Kind.DAYS, ("people",)),
    ]
    if frame.before:
        columns.append(Column("before", "Median im Vergleich", Kind.DAYS))
    rows = []
    for measure, label in _DAYS:
        spread = frame.now.spread(measure)
        cells = [
            Cell(spread.total(), key=measure),
            frame.days(spread, 0.5, measure),
            frame.days(spread, 0.9, measure),
        ]
        if frame.before:
            cells.append(frame.days(frame.before.spread(measure), 0.5, "before/person:told"))
        rows.append(Row(label, tuple(cells), measure))
    return Table("feedback_days", "Wie lange es dauerte", "Zeitspanne in Kalendertagen", tuple(columns), tuple(rows))


def attempts(frame: Frame) -> Table:
    """At which try people were reached."""
    spread, told = frame.now.spread("attempts"), frame.now.n("attempts")
    tries = {n: spread[n] for n in range(1, MANY_TRIES)} | {
        MANY_TRIES: sum(n for value, n in spread.items() if value >= MANY_TRIES)
    }
    rows = []
    for number, n in tries.items():
        label = f"beim {number}. Versuch" if number < MANY_TRIES else f"beim {MANY_TRIES}. Versuch oder später"
        name = f"attempts:{number}"
        cells = (Cell(n, key=name), Cell(part(n, told), kind=Kind.SHARE, of=(name, "attempts")))
        rows.append(Row(label, cells, str(number)))
    columns = (Column("people", "Personen"), Column("share", "Anteil", Kind.SHARE, ("people",)))
    total = Row(
        "Erreicht",
        (Cell(told, key="attempts"), Cell(part(told, told), kind=Kind.SHARE, of=("attempts",))),
        "total",
    )
    return Table("attempts", "Versuche, bis die Rückmeldung ankam", "Erreicht", columns, tuple(rows), total, parts=True)


def reactions(frame: Frame) -> Table:
    """What people said to the answer, as far as it was noted."""
    rows = tuple(_row(frame, "reaction", one.label, one.value, figure=f"reaction-{one.value}") for one in REACTIONS)
    note = "Die jeweils letzte Reaktion, soweit sie notiert oder auf der Statusseite angegeben wurde."
    return Table("reactions", "Reaktionen", "Reaktion", _columns(frame, share=False), rows, note=note, chart="bar")


def waived(frame: Frame) -> Table:
    """Why people were not told."""
    rows = tuple(_row(frame, f"waived_{one.value}", one.label) for one in WaiverReason if one in NOT_TO_BE_TOLD)
    return Table(
        "waived", "Begründet entfallene Rückmeldungen", "Grund", _columns(frame, share=False), rows,
        note="Diese Personen zählen nicht zur Rückmeldequote.",
    )  # fmt: skip


def messages(frame: Frame) -> Table:
    """Interim notices, given and owed (N2), and mails that came back."""
    rows = tuple(_row(frame, code, label) for code, label in _MESSAGES)
    return Table(
        "messages", "Zwischennachrichten und Rückläufer", "Was geschah", _columns(frame, share=False), rows,
        note="Eine Zwischennachricht steht aus, sobald ein Fachbereich länger braucht und es einen neuen Termin gibt.",
    )  # fmt: skip
