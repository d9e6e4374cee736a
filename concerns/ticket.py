"""What a department may see of a concern (I7, I11, N13).

Pages for departments get a `Ticket` and never the concern itself: reporters, team notes, the concern's own text and
what other departments write are not in it. Of a sensitive or recalled concern it holds no more than the text that was
sent.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from concerns import history
from concerns.actions.access import note_reporter_access
from concerns.models import Concern, Photo, Reporter, Routing, RoutingMessage
from concerns.workflow import OPEN_ROUTINGS, RoutingStatus
from districts.models import User
from districts.roles import DEPARTMENT_ROLES

EARLIER = 5
TEAM = "Quartiersmanagement"
SHOWN_EVENTS = ("department", "reporter")
DEPARTMENT_KINDS = {RoutingMessage.Kind.QUERY, RoutingMessage.Kind.INTERIM}
# In the words of the department: what is sent by one side is new to the other.
WORDS = {
    RoutingStatus.SENT: "Neu",
    RoutingStatus.ACCEPTED: "In Arbeit",
    RoutingStatus.QUERY: "Rückfrage offen",
    RoutingStatus.ANSWERED: "Beantwortet",
    RoutingStatus.RETURNED: "Zurückgegeben",
    RoutingStatus.WITHDRAWN: "Zurückgerufen",
}
TONES = {
    RoutingStatus.SENT: "info",
    RoutingStatus.ACCEPTED: "neutral",
    RoutingStatus.QUERY: "warning",
    RoutingStatus.ANSWERED: "success",
    RoutingStatus.RETURNED: "neutral",
    RoutingStatus.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Place:
    """Where it is, as a point."""

    lat: float
    lon: float
    map: dict

    @property
    def geo(self) -> str:
        """Latitude and longitude, as addresses for map programs write them."""
        return f"{self.lat:.5f},{self.lon:.5f}"


@dataclass(frozen=True)
class Ticket:
    """A routing as its department sees it."""

    routing: Routing
    number: str
    title: str
    contact: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    place: Place | None = None
    photos: list[Photo] = field(default_factory=list)
    others: list[tuple[str, bool]] = field(default_factory=list)  # code, leading
    thread: list[dict] = field(default_factory=list)
    log: list = field(default_factory=list)
    earlier: list[Routing] = field(default_factory=list)
    is_sensitive: bool = False

    @property
    def where(self) -> str:
        """Place and district in one line."""
        facts = dict(self.facts)
        return ", ".join(facts[name] for name in ("Ort", "Quartier") if name in facts)

    @property
    def tone(self) -> str:
        """Tone of the status chip."""
        return TONES[self.routing.status]

    @property
    def words(self) -> str:
        """Status in the department's words."""
        return WORDS[self.routing.status]


def ticket_of(routing: Routing, *, user: User | None) -> Ticket:
    """The ticket as `user` sees it; `user` is None behind an answer link, where nobody is named."""
    concern = routing.concern
    recalled = routing.status == RoutingStatus.WITHDRAWN
    base = Ticket(
        routing=routing, number=concern.number, title=heading(concern), contact=_contact(concern, user),
        others=_others(routing), thread=[] if recalled else _thread(routing, user), log=_log(routing, user),
        is_sensitive=concern.is_sensitive,
    )  # fmt: skip
    if concern.is_sensitive or recalled:
        return base
    return replace(
        base, facts=_facts(concern), place=_place(concern), photos=list(concern.photos.all()),
        earlier=_earlier(routing, user),
    )  # fmt: skip


def _contact(concern: Concern, user: User | None) -> str:
    """Whom to ask: the person in charge, or behind a link their office."""
    if user is None:
        parts = [concern.office.name, concern.office.phone, concern.office.email] if concern.office else [TEAM]
    else:
        parts = [concern.owner.name, concern.owner.phone] if concern.owner else [TEAM]
    return ", ".join(part for part in parts if part)


def heading(concern: Concern) -> str:
    """Title of a concern as a department reads it."""
    return "Vertrauliches Anliegen" if concern.is_sensitive else concern.title


