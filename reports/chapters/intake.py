"""What was reported: an overview, then kinds, topics, channels, places and the ways concerns went."""

from concerns.figures import PATHS
from concerns.filters import NO_SPOT, THEME
from concerns.models import Concern
from reports.frame import Frame, part
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

OVERVIEW = (
    ("all", "eingegangen"),
    ("closed", "davon abgeschlossen"),
    ("open", "davon noch offen"),
    ("bundled", "mit einem anderen gebündelt"),
    ("reopened", "wieder geöffnet"),
    ("handed_over", "an eine andere Person übergeben"),
)


def chapter(frame: Frame) -> Chapter:
    """What came in."""
    return Chapter("intake", "Was gemeldet wurde", (kinds(frame), themes(frame), topics(frame), *rest(frame)))


def overview(frame: Frame) -> Table:
    """The concerns of the period at a glance."""
    rows = tuple(Row(label, frame.pair(code, figure=code), code) for code, label in OVERVIEW)
    return Table("overview", "Anliegen im Überblick", "Was geschah", frame.pair_columns(), rows)


def kinds(frame: Frame) -> Table:
    """By kind."""
    columns, rows = frame.parts("kind", Concern.Kind.choices, "all", kind="{key}")
    return _parts(frame, "kinds", "Anliegen nach Art", "Art", columns, rows)


def rest(frame: Frame) -> tuple[Table, ...]:
    """By way, channel and kind of place."""
    ways = frame.parts("path", PATHS.items(), "all", figure="path-{key}")
    channels = frame.parts("channel", Concern.Channel.choices, "all", channel="{key}")
    spots = [*Concern.Spot.choices, ("", "ohne Angabe")]
    return (
        _parts(frame, "paths", "Welchen Weg die Anliegen gingen", "Weg", *ways, chart="stacked"),
        _parts(frame, "channels", "Anliegen nach Eingangsweg", "Eingang über", *channels),
        _spots(frame, spots),
    )


def _parts(frame: Frame, code: str, title: str, head: str, columns, rows, *, chart: str = "bar") -> Table:
    total = frame.total("Insgesamt", "all")
    return Table(code, title, head, columns, rows, total, chart=chart, parts=True)


def _spots(frame: Frame, labels) -> Table:
    """By kind of place; the key of "not said" is empty, which the address spells out."""
    columns, _ = frame.parts("spot", (), "all")
    rows = []
    for key, label in labels:
        now, before = _spot(frame, key), _spot(frame, key, early=True) if frame.before else None
        if not (now.value or (before and before.value)):
            continue
        share = Cell(part(now.value, frame.now.n("all")), kind=Kind.SHARE, of=(now.key, "all"))
        change = (before, Cell(now.value - before.value, kind=Kind.CHANGE)) if before else ()
        rows.append(Row(label, (now, share, *change), key or NO_SPOT))
    return _parts(frame, "spots", "Anliegen nach Art des Ortes", "Ort", columns, tuple(rows))


def _spot(frame: Frame, key: str, *, early: bool = False) -> Cell:
    sums = frame.before if early else frame.now
    name = f"{'before/' if early else ''}spot:{key or NO_SPOT}"
    return frame.cell(sums.total["spot", key].total(), name, early=early, spot=key or NO_SPOT)


def themes(frame: Frame) -> Table:
    """By field of action: the topics below it together."""
    columns, _ = frame.parts("topic", (), "all")
    found: dict[int, list[int]] = {}
    for pk, (_, parent) in frame.names.topics.items():
        if frame.now.n("topic", str(pk)) or (frame.before and frame.before.n("topic", str(pk))):
            found.setdefault(parent or pk, []).append(pk)
    rows = []
    for theme, topics_of in found.items():
        cells = [_theme(frame, theme, topics_of)]
        if frame.before:
            cells.append(_theme(frame, theme, topics_of, early=True))
            cells.append(Cell(cells[0].value - cells[1].value, kind=Kind.CHANGE))
        share = Cell(part(cells[0].value, frame.now.n("all")), kind=Kind.SHARE, of=(cells[0].key, "all"))
        rows.append(Row(frame.names.topics[theme][0], (cells[0], share, *cells[1:]), f"{THEME}{theme}"))
    rows.sort(key=lambda row: (-row.cells[0].value, row.label))
    return _parts(frame, "themes", "Anliegen nach Handlungsfeld", "Handlungsfeld", columns, tuple(rows))


