"""What bodies, needs and theme reports put into the work basket (Z20, K15, K16)."""

from datetime import date

from django.urls import reverse

from districts.models import User
from districts.roles import Perm
from projects.models import ConcernNews, FollowUp, Need, ThemeReport
from quartier.web.paging import capped_count


def follow_ups_due(user: User, today: date) -> dict | None:
    """How many follow-ups of sessions are due at this person's or team's desk, and where they are."""
    if not user.rights.can(Perm.READ_BODIES):
        return None
    due = FollowUp.objects.in_basket_of(user).due(today)
    if not due.exists():
        return None
    url = f"{reverse('projects:follow_ups')}?zeigen=faellig"
    return {"label": "Aufträge aus Gremien", "count": capped_count(due), "url": url, "hint": "heute oder früher fällig"}


def theme_news(user: User, today: date) -> dict | None:
    """At how many concerns people wait to hear what is new about a theme."""
    if not user.rights.can(Perm.GIVE_FEEDBACK):
        return None
    waiting = ConcernNews.objects.of_team(user).waiting()
    return _tile("Neues zu Themen", waiting, "projects:theme_news", "Anliegen, deren Menschen es hören sollen")


def needs_to_confirm(user: User, today: date) -> dict | None:
    """How many needs nobody has confirmed for a year."""
    if not user.rights.can(Perm.EDIT_NEEDS):
        return None
    due = Need.objects.in_basket_of(user).to_confirm(today)
    return _tile("Themen bestätigen", due, "projects:needs", "seit einem Jahr nicht geprüft", "confirm=on")


def theme_reports_late(user: User, today: date) -> dict | None:
    """How many of the own theme reports wait past their day, or for an answer to a question."""
    if not user.rights.can(Perm.DECIDE_NEEDS):
        return None
    late, hint = ThemeReport.objects.of_team(user).pressing(today), "überfällig oder mit Rückfrage"
    return _tile("Themenmeldungen", late, "projects:theme_reports", hint, "status=faellig&mine=on")


def _tile(label: str, rows, name: str, hint: str, query: str = "") -> dict | None:
    if not rows.exists():
        return None
    url = f"{reverse(name)}{f'?{query}' if query else ''}"
    return {"label": label, "count": capped_count(rows), "url": url, "hint": hint}
