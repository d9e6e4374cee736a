"""Reads on offers and on the rounds in which they are checked (Z17)."""

from datetime import date
from functools import reduce
from operator import or_

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Count, Exists, OuterRef, Q, TextField, Value

from districts.roles import Perm
from quartier.search import GermanSortKey

from .searching import SearchedQuerySet, folded_words, named

ALIKE_FROM = 0.5  # of two titles of one provider
ALIKE_SHOWN = 5
PART = 4096  # offers that are counted together; the triggers know the number too (migration 0012)

_LINES = {
    "kind": "SELECT id, kind AS line FROM offers",
    "action_fields": "SELECT offers.id, link.actionfield_id AS line FROM offers"
    " JOIN districts_offer_action_fields link ON link.offer_id = offers.id",
}
_CROSS = """
WITH offers (id, kind) AS MATERIALIZED ({offers}), lines AS MATERIALIZED ({lines}), groups AS MATERIALIZED (
    SELECT offers.id, link.targetgroup_id AS target FROM offers
    JOIN districts_offer_target_groups link ON link.offer_id = offers.id)
SELECT lines.id / %s AS part, line, target, count(*) FROM lines JOIN groups USING (id) GROUP BY 1, 2, 3
UNION ALL SELECT id / %s, line, NULL, count(*) FROM lines GROUP BY 1, 2
UNION ALL SELECT id / %s, NULL, target, count(*) FROM groups GROUP BY 1, 3
UNION ALL SELECT id / %s, NULL, NULL, count(*) FROM offers GROUP BY 1
"""


