"""Writes on the directory's lists and settings (Q07)."""

from collections.abc import Iterable

from django.db import transaction

from districts.models import DirectorySettings, ListEntry, User
from quartier.text import code_of


@transaction.atomic
def save_entry(*, model: type[ListEntry], by: User, entry: ListEntry | None = None, **fields) -> ListEntry:
    """Enter or change a choice; its code is made once of the name and then stays, whatever the name becomes."""
    found = (
        model.objects.select_for_update().get(pk=entry.pk) if entry else model(code=_free_code(model, fields["name"]))
    )
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    return found


def _free_code(model: type[ListEntry], name: str) -> str:
    base = code_of(name, "eintrag")
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if code not in taken)


@transaction.atomic
def take_starter(*, model: type[ListEntry], names: Iterable[str], by: User | None) -> int:
    """Fill an empty list with names to begin with; returns how many. A list somebody has begun stays as it is."""
    if model.objects.exists():
        return 0
    rows = [model(code=code_of(name, "eintrag"), name=name, position=n * 10) for n, name in enumerate(names, 1)]
    return len(model.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def save_settings(*, by: User, **months: int) -> DirectorySettings:
    """After how many months the directory asks again."""
    return DirectorySettings.objects.update_or_create(pk=1, defaults=months)[0]
