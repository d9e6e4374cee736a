"""Writes on districts and offices."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import Borough, District, LivingSpace, Office, User
from quartier.photos import Prepared, forget_files, stored
from quartier.text import code_of

from .people import overlapping


@transaction.atomic
def save_district(
    *,
    name: str,
    short_name: str,
    borough: Borough,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    district: District | None = None,
    **profile,
) -> District:
    """Enter or change a district; its code is made once of the name and then stays, whatever the name becomes.

    `profile`: description, population and its day.

    Raises:
        ValidationError: another district has the same code.
    """
    found = (
        District.objects.select_for_update().get(pk=district.pk)
        if district
        else District(slug=code_of(name, "quartier"))
    )
    if not district and District.objects.filter(slug=found.slug).exists():
        raise ValidationError({"name": "Ein Quartier mit fast demselben Namen gibt es schon."})
    found.name, found.short_name, found.borough = name, short_name, borough
    found.valid_from, found.valid_to = valid_from, valid_to
    for field, value in profile.items():
        setattr(found, field, value)
    found.save()
    return found


@transaction.atomic
def save_living_space(
    *,
    name: str,
    district: District,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    space: LivingSpace | None = None,
) -> LivingSpace:
    """Enter or change a Lebensraum; when it goes over to another district, the old row ends and a new one begins.

    Raises:
        ValidationError: it belongs to a district in that time already.
    """
    others = LivingSpace.objects.filter(name=name).exclude(pk=space.pk if space else None)
    if overlapping(others, valid_from, valid_to).exists():
        raise ValidationError({"name": "Diesen Lebensraum gibt es in dieser Zeit schon."})
    found = LivingSpace.objects.select_for_update().get(pk=space.pk) if space else LivingSpace()
    found.name, found.district, found.valid_from, found.valid_to = name, district, valid_from, valid_to
    found.save()
    return found


@transaction.atomic
def save_office(
    *,
    districts: Iterable[District],
    by: User,
    office: Office | None = None,
    photo: Prepared | None = None,
    drop_photo: bool = False,
    **fields,
) -> Office:
    """Enter or change an office with its address, the districts it serves and its photo."""
    found = Office.objects.select_for_update().get(pk=office.pk) if office else Office()
    for name, value in fields.items():
        setattr(found, name, value)
    if photo or drop_photo:
        forget_files(found.photo, found.photo_preview)
        found.photo, found.photo_preview = (stored(photo.full), stored(photo.preview)) if photo else ("", "")
    found.save()
    found.districts.set(districts)
    return found
