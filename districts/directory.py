"""What the pages of the directory show, gathered in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from districts.models import (
    ActionField,
    Actor,
    ActorMerge,
    ContactNote,
    ContactPerson,
    DirectorySettings,
    District,
    Network,
    NetworkMembership,
    Relation,
    ResidentGroup,
    TargetGroup,
    User,
)
from districts.roles import Perm
from quartier.web.pages import addresses

NOTES_SHOWN = 10
EVENTS_SHOWN = 8
CHILDREN_SHOWN = 20
OFFERS_SHOWN = 20


@dataclass(frozen=True)
class Tab:
    """A page of the directory."""

    label: str
    url: str
    current: bool


def tabs(user: User, current: str) -> list[Tab]:
    """The pages of the directory this person may open."""
    pages = [("actors", "Verzeichnis"), ("networks", "Netzwerke")]
    if user.rights.can(Perm.EDIT_ACTORS) or user.rights.can(Perm.EDIT_ALL_ACTORS):
        pages += [("gaps", "Lücken")]
    if user.rights.can(Perm.CONTACT_LOG):
        pages += [("contact_log", "Kontaktprotokoll"), ("silence", "Lange nicht gesprochen")]
    return [Tab(label, reverse(f"districts:{name}"), name == current) for name, label in pages]


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    actor: Actor
    url: str
    places: str
    fields: str
    is_old: bool


def listed(actors: Iterable[Actor], *, today: date, months: int) -> list[Row]:
    """Actors as the list shows them (see `ActorQuerySet.for_list`)."""
    url = addresses("districts:actor")
    rows = []
    for one in actors:
        fields, old = ", ".join(map(str, one.action_fields.all())), is_old(one, today=today, months=months)
        rows.append(Row(one, url(one.pk), places(one), fields, old))
    return rows


def places(row: Actor | Network) -> str:
    """Where somebody works, in short names."""
    return ", ".join(one.short_name for one in row.districts.all()) or "stadtweit"


def is_old(actor: Actor, *, today: date, months: int) -> bool:
    """Whether nobody has confirmed the data for so many months (the same as `ActorQuerySet.unverified`)."""
    since = actor.verified_on or timezone.localdate(actor.created_at)
    return actor.status != Actor.Status.ENDED and since < today - relativedelta(months=months)


@dataclass(frozen=True)
class Tie:
    """A relation seen from one of its two ends."""

    relation: Relation
    other: Actor
    words: str


def page_of(pk: int, user: User, *, today: date) -> dict:
    """Everything an actor's page shows to this person; what is private only to the team that keeps contact."""
    found = (
        _with_facts()
        .prefetch_related(
            Prefetch("network_memberships", NetworkMembership.objects.select_related("network")),
            Prefetch("children", Actor.objects.present().only("pk", "name", "parent_id")),
        )
        .get(pk=pk)
    )
    may_log = found.may_log(user)
    # Departments read the entry, but not who keeps it up and where it came from.
    is_inside = user.rights.can(Perm.EDIT_ACTORS) or user.rights.can(Perm.EDIT_ALL_ACTORS)
    events = found.events.select_related("by")[:EVENTS_SHOWN] if is_inside else []
    return {
        "may_edit": found.may_edit(user),
        "may_log": may_log,
        **_facts(found, today),
        "ties": [_tie(one, found) for one in Relation.objects.of(found)],
        **_group(found, user, is_inside),
        "memberships": found.network_memberships.all(),
        "children": found.children.all()[:CHILDREN_SHOWN],
        "offers": list(found.offers.visible_to(user).current().select_related("kind")[: OFFERS_SHOWN + 1]),
        "merges": _merges(found),
        "is_inside": is_inside,
        "events": [_event(one) for one in events],
        "notes": _notes(found, user) if may_log else [],
    }


def _group(actor: Actor, user: User, is_inside: bool) -> dict:
    """The actor as a resident group, with its phases; who speaks for it and what weighs on it only inside."""
    found = ResidentGroup.objects.filter(actor=actor).prefetch_related("phases__by").first()
    return {"group": found, "phases": list(found.phases.all()) if found else [], "sees_group": is_inside}


