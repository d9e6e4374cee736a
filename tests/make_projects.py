"""Rows of projects, events and groups for tests; like `tests.make`, every call makes a new row with its own name."""

from datetime import date, timedelta
from io import BytesIO
from itertools import count

from concerns.models import Concern
from districts.actions.groups import save_group
from districts.models import Actor, District, EventFormat, ResidentGroup, User
from projects.actions import events as event_actions
from projects.actions import projects as actions
from projects.models import EffectCheck, Event, EventPhoto, Project, ProjectPartner, ProjectTask
from quartier.photos import prepare
from tests import make

_numbers = count(1)
EMPTY = {"action_fields": (), "target_groups": ()}


def project(*, by: User, districts=(), concern: Concern | None = None, decision=None, **fields) -> Project:
    """A project idea, entered as the application does it."""
    known = {"title": f"Projekt {next(_numbers)}", "origin": "concern"}
    return actions.save_project(
        by=by, districts=districts, concern=concern, decision=decision, **EMPTY, **{**known, **fields}
    )


def moved(project: Project, *, to: str, by: User, on: date | None = None, **fields) -> Project:
    """The project in another status; what its end needs is filled in."""
    needs = {
        "completed": {"results": "Es blüht."},
        "continued": {"results": "Es blüht.", "continued_by": "Stadtteilverein"},
        "dropped": {"drop_reason": "funds", "drop_text": "Das Geld fehlt."},
    }
    return actions.move_project(project=project, to=to, by=by, on=on, **{**needs.get(to, {}), **fields})


def completed(*, by: User, on: date | None = None, concern: Concern | None = None, districts=(), **fields) -> Project:
    """A project that was carried out; `on` may lie in the past."""
    made = project(by=by, districts=districts, concern=concern)
    Project.objects.filter(pk=made.pk).update(status="running", status_since=on or make.today())
    return moved(made, to="completed", by=by, on=on, news="Das Beet ist fertig.", **fields)


def partner(*, project: Project, **fields) -> ProjectPartner:
    """Somebody who takes part: an actor unless something else is named."""
    if not fields.keys() & {"actor", "department", "name"}:
        fields["actor"] = make.actor()
    return ProjectPartner.objects.create(project=project, **fields)


def task(*, project: Project | None = None, event: Event | None = None, **fields) -> ProjectTask:
    """An open task that is due in two weeks."""
    known = {"title": f"Aufgabe {next(_numbers)}", "due_on": make.today() + timedelta(days=14)}
    return ProjectTask.objects.create(project=project, event=event, **{**known, **fields})


def event(*, by: User, district: District | None = None, **fields) -> Event:
    """An event in a week, entered as the application does it."""
    known = {"title": f"Fest {next(_numbers)}", "on": make.today() + timedelta(days=7)}
    fields["format"] = fields.get("format") or make.list_entry(EventFormat)
    return event_actions.save_event(by=by, district=district or make.district(), **{**known, **fields})


def photo(*, event: Event, by: User, consent: str = "given", caption: str = "Tische im Hof") -> EventPhoto:
    """A photo of an event."""
    shade = next(_numbers) * 53 % 256
    prepared = prepare(BytesIO(make.picture(color=(shade, 90, 60))), "fest.jpg")
    return event_actions.add_photo(event=event, photo=prepared, caption=caption, consent=consent, by=by)


def check(project: Project, weeks: int = 4) -> EffectCheck:
    """The question after so many weeks."""
    return project.checks.get(weeks=weeks)


def group(*, by: User, actor: Actor | None = None, **fields) -> ResidentGroup:
    """A resident group that the Quartiersmanagement moderates, in phase 2."""
    return save_group(actor=actor or make.actor(), by=by, **fields)
