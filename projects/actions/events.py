"""Writes on events: planning, what came of them, photos, the next year's (Z30)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from concerns.models import Concern
from districts.models import Actor, TargetGroup, User
from projects.models import Event, EventPhoto
from projects.workflow import EVENT_MOVES, YEAR, EventStatus, FollowUpStatus, may_move
from quartier.photos import Prepared, forget_files, stored

from .base import Conflict, LoopError, day, moment
from .logbook import lock_event, note, promise_report
from .pr_images import withdraw_copies

MAX_PHOTOS = 20
REPORT_SAYS_SOMETHING = "Bitte die Zahl der Teilnehmenden oder eine kurze Auswertung angeben."
CALLED_OFF = "Die Veranstaltung ist abgesagt."
# What the next one takes over from the one before.
COPIED = (
    "title", "format", "project", "district", "starts", "ends", "office", "room", "place", "description",
    "invited_via", "phase", "keeper", "repeats_yearly", "is_public", "participation", "open_points", "fixed_points",
    "decided_by",
)  # fmt: skip


@transaction.atomic
def save_event(
    *,
    by: User,
    organisers: Iterable[Actor] | None = None,
    target_groups: Iterable[TargetGroup] | None = None,
    event: Event | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> Event:
    """Plan an event or change what is known of it; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        LoopError: one that took place would be still to come, or too many of that name take place on its day.
    """
    at = moment(at)
    found = lock_event(event, version) if event else Event(created_at=at)
    for name, value in fields.items():
        setattr(found, name, value)
    if found.status == EventStatus.HELD and found.on > day(at):
        raise LoopError("Die Veranstaltung fand schon statt: Ihr Tag liegt nicht in der Zukunft.")
    if not event or not _has_concerns(found):
        found.occasion = _occasion(found)
    found.version += 1 if event else 0
    found.save()
    if organisers is not None:
        found.organisers.set(organisers)
    if target_groups is not None:
        found.target_groups.set(target_groups)
    note(found, "edited" if event else "entered", by=by, at=at)
    promise_report(found, by=by, at=at)
    return found


def _has_concerns(event: Event) -> bool:
    """Whether somebody captured a concern at it: then its occasion stays, or the concerns would lose it."""
    return Concern.objects.filter(occasion__iexact=event.occasion).exists()


def _occasion(event: Event) -> str:
    """What concerns carry that are raised there: unlike that of any other event."""
    plain = f"{event.title}, {event.on:%d.%m.%Y}"
    longer = f"{event.title[:60]}, {event.district.short_name[:30]}, {event.on:%d.%m.%Y}"
    choices = [plain, longer, *(f"{longer} ({n})" for n in range(2, 50))]
    taken = set(Event.objects.filter(occasion__in=choices).exclude(pk=event.pk).values_list("occasion", flat=True))
    free = next((one for one in choices if one not in taken), None)
    if free is None:
        raise LoopError("An diesem Tag gibt es schon viele Veranstaltungen mit diesem Titel.")
    return free


@transaction.atomic
def report_event(*, event: Event, by: User, version: int | None = None, at: datetime | None = None, **fields) -> Event:
    """An event took place; write down what came of it, also later once more.

    Raises:
        LoopError: it is still to come, or neither a number of participants nor a word on how it was (Z30).
        Conflict: it was cancelled or changed meanwhile.
    """
    at, found = moment(at), lock_event(event, version)
    if found.on > day(at):
        raise LoopError(f"Die Veranstaltung ist erst am {found.on:%d.%m.%Y}.")
    if fields.get("participants") is None and not fields.get("evaluation", "").strip():
        raise LoopError(REPORT_SAYS_SOMETHING)
    old = found.status
    if old != EventStatus.HELD:
        _check(found, EventStatus.HELD)
    for name, value in {**fields, "status": EventStatus.HELD}.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*fields, "status", "version"])
    if old != EventStatus.HELD:
        note(found, "moved", by=by, at=at, old=old, new=EventStatus.HELD, on=min(found.last_day, day(at)))
    else:
        note(found, "edited", by=by, at=at)
    return found


def _check(event: Event, to: str) -> None:
    if not may_move(EVENT_MOVES, event.status, to):
        raise Conflict(f"Das geht nicht: Die Veranstaltung steht inzwischen auf „{event.get_status_display()}“.")


def _move(event: Event, to: str, *, by: User, at: datetime, **fields) -> Event:
    found = lock_event(event)
    old = found.status
    _check(found, to)
    for name, value in {"status": to, **fields}.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=["status", *fields, "version"])
    note(found, "moved", by=by, at=at, old=old, new=to)
    return found


@transaction.atomic
def cancel_event(*, event: Event, reason: str, by: User, drop_tasks: bool = True, at: datetime | None = None) -> Event:
    """Call an event off; its open tasks are dropped with it unless somebody still has to do them.

    Raises:
        LoopError: no reason.
        Conflict: it took place or was cancelled meanwhile.
    """
    if not reason.strip():
        raise LoopError("Bitte den Grund nennen.")
    at = moment(at)
    found = _move(event, EventStatus.CANCELLED, by=by, at=at, cancel_reason=reason.strip())
    if drop_tasks:
        found.tasks.open().update(
            status=FollowUpStatus.DROPPED, settled_on=day(at), settled_by=by, result=CALLED_OFF,
            version=F("version") + 1,
        )  # fmt: skip
    return found


@transaction.atomic
def replan_event(*, event: Event, by: User, at: datetime | None = None) -> Event:
    """A cancelled event takes place after all, or one was said to have taken place by mistake.

    Tasks that were dropped because it was called off are open again.

    Raises:
        Conflict: it is planned already.
    """
    found = _move(event, EventStatus.PLANNED, by=by, at=moment(at), cancel_reason="")
    found.tasks.filter(status=FollowUpStatus.DROPPED, result=CALLED_OFF).update(
        status=FollowUpStatus.OPEN, settled_on=None, settled_by=None, result="", version=F("version") + 1
    )
    return found


@transaction.atomic
def stop_repeating(*, event: Event, by: User, at: datetime | None = None) -> Event:
    """An event that repeated yearly does not come again: nobody is asked for the next one.

    Raises:
        Conflict: somebody has said so already, or the next one is planned.
    """
    found = lock_event(event)
    if not found.repeats_yearly or Event.objects.filter(previous=found).exists():
        raise Conflict("Das hat inzwischen jemand anderes entschieden.")
    found.repeats_yearly = False
    found.version += 1
    found.save(update_fields=["repeats_yearly", "version"])
    note(found, "edited", by=by, at=moment(at))
    return found


@transaction.atomic
def plan_next(*, event: Event, by: User, at: datetime | None = None) -> Event:
    """The same event a year later, on the same day of the week, not public until somebody has looked at it.

    Raises:
        Conflict: it is planned already.
    """
    found, at = lock_event(event), moment(at)
    if Event.objects.filter(previous=found).exists():
        raise Conflict("Für das nächste Jahr ist diese Veranstaltung schon angelegt.")
    on = found.on + YEAR
    until = found.until + YEAR if found.until else None
    copy = {name: getattr(found, name) for name in COPIED} | {"is_public": False}
    if found.keeper and not found.keeper.is_active:
        copy["keeper"] = None  # it would lie in nobody's basket
    if found.project and not found.project.is_under_way:
        copy["project"] = None
    return save_event(
        by=by, at=at, previous=found, on=on, until=until, **copy,
        organisers=list(found.organisers.all()), target_groups=list(found.target_groups.all()),
    )  # fmt: skip


@transaction.atomic
def add_organiser(*, event: Event, actor: Actor, by: User) -> None:
    """The event is held together with this actor."""
    lock_event(event).organisers.add(actor)


@transaction.atomic
def remove_organiser(*, event: Event, actor: Actor, by: User) -> None:
    """The event is not held with this actor after all."""
    lock_event(event).organisers.remove(actor)


@transaction.atomic
def add_photo(
    *, event: Event, photo: Prepared, caption: str, consent: str, by: User, at: datetime | None = None
) -> EventPhoto:
    """Add a photo to an event; `consent` says who may see it.

    Raises:
        LoopError: it has as many as it may have, or this one already.
    """
    found = lock_event(event)
    if found.photos.filter(digest=photo.digest).exists():
        raise LoopError("Dieses Foto ist schon da.")
    if found.photos.count() >= MAX_PHOTOS:
        raise LoopError(f"Mehr als {MAX_PHOTOS} Fotos je Veranstaltung sind nicht möglich.")
    return EventPhoto.objects.create(
        event=found, image=stored(photo.full), preview=stored(photo.preview), size=len(photo.full),
        digest=photo.digest, caption=caption, consent=consent, by=by, at=moment(at),
    )  # fmt: skip


@transaction.atomic
def change_photo(*, photo: EventPhoto, caption: str, consent: str, by: User) -> EventPhoto:
    """Somebody has agreed, or wants the photo out of public sight again, and with it its copies in public relations.

    Raises:
        Conflict: somebody has removed it meanwhile.
    """
    found = EventPhoto.objects.select_for_update().filter(pk=photo.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat dieses Foto inzwischen entfernt.")
    found.caption, found.consent = caption, consent
    found.save(update_fields=["caption", "consent"])
    if consent == EventPhoto.Consent.INTERNAL:
        withdraw_copies(found, by=by)
    return found


@transaction.atomic
def remove_photo(*, photo: EventPhoto, by: User) -> None:
    """Remove a photo from an event; its files go when the change is certain."""
    found = EventPhoto.objects.select_for_update().filter(pk=photo.pk).first()
    if found:
        forget_files(found.image, found.preview)
        found.delete()


@transaction.atomic
def forget_internal_photos(*, at: datetime | None = None) -> int:
    """Delete photos without consent a year after they were taken up (Q02); returns how many."""
    before = timezone.localdate(moment(at)) - timedelta(days=365)
    old = EventPhoto.objects.filter(consent=EventPhoto.Consent.INTERNAL, at__date__lt=before)
    found = list(old.select_for_update())
    for one in found:
        forget_files(one.image, one.preview)
        one.delete()
    return len(found)
