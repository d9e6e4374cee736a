"""Taking over a list of actors or offers, all or nothing (Q09)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from districts.importing.offers import read_offers
from districts.importing.plan import ALIKE, CHANGED, FAULTY, KNOWN, NEW, Line
from districts.importing.reader import read_actors
from districts.models import Actor, ActorEvent, ActorFile, Offer, OfferEvent, User

from .actors import save_actor
from .base import Conflict, moment

FILE_DAYS = 7
FILES_KEPT = 5  # of one person; the oldest make room
_AT_A_TIME = 2_000
_SETS = ("districts", "action_fields", "target_groups")
# How a file is read, what its lines become, and where that is noted.
READERS = {ActorFile.Of.ACTORS: read_actors, ActorFile.Of.OFFERS: read_offers}
_ROWS = {ActorFile.Of.ACTORS: (Actor, ActorEvent, "actor"), ActorFile.Of.OFFERS: (Offer, OfferEvent, "offer")}


class ImportRefused(Exception):
    """The file cannot be taken over as it is; the text is a German sentence, nothing was changed."""


@dataclass(frozen=True)
class Imported:
    """What a take-over has done, in lines."""

    added: int
    known: int
    left_out: int
    changed: int = 0


@transaction.atomic
def keep_file(
    *, name: str, content: bytes, by: User, of: str = ActorFile.Of.ACTORS, at: datetime | None = None
) -> ActorFile:
    """Keep an uploaded file until it is taken over or thrown away; the person's oldest ones make room."""
    kept = ActorFile.objects.create(user=by, of=of, name=name[:200], content=content, at=moment(at))
    newest = ActorFile.objects.filter(user=by, of=of).values("pk")[:FILES_KEPT]
    ActorFile.objects.filter(user=by, of=of).exclude(pk__in=newest).delete()
    return kept


def discard_file(*, file: ActorFile, by: User) -> None:
    """Throw a kept file away."""
    ActorFile.objects.filter(pk=file.pk).delete()


def discard_old_files(*, at: datetime | None = None) -> int:
    """Throw away the files nobody came back to; returns how many."""
    return ActorFile.objects.filter(at__lt=moment(at) - timedelta(days=FILE_DAYS)).delete()[0]


@transaction.atomic
def take_over(
    *,
    file: ActorFile,
    fingerprint: str,
    by: User,
    skip_faulty: bool = False,
    with_alike: bool = False,
    with_changes: bool = False,
    at: datetime | None = None,
) -> Imported:
    """Enter what the preview with this fingerprint showed as new, and throw the file away.

    `skip_faulty` leaves lines with errors out, `with_alike` also enters lines that may mean an actor already there,
    `with_changes` changes actors that are there to what the file says of them.

    Raises:
        Conflict: what the file would do has changed since the preview, or somebody has taken it over.
        ImportRefused: the file has no table that can be read, lines with errors that are not left out, or would make
            an actor its own carrier.
        BadFile: it is no table.
    """
    at = moment(at)
    model, events, name = _ROWS[file.of]
    with connection.cursor() as cursor:  # nobody enters the same rows at the same moment
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    kept = ActorFile.objects.select_for_update().filter(pk=file.pk).first()
    if kept is None:
        raise Conflict("Diese Datei wurde schon übernommen oder verworfen.")
    plan = READERS[file.of](bytes(kept.content), user=by)
    if plan.fingerprint != fingerprint:
        raise Conflict(
            "Seit der Vorschau hat sich das Verzeichnis geändert. Hier steht, was die Datei jetzt bewirken würde."
        )
    if plan.problems:
        raise ImportRefused(" ".join(plan.problems))
    if plan.of(FAULTY) and not skip_faulty:
        raise ImportRefused("Einige Zeilen haben Fehler. Bitte berichtigen oder „fehlerhafte Zeilen auslassen“ wählen.")
    wanted = plan.of(NEW, ALIKE) if with_alike else plan.of(NEW)
    _store(model, events, name, wanted, by=by, at=at)
    changed = plan.of(CHANGED) if with_changes else []
    for line in changed:
        _change(line, by=by, at=at)
    kept.delete()
    known = len(plan.of(KNOWN, CHANGED)) - len(changed)
    done = len(wanted) + len(changed) + known
    return Imported(added=len(wanted), known=known, left_out=len(plan.lines) - done, changed=len(changed))


def _change(line: Line, *, by: User, at: datetime) -> None:
    """Write what the preview showed about an actor that is there; the plan was made inside the lock."""
    actor = line.known
    sets = {name: line.updates.pop(name, None) or list(getattr(actor, name).all()) for name in _SETS}
    kind = ActorEvent.Kind.IMPORTED
    try:
        save_actor(actor=actor, version=actor.version, by=by, at=at, kind=kind, **sets, **line.updates)
    except ValidationError as error:
        raise ImportRefused(f"Zeile {line.number}: {error.messages[0]}") from error


def _store(model, events, name: str, lines: list[Line], *, by: User, at: datetime) -> None:
    rows = model.objects.bulk_create([model(created_at=at, **line.values) for line in lines], batch_size=_AT_A_TIME)
    for several in _SETS:
        field = model._meta.get_field(several)
        through, column = field.remote_field.through, field.m2m_reverse_field_name()
        links = [
            through(**{name: row, column: one})
            for row, line in zip(rows, lines, strict=True)
            for one in getattr(line, several)
        ]
        through.objects.bulk_create(links, batch_size=_AT_A_TIME)
    imported = [events(**{name: row}, kind=events.Kind.IMPORTED, by=by, at=at) for row in rows]
    events.objects.bulk_create(imported, batch_size=_AT_A_TIME)
