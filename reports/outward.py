"""Figures as they may leave the house: which of them add up, and what a paper leaves out altogether (N7)."""

from collections.abc import Iterator
from dataclasses import replace

from concerns.models import Reporter, Topic
from concerns.workflow import NEEDS_REASON
from districts.models import Department
from reports.frame import BEFORE
from reports.models import ReportSettings
from reports.suppression import Sum, suppress
from reports.tables import Figures, Table

OPEN_LISTS = {"places"}  # tables of what occurs most: a line that may not say how often is left out


def outward(figures: Figures) -> Figures:
    """The figures without small numbers and whatever would give them away; for PDF, CSV and XLSX."""
    hidden = suppress(figures, ReportSettings.load().threshold, sums())
    chapters = tuple(
        replace(chapter, tables=tuple(_without_hidden_lines(table) for table in chapter.tables))
        for chapter in hidden.chapters
    )
    return replace(hidden, chapters=chapters)


def sums() -> list[Sum]:
    """Figures that add up although they stand in different tables, by their keys (see `reports.frame`)."""
    topics: dict[int, list[str]] = {}
    for pk, parent in Topic.objects.values_list("pk", "parent_id"):
        topics.setdefault(parent or pk, []).append(f"topic:{pk}")
    departments = [f":{pk}" for pk in Department.objects.values_list("pk", flat=True)]
    found = list(_sums(topics, ["", *departments]))
    early = [(f"{BEFORE}{whole}", [f"{BEFORE}{part}" for part in parts]) for whole, parts in found]
    return [*found, *early]


def _sums(topics: dict[int, list[str]], departments: list[str]) -> Iterator[Sum]:
    yield "all", ["closed", "open"]
    yield "refused", [f"outcome:{outcome}" for outcome in sorted(NEEDS_REASON)]
    yield "reporter", [f"language:{language}" for language in Reporter.Language.values]
    yield "person:wanted", ["person:told", "person:waiting", "person:unreached"]
    for measure in ("attempts", "days:receipt", "days:reply"):
        yield "person:told", [measure]
    for key in departments:
        yield f"routing:received{key}", [f"routing:{one}{key}" for one in ("answered", "returned", "open")]
    for theme, parts in topics.items():
        yield f"theme:{theme}", parts


def _without_hidden_lines(table: Table) -> Table:
    if table.code not in OPEN_LISTS:
        return table
    return replace(table, rows=tuple(row for row in table.rows if not any(cell.hidden for cell in row.cells)))
