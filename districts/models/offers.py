"""Offers: what there is for whom (Z17), rounds in which a quarter's offers are checked, and what happened to them."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from districts.languages import Spoken
from districts.querysets import InventoryEntryQuerySet, InventoryRoundQuerySet, OfferQuerySet
from districts.roles import Perm
from quartier.search import sort_key_field

from .actors import Actor, FoldedText, joined_columns
from .lists import ActionField, ListEntry, TargetGroup
from .people import User
from .places import District, Office

SEARCHED = ("title", "place", "times", "description")


class OfferKind(ListEntry):
    """What kind of offer: Beratung, Treff, Kurs … (Z17)."""


class Offer(models.Model):
    """Something people can use, of one provider, in one or several districts or (without any) the whole city."""

    class Status(models.TextChoices):
        PLANNED = "planned", "geplant"
        ACTIVE = "active", "aktiv"
        PAUSED = "paused", "pausiert"
        ENDED = "ended", "beendet"

    class Access(models.TextChoices):
        YES = "yes", "ja"
        PARTLY = "partly", "teilweise"
        NO = "no", "nein"

    class Registration(models.TextChoices):
        NONE = "none", "ohne Anmeldung"
        NEEDED = "needed", "mit Anmeldung"

    title = models.CharField("Name des Angebots", max_length=160)
    provider = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="offers", verbose_name="Anbieter")
    kind = models.ForeignKey(OfferKind, on_delete=models.PROTECT, related_name="offers", verbose_name="Art")
    description = models.TextField("Worum es geht", max_length=2000, blank=True)
    districts = models.ManyToManyField(District, blank=True, related_name="offers", verbose_name="Quartiere")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name="im Stadtteilbüro"
    )
    place = models.CharField("Ort und Anschrift", max_length=200, blank=True)
    action_fields = models.ManyToManyField(ActionField, related_name="offers", verbose_name="Handlungsfelder")
    target_groups = models.ManyToManyField(TargetGroup, related_name="offers", verbose_name="Zielgruppen")
    age_from = models.PositiveSmallIntegerField("Alter ab", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("Alter bis", null=True, blank=True)
    times = models.TextField("Wann", max_length=300, blank=True)
    is_free = models.BooleanField("kostenlos", default=False)
    cost = models.CharField("Kosten", max_length=120, blank=True)
    languages = ArrayField(
        models.CharField(max_length=5, choices=Spoken), default=list, blank=True, verbose_name="Sprachen"
    )
    barrier_free = models.CharField("Barrierefrei", max_length=6, choices=Access, blank=True)
    registration = models.CharField("Anmeldung", max_length=6, choices=Registration, blank=True)
    phone = models.CharField("Telefon für Fragen und Anmeldung", max_length=40, blank=True)
    capacity = models.PositiveSmallIntegerField("Plätze", null=True, blank=True)
    funded_by = models.CharField("Gefördert von", max_length=160, blank=True)
    funded_until = models.DateField("Förderung bis", null=True, blank=True)
    starts_on = models.DateField("Beginnt am", null=True, blank=True)
    ends_on = models.DateField("Läuft bis", null=True, blank=True)  # the last day
    status = models.CharField("Stand", max_length=7, choices=Status, default=Status.ACTIVE)
    ended_on = models.DateField("beendet am", null=True, blank=True)
    is_public = models.BooleanField("öffentlich zeigen", default=False)
    verified_on = models.DateField("geprüft am", null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field("title")
    search_text = GeneratedField(
        expression=FoldedText(joined_columns(*SEARCHED)), output_field=TextField(), db_persist=True
    )
    # The last day somebody can count on it: that of the offer itself or of its money, whichever comes first.
    last_day = GeneratedField(
        expression=Least("ends_on", "funded_until"), output_field=models.DateField(null=True), db_persist=True
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["planned", "active", "paused", "ended"]), name="offer_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) | ~Q(status="ended") & Q(ended_on=None),
                name="offer_ended_has_day",
            ),
            models.CheckConstraint(
                condition=Q(verified_on=None) | Q(verified_by__isnull=False), name="offer_verified_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_to__gte=F("age_from")), name="offer_ages_in_order"
            ),
            models.CheckConstraint(
                condition=(Q(age_from=None) | Q(age_from__lte=120)) & (Q(age_to=None) | Q(age_to__lte=120)),
                name="offer_ages_of_people",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="offer_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(is_free=False) | Q(cost=""), name="offer_free_costs_nothing"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="offer_has_room"),
        ]
        indexes = [
            # The list page by page, in the order of titles.
            models.Index(fields=["sort_key", "id"], name="offer_by_title"),
            # The newest of a quarter on its page
            models.Index(fields=["-created_at", "-id"], name="offer_newest"),
            # OfferQuerySet.running, counted
            models.Index(
                fields=["starts_on", "last_day"],
                include=["id", "kind"],
                name="offer_running",
                condition=Q(status="active"),
            ),
            # OfferQuerySet.matching
            GinIndex(fields=["search_text"], name="offer_search", opclasses=["gin_trgm_ops"]),
            # SearchedQuerySet.sounding
            GinIndex(fields=["sort_key"], name="offer_sounding", opclasses=["gin_trgm_ops"]),
            # The filter by language
            GinIndex(fields=["languages"], name="offer_languages"),
            # What ends soon, by its last day
            models.Index(
                fields=["last_day", "id"],
                name="offer_expiring",
                condition=Q(last_day__isnull=False) & ~Q(status="ended"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("districts:offer", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change this offer: the same as `OfferQuerySet.editable_by`, without asking again."""
        rights = user.rights
        if rights.can(Perm.EDIT_ALL_ACTORS):
            return True
        if rights.can(Perm.OWN_OFFERS) and self.provider_id in rights.actor_ids:
            return True
        own = rights.districts(Perm.EDIT_ACTORS)
        return bool(own) and (not (here := self.districts.all()) or any(one.pk in own for one in here))

    def runs_on(self, day: date) -> bool:
        """Whether people can count on it on a day: the same as `OfferQuerySet.running`."""
        begun = self.starts_on is None or self.starts_on <= day
        return self.status == self.Status.ACTIVE and begun and not self.has_lapsed(day)

    def has_lapsed(self, day: date) -> bool:
        """Whether its last day has passed by a day, whatever its status says."""
        return self.last_day is not None and self.last_day < day

    @property
    def is_citywide(self) -> bool:
        """For no particular district."""
        return not self.districts.all()

    @property
    def where(self) -> str:
        """Where it takes place: the place, else the office, else the provider's address."""
        if self.place:
            return self.place
        if self.office:
            return ", ".join(filter(None, (self.office.name, self.office.address)))
        return ", ".join(filter(None, (self.provider.street, self.provider.place)))

    @property
    def ages(self) -> str:
        """For which age, in words; empty for every age."""
        if self.age_from is not None and self.age_to is not None:
            return (
                f"{self.age_from} bis {self.age_to} Jahre" if self.age_from != self.age_to else f"{self.age_to} Jahre"
            )
        if self.age_from is not None:
            return f"ab {self.age_from} Jahren"
        return f"bis {self.age_to} Jahre" if self.age_to is not None else ""

    @property
    def price(self) -> str:
        """What it costs, in words; empty when nobody has said so."""
        return "kostenlos" if self.is_free else self.cost

    @property
    def language_names(self) -> list[str]:
        """The languages in words, in the order of the list."""
        return [label for code, label in Spoken.choices if code in self.languages]


