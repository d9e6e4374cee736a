"""What bodies put into the work basket (Z20)."""

from datetime import date

from django.urls import reverse

from districts.models import User
from districts.roles import Perm
from projects.models import FollowUp
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
