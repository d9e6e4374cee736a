"""Two entries for one actor become one, and two again if it was a mistake (Z13)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from districts.models import (
    Actor,
    ActorEvent,
    ActorMerge,
    Assignment,
    AssignmentCarrier,
    Booking,
    ContactNote,
    ContactPerson,
    Membership,
    Network,
    NetworkMembership,
    Offer,
    OpeningSlot,
    Relation,
    ResidentGroup,
    ShareMember,
    TaskDuty,
    User,
)

from .actors import ancestor_ids, record
from .base import Conflict, moment
from .people import overlapping

# Taken over where the kept entry says nothing; an address only as a whole.
FILLED = (
    ("short_name",), ("carrier_type",), ("legal_form",), ("street", "postcode", "city"), ("phone",), ("email",),
    ("website",), ("description",), ("source",),
)  # fmt: skip
AREAS = ("steering_actor", "planning_actor", "community_actor")  # of an assignment
SETS = ("districts", "action_fields", "target_groups")
CHANGED_SINCE = (
    "Mitgliedschaften oder Beziehungen wurden seit der Zusammenführung so geändert, dass sie sich beim anderen Eintrag "
    "doppeln würden. Bitte zuerst dort berichtigen."
)
GONE = "Einer der beiden Einträge wurde inzwischen schon zusammengeführt."


@transaction.atomic
def merge_actors(*, kept: Actor, merged: Actor, by: User, at: datetime | None = None) -> ActorMerge:
    """Everything that hangs on `merged` goes to `kept`, which also takes over what it did not know itself.

    What `kept` has already (the same relation, the same time in a network) stays where it is and is no longer shown.

    Raises:
        Conflict: one of them is merged already.
    """
    at = moment(at)
    kept, merged = _lock(kept, merged)
    if kept.merged_into_id or merged.merged_into_id:
        raise Conflict(GONE)
    moved = {
        "contacts": _move(ContactPerson.objects.filter(actor=merged), actor=kept),
        "notes": _move(ContactNote.objects.filter(actor=merged), actor=kept),
        "offers": _move(Offer.objects.filter(provider=merged), provider=kept),
        "networks": _move(Network.objects.filter(coordinator=merged), coordinator=kept),
        "memberships": _move_memberships(merged, kept),
        "staff": _move_staff(merged, kept),
        "seats": _move_seats(merged, kept),
        **_move_projects(merged, kept),
        "referrals": _move(merged.referrals.all(), actor=kept),
        **_move_offices(merged, kept),
        **_move_relations(merged, kept),
        "children": _move(Actor.objects.filter(parent=merged).exclude(pk__in=ancestor_ids(kept)), parent=kept),
        "carriers": _move_carriers(merged, kept),
        "shared_duties": _join_duties(merged, kept),
        "duties": _move(TaskDuty.objects.filter(actor=merged), actor=kept),
        **{name: _move(Assignment.objects.filter(**{name: merged}), **{name: kept}) for name in AREAS},
        "filled": _fill(kept, merged),
        "languages": [code for code in merged.languages if code not in kept.languages],
        **{name: _add(kept, merged, name) for name in SETS},
    }
    kept.languages = [*kept.languages, *moved["languages"]]
    if kept.parent_id == merged.pk:
        kept.parent, moved["parent"] = None, True
    kept.version += 1
    kept.save()
    merged.merged_into, merged.version = kept, merged.version + 1
    merged.save(update_fields=["merged_into", "version"])
    record(kept, ActorEvent.Kind.MERGED, by=by, at=at)
    return ActorMerge.objects.create(kept=kept, merged=merged, moved=moved, by=by, at=at)


@transaction.atomic
def undo_merge(*, merge: ActorMerge, by: User, at: datetime | None = None) -> ActorMerge:
    """Two entries again: what came from the merged one goes back, what was added since stays with the kept one.

    Raises:
        Conflict: taken back already, the kept entry was itself merged since, or what would go back was changed so that
            it no longer fits beside what the merged entry has.
    """
    at = moment(at)
    kept, merged = _lock(merge.kept, merge.merged)
    merge = ActorMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise Conflict("Diese Zusammenführung ist schon zurückgenommen.")
    if kept.merged_into_id:
        raise Conflict("Der Eintrag ist inzwischen selbst in einem anderen aufgegangen. Bitte zuerst das zurücknehmen.")
    moved = merge.moved
    try:
        with transaction.atomic():
            _move_back(moved, kept, merged)
    except IntegrityError as error:
        raise Conflict(CHANGED_SINCE) from error
    for name in moved["filled"]:
        if getattr(kept, name) == getattr(merged, name):
            setattr(kept, name, "")
    _take_out(kept, moved)
    kept.languages = [code for code in kept.languages if code not in moved["languages"]]
    if moved.get("parent") and kept.parent_id is None:
        kept.parent = merged
    kept.version += 1
    kept.save()
    merged.merged_into, merged.version = None, merged.version + 1
    merged.save(update_fields=["merged_into", "version"])
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    record(kept, ActorEvent.Kind.UNMERGED, by=by, at=at)
    return merge


def _move_back(moved: dict, kept: Actor, merged: Actor) -> None:
    _move(ContactPerson.objects.filter(pk__in=moved["contacts"], actor=kept), actor=merged)
    _move(ContactNote.objects.filter(pk__in=moved["notes"], actor=kept), actor=merged)
    # Merges of the time before there were offers do not name any.
    _move(Offer.objects.filter(pk__in=moved.get("offers", ()), provider=kept), provider=merged)
    _move(Network.objects.filter(pk__in=moved["networks"], coordinator=kept), coordinator=merged)
    _move(NetworkMembership.objects.filter(pk__in=moved["memberships"], actor=kept), actor=merged)
    _move(Membership.objects.filter(pk__in=moved.get("staff", ()), actor=kept), actor=merged)
    _move(kept.body_seats.filter(pk__in=moved.get("seats", ())), actor=merged)
    _move_projects_back(moved, kept, merged)
    _move(kept.referrals.filter(pk__in=moved.get("referrals", ())), actor=merged)
    _move(ShareMember.objects.filter(pk__in=moved.get("shares", ()), actor=kept), actor=merged)
    _move(Booking.objects.filter(pk__in=moved.get("bookings", ()), actor=kept), actor=merged)
    _move(OpeningSlot.objects.filter(pk__in=moved.get("slots", ()), provider_actor=kept), provider_actor=merged)
    _move(Relation.objects.filter(pk__in=moved["sources"], source=kept), source=merged)
    _move(Relation.objects.filter(pk__in=moved["targets"], target=kept), target=merged)
    _move(Actor.objects.filter(pk__in=moved["children"], parent=kept), parent=merged)
    _move_assignments_back(moved, kept, merged)


def _move_assignments_back(moved: dict, kept: Actor, merged: Actor) -> None:
    """What belongs to assignments; merges from before there were any know nothing of it."""
    _move(AssignmentCarrier.objects.filter(pk__in=moved.get("carriers", []), actor=kept), actor=merged)
    _move(TaskDuty.objects.filter(pk__in=moved.get("duties", []), actor=kept), actor=merged)
    _part_duties(moved.get("shared_duties", []), kept, merged)
    for name in AREAS:
        _move(Assignment.objects.filter(**{"pk__in": moved.get(name, []), name: kept}), **{name: merged})


def _take_out(kept: Actor, moved: dict) -> None:
    """Take out of the many-to-many fields what was added, but never the last district.

    An actor without any belongs to every team, and so would the private data of its contact persons.
    """
    for name in SETS:
        rows = getattr(kept, name)
        if name != "districts" or rows.exclude(pk__in=moved[name]).exists():
            rows.remove(*moved[name])


def _lock(*actors: Actor) -> list[Actor]:
    """The actors as they stand now, locked in one order whatever the order they are named in."""
    pks = [one.pk for one in actors]
    locked = {one.pk: one for one in Actor.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    return [locked[one.pk] for one in actors]


def _move(rows, **to) -> list[int]:
    """Point rows to another actor; returns their ids."""
    ids = sorted(rows.order_by().values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=ids).update(**to)
    return ids


def _move_memberships(merged: Actor, kept: Actor) -> list[int]:
    own = NetworkMembership.objects.filter(actor=kept)
    free = [
        one.pk
        for one in NetworkMembership.objects.filter(actor=merged)
        if not overlapping(own.filter(network=one.network_id), one.valid_from, one.valid_to).exists()
    ]
    return _move(NetworkMembership.objects.filter(pk__in=free), actor=kept)


def _move_staff(merged: Actor, kept: Actor) -> list[int]:
    """Roles of carrier staff; a role somebody has for `kept` at the same time already stays where it is."""
    own = Membership.objects.filter(actor=kept)
    free = [
        one.pk
        for one in Membership.objects.filter(actor=merged)
        if not overlapping(own.filter(user=one.user_id), one.valid_from, one.valid_to).exists()
    ]
    return _move(Membership.objects.filter(pk__in=free), actor=kept)


def _move_seats(merged: Actor, kept: Actor) -> list[int]:
    """Seats in bodies; that of the actor itself stays where `kept` sits at the same time already."""
    own = kept.body_seats.filter(contact=None)
    free = [
        one.pk
        for one in merged.body_seats.all()
        if one.contact_id or not overlapping(own.filter(body=one.body_id), one.valid_from, one.valid_to).exists()
    ]
    return _move(merged.body_seats.filter(pk__in=free), actor=kept)


def _move_projects(merged: Actor, kept: Actor) -> dict[str, list[int]]:
    """What it leads, where it is a partner and `kept` is not, what it organises, what it is as a resident group, and
    what it asks funds for."""
    events = sorted(merged.organised_events.exclude(organisers=kept).values_list("pk", flat=True))
    merged.organised_events.remove(*events)
    kept.organised_events.add(*events)
    groups = ResidentGroup.objects.filter(actor=merged)
    return {
        "projects": _move(merged.led_projects.all(), lead=kept),
        "partnerships": _move(merged.partnerships.exclude(project__in=kept.partnerships.values("project")), actor=kept),
        "events": events,
        "groups": [] if ResidentGroup.objects.filter(actor=kept).exists() else _move(groups, actor=kept),
        "applications": _move(merged.fund_applications.all(), applicant=kept),
        "partnered": _move(merged.partnered_applications.all(), partner=kept),
    }


def _move_projects_back(moved: dict, kept: Actor, merged: Actor) -> None:
    _move(kept.led_projects.filter(pk__in=moved.get("projects", ())), lead=merged)
    _move(kept.partnerships.filter(pk__in=moved.get("partnerships", ())), actor=merged)
    _move(ResidentGroup.objects.filter(pk__in=moved.get("groups", ()), actor=kept), actor=merged)
    _move(kept.fund_applications.filter(pk__in=moved.get("applications", ())), applicant=merged)
    _move(kept.partnered_applications.filter(pk__in=moved.get("partnered", ())), partner=merged)
    events = kept.organised_events.filter(pk__in=moved.get("events", ()))
    merged.organised_events.add(*events)
    kept.organised_events.remove(*events)


def _move_offices(merged: Actor, kept: Actor) -> dict[str, list[int]]:
    """Places in shared offices that `kept` does not have at the same time, bookings, and consultation hours."""
    own = ShareMember.objects.filter(actor=kept)
    free = [
        one.pk
        for one in ShareMember.objects.filter(actor=merged)
        if not overlapping(own.filter(share=one.share_id), one.valid_from, one.valid_to).exists()
    ]
    return {
        "shares": _move(ShareMember.objects.filter(pk__in=free), actor=kept),
        "bookings": _move(Booking.objects.filter(actor=merged), actor=kept),
        "slots": _move(OpeningSlot.objects.filter(provider_actor=merged), provider_actor=kept),
    }


def _move_carriers(merged: Actor, kept: Actor) -> list[int]:
    own = AssignmentCarrier.objects.filter(actor=kept)
    free = [
        one.pk
        for one in AssignmentCarrier.objects.filter(actor=merged)
        if not overlapping(own.filter(assignment=one.assignment_id), one.valid_from, one.valid_to).exists()
    ]
    return _move(AssignmentCarrier.objects.filter(pk__in=free), actor=kept)


def _join_duties(merged: Actor, kept: Actor) -> list[tuple[int, str, str]]:
    """Tasks that both have become one line, of the one who answers if either does.

    Returns agreement, part of `merged` and part of `kept` for the way back.
    """
    own = {one.agreement_id: one for one in TaskDuty.objects.filter(actor=kept)}
    joined = []
    for one in TaskDuty.objects.filter(actor=merged, agreement__in=list(own)).order_by("pk"):
        other = own[one.agreement_id]
        joined.append((one.agreement_id, one.part, other.part))
        one.delete()
        if one.part == TaskDuty.Part.RESPONSIBLE != other.part:
            other.part = one.part
            other.save(update_fields=["part"])
    return joined


def _part_duties(joined: list, kept: Actor, merged: Actor) -> None:
    """Two lines again where both had a task, unless it was agreed anew without them since."""
    for agreement, part, own in joined:
        if TaskDuty.objects.filter(agreement=agreement, actor=kept).update(part=own):
            TaskDuty.objects.get_or_create(agreement_id=agreement, actor=merged, defaults={"part": part})


def _move_relations(merged: Actor, kept: Actor) -> dict[str, list[int]]:
    """Relations that `kept` does not have already, neither to itself nor the same cooperation the other way round."""
    taken = {_key(one) for one in Relation.objects.filter(source=kept) | Relation.objects.filter(target=kept)}
    sources, targets = [], []
    for one in Relation.objects.filter(source=merged).order_by("pk"):
        one.source = kept
        if one.target_id != kept.pk and _key(one) not in taken:
            taken.add(_key(one))
            sources.append(one.pk)
    for one in Relation.objects.filter(target=merged).order_by("pk"):
        one.target = kept
        if one.source_id != kept.pk and _key(one) not in taken:
            taken.add(_key(one))
            targets.append(one.pk)
    return {
        "sources": _move(Relation.objects.filter(pk__in=sources), source=kept),
        "targets": _move(Relation.objects.filter(pk__in=targets), target=kept),
    }


def _key(relation: Relation) -> tuple:
    """What there may be only one relation of; who is named first does not matter when two cooperate."""
    ends = (relation.source_id, relation.target_id)
    return relation.kind, *(sorted(ends) if relation.kind == Relation.Kind.COOPERATES else ends)


def _fill(kept: Actor, merged: Actor) -> list[str]:
    """Take over what `kept` does not say; returns the names of the fields, never their texts."""
    filled = []
    for group in FILLED:
        if not any(getattr(kept, name) for name in group):
            for name in group:
                if getattr(merged, name):
                    setattr(kept, name, getattr(merged, name))
                    filled.append(name)
    return filled


def _add(kept: Actor, merged: Actor, name: str) -> list[int]:
    """Add what `kept` lacks of a many-to-many field; no districts mean the whole city, which nothing is added to."""
    own = set(getattr(kept, name).values_list("pk", flat=True))
    new = sorted(set(getattr(merged, name).values_list("pk", flat=True)) - own)
    if name == "districts" and not own:
        return []
    getattr(kept, name).add(*new)
    return new