class OfferVersion(models.Model):
    """How often offers or their lists were changed, counted by triggers: one row.

    Whoever changes offers holds the row until the change is done, so that a number never stands for two states and
    parts are never waited for crosswise.
    """

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="offer_version_single_row")]

    def __str__(self) -> str:
        return f"Stand {self.number}"


class OfferPart(models.Model):
    """The last change among `PART` offers that follow each other, written by triggers.

    What was counted of them at another number is out of date (`districts.offer_counts`).
    """

    part = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"Teil {self.part}, Stand {self.number}"

    @classmethod
    def numbers(cls) -> dict[int, int]:
        """The number of each part that holds now."""
        return dict(cls.objects.values_list("part", "number"))


class OfferEvent(models.Model):
    """What happened to an offer's entry; codes only, never changed or deleted."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "eingetragen"
        IMPORTED = "imported", "aus einer Datei übernommen"
        EDITED = "edited", "geändert"
        VERIFIED = "verified", "Angaben geprüft"
        ENDED = "ended", "beendet"
        REOPENED = "reopened", "wieder aufgenommen"

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.offer}: {self.get_kind_display()}"


class InventoryRound(models.Model):
    """Bestandsaufnahme: everything that is offered in a district is looked at once, from opening to closing (Z17)."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="inventory_rounds", verbose_name="Quartier"
    )
    title = models.CharField("Name", max_length=80)
    opened_on = models.DateField("begonnen am", default=timezone.localdate, editable=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    due_on = models.DateField("soll fertig sein bis")
    closed_on = models.DateField("abgeschlossen am", null=True, editable=False)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    figures = models.JSONField(null=True, editable=False)  # as they stood at closing: numbers and names of lists

    objects = InventoryRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("opened_on")), name="round_due_after_opening"),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_by=None, figures=None)
                | Q(closed_on__isnull=False, closed_by__isnull=False, figures__isnull=False),
                name="round_closed_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="round_dates_in_order"
            ),
            models.UniqueConstraint(fields=["district"], condition=Q(closed_on=None), name="round_one_open"),
            models.UniqueConstraint(fields=["district", "title"], name="round_title_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.district}"

    def get_absolute_url(self) -> str:
        return reverse("districts:round", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether offers are still being looked at."""
        return self.closed_on is None


class InventoryEntry(models.Model):
    """One offer in a round, and what came of looking at it."""

    class Result(models.TextChoices):
        SAME = "same", "stimmt noch"
        CHANGED = "changed", "geändert"
        GONE = "gone", "gibt es nicht mehr"

    round = models.ForeignKey(InventoryRound, on_delete=models.PROTECT, related_name="entries")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="inventory_entries")
    result = models.CharField(max_length=7, choices=Result, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    objects = InventoryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["offer__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "offer"], name="inventory_entry_once"),
            models.CheckConstraint(
                condition=Q(result="", by=None, at=None)
                | Q(result__in=["same", "changed", "gone"], by__isnull=False, at__isnull=False),
                name="inventory_entry_result_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer}: {self.get_result_display() or 'offen'}"
