"""The offers as a CSV file: the rows of the list; funding only for who keeps the inventory (Q09)."""

from collections.abc import Iterator

from django.db.models import QuerySet

from districts.importing.columns import OFFER_COLUMNS, OFFER_INSIDE, SEVERAL
from districts.models import Offer, User
from districts.roles import Perm
from quartier.csvfile import written_lines
from quartier.text import cell_text

_AT_A_TIME = 2000
_LISTS = {"districts", "action_fields", "target_groups"}


def csv_lines(offers: QuerySet[Offer], *, user: User) -> Iterator[str]:
    """Lines that German spreadsheets open and the import reads again without changing anything."""
    inside = user.rights.can(Perm.READ_ALL_OFFERS)
    names = [name for name in OFFER_COLUMNS if inside or name not in OFFER_INSIDE]
    rows = offers.select_related("kind", "provider").prefetch_related(*_LISTS).defer("search_text")
    rows = rows.order_by("sort_key", "pk").iterator(chunk_size=_AT_A_TIME)
    return written_lines([OFFER_COLUMNS[name][0] for name in names], (_cells(one, names) for one in rows))


def _cells(offer: Offer, names: list[str]) -> list:
    return [offer.pk if name == "number" else cell_text(_text(offer, name)) for name in names]


def _text(offer: Offer, name: str) -> str:
    if name in _LISTS:
        return f" {SEVERAL} ".join(map(str, getattr(offer, name).all()))
    if name == "languages":
        return f" {SEVERAL} ".join(offer.language_names)
    if name in {"status", "barrier_free", "registration"}:
        return getattr(offer, f"get_{name}_display")()
    value = getattr(offer, name)
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if value is None:
        return ""
    return f"{value:%d.%m.%Y}" if name in {"funded_until", "starts_on", "ends_on", "verified_on"} else str(value)
