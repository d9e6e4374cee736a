"""Writes on departments: renamed and merged ones stay and point to their successor (I9)."""

import logging
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import Department, DepartmentContact, User

logger = logging.getLogger("quartier.rights")


@transaction.atomic
def save_department(
    *, by: User, department: Department | None = None, contacts: Sequence[DepartmentContact] = (), removed=(), **fields
) -> Department:
    """Enter or change a department together with its contacts."""
    found = Department.objects.select_for_update().get(pk=department.pk) if department else Department()
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    for contact in contacts:
        contact.department = found
        contact.save()
    for contact in removed:
        contact.delete()
    logger.info("department %s saved by %s", found.pk, by.pk)
    return found


@transaction.atomic
def follow(*, department: Department, successor: Department, last_day: date, by: User) -> Department:
    """Renamed or merged: `department` ends on `last_day` and `successor` continues its work.

    Open routings stay where they are; the successor's people see them from now on.

    Raises:
        ValidationError: the chain of successors would become a circle, or the day lies before the first.
    """
    # All of them, so that no two people can close a circle at the same moment.
    list(Department.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    department = Department.objects.get(pk=department.pk)
    if department.pk in Department.objects.get(pk=successor.pk).with_successor_ids():
        raise ValidationError(
            {"successor": f"Das geht im Kreis: {successor} wird selbst von {department} fortgeführt."}
        )
    if department.valid_from and last_day < department.valid_from:
        raise ValidationError({"last_day": f"{department} gibt es erst ab {department.valid_from:%d.%m.%Y}."})
    department.successor, department.valid_to = successor, last_day
    department.save(update_fields=["successor", "valid_to"])
    logger.info("department %s followed by %s, set by %s", department.pk, successor.pk, by.pk)
    return department


@transaction.atomic
def undo_follow(*, department: Department, by: User) -> Department:
    """Take a succession back: the department counts again without end."""
    department = Department.objects.select_for_update().get(pk=department.pk)
    department.successor = department.valid_to = None
    department.save(update_fields=["successor", "valid_to"])
    logger.info("succession of department %s taken back by %s", department.pk, by.pk)
    return department
