"""Networks with their members, and relations between two actors (Z15)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone

from districts.querysets import NetworkMembershipQuerySet, NetworkQuerySet, RelationQuerySet
from districts.roles import Perm
from quartier.ranges import DateRange
from quartier.search import sort_key_field

from .actors import Actor
from .lists import ActionField, TargetGroup
from .people import User
from .places import District


class Network(models.Model):
    """Actors who meet because of something: a district, a theme, a common task (appendix D.5)."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "Stadtteilnetzwerk"
        RESIDENTS = "residents", "Bewohnernetzwerk"
        CARRIERS = "carriers", "Trägernetzwerk"
        INTEGRATION = "integration", "Themennetzwerk Integration"
        HEALTH = "health", "Themennetzwerk Gesundheit"
        EDUCATION = "education", "Themennetzwerk Bildung"
        PREVENTION = "prevention", "Themennetzwerk Prävention"
        AGEING = "ageing", "Themennetzwerk Altern"
        OWNERS = "owners", "Eigentümer- und Unternehmensnetzwerk"
        ALLIANCE = "alliance", "Verantwortungsgemeinschaft"

    class Status(models.TextChoices):
        STARTING = "starting", "im Aufbau"
        ACTIVE = "active", "aktiv"
        DORMANT = "dormant", "ruht"
        ENDED = "ended", "beendet"

    name = models.CharField("Name", max_length=160, unique=True)
    kind = models.CharField("Art", max_length=12, choices=Kind)
    districts = models.ManyToManyField(District, blank=True, related_name="networks", verbose_name="Quartiere")
    purpose = models.TextField("Zweck", max_length=2000, blank=True)
    action_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="networks", verbose_name="Handlungsfelder"
    )
    target_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="networks", verbose_name="Zielgruppen")
    coordinator = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="coordinates", verbose_name="Koordination"
    )
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_networks",
        verbose_name="Begleitet vom Quartiersmanagement",
    )  # fmt: skip
    rhythm = models.CharField("Wie oft es sich trifft", max_length=80, blank=True)
    last_met_on = models.DateField("zuletzt getroffen am", null=True, blank=True)
    founded_on = models.DateField("gegründet am", null=True, blank=True)
    status = models.CharField("Stand", max_length=8, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = sort_key_field()

    objects = NetworkQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["starting", "active", "dormant", "ended"]), name="network_status_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("districts:network", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change this network: the same as `NetworkQuerySet.editable_by`, without asking again."""
        own, here = user.rights.districts(Perm.EDIT_ACTORS), self.districts.all()
        in_team = bool(own) and (not here or any(one.pk in own for one in here))
        return user.rights.can(Perm.EDIT_ALL_ACTORS) or in_team


class NetworkMembership(models.Model):
    """An actor belongs to a network, in a role, for a time (Q06)."""

    class Role(models.TextChoices):
        MEMBER = "member", "Mitglied"
        SPEAKER = "speaker", "Sprecherteam"
        HOST = "host", "Gastgeber/in"
        GUEST = "guest", "beratend, zu Gast"

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="memberships")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="network_memberships", verbose_name="Akteur"
    )
    role = models.CharField("Rolle", max_length=8, choices=Role, default=Role.MEMBER)
    valid_from = models.DateField("dabei seit", null=True, blank=True)
    valid_to = models.DateField("dabei bis", null=True, blank=True)

    objects = NetworkMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["actor__sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="network_membership_in_order",
            ),
            ExclusionConstraint(
                name="network_membership_once_at_a_time",
                expressions=[
                    ("network", RangeOperators.EQUAL),
                    ("actor", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} in {self.network}"

    @property
    def is_in_force(self) -> bool:
        """Whether the actor belongs to the network today."""
        today = timezone.localdate()
        begun = self.valid_from is None or self.valid_from <= today
        return begun and (self.valid_to is None or self.valid_to >= today)


class Relation(models.Model):
    """Two actors have to do with each other: `source` does something for or with `target`."""

    class Kind(models.TextChoices):
        COOPERATES = "cooperates", "kooperiert mit"
        FUNDS = "funds", "finanziert"
        USES_ROOMS = "uses_rooms", "nutzt Räume von"
        REFERS_TO = "refers_to", "verweist an"

    class Strength(models.TextChoices):
        LOOSE = "loose", "lose"
        REGULAR = "regular", "regelmäßig"
        CLOSE = "close", "eng"

    BACKWARDS = {
        Kind.COOPERATES: "kooperiert mit",
        Kind.FUNDS: "wird finanziert von",
        Kind.USES_ROOMS: "stellt Räume für",
        Kind.REFERS_TO: "bekommt Menschen vermittelt von",
    }

    source = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="relations_in", verbose_name="anderer Akteur"
    )
    kind = models.CharField("Art der Beziehung", max_length=10, choices=Kind)
    strength = models.CharField("Wie eng", max_length=8, choices=Strength, default=Strength.REGULAR)
    last_active_on = models.DateField("zuletzt gemeinsam etwas getan am", null=True, blank=True)
    note = models.CharField("Worum es geht", max_length=200, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_of_two_actors"),
            models.UniqueConstraint("source", "target", "kind", name="relation_once"),
            models.UniqueConstraint(
                Least("source", "target"), Greatest("source", "target"), condition=Q(kind="cooperates"),
                name="relation_cooperation_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"
