"""What the pages about offers show: lines, one offer, the matrix of fields and groups, gaps, rounds (Z17)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from districts.directory import Tab, places
from districts.filters import OfferFilter
from districts.filters.offers import RUNNING
from districts.models import (
    ActionField,
    DirectorySettings,
    District,
    InventoryEntry,
    InventoryRound,
    ListEntry,
    Offer,
    OfferKind,
    TargetGroup,
    User,
)
from districts.offer_counts import counts_of
from districts.roles import Perm

EVENTS_SHOWN = 8
# What stands on the left of the matrix: its name in the address, its words, its list, the filter and the relation.
SIDES = {
    "feld": ("Handlungsfeld", ActionField, "field", "action_fields"),
    "art": ("Art", OfferKind, "kind", "kind"),
}


def tabs(user: User, current: str) -> list[Tab]:
    """The pages about offers this person may open."""
    if not user.rights.can(Perm.READ_OFFERS):
        return []
    pages = [("offers", "Verzeichnis"), ("offer_matrix", "Übersicht und Lücken")]
    if user.rights.can(Perm.READ_ALL_OFFERS):
        pages += [("offers_expiring", "Läuft aus"), ("rounds", "Bestandsaufnahme")]
    return [Tab(label, reverse(f"districts:{name}"), name == current) for name, label in pages]


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    offer: Offer
    places: str
    runs: bool
    has_lapsed: bool
    is_old: bool


def listed(offers: Iterable[Offer], *, today: date, months: int) -> list[Row]:
    """Offers as the list shows them (see `OfferQuerySet.for_list`)."""
    return [
        Row(one, places(one), one.runs_on(today), one.has_lapsed(today), is_old(one, today=today, months=months))
        for one in offers
    ]


def is_old(offer: Offer, *, today: date, months: int) -> bool:
    """Whether nobody has confirmed the data for so many months (the same as `OfferQuerySet.unverified`)."""
    since = offer.verified_on or timezone.localdate(offer.created_at)
    return offer.status != Offer.Status.ENDED and since < today - relativedelta(months=months)


def page_of(pk: int, user: User, *, today: date) -> dict:
    """Everything an offer's page shows to this person; who has done what only to teams and Sozialplanung."""
    found = (
        Offer.objects.select_related("kind", "provider", "office", "verified_by")
        .prefetch_related(Prefetch("districts", District.objects.defer("boundary")), "action_fields", "target_groups")
        .get(pk=pk)
    )
    may_edit = found.may_edit(user)
    sees_all = user.rights.can(Perm.READ_ALL_OFFERS)
    events = found.events.select_related("by")[:EVENTS_SHOWN] if sees_all else []
    return {
        "offer": found,
        "runs": found.runs_on(today),
        "has_lapsed": found.has_lapsed(today),
        "may_edit": may_edit,
        "sees_all": sees_all,
        "reads_actors": user.rights.can(Perm.READ_ACTORS),
        "sees_term": sees_all or may_edit,
        "is_old": is_old(found, today=today, months=DirectorySettings.load().verify_months),
        "entries": list(_open_entries(found)) if sees_all or may_edit else [],
        "events": [_event(one) for one in events],
        "today": today,
    }


def _event(event) -> dict:
    words = event.get_kind_display()
    return {"at": event.at, "title": words[:1].upper() + words[1:], "by": event.by}


def _open_entries(offer: Offer):
    return offer.inventory_entries.filter(round__closed_on=None).select_related("round")


def own_offers(user: User, *, today: date) -> list[Row]:
    """What the own actors offer and is not over, what has to be checked first: in a round, or not checked for long."""
    asked = Offer.objects.own_of(user).filter(inventory_entries__in=InventoryEntry.objects.asked()).values("pk")
    months = DirectorySettings.load().verify_months
    rows = listed(Offer.objects.own_of(user).current().for_list(), today=today, months=months)
    waiting = set(asked.values_list("pk", flat=True))
    rows = [replace(one, is_old=one.is_old or one.offer.pk in waiting) for one in rows]
    return sorted(rows, key=lambda row: not row.is_old)


@dataclass(frozen=True)
class Cell:
    """How many offers there are for a pair, and the list that shows exactly these; none is a gap."""

    group: ListEntry
    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """One line of the matrix."""

    side: ListEntry
    cells: list[Cell]
    count: int
    url: str

    @property
    def gaps(self) -> list[Cell]:
        """The cells without an offer."""
        return [cell for cell in self.cells if not cell.count]


