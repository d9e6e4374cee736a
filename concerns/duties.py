"""What hangs on a person: one table for the check before leaving, the page, the dossier and the hand-over (I9, D11).

A `Thing` is a kind of row with a field that names one person; a `Duty` is what the table counts of it. Whoever adds a
row that would be orphaned when somebody leaves adds it here, to `HandoverItem` and to the triggers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string

from concerns.models import Concern, Handover, Referral, Routing
from concerns.workflow import ConcernStatus
from districts.models import (
    ContactNote,
    ContactPerson,
    Department,
    DistrictStructure,
    Membership,
    Network,
    Staffing,
    User,
)
from districts.roles import DEPARTMENT_ROLES, DISTRICT_ROLES, Perm, Role

OUTSIDE = "außerhalb aller Quartiere"


@dataclass(frozen=True)
class Circle:
    """Who may take over a row: people of teams (of all teams without districts), or of a department."""

    label: str
    districts: frozenset[int] = frozenset()
    department: Department | None = None
    managers_only: bool = False

    def people(self, *, without: User, on: date) -> QuerySet[User]:
        """The people of the circle on a day but one."""
        if self.department:
            return User.objects.staff_of(self.department, on=on).exclude(pk=without.pk)
        roles = (Role.MANAGER,) if self.managers_only else DISTRICT_ROLES
        return User.objects.teams_of(list(self.districts), on=on, roles=roles).exclude(pk=without.pk)


@dataclass(frozen=True)
class Thing:
    """A kind of row that is handed over: the field of `HandoverItem`, and the field of its own that names the person.

    `held` gives what hangs on a person, with everything `circle` and a label need; `in_role` what of it hangs on one
    role, which ends while the person keeps others.
    """

    key: str
    holder: str
    heading: str
    held: Callable[[User], QuerySet]
    circle: Callable[[object], Circle]
    in_role: Callable[[QuerySet, Membership, list[Membership]], QuerySet]  # also asked of places of posts


def _concern_circle(concern: Concern) -> Circle:
    if concern.district is None:
        return Circle(OUTSIDE, managers_only=True)
    return Circle(str(concern.district), frozenset({concern.district_id}))


def _note_circle(note: ContactNote) -> Circle:
    label = f"{note.district}, vertraulich" if note.is_confidential else str(note.district)
    return Circle(label, frozenset({note.district_id}), managers_only=note.is_confidential)


def _places_circle(row: Network | ContactPerson) -> Circle:
    places = (row.actor if isinstance(row, ContactPerson) else row).districts.all()
    label = ", ".join(sorted(one.short_name for one in places)) or "stadtweit"
    return Circle(label, frozenset(one.pk for one in places))


def _of_district(rows: QuerySet, ending: Membership, others: list[Membership]) -> QuerySet:
    """Rows of the ending role's district; with the last role also those outside all districts."""
    here = Q(district=ending.district_id)
    return rows.filter(here if others else here | Q(district=None))


def _of_places(lookup: str) -> Callable:
    def in_role(rows: QuerySet, ending: Membership, others: list[Membership]) -> QuerySet:
        kept = [one.district_id for one in others]
        here = rows.filter(**{lookup: ending.district_id}).exclude(**{f"{lookup}__in": kept})
        everywhere = rows.none() if others else rows.filter(**{f"{lookup}__isnull": True})
        return rows.filter(Q(pk__in=here.values("pk")) | Q(pk__in=everywhere.values("pk")))

    return in_role


def _of_department(rows: QuerySet, ending: Membership, others: list[Membership]) -> QuerySet:
    return rows.filter(department_id__in=ending.department.with_predecessor_ids())


CONCERN = Thing(
    "concern",
    "owner",
    "Anliegen und Zusagen",
    lambda person: (
        Concern.objects.kept_by(person)
        .select_related("district")
        .defer("search", "district__boundary")
        .order_by("due_on", "pk")
    ),
    _concern_circle,
    _of_district,
)
ROUTING = Thing(
    "routing",
    "assignee",
    "Vorgänge",
    lambda person: (
        Routing.objects.kept_by(person)
        .select_related("department", "concern")
        .defer("concern__search")
        .order_by("due_on", "pk")
    ),
    lambda routing: Circle(str(routing.department), department=routing.department),
    _of_department,
)
NOTE = Thing(
    "note",
    "keeper",
    "Wiedervorlagen im Kontaktprotokoll",
    lambda person: (
        ContactNote.objects.kept_by(person)
        .select_related("district", "actor")
        .defer("text", "district__boundary", "actor__search_text", "actor__description")
        .order_by("follow_up_on", "pk")
    ),
    _note_circle,
    _of_district,
)
CONTACT = Thing(
    "contact",
    "keeper",
    "Ansprechpersonen",
    lambda person: (
        ContactPerson.objects.kept_by(person)
        .select_related("actor")
        .prefetch_related("actor__districts")
        .order_by("sort_key", "pk")
    ),
    _places_circle,
    _of_places("actor__districts"),
)
NETWORK = Thing(
    "network",
    "keeper",
    "Netzwerke",
    lambda person: Network.objects.kept_by(person).prefetch_related("districts").order_by("sort_key"),
    _places_circle,
    _of_places("districts"),
)
THINGS = (CONCERN, ROUTING, NOTE, CONTACT, NETWORK)
BY_KEY = {one.key: one for one in THINGS}

