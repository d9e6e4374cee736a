"""Indicators as a CSV file for German spreadsheets, which the import reads again without changing anything (Q09)."""

from collections.abc import Iterator

from django.db.models import QuerySet

from quartier.csvfile import written_lines
from quartier.text import cell_text
from reports.models import IndicatorValue
from reports.numbers import german

HEAD = ["Ebene", "Ort", "Indikator", "Jahr", "Wert", "Hinweis", "Dokument"]
_AT_A_TIME = 2000


def csv_lines(values: QuerySet[IndicatorValue]) -> Iterator[str]:
    """Lines with semicolon, byte order mark and German decimals; one value each."""
    rows = values.select_related("indicator", "district", "borough").defer("district__boundary", "borough__boundary")
    return written_lines(HEAD, map(_cells, rows.iterator(chunk_size=_AT_A_TIME)))


def _cells(value: IndicatorValue) -> list:
    number = value.get_rating_display() if value.rating else german(value.number, grouped=False)
    place, name, note, source = map(cell_text, [value.place, value.indicator.name, value.note, value.source])
    return [value.get_level_display(), place, name, value.year, number, note, source]
