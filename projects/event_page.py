"""What the page of an event shows, gathered in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from concerns.filters import ConcernFilter
from districts.models import User
from districts.roles import Perm
from projects.models import Event, EventPhoto, Project
from projects.project_page import APPEARED_SHOWN, LOG_SHOWN, log_entry
from projects.workflow import EventStatus
from quartier.web.paging import capped_count

COLLECTED_SHOWN = 10
EVENT_TONES = {"planned": "info", "held": "success", "cancelled": "warning"}


@dataclass(frozen=True)
class Collected:
    """Concerns raised at an event that this person may see: how many, where all of them are, and the latest."""

    count: str
    url: str
    rows: list


def collected(event: Event, user: User) -> Collected | None:
    """What was captured with the occasion of an event, counted as the list counts it; nothing for partners."""
    if not (user.rights.can(Perm.READ_CONCERNS) or user.rights.can(Perm.LOG_CONCERN)):
        return None
    asked = QueryDict(mutable=True)
    asked["occasion"] = event.occasion
    found = ConcernFilter(asked, user=user).qs
    rows = found.select_related("topic").defer("search", "text", "answer_text").order_by("-received_on", "-pk")
    return Collected(
        capped_count(found), f"{reverse('concerns:list')}?{asked.urlencode()}", list(rows[:COLLECTED_SHOWN])
    )


def _appeared(event: Event, user: User) -> list:
    """What has been published about it lately, for whoever reads public relations."""
    if not user.rights.can(Perm.READ_PR):
        return []
    return list(event.pr_items.published().defer("text", "hint")[:APPEARED_SHOWN])


def event_page_of(event: Event, user: User, *, today: date) -> dict:
    """Everything the page of an event shows to this person."""
    full = user.rights.can(Perm.READ_PROJECTS)
    may_edit = event.may_edit(user)
    tasks = list(event.tasks.select_related("owner")) if full else []
    photos = event.photos.all() if full else event.photos.exclude(consent=EventPhoto.Consent.INTERNAL)
    return {
        "event": event,
        "today": today,
        "full": full,
        "opens_project": full or Project.objects.visible_to(user).filter(pk=event.project_id).exists(),
        "may_edit": may_edit,
        "tone": EVENT_TONES[event.status],
        "is_over": event.on <= today,
        "may_report": may_edit and event.on <= today and event.status != EventStatus.CANCELLED,
        "may_capture": event.district_id in user.rights.team_district_ids and not event.is_cancelled,
        "collected": collected(event, user),
        "organisers": list(event.organisers.all()),
        "photos": list(photos),
        "appeared": _appeared(event, user),
        "open_tasks": [one for one in tasks if one.is_open],
        "settled_tasks": [one for one in tasks if not one.is_open],
        "next": Event.objects.filter(previous=event).first(),
        "log": [log_entry(one) for one in event.log.select_related("by")[:LOG_SHOWN]] if full else [],
    }
