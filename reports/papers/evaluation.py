"""The evaluation report (P07, P08): what stands in it, as data, and its PDF, workbook and CSV files made of these data.

A draft is made anew each time. At release the data are frozen and every file is made of them, so they agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from districts.models import User
from quartier.pdf import render
from quartier.text import code_of
from reports import exports, frozen
from reports.actions.reports import Frozen, checksum_of
from reports.chapters import ASSESSMENTS, CHAPTERS, CONTEXT, OVERVIEW
from reports.chapters.working import working_chapters
from reports.choice import OUTSIDE_AREA, Choice
from reports.context import context_tables
from reports.definitions import asked, definitions, notes
from reports.figures import evaluate
from reports.models import Report, ReportFile, ReportSettings, ReportText
from reports.outward import outward
from reports.sentences import named, summary, with_sentences
from reports.tables import Chapter, Column, Figures, Kind, Row, Table
from reports.wording import written

FEW_PAGES = 10  # up to here a page waits for the file, above the worker makes it
_FEW, _WIDE_FROM = 4, 7  # columns that no longer fit a page standing upright
_SHORT, _SHORT_DRAWN = 16, 8  # lines, without and with a drawing
_LONG_NAME = 30  # letters
_LINES_A_PAGE, _LINES_OF_CHART, _LINES_OF_HEAD, _TEXT_LINE = 34, 12, 5, 90


@dataclass(frozen=True)
class PaperTable:
    """A table as it is printed."""

    table: Table
    id: str
    columns: list[tuple[str, str]]  # label and class
    rows: list[tuple[str, list[tuple[str, str]]]]
    total: tuple[str, list[tuple[str, str]]] | None
    nothing: bool  # not a single case in it

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it, be it hidden."""
        return not self.nothing

    @property
    def is_wide(self) -> bool:
        """Whether it needs a page lying on its side."""
        return len(self.columns) >= _WIDE_FROM and not self.nothing

    @property
    def css(self) -> str:
        """How wide its columns are."""
        number = len(self.columns)
        if number <= _FEW:
            return "r-one" if number == 1 else "r-few"
        if not self.is_wide:
            return f"r-some r-some-{number}"
        # Long names need the room that figures would like to have.
        return "r-named" if any(len(label) > _LONG_NAME for label, _ in self.rows) else "r-many"

    @property
    def is_short(self) -> bool:
        """Whether it is kept together on one page, with its drawing. What takes more than half a page is not: it would
        leave the page before it empty."""
        longest = _SHORT_DRAWN if self.table.chart == "bar" else _SHORT
        return len(self.rows) <= longest and not self.is_wide


@dataclass(frozen=True)
class PaperChapter:
    """A chapter as it is printed."""

    id: str
    title: str
    sentences: tuple[str, ...]
    tables: list[PaperTable]


# --- What stands in it ------------------------------------------------------------------------------------------------


def content_of(report: Report, *, now: datetime | None = None) -> dict:
    """Everything a report shows, as plain values: figures without small numbers, sentences, texts, definitions.

    Raises:
        StillCounting: too much has changed to be counted anew now.
    """
    choice = Choice.from_json(report.parameters)
    threshold = ReportSettings.load().threshold
    real = evaluate(choice, now=now)
    received = real.table("overview").cell("all", "now").value
    fewer_than = threshold if 0 < received < threshold else None
    shown = outward(real)
    found = with_sentences(_chosen(shown, report.chapters, is_empty=received == 0), fewer_than=fewer_than)
    further = working_chapters(choice, today=timezone.localdate(now), codes=report.chapters)
    if CONTEXT in report.chapters:
        further += tuple(_context(choice))
    found = replace(found, chapters=(*found.chapters, *further))
    return {
        "title": report.title,
        "version": report.version,
        # Read before the texts are: what is written meanwhile is noticed at release.
        "revision": report.revision,
        "figures": frozen.to_json(found),
        "summary": summary(shown, fewer_than=fewer_than),
        "texts": _texts(report, choice) if ASSESSMENTS in report.chapters else [],
        "asked": asked(found),
        "definitions": definitions(found, threshold=threshold),
        "threshold": threshold,
        "is_empty": received == 0,
    }


def _chosen(figures: Figures, codes: list[str], *, is_empty: bool) -> Figures:
    """The chapters that were asked for. Where nothing came in they would say so again and again: then there is only
    the comparison with a period in which something did."""
    if is_empty:
        before = any(cell.value for row in figures.table(OVERVIEW).rows for cell in row.cells)
        codes = [OVERVIEW] if OVERVIEW in codes and before else []
    return replace(figures, chapters=tuple(one for one in figures.chapters if one.code in codes))


def _context(choice: Choice) -> list[Chapter]:
    ids = [pk for pk in choice.districts if pk != OUTSIDE_AREA] if choice.districts else None
    tables = context_tables(ids, choice.until.year)
    return [Chapter(CONTEXT, CHAPTERS[CONTEXT], tuple(tables))] if tables else []


def texts_of(report: Report, texts: Iterable[ReportText] | None = None) -> list[ReportText]:
    """The texts that belong to what a report evaluates now, the districts' first; `texts` are all that it has, where
    they have been read already."""
    chosen = Choice.from_json(report.parameters).districts
    order = {kind: place for place, kind in enumerate(ReportText.Kind.values)}
    found = report.texts.select_related("district", "changed_by") if texts is None else texts
    shown = [one for one in found if not chosen or one.district_id is None or one.district_id in chosen]
    return sorted(shown, key=lambda one: (order[one.kind], one.district.sort_key if one.district_id else ""))