class OfferQuerySet(SearchedQuerySet):
    """Reads on offers."""

    def visible_to(self, user):
        """All for teams and Sozialplanung, for departments what may be shown in public, for carriers their own."""
        rights = user.rights
        if rights.can(Perm.READ_ALL_OFFERS):
            return self
        own = Q(provider__in=rights.actor_ids) if rights.can(Perm.OWN_OFFERS) else Q(pk=None)
        return self.filter(own | Q(is_public=True) if rights.can(Perm.READ_OFFERS) else own)

    def editable_by(self, user):
        """Those a person may change: of the own districts and of the whole city, of the own actor, or all of them."""
        rights, found = user.rights, self.visible_to(user)
        if rights.can(Perm.EDIT_ALL_ACTORS):
            return found
        own = Q(provider__in=rights.actor_ids) if rights.can(Perm.OWN_OFFERS) else Q(pk=None)
        here = self.in_districts(rights.districts(Perm.EDIT_ACTORS)) if rights.can(Perm.EDIT_ACTORS) else Q(pk=None)
        return found.filter(own | here)

    def own_of(self, user):
        """What the actors offer that a person works for as carrier staff."""
        return self.filter(provider__in=user.rights.actor_ids)

    def in_districts(self, pks, *, or_citywide: bool = True) -> Q:
        """Condition: an offer is for one of these districts (or for no particular one: for the whole city)."""
        through = self.model.districts.through.objects.filter(offer=OuterRef("pk"))
        here = Q(Exists(through.filter(district__in=list(pks))))
        return here | Q(~Exists(through)) if or_citywide else here

    def current(self):
        """Those that are not over."""
        return self.exclude(status="ended")

    def running(self, on: date):
        """Those people can count on: active, begun, and neither the offer nor its money has ended before this day."""
        begun = Q(starts_on=None) | Q(starts_on__lte=on)
        return self.filter(begun, Q(last_day=None) | Q(last_day__gte=on), status="active")

    def of_working_providers(self):
        """Without those whose provider has stopped working: nobody may be sent there."""
        return self.exclude(provider__status="ended")

    def for_public(self, on: date):
        """What everybody may see: running, of a provider that works, and released for it."""
        return self.running(on).of_working_providers().filter(is_public=True)

    def expiring(self, *, until: date):
        """Those whose last day is known and comes by this day, also when it has passed already."""
        return self.current().filter(last_day__lte=until)

    def unverified(self, *, today: date, months: int):
        """Those that are not over and whose data nobody has confirmed for so many months."""
        before = today - relativedelta(months=months)
        never = Q(verified_on=None, created_at__date__lt=before)
        return self.current().filter(Q(verified_on__lt=before) | never)

    def for_age(self, age: int):
        """Those for somebody of this age, also when nobody has said for which."""
        return self.filter(Q(age_from=None) | Q(age_from__lte=age), Q(age_to=None) | Q(age_to__gte=age))

    def matching(self, text: str):
        """All words occur in title, place, times or description, or in what is known of the provider."""
        providers = self.model._meta.get_field("provider").related_model.objects.order_by()
        found = self
        for word in folded_words(text):
            theirs = named(providers.filter(search_text__contains=word))
            found = found.filter(Q(search_text__contains=word) | Q(provider__in=theirs))
        return found

    def matching_itself(self, text: str):
        """All words occur in title, place, times or description."""
        return super().matching(text)

    def alike(self, title: str, provider) -> list:
        """What a provider offers under so like a title that it may be the same, the likeliest first."""
        if len(title.strip()) < 4:
            return []
        likeness = TrigramSimilarity("sort_key", GermanSortKey(Value(title, output_field=TextField())))
        near = self.filter(provider=provider).annotate(likeness=likeness).filter(likeness__gte=ALIKE_FROM)
        return list(near.select_related("kind").order_by("-likeness", "sort_key", "pk")[:ALIKE_SHOWN])

    def in_parts(self, parts):
        """Those of these parts (see `OfferPart`), all for None."""
        if parts is None:
            return self
        ranges = [Q(pk__range=(part * PART, (part + 1) * PART - 1)) for part in parts]
        return self.filter(reduce(or_, ranges, Q(pk=None)))

    def cross_counted(self, relation: str) -> list[tuple[int, int | None, int | None, int]]:
        """Rows (part, line, target group, number): for each pair, with None for each line, each group and in all.

        `relation` is `action_fields` or `kind`. One statement, because the offers are found once for all four.
        """
        try:
            sql, values = self.order_by().values_list("pk", "kind").query.sql_with_params()
        except EmptyResultSet:
            return []
        with connections[self.db].cursor() as cursor:
            cursor.execute(_CROSS.format(offers=sql, lines=_LINES[relation]), (*values, *(PART,) * 4))
            return cursor.fetchall()

    def for_list(self):
        """With everything a line of a list shows, in a fixed number of queries."""
        shown = self.select_related("kind", "provider").prefetch_related("districts", "action_fields")
        return shown.defer("description", "search_text", "provider__description", "provider__search_text")


class InventoryRoundQuerySet(models.QuerySet):
    """Reads on rounds."""

    def visible_to(self, user):
        """All rounds for teams and Sozialplanung."""
        return self if user.rights.can(Perm.READ_ALL_OFFERS) else self.none()

    def editable_by(self, user):
        """Those a person may open and close: of the own districts, or all of them (Sozialplanung)."""
        if user.rights.can(Perm.EDIT_ALL_ACTORS):
            return self.visible_to(user)
        return self.visible_to(user).filter(district__in=user.rights.districts(Perm.EDIT_ACTORS))

    def open(self):
        """Those in which offers are still being looked at."""
        return self.filter(closed_on=None)

    def with_progress(self):
        """With `total` and `done`: how many offers belong to it, and of how many somebody has said something."""
        return self.annotate(
            total=Count("entries", distinct=True), done=Count("entries", filter=~Q(entries__result=""), distinct=True)
        )


class InventoryEntryQuerySet(models.QuerySet):
    """Reads on the offers of a round."""

    def waiting(self):
        """Those nobody has said anything about yet."""
        return self.filter(result="")

    def asked(self):
        """Those that wait in a round that is open."""
        return self.waiting().filter(round__closed_on=None)
