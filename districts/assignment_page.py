"""What the page of one assignment shows, gathered in a fixed number of queries."""

from datetime import date
from itertools import groupby, islice

from django.utils import timezone

from districts.assigning import MOVES, Status, warning_months
from districts.models import Assignment, AssignmentEvent, User
from districts.posts import lines_of, with_posts
from districts.roles import Perm
from districts.task_matrix import matrix
from districts.terms import organised, term_words

EVENTS_READ, EVENTS_SHOWN = 200, 8


def page_of(pk: int, user: User, *, today: date) -> dict:
    """Everything an assignment's page shows to this person."""
    rows = Assignment.objects.visible_to(user).select_related("steering_actor", "planning_actor", "community_actor")
    found = with_posts(rows).prefetch_related("successors", "terms__by", "decisions__by").get(pk=pk)
    return {
        "assignment": found,
        "term": term_words(found),
        "warning": warning_months(found.ends_on, today) if found.status in (Status.DECIDED, Status.RUNNING) else None,
        "lines": lines_of(found, today),
        "posts": found.posts.all(),
        "organised": organised(found),
        "moves": [(one.value, one.label) for one in MOVES[Status(found.status)]],
        "tasks": (tasks := matrix(found)).counts(),
        "has_tasks": any(one.agreement for one in tasks.rows),
        "events": _events(found),
        "may_edit": user.rights.can(Perm.EDIT_POSTS),
        "today": today,
    }


def _events(assignment: Assignment) -> list[dict]:
    """The newest events; what one person did of the same kind on one day is told once."""
    read = assignment.events.select_related("by")[:EVENTS_READ]
    same = groupby(read, key=lambda one: (one.kind, one.source, one.target, one.by_id, timezone.localdate(one.at)))
    return [_event(next(events)) for _, events in islice(same, EVENTS_SHOWN)]


def _event(event: AssignmentEvent) -> dict:
    words = event.get_kind_display()
    if event.kind == AssignmentEvent.Kind.MOVED:
        words = f"Stand: {Status(event.source).label} → {Status(event.target).label}"
    return {"at": event.at, "title": words[:1].upper() + words[1:], "by": event.by}
