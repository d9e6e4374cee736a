"""Figures as plain values and back: what is stored of a released report is what was shown."""

from dataclasses import asdict

from reports.tables import Cell, Chapter, Column, Figures, Row, Table


def to_json(figures: Figures) -> dict:
    """As plain values. Addresses of lists are left out: they would count what has changed since."""
    found = asdict(figures)
    for chapter in found["chapters"]:
        for table in chapter["tables"]:
            for row in (*table["rows"], *([table["total"]] if table["total"] else [])):
                for cell in row["cells"]:
                    cell["query"] = ""
    return found


def from_json(values: dict) -> Figures:
    """From what `to_json` gave."""
    return Figures(
        **{
            **values,
            "filters": tuple((label, words) for label, words in values["filters"]),
            "chapters": tuple(_chapter(one) for one in values["chapters"]),
        }
    )


def _chapter(values: dict) -> Chapter:
    tables = tuple(_table(one) for one in values["tables"])
    return Chapter(values["code"], values["title"], tables, tuple(values["sentences"]))


def _table(values: dict) -> Table:
    return Table(
        **{
            **values,
            "columns": tuple(Column(**{**one, "of": tuple(one["of"])}) for one in values["columns"]),
            "rows": tuple(_row(one) for one in values["rows"]),
            "total": _row(values["total"]) if values["total"] else None,
            "charted": tuple(values["charted"]),
        }
    )


def _row(values: dict) -> Row:
    cells = tuple(Cell(**{**one, "of": tuple(one["of"])}) for one in values["cells"])
    return Row(values["label"], cells, values["code"])