def _texts(report: Report, choice: Choice) -> list[dict]:
    return [
        {"kind": one.kind, "heading": one.heading, "text": one.text.strip()}
        for one in texts_of(report)
    ]  # fmt: skip


# --- Files ------------------------------------------------------------------------------------------------------------


def draft_pdf(content: dict) -> bytes:
    """The report as a draft, which every page says."""
    return _render(content, checksum="")


def freeze(report: Report, *, by: User, now: datetime | None = None) -> Frozen:
    """What a release keeps: the data and the three files made of them.

    Raises:
        StillCounting: too much has changed to be counted anew now.
    """
    return freeze_content(report, content_of(report, now=now), by=by, now=now)


def freeze_content(report: Report, content: dict, *, by: User, now: datetime | None = None) -> Frozen:
    """The same, of data that were just counted."""
    now = now or timezone.now()
    content = {**content, "released": {"on": f"{timezone.localtime(now):%d.%m.%Y}", "by": by.name}}
    figures = frozen.from_json(content["figures"])
    name = file_name(report)
    remarks = [
        ("Bericht", f"{report.title}, Version {report.version}"),
        ("Prüfsumme", checksum_of(content)),
        *notes(figures, threshold=content["threshold"]),
    ]
    kinds = ReportFile.Kind
    files = (
        (kinds.PDF, f"{name}.pdf", _render(content, checksum=checksum_of(content), made_at=now)),
        (kinds.XLSX, f"{name}.xlsx", exports.xlsx_file(figures, remarks)),
        (kinds.CSV, f"{name}.zip", exports.csv_zip(figures, remarks)),
    )
    return Frozen(content=content, files=files, revision=content["revision"])


def file_name(report: Report) -> str:
    """What a report's files are called, without the ending."""
    return f"{code_of(report.title, 'bericht')}-v{report.version}"


def pages_of(content: dict) -> int:
    """About how many pages a report will have, told from its lines."""
    figures = frozen.from_json(content["figures"])
    lines = sum(
        len(table.rows) + _LINES_OF_HEAD + (_LINES_OF_CHART if table.chart else 0) for table in figures.tables()
    )
    lines += sum(1 + len(one["text"]) // _TEXT_LINE for one in content["texts"])
    lines += sum(1 + len(text) // 60 for _, text in content["definitions"])
    return 3 + len(figures.chapters) + lines // _LINES_A_PAGE


def _render(content: dict, *, checksum: str, made_at: datetime | None = None) -> bytes:
    figures = frozen.from_json(content["figures"])
    context = {
        **content,
        "figures": figures,
        "chapters": [_chapter(chapter) for chapter in figures.chapters],
        "checksum": checksum,
        "is_draft": not checksum,
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "assessments": _assessments(content["texts"]),
    }
    author = f"{settings.CITY_NAME}, {settings.OFFICE_NAME}"
    return render(
        "reports/papers/evaluation.html", context, title=content["title"], author=author, made_at=made_at
    )  # fmt: skip


def _assessments(texts: list[dict]) -> dict:
    """The texts that were written, and which districts are without one."""
    districts = [one for one in texts if one["kind"] == ReportText.Kind.DISTRICT]
    return {
        "districts": [one for one in districts if one["text"]],
        "without": named([one["heading"] for one in districts if not one["text"]]),
        "others": [one for one in texts if one not in districts],
        "any": any(one["text"] for one in texts),
    }


def _chapter(chapter: Chapter) -> PaperChapter:
    # What lies on its side comes last: what follows it would stand alone on a page.
    tables = sorted((paper_table(table) for table in chapter.tables), key=lambda one: one.is_wide)
    return PaperChapter(f"k-{chapter.code}", chapter.title, chapter.sentences, tables)


def paper_table(table: Table) -> PaperTable:
    """A table with every cell in words."""
    table = _upright(table)
    rows = [_row(table, row) for row in table.rows]
    shown = [cell for row in table.all_rows() for cell in row.cells]
    return PaperTable(
        table=table,
        id=f"t-{table.code}",
        columns=[(label, _css(column.kind)) for label, column in _headed(table)],
        rows=rows,
        total=_row(table, table.total) if table.total else None,
        nothing=not any(cell.hidden or (cell.value and not isinstance(cell.value, str)) for cell in shown)
        and not any(isinstance(cell.value, str) and table.code.startswith(CONTEXT) for cell in shown),
    )


def _upright(table: Table) -> Table:
    """A single line of many figures as a column: it needs no wide page, and a single bar no drawing."""
    if len(table.rows) != 1 or len(table.columns) < _WIDE_FROM:
        return table
    (row,) = table.rows
    lines = zip(exports.headings(table), table.columns, row.cells, strict=True)
    rows = tuple(Row(label, (replace(cell, kind=cell.kind or column.kind),)) for label, column, cell in lines)
    return replace(
        table, head="Kennzahl", columns=(Column("value", row.label),), rows=rows, total=None, chart="", charted=()
    )


def _headed(table: Table):
    return zip(exports.headings(table), table.columns, strict=True)


def _row(table: Table, row) -> tuple[str, list[tuple[str, str]]]:
    cells = []
    for cell, column in zip(row.cells, table.columns, strict=True):
        kind = cell.kind or column.kind
        cells.append((written(cell, kind), _css(kind)))
    return row.label, cells


def _css(kind: str) -> str:
    return "r-words" if kind == Kind.TEXT else f"q-num r-{kind}"
