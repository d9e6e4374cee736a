"""Dossier of a hand-over: what hangs on a person, or what is open in a district, for whoever carries on (D11).

Everything is asked through `visible_to` of whoever prints it: reporters and the contact log only for the team, what is
confidential only for those who may read it. Passwords and team notes are never on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from concerns.actions.access import note_reporter_access
from concerns.duties import CONCERN, NOTE, ROUTING, counted, duties_of
from concerns.duty_labels import labels
from concerns.models import Concern, Referral, Reporter, Routing
from concerns.standing import turn
from concerns.workflow import OPEN_ROUTINGS, ConcernStatus
from concerns.worklist import reporters_to_tell
from districts.models import Actor, ContactNote, ContactPerson, District, Network, NetworkMembership, Office, User
from districts.roles import DISTRICT_ROLES, Perm
from quartier.pdf import render

MOST = 200  # rows of a table; more is a list to look at on screen
MOST_PEOPLE = 80


@dataclass(frozen=True)
class Part:
    """Rows of a table, and how many are left out: for want of room, or because the reader may not see them."""

    rows: list
    more: int = 0
    hidden: int = 0


def person_dossier(*, person: User, viewer: User, today: date) -> bytes:
    """The dossier of somebody who leaves, as far as `viewer` may see it."""
    memberships = list(person.memberships.valid_on(today).select_related("district", "department"))
    districts = [one.district for one in memberships if one.role in DISTRICT_ROLES]
    duties = duties_of(person, on=today)
    context = {
        "heading": f"Übergabe: {person}",
        "roles": [(str(one), one.valid_to) for one in memberships],
        "duties": duties.lines,
        "routings": _routings(person, viewer),
        **_of_concerns(Concern.objects.kept_by(person), viewer, today),
        **_of_directory(districts, person, viewer, today),
        "offices": _offices(districts, today),
    }
    return _render(context, f"Übergabedossier {person}, Stand {today:%d.%m.%Y}", viewer, today)


def district_dossier(*, district: District, viewer: User, today: date) -> bytes:
    """The dossier of a district: what is open there, whoever keeps it, as far as `viewer` may see it."""
    concerns = Concern.objects.filter(district=district).unsettled()
    managers = User.objects.team_of(district.pk, on=today)
    context = {
        "heading": f"Übergabe: {district}",
        "team": list(managers),
        "duties": counted({CONCERN.key: concerns}),
        "routings": Part([]),
        **_of_concerns(concerns, viewer, today),
        **_of_directory([district], None, viewer, today),
        "offices": _offices([district], today),
    }
    return _render(context, f"Übergabedossier {district}, Stand {today:%d.%m.%Y}", viewer, today)


def _render(context: dict, title: str, viewer: User, today: date) -> bytes:
    shared = {
        "reads_people": bool(viewer.rights.districts(Perm.LOG_CONCERN)),
        "reads_directory": viewer.rights.can(Perm.READ_ACTORS),
        "reads_log": viewer.rights.can(Perm.CONTACT_LOG),
        "printed_by": viewer,
        "today": today,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    return render("reports/papers/dossier.html", {**context, **shared}, title=title, author=settings.CITY_NAME)


# --- the loop ---------------------------------------------------------------------------------------------------------


def _of_concerns(kept: QuerySet[Concern], viewer: User, today: date) -> dict:
    seen = kept.filter(pk__in=Concern.objects.visible_to(viewer).values("pk"))
    hidden = kept.count() - seen.count()
    shown = seen.select_related("district", "topic", "owner").defer("search", "text", "district__boundary")
    shown = shown.prefetch_related(
        Prefetch("routings", Routing.objects.filter(status__in=OPEN_ROUTINGS).select_related("department"))
    )
    ongoing = shown.exclude(status=ConcernStatus.CLOSED).order_by("due_on", "pk")
    promised = shown.filter(status=ConcernStatus.CLOSED, promise=Concern.Promise.OPEN).order_by("promised_on", "pk")
    voiced = shown.filter(status=ConcernStatus.CLOSED).voiced().order_by("closed_at", "pk")
    rows = [(one, turn(one, one.routings.all())) for one in ongoing[:MOST]]
    return {
        "concerns": Part(rows, more=ongoing.count() - len(rows), hidden=hidden),
        "promises": Part(list(promised[:MOST])),
        "voices": Part(list(voiced[:MOST])),
        "waiting": _waiting(kept, viewer, today),
        "referrals": _referrals(kept, viewer),
    }


def _waiting(kept: QuerySet[Concern], viewer: User, today: date) -> Part:
    """Who is owed a word and how to reach them; looking is noted (Q02)."""
    due = Reporter.objects.feedback_due().filter(concern__in=kept.order_by().values("pk"))
    seen = reporters_to_tell(viewer).filter(pk__in=due.order_by().values("pk"))
    rows = list(seen.select_related("concern").defer("concern__search").order_by("due_on", "pk")[:MOST])
    if rows:
        note_reporter_access(concern_ids=[one.concern_id for one in rows], by=viewer, on=today)
    return Part([(one, _ways(one)) for one in rows], more=seen.count() - len(rows), hidden=due.count() - seen.count())


def _referrals(kept: QuerySet[Concern], viewer: User) -> Part:
    """Where somebody was sent, and who has promised to ask whether they arrived; the team's business."""
    asked = Referral.objects.to_ask().filter(concern__in=kept.order_by().values("pk"))
    seen = asked.visible_to(viewer).for_page().select_related("concern", "offer__provider", "actor", "reporter")
    return Part(list(seen.defer("concern__search").order_by("ask_on", "pk")[:MOST]))


