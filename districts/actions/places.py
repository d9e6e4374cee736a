"""Writes on districts and offices."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import Borough, District, Office, User
from quartier.text import code_of


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
) -> District:
    """Enter or change a district; its code is made once of the name and then stays, whatever the name becomes.

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
    found.save()
    return found


@transaction.atomic
def save_office(*, districts: Iterable[District], by: User, office: Office | None = None, **fields) -> Office:
    """Enter or change an office with its address and the districts it serves."""
    found = Office.objects.select_for_update().get(pk=office.pk) if office else Office()
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    found.districts.set(districts)
    return found
