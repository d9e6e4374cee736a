"""Writes on the images of an item of public relations: whose they are, and who has agreed (Z41)."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from districts.models import User
from projects.models import Document, EventPhoto, PRImage, PRItem
from quartier.photos import Prepared, forget_files, stored

from .base import Conflict, LoopError, moment
from .public_relations import CLOSED, lock_item, note

MAX_IMAGES = 12
KEPT = timedelta(days=365)  # an image to which nobody has agreed
THERE = "Dieses Bild ist schon da."


def _open_with_room(item: PRItem, digest: str) -> PRItem:
    found = lock_item(item)
    if not found.is_writable:
        raise Conflict(CLOSED)
    if found.images.filter(digest=digest).exists():
        raise LoopError(THERE)
    if found.images.count() >= MAX_IMAGES:
        raise LoopError(f"Mehr als {MAX_IMAGES} Bilder je Beitrag sind nicht möglich.")
    return found


def _changed(item: PRItem, kind: str, *, by: User, at: datetime) -> None:
    """Whoever approves agrees to the images, too: with them the item is another one."""
    item.version += 1
    item.save(update_fields=["version"])
    note(item, kind, by=by, at=at)


@transaction.atomic
def add_image(
    *, item: PRItem, photo: Prepared, alt: str, rights: str, consent: str, by: User, at: datetime | None = None
) -> PRImage:
    """Add an image to a draft.

    Raises:
        Conflict: it is no draft any more.
        LoopError: it has as many as it may have, or this one already.
    """
    found, at = _open_with_room(item, photo.digest), moment(at)
    _changed(found, "image_added", by=by, at=at)
    return PRImage.objects.create(
        item=found, image=stored(photo.full), preview=stored(photo.preview), size=len(photo.full),
        digest=photo.digest, alt=alt, rights=rights, consent=consent, by=by, at=at,
    )  # fmt: skip


def usable_photos(item: PRItem):
    """Photos of the item's event, or of its project's events, that may be shown: everybody on them has agreed."""
    photos = EventPhoto.objects.exclude(consent=EventPhoto.Consent.INTERNAL)
    if item.event_id:
        return photos.filter(event=item.event_id)
    return photos.filter(event__project=item.project_id) if item.project_id else photos.none()


@transaction.atomic
def take_photo(*, item: PRItem, photo: EventPhoto, rights: str, by: User, at: datetime | None = None) -> PRImage:
    """Copy the photo of an event into a draft; consent and words come along.

    Raises:
        Conflict: the item is no draft any more, or the photo is gone.
        LoopError: consent was withdrawn, it is there already, or there are too many.
    """
    source = EventPhoto.objects.select_for_update().filter(pk=photo.pk).first()
    if source is None:
        raise Conflict("Dieses Foto gibt es nicht mehr.")
    found, at = _open_with_room(item, source.digest), moment(at)
    if not usable_photos(found).filter(pk=source.pk).exists():
        raise LoopError("Dieses Foto darf nicht gezeigt werden: Eine Einwilligung fehlt.")
    _changed(found, "image_added", by=by, at=at)
    full, preview = (_copied(file) for file in (source.image, source.preview))
    return PRImage.objects.create(
        item=found, source=source, image=full, preview=preview, size=source.size, digest=source.digest,
        alt=source.caption, rights=rights, consent=source.consent, by=by, at=at,
    )  # fmt: skip


def usable_pictures(item: PRItem):
    """Pictures filed with the proof of use that an item was drafted from, or with those of its project (Z38)."""
    proofs = Q(proof_of__proof__pr_items=item)
    if item.project_id:
        proofs |= Q(proof_of__project=item.project_id)
    return Document.objects.pictures().filter(proofs).distinct()


@transaction.atomic
def take_picture(
    *, item: PRItem, picture: Document, alt: str, rights: str, consent: str, by: User, at: datetime | None = None
) -> PRImage:
    """Copy a picture of a proof of use into a draft; whether everybody on it has agreed is asked here.

    Raises:
        Conflict: the item is no draft any more, or the picture is gone.
        LoopError: it belongs to another project, it is there already, or there are too many.
    """
    source = Document.objects.select_for_update().filter(pk=picture.pk).first()
    if source is None:
        raise Conflict("Dieses Bild gibt es nicht mehr.")
    found, at = _open_with_room(item, source.digest), moment(at)
    if not usable_pictures(found).filter(pk=source.pk).exists():
        raise LoopError("Dieses Bild gehört zu einem anderen Projekt.")
    _changed(found, "image_added", by=by, at=at)
    full, preview = (_copied(file) for file in (source.file, source.preview))
    return PRImage.objects.create(
        item=found, image=full, preview=preview, size=source.size, digest=source.digest, alt=alt, rights=rights,
        consent=consent, by=by, at=at,
    )  # fmt: skip


def _copied(file) -> ContentFile:
    try:
        with file.open("rb") as opened:
            return stored(opened.read())
    except FileNotFoundError as error:
        raise Conflict("Die Datei dieses Bildes fehlt.") from error


@transaction.atomic
def change_image(
    *,
    image: PRImage,
    consent: str,
    by: User,
    seen: str = "",
    alt: str | None = None,
    rights: str | None = None,
    at: datetime | None = None,
) -> PRImage:
    """Somebody has agreed, or, of a draft, the words were wrong; `seen` is the consent that the person saw.

    Raises:
        Conflict: the image is gone, its words may not change any more, or the consent has changed meanwhile: who takes
            it back is not overruled by a form that was opened before.
        LoopError: what has appeared cannot lose its consent; the image has to go.
    """
    item = lock_item(PRItem(pk=image.item_id))
    found = PRImage.objects.select_for_update().filter(pk=image.pk).first()
    if found is None:
        raise Conflict("Dieses Bild ist inzwischen entfernt.")
    if seen and seen != found.consent:
        raise Conflict(f"Inzwischen steht dort: {found.get_consent_display()}. Bitte noch einmal wählen.")
    words = {name: value for name, value in (("alt", alt), ("rights", rights)) if value is not None}
    if not item.is_writable and any(getattr(found, name) != value for name, value in words.items()):
        raise Conflict(CLOSED)
    if item.published_on and consent == PRImage.Consent.MISSING:
        raise LoopError("Der Beitrag ist erschienen. Ohne Einwilligung bitte das Bild entfernen.")
    for name, value in {**words, "consent": consent}.items():
        setattr(found, name, value)
    found.save(update_fields=[*words, "consent"])
    note(item, "organised", by=by, at=moment(at))
    return found


def withdraw_copies(photo: EventPhoto, *, by: User, at: datetime | None = None) -> None:
    """Who takes back the consent to a photo takes it back for its copies: what has appeared loses the image at once,
    everything else cannot appear with it.
    """
    for copy in PRImage.objects.filter(source=photo).select_related("item").order_by("item_id", "pk"):
        if lock_item(copy.item).published_on:
            remove_image(image=copy, by=by, at=at)
        elif copy.consent != PRImage.Consent.MISSING:
            change_image(image=copy, consent=PRImage.Consent.MISSING, by=by, at=at)


@transaction.atomic
def remove_image(*, image: PRImage, by: User, at: datetime | None = None) -> None:
    """Remove an image, whatever the item's state: somebody may take back their consent at any time.

    Raises:
        Conflict: it is gone already.
    """
    item = lock_item(PRItem(pk=image.item_id))
    found = PRImage.objects.select_for_update().filter(pk=image.pk).first()
    if found is None:
        raise Conflict("Dieses Bild ist schon entfernt.")
    _changed(item, "image_removed", by=by, at=moment(at))
    forget_files(found.image, found.preview)
    found.delete()


@transaction.atomic
def forget_images_without_consent(*, at: datetime | None = None) -> int:
    """Delete images to which nobody has agreed within a year (Q02); returns how many."""
    before = timezone.localdate(moment(at)) - KEPT
    old = PRImage.objects.filter(consent=PRImage.Consent.MISSING, at__date__lt=before)
    found = list(old.select_for_update())
    for one in found:
        forget_files(one.image, one.preview)
        one.delete()
    return len(found)
