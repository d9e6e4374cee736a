"""Writes on indicators and their values, and taking over a file of them, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from districts.models import Borough, District, User
from quartier.text import code_of
from reports.importing.plan import CHANGED, NEW, SAME, Plan
from reports.importing.reader import read_file
from reports.models import Indicator, IndicatorFile, IndicatorValue

FILE_DAYS = 7
FILES_KEPT = 5  # of one person; the oldest make room
GONE = "Diese Datei wurde schon übernommen oder verworfen."
_AT_A_TIME = 2_000


class ImportRefused(Exception):
    """The file cannot be taken over as it is; the text is a German sentence, nothing was changed."""


class ImportChanged(ImportRefused):
    """What the file would do is not what the person saw."""


@dataclass(frozen=True)
class Imported:
    """What a take-over has done."""

    added: int
    changed: int
    same: int
    left_out: int  # lines


@transaction.atomic
def save_indicator(*, by: User, indicator: Indicator | None = None, **fields) -> Indicator:
    """Enter or change an indicator; its code is made once of the name and then stays, whatever the name becomes.

    Raises:
        ValidationError: a change would contradict a value that is already there.
    """
    if indicator is None:
        found = Indicator(code=_free_code(fields["name"]))
    else:
        found = Indicator.objects.select_for_update().get(pk=indicator.pk)
    for name, value in fields.items():
        setattr(found, name, value)
    if found.language and indicator and not _all_shares(found):
        raise ValidationError({"language": "Es gibt schon Werte, die kein Anteil zwischen 0 und 100 % sind."})
    found.save()
    return found


def _all_shares(indicator: Indicator) -> bool:
    numbers = indicator.values.values_list("number", flat=True)
    return all(number is not None and not indicator.fault_of(number) for number in numbers)


def _free_code(name: str) -> str:
    base = code_of(name, "indikator")
    taken = set(Indicator.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if code not in taken)


@transaction.atomic
def save_value(
    *,
    indicator: Indicator,
    district: District | None,
    borough: Borough | None,
    year: int,
    number: Decimal | None,
    rating: str,
    note: str,
    source: str,
    by: User,
    value: IndicatorValue | None = None,
    at: datetime | None = None,
) -> IndicatorValue:
    """Enter or change one value; without district and borough it is the whole city's."""
    lock_indicators([indicator.pk])
    found = (
        IndicatorValue.objects.select_for_update().get(pk=value.pk) if value else IndicatorValue(indicator=indicator)
    )
    found.district, found.borough, found.year = district, borough, year
    found.level = "district" if district else "borough" if borough else "city"
    found.number, found.rating, found.note, found.source = number, rating, note, source
    found.by, found.at = by, at or timezone.now()
    found.save()
    return found


@transaction.atomic
def delete_value(*, value: IndicatorValue, by: User) -> None:
    """Remove a value that should never have been there."""
    IndicatorValue.objects.filter(pk=value.pk).delete()


def lock_indicators(pks: Iterable[int]) -> None:
    """Let everybody else who writes values of these indicators wait until the transaction ends."""
    list(Indicator.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


# --- Files ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_file(
    *, name: str, content: bytes, year: int | None, source: str, by: User, at: datetime | None = None
) -> IndicatorFile:
    """Keep an uploaded file until it is taken over or thrown away; the person's oldest ones make room."""
    kept = IndicatorFile.objects.create(
        user=by, name=name[:200], content=content, year=year, source=source, at=at or timezone.now()
    )
    newest = IndicatorFile.objects.filter(user=by).values("pk")[:FILES_KEPT]
    IndicatorFile.objects.filter(user=by).exclude(pk__in=newest).delete()
    return kept


@transaction.atomic
def read_differently(
    *, file: IndicatorFile, roles: dict[str, str], mark: str, year: int | None, source: str, by: User
) -> IndicatorFile:
    """Change how the columns of a kept file are read."""
    found = IndicatorFile.objects.select_for_update().get(pk=file.pk)
    found.reading = {"roles": roles, "mark": mark}
    found.year, found.source = year, source
    found.save(update_fields=["reading", "year", "source"])
    return found


def discard_file(*, file: IndicatorFile, by: User) -> None:
    """Throw a kept file away."""
    IndicatorFile.objects.filter(pk=file.pk).delete()


def discard_old_files(*, at: datetime | None = None) -> int:
    """Throw away the files nobody came back to; returns how many."""
    before = (at or timezone.now()) - timedelta(days=FILE_DAYS)
    return IndicatorFile.objects.filter(at__lt=before).delete()[0]


@transaction.atomic
def take_over(
    *,
    file: IndicatorFile,
    fingerprint: str,
    by: User,
    skip_faulty: bool = False,
    keep_stored: bool = False,
    at: datetime | None = None,
) -> Imported:
    """Store what the preview with this fingerprint showed, all or nothing, and throw the file away.

    `skip_faulty` leaves lines with errors out, `keep_stored` leaves values alone that are already there.

    Raises:
        ImportChanged: what the file would do has changed since the preview, or somebody has taken it over.
        ImportRefused: the file cannot be read with these columns, or has lines with errors that are not left out.
        BadFile: it is no table.
    """
    kept = IndicatorFile.objects.select_for_update().filter(pk=file.pk).first()
    if kept is None:
        raise ImportChanged(GONE)
    lock_indicators(Indicator.objects.values_list("pk", flat=True))
    plan = read_file(kept)
    if plan.fingerprint != fingerprint:
        raise ImportChanged(
            "Seit der Vorschau haben sich gespeicherte Werte geändert. Hier steht, was die Datei jetzt bewirken würde."
        )
    if plan.problems:
        raise ImportRefused(" ".join(plan.problems))
    if plan.faulty and not skip_faulty:
        raise ImportRefused("Einige Zeilen haben Fehler. Bitte berichtigen oder „fehlerhafte Zeilen auslassen“ wählen.")
    changed = _store(plan, keep_stored=keep_stored, by=by, at=at or timezone.now())
    kept.delete()
    return Imported(len(plan.entries(NEW)), changed, len(plan.entries(SAME)), len(plan.faulty))


def _store(plan: Plan, *, keep_stored: bool, by: User, at: datetime) -> int:
    """Write new and changed values and the indicators they need; returns how many values were changed."""
    for column in plan.columns:
        if column.indicator and not column.indicator.pk:
            column.indicator.code = _free_code(column.indicator.name)
            column.indicator.save(force_insert=True)
    added = [entry.value() for entry in plan.entries(NEW)]
    changed = [] if keep_stored else [entry.value() for entry in plan.entries(CHANGED)]
    for row in (*added, *changed):
        row.by, row.at = by, at
    IndicatorValue.objects.bulk_create(added, batch_size=_AT_A_TIME)
    fields = ["number", "rating", "note", "source", "by", "at"]
    IndicatorValue.objects.bulk_update(changed, fields, batch_size=_AT_A_TIME)
    return len(changed)
