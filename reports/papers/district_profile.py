"""Quartiersprofil: a district on a few pages, inside or for the public, with the chapters somebody chose (D02).

It prints what the page shows (`reports.district_page`). The edition for the public holds what everybody may see anyway:
released names, actors and offers; it has no chapter about concerns, networks or posts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from concerns.models import Concern
from districts.inventory import matrix_of
from districts.models import Actor, District, Offer, User
from districts.public_offers import shown, with_everything
from districts.roles import Perm, Role
from quartier.pdf import render
from reports import district_page as page

MOST = 60  # actors or offers of a profile
TOPICS = 8
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title, who may print it, whether the public edition has it, and what it shows."""

    title: str
    perms: frozenset[Perm]
    public: bool
    rows: Callable


@dataclass(frozen=True)
class Asked:
    """Whose profile of what, and when."""

    district: District
    user: User
    public: bool
    now: datetime

    @property
    def today(self) -> date:
        """The day it is printed."""
        return self.now.date()


def _people(asked: Asked) -> dict:
    """Who is responsible; in public only those who want to be shown, without their telephone (they did not say so)."""
    team = [one for one in page.team_of(asked.district, asked.today) if one.user.is_shown or not asked.public]
    return {"team": team, "offices": _offices(asked)}


def _offices(asked: Asked) -> list[tuple]:
    found = page.offices_of(asked.district, asked.now)
    return [(one.office, one.office.hours_on(asked.today).splitlines()) for one in found]


def _concerns(asked: Asked) -> dict:
    return {"figures": page.figures_of(asked.district, asked.user, asked.today), "topics": _topics(asked)}


def _topics(asked: Asked) -> list[tuple[str, int]]:
    """What most concerns of the last twelve months were about; nothing sensitive."""
    here = Concern.objects.visible_to(asked.user).filter(district=asked.district, is_sensitive=False)
    year = here.filter(received_on__gt=asked.today - YEAR).order_by().values_list("topic__name")
    return list(year.annotate(n=Count("pk")).order_by("-n", "topic__name")[:TOPICS])


def _offers(asked: Asked) -> dict:
    if asked.public:
        here = Offer.objects.for_public(asked.today)
        here = with_everything(here.filter(here.in_districts([asked.district.pk], or_citywide=False)))
        released = [shown(one) for one in here.order_by("sort_key", "pk")[:MOST]]
        return {"offers": [(one.offer, one.provider, one.where) for one in released], "lines": []}
    matrix, filters = matrix_of(page.asked_for(district=asked.district.pk), user=asked.user)
    lines = [
        (line.side, line.count, [cell.group.name for cell in line.cells if cell.count], len(line.gaps))
        for line in matrix.lines
    ]
    running = filters.qs.select_related("kind", "provider").order_by("sort_key", "pk")[:MOST]
    return {"offers": [(one, one.provider.name, one.place) for one in running], "lines": lines}


def _actors(asked: Asked) -> dict:
    if asked.public:
        here = Actor.objects.active().filter(is_public=True)
        here = here.filter(here.in_districts([asked.district.pk], or_citywide=False))
    else:
        here = Actor.objects.visible_to(asked.user).active()
        here = here.filter(here.in_districts([asked.district.pk], or_citywide=False))
    rows = here.select_related("type").prefetch_related("action_fields").order_by("sort_key", "pk")
    networks = None if asked.public else page.networks_of(asked.district, asked.user, asked.today)
    return {"actors": list(rows[:MOST]), "actor_count": here.count(), "networks": networks}


def _posts(asked: Asked) -> dict:
    return {"lines": page.posts_of(asked.district, asked.user, asked.today)}


def _indicators(asked: Asked) -> dict:
    return {"values": page.indicators_of(asked.district, asked.today.year)}


CHAPTERS: dict[str, Chapter] = {
    "zustaendig": Chapter("Wer zuständig ist", frozenset({Perm.READ_OFFICES}), True, _people),
    "anliegen": Chapter("Anliegen", frozenset({Perm.READ_CONCERNS, Perm.LOG_CONCERN}), False, _concerns),
    "angebote": Chapter("Angebote und Lücken", frozenset({Perm.READ_OFFERS}), True, _offers),
    "akteure": Chapter("Akteure und Netzwerke", frozenset({Perm.READ_ACTORS}), True, _actors),
    "stellen": Chapter("Stellen", frozenset({Perm.READ_POSTS}), False, _posts),
    "indikatoren": Chapter("Indikatoren", frozenset({Perm.READ_EVALUATION}), True, _indicators),
}


def chapters_for(user: User, district: District) -> dict[str, str]:
    """The chapters this person may print of a district, by code."""
    rights = user.rights
    found = {code: one.title for code, one in CHAPTERS.items() if one.perms & rights.perms}
    if not rights.can(Perm.READ_CONCERNS) and district.pk not in rights.team_district_ids:
        found.pop("anliegen", None)
    return found


def district_profile(*, district: District, user: User, chapters: Iterable[str], public: bool, now: datetime) -> bytes:
    """The profile as PDF; `chapters` are codes out of `chapters_for`, the others are left out."""
    asked, wanted = Asked(district, user, public, now), set(chapters) & set(chapters_for(user, district))
    found = [
        (code, one.title, one.rows(asked))
        for code, one in CHAPTERS.items()
        if code in wanted and (one.public or not public)
    ]
    context = {
        "district": district,
        "spaces": list(district.living_spaces.valid_on(asked.today)),
        "chapters": found,
        "public": public,
        "today": asked.today,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    title = f"Quartiersprofil {district}, Stand {asked.today:%d.%m.%Y}"
    return render("reports/papers/district_profile.html", context, title=title, author=settings.CITY_NAME)


def profile_samples() -> Iterator[tuple[str, bytes]]:
    """A full district for both editions, one without anything, one with names of sixty characters."""
    now = timezone.localtime()
    planner = User.objects.with_role(Role.PLANNING, on=now.date()).order_by("pk").first()
    full = District.objects.annotate(n=Count("actors")).order_by("-n", "pk").first()
    if full is None or planner is None:
        return
    every = list(CHAPTERS)
    for public, name in ((False, "intern"), (True, "oeffentlich")):
        yield (
            f"quartiersprofil-{name}",
            district_profile(district=full, user=planner, chapters=every, public=public, now=now),
        )
    long = "Siedlung am ehemaligen Güterbahnhof Aachen-Südwest (Nordteil)"
    empty = District.objects.create(name=long, short_name="Südwest", slug="probe-suedwest", borough=full.borough)
    yield "quartiersprofil-leer", district_profile(district=empty, user=planner, chapters=every, public=False, now=now)
    for number, actor in enumerate(Actor.objects.filter(districts=full).order_by("pk")[:4]):
        actor.name = f"Nachbarschaftsverein am ehemaligen Güterbahnhof Aachen-Ost {number}"
        actor.save(update_fields=["name"])
        actor.districts.add(empty)
    yield "quartiersprofil-lang", district_profile(district=empty, user=planner, chapters=every, public=False, now=now)