@dataclass(frozen=True)
class Matrix:
    """Offers that run today, by Handlungsfeld (or kind) and target group."""

    side: str  # its name in the address
    label: str
    lines: list[Line]
    groups: list[Cell]
    count: int
    url: str
    query: str  # the filter without what the matrix itself names
    gaps_url: str
    gap_count: int = field(default=0)


def matrix_of(params: QueryDict, *, user: User, side: str = "feld") -> tuple[Matrix, OfferFilter]:
    """The matrix of the offers a filter leaves, and that filter; its cells lead to the list with the same filter."""
    label, model, name, relation = SIDES[side]
    asked = params.copy()
    for ruled in (name, "group", "nach", "vor", "zeilen"):
        asked.pop(ruled, None)
    asked["status"] = RUNNING
    filters = OfferFilter(asked, user=user)
    counts = counts_of(filters, relation)
    groups = list(TargetGroup.objects.filter(is_active=True))
    total = f"{reverse('districts:offers')}?{asked.urlencode()}"
    asked.pop("status")
    gaps = f"{reverse('districts:offer_gaps')}?{asked.urlencode()}&zeilen={side}"
    lines = [
        Line(
            side=row,
            cells=[_cell(one, counts[row.pk, one.pk], total, gaps, f"{name}={row.pk}") for one in groups],
            count=counts[row.pk, None],
            url=f"{total}&{name}={row.pk}",
        )
        for row in model.objects.filter(is_active=True)
    ]
    heads = [Cell(one, counts[None, one.pk], f"{total}&group={one.pk}") for one in groups]
    gap_count = sum(len(line.gaps) for line in lines)
    return Matrix(side, label, lines, heads, counts[None, None], total, asked.urlencode(), gaps, gap_count), filters


def _cell(group: ListEntry, count: int, total: str, gaps: str, row: str) -> Cell:
    return Cell(group, count, f"{total}&{row}&group={group.pk}" if count else f"{gaps}&{row}")


@dataclass(frozen=True)
class Gap:
    """A pair without an offer here, and what there is for it elsewhere in the city."""

    group: ListEntry
    elsewhere: int
    url: str
    new_url: str


def gaps_of(matrix: Matrix, everywhere: Matrix, *, row: int | None) -> list[tuple[ListEntry, list[Gap]]]:
    """The empty cells line by line, or of one line only; `everywhere` is the same matrix of the whole city."""
    city = {line.side.pk: {cell.group.pk: cell for cell in line.cells} for line in everywhere.lines}
    new, name = reverse("districts:offer_new"), SIDES[matrix.side][2]
    found = []
    for line in matrix.lines:
        if row in (None, line.side.pk) and line.gaps:
            there = city[line.side.pk]
            gaps = [
                Gap(
                    cell.group,
                    there[cell.group.pk].count,
                    there[cell.group.pk].url,
                    f"{new}?{name}={line.side.pk}&group={cell.group.pk}",
                )
                for cell in line.gaps
            ]
            found.append((line.side, gaps))
    return found


@dataclass(frozen=True)
class Asked:
    """A provider and those of its offers in a round that somebody has to ask about."""

    provider: object
    entries: list


def _turn(entries: list[InventoryEntry], noted: InventoryEntry | None) -> int | None:
    """Which entry comes after the one that was just noted: the keyboard goes on there."""
    if noted is None:
        return None
    at = next((number for number, one in enumerate(entries) if one.pk == noted.pk), 0)
    return next((one.pk for one in entries[at:] + entries[:at] if not one.result), None)


def round_page(found: InventoryRound, user: User, *, shown: str, noted: InventoryEntry | None = None) -> dict:
    """A round with its offers: those that are still open (by provider, so that one call is enough), or all of them."""
    entries = found.entries.select_related("offer__provider", "offer__kind", "offer__verified_by", "by")
    entries = entries.order_by("offer__provider__sort_key", "offer__provider_id", "offer__sort_key")
    everything = list(entries.prefetch_related("offer__districts"))
    waiting = [one for one in everything if not one.result]
    chosen = everything if shown == "alle" else waiting
    by_provider: dict[int, Asked] = {}
    for one in chosen:
        provider = one.offer.provider
        by_provider.setdefault(provider.pk, Asked(provider, [])).entries.append((one, one.offer.may_edit(user)))
    done = len(everything) - len(waiting)
    return {
        "round": found,
        "asked": list(by_provider.values()),
        "shown": shown,
        "total": len(everything),
        "done": done,
        "waiting": len(waiting),
        "turn": _turn(everything, noted),
        "percent": round(100 * done / len(everything)) if everything else 100,
    }
