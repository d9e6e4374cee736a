"""Photos of a concern, and photos held while a concern is still being typed (K01)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from concerns.models import Concern, HeldPhoto, Photo
from districts.models import User
from quartier.photos import Prepared, forget_files, stored

from .base import Conflict, LoopError, lock_concern, moment, record

MAX_PHOTOS = 10  # of one concern
TOO_MANY = f"Mehr als {MAX_PHOTOS} Fotos je Anliegen sind nicht möglich."


@transaction.atomic
def add_photo(*, concern: Concern, photo: Prepared, by: User, at: datetime | None = None) -> Photo:
    """Add a photo to an open concern.

    Raises:
        Conflict: the concern was closed meanwhile.
        LoopError: it has as many photos as it may have.
    """
    at = moment(at)
    concern = _open_with_room(concern, 1)
    added = Photo.objects.create(concern=concern, by=by, at=at, **_files(photo))
    record(concern, "photo_added", by=by, at=at, photo=added.pk)
    return added


@transaction.atomic
def remove_photo(*, photo: Photo, by: User, at: datetime | None = None) -> None:
    """Remove a photo from a concern; its files go when the change is certain.

    Raises:
        Conflict: somebody else removed it.
    """
    at = moment(at)
    concern = lock_concern(Concern(pk=photo.concern_id))
    found = Photo.objects.select_for_update().filter(pk=photo.pk).first()
    if found is None:
        raise Conflict("Dieses Foto ist schon entfernt.")
    record(concern, "photo_removed", by=by, at=at, photo=found.pk)
    _forget_files([found])
    found.delete()


@transaction.atomic
def hold_photo(*, user: User, form_key: UUID, photo: Prepared, at: datetime | None = None) -> HeldPhoto:
    """Keep a photo for a concern that is not saved yet; the same file sent again is kept once.

    Raises:
        LoopError: the form holds as many photos as a concern may have.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two uploads at a time must not pass the limit together
    held = HeldPhoto.objects.filter(user=user, form_key=form_key)
    if known := held.filter(digest=photo.digest).first():
        return known
    if held.count() >= MAX_PHOTOS:
        raise LoopError(TOO_MANY)
    return HeldPhoto.objects.create(
        user=user, form_key=form_key, name=photo.name, digest=photo.digest, at=moment(at), **_files(photo)
    )


@transaction.atomic
def attach_held(*, concern: Concern, form_key: UUID, by: User, at: datetime | None = None) -> list[Photo]:
    """Give a concern the photos that were held for it.

    Raises:
        Conflict: the concern is closed.
        LoopError: it would have more photos than it may have.
    """
    at = moment(at)
    held = list(HeldPhoto.objects.select_for_update().filter(user=by, form_key=form_key))
    if not held:
        return []
    concern = _open_with_room(concern, len(held))
    photos = []
    for one in held:
        photo = Photo.objects.create(
            concern=concern, image=one.image.name, preview=one.preview.name, size=one.size, by=by, at=at
        )
        record(concern, "photo_added", by=by, at=at, photo=photo.pk)
        photos.append(photo)
    HeldPhoto.objects.filter(pk__in=[one.pk for one in held]).delete()
    return photos


@transaction.atomic
def drop_held(*, photos: Iterable[HeldPhoto]) -> int:
    """Forget held photos with their files; returns how many there were."""
    found = list(HeldPhoto.objects.select_for_update().filter(pk__in=[photo.pk for photo in photos]))
    _forget_files(found)
    HeldPhoto.objects.filter(pk__in=[one.pk for one in found]).delete()
    return len(found)


def drop_stale(*, before: datetime) -> int:
    """Forget photos held since before a moment: nobody has saved their concern."""
    return drop_held(photos=HeldPhoto.objects.filter(at__lt=before))


def _open_with_room(concern: Concern, wanted: int) -> Concern:
    locked = lock_concern(concern)
    if not locked.is_open:
        raise Conflict("Das Anliegen ist inzwischen abgeschlossen; Fotos können nicht mehr dazukommen.")
    if locked.photos.count() + wanted > MAX_PHOTOS:
        raise LoopError(TOO_MANY)
    return locked


def _files(photo: Prepared) -> dict:
    """Fields of a stored photo."""
    return {"image": stored(photo.full), "preview": stored(photo.preview), "size": len(photo.full)}


def _forget_files(photos: Iterable[Photo | HeldPhoto]) -> None:
    for photo in photos:
        forget_files(photo.image, photo.preview)
