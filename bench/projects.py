"""The projects of the benchmark: 5,000 with partners and tasks, 20,000 events, phases of groups."""

from datetime import date, timedelta
from random import Random

from bench.city import City
from bench.texts import NOUNS, STREETS
from districts import starter
from districts.actions.lists import take_starter
from districts.models import Actor, EventFormat, GroupPhase, ResidentGroup
from projects.models import EffectCheck, Event, Project, ProjectLog, ProjectPartner, ProjectTask

PROJECTS, EVENTS, GROUPS, RARE_TITLE = 5_000, 20_000, 400, "Zitronenpresse"
_AT_A_TIME = 2_000
_OVER = {"completed": {"results": "Fertig."}, "continued": {"continued_by": "Verein"},
         "dropped": {"drop_reason": "funds", "drop_text": "Das Geld fehlt."}}  # fmt: skip
_STATES = ["idea", "concept", "funding", "preparation", "running", "running", "completed", "continued", "dropped"]


def build(city: City, today: date) -> None:
    """Store them; titles and dates are drawn with a fixed seed."""
    rnd = Random(5_000)
    take_starter(model=EventFormat, names=starter.EVENT_FORMATS, by=None)
    actors = list(Actor.objects.values_list("pk", flat=True)[:2_000])
    projects = _projects(city, today, rnd, actors)
    _parts(city, today, rnd, projects, actors)
    _events(city, today, rnd, projects)
    _groups(city, today, rnd)


def _projects(city: City, today: date, rnd: Random, actors: list[int]) -> list[Project]:
    rows = []
    for n in range(PROJECTS):
        status = rnd.choice(_STATES)
        word = RARE_TITLE if n % 500 == 3 else rnd.choice(NOUNS)
        rows.append(
            Project(
                title=f"{word.capitalize()} {rnd.choice(STREETS)} {n}",
                description=f"Wir machen etwas mit {rnd.choice(NOUNS)} und {rnd.choice(NOUNS)}.",
                origin=rnd.choice(["concern", "body", "carrier"]),
                status=status,
                status_since=today - timedelta(days=rnd.randint(0, 400)),
                lead_id=rnd.choice([None, *rnd.sample(actors, 3)]),
                keeper_id=rnd.choice(rnd.choice(city.teams)),
                phase=rnd.choice([None, 1, 2, 3]),
                is_public=rnd.random() < 0.5,
                **_OVER.get(status, {}),
            )
        )
    made = Project.objects.bulk_create(rows, batch_size=_AT_A_TIME)
    through = Project.districts.through
    through.objects.bulk_create(
        [
            through(project_id=one.pk, district_id=pk)
            for one in made
            for pk in rnd.sample(city.districts, rnd.randint(0, 2))
        ],
        batch_size=_AT_A_TIME,
    )
    return made


def _parts(city: City, today: date, rnd: Random, projects: list[Project], actors: list[int]) -> None:
    partners, tasks, log, checks = [], [], [], []
    for one in projects:
        partners += [ProjectPartner(project=one, actor_id=pk) for pk in rnd.sample(actors, rnd.randint(0, 5))]
        for n in range(rnd.randint(0, 4)):
            due = today + timedelta(days=rnd.randint(-60, 200))
            kind = rnd.choice(["task", "milestone"])
            tasks.append(ProjectTask(project=one, kind=kind, title=f"Schritt {n}", due_on=due, owner_id=one.keeper_id))
        log.append(ProjectLog(project=one, kind="entered", by_id=one.keeper_id))
        if one.status in ("completed", "continued"):
            checks += [
                EffectCheck(project=one, since=one.status_since, weeks=n, due_on=one.status_since + timedelta(weeks=n))
                for n in (4, 12, 26)
            ]
    for rows in (partners, tasks, log, checks):
        type(rows[0]).objects.bulk_create(rows, batch_size=_AT_A_TIME)


def _events(city: City, today: date, rnd: Random, projects: list[Project]) -> None:
    formats = list(EventFormat.objects.values_list("pk", flat=True))
    rows = []
    for n in range(EVENTS):
        on = today + timedelta(days=rnd.randint(-900, 300))
        held = on < today
        rows.append(
            Event(
                title=f"{rnd.choice(NOUNS).capitalize()} {n}",
                occasion=f"Anlass {n}",
                format_id=rnd.choice(formats),
                district_id=rnd.choice(city.districts),
                project_id=rnd.choice(projects).pk if rnd.random() < 0.5 else None,
                on=on,
                place=rnd.choice(STREETS),
                phase=rnd.choice([None, 1, 2, 3]),
                status="held" if held else "planned",
                participants=rnd.randint(5, 200) if held else None,
                is_public=rnd.random() < 0.7,
            )
        )
    Event.objects.bulk_create(rows, batch_size=_AT_A_TIME)


def _groups(city: City, today: date, rnd: Random) -> None:
    actors = list(Actor.objects.order_by("pk")[:GROUPS])
    groups = ResidentGroup.objects.bulk_create([ResidentGroup(actor=one, phase=rnd.randint(1, 3)) for one in actors])
    by = city.teams[0][0]
    phases = [
        GroupPhase(group=one, phase=rnd.randint(1, 3), moderation="qm", since=today - timedelta(days=n * 200), by_id=by)
        for one in groups
        for n in range(4)
    ]
    GroupPhase.objects.bulk_create(phases, batch_size=_AT_A_TIME)
