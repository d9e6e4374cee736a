"""The figures of a report: the same on page, in CSV, workbook and PDF, and nothing small in what leaves the house."""

import csv
import re
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from reports import exports, frozen
from reports.actions import reports as actions
from reports.chapters import CHAPTERS, CONTEXT
from reports.choice import Choice
from reports.context import context_tables
from reports.papers.evaluation import content_of, draft_pdf, freeze
from reports.tables import Kind, Table
from reports.wording import written
from tests import make, pdf
from tests.concerns import loop
from tests.reports.test_reports import url

pytestmark = pytest.mark.django_db

# --- The same figures everywhere --------------------------------------------------------------------------------------

Lines = list[list[str]]


def plain(text: str) -> str:
    """A figure without what only makes it pretty, and without the places where lines end."""
    text = text.replace("\u00a0", " ").replace("\u2212", "-").strip()
    text = re.sub(r"(?<=\d)\.(?=\d{3}(\D|$))", "", text)
    return re.sub(r"\s|\u00ad", "", re.sub(r"^\+(?=\d)", "", text))


def lined(lines: Lines) -> Lines:
    return [[plain(cell) for cell in line] for line in lines]


def of_csv(content: bytes) -> list[Lines]:
    """Every table of the ZIP file without its heading."""
    archive, found = ZipFile(BytesIO(content)), []
    for name in archive.namelist():
        if name != "hinweise.csv":
            text = StringIO(archive.read(name).decode("utf-8-sig"), newline="")
            found.append(lined(list(csv.reader(text, delimiter=";"))[1:]))
    return found


def of_workbook(content: bytes) -> list[Lines]:
    """Every sheet as Excel shows it."""
    sheets = load_workbook(BytesIO(content)).worksheets[1:]
    return [
        lined([[_shown(cell) for cell in line if cell.value is not None] for line in _body(sheet)]) for sheet in sheets
    ]


def _body(sheet):
    for line in sheet.iter_rows(min_row=3):
        if line[0].value is None:
            return
        yield line