_OPEN = ~Q(status=ConcernStatus.CLOSED)
_PROMISED = ~_OPEN & Q(promise=Concern.Promise.OPEN)
_ASKED = Q(pk__in=Referral.objects.to_ask().values("concern"))
EVERY = Q()


@dataclass(frozen=True)
class Duty:
    """A line of the table; `part_of` names the line it is counted in already, `listed` the query of the exact list."""

    key: str
    thing: Thing
    one: str
    many: str
    condition: Q = EVERY
    part_of: str = ""
    listed: str = ""


DUTIES = (
    Duty("concerns", CONCERN, "offenes Anliegen", "offene Anliegen", _OPEN, listed="status=open"),
    Duty(
        "feedback",
        CONCERN,
        "mit offener Rückmeldung",
        "mit offener Rückmeldung",
        Q(status=ConcernStatus.FEEDBACK_DUE),
        part_of="concerns",
        listed="status=feedback_due",
    ),
    Duty(
        "parked",
        CONCERN,
        "zurückgestellt bis zu einem Tag",
        "zurückgestellt bis zu einem Tag",
        Q(status=ConcernStatus.PARKED),
        part_of="concerns",
        listed="status=parked",
    ),
    Duty("promises", CONCERN, "offene Zusage", "offene Zusagen", _PROMISED),
    Duty(
        "voices",
        CONCERN,
        "Anliegen mit Stimmen von außen",
        "Anliegen mit Stimmen von außen",
        ~_OPEN & ~Q(promise=Concern.Promise.OPEN) & ~_ASKED,
    ),
    Duty(
        "referrals",
        CONCERN,
        "Anliegen mit Nachfrage zu einer Vermittlung",
        "Anliegen mit Nachfrage zu Vermittlungen",
        ~_OPEN & ~Q(promise=Concern.Promise.OPEN) & _ASKED,
    ),
    Duty("routings", ROUTING, "zugewiesener Vorgang", "zugewiesene Vorgänge"),
    Duty("notes", NOTE, "Wiedervorlage im Kontaktprotokoll", "Wiedervorlagen im Kontaktprotokoll"),
    Duty("contacts", CONTACT, "Ansprechperson mit festem Kontakt", "Ansprechpersonen mit festem Kontakt"),
    Duty("networks", NETWORK, "begleitetes Netzwerk", "begleitete Netzwerke"),
)


@dataclass(frozen=True)
class Line:
    """How much of one duty there is."""

    duty: Duty
    count: int

    @property
    def words(self) -> str:
        """What it is, without the number."""
        return self.duty.one if self.count == 1 else self.duty.many


@dataclass(frozen=True)
class Elsewhere:
    """Something that names a person and ends or changes on a page of its own, for whoever has `perm`."""

    text: str
    url: str
    perm: Perm = Perm.EDIT_POSTS


