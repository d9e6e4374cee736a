"""CSV files: opening what somebody sends, whatever made it, and writing what German spreadsheets open.

Knows nothing of what the cells mean.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from quartier.text import clean_text

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 250
MAX_CELL = 4_001  # the longest text the house writes itself, with the apostrophe that makes it safe
_DELIMITERS = ";\t,"
_EXCEL = "Das ist eine Excel- oder ZIP-Datei. Bitte in Excel „Speichern unter“ wählen und den Dateityp CSV nehmen."
_SIGNATURES = {
    b"PK\x03\x04": _EXCEL,
    b"\xd0\xcf\x11\xe0": _EXCEL,
    b"%PDF": "Das ist eine PDF-Datei. Eingelesen werden können nur CSV-Dateien.",
    b"\x1f\x8b": "Das ist eine gepackte Datei. Bitte die CSV-Datei selbst schicken.",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NO_TEXT = "Das ist keine Textdatei. Eingelesen werden können nur CSV-Dateien."


class BadFile(Exception):
    """The file cannot be read as a table; the message says why, in German."""


@dataclass(frozen=True)
class Sheet:
    """A table of texts: the headings and the lines, each with its number in the file."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(content: bytes) -> Sheet:
    """The first line that is not empty as headings, then every line that is not empty.

    Raises:
        BadFile: no CSV text, nothing in it, or larger than what can be taken.
    """
    if len(content) > MAX_BYTES:
        raise BadFile("Die Datei ist größer als 2 MB. Bitte in mehrere Dateien teilen.")
    text = _decoded(content)
    if not text.strip():
        raise BadFile("Die Datei ist leer.")
    text, delimiter = _delimiter(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    head: tuple[str, ...] = ()
    rows = []
    try:
        for cells in reader:
            cleaned = tuple(map(_cell, cells))
            if not any(cleaned):
                continue
            if not head:
                head = _head(cleaned)
                continue
            _check_row(cleaned, reader.line_num, len(rows))
            rows.append((reader.line_num, cleaned))
    except csv.Error:
        raise BadFile(
            f"Zeile {max(reader.line_num, 1)} lässt sich nicht lesen: Ein Anführungszeichen ist nicht geschlossen."
        ) from None
    if not rows:
        raise BadFile("Unter der Kopfzeile steht nichts.")
    return Sheet(head, tuple(rows))


def _head(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise BadFile(f"Die Datei hat {len(cells)} Spalten, höchstens {MAX_COLUMNS} werden gelesen.")
    if len(cells) < 2:
        raise BadFile("Die Kopfzeile hat nur eine Spalte. Spalten werden mit Semikolon, Komma oder Tabulator getrennt.")
    return cells


def _check_row(cells: tuple[str, ...], line: int, count: int) -> None:
    if count >= MAX_ROWS:
        raise BadFile("Die Datei hat mehr als 20.000 Zeilen. Bitte in mehrere Dateien teilen.")
    if any(len(cell) > MAX_CELL for cell in cells):
        raise BadFile(f"In Zeile {line} steht eine Zelle mit mehr als 4.000 Zeichen. Ist das die richtige Datei?")


def _cell(text: str) -> str:
    text = text.strip()
    return text if text.isascii() and text.isprintable() else clean_text(text).replace("\n", " ").strip()


def _decoded(content: bytes) -> str:
    """Text in the encoding the file names or must have: UTF-8, else Windows-1252, as German spreadsheets write it."""
    for signature, message in _SIGNATURES.items():
        if content.startswith(signature):
            raise BadFile(message)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if not encoding and b"\0" in content:
        raise BadFile(_NO_TEXT)
    for name in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" in text or sum(char < " " and char not in "\t\r\n" for char in text[:4000]) > 20:
            raise BadFile(_NO_TEXT)
        return text
    raise BadFile("Der Zeichensatz der Datei ist unbekannt. Bitte als CSV in UTF-8 speichern.")


def _delimiter(text: str) -> tuple[str, str]:
    """The character that splits the first line into most cells; spreadsheets may name it themselves („sep=;“)."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5 and first.strip()[4] in _DELIMITERS:
        return rest, first.strip()[4]
    return text, max(_DELIMITERS, key=lambda mark: _columns(first, mark))


def _columns(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


class _Echo:
    """A file that hands every line back instead of keeping it."""

    def write(self, value: str) -> str:
        return value


def written_lines(head: Iterable[str], rows: Iterable[Iterable]) -> Iterator[str]:
    """Lines that German spreadsheets open (semicolon, byte order mark), made one by one.

    Whoever gives the rows has made their texts safe (`quartier.text.cell_text`).
    """
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow(row)
