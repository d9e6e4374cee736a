"""Writes on resident groups and their phases (Z31, Z32)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from districts.models import Actor, GroupPhase, ResidentGroup, User

from .base import CHANGED, Conflict, moment


@transaction.atomic
def save_group(
    *,
    actor: Actor,
    by: User,
    version: int | None = None,
    phase: int | None = None,
    at: datetime | None = None,
    **fields,
) -> ResidentGroup:
    """Enter what is known of a resident group, or change it; `version` is the one the person saw.

    `phase` belongs to a new one; later it changes by a step of its own, which says why.

    Raises:
        Conflict: somebody else has entered or changed it meanwhile.
    """
    at = moment(at)
    Actor.objects.select_for_update(no_key=True).get(pk=actor.pk)
    found = ResidentGroup.objects.select_for_update().filter(actor=actor).first()
    if (found.version if found else None) != version:
        raise Conflict(CHANGED)
    is_new = found is None
    found = found or ResidentGroup(actor=actor, phase=phase or ResidentGroup.STARTS_IN)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 0 if is_new else 1
    found.save()
    if is_new:
        since = found.founded_on or timezone.localdate(at)
        _add(found, found.phase, since=min(since, timezone.localdate(at)), evidence="", by=by, at=at)
    return found


@transaction.atomic
def change_phase(
    *, group: ResidentGroup, phase: int, since: date, evidence: str, by: User, at: datetime | None = None
) -> GroupPhase:
    """A group is in another phase, or stays in its own although its moderation has changed: both are written down.

    Raises:
        ValidationError: a day to come, or before the last change.
    """
    at = moment(at)
    group = ResidentGroup.objects.select_for_update().get(pk=group.pk)
    last = group.phases.first()
    if since > timezone.localdate(at):
        raise ValidationError({"since": "Dieser Tag liegt in der Zukunft."})
    if last and since < last.since:
        raise ValidationError({"since": f"Der letzte Eintrag gilt seit dem {last.since:%d.%m.%Y}."})
    group.phase, group.version = phase, group.version + 1
    group.save(update_fields=["phase", "version"])
    return _add(group, phase, since=since, evidence=evidence, by=by, at=at)


def _add(group: ResidentGroup, phase: int, *, since: date, evidence: str, by: User, at: datetime) -> GroupPhase:
    return GroupPhase.objects.create(
        group=group, phase=phase, moderation=group.moderation, since=since, evidence=evidence, by=by, at=at
    )
