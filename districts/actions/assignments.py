"""Writes on assignments: entering, changing, moving on, terms, carriers, decisions (Z06, Z08–Z10)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from districts.assigning import Status, may_move
from districts.models import (
    Actor,
    Assignment,
    AssignmentCarrier,
    AssignmentDecision,
    AssignmentEvent,
    AssignmentTerm,
    District,
    User,
)

from .actors import lock_actor, lock_actors
from .base import CHANGED, Conflict, moment
from .people import overlapping

Kind, Reason = AssignmentEvent.Kind, AssignmentTerm.Reason


def record(
    assignment: Assignment, kind: str, *, by: User, at: datetime | None = None, source: str = "", target: str = ""
) -> None:
    """Append what happened to an assignment."""
    assignment.events.create(kind=kind, source=source, target=target, by=by, at=moment(at))


def lock_assignment(assignment: Assignment, version: int | None = None) -> Assignment:
    """Lock an assignment for the transaction and return it as it stands now.

    Raises:
        Conflict: a version is named and somebody else has changed the assignment since.
    """
    found = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if version is not None and found.version != version:
        raise Conflict(CHANGED)
    return found


def bump(assignment: Assignment, *fields: str) -> None:
    """Save named fields and the next version."""
    assignment.version += 1
    assignment.save(update_fields=["version", *fields])


@transaction.atomic
def enter_assignment(
    *,
    by: User,
    districts: Iterable[District],
    carrier: Actor,
    ends_on: date | None = None,
    status: str = Status.AIMED,
    on: date | None = None,
    at: datetime | None = None,
    **fields,
) -> Assignment:
    """Enter an assignment with its carrier; the end, if there is one, is the first step of the term's history.

    `on`: the day the end was granted; the day of entering when it is not known.

    Raises:
        ValidationError: the carrier is no carrier.
    """
    at = moment(at)
    made = Assignment.objects.create(ends_on=ends_on, status=status, **fields)
    made.districts.set(districts)
    _check_carrier(lock_actor(carrier), "carrier")
    made.carriers.create(actor=carrier, valid_from=made.starts_on)
    if ends_on and status not in (Status.AIMED, Status.APPLIED):
        made.terms.create(reason=Reason.GRANTED, ends_on=ends_on, on=on or timezone.localdate(at), by=by, at=at)
    record(made, Kind.ENTERED, by=by, at=at)
    return made


@transaction.atomic
def change_assignment(
    *,
    assignment: Assignment,
    version: int,
    by: User,
    districts: Iterable[District],
    at: datetime | None = None,
    **fields,
) -> Assignment:
    """Change what an assignment is; `version` is the one the person saw. Status and end have steps of their own.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: it would become its own predecessor over others, or a post would lose its district.
    """
    found = lock_assignment(assignment, version)
    districts = list(districts)
    if fields.get("predecessor") and found.pk in _line_of(fields["predecessor"]):
        raise ValidationError({"predecessor": "Das geht im Kreis: Dieser Einsatz ist selbst ein Nachfolger."})
    left = found.posts.exclude(district=None).exclude(district__in=districts).select_related("district").first()
    if left:
        raise ValidationError({"districts": f"In {left.district} gibt es die Stelle „{left}“. Bitte zuerst umhängen."})
    for name, value in fields.items():
        setattr(found, name, value)
    bump(found, *fields)
    found.districts.set(districts)
    record(found, Kind.EDITED, by=by, at=at)
    return found


def _line_of(assignment: Assignment) -> list[int]:
    """Ids of an assignment, its predecessor, the predecessor's predecessor …"""
    found, pk = [], assignment.pk
    while pk is not None and pk not in found:
        found.append(pk)
        pk = Assignment.objects.values_list("predecessor_id", flat=True).get(pk=pk)
    return found


@transaction.atomic
def move_assignment(*, assignment: Assignment, status: str, by: User, at: datetime | None = None) -> Assignment:
    """Go on to another state.

    Raises:
        Conflict: the state is not, or no longer, reached from the present one.
        ValidationError: it cannot have run out without an end or before it, nor be made permanent with one.
    """
    at, found = moment(at), lock_assignment(assignment)
    if not may_move(found.status, status):
        raise Conflict(f"Der Einsatz ist „{found.get_status_display()}“. Von dort führt kein Weg dorthin.")
    if status == Status.EXPIRED and found.ends_on is None:
        raise ValidationError("Ein Einsatz ohne Ende kann nicht auslaufen. Bitte zuerst das Ende eintragen.")
    if status == Status.EXPIRED and found.ends_on > timezone.localdate(at):
        raise ValidationError(f"Der Einsatz läuft noch bis {found.ends_on:%d.%m.%Y}. Bitte zuerst die Laufzeit kürzen.")
    if status == Status.CONTINUED and found.ends_on is not None:
        raise ValidationError("Wer verstetigt, hat kein Ende mehr. Bitte zuerst die Laufzeit entfristen.")
    source, found.status = found.status, status
    bump(found, "status")
    if status == Status.DECIDED and found.ends_on and not found.terms.exclude(reason=Reason.APPLIED).exists():
        # The end was only a plan so far; with the decision it is the first step of its history.
        found.terms.create(reason=Reason.GRANTED, ends_on=found.ends_on, on=timezone.localdate(at), by=by, at=at)
    record(found, Kind.MOVED, by=by, at=at, source=source, target=status)
    return found


