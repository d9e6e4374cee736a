"""Who is not heard: districts, channels and languages from which fewer concerns come than could be expected (N8)."""

from concerns.models import Concern, Reporter
from reports.choice import OUTSIDE_AREA
from reports.frame import BEFORE, Frame, area_name, area_query, part
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

FEWEST = 5  # below so many expected, chance decides
BELOW = 0.6  # part of what was expected
UNHEARD = "unter der Erwartung"
USUAL = ("all", "channel")  # measures of the whole city that a part of it is held against
_JUDGED = (
    Column("now", "Anliegen"),
    Column("share", "Anteil", Kind.SHARE, ("now",)),
    Column("expected_share", "erwarteter Anteil", Kind.SHARE),
    Column("expected", "erwartet", Kind.TENTHS),
    Column("judged", "Einordnung", Kind.TEXT, ("now",)),
)


def chapter(frame: Frame) -> Chapter:
    """Who is heard, and who might not be."""
    tables = (districts(frame), channels(frame), languages(frame), reporters(frame))
    return Chapter("voices", "Wer (nicht) gehört wird", tables)


def judge(n: int, expected: float | None) -> str:
    """How a number stands to what could be expected; a hint to look closer, not a finding."""
    if expected is None:
        return "ohne Vergleich"
    if expected < FEWEST:
        return "zu wenige für eine Aussage"
    return UNHEARD if n < BELOW * expected else "im Rahmen"


def _row(
    label: str, cell: Cell, total: int, expected: float | None, code: str, expected_of: tuple[str, ...] = ()
) -> Row:
    wanted = None if expected is None else round(expected * total, 1)
    return Row(
        label,
        (
            cell,
            Cell(part(cell.value, total), kind=Kind.SHARE, of=(cell.key,)),
            Cell(expected, kind=Kind.SHARE, of=expected_of),
            Cell(wanted, kind=Kind.TENTHS, of=expected_of),
            Cell(judge(cell.value, wanted), kind=Kind.TEXT, of=(cell.key, *expected_of)),
        ),
        code,
    )


def districts(frame: Frame) -> Table:
    """Expected by the number of inhabitants; districts of a choice are held against all districts of the city."""
    people = {area: frame.inhabitants[area] for area in frame.names.districts if area in frame.inhabitants}
    everybody = sum(people.values())
    total = sum((frame.city or frame.now).area(area, "all") for area in people)
    rows = []
    for area in frame.districts():
        if area == OUTSIDE_AREA:
            continue
        cell = frame.cell(frame.now.area(area, "all"), area_name(area, "all"), district=area_query(area))
        expected = part(people[area], everybody) if area in people else None
        rows.append(_row(frame.names.districts[area], cell, total, expected, area_query(area)))
    return Table(
        "unheard_districts", "Quartiere und Erwartung", "Quartier", _JUDGED, tuple(rows),
        note="Anteil an allen Quartieren der Stadt. Erwartet: so viele, wie es dem Anteil an ihren Einwohnerinnen und "
        "Einwohnern entspricht.",
    )  # fmt: skip


def channels(frame: Frame) -> Table:
    """Expected by the whole city in the same period, or else by the comparison period."""
    usual, words = (frame.city, "in der ganzen Stadt") if frame.city else (frame.before, "im Vergleichszeitraum")
    total = frame.now.n("all")
    # The comparison period's numbers stand in other tables, those of the city do not.
    early = "" if frame.city else f"{BEFORE}channel:"
    rows = tuple(
        _row(
            label,
            frame.count("channel", key, channel=key),
            total,
            _usual(usual, "channel", key),
            key,
            (f"{early}{key}", f"{BEFORE}all") if early else (),
        )
        for key, label in Concern.Channel.choices
    )
    note = f"Erwartet: derselbe Anteil wie {words}." if usual else "Zum Vergleich bitte einen Zeitraum wählen."
    return Table("unheard_channels", "Eingangswege und Erwartung", "Eingang über", _JUDGED, rows, note=note)


def _usual(sums, measure: str, key: str) -> float | None:
    return part(sums.n(measure, key), sums.n("all")) if sums else None


def languages(frame: Frame) -> Table:
    """Expected by what share of people speak a language, where that is known."""
    total = sum(frame.now.n("language", key) for key, _ in Reporter.Language.choices)
    rows = tuple(
        _row(label, frame.count("language", key, people=True), total, frame.languages.get(key), key)
        for key, label in Reporter.Language.choices
    )
    columns = (Column("now", "Personen"), *_JUDGED[1:])
    return Table(
        "unheard_languages", "Sprachen und Erwartung", "Sprache", columns, rows,
        note="Erwartet: der Anteil der Menschen, die zu Hause diese Sprache sprechen, soweit er bekannt ist.",
    )  # fmt: skip


def reporters(frame: Frame) -> Table:
    """Who reports, as kinds of people and institutions."""
    total = sum(frame.now.n("reporter", key) for key, _ in Reporter.Kind.choices)
    rows = []
    for key, label in Reporter.Kind.choices:
        cell = frame.count("reporter", key, people=True)
        rows.append(Row(label, (cell, Cell(part(cell.value, total), kind=Kind.SHARE, of=(cell.key,))), key))
    columns = (Column("now", "Personen"), Column("share", "Anteil", Kind.SHARE, ("now",)))
    last = Row("Insgesamt", (Cell(total, key="reporter"), Cell(part(total, total), kind=Kind.SHARE)), "total")
    return Table(
        "reporters", "Wer meldet", "Anliegengeber/innen", columns, tuple(rows), last, chart="bar", parts=True,
    )  # fmt: skip