def released_contacts(routing: Routing, *, user: User | None, today: date) -> list[Reporter]:
    """Reporters whose contact data the Quartiersmanagement has released for this routing, with their consent.

    Only while the routing is open, and never behind an answer link: a link can be passed on. Looking is noted (Q02).
    """
    if user is None or not (routing.released_contact and routing.is_open):
        return []
    found = [
        reporter
        for reporter in routing.concern.reporters.filter(consent_pass_on=True, erased_at=None)
        if reporter.name or reporter.phone or reporter.email or reporter.address
    ]
    if found:
        note_reporter_access(concern_ids=[routing.concern_id], by=user, on=today)
    return found


def _facts(concern: Concern) -> list[tuple[str, str]]:
    district = concern.district.name if concern.district else "gesamtstädtisch / außerhalb der Quartiere"
    facts = [("Ort", concern.place), ("Art des Ortes", concern.get_spot_display()), ("Quartier", district)]
    facts += [("Thema", str(concern.topic)), ("Eingegangen", f"{concern.received_on:%d.%m.%Y}")]
    if concern.urgency != Concern.Urgency.NORMAL:
        facts.append(("Dringlichkeit", concern.get_urgency_display()))
    return [(label, value) for label, value in facts if value]


def _place(concern: Concern) -> Place | None:
    if concern.lat is None:
        return None
    boundary = concern.district.boundary if concern.district else None
    area = {"type": "Feature", "geometry": boundary, "properties": {"name": str(concern.district)}}
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [concern.lon, concern.lat]},
        "properties": {"label": concern.place or concern.number},
    }
    shapes = {"polygons": _collection([area] if boundary else []), "points": _collection([point])}
    return Place(lat=concern.lat, lon=concern.lon, map=shapes)


def _collection(features: list) -> dict:
    return {"type": "FeatureCollection", "features": features}


def _others(routing: Routing) -> list[tuple[str, bool]]:
    """Who else works or worked on the concern in this round: codes only."""
    found = routing.concern.routings.filter(
        round=routing.round, status__in=[*OPEN_ROUTINGS, RoutingStatus.ANSWERED]
    ).exclude(pk=routing.pk)
    return list(found.values_list("department__code", "is_lead"))


def _thread(routing: Routing, user: User | None) -> list[dict]:
    messages = routing.messages.select_related("by").prefetch_related("by__memberships")
    return [_entry(message, user) for message in messages]


def _entry(message: RoutingMessage, user: User | None) -> dict:
    own = _from_department(message)
    return {
        "title": message.get_kind_display(),
        "by": _author(message.by, own, user),
        "at": message.at,
        "text": message.text,
        "own": own,
        "note": f"neuer Termin {message.new_due_on:%d.%m.%Y}" if message.new_due_on else "",
    }


def _from_department(message: RoutingMessage) -> bool:
    if message.kind in DEPARTMENT_KINDS or message.by is None:
        return True
    if message.kind == RoutingMessage.Kind.QUERY_ANSWER:
        return False
    return any(membership.role in DEPARTMENT_ROLES for membership in message.by.memberships.all())


def _author(by: User | None, own: bool, user: User | None) -> str:
    if own and by is None:
        return "über den Antwortlink"
    if user is None:
        return "" if own else TEAM
    return str(by) if own else f"{by}, {TEAM}"


def _log(routing: Routing, user: User | None) -> list:
    """What happened to this routing, for people who sign in."""
    if user is None:
        return []
    events = list(
        routing.concern.events.filter(routing=routing, visibility__in=SHOWN_EVENTS).select_related("by").order_by("at")
    )
    people = User.objects.in_bulk(history.person_ids(events))
    names = history.Names({pk: one.name for pk, one in people.items()}, {}, {routing.pk: routing.department.code})
    return history.timeline(events, names)


def _earlier(routing: Routing, user: User | None) -> list[Routing]:
    """Tickets of the own department at the same place or topic."""
    if user is None:
        return []
    found = Routing.objects.visible_to(user).near(routing).select_related("concern", "reply")
    shown = ("status", "sent_at", "finished_at", "concern__number", "concern__title", "concern__is_sensitive")
    rows = list(found.only(*shown, "reply__result")[:EARLIER])
    for row in rows:
        row.words = WORDS[row.status]
    return rows
