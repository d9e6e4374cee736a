"""The page of a district: everything about it that a person may see, in a fixed number of queries (Z01, D02).

Whatever somebody may not see is not asked for: the keys of such parts are missing or empty, and the page has no such
section. Numbers are counted by the very filters of the lists they lead to (I12).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q
from django.http import QueryDict
from django.urls import reverse

from concerns.models import Concern
from concerns.workflow import ConcernStatus
from districts import posts
from districts.filters import ActorFilter, NetworkFilter, OfferFilter
from districts.filters.offers import ANY, RUNNING
from districts.geo import features
from districts.hours_words import Now, now_of
from districts.models import (
    Assignment,
    Deputyship,
    District,
    DistrictClassification,
    DistrictStructure,
    Membership,
    Network,
    Office,
    OfficeShare,
    User,
)
from districts.roles import DISTRICT_ROLES, Perm
from projects.fund_workflow import UNDECIDED
from projects.models import Fund, FundYear, Session
from projects.need_filters import NeedFilter
from projects.need_page import listed as needs_listed
from projects.pr_filters import PRItemFilter
from projects.project_filters import EventFilter, ProjectFilter
from reports.indicators import deviation_words, line_up_with_city
from reports.models import IndicatorValue

NEWEST = 5  # actors, offers and sessions of one page
LONGEST = 12  # networks of one page
STATES = (
    ("Neu erfasst", ConcernStatus.NEW),
    ("Beim Fachbereich", ConcernStatus.FORWARDED),
    ("In eigener Bearbeitung", ConcernStatus.OWN_WORK),
    ("Zurückgestellt", ConcernStatus.PARKED),
    ("Rückmeldung offen", ConcernStatus.FEEDBACK_DUE),
)


@dataclass(frozen=True)
class Figure:
    """A number with the address of exactly what it counts."""

    label: str
    count: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Some:
    """The newest of a list, how many there are altogether, and where all of them are."""

    rows: list
    count: int
    url: str


@dataclass(frozen=True)
class FundHere:
    """A fund of the district, its money this year, and how many applications wait."""

    fund: Fund
    money: FundYear | None
    waiting: int


@dataclass(frozen=True)
class OfficeNow:
    """An office and whether its door is open."""

    office: Office
    now: Now


def page_of(district: District, user: User, *, now: datetime) -> dict:
    """Everything a district's page shows to this person at a moment of the office's time zone.

    Of a district of the past who was responsible, posts, classification and living spaces are those of its last day,
    actors, networks and offers those that are still assigned to it.
    """
    today, rights = now.date(), user.rights
    is_former = district.valid_to is not None and district.valid_to < today
    day = district.valid_to if is_former else today
    offices = offices_of(district, now)
    spaces = list(district.living_spaces.valid_on(day))
    return {
        "district": district,
        "is_former": is_former,
        "spaces": spaces,
        "map": _map(district, spaces, offices),
        "team": team_of(district, day),
        "deputies": [] if is_former else _deputies(district, today),
        "figures": figures_of(district, user, today),
        "offices": offices,
        "shares": OfficeShare.objects.visible_to(user).lasting().filter(district=district).select_related("office"),
        "classifications": DistrictClassification.objects.visible_to(user).valid_on(day).filter(district=district),
        "structure": _structure(district) if rights.can(Perm.READ_POSTS) else None,
        "lines": posts_of(district, user, day),
        "reads_posts": rights.can(Perm.READ_POSTS),
        "actors": actors_of(district, user),
        "networks": networks_of(district, user, today),
        "offers": offers_of(district, user, is_former=is_former),
        "projects": projects_of(district, user),
        "events": events_of(district, user),
        "pr_items": pr_of(district, user),
        "dates": Session.objects.visible_to(user).next_dates_of(district, today=today)[:NEWEST],
        "needs": needs_of(district, user, today),
        "funds": funds_of(district, user, today),
        "indicators": indicators_of(district, today.year) if rights.can(Perm.READ_EVALUATION) else [],
        "reads_evaluation": rights.can(Perm.READ_EVALUATION),
        "may_edit": rights.can(Perm.EDIT_MASTER_DATA),
        "has_dossier": rights.can(Perm.COORDINATE) or district.pk in rights.team_district_ids,
        "today": today,
    }


def _map(district: District, spaces: list, offices: list[OfficeNow]) -> dict | None:
    areas = features([district, *spaces])
    points = [_point(one) for one in offices if one.office.lat is not None]
    if not areas["features"] and not points:
        return None
    return {"polygons": areas, "points": {"type": "FeatureCollection", "features": points}}


def _point(one: OfficeNow) -> dict:
    office = one.office
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [office.lon, office.lat]},
        "properties": {
            "label": office.name,
            "text": one.now.text,
            "url": reverse("districts:office_page", args=[office.pk]),
            "tone": "success" if one.now.is_open else "neutral",
        },
    }


def team_of(district: District, today: date) -> list[Membership]:
    """Who is responsible on a day, managers first; people who left or are not active are not."""
    held = Membership.objects.valid_on(today).filter(
        district=district, role__in=DISTRICT_ROLES, user__is_active=True
    )  # fmt: skip
    return list(held.select_related("user__office").order_by("-role", "user__sort_key"))


def _deputies(district: District, today: date) -> list[Deputyship]:
    people = User.objects.team_of(district.pk, on=today)
    standing = Deputyship.objects.valid_on(today).filter(person__in=people.values("pk"), deputy__is_active=True)
    return list(standing.select_related("person", "deputy").order_by("valid_to", "pk"))


def _structure(district: District) -> DistrictStructure | None:
    return DistrictStructure.objects.filter(district=district).select_related("coordinator", "deputy").first()


def figures_of(district: District, user: User, today: date) -> list[Figure]:
    """Open concerns by state, as the list counts them for this person; nothing where they may not read any."""
    rights = user.rights
    if not rights.can(Perm.READ_CONCERNS) and district.pk not in rights.team_district_ids:
        return []
    here = Concern.objects.visible_to(user).filter(district=district)
    counts = dict(here.open().order_by().values_list("status").annotate(n=Count("pk")))
    address = f"{reverse('concerns:list')}?district={district.pk}"
    late = here.overdue_at_department(today).count()
    return [
        Figure("Offene Anliegen", sum(counts.values()), f"{address}&status=open"),
        *(Figure(label, counts.get(state, 0), f"{address}&status={state}") for label, state in STATES),
        Figure("Überfällig beim Fachbereich", late, f"{address}&overdue=department", "danger" if late else ""),
    ]


def offices_of(district: District, now: datetime) -> list[OfficeNow]:
    """The offices that serve the district, and whether they are open."""
    found = Office.objects.existing_on(now.date()).with_hours().filter(districts=district).order_by("sort_key")
    return [OfficeNow(one, now_of(one.hours, now.replace(tzinfo=None))) for one in found]


def asked_for(**query) -> QueryDict:
    """What stands in the address of a list."""
    asked = QueryDict(mutable=True)
    asked.update({key: str(value) for key, value in query.items()})
    return asked


def _some(rows, count: int, name: str, asked: QueryDict) -> Some:
    return Some(list(rows), count, f"{reverse(name)}?{asked.urlencode()}")


def actors_of(district: District, user: User) -> Some | None:
    """Actors of the district, the newest entries first."""
    if not user.rights.can(Perm.READ_ACTORS):
        return None
    asked = asked_for(district=district.pk)
    found = ActorFilter(asked, user=user).qs
    newest = found.select_related("type").defer("description", "search_text").order_by("-created_at", "-pk")
    return _some(newest[:NEWEST], found.count(), "districts:actors", asked)


def offers_of(district: District, user: User, *, is_former: bool = False) -> Some | None:
    """Offers of the district that run today (of a district of the past: all that are assigned to it), newest first."""
    if not user.rights.can(Perm.READ_OFFERS):
        return None
    asked = asked_for(district=district.pk, status=ANY if is_former else RUNNING)
    found = OfferFilter(asked, user=user).qs
    newest = found.select_related("kind", "provider").order_by("-created_at", "-pk")
    return _some(newest[:NEWEST], found.count(), "districts:offers", asked)


def projects_of(district: District, user: User) -> Some | None:
    """Projects of the district that are under way, the newest first."""
    if not user.rights.can(Perm.READ_PROJECTS):
        return None
    asked = asked_for(district=district.pk)
    found = ProjectFilter(asked, user=user).qs
    newest = found.select_related("lead").defer("description", "search_text").order_by("-created_at", "-pk")
    return _some(newest[:NEWEST], found.count(), "projects:projects", asked)


def events_of(district: District, user: User) -> Some | None:
    """Events of the district that are still to come, the next first."""
    if not user.rights.can(Perm.READ_PROJECTS):
        return None
    asked = asked_for(district=district.pk, when="coming")
    found = EventFilter(asked, user=user).qs
    coming = found.exclude(status="cancelled").select_related("format", "office", "room").order_by("on", "starts", "pk")
    return _some(coming[:NEWEST], found.count(), "projects:events", asked)


def funds_of(district: District, user: User, today: date) -> list[FundHere]:
    """Funds that pay for projects here, with this year's money and the applications that are not decided."""
    if not user.rights.can(Perm.READ_FUNDS):
        return []
    funds = Fund.objects.active(today).filter(districts=district).prefetch_related("years")
    waiting = Count("applications", filter=Q(applications__status__in=UNDECIDED))
    return [
        FundHere(one, next((year for year in one.years.all() if year.year == today.year), None), one.waiting)
        for one in funds.annotate(waiting=waiting)
    ]


