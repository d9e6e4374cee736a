"""Writes on sheets for the public (P04, N15): begin, choose, word, release, go on next time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from concerns.actions.base import moment
from concerns.models import Concern
from districts.models import District, Office, User
from reports.models import MOST_ENTRIES, Sheet, SheetEntry

FASTER = (
    "Jemand anderes hat das Blatt inzwischen geändert. Ihr Text ist noch da; noch einmal speichern ersetzt, was jetzt "
    "gespeichert ist."
)
HEAD = 0  # stands for title and introduction where entries go by their ids


class SheetError(Exception):
    """The sheet cannot be changed like this; the text is a German sentence, nothing was changed."""


class SheetConflict(SheetError):
    """Somebody else was faster; what was typed must be kept."""


@dataclass(frozen=True)
class Topic:
    """A concern that goes on a sheet, with its first words."""

    concern: Concern
    section: str
    heading: str
    text: str


@dataclass(frozen=True)
class Words:
    """An entry as somebody has typed it."""

    pk: int
    section: str
    heading: str
    text: str
    cleared: bool = False
    remove: bool = False


@transaction.atomic
def start_sheet(
    *,
    by: User,
    kind: str,
    title: str,
    district: District | None = None,
    office: Office | None = None,
    since: date | None = None,
    until: date | None = None,
    intro: str = "",
    topics: Iterable[Topic] = (),
    at: datetime | None = None,
) -> Sheet:
    """A new draft, with topics that are already chosen.

    Raises:
        SheetError: one of the topics cannot be on a sheet, or there are too many.
    """
    sheet = Sheet.objects.create(
        kind=kind, title=title, district=district, office=office, since=since, until=until, intro=intro, made_by=by,
        made_at=moment(at),
    )  # fmt: skip
    _add(sheet, topics)
    return sheet


@transaction.atomic
def add_topics(*, sheet: Sheet, topics: Iterable[Topic], by: User) -> int:
    """Put further concerns on a draft; how many are new on it.

    Raises:
        SheetConflict: released meanwhile.
        SheetError: one of the topics cannot be on a sheet, or there are too many.
    """
    sheet = _lock_draft(sheet)
    added = _add(sheet, topics)
    _count_up(sheet)
    return added


@transaction.atomic
def save_sheet(
    *,
    sheet: Sheet,
    version: int,
    title: str,
    intro: str,
    entries: Sequence[Words],
    by: User,
    cleared: bool = False,
) -> Sheet:
    """Save the words of a draft, in the order of `entries`.

    "Cleared", of the head or of an entry, counts only for words that were saved before and are unchanged: what was not
    shown with its hints cannot have been looked at.

    Raises:
        SheetConflict: somebody else has changed or released it since `version` was shown.
    """
    sheet = _lock_draft(sheet, version)
    stored = {entry.pk: entry for entry in sheet.entries.all()}
    if set(stored) != {words.pk for words in entries}:
        raise SheetConflict(FASTER)
    for position, words in enumerate(entries):
        entry = stored[words.pk]
        if words.remove:
            entry.delete()
            continue
        same = (entry.heading, entry.text) == (words.heading, words.text)
        entry.section, entry.heading, entry.text = words.section, words.heading, words.text
        entry.cleared, entry.position = words.cleared and same, position
        entry.save(update_fields=["section", "heading", "text", "cleared", "position"])
    same = (sheet.title, sheet.intro) == (title, intro)
    sheet.title, sheet.intro, sheet.cleared = title, intro, cleared and same
    _count_up(sheet, "title", "intro", "cleared")
    return sheet


@transaction.atomic
def release_sheet(
    *,
    sheet: Sheet,
    version: int,
    hints: Mapping[int, Sequence[str]],
    numbers: Mapping | None,
    by: User,
    at: datetime | None = None,
) -> Sheet:
    """Let a draft out of the house: from now on it never changes.

    `hints` are the words of each entry, and of the HEAD, that look personal, `numbers` what the sheet counts now.

    Raises:
        SheetConflict: somebody else has changed or released it since `version` was shown.
        SheetError: it is empty, holds a confidential concern, or words that nobody has cleared.
    """
    sheet = _lock_draft(sheet, version)
    entries = list(sheet.entries.select_related("concern"))
    if not entries:
        raise SheetError("Auf dem Blatt steht noch kein Thema.")
    if secret := [entry.concern.number for entry in entries if entry.concern.is_sensitive]:
        raise SheetError(f"Vertrauliche Anliegen kommen nie auf ein Blatt. Bitte entfernen: {', '.join(secret)}.")
    open_ones = [entry.heading for entry in entries if hints.get(entry.pk) and not entry.cleared]
    if hints.get(HEAD) and not sheet.cleared:
        open_ones.insert(0, "Überschrift und Einleitung")
    if open_ones:
        names = ", ".join(f"„{heading}“" for heading in open_ones)
        raise SheetError(f"Bitte zuerst die Hinweise auf Personendaten prüfen: {names}.")
    sheet.released_at, sheet.released_by, sheet.numbers = moment(at), by, numbers
    _count_up(sheet, "released_at", "released_by", "numbers")
    return sheet


@transaction.atomic
def delete_sheet(*, sheet: Sheet, by: User) -> None:
    """Throw a draft away.

    Raises:
        SheetConflict: released meanwhile; a released sheet stays.
    """
    _lock_draft(sheet).delete()


def _lock_draft(sheet: Sheet, version: int | None = None) -> Sheet:
    locked = Sheet.objects.select_for_update().filter(pk=sheet.pk).first()
    if locked is None:
        raise SheetConflict("Das Blatt gibt es nicht mehr.")
    if locked.is_released:
        raise SheetConflict("Das Blatt ist inzwischen freigegeben und ändert sich nicht mehr.")
    if version is not None and locked.version != version:
        raise SheetConflict(FASTER)
    return locked


def _count_up(sheet: Sheet, *fields: str) -> None:
    sheet.version += 1
    sheet.save(update_fields=[*fields, "version"])


def _add(sheet: Sheet, topics: Iterable[Topic]) -> int:
    known = set(sheet.entries.values_list("concern_id", flat=True))
    new = {topic.concern.pk: topic for topic in topics if topic.concern.pk not in known}
    if len(known) + len(new) > MOST_ENTRIES:
        raise SheetError(f"Auf ein Blatt passen höchstens {MOST_ENTRIES} Themen.")
    # Asked again inside the transaction: what became confidential meanwhile must not get on paper (N13).
    if Concern.objects.filter(pk__in=new, is_sensitive=True).exists():
        raise SheetError("Vertrauliche Anliegen kommen nie auf ein Blatt.")
    SheetEntry.objects.bulk_create(
        SheetEntry(
            sheet=sheet, concern=topic.concern, section=topic.section, heading=topic.heading, text=topic.text,
            position=position,
        )
        for position, topic in enumerate(new.values(), len(known))
    )  # fmt: skip
    return len(new)
