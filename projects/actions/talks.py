"""Writes on coordination talks (Z21)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.actions.base import Conflict
from districts.models import Department, District, User
from projects.models import CoordinationTalk

from .base import CHANGED


@transaction.atomic
def save_talk(
    *,
    by: User,
    departments: Iterable[Department],
    districts: Iterable[District],
    talk: CoordinationTalk | None = None,
    version: int | None = None,
    **fields,
) -> CoordinationTalk:
    """Record a coordination talk or correct it; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: no department took part.
    """
    departments = list(departments)
    if not departments:
        raise ValidationError({"departments": "Bitte mindestens einen Fachbereich ankreuzen."})
    found = CoordinationTalk.objects.select_for_update().get(pk=talk.pk) if talk else CoordinationTalk(by=by)
    if talk and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if talk else 0
    found.save()
    found.departments.set(departments)
    found.districts.set(districts)
    return found
