"""The register of needs as a CSV file: the rows of the list, counts guarded as they leave the team (Q09, N13)."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from projects.evidence import evidence_of, guarded
from projects.models import Need
from quartier.csvfile import written_lines
from quartier.text import cell_text

HEAD = (
    *("Titel", "Quartiere", "Stand", "Stand seit", "Grund", "Priorität", "Problemlage", "Mögliche Lösungen"),
    *("Handlungsfelder", "Zielgruppen", "Fachbereiche", "Zuerst aufgefallen", "Zuletzt bestätigt"),
    *("Behält es im Blick", "Anliegen", "Menschen"),
)
_SETS = ("districts", "action_fields", "target_groups", "departments")
_AT_A_TIME = 500


def csv_lines(needs: QuerySet[Need]) -> Iterator[str]:
    """Lines that German spreadsheets open."""
    rows = needs.select_related("keeper").prefetch_related(*_SETS).defer("search_text").order_by("sort_key", "pk")
    return written_lines(HEAD, _rows(rows.iterator(chunk_size=_AT_A_TIME)))


def _rows(needs: Iterator[Need]) -> Iterator[list[str]]:
    while some := list(islice(needs, _AT_A_TIME)):
        evidence = evidence_of([one.pk for one in some])
        for one in some:
            found = evidence[one.pk]
            yield [cell_text(text) for text in _texts(one, guarded(found.concerns), guarded(found.people))]


def _texts(need: Need, concerns: str, people: str) -> list[str]:
    districts, fields, groups, departments = (" | ".join(map(str, getattr(need, name).all())) for name in _SETS)
    return [
        *(need.title, districts, need.get_status_display(), f"{need.status_since:%d.%m.%Y}", need.drop_reason),
        *(need.get_priority_display(), need.problem, need.solutions, fields, groups, departments),
        *(f"{need.first_seen_on:%d.%m.%Y}", f"{need.confirmed_on:%d.%m.%Y}"),
        *(need.keeper.name if need.keeper else "", concerns, people),
    ]
