"""Numbers of the matrix of offers: counted once, and again only where offers have changed (Z17)."""

import hashlib
from collections import Counter

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Q
from django.utils import timezone

from districts.filters import OfferFilter
from districts.models import District, Offer, OfferPart

KEPT = 24 * 3600  # seconds for which counted numbers are of use: they name a day


Counts = Counter[tuple[int | None, int | None]]  # by line and target group; None stands for all of them


def counts_of(filters: OfferFilter, relation: str) -> Counts:
    """The offers a filter leaves, by `relation` (`action_fields` or `kind`) and target group.

    A search also reads what is known of providers, so it is counted each time; everything else is `_kept`.
    """
    asked = filters.qs.order_by()
    if not filters.form.is_valid():
        return Counter()
    return _added(asked.cross_counted(relation)) if filters.data.get("q") else _kept(asked, relation)


def count_the_day(relations: tuple[str, ...] = ("action_fields", "kind")) -> None:
    """Count for the whole city and each district what runs today, before somebody asks for it.

    The conditions stand in the order in which the filter puts them: only the same SQL is the same question.
    """
    today, every = timezone.localdate(), Offer.objects.all()
    pks = District.objects.valid_on(today).values_list("pk", flat=True)
    for place in (Q(), *(every.in_districts([pk], or_citywide=False) for pk in pks)):
        for relation in relations:
            _kept(every.filter(place).running(today).order_by(), relation)


def _kept(asked, relation: str) -> Counts:
    """Kept under the question (its SQL and values), part by part: `OfferPart` tells which have changed since."""
    try:
        sql, values = asked.query.sql_with_params()
    except EmptyResultSet:
        return Counter()
    key = f"offers:{hashlib.sha256(repr((relation, sql, values)).encode()).hexdigest()}"
    now = OfferPart.numbers()
    known = {part: one for part, one in (cache.get(key) or {}).items() if one[0] == now.get(part)}
    stale = now.keys() - known.keys()
    if stale:
        found = {part: (now[part], []) for part in stale}
        for part, *row in asked.in_parts(stale if known else None).cross_counted(relation):
            if part in found:
                found[part][1].append((part, *row))
        known |= found
        cache.set(key, known, timeout=KEPT)
    return _added(row for _, rows in known.values() for row in rows)


def _added(rows) -> Counts:
    counts: Counts = Counter()
    for _, line, group, n in rows:
        counts[line, group] += n
    return counts
