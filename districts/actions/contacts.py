"""Writes on contact persons and on the contact log (Z14, Z16)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from districts.models import Actor, ContactNote, ContactPerson, TargetGroup, User
from districts.models.contacts import PRIVATE
from districts.roles import Perm

from .actors import lock_actor
from .base import CHANGED, Conflict, moment


@transaction.atomic
def save_contact(
    *,
    actor: Actor,
    by: User,
    reaches: Iterable[TargetGroup],
    person: ContactPerson | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> ContactPerson:
    """Enter or change a contact person of an actor; `version` is the one the person at the screen saw.

    Raises:
        Conflict: somebody has changed, ended or erased the person meanwhile, or merged the actor.
        ValidationError: private data without consent.
    """
    actor = lock_actor(actor)
    found = _lock_person(person) if person else ContactPerson(created_at=moment(at))
    if person and found.version != version:
        raise Conflict(CHANGED)
    found.version += 1 if person else 0
    found.actor = actor
    for name, value in fields.items():
        setattr(found, name, value)
    if found.consent_on is None and any(getattr(found, name) for name in PRIVATE):
        raise ValidationError({"consent_on": "Private Angaben brauchen eine Einwilligung mit Datum."})
    found.save()
    found.reaches.set(reaches)
    return found


@transaction.atomic
def end_contact(*, person: ContactPerson, valid_to: date, successor: ContactPerson | None, by: User) -> ContactPerson:
    """Somebody stops being the contact person; what is private goes with the consent, who follows is named.

    Raises:
        Conflict: the person was erased meanwhile.
        ValidationError: the last day lies before the first, or the successor belongs to another actor.
    """
    found = _lock_person(person)
    if found.valid_from and valid_to < found.valid_from:
        raise ValidationError({"valid_to": f"{found} ist erst seit {found.valid_from:%d.%m.%Y} Ansprechperson."})
    if successor and successor.actor_id != found.actor_id:
        raise ValidationError({"successor": "Die Nachfolge muss Ansprechperson desselben Akteurs sein."})
    found.valid_to, found.successor, found.consent_on = valid_to, successor, None
    for name in PRIVATE:
        setattr(found, name, "")
    found.version += 1
    found.save(update_fields=["valid_to", "successor", "consent_on", "version", *PRIVATE])
    return found


def _lock_person(person: ContactPerson) -> ContactPerson:
    found = ContactPerson.objects.select_for_update().filter(pk=person.pk).first()
    if found is None:
        raise Conflict("Die Daten dieser Person wurden inzwischen gelöscht.")
    return found


@transaction.atomic
def erase_contact(*, person: ContactPerson, by: User) -> None:
    """Remove a person for good because they ask for it; entries of the log stay, without saying with whom."""
    found = ContactPerson.objects.select_for_update().filter(pk=person.pk).first()
    if found:
        found.delete()


@transaction.atomic
def save_note(
    *,
    actor: Actor,
    by: User,
    note: ContactNote | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> ContactNote:
    """Write an entry of the contact log, or correct one; a new follow-up date is open again.

    Raises:
        Conflict: somebody else has corrected it meanwhile, or the actor was merged into another one meanwhile.
        ValidationError: the person belongs to another actor.
    """
    actor = lock_actor(actor)
    found = ContactNote.objects.select_for_update().get(pk=note.pk) if note else ContactNote(by=by, at=moment(at))
    if note and found.version != version:
        raise Conflict(CHANGED)
    found.version += 1 if note else 0
    if fields.get("person") and fields["person"].actor_id != actor.pk:
        raise ValidationError({"person": "Diese Person gehört zu einem anderen Akteur."})
    if fields["follow_up_on"] != found.follow_up_on:
        found.settled_at = None
    found.actor = actor
    for name, value in fields.items():
        setattr(found, name, value)
    if found.follow_up_on and found.settled_at is None:
        found.keeper = _keeper(found, by)
    found.save()
    return found


def _keeper(note: ContactNote, by: User) -> User:
    """Who attends to an entry: as before, else whoever writes; nobody keeps what they may not read."""
    kept, district = note.keeper, note.district_id
    perm = Perm.CONFIDENTIAL_LOG if note.is_confidential else Perm.CONTACT_LOG
    return kept if kept and kept.is_active and district in kept.rights.districts(perm) else by


@transaction.atomic
def settle_follow_up(*, note: ContactNote, by: User, at: datetime | None = None) -> ContactNote:
    """What the follow-up was about is done.

    Raises:
        Conflict: somebody has settled it already, or it has no follow-up any more.
    """
    found = ContactNote.objects.select_for_update().get(pk=note.pk)
    if found.follow_up_on is None or found.settled_at:
        raise Conflict("Diese Wiedervorlage ist schon erledigt.")
    found.settled_at = moment(at)
    found.save(update_fields=["settled_at"])
    return found


@transaction.atomic
def unsettle_follow_up(*, note: ContactNote, by: User) -> ContactNote:
    """It was not done after all."""
    found = ContactNote.objects.select_for_update().get(pk=note.pk)
    found.settled_at, found.keeper = None, _keeper(found, by)
    found.save(update_fields=["settled_at", "keeper"])
    return found
