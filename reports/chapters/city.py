"""Time and place: the trend, the districts beside each other, and where concerns gather."""

from django.db.models import Count, Min
from django.db.models.functions import Upper

from concerns.figures import counted
from reports.choice import OUTSIDE_AREA
from reports.frame import EARLIER, NOW, Frame, area_name, area_query, buckets, part
from reports.sums import AT_ONCE, Sums, picked
from reports.tables import Cell, Chapter, Column, Kind, Row, Table

PLACES = 10


def trend_chapter(frame: Frame) -> Chapter:
    """How it went over time."""
    return Chapter("trend", "Verlauf", (trend(frame),))


def districts_chapter(frame: Frame) -> Chapter:
    """Where concerns come from."""
    return Chapter("districts", "Quartiere im Vergleich", (districts(frame), places(frame)))


def trend(frame: Frame) -> Table:
    """By month of receipt."""
    months = {frame.choice.since.replace(day=1), *frame.choice.span.months()}
    months.add(frame.choice.until.replace(day=1))
    rows = []
    for words, span in buckets(frame.choice.span, months):
        inside = [month for month in months if span.since.replace(day=1) <= month <= span.until]
        n = {
            code: sum(frame.now.by_month[month, measure, key] for month in inside)
            for code, measure, key in (
                ("all", "all", ""),
                ("forwarded", "path", "forwarded"),
                ("closed", "closed", ""),
                ("wanted", "person:wanted", ""),
                ("told", "person:told", ""),
            )
        }
        name = f"{span.since.isoformat()}/"
        cells = [
            Cell(n[code], frame.choice.query(span, figure=figure), f"{name}{code}")
            for code, figure in (("all", "all"), ("forwarded", "path-forwarded"), ("closed", "closed"))
        ]
        people = [Cell(n[code], key=f"{name}{code}") for code in ("wanted", "told")]
        rate = Cell(part(n["told"], n["wanted"]), kind=Kind.SHARE, of=(f"{name}told", f"{name}wanted"))
        rows.append(Row(words, (*cells, *people, rate), span.since.isoformat()))
    columns = (
        Column("all", "eingegangen"),
        Column("forwarded", "weitergeleitet", part_of="all"),
        Column("closed", "abgeschlossen", part_of="all"),
        Column("wanted", "Rückmeldung geschuldet (Personen)"),
        Column("told", "Rückmeldung erfolgt (Personen)", part_of="wanted"),
        Column("rate", "Rückmeldequote", Kind.SHARE, ("told", "wanted")),
    )
    total = Row(
        "Insgesamt",
        (
            frame.count("all", figure="all"),
            frame.count("path", "forwarded", figure="path-forwarded"),
            frame.count("closed", figure="closed"),
            frame.count("person:wanted", people=True),
            frame.count("person:told", people=True),
            frame.share("person:told", "person:wanted"),
        ),
        "total",
    )
    return Table(
        "trend", "Verlauf nach Eingang", "Zeitraum", columns, tuple(rows), total,
        "Jüngere Anliegen sind oft noch in Arbeit; ihre Quoten steigen noch.", "line", ("all", "closed"), parts=True,
    )  # fmt: skip


def districts(frame: Frame) -> Table:
    """The districts beside each other; no ranking: they stand in the order of their list."""
    rows = tuple(_district(frame, area) for area in frame.districts())
    columns = [*frame.pair_columns(), Column("rate", "je 1.000 Einwohner/innen", Kind.RATE, (NOW,))]
    columns += [
        Column("forwarded", "weitergeleitet", part_of=NOW),
        Column("closed", "abgeschlossen", part_of=NOW),
        Column("wanted", "Rückmeldung geschuldet (Personen)"),
        Column("told", "erfolgt (Personen)", part_of="wanted"),
        Column("feedback", "Rückmeldequote", Kind.SHARE, ("told", "wanted")),
        Column("median", "Median Tage bis zur Rückmeldung", Kind.DAYS, ("told",)),
    ]
    return Table(
        "districts", "Quartiere", "Quartier", tuple(columns), rows, _districts_total(frame),
        "Quartiere unterscheiden sich in Größe, Ausstattung und Bevölkerung; die Zahlen sind keine Rangfolge.",
        "bar", (NOW, EARLIER) if frame.before else (NOW,), parts=True,
    )  # fmt: skip


def _district(frame: Frame, area: int) -> Row:
    where = {"district": area_query(area)}

    def cell(measure: str, key: str = "", *, early: bool = False, people: bool = False, **query) -> Cell:
        sums: Sums = frame.before if early else frame.now
        name = area_name(area, measure, key, early)
        return frame.cell(sums.area(area, measure, key), name, early=early, people=people, **query)

    counts = [cell("all", **where)]
    if frame.before:
        counts.append(cell("all", early=True, **where))
        counts.append(Cell(counts[0].value - counts[1].value, kind=Kind.CHANGE))
    wanted, told = cell("person:wanted", people=True), cell("person:told", people=True)
    days = frame.now.by_area[area, "days:receipt", ""]
    cells = (
        *counts,
        Cell(_rate(counts[0].value, frame.inhabitants.get(area)), kind=Kind.RATE, of=(counts[0].key,)),
        cell("path", "forwarded", figure="path-forwarded", **where),
        cell("closed", figure="closed", **where),
        wanted,
        told,
        Cell(part(told.value, wanted.value), kind=Kind.SHARE, of=(told.key, wanted.key)),
        frame.days(days, 0.5, told.key),
    )
    return Row(frame.names.districts[area], cells, area_query(area))


def _rate(n: int, people: int | None) -> float | None:
    return 1000 * n / people if people else None


def _districts_total(frame: Frame) -> Row:
    areas = [area for area in frame.districts() if area != OUTSIDE_AREA]
    known = all(area in frame.inhabitants for area in areas)
    people = sum(frame.inhabitants.values()) if not areas else sum(frame.inhabitants.get(a, 0) for a in areas)
    inside = frame.now.n("all") - frame.now.area(OUTSIDE_AREA, "all") * (OUTSIDE_AREA in frame.districts())
    cells = (
        *frame.pair("all"),
        Cell(_rate(inside, people) if known else None, kind=Kind.RATE, of=("all", area_name(OUTSIDE_AREA, "all"))),
        frame.count("path", "forwarded", figure="path-forwarded"),
        frame.count("closed", figure="closed"),
        frame.count("person:wanted", people=True),
        frame.count("person:told", people=True),
        frame.share("person:told", "person:wanted"),
        frame.days(frame.now.spread("days:receipt"), 0.5, "person:told"),
    )
    return Row("Insgesamt", cells, "total")


def places(frame: Frame) -> Table:
    """The places named most often, as they were written."""
    columns = (Column("now", "Anliegen"),)
    title = f"Die {PLACES} am häufigsten genannten Orte"
    if frame.now.n("all") > AT_ONCE:
        note = "Für so viele Anliegen werden keine Orte gezählt. Bitte Zeitraum oder Quartier eingrenzen."
        return Table("places", title, "Ort", columns, (), note=note)
    named = counted(picked(frame.choice, frame.choice.span)).exclude(place="").order_by()
    found = (
        named.values(upper=Upper("place"))
        .annotate(n=Count("pk"), words=Min("place"))
        .filter(n__gt=1)
        .order_by("-n", "upper")[:PLACES]
    )
    rows = tuple(
        Row(one["words"], (frame.cell(one["n"], f"place:{one['upper']}", place=one["words"]),), one["words"])
        for one in found
    )
    return Table("places", title, "Ort", columns, rows, note="Nur Orte, die mindestens zweimal genannt wurden.")