def _theme(frame: Frame, theme: int, topics_of: list[int], *, early: bool = False) -> Cell:
    sums = frame.before if early else frame.now
    n = sum(sums.n("topic", str(pk)) for pk in topics_of)
    name = f"{'before/' if early else ''}theme:{theme}"
    return frame.cell(n, name, early=early, topic=f"{THEME}{theme}")


def topics(frame: Frame) -> Table:
    """By topic, the most frequent first."""
    labels = [(str(pk), name) for pk, (name, _) in frame.names.topics.items()]
    columns, rows = frame.parts("topic", labels, "all", topic="{key}")
    rows = tuple(sorted(rows, key=lambda row: (-row.cells[0].value, row.label)))
    return _parts(frame, "topics", "Anliegen nach Thema", "Thema", columns, rows, chart="")


def rates(frame: Frame) -> Table:
    """The loop in seven figures: shares and times."""
    lines = [
        (
            "forwarded",
            "weitergeleitet",
            [frame.share("path", "all", "forwarded", early=early) for early in (False, True)],
        ),
        ("in_time", "von den beantworteten fristgerecht", _both(frame, "routing:in_time", "routing:answered")),
        ("feedback", "Rückmeldequote (Personen)", _both(frame, "person:told", "person:wanted")),
        ("kept", "entschiedene Zusagen eingehalten", [_kept(frame, early=early) for early in (False, True)]),
        (
            "answer_days",
            "Arbeitstage bis zur Antwort des Fachbereichs",
            _medians(frame, "days:answer", "routing:answered"),
        ),
        ("reply_days", "Tage von der Antwort bis zur Rückmeldung", _medians(frame, "days:reply", "person:told")),
        ("receipt_days", "Tage vom Eingang bis zur Rückmeldung", _medians(frame, "days:receipt", "person:told")),
    ]
    columns = [Column("now", "Zeitraum", Kind.SHARE), Column("before", "Vergleich", Kind.SHARE)]
    wide = 2 if frame.before else 1
    rows = tuple(Row(label, tuple(cells[:wide]), code) for code, label, cells in lines)
    note = (
        "Tage und Arbeitstage sind Mediane: Bei der Hälfte ging es schneller, bei der Hälfte dauerte es länger. "
        "Jüngere Anliegen sind oft noch in Arbeit; ihre Quoten steigen noch."
    )
    return Table("rates", "Quoten und Zeiten", "Kennzahl", tuple(columns[:wide]), rows, note=note)


def _both(frame: Frame, measure: str, of: str) -> list[Cell]:
    return [frame.share(measure, of, early=early) for early in (False, True)]


def _kept(frame: Frame, *, early: bool) -> Cell:
    sums, before = (frame.before, "before/") if early else (frame.now, "")
    if sums is None:
        return Cell(kind=Kind.SHARE)
    kept, broken = sums.n("promise_kept"), sums.n("promise_broken")
    of = (f"{before}promise_kept", f"{before}promise_broken")
    return Cell(part(kept, kept + broken), kind=Kind.SHARE, of=of, base=kept + broken)


def _medians(frame: Frame, measure: str, of: str) -> list[Cell]:
    pairs = ((frame.now, ""), (frame.before, "before/"))
    return [
        frame.days(sums.whole_spread(measure), 0.5, f"{before}{of}") if sums else Cell(kind=Kind.DAYS)
        for sums, before in pairs
    ]
