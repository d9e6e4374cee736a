"""The directory as a CSV file: the rows of the list, without anything about people (Q09)."""

from collections.abc import Iterator

from django.db.models import QuerySet

from districts.importing.columns import HEAD, SEVERAL
from districts.models import Actor
from quartier.csvfile import written_lines
from quartier.text import cell_text

_AT_A_TIME = 2000


def csv_lines(actors: QuerySet[Actor]) -> Iterator[str]:
    """Lines that German spreadsheets open and the import reads again without changing anything."""
    sets = ("districts", "action_fields", "target_groups")
    rows = (
        actors.select_related("type", "parent").prefetch_related(*sets).defer("search_text").order_by("sort_key", "pk")
    )
    return written_lines(HEAD, map(_cells, rows.iterator(chunk_size=_AT_A_TIME)))


def _cells(actor: Actor) -> list:
    texts = [
        *(actor.name, actor.short_name, actor.type.name, actor.get_carrier_type_display(), actor.legal_form),
        actor.parent.name if actor.parent else "",
        _joined(actor.districts.all()),
        *(actor.street, actor.postcode, actor.city, actor.phone, actor.email, actor.website),
        _joined(actor.action_fields.all()),
        _joined(actor.target_groups.all()),
        _joined(actor.language_names),
        *(actor.description, actor.get_status_display(), actor.source),
        "ja" if actor.is_public else "nein",
        f"{actor.verified_on:%d.%m.%Y}" if actor.verified_on else "",
    ]
    return [actor.pk, *(cell_text(str(text)) for text in texts)]


def _joined(values) -> str:
    return f" {SEVERAL} ".join(map(str, values))
