"""Rounds in which the offers of a district are checked: opened with a list, closed with figures that stay (Z17)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from districts.models import ActionField, District, InventoryEntry, InventoryRound, Offer, TargetGroup, User

from .base import Conflict, moment


@transaction.atomic
def open_round(*, district: District, title: str, due_on: date, by: User, at: datetime | None = None) -> InventoryRound:
    """Begin a round with every offer of the district that is not over.

    Raises:
        Conflict: the district has an open round already.
    """
    at = moment(at)
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    if InventoryRound.objects.open().filter(district=district).exists():
        raise Conflict("In diesem Quartier läuft schon eine Bestandsaufnahme.")
    made = InventoryRound.objects.create(
        district=district, title=title, due_on=due_on, opened_on=timezone.localdate(at), opened_by=by
    )
    # The lock waits for whoever is just ending one: an ended offer could never be looked at in the round.
    offers = Offer.objects.current().filter(districts=district).order_by("pk")
    offers = offers.select_for_update(of=("self",), no_key=True).only("pk")
    InventoryEntry.objects.bulk_create([InventoryEntry(round=made, offer=one) for one in offers])
    return made


@transaction.atomic
def close_round(*, round: InventoryRound, by: User, at: datetime | None = None) -> InventoryRound:
    """End a round: its figures are kept as they stand now, whatever happens to the offers later.

    Raises:
        Conflict: it is closed already.
    """
    at = moment(at)
    found = InventoryRound.objects.select_for_update().get(pk=round.pk)
    if not found.is_open:
        raise Conflict("Diese Bestandsaufnahme ist schon abgeschlossen.")
    found.closed_on, found.closed_by = timezone.localdate(at), by
    found.figures = figures_of(found, on=found.closed_on)
    found.save(update_fields=["closed_on", "closed_by", "figures"])
    return found


def figures_of(round: InventoryRound, *, on: date) -> dict:
    """A round in numbers as it stands now: what came of its offers, and what runs in the district on a day.

    `gaps` counts the pairs of Handlungsfeld and Zielgruppe without a running offer of the district, of `pairs` in all.
    """
    results = dict(round.entries.order_by().values_list("result").annotate(Count("pk")))
    here = Offer.objects.running(on).filter(districts=round.district)
    entered = round.district.offers.exclude(pk__in=round.entries.values("offer"))
    running = Q(offers__in=here.values("pk"))
    fields = ActionField.objects.filter(is_active=True).annotate(n=Count("offers", filter=running, distinct=True))
    groups = TargetGroup.objects.filter(is_active=True)
    listed = {"action_fields__is_active": True, "target_groups__is_active": True}
    filled = here.filter(**listed).order_by().values_list("action_fields", "target_groups").distinct().count()
    pairs = fields.count() * groups.count()
    return {
        "total": sum(results.values()),
        "same": results.get("same", 0),
        "changed": results.get("changed", 0),
        "gone": results.get("gone", 0),
        "open": results.get("", 0),
        "added": entered.filter(created_at__date__gte=round.opened_on).count(),
        "running": here.count(),
        "pairs": pairs,
        "gaps": pairs - filled,
        "fields": [[one.name, one.n] for one in fields],
    }
