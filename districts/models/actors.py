"""Actors: who works in the quarters (Z13), what happened to their entry, and files that bring more of them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from districts.languages import Spoken
from districts.querysets import ActorQuerySet
from districts.roles import Perm
from quartier.search import GermanSortKey, sort_key_field

from .lists import ActionField, ActorType, TargetGroup
from .people import User
from .places import District

SEARCHED = ("name", "short_name", "legal_form", "street", "postcode", "city", "description")


class FoldedText(GermanSortKey):
    """Several columns in one, folded as names are sorted: what the search looks into."""

    output_field = TextField()


def joined_columns(*names: str) -> Concat:
    """Several columns in one, with a space between them."""
    parts = [part for name in names for part in (F(name), Value(" "))]
    return Concat(*parts[:-1], output_field=TextField())


class Actor(models.Model):
    """Somebody who works in one or several districts, or (without any) in the whole city. Ended ones stay (Q06)."""

    class CarrierType(models.TextChoices):
        MUNICIPALITY = "municipality", "Kommune"
        WELFARE = "welfare", "Freier Träger, Sozialunternehmen"
        DISTRICT_ASSOCIATION = "district_association", "Stadtteilverein, Träger der Gemeinwesenarbeit"
        CARRIER_ASSOCIATION = "carrier_association", "Trägerverein"
        PLANNING_OFFICE = "planning_office", "Planungsbüro"
        REDEVELOPMENT_AGENCY = "redevelopment_agency", "Sanierungsträger"
        CITY_COMPANY = "city_company", "Städtische Gesellschaft"
        HOUSING_COMPANY = "housing_company", "Wohnungsbaugesellschaft"

    class Status(models.TextChoices):
        ACTIVE = "active", "aktiv"
        DORMANT = "dormant", "ruht"
        ENDED = "ended", "beendet"

    name = models.CharField("Name", max_length=160)
    short_name = models.CharField("Kurzname", max_length=60, blank=True)
    type = models.ForeignKey(ActorType, on_delete=models.PROTECT, related_name="actors", verbose_name="Art")
    carrier_type = models.CharField("Trägertyp", max_length=24, choices=CarrierType, blank=True)
    legal_form = models.CharField("Rechtsform", max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="Träger"
    )
    districts = models.ManyToManyField(District, blank=True, related_name="actors", verbose_name="Quartiere")
    street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=10, blank=True)
    city = models.CharField("Ort", max_length=80, blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    website = models.URLField("Internetseite", blank=True)
    action_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="actors", verbose_name="Handlungsfelder"
    )
    target_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="actors", verbose_name="Zielgruppen")
    languages = ArrayField(
        models.CharField(max_length=5, choices=Spoken), default=list, blank=True, verbose_name="Sprachen"
    )
    description = models.TextField("Was der Akteur tut", max_length=4000, blank=True)
    status = models.CharField("Stand", max_length=8, choices=Status, default=Status.ACTIVE)
    ended_on = models.DateField("beendet am", null=True, blank=True)
    source = models.CharField("Woher die Angaben stammen", max_length=200, blank=True)
    is_public = models.BooleanField("darf öffentlich genannt werden", default=False)
    verified_on = models.DateField("geprüft am", null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field()
    search_text = GeneratedField(
        expression=FoldedText(joined_columns(*SEARCHED)), output_field=TextField(), db_persist=True
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["active", "dormant", "ended"]), name="actor_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) | ~Q(status="ended") & Q(ended_on=None),
                name="actor_ended_has_day",
            ),
            models.CheckConstraint(
                condition=Q(verified_on=None) | Q(verified_by__isnull=False), name="actor_verified_by_somebody"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="actor_not_own_parent"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="actor_not_merged_into_itself"),
        ]  # fmt: skip
        indexes = [
            # The list page by page, in the order of its names.
            models.Index(fields=["sort_key", "id"], name="actor_by_name", condition=Q(merged_into=None)),
            # The newest of a quarter on its page
            models.Index(fields=["-created_at", "-id"], name="actor_newest", condition=Q(merged_into=None)),
            # ActorQuerySet.matching
            GinIndex(fields=["search_text"], name="actor_search", opclasses=["gin_trgm_ops"]),
            # ActorQuerySet.sounding
            GinIndex(fields=["sort_key"], name="actor_sounding", opclasses=["gin_trgm_ops"]),
            # The filter by language
            GinIndex(fields=["languages"], name="actor_languages"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("districts:actor", args=[self.pk])

    def get_own_url(self) -> str:
        """The page on which carrier staff see their own actor."""
        return reverse("districts:own_actor", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change this actor: the same as `ActorQuerySet.editable_by`, without asking again."""
        return user.rights.can(Perm.EDIT_ALL_ACTORS) or self._is_of_team(user, Perm.EDIT_ACTORS)

    def may_log(self, user: User) -> bool:
        """Whether a person's team keeps contact with this actor: sees what is private and writes into the log."""
        return self._is_of_team(user, Perm.CONTACT_LOG)

    def _is_of_team(self, user: User, perm: Perm) -> bool:
        own = user.rights.districts(perm)
        return bool(own) and (not (here := self.districts.all()) or any(one.pk in own for one in here))

    @property
    def is_citywide(self) -> bool:
        """Works in no particular district."""
        return not self.districts.all()

    @property
    def place(self) -> str:
        """Postcode and town."""
        return f"{self.postcode} {self.city}".strip()

    @property
    def language_names(self) -> list[str]:
        """The languages in words, in the order of the list."""
        return [label for code, label in Spoken.choices if code in self.languages]


class ActorEvent(models.Model):
    """What happened to an actor's entry; codes only, never changed or deleted."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "eingetragen"
        IMPORTED = "imported", "aus einer Datei übernommen"
        EDITED = "edited", "geändert"
        VERIFIED = "verified", "Angaben geprüft"
        ENDED = "ended", "beendet"
        REOPENED = "reopened", "wieder aufgenommen"
        MERGED = "merged", "mit einem doppelten Eintrag zusammengeführt"
        UNMERGED = "unmerged", "Zusammenführung zurückgenommen"

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.actor}: {self.get_kind_display()}"


class ActorMerge(models.Model):
    """Two entries that meant the same actor: what was moved from one to the other, so that it can be moved back."""

    kept = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="merged_by")
    moved = models.JSONField()  # what `districts.actions.merging` needs to take it back: ids and field names, no texts
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two_actors"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="merge_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"


class ActorFile(models.Model):
    """An uploaded list of actors or offers that waits for its preview to be taken over."""

    class Of(models.TextChoices):
        ACTORS = "actors", "Akteure"
        OFFERS = "offers", "Angebote"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="actor_files")
    of = models.CharField(max_length=6, choices=Of, default=Of.ACTORS)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name