def networks_of(district: District, user: User, today: date) -> Some | None:
    """Networks of the district that have not ended."""
    if not user.rights.can(Perm.READ_ACTORS):
        return None
    asked = asked_for(district=district.pk)
    found = NetworkFilter(asked, queryset=Network.objects.visible_to(user)).qs
    rows = found.select_related("coordinator", "keeper").with_member_count(today).order_by("sort_key")
    return _some(rows[:LONGEST], found.count(), "districts:networks", asked)


def needs_of(district: District, user: User, today: date) -> Some | None:
    """Open themes of the district with their live counts, the most urgent first."""
    if not user.rights.can(Perm.READ_NEEDS):
        return None
    asked = asked_for(district=district.pk)
    found = NeedFilter(asked, user=user).qs
    most = found.for_list().order_by("priority", "sort_key", "pk")[:LONGEST]
    return _some(needs_listed(most, user=user, today=today), found.count(), "projects:needs", asked)


def pr_of(district: District, user: User) -> Some | None:
    """Public relations of the district, what appeared last; nothing for whoever does not read it."""
    if not user.rights.can(Perm.READ_PR):
        return None
    asked = asked_for(district=district.pk, status="published")
    found = PRItemFilter(asked, user=user).qs
    newest = found.published().defer("text", "hint")
    return _some(newest[:NEWEST], found.count(), "projects:pr_items", asked)


