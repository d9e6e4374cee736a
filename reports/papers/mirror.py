"""Fachbereichsspiegel: one department and quarter on one page (N14)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from concerns.models import Routing
from districts.models import Department
from quartier.pdf import render
from reports import frozen
from reports.mirror import mirror_figures
from reports.models import Mirror
from reports.quarters import Quarter
from reports.tables import Figures, Row, Table
from reports.wording import written


@dataclass(frozen=True)
class Line:
    """A line of a table in words."""

    label: str
    cells: list[str]


def lines_of(table: Table) -> list[Line]:
    """The lines of a table as they are written on page and paper."""
    return [Line(row.label, _texts(table, row)) for row in table.rows]


def _texts(table: Table, row: Row) -> list[str]:
    return [written(cell, cell.kind or column.kind) for cell, column in zip(row.cells, table.columns, strict=True)]


def content_of(mirror: Mirror, figures: Figures) -> dict:
    """What a publication keeps: the figures and the comment, as plain values."""
    return {
        "department": figures.title,
        "quarter": mirror.period.code,
        "figures": frozen.to_json(figures),
        "comment": mirror.comment,
        "comment_by": mirror.comment_by.name if mirror.comment_by else "",
        "comment_on": f"{timezone.localtime(mirror.comment_at):%d.%m.%Y}" if mirror.comment_at else "",
    }


def mirror_paper(content: dict, *, checksum: str = "", published_at: datetime | None = None) -> bytes:
    """The page as PDF: a draft without checksum, or what was published."""
    figures = frozen.from_json(content["figures"])
    measures, *parts = figures.tables()
    context = {
        "content": content,
        "figures": figures,
        "measures": measures,
        "lines": lines_of(measures),
        "parts": [(table, lines_of(table)) for table in parts],
        "checksum": checksum,
        "published_at": published_at,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    title = f"Fachbereichsspiegel {figures.title}, {figures.period}"
    return render("reports/papers/mirror.html", context, title=title, author=settings.CITY_NAME, made_at=published_at)


def mirrors() -> Iterator[tuple[str, bytes]]:
    """The department that was asked most, in the last quarter that is over."""
    quarter = Quarter.of(timezone.localdate()).before
    asked = Routing.objects.filter(concern__received_on__range=(quarter.since, quarter.until)).values("department")
    pks = asked.annotate(n=Count("pk")).order_by("-n", "department").values_list("department", flat=True)
    busiest = Department.objects.filter(pk=pks.first()).first()
    if busiest:
        mirror = Mirror(department=busiest, year=quarter.year, quarter=quarter.number)
        yield "fachbereichsspiegel", mirror_paper(content_of(mirror, mirror_figures(busiest, quarter)))