def _ways(reporter: Reporter) -> list[str]:
    ways = [reporter.phone, reporter.email, ", ".join(reporter.address.splitlines())]
    return [one for one in ways if one]


def _routings(person: User, viewer: User) -> Part:
    rows = list(ROUTING.held(person)[:MOST])
    words = labels(ROUTING, rows, viewer)
    return Part([(one, words[one.pk].text) for one in rows])


# --- the directory ----------------------------------------------------------------------------------------------------


def _of_directory(districts: Iterable[District], person: User | None, viewer: User, today: date) -> dict:
    ids = [one.pk for one in districts]
    kept = Q(keeper=person) if person else Q(pk=None)
    actors = Actor.objects.visible_to(viewer)
    here = actors.active().filter(Actor.objects.in_districts(ids, or_citywide=False))
    telling = Q(is_key_person=True) | Q(is_multiplier=True)
    people = ContactPerson.objects.valid_on(today).filter(actor__in=actors.values("pk"))
    people = people.filter(kept | telling & Q(actor__in=here.values("pk")))
    networks = Network.objects.visible_to(viewer).exclude(status=Network.Status.ENDED)
    networks = networks.filter(kept | Q(pk__in=networks.filter(districts__in=ids).values("pk")))
    members = NetworkMembership.objects.valid_on(today).of_present().select_related("actor")
    with_members = networks.select_related("coordinator", "keeper").prefetch_related(Prefetch("memberships", members))
    return {
        "notes": _notes(ids, person, viewer),
        "people": _people(people, viewer),
        "networks": Part(list(with_members.order_by("sort_key")[:MOST_PEOPLE])),
    }


def _notes(ids: list[int], person: User | None, viewer: User) -> Part:
    kept = NOTE.held(person) if person else ContactNote.objects.open_follow_ups().filter(district__in=ids)
    seen = kept.filter(pk__in=ContactNote.objects.visible_to(viewer).values("pk"))
    rows = list(seen.select_related("actor", "person", "keeper", "district").order_by("follow_up_on", "pk")[:MOST])
    return Part(rows, more=seen.count() - len(rows), hidden=kept.count() - seen.count())


def _people(people: QuerySet[ContactPerson], viewer: User) -> Part:
    """Key persons with when the team last spoke to them; what is private only for the team that keeps contact."""
    last = ContactNote.objects.visible_to(viewer).filter(person=OuterRef("pk")).order_by("-on", "-pk")
    found = people.annotate(spoken_on=Subquery(last.values("on")[:1]), spoken_about=Subquery(last.values("topic")[:1]))
    rows = list(
        found.select_related("actor", "keeper").prefetch_related("actor__districts", "reaches")[: MOST_PEOPLE + 1]
    )
    shown = [(one, _reach(one, private=one.actor.may_log(viewer))) for one in rows[:MOST_PEOPLE]]
    return Part(shown, more=people.count() - len(shown))


def _reach(person: ContactPerson, *, private: bool) -> list[str]:
    ways = [person.phone, person.email]
    if private and person.consent_on:
        ways += [f"privat: {one}" for one in (person.private_phone, person.private_email) if one]
        ways += [person.private_note]
    return [one for one in ways if one]


def _offices(districts: Iterable[District], today: date) -> list[tuple[Office, list[str]]]:
    found = Office.objects.existing_on(today).with_hours().filter(districts__in=list(districts)).distinct()
    return [(one, one.hours_on(today).splitlines()) for one in found.order_by("sort_key")]