def posts_of(district: District, user: User, today: date) -> list[posts.Line]:
    """Posts of today that are for the district, joint ones included."""
    if not user.rights.can(Perm.READ_POSTS):
        return []
    found = posts.overview(Assignment.objects.filter(districts=district), today)
    return [line for line in found.lines if line.post is None or line.post.district_id in {None, district.pk}]


def indicators_of(district: District, year: int) -> list[tuple[IndicatorValue, str]]:
    """The newest values of the district with how far they lie from the city's."""
    found = list(IndicatorValue.objects.for_district(district, year))
    line_up_with_city(found)
    return [(value, deviation_words(value)) for value in found]


@dataclass(frozen=True)
class Row:
    """A line of the list of districts."""

    district: District
    team: list[str]
    offices: list[OfficeNow]
    open: Figure | None

    @property
    def url(self) -> str:
        """The page of the district."""
        return self.district.get_absolute_url()


def listed(user: User, *, now: datetime) -> list[Row]:
    """The districts of today with who is responsible, their offices and open concerns as far as visible."""
    today = now.date()
    offices = Office.objects.existing_on(today).with_hours().order_by("sort_key")
    found = District.objects.valid_on(today).select_related("borough").defer("borough__boundary")
    managers = Membership.objects.valid_on(today).filter(role="manager", user__is_active=True).select_related("user")
    names: dict[int, list[str]] = {}
    for one in managers.order_by("user__sort_key"):
        names.setdefault(one.district_id, []).append(one.user.name)
    counts = _open_counts(user)
    return [
        Row(
            one,
            names.get(one.pk, []),
            [OfficeNow(office, now_of(office.hours, now.replace(tzinfo=None))) for office in one.offices.all()],
            counts(one),
        )
        for one in found.prefetch_related(Prefetch("offices", offices))
    ]


def _open_counts(user: User):
    rights, address = user.rights, reverse("concerns:list")
    if not rights.can(Perm.READ_CONCERNS) and not rights.team_district_ids:
        return lambda district: None
    rows = Concern.objects.visible_to(user).open().order_by().values_list("district").annotate(n=Count("pk"))
    counted = dict(rows)

    def count(district: District) -> Figure | None:
        if not rights.can(Perm.READ_CONCERNS) and district.pk not in rights.team_district_ids:
            return None
        return Figure("offen", counted.get(district.pk, 0), f"{address}?district={district.pk}&status=open")

    return count
