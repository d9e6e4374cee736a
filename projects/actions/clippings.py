"""Writes on clippings: what the media wrote about a district (Z42)."""

from collections.abc import Iterable

from django.db import transaction

from districts.actions.base import Conflict as Late
from districts.models import District, User
from projects.models import Clipping

from .base import CHANGED


@transaction.atomic
def save_clipping(
    *, by: User, districts: Iterable[District], clipping: Clipping | None = None, version: int | None = None, **fields
) -> Clipping:
    """Enter or change a clipping; `version` is the one the person saw.

    Raises:
        Late: somebody else has changed or removed it meanwhile.
    """
    found = Clipping.objects.select_for_update().filter(pk=clipping.pk).first() if clipping else Clipping(by=by)
    if found is None or (clipping and found.version != version):
        raise Late(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if clipping else 0
    found.save()
    found.districts.set(districts)
    return found


@transaction.atomic
def remove_clipping(*, clipping: Clipping, by: User) -> None:
    """Remove a clipping that was entered by mistake."""
    Clipping.objects.filter(pk=clipping.pk).delete()
