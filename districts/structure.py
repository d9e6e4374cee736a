"""Who steers in a district: five building blocks, of which an empty one is a gap (Z12, 002 L666–688)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from districts.assigning import holds_on
from districts.models import Actor, Assignment, District, DistrictStructure, Network, Office
from districts.posts import lines_of, with_posts

GROUPS = ("bewohnerinitiative", "stadtteilverein")  # types of actors that are groups of residents


@dataclass(frozen=True)
class Entry:
    """A line of a block; with an address where there is a page about it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A building block of the steering structure."""

    title: str
    entries: list[Entry]
    text: str = ""

    @property
    def divisible(self) -> str:
        """The title with soft hyphens, for narrow columns."""
        return self.title.replace("management", "\u00admanagement").replace("netzwerk", "\u00adnetzwerk")

    @property
    def is_gap(self) -> bool:
        """Whether nobody and nothing is known."""
        return not self.entries and not self.text


@dataclass(frozen=True)
class Structure:
    """A district with its blocks."""

    district: District
    row: DistrictStructure | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def gaps(self) -> int:
        """How many blocks are empty."""
        return sum(one.is_gap for one in self.blocks)


def structures(districts: QuerySet[District], today: date) -> list[Structure]:
    """The structure of districts today, in a fixed number of queries however many they are."""
    assignments = with_posts(Assignment.objects.standing_on(today))
    networks = Network.objects.active().order_by("sort_key")
    groups = Actor.objects.active().filter(type__code__in=GROUPS).select_related("type").defer("search_text")
    found = districts.defer("boundary").select_related("structure__coordinator", "structure__deputy")
    shown = found.prefetch_related(
        Prefetch("offices", Office.objects.order_by("sort_key")),
        Prefetch("assignments", assignments),
        Prefetch("networks", networks),
        Prefetch("actors", groups.order_by("sort_key")),
    )
    return [_structure(one, today) for one in shown]


def _structure(district: District, today: date) -> Structure:
    row = getattr(district, "structure", None)
    networks = list(district.networks.all())
    residents = [one for one in networks if one.kind == Network.Kind.RESIDENTS]
    return Structure(
        district,
        row,
        [
            Block("Politische Steuerung", [], row.political if row else ""),
            Block("Administrative Steuerung", _coordination(row), row.administrative if row else ""),
            Block("Stadtteilbüro und Quartiersmanagement", _management(district, today)),
            Block("Stadtteilnetzwerk", _networks(one for one in networks if one not in residents)),
            Block("Bewohnernetzwerk", [*_networks(residents), *_groups(district)]),
        ],
    )


def _coordination(row: DistrictStructure | None) -> list[Entry]:
    found = []
    if row and row.coordinator:
        found.append(Entry(str(row.coordinator), note="städtische Koordination"))
    if row and row.deputy:
        found.append(Entry(str(row.deputy), note="Vertretung"))
    return found


def _management(district: District, today: date) -> list[Entry]:
    offices = [one for one in district.offices.all() if holds_on(today, one.opened_on, one.closed_on)]
    found = [Entry(str(one), reverse("districts:office_page", args=[one.pk]), "Stadtteilbüro") for one in offices]
    for assignment in district.assignments.all():
        lines = [
            one for one in lines_of(assignment, today) if not one.post or one.post.district_id in (None, district.pk)
        ]
        people = ", ".join(f"{one.name} ({one.share})" for line in lines for one in line.people)
        nobody = "nicht besetzt" if any(line.post for line in lines) else "Besetzung nicht bekannt"
        found.append(Entry(str(assignment), assignment.get_absolute_url(), people or nobody))
    return found


def _networks(networks: Iterable[Network]) -> list[Entry]:
    return [Entry(str(one), one.get_absolute_url(), one.get_kind_display()) for one in networks]


def _groups(district: District) -> list[Entry]:
    return [Entry(str(one), one.get_absolute_url(), str(one.type)) for one in district.actors.all()]
