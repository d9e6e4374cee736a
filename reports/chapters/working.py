"""What the office did beside the loop: chapters made of the records of bodies, projects, funds and the others (Z44).

They count for districts and period. Where topics or departments are chosen they are left out: these know neither.
"""

from collections.abc import Callable, Iterable
from datetime import date

from reports.chapters import bodies, funds, needs, plans, projects, public_relations
from reports.choice import OUTSIDE_AREA, Choice, Span
from reports.tables import Chapter

Made = Callable[[tuple[int, ...] | None, Span, Span | None, date], Chapter]

# In the order of the report (Z44, chapters 3 to 9).
WORKING: dict[str, Made] = {
    "needs": needs.chapter,
    "bodies": bodies.chapter,
    "projects": projects.chapter,
    "phases": projects.phases,
    "funds": funds.chapter,
    "public_relations": public_relations.chapter,
    "plan": plans.chapter,
}


def working_chapters(choice: Choice, *, today: date, codes: Iterable[str] = tuple(WORKING)) -> tuple[Chapter, ...]:
    """Those of the wanted chapters in which anything has happened, in their order."""
    if choice.is_narrow:
        return ()
    # What lies outside all districts belongs to the whole city, as bodies and projects without a district do.
    areas = tuple(pk for pk in choice.districts if pk != OUTSIDE_AREA) if choice.districts else None
    wanted = set(codes)
    made = (make(areas, choice.span, choice.comparison, today) for code, make in WORKING.items() if code in wanted)
    return tuple(chapter for chapter in made if _says_something(chapter))


def _says_something(chapter: Chapter) -> bool:
    cells = (cell for table in chapter.tables for row in table.all_rows() for cell in row.cells)
    return any(cell.value and not isinstance(cell.value, str) for cell in cells)
