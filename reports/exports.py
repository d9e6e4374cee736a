"""Tables of figures as files that open correctly in a German Excel: CSV, a ZIP of them, and a workbook (Q09).

They show the same objects as page and PDF. What leaves the house goes through `reports.outward` first.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from quartier.text import cell_text, code_of
from reports.tables import Cell, Column, Figures, Kind, Row, Table
from reports.wording import HIDDEN, NOTHING, PLACES, rounded, written

Notes = list[tuple[str, str]]  # term and explanation

NOTES_TITLE = "Hinweise"
_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.SHARE: "0.0 %",
    Kind.DAYS: "0.0",
    Kind.RATE: "0.0",
    Kind.TENTHS: "#,##0.0",
    Kind.CHANGE: "+#,##0;-#,##0;0",
    Kind.VALUE: "#,##0.##",
}
_SHEET_NAME = 31  # characters that Excel allows
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _LONGEST_HEADING = 60, 18
_MADE = datetime(2000, 1, 1)  # the same figures give the same bytes
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


# --- CSV --------------------------------------------------------------------------------------------------------------


def csv_file(table: Table) -> bytes:
    """One table: UTF-8 with byte order mark, semicolons, CRLF, decimal commas; texts that a spreadsheet would run are
    made safe."""
    target = StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell_text(table.head), *(cell_text(heading) for heading in headings(table))])
    for row in table.all_rows():
        writer.writerow([cell_text(row.label), *_texts(table, row)])
    return _encoded(target)


def csv_zip(figures: Figures, notes: Notes) -> bytes:
    """Every table as a CSV file, and what has to be known to read them."""
    return _zip([*((f"{name}.csv", csv_file(table)) for name, table in _named(figures)), ("hinweise.csv", _csv(notes))])


def _csv(notes: Notes) -> bytes:
    target = StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell_text(term), cell_text(text)] for term, text in notes)
    return _encoded(target)


def _encoded(target: StringIO) -> bytes:
    return ("\ufeff" + target.getvalue()).encode("utf-8")


def _texts(table: Table, row: Row) -> Iterator[str]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        kind = cell.kind or column.kind
        text = written(cell, kind, plain=True)
        # A number may begin with a minus: it is ours and no formula.
        yield cell_text(text) if kind == Kind.TEXT or isinstance(cell.value, str) else text


def _named(figures: Figures) -> Iterator[tuple[str, Table]]:
    for number, table in enumerate(figures.tables(), start=1):
        yield f"{number:02d}-{code_of(table.title, table.code)}", table


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            info = ZipInfo(name, _MADE.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return target.getvalue()


def headings(table: Table) -> list[str]:
    """Headings of the columns in words, told apart where two have the same (a count and its share)."""
    labels = [_UNITS[Kind.CHANGE] if column.label == "+/−" else column.label for column in table.columns]
    return [
        f"{label} ({_UNITS[column.kind]})" if labels.count(label) > 1 and column.kind in _UNITS else label
        for label, column in zip(labels, table.columns, strict=True)
    ]


_UNITS = {Kind.SHARE: "Anteil", Kind.RATE: "je 1.000", Kind.DAYS: "Tage", Kind.CHANGE: "Veränderung"}


# --- XLSX -------------------------------------------------------------------------------------------------------------


def xlsx_file(figures: Figures, notes: Notes) -> bytes:
    """A workbook: one sheet for each table with real numbers, and a sheet of notes in front."""
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "Quartier"
    book.properties.title = f"{figures.title}, {figures.period}"
    book.properties.created = book.properties.modified = _MADE
    _fill_notes(book.active, notes)
    taken = {NOTES_TITLE.lower()}
    for table in figures.tables():
        _fill(book.create_sheet(_sheet_name(table.title, taken)), table)
    target = BytesIO()
    book.save(target)
    return _same_times(target)


def _same_times(workbook: BytesIO) -> bytes:
    """openpyxl notes the time of saving in the archive and in the properties."""
    with ZipFile(workbook) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    made = _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    pattern = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")
    return _zip(
        (name, pattern.sub(rb"\g<1>" + made + rb"\3", content) if name == "docProps/core.xml" else content)
        for name, content in files
    )


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel accepts and no other sheet has, whatever its case."""
    plain = _ILLEGAL.sub("", _NOT_IN_SHEET_NAMES.sub(" ", title)).strip().strip("'") or "Tabelle"
    name, number = plain[:_SHEET_NAME].strip(), 1
    while name.lower() in taken or name.lower() == "history":
        number += 1
        ending = f" {number}"
        name = plain[: _SHEET_NAME - len(ending)].strip() + ending
    taken.add(name.lower())
    return name


def _fill_notes(sheet, notes: Notes) -> None:
    sheet.title = NOTES_TITLE
    for number, (term, text) in enumerate(notes, start=1):
        _write(sheet.cell(number, 1), term).font = Font(bold=True)
        _write(sheet.cell(number, 2), text)
        for column in (1, 2):
            sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 100


def _fill(sheet, table: Table) -> None:
    _write(sheet.cell(1, 1), table.title).font = Font(bold=True, size=13)
    for number, heading in enumerate([table.head, *headings(table)], start=1):
        cell = _write(sheet.cell(2, number), heading)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal="left" if number == 1 else "right")
    for line, row in enumerate(table.all_rows(), start=3):
        bold = Font(bold=row is table.total)
        _write(sheet.cell(line, 1), row.label).font = bold
        sheet.cell(line, 1).alignment = Alignment(wrap_text=True, vertical="top")
        for number, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True), start=2):
            _write_figure(sheet.cell(line, number), column, cell).font = bold
    if table.note:
        _write(sheet.cell(sheet.max_row + 2, 1), table.note)
    sheet.freeze_panes = "B3"
    labels = [len(table.head), *(len(row.label) for row in table.all_rows())]
    sheet.column_dimensions["A"].width = min(max(*labels, 12) + 2, _WIDEST)
    for number, column in enumerate(table.columns, start=2):
        wide = max((len(str(row.cells[number - 2].value or "")) for row in table.rows), default=0)
        words = wide + 2 if column.kind == Kind.TEXT else 10
        width = max(words, min(len(headings(table)[number - 2]) + 2, _LONGEST_HEADING))
        sheet.column_dimensions[get_column_letter(number)].width = min(width, _WIDEST)


def _write_figure(target: SheetCell, column: Column, cell: Cell) -> SheetCell:
    """A real number with the places that people see elsewhere; signs and words as text."""
    kind = cell.kind or column.kind
    target.alignment = Alignment(horizontal="left" if kind == Kind.TEXT else "right", vertical="top")
    if cell.hidden or cell.value is None:
        return _write(target, HIDDEN if cell.hidden else NOTHING)
    if kind == Kind.TEXT or isinstance(cell.value, str):
        return _write(target, str(cell.value))
    number = rounded(cell.value, kind)
    target.value = int(number) if PLACES[kind] == 0 else float(number / 100 if kind == Kind.SHARE else number)
    target.number_format = _FORMATS[kind] if number % 1 or kind != Kind.VALUE else "#,##0"
    return target


def _write(target: SheetCell, text: str) -> SheetCell:
    """A text that stays text, whatever it begins with."""
    target.value = _ILLEGAL.sub("", cell_text(text))
    target.data_type = "s"
    return target