def own_page_of(pk: int, *, today: date) -> dict:
    """What carrier staff see of their own actor: its entry and contact persons, nothing private and nobody else."""
    return _facts(_with_facts().get(pk=pk), today)


def _with_facts():
    return Actor.objects.select_related("type", "parent", "verified_by").prefetch_related(
        Prefetch("districts", District.objects.defer("boundary")),
        "action_fields",
        "target_groups",
        Prefetch("contacts", ContactPerson.objects.select_related("successor", "keeper").prefetch_related("reaches")),
    )


def _facts(actor: Actor, today: date) -> dict:
    people = actor.contacts.all()
    return {
        "actor": actor,
        "is_old": is_old(actor, today=today, months=DirectorySettings.load().verify_months),
        "people": [one for one in people if not one.is_over],
        "former": [one for one in people if one.is_over],
        "today": today,
    }


def _merges(actor: Actor) -> list[ActorMerge]:
    return list(actor.merges.filter(undone_at=None).select_related("merged", "by"))


def _tie(relation: Relation, actor: Actor) -> Tie:
    if relation.source_id == actor.pk:
        return Tie(relation, relation.target, relation.get_kind_display())
    return Tie(relation, relation.source, Relation.BACKWARDS[relation.kind])


def _event(event) -> dict:
    words = event.get_kind_display()
    return {"at": event.at, "title": words[:1].upper() + words[1:], "by": event.by}


def _notes(actor: Actor, user: User) -> list[ContactNote]:
    notes = ContactNote.objects.visible_to(user).filter(actor=actor)
    notes = notes.select_related("person", "by", "keeper", "district")
    return list(notes[: NOTES_SHOWN + 1])


@dataclass(frozen=True)
class Gaps:
    """What is not connected: fields and groups without network, actors without any tie, networks that do not meet."""

    fields: list[ActionField]
    groups: list[TargetGroup]
    alone: object  # queryset of actors
    silent: object  # queryset of networks
    months: int


def gaps_in(user: User, district: District | None, *, today: date) -> Gaps:
    """The gaps of a district (with what works city-wide) or of the whole city.

    A field or group counts as missing only where actors work on it: where nobody works, a network could not be.
    """
    networks, actors = Network.objects.visible_to(user).active(), Actor.objects.visible_to(user).active()
    if district:
        networks = networks.filter(Q(districts=district) | Q(districts=None))
        actors = actors.filter(actors.in_districts([district.pk], or_citywide=False))
    months = DirectorySettings.load().meeting_months
    return Gaps(
        fields=_without(ActionField, networks, actors),
        groups=_without(TargetGroup, networks, actors),
        alone=actors.filter(_no_ties(today)).for_list(),
        silent=networks.without_meeting(today=today, months=months).order_by("last_met_on", "sort_key"),
        months=months,
    )


def _without(model, networks, actors) -> list:
    """Entries of a list that no network has; with `actor_count`, the actors who work on it."""
    found = list(model.objects.exclude(networks__in=networks.values("pk")).filter(is_active=True))
    name = model._meta.model_name
    links = model.actors.through.objects.filter(actor__in=actors.values("pk"), **{f"{name}__in": found})
    counts = dict(links.values_list(name).annotate(Count("pk")).order_by())
    for one in found:
        one.actor_count = counts.get(one.pk, 0)
    return sorted(found, key=lambda one: (-one.actor_count, one.position, one.sort_key))


def _no_ties(today: date) -> Q:
    """Condition: in no network today, in no relation, without carrier and carrying nobody."""
    relations, this = Relation.objects.present(), OuterRef("pk")
    return (
        Q(parent=None)
        & ~Q(pk__in=NetworkMembership.objects.valid_on(today).values("actor"))  # few; an index of theirs is slow
        & ~Exists(relations.filter(source=this))
        & ~Exists(relations.filter(target=this))
        & ~Exists(Actor.objects.present().filter(parent=this))
    )
