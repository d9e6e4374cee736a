"""Files of figures, looked at as bytes: what a German Excel makes of them."""

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from reports.exports import csv_file, csv_zip, xlsx_file
from reports.tables import Cell, Chapter, Column, Figures, Kind, Row, Table

COLUMNS = (
    Column("n", "Anliegen"),
    Column("share", "Anteil", Kind.SHARE, ("n",)),
    Column("change", "+/−", Kind.CHANGE),
    Column("days", "Median", Kind.DAYS),
    Column("judged", "Einordnung", Kind.TEXT),
)
NOTES = [("Zeitraum", "Jahr 2025"), ("=SUMME(A1)", "-2+3")]


def row(label, *values, code=""):
    return Row(label, tuple(value if isinstance(value, Cell) else Cell(value) for value in values), code)


@pytest.fixture
def table():
    return Table(
        "topics",
        "Anliegen nach Thema",
        "Thema",
        COLUMNS,
        (
            row("Wilder Müll", 1234, 0.93449, 12, 4.25, "im Rahmen"),
            row("=cmd|' /C calc'!A0", Cell(hidden=True), Cell(hidden=True), Cell(hidden=True), None, "@böse"),
            row("Straße; „Platz“\n2", 0, 0.0, -3, 0.05, "+49 241"),
        ),
        row("Insgesamt", 1300, 1.0, 0, 4.0, "", code="total"),
        note="• Zahlen unter 5 …",
    )


def figures(*tables):
    return Figures("Ost", "Jahr 2025", "", (), "22.11.2026, 14:05 Uhr", (Chapter("c", "Kapitel", tables),))


def sheet_of(content, number=1):
    return load_workbook(BytesIO(content)).worksheets[number]


def test_csv_opens_in_a_german_excel(table):
    content = csv_file(table)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.replace(b"\n2", b"").count(b"\n") == 5
    lines = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines == [
        ["Thema", "Anliegen", "Anteil", "Veränderung", "Median", "Einordnung"],
        ["Wilder Müll", "1234", "93,4 %", "12", "4,3", "im Rahmen"],
        ["'=cmd|' /C calc'!A0", "•", "•", "•", "–", "'@böse"],
        ["Straße; „Platz“\n2", "0", "0,0 %", "-3", "0,1", "'+49 241"],
        ["Insgesamt", "1300", "100,0 %", "0", "4,0", ""],
    ]


def test_a_zip_has_every_table_and_the_notes(table):
    other = Table("x", "Wer (nicht) gehört wird", "Wer", COLUMNS[:1], ())
    content = csv_zip(figures(table, other), NOTES)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["01-anliegen-nach-thema.csv", "02-wer-nicht-gehoert-wird.csv", "hinweise.csv"]
        assert archive.read("01-anliegen-nach-thema.csv") == csv_file(table)
        assert archive.read("hinweise.csv").decode("utf-8-sig") == "Zeitraum;Jahr 2025\r\n'=SUMME(A1);'-2+3\r\n"
    assert csv_zip(figures(table, other), NOTES) == content


def test_a_workbook_holds_real_numbers(table):
    sheet = sheet_of(xlsx_file(figures(table), NOTES))
    assert sheet.title == "Anliegen nach Thema"
    assert (sheet["A1"].value, sheet.freeze_panes) == ("Anliegen nach Thema", "B3")
    assert [cell.value for cell in sheet[2]] == ["Thema", "Anliegen", "Anteil", "Veränderung", "Median", "Einordnung"]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[3]] == [
        ("Wilder Müll", "s", "General"),
        (1234, "n", "#,##0"),
        (0.934, "n", "0.0 %"),
        (12, "n", "+#,##0;-#,##0;0"),
        (4.3, "n", "0.0"),
        ("im Rahmen", "s", "General"),
    ]
    assert [cell.value for cell in sheet[5]][1:5] == [0, 0, -3, 0.1]
    assert sheet["A6"].font.bold
    assert sheet["A8"].value == "• Zahlen unter 5 …"
    assert sheet.column_dimensions["A"].width >= 12


def test_nothing_in_a_workbook_is_a_formula(table):
    book = load_workbook(BytesIO(xlsx_file(figures(table), NOTES)))
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s", "n"}
    assert sheet_of(xlsx_file(figures(table), NOTES))["A4"].value == "'=cmd|' /C calc'!A0"


def test_hidden_numbers_are_in_no_file(table):
    sheet = sheet_of(xlsx_file(figures(table), NOTES))
    assert [cell.value for cell in sheet[4]][1:5] == ["•", "•", "•", "–"]


def test_the_first_sheet_says_what_has_to_be_known(table):
    notes = sheet_of(xlsx_file(figures(table), NOTES), 0)
    assert notes.title == "Hinweise"
    assert [[cell.value for cell in line] for line in notes.iter_rows()] == [
        ["Zeitraum", "Jahr 2025"],
        ["'=SUMME(A1)", "'-2+3"],
    ]


def test_names_of_sheets_are_short_unique_and_legal():
    titles = ["Gründe, wenn nicht oder nur teilweise entsprochen wurde"] * 2 + ["a/b:c*d?[e]\\f", "hinweise", "'", ""]
    tables = [Table(f"t{n}", title, "Wer", COLUMNS[:1], ()) for n, title in enumerate(titles)]
    names = load_workbook(BytesIO(xlsx_file(figures(*tables), NOTES))).sheetnames
    assert names == [
        "Hinweise",
        "Gründe, wenn nicht oder nur tei",
        "Gründe, wenn nicht oder nur t 2",
        "a b c d  e  f",
        "hinweise 2",
        "Tabelle",
        "Tabelle 2",
    ]


def test_the_same_figures_give_the_same_workbook(table):
    assert xlsx_file(figures(table), NOTES) == xlsx_file(figures(table), NOTES)


def test_signs_that_no_workbook_may_hold_are_left_out():
    found = Table("t", "Orte", "Ort", COLUMNS[:1], (row("Platz\x0b\x01", 7),))
    assert sheet_of(xlsx_file(figures(found), NOTES))["A3"].value == "Platz"


def test_two_columns_of_the_same_name_are_told_apart():
    columns = (Column("in_time", "fristgerecht"), Column("share", "fristgerecht", Kind.SHARE))
    lines = csv_file(Table("t", "T", "Wer", columns, ())).decode("utf-8-sig").splitlines()
    assert lines == ["Wer;fristgerecht;fristgerecht (Anteil)"]
