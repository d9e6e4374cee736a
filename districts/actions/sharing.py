"""Writes on shared offices: enter, change, move on, members, assessments (Z04)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import Actor, OfficeShare, ShareAssessment, ShareEvent, ShareMember, User
from districts.sharing import LABELS, Status, may_follow

from .actors import lock_actor
from .base import CHANGED, Conflict, moment
from .people import overlapping

Kind = ShareEvent.Kind


def _lock(share: OfficeShare, version: int | None = None) -> OfficeShare:
    found = OfficeShare.objects.select_for_update().get(pk=share.pk)
    if version is not None and found.version != version:
        raise Conflict(CHANGED)
    return found


def _record(share: OfficeShare, kind: str, *, by: User, at: datetime | None, **more) -> None:
    ShareEvent.objects.create(share=share, kind=kind, by=by, at=moment(at), **more)


@transaction.atomic
def save_share(
    *, by: User, share: OfficeShare | None = None, version: int | None = None, at: datetime | None = None, **fields
) -> OfficeShare:
    """Enter a shared office as an idea, or change what is known about it; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: it is decided and would lose its office.
    """
    found = _lock(share, version) if share else OfficeShare(created_at=moment(at))
    for name, value in fields.items():
        setattr(found, name, value)
    if found.office is None and found.status in (Status.DECIDED, Status.ACTIVE):
        raise ValidationError({"office": "Was beschlossen ist, braucht ein Stadtteilbüro."})
    found.version += 1 if share else 0
    found.save()
    _record(found, Kind.EDITED if share else Kind.ENTERED, by=by, at=at)
    return found


@transaction.atomic
def move_share(
    *, share: OfficeShare, status: str, on: date, version: int, by: User, at: datetime | None = None
) -> OfficeShare:
    """Take a shared office on to the next state, from a day on.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: this state may not follow, it has no place or no member yet, or it would end before it began.
    """
    found = _lock(share, version)
    if not may_follow(found.status, status):
        raise ValidationError(f"Auf „{found.get_status_display()}“ kann nicht „{LABELS[Status(status)]}“ folgen.")
    if status in (Status.DECIDED, Status.ACTIVE) and found.office_id is None:
        raise ValidationError("Zuerst bitte unter „Bearbeiten“ das Stadtteilbüro eintragen.")
    if status == Status.ACTIVE:
        if not found.members.valid_on(on).exists():
            raise ValidationError("Zuerst bitte eintragen, welcher Träger ab diesem Tag dabei ist.")
        found.started_on = on
    if status == Status.ENDED:
        if found.started_on and on < found.started_on:
            raise ValidationError(f"Die Bürogemeinschaft begann erst am {found.started_on:%d.%m.%Y}.")
        found.ended_on = on
    found.status = status
    found.version += 1
    found.save(update_fields=["status", "started_on", "ended_on", "version"])
    _record(found, Kind.MOVED, by=by, at=at, status=status, on=on)
    return found


@transaction.atomic
def save_member(
    *,
    share: OfficeShare,
    actor: Actor,
    by: User,
    member: ShareMember | None = None,
    version: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    at: datetime | None = None,
    **fields,
) -> ShareMember:
    """Enter or change who belongs to a shared office, and since when; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it, or the actor was merged meanwhile.
        ValidationError: the actor belongs to it already during some of that time.
    """
    lock_actor(actor)
    found = _lock(share)
    made = ShareMember.objects.select_for_update().get(pk=member.pk) if member else ShareMember(share=found)
    if member and made.version != version:
        raise Conflict(CHANGED)
    others = found.members.filter(actor=actor).exclude(pk=member.pk if member else None)
    if overlapping(others, valid_from, valid_to).exists():
        raise ValidationError({"actor": f"{actor} ist in diesem Zeitraum schon dabei."})
    values = {"actor": actor, "valid_from": valid_from, "valid_to": valid_to, **fields}
    for name, value in values.items():
        setattr(made, name, value)
    made.version += 1 if member else 0
    made.save()
    _record(found, Kind.MEMBER, by=by, at=at)
    return made


@transaction.atomic
def assess_share(
    *, share: OfficeShare, on: date, pros: str, cons: str, conclusion: str, by: User, at: datetime | None = None
) -> ShareAssessment:
    """Keep what speaks for and against it in this quarter; earlier assessments stay."""
    found = _lock(share)
    made = ShareAssessment.objects.create(
        share=found, on=on, pros=pros, cons=cons, conclusion=conclusion, by=by, at=moment(at)
    )
    _record(found, Kind.ASSESSED, by=by, at=at)
    return made