@dataclass(frozen=True)
class Duties:
    """What hangs on a person: the lines with something in them, departments without them left alone, posts and
    structures that name them, and proposals of others that wait for them."""

    lines: tuple[Line, ...] = ()
    departments: tuple[Department, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    proposals: int = 0

    def __bool__(self) -> bool:
        return bool(self.lines or self.departments or self.elsewhere or self.proposals)

    def count(self, key: str) -> int:
        """How much there is of the duty with this key."""
        return next((line.count for line in self.lines if line.duty.key == key), 0)

    @property
    def whole(self) -> list[Line]:
        """The lines that are no part of another one."""
        return [line for line in self.lines if not line.duty.part_of]

    def sentences(self) -> list[str]:
        """What is in the way, in German."""
        found = [f"{line.count} {line.words}{self._parts(line)}" for line in self.whole]
        found += [f"{one}: sonst niemand da, der offene Vorgänge beantwortet" for one in self.departments]
        found += [one.text for one in self.elsewhere]
        if self.proposals:
            waiting = "Übergabe wartet" if self.proposals == 1 else "Übergaben warten"
            found.append(f"{self.proposals} {waiting} auf eine Antwort dieser Person")
        return found

    def _parts(self, whole: Line) -> str:
        parts = [f"{line.count} {line.words}" for line in self.lines if line.duty.part_of == whole.duty.key]
        return f" (davon {', '.join(parts)})" if parts else ""


def duties_of(person: User, *, on: date) -> Duties:
    """What hangs on a person altogether."""
    memberships = person.memberships.valid_on(on).filter(role__in=DEPARTMENT_ROLES).select_related("department")
    alone = (one.department for one in memberships if _left_alone(one.department, person, on))
    return Duties(
        counted({thing.key: thing.held(person) for thing in THINGS}),
        tuple(alone),
        tuple(_elsewhere(person, on)),
        Handover.objects.waiting_for(person).count(),
    )


def _elsewhere(person: User, on: date) -> Iterator[Elsewhere]:
    """Posts filled for longer than today, districts whose structure names the person, and what upper apps add."""
    lasting = Staffing.objects.filter(person=person).filter(Q(valid_to=None) | Q(valid_to__gt=on))
    for one in lasting.select_related("post__assignment"):
        yield Elsewhere(f"Besetzung der Stelle „{one.post}“", reverse("concerns:staffing", args=[one.pk]))
    named = DistrictStructure.objects.filter(Q(coordinator=person) | Q(deputy=person)).select_related("district")
    for one in named.defer("district__boundary"):
        what = "Städtische Koordination" if one.coordinator_id == person.pk else "Vertretung der Koordination"
        yield Elsewhere(f"{what} in {one.district}", one.get_absolute_url())
    yield from kept_elsewhere(person)


def kept_elsewhere(person: User) -> Iterator[Elsewhere]:
    """What the apps above keep for a person."""
    for path in settings.KEPT_ELSEWHERE:
        yield from (Elsewhere(*found) for found in import_string(path)(person))


def duties_in_role(membership: Membership, *, on: date) -> Duties:
    """What hangs on a person having this very role: nothing while another role covers the same scope."""
    person = membership.user
    others = list(person.memberships.valid_on(on).exclude(pk=membership.pk))
    if membership.role in DISTRICT_ROLES:
        others = [one for one in others if one.role in DISTRICT_ROLES]
        if same := [one for one in others if one.district_id == membership.district_id]:
            lost = membership.role == Role.MANAGER and not any(one.role == Role.MANAGER for one in same)
            return Duties(counted(_for_managers(person, membership, others))) if lost else Duties()
        things = (CONCERN, NOTE, CONTACT, NETWORK)
        elsewhere = () if others else tuple(kept_elsewhere(person))
        rows = {one.key: one.in_role(one.held(person), membership, others) for one in things}
        return Duties(counted(rows), elsewhere=elsewhere)
    department = membership.department
    if department and not any(one.department_id == department.pk for one in others):
        rows = {ROUTING.key: ROUTING.in_role(ROUTING.held(person), membership, others)}
        return Duties(counted(rows), (department,) if _left_alone(department, person, on) else ())
    return Duties()


def _for_managers(person: User, ending: Membership, others: list[Membership]) -> dict[str, QuerySet]:
    """What whoever stays as an assistant cannot keep: confidential entries, and concerns outside all districts."""
    rows = {NOTE.key: NOTE.held(person).filter(is_confidential=True, district=ending.district_id)}
    if not any(one.role == Role.MANAGER for one in others):
        rows[CONCERN.key] = CONCERN.held(person).filter(district=None)
    return rows


def counted(rows: dict[str, QuerySet]) -> tuple[Line, ...]:
    """The lines of some rows by the key of their kind, those with something in them."""
    found = {}
    for key, queryset in rows.items():
        wanted = {duty.key: Count("pk", filter=duty.condition) for duty in DUTIES if duty.thing.key == key}
        found |= queryset.order_by().aggregate(**wanted)
    return tuple(Line(duty, found[duty.key]) for duty in DUTIES if found.get(duty.key))


def _left_alone(department: Department, person: User, on: date) -> bool:
    waiting = Routing.objects.open().filter(department_id__in=department.with_predecessor_ids())
    colleagues = User.objects.staff_of(department, on=on).exclude(pk=person.pk)
    return not department.answers_by_link and waiting.exists() and not colleagues.exists()
