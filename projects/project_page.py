"""What the page of a project shows, gathered in a fixed number of queries.

The page of a project is a list of sections: each says what it shows to a person, or that it has nothing for them. A
topic that belongs to projects adds its own to `SECTIONS` by one line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from concerns.models import Concern
from concerns.workflow import ConcernStatus
from districts.models import District, User
from districts.roles import Perm
from projects.finance import measures_of_project, section_of_project
from projects.models import Event, Project
from projects.workflow import PROJECT_MOVES

EVENTS_SHOWN = 10
LOG_SHOWN = 30
TONES = {
    "idea": "neutral", "concept": "neutral", "funding": "info", "preparation": "info", "running": "info",
    "completed": "success", "continued": "success", "dropped": "neutral",
}  # fmt: skip
ICONS = {"dropped": "close", "continued": "autorenew", "completed": "check"}


@dataclass(frozen=True)
class Look:
    """Who looks at which project, on which day."""

    project: Project
    user: User
    today: date

    @property
    def full(self) -> bool:
        """Whether this person sees more than a partner does."""
        return self.user.rights.can(Perm.READ_PROJECTS)

    @property
    def may_edit(self) -> bool:
        """Whether this person may change the project."""
        return self.project.may_edit(self.user)


APPEARED_SHOWN = 10  # items of public relations


@dataclass(frozen=True)
class Section:
    """A part of the page of a project: its template, what it shows (None: nothing for this person), and where."""

    template: str
    build: Callable[[Look], Mapping | None]
    is_aside: bool = False


def _course(look: Look) -> dict:
    """Milestones for everybody, tasks for those inside."""
    rows = list(look.project.tasks.select_related("owner"))
    return {
        "milestones": [one for one in rows if one.kind == "milestone"],
        "open_tasks": [one for one in rows if one.kind != "milestone" and one.is_open] if look.full else [],
        "settled_tasks": [one for one in rows if one.kind != "milestone" and not one.is_open] if look.full else [],
    }


def _partners(look: Look) -> dict:
    rows = look.project.partners.select_related("actor", "department")
    return {"partners": list(rows), "reads_actors": look.user.rights.can(Perm.READ_ACTORS)}


def _concerns(look: Look) -> dict | None:
    """The concerns behind it: as many as this person may see; how many people stand behind those of the own team."""
    if not look.full:
        return None
    links = look.project.origins.select_related("by")
    visible = Concern.objects.visible_to(look.user).annotate(
        people=Count("reporters", filter=~Q(reporters__kind="observation"))
    )
    seen = visible.in_bulk([one.concern_id for one in links])
    team = look.user.rights.team_district_ids
    rows = [
        {"link": one, "concern": found, "is_team": found.district_id in team}
        for one in links
        if (found := seen.get(one.concern_id))
    ]
    return {"origins": rows, "hidden_origins": len(links) - len(rows)} if rows or look.may_edit else None


def _events(look: Look) -> dict | None:
    found = Event.objects.visible_to(look.user).filter(project=look.project).select_related("format", "district")
    rows = list(found.defer("district__boundary")[: EVENTS_SHOWN + 1])
    return {"events": rows[:EVENTS_SHOWN], "more_events": len(rows) > EVENTS_SHOWN}


def _results(look: Look) -> dict | None:
    project = look.project
    lessons = project.lessons if look.full else ""
    said = project.results or lessons or project.outlook or project.participants is not None
    if not said and project.is_under_way:
        return None
    return {"lessons": lessons}


def _effects(look: Look) -> dict | None:
    if not look.full or not (checks := list(look.project.checks.select_related("answered_by"))):
        return None
    return {"checks": [(one, one.is_due(look.today)) for one in checks]}


def _participation(look: Look) -> dict | None:
    return {} if look.project.participation else None


def _log(look: Look) -> dict | None:
    if not look.full:
        return None
    rows = look.project.log.select_related("by")[:LOG_SHOWN]
    return {"log": [log_entry(one) for one in rows]}


def log_entry(row) -> dict:
    """A row of the log as the timeline shows it."""
    words = row.get_kind_display()
    title = f"Stand: {row.stage}" if row.kind == "moved" else words[:1].upper() + words[1:]
    late = row.kind == "moved" and row.on != timezone.localdate(row.at)
    return {"at": row.at, "title": title, "by": row.by, "text": f"gilt seit {row.on:%d.%m.%Y}" if late else ""}


def _money(look: Look) -> Mapping | None:
    """What pays for it, for those who may know."""
    return section_of_project(look.project, look.user)


def _measures(look: Look) -> Mapping | None:
    """Measures of action plans that it serves."""
    return measures_of_project(look.project, look.user)


def _needs(look: Look) -> dict | None:
    """The needs it takes up (K18), for whoever reads the register."""
    if not look.user.rights.can(Perm.READ_NEEDS):
        return None
    links = list(look.project.need_links.select_related("need"))
    return {"taken_up": [link.need for link in links]} if links else None


def _appeared(look: Look) -> dict | None:
    """What has been published about it lately, for whoever reads public relations."""
    if not look.user.rights.can(Perm.READ_PR):
        return None
    return {"appeared": list(look.project.pr_items.published().defer("text", "hint")[:APPEARED_SHOWN])}


SECTIONS: tuple[Section, ...] = (
    Section("projects/projects/parts/course.html", _course),
    Section("projects/projects/parts/results.html", _results),
    Section("projects/projects/parts/partners.html", _partners),
    Section("projects/projects/parts/events.html", _events),
    Section("projects/projects/parts/finance.html", _money),
    Section("projects/projects/parts/concerns.html", _concerns),
    Section("projects/projects/parts/effects.html", _effects),
    Section("projects/projects/parts/facts.html", lambda look: {}, is_aside=True),
    Section("projects/projects/parts/measures.html", _measures, is_aside=True),
    Section("projects/projects/parts/needs.html", _needs, is_aside=True),
    Section("projects/projects/parts/participation.html", _participation, is_aside=True),
    Section("projects/projects/parts/pr.html", _appeared, is_aside=True),
    Section("projects/projects/parts/log.html", _log, is_aside=True),
)


def page_of(project: Project, user: User, *, today: date) -> dict:
    """Everything the page of a project shows to this person."""
    look = Look(project, user, today)
    built = [(one, shown) for one in SECTIONS if (shown := one.build(look)) is not None]
    context: dict = {}
    for _, shown in built:
        context |= shown
    return {
        **context,
        "project": project,
        "today": today,
        "full": look.full,
        "may_edit": look.may_edit,
        "may_step": look.may_edit and bool(PROJECT_MOVES[project.status]),
        "may_plan": user.rights.can(Perm.EDIT_EVENTS) or user.rights.can(Perm.EDIT_ALL_PROJECTS),
        "tone": TONES[project.status],
        "icon": ICONS.get(project.status, ""),
        "sections": [one.template for one, _ in built if not one.is_aside],
        "asides": [one.template for one, _ in built if one.is_aside],
    }


def with_facts(projects):
    """Projects with everything their own page names."""
    return projects.select_related(
        "lead", "keeper", "programme", "decision__session__body", "follow_up__body"
    ).prefetch_related(Prefetch("districts", District.objects.defer("boundary")), "action_fields", "target_groups")


def suggested_news(project: Project) -> str:
    """Words for the people behind a project that is carried out; whoever ends it changes them."""
    lines = [f"Aus Ihrem Hinweis ist das Projekt „{project.title}“ geworden. Es ist jetzt fertig."]
    lines += [project.results[:1000]] if project.results else []
    lines += [f"Weiter geht es mit: {project.continued_by}."] if project.continued_by else []
    return "\n\n".join(lines)


def closed_origins(project: Project, user: User):
    """Closed concerns behind a project that this person's team may open again."""
    own = Concern.objects.for_team(user, Perm.TRIAGE).filter(pk__in=project.concerns_behind().values("pk"))
    return own.filter(status=ConcernStatus.CLOSED, lead=None).order_by("number")
