"""Writes on items of public relations: writing, handing in, deciding by somebody else, publishing (Z41)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from districts.actions.base import Conflict as Late
from districts.models import District, User
from projects.models import PRItem, PRLog
from projects.workflow import PR_AGREED, PR_MOVES, PRStatus, may_move

from .base import CHANGED, Conflict, LoopError, day, moment

CLOSED = "Der Beitrag ist nicht mehr im Entwurf. Wer ihn ändern will, holt ihn zuerst zurück."


def lock_item(item: PRItem) -> PRItem:
    """Lock an item for the transaction and return it as it stands now."""
    return PRItem.objects.select_for_update(of=("self",)).get(pk=item.pk)


def note(item: PRItem, kind: str, *, by: User, at: datetime, old: str = "", new: str = "") -> None:
    """Append to the history of an item: codes, never words somebody wrote."""
    PRLog.objects.create(item=item, kind=kind, by=by, at=at, old=old, new=new)


@transaction.atomic
def save_item(
    *,
    by: User,
    districts: Iterable[District],
    item: PRItem | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> PRItem:
    """Enter or write an item; an idea with a text is a draft. `version` is the one the person saw.

    Raises:
        Late: somebody else has changed it meanwhile, or it has been handed in.
    """
    at = moment(at)
    found = lock_item(item) if item else PRItem(author=by, created_on=day(at))
    if item and not found.is_writable:
        raise Late(CLOSED)
    if item and found.version != version:
        raise Late(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    old = found.status
    found.status = PRStatus.DRAFT if found.text else PRStatus.IDEA
    found.hint = found.hint if found.status == PRStatus.DRAFT else ""
    found.version += 1 if item else 0
    found.save()
    found.districts.set(districts)
    note(found, "edited" if item else "entered", by=by, at=at, old=old if item else "", new=found.status)
    return found


@transaction.atomic
def organise(*, item: PRItem, by: User, version: int, at: datetime | None = None, **fields) -> PRItem:
    """Change what is not read by the second person: days, channels, print run, cost, where it is to be found.

    Raises:
        Late: somebody else has changed it meanwhile, or it is a draft again or in the archive.
    """
    found = lock_item(item)
    if found.status not in PR_AGREED:
        raise Late(f"Der Beitrag steht inzwischen auf „{found.state}“.")
    if found.version != version:
        raise Late(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*fields, "version"])
    note(found, "organised", by=by, at=moment(at))
    return found


def _move(item: PRItem, to: str, *, by: User, at: datetime, kind: str = "moved", **fields) -> PRItem:
    """Move a locked item, with further fields.

    Raises:
        Conflict: the table of moves does not allow it from where the item stands now.
    """
    if not may_move(PR_MOVES, item.status, to):
        raise Conflict(f"Das geht nicht mehr: Der Beitrag steht inzwischen auf „{item.state}“.")
    old = item.status
    for name, value in {"status": to, **fields}.items():
        setattr(item, name, value)
    item.version += 1
    item.save(update_fields=["status", *fields, "version"])
    note(item, kind, by=by, at=at, old=old, new=to)
    return item


@transaction.atomic
def hand_in(*, item: PRItem, by: User, at: datetime | None = None) -> PRItem:
    """Give a draft to whoever approves; its hint stays until it is approved.

    Raises:
        Conflict: it is no draft any more.
    """
    at = moment(at)
    return _move(lock_item(item), PRStatus.SUBMITTED, by=by, at=at, handed_in_by=by, handed_in_at=at)


@transaction.atomic
def take_back(*, item: PRItem, by: User, at: datetime | None = None) -> PRItem:
    """Write on: a draft that was handed in or approved, or something from the archive that never appeared.

    Raises:
        Conflict: it stands elsewhere by now.
        LoopError: it has appeared.
    """
    found = lock_item(item)
    if found.published_on:
        raise LoopError("Was erschienen ist, bleibt, wie es war. Bitte einen neuen Beitrag anlegen.")
    to = PRStatus.DRAFT if found.text else PRStatus.IDEA
    return _move(found, to, by=by, at=moment(at), approver=None, approved_at=None)


def _check_four_eyes(item: PRItem, by: User) -> None:
    """Refuse whoever has written it or handed it in.

    Raises:
        LoopError: it is the person's own.
    """
    if item.is_written_by(by):
        raise LoopError("Vier Augen: Wer den Beitrag geschrieben oder eingereicht hat, gibt ihn nicht selbst frei.")


@transaction.atomic
def approve(*, item: PRItem, version: int, by: User, at: datetime | None = None) -> PRItem:
    """A second person agrees to exactly what they have read.

    Raises:
        Conflict: it was taken back or decided meanwhile.
        LoopError: it is their own.
    """
    found, at = lock_item(item), moment(at)
    _check_four_eyes(found, by)
    if found.status == PRStatus.SUBMITTED and found.version != version:
        raise Conflict("Der Beitrag hat sich inzwischen geändert. Bitte noch einmal lesen.")
    return _move(found, PRStatus.APPROVED, by=by, at=at, approver=by, approved_at=at, hint="")


@transaction.atomic
def give_back(*, item: PRItem, hint: str, by: User, at: datetime | None = None) -> PRItem:
    """A second person does not agree yet and says why.

    Raises:
        Conflict: it was taken back or decided meanwhile.
        LoopError: without a hint, or it is their own.
    """
    found = lock_item(item)
    _check_four_eyes(found, by)
    if found.status != PRStatus.SUBMITTED:
        raise Conflict(f"Der Beitrag steht inzwischen auf „{found.state}“.")
    if not hint.strip():
        raise LoopError("Bitte schreiben, was noch fehlt.")
    return _move(found, PRStatus.DRAFT, by=by, at=moment(at), kind="returned", hint=hint.strip())


@transaction.atomic
def publish(*, item: PRItem, on: date, by: User, link: str = "", at: datetime | None = None) -> PRItem:
    """An approved item has appeared.

    Raises:
        Conflict: it is not approved (any more).
        LoopError: the day lies ahead, or somebody on an image has not agreed.
    """
    found, at = lock_item(item), moment(at)
    if on > day(at):
        raise LoopError("Der Tag liegt in der Zukunft. Bitte erst festhalten, wenn der Beitrag erschienen ist.")
    if found.images.filter(consent="missing").exists():
        raise LoopError("Zu einem Bild fehlt die Einwilligung. Bitte einholen oder das Bild entfernen.")
    return _move(found, PRStatus.PUBLISHED, by=by, at=at, published_on=on, link=link or found.link)


@transaction.atomic
def archive(*, item: PRItem, by: User, at: datetime | None = None) -> PRItem:
    """Put away what has appeared, or what nobody goes on with.

    Raises:
        Conflict: it lies with whoever approves, or is approved: then it is taken back first.
    """
    return _move(lock_item(item), PRStatus.ARCHIVED, by=by, at=moment(at))


@transaction.atomic
def hand_over(*, person: User, to: User, by: User) -> int:
    """Everything open that `person` keeps in view goes to `to`; returns how many items (D11).

    Each has a new version: a form that was opened before must not give it back to who has left.

    Raises:
        LoopError: to the same person, or to somebody without access.
    """
    people = User.objects.select_for_update().order_by("pk").in_bulk([person.pk, to.pk])
    if person.pk == to.pk or not people[to.pk].is_active:
        raise LoopError("Bitte jemanden wählen, der weiter da ist.")
    return PRItem.objects.kept_by(person).update(keeper=to, version=F("version") + 1)