@transaction.atomic
def change_term(
    *,
    assignment: Assignment,
    reason: str,
    ends_on: date | None,
    on: date,
    by: User,
    reference: str = "",
    at: datetime | None = None,
) -> AssignmentTerm:
    """Add a step to the history of the end; an application for more time leaves the end as it is (Z06).

    Raises:
        ValidationError: the new end does not fit the reason, or lies before the beginning.
    """
    found = lock_assignment(assignment)
    if fault := term_fault(reason, ends_on, found):
        raise ValidationError({"ends_on": fault})
    term = found.terms.create(
        reason=reason, previous_end=found.ends_on, ends_on=ends_on, on=on, reference=reference, by=by, at=moment(at)
    )
    if reason != Reason.APPLIED:
        found.ends_on = ends_on
    bump(found, "ends_on")
    record(found, Kind.TERM, by=by, at=at)
    return term


def term_fault(reason: str, ends_on: date | None, assignment: Assignment) -> str:
    """Why an end does not fit the reason of its change; empty when it does."""
    old, begin = assignment.ends_on, assignment.starts_on
    if assignment.status == Status.EXPIRED and reason in (Reason.EXTENDED, Reason.PERMANENT):
        return "Der Einsatz ist ausgelaufen. Bitte zuerst den Stand auf „laufend“ setzen."
    if reason == Reason.PERMANENT:
        return "Entfristet heißt: ohne Ende. Bitte das Datum leer lassen." if ends_on else ""
    if assignment.status == Status.CONTINUED:
        return "Der Einsatz ist verstetigt. Bitte zuerst den Stand auf „laufend“ setzen."
    if ends_on is None:
        return "Bitte das Ende angeben."
    if begin and ends_on < begin:
        return f"Der Einsatz beginnt erst am {begin:%d.%m.%Y}."
    if reason in (Reason.EXTENDED, Reason.APPLIED) and (old is None or ends_on <= old):
        return f"Eine Verlängerung reicht über den {old:%d.%m.%Y} hinaus." if old else "Es gibt noch kein Ende."
    if reason == Reason.SHORTENED and old is not None and ends_on >= old:
        return f"Verkürzt heißt: vor dem {old:%d.%m.%Y}."
    return ""


@transaction.atomic
def decide(
    *,
    assignment: Assignment,
    choice: str,
    reason: str,
    on: date,
    by: User,
    reference: str = "",
    new_end: date | None = None,
    at: datetime | None = None,
) -> AssignmentDecision:
    """Record what becomes of an assignment and why (Z08); with `new_end` the term is extended in the same step.

    Raises:
        ValidationError: the new end is no extension, or the decision stands there already.
    """
    found = lock_assignment(assignment)
    same = Q(reference__iexact=reference) if reference else Q(reference="", on=on, reason=reason)
    if found.decisions.filter(same, choice=choice).exists():
        raise ValidationError({"reference" if reference else "choice": "Diese Entscheidung ist schon festgehalten."})
    made = found.decisions.create(choice=choice, reason=reason, on=on, reference=reference, by=by, at=moment(at))
    record(found, Kind.DECIDED, by=by, at=at)
    if new_end:
        if choice != AssignmentDecision.Choice.EXTEND:
            raise ValidationError({"new_end": "Ein neues Ende gibt es nur beim Verlängern."})
        try:
            change_term(
                assignment=found, reason=Reason.EXTENDED, ends_on=new_end, on=on, reference=reference, by=by, at=at
            )
        except ValidationError as error:
            raise ValidationError({"new_end": error.messages}) from error
    return made


@transaction.atomic
def save_carrier(
    *,
    assignment: Assignment,
    actor: Actor,
    role: str,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    carrier: AssignmentCarrier | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> AssignmentCarrier:
    """Let an actor carry an assignment for a time, alone or with others, or change that (Z09).

    Raises:
        Conflict: somebody else has changed it, or the actor was merged meanwhile.
        ValidationError: the actor is no carrier, has a role here already, or somebody else is the carrier then.
    """
    known = lock_actor(actor)
    held = lock_assignment(assignment)
    found = held.carriers.get(pk=carrier.pk) if carrier else AssignmentCarrier(assignment=held)
    if carrier and found.version != version:
        raise Conflict(CHANGED)
    _check_carrier(known, "actor")
    others = overlapping(held.carriers.exclude(pk=found.pk).select_related("actor"), valid_from, valid_to)
    if others.filter(actor=actor).exists():
        raise ValidationError({"actor": f"{actor} ist in dieser Zeit schon eingetragen."})
    sole = AssignmentCarrier.Role.CARRIER
    if role == sole and (other := others.filter(role=sole).first()):
        raise ValidationError({"role": f"In dieser Zeit ist {other.actor} der Träger."})
    found.actor, found.role, found.valid_from, found.valid_to = actor, role, valid_from, valid_to
    found.version += 1 if carrier else 0
    found.save()
    record(held, Kind.CARRIER, by=by, at=at)
    return found


def _check_carrier(actor: Actor, field: str) -> None:
    if not actor.carrier_type:
        raise ValidationError({field: f"{actor} hat keinen Trägertyp. Bitte ihn zuerst beim Akteur eintragen."})


@transaction.atomic
def set_model(*, assignment: Assignment, version: int, by: User, at: datetime | None = None, **fields) -> Assignment:
    """Say how an assignment is organised and who answers for the three areas (Z10).

    Raises:
        Conflict: somebody else has changed it, or an actor was merged meanwhile.
    """
    lock_actors(value for value in fields.values() if isinstance(value, Actor))
    found = lock_assignment(assignment, version)
    for name, value in fields.items():
        setattr(found, name, value)
    bump(found, *fields)
    record(found, Kind.MODEL, by=by, at=at)
    return found
