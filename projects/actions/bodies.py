"""Writes on bodies and their members (Z18)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from concerns.models import OutgoingMail
from districts.actions.base import Conflict
from districts.actions.people import overlapping
from districts.models import District, User
from projects.models import Body, BodyMember

from .base import CHANGED, moment, record

KEPT = timedelta(days=90)  # addresses of sent invitations


@transaction.atomic
def save_body(
    *,
    by: User,
    districts: Iterable[District],
    body: Body | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> Body:
    """Enter or change a body; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    found = Body.objects.select_for_update(no_key=True).get(pk=body.pk) if body else Body()
    if body and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if body else 0
    found.save()
    found.districts.set(districts)
    record(found, "edited" if body else "entered", by=by, at=moment(at))
    return found


@transaction.atomic
def save_member(
    *, body: Body, by: User, member: BodyMember | None = None, version: int | None = None, **fields
) -> BodyMember:
    """Let somebody belong to a body for a time, or change that; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: they belong to it in this time already, or deputise for somebody of another body.
    """
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    found = BodyMember.objects.get(pk=member.pk) if member else BodyMember(body=body)
    if member and found.version != version:
        raise Conflict(CHANGED)
    found.version += 1 if member else 0
    for name, value in fields.items():
        setattr(found, name, value)
    if found.deputy_for and found.deputy_for.body_id != body.pk:
        raise ValidationError({"deputy_for": "Dieses Mitglied gehört zu einem anderen Gremium."})
    _check_once(body, found)
    found.save()
    return found


def _check_once(body: Body, found: BodyMember) -> None:
    same = Q(actor=found.actor_id, contact=found.contact_id, user=found.user_id, department=found.department_id)
    others = body.members.filter(same, name=found.name).exclude(pk=found.pk)
    if overlapping(others, found.valid_from, found.valid_to).exists():
        raise ValidationError(f"{found.label} gehört in dieser Zeit schon zum Gremium.")


@transaction.atomic
def end_member(*, member: BodyMember, last_day: date, by: User) -> BodyMember:
    """Somebody leaves a body after a day; what they took part in stays.

    Raises:
        ValidationError: the day lies before the first one.
    """
    Body.objects.select_for_update(no_key=True).get(pk=member.body_id)
    member.refresh_from_db(fields=["valid_from", "valid_to", "version"])
    if member.valid_from and last_day < member.valid_from:
        raise ValidationError({"last_day": "Das liegt vor dem ersten Tag."})
    member.valid_to = last_day
    member.version += 1
    member.save(update_fields=["valid_to", "version"])
    return member


@transaction.atomic
def forget_addresses(*, at: datetime | None = None) -> int:
    """Remove what is no longer needed to write to somebody (Q02); returns how many addresses went.

    Of people by name who have left a body, and of invitations that are so old that none of them can still come back.
    """
    at = moment(at)
    gone = BodyMember.objects.exclude(name="").filter(valid_to__lt=timezone.localdate(at)).exclude(email="")
    mails = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.INVITATION, created_at__lt=at - KEPT)
    sent = mails.exclude(state=OutgoingMail.State.QUEUED).exclude(to="")
    return gone.update(email="", consent_on=None) + sent.update(to="")