def _shown(cell) -> str:
    if not isinstance(cell.value, int | float):
        return str(cell.value)
    if cell.number_format == "0.0 %":
        return f"{cell.value * 100:.1f} %".replace(".", ",")
    if cell.number_format in ("0.0", "#,##0.0"):
        return f"{cell.value:.1f}".replace(".", ",")
    return f"{cell.value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def of_page(response) -> list[Lines]:
    """Every table of a page, the folded lines too, the total last; [] for one without a single case."""
    found = []
    for part in response.content.decode().split('<div class="q-figures__part')[1:]:
        total = re.findall(r"<tfoot>(.*?)</tfoot>", part, re.DOTALL)
        bodies = re.findall(r"<tbody>(.*?)</tbody>", part, re.DOTALL)
        lines = re.findall(r"<tr>(.*?)</tr>", "".join([*bodies, *total]), re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
        found.append(lined([[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in line] for line in cells]))
    return found


def of_pdf(content: bytes) -> Lines:
    """Every line of every table of figures with at least two figures, without headings, which stand on each page."""
    return lined([line for table in pdf.tables(content)[1:] for line in table[1:] if len(line) > 2])


def is_nothing(lines: Lines) -> bool:
    """Whether there is no case at all in a table."""
    return not any(re.search(r"[1-9•]", cell) for line in lines for cell in line[1:])


def test_page_csv_workbook_and_pdf_agree_to_the_digit(client_of, year_report, played):
    made = freeze(year_report, by=played.planner)
    files = {kind: content for kind, _, content in made.files}
    actions.release(report=year_report, frozen=made, by=played.planner)
    tables = of_csv(files["csv"])
    assert (len(tables) > 20, sum(len(line) for table in tables for line in table) > 500) == (True, True)
    assert of_workbook(files["xlsx"]) == tables
    shown = [table for table in tables if not is_nothing(table)]
    assert of_pdf(files["pdf"]) == [line for table in shown for line in table if len(line) > 2]
    preview = of_page(client_of(played.planner).get(url("report_preview", year_report)))
    assert [table for table in preview if table] == shown


def test_the_evaluation_shows_the_same_figures_and_those_that_stay_in_the_house(client_of, year_report, played):
    choice = Choice.from_json(year_report.parameters)
    query = {
        "span": "free", "since": choice.since, "until": choice.until, "compare": "free",
        "compare_since": choice.compare_since, "compare_until": choice.compare_until,
    }  # fmt: skip
    page = of_page(client_of(played.planner).get(reverse("reports:evaluation"), query))
    tables = of_csv(exports.csv_zip(frozen.from_json(content_of(year_report)["figures"]), []))
    assert len(page) == len(tables)
    differing = hidden = 0
    for lines, table in zip(page, tables, strict=True):
        by_label = {line[0]: line for line in lines}
        for line in table if lines else ():
            pairs = zip(by_label[line[0]][1:], line[1:], strict=True)
            differing += sum(outside not in (inside, "•") for inside, outside in pairs)
            hidden += line.count("•")
    assert (differing, hidden > 20) == (0, True)


# --- Nothing small ----------------------------------------------------------------------------------------------------


def small_ones(tables: list[Lines], threshold: int) -> list[list[str]]:
    """Lines that show a whole number too small to leave the house."""
    return [
        line for table in tables for line in table
        if any(re.fullmatch(r"\d+", cell) and 0 < int(cell) < threshold for cell in line[1:])
    ]  # fmt: skip


@pytest.mark.parametrize("threshold", [5, 12])
def test_no_file_shows_a_small_number_or_what_gives_it_away(year_report, played, threshold):
    """Of the CSV files; the others show the same (above)."""
    actions.save_settings(threshold=threshold, by=played.planner)
    counted = frozen.from_json(content_of(year_report)["figures"])
    figures = [table for chapter in counted.chapters if chapter.code != CONTEXT for table in chapter.tables]
    tables = of_csv(exports.csv_zip(counted, []))[: len(figures)]
    assert small_ones([_counts(*pair) for pair in zip(tables, figures, strict=True)], threshold) == []
    for table in figures:
        if table.parts and table.total:
            for at, column in enumerate(table.columns):
                if column.kind == "count" and not table.total.cells[at].hidden:
                    _nothing_by_subtraction(table, at, threshold)


def _counts(lines: Lines, table: Table) -> Lines:
    """Only the columns that hold counts."""
    at = [n for n, column in enumerate(table.columns, 1) if column.kind == "count"]
    return [[line[0], *(line[n] for n in at if n < len(line))] for line in lines]


def _nothing_by_subtraction(table: Table, at: int, threshold: int) -> None:
    shown = [row.cells[at].value for row in table.rows if not row.cells[at].hidden]
    hidden = [row for row in table.rows if row.cells[at].hidden]
    left = table.total.cells[at].value - sum(value for value in shown if value)
    if hidden:
        assert (len(hidden) > 1 and left >= threshold) or left == 0, (table.code, table.columns[at].code)
    else:
        assert left == 0, table.code


def test_sentences_say_no_more_than_tables(silke, mara, ost):
    """Three concerns: how many came in is told nowhere, not in words, not in a picture."""
    for _ in range(3):
        loop.log(mara)
    made = draft_pdf(content_of(make.report(districts=[ost], by=silke, chapters=list(CHAPTERS))))
    text = pdf.text(made)
    assert "gingen weniger als 5 Anliegen ein" in text
    assert not re.search(r"\b(3|drei)\b Anliegen", text)
    assert pdf.structure(made) == []
    alts = " ".join(one["/Alt"] for one in pdf.elements(made, "Figure"))
    assert not re.search(r"[1-4](?!\d)", re.sub(r"\d{2}\.\d{4}", "", alts))


def test_names_of_people_are_in_no_report(year_pdf):
    text = pdf.text(year_pdf)
    assert [word for word in ("Gerda Zorn", "Ina Klee", "0241", "ina@post.example") if word in text] == []


def test_values_of_an_indicator_line_up(ost, preuswald):
    """One has a decimal, so all have; whole numbers stay whole, two decimals stay two."""
    for values in (("30", "28.2"), ("16000", "400"), ("1.25", "2")):
        indicator = make.indicator()
        for district, number in zip((ost, preuswald), values, strict=True):
            make.indicator_value(indicator=indicator, district=district, number=Decimal(number))
    (table,) = context_tables(None, make.today().year)
    shown = [[written(cell, cell.kind or Kind.VALUE) for cell in row.cells[:2]] for row in table.rows]
    assert sorted(shown) == [["1,25", "2"], ["16.000", "400"], ["30,0", "28,2"]]
