"""Writes on opening hours: what was valid stays as history, what never began is removed (Z03, Q06)."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import Office, OfficeQuality, OpeningException, OpeningSlot, User
from districts.opening import Change, monday_of

logger = logging.getLogger("quartier.master_data")


@transaction.atomic
def add_slot(*, office: Office, by: User, **fields) -> OpeningSlot:
    """Enter hours. The week of `anchor` is what counts, so any day of it will do."""
    slot = OpeningSlot.objects.create(office=office, **_with_monday(fields))
    logger.info("slot %s of office %s entered by %s", slot.pk, office.pk, by.pk)
    return slot


@transaction.atomic
def change_slot(*, slot: OpeningSlot, by: User, change_from: date | None = None, **fields) -> OpeningSlot:
    """Change hours from a day on, so that the earlier ones stay as history; without a day a mistake is corrected.

    Exceptions of the slot from that day on belong to the new hours.

    Raises:
        ValidationError: the day lies after the last day of the hours.
    """
    slot = OpeningSlot.objects.select_for_update().get(pk=slot.pk)
    fields = _with_monday(fields)
    if change_from is None or (slot.valid_from and change_from <= slot.valid_from):
        for name, value in fields.items():
            setattr(slot, name, value)
        slot.save()
        logger.info("slot %s corrected by %s", slot.pk, by.pk)
        return slot
    if slot.valid_to and change_from > slot.valid_to:
        raise ValidationError({"change_from": f"Der Termin endet schon am {slot.valid_to:%d.%m.%Y}."})
    slot.valid_to = change_from - timedelta(days=1)
    slot.save(update_fields=["valid_to"])
    changed = OpeningSlot.objects.create(office_id=slot.office_id, **fields | {"valid_from": change_from})
    _hand_over_exceptions(slot, changed, change_from)
    logger.info("slot %s replaced by %s, set by %s", slot.pk, changed.pk, by.pk)
    return changed


def _hand_over_exceptions(slot: OpeningSlot, changed: OpeningSlot, day: date) -> None:
    """Exceptions from a day on belong to the new hours; one that lasts beyond that day is divided there."""
    for one in slot.exceptions.filter(first_day__lt=day, last_day__gte=day):
        last_day, one.last_day = one.last_day, day - timedelta(days=1)
        one.save(update_fields=["last_day"])
        one.pk, one.slot, one.first_day, one.last_day = None, changed, day, last_day
        one.save(force_insert=True)
    slot.exceptions.filter(first_day__gte=day).update(slot=changed)


@transaction.atomic
def end_slot(*, slot: OpeningSlot, last_day: date, by: User) -> None:
    """End hours with a day; hours that have not begun are removed, for they never counted.

    Raises:
        ValidationError: the day lies before the first day of hours that have begun.
    """
    slot = OpeningSlot.objects.select_for_update().get(pk=slot.pk)
    if not slot.has_begun:
        slot.delete()
    elif slot.valid_from and last_day < slot.valid_from:
        raise ValidationError({"last_day": f"Der Termin begann erst am {slot.valid_from:%d.%m.%Y}."})
    else:
        slot.valid_to = last_day
        slot.save(update_fields=["valid_to"])
    logger.info("slot of office %s ended by %s", slot.office_id, by.pk)


@transaction.atomic
def save_exception(
    *, office: Office, by: User, exception: OpeningException | None = None, **fields
) -> OpeningException:
    """Enter or change what holds on certain days."""
    found = (
        OpeningException.objects.select_for_update().get(pk=exception.pk)
        if exception
        else OpeningException(office=office)
    )
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    logger.info("exception %s of office %s saved by %s", found.pk, office.pk, by.pk)
    return found


@transaction.atomic
def close_offices(
    *, offices: Iterable[Office], first_day: date, last_day: date, reason: str, by: User
) -> list[OpeningException]:
    """Close several offices on the same days, all or none; where the same is entered already nothing is added."""
    days = {"first_day": first_day, "last_day": last_day, "change": Change.CLOSED, "reason": reason}
    found = Office.objects.select_for_update().filter(pk__in=[one.pk for one in offices]).order_by("pk")
    return [
        save_exception(office=office, by=by, **days)
        for office in found
        if not office.exceptions.filter(slot=None, **days).exists()
    ]


@transaction.atomic
def remove_exception(*, exception: OpeningException, by: User) -> None:
    """Let the usual hours hold again."""
    exception.delete()
    logger.info("exception of office %s removed by %s", exception.office_id, by.pk)


@transaction.atomic
def save_qualities(
    *, office: Office, answers: Mapping[str, tuple[str, str]], group_room_size: int | None, by: User
) -> None:
    """Keep the checklist: by item the state and a note."""
    office = Office.objects.select_for_update().get(pk=office.pk)
    office.group_room_size = group_room_size
    office.save(update_fields=["group_room_size"])
    rows = [OfficeQuality(office=office, item=item, state=state, note=note) for item, (state, note) in answers.items()]
    OfficeQuality.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["office", "item"], update_fields=["state", "note"]
    )
    logger.info("checklist of office %s saved by %s", office.pk, by.pk)


def _with_monday(fields: dict) -> dict:
    anchor = fields.get("anchor")
    return fields | ({"anchor": monday_of(anchor)} if anchor else {})
