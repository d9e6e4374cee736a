"""The editorial calendar: what appears and ends on which day, with events and projects behind it (Z41)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from districts.roles import Perm
from projects.models import Event, PRItem, Project
from projects.workflow import PRStatus

TONES = {
    PRStatus.IDEA: "neutral",
    PRStatus.DRAFT: "neutral",
    PRStatus.SUBMITTED: "warning",
    PRStatus.APPROVED: "info",
    PRStatus.PUBLISHED: "success",
    PRStatus.ARCHIVED: "neutral",
}


@dataclass(frozen=True)
class Entry:
    """Something on the calendar; `is_behind` when it only helps to choose a day."""

    pk: str  # of the entry, not of the row: an item may appear and end in the same month
    on: date
    title: str
    what: str
    url: str = ""
    until: date | None = None
    is_behind: bool = False

    @property
    def last_day(self) -> date:
        """The day it ends."""
        return self.until or self.on


def entries(items, first: date, last: date) -> list[Entry]:
    """What appears, shall appear or ends between two days."""
    rows = items.planned(first, last).defer("text").order_by("pk")
    found = [one for item in rows for one in _of_item(item, first, last)]
    return sorted(found, key=lambda one: (one.on, one.title, one.pk))


def _of_item(item: PRItem, first: date, last: date) -> Iterator[Entry]:
    url = item.get_absolute_url()
    if item.day and first <= item.day <= last:
        what = f"{item.get_kind_display()}, {item.state}"
        yield Entry(f"item-{item.pk}", item.day, item.title, what, url)
    if item.runs_until and first <= item.runs_until <= last:
        yield Entry(f"end-{item.pk}", item.runs_until, item.title, f"{item.get_kind_display()} läuft aus", url)


def background(user, district: int | None, first: date, last: date) -> list[Entry]:
    """Events, beginnings and ends of projects that this person may see, of one district or all, by day."""
    found = [*_events(user, district, first, last), *_projects(user, district, first, last)]
    return sorted(found, key=lambda one: one.on)


def _events(user, district: int | None, first: date, last: date) -> list[Entry]:
    """Those a person may see, and those everybody may see: the press knows no others."""
    shown = Event.objects.visible_to(user) | Event.objects.for_public()
    found = shown.on_days(first, last).exclude(status="cancelled")
    found = found.filter(district=district) if district else found
    rows = found.only("title", "on", "until", "starts").order_by("on", "starts", "pk")
    opens = user.rights.can(Perm.READ_PROJECTS)
    return [
        Entry(
            f"event-{one.pk}",
            one.on,
            one.title,
            "Veranstaltung",
            one.get_absolute_url() if opens else "",
            one.until,
            True,
        )
        for one in rows
    ]


def _projects(user, district: int | None, first: date, last: date) -> list[Entry]:
    shown = Project.objects.visible_to(user) | Project.objects.for_public()
    shown = shown.exclude(status="dropped")
    found = shown.filter(starts_on__range=(first, last)) | shown.filter(ends_on__range=(first, last))
    if district:
        found = found.filter(found.in_districts([district]))
    opens = user.rights.can(Perm.READ_PROJECTS)
    days = (("starts_on", "Projekt beginnt"), ("ends_on", "Projekt endet"))
    return [
        Entry(f"{name}-{one.pk}", day, one.title, what, one.get_absolute_url() if opens else "", is_behind=True)
        for one in found.only("title", "starts_on", "ends_on").order_by("pk")
        for name, what in days
        if (day := getattr(one, name)) and first <= day <= last
    ]
