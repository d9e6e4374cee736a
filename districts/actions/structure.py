"""Writes on how districts are classified (Z01) and steered (Z12)."""

import logging
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import District, DistrictClassification, DistrictStructure, User

from .base import CHANGED, Conflict
from .people import overlapping

logger = logging.getLogger("quartier.master_data")


@transaction.atomic
def save_classification(
    *,
    district: District,
    kind: str,
    basis: str,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    classification: DistrictClassification | None = None,
    version: int | None = None,
) -> DistrictClassification:
    """Classify a district for a time, or change that.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: the district is classified so in this time already.
    """
    district = District.objects.select_for_update().get(pk=district.pk)
    found = (
        DistrictClassification.objects.select_for_update().get(pk=classification.pk)
        if classification
        else DistrictClassification()
    )
    if classification and found.version != version:
        raise Conflict(CHANGED)
    same = DistrictClassification.objects.filter(district=district, kind=kind).exclude(pk=found.pk)
    if overlapping(same, valid_from, valid_to).exists():
        raise ValidationError({"district": f"{district} ist in dieser Zeit schon so eingestuft."})
    found.district, found.kind, found.basis = district, kind, basis
    found.valid_from, found.valid_to = valid_from, valid_to
    found.version += 1 if classification else 0
    found.save()
    logger.info("classification %s saved by %s", found.pk, by.pk)
    return found


@transaction.atomic
def save_structure(*, district: District, version: int, by: User, **fields) -> DistrictStructure:
    """Say who coordinates a district and how it is steered; `version` is 0 where nobody has said so yet.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: whoever shall coordinate or stand in has left meanwhile.
    """
    district = District.objects.select_for_update().get(pk=district.pk)
    found = DistrictStructure.objects.filter(district=district).first()
    if (found.version if found else 0) != version:
        raise Conflict(CHANGED)
    for name in ("coordinator", "deputy"):
        _check_stays(name, fields.get(name))
    found = found or DistrictStructure(district=district, version=0)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version = version + 1
    found.save()
    logger.info("structure of district %s saved by %s", district.pk, by.pk)
    return found


def _check_stays(field: str, person: User | None) -> None:
    """Lock somebody who shall be named; whoever closes the access waits, or has been faster."""
    if person and not User.objects.select_for_update().get(pk=person.pk).is_active:
        raise ValidationError({field: f"Der Zugang von {person} ist geschlossen."})
