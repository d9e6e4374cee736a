"""The concern list as a CSV file: the rows of the list, in its order, with the rights of the screen (Q09, I12)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from concerns.listing import Order
from concerns.models import Concern
from concerns.workflow import ConcernStatus
from quartier.csvfile import written_lines
from quartier.text import cell_text
from quartier.web.dates import local_date

COLUMNS = {
    "number": "Nummer",
    "title": "Titel",
    "kind": "Art",
    "topic__parent__name": "Handlungsfeld",
    "topic__name": "Thema",
    "district__name": "Quartier",
    "place": "Ort",
    "channel": "Eingang über",
    "occasion": "Anlass",
    "received_on": "Eingegangen am",
    "urgency": "Dringlichkeit",
    "affected": "Betroffene",
    "status": "Stand",
    "owner__name": "Zuständig",
    "due_on": "Nächster Schritt bis",
    "waiting_since": "Wartet seit",
    "follow_up_on": "Wiedervorlage am",
    "feedback_due_at": "Beantwortet am",
    "outcome": "Ergebnis",
    "reason_category": "Grund",
    "promised_on": "Zugesagt für",
    "closed_at": "Abgeschlossen am",
}
_LABELS = {name: dict(Concern._meta.get_field(name).flatchoices) for name in COLUMNS if "__" not in name}
_AT_A_TIME = 2000


def csv_lines(concerns: QuerySet, order: Order) -> Iterator[str]:
    """Lines of the file, made one by one.

    No reporters, no notes and no free text beyond title and place: a file leaves the house more easily than a screen.
    """
    sign = "-" if order.descending else ""
    rows = concerns.order_by(f"{sign}{order.key}", f"{sign}pk").values(*COLUMNS)
    return written_lines(COLUMNS.values(), map(_cells, rows.iterator(chunk_size=_AT_A_TIME)))


def _cells(row: dict) -> list[str]:
    if row["status"] == ConcernStatus.CLOSED:
        row["waiting_since"] = None
    return [_cell(value, _LABELS.get(name, {})) for name, value in row.items()]


def _cell(value, labels: dict) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{local_date(value):%d.%m.%Y}"
    return cell_text(str(labels.get(value, value)))
