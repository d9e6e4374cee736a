"""Reads on actors: who may see and change them, search, and what has not been checked for long (Z13)."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, OuterRef, Q, TextField, Value

from districts.roles import Perm
from quartier.search import GermanSortKey

from .searching import SearchedQuerySet

ALIKE_FROM = 0.4  # of two whole names: „… Aachen-Nord“ alone makes nobody the same
ALIKE_SHOWN = 5
_LEGAL_FORMS = {"ev", "e.v", "e", "v", "eg", "gmbh", "ggmbh", "gug", "ug", "ag", "kg", "der", "die", "das", "und", "im"}


def telling_words(name: str) -> list[str]:
    """The words of a name that tell it from others: without legal forms and articles."""
    return [word for word in name.split() if word.lower().strip(".,") not in _LEGAL_FORMS]


class ActorQuerySet(SearchedQuerySet):
    """Reads on actors."""

    def visible_to(self, user):
        """All but merged ones for teams, Sozialplanung and departments, nothing for anybody else."""
        return self.present() if user.rights.can(Perm.READ_ACTORS) else self.none()

    def own_of(self, user):
        """Those that a person works for as carrier staff."""
        return self.present().filter(pk__in=user.rights.actor_ids)

    def editable_by(self, user):
        """Those a person may change: of the own districts and of the whole city, or all of them (Sozialplanung)."""
        found = self.visible_to(user)
        if user.rights.can(Perm.EDIT_ALL_ACTORS):
            return found
        if not user.rights.can(Perm.EDIT_ACTORS):
            return found.none()
        return found.filter(self.in_districts(user.rights.districts(Perm.EDIT_ACTORS)))

    def logged_by(self, user):
        """Those with which a person's team keeps contact: of the own districts and of the whole city."""
        own = user.rights.districts(Perm.CONTACT_LOG)
        return self.visible_to(user).filter(self.in_districts(own)) if own else self.none()

    def in_districts(self, pks, *, or_citywide: bool = True) -> Q:
        """Condition: an actor works in one of these districts (or in no particular one: in the whole city)."""
        through = self.model.districts.through.objects.filter(actor=OuterRef("pk"))
        here = Q(Exists(through.filter(district__in=list(pks))))
        return here | Q(~Exists(through)) if or_citywide else here

    def present(self):
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def active(self):
        """Those that still work."""
        return self.present().exclude(status="ended")

    def unverified(self, *, today: date, months: int):
        """Active ones whose data nobody has confirmed for so many months."""
        before = today - relativedelta(months=months)
        never = Q(verified_on=None, created_at__date__lt=before)
        return self.active().filter(Q(verified_on__lt=before) | never)

    def alike(self, name: str) -> list:
        """Actors whose name is so like the given one that they may be the same, the likeliest first."""
        telling = " ".join(telling_words(name))
        if len(telling) < 4:
            return []
        whole = TrigramSimilarity("sort_key", GermanSortKey(Value(telling, output_field=TextField())))
        near = self.filter(pk__in=self.sounding(telling)).annotate(likeness=whole).filter(likeness__gte=ALIKE_FROM)
        return list(near.select_related("type").order_by("-likeness", "sort_key", "pk")[:ALIKE_SHOWN])

    def for_list(self):
        """With everything a line of a list shows, in a fixed number of queries."""
        shown = self.select_related("type").prefetch_related("districts", "action_fields")
        return shown.defer("description", "search_text")
