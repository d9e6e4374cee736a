"""How a district is classified (Z01, Z08) and who steers it (Z12)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse

from districts.querysets import ClassificationQuerySet
from quartier.ranges import DateRange

from .people import User
from .places import District


class DistrictClassification(models.Model):
    """What the city's planning says about a district, for a time, and where it is written."""

    class Kind(models.TextChoices):
        CHALLENGED = "challenged", "Quartier mit besonderen Herausforderungen"
        NEED = "need", "Bedarf laut Sozialplanung"

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="classifications", verbose_name="Quartier"
    )
    kind = models.CharField("Einstufung", max_length=10, choices=Kind, default=Kind.CHALLENGED)
    basis = models.CharField("Grundlage", max_length=200)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        ordering = ["district__sort_key", "kind", F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["challenged", "need"]), name="classification_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="classification_in_order",
            ),
            ExclusionConstraint(
                name="classification_once_at_a_time",
                expressions=[
                    ("district", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.get_kind_display()}"


class DistrictStructure(models.Model):
    """Who steers in a district: the city's coordinator, and in words what is no row of its own."""

    district = models.OneToOneField(District, on_delete=models.CASCADE, related_name="structure")
    coordinator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="coordinated_districts",
        verbose_name="Städtische Koordination",
    )  # fmt: skip
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Vertretung"
    )
    political = models.TextField("Politische Steuerung", max_length=1000, blank=True)
    administrative = models.TextField("Administrative Steuerung", max_length=1000, blank=True)
    escalation = models.TextField("Wenn es nicht weitergeht", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deputy=None) | Q(coordinator=None) | ~Q(deputy=F("coordinator")),
                name="structure_deputy_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"Struktur {self.district}"

    def get_absolute_url(self) -> str:
        return reverse("districts:structure", args=[self.district_id])
