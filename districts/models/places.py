"""Boroughs (Stadtbezirke), districts (Quartiere) and offices (Stadtteilbüros)."""

from django.db import models

from districts.querysets import ValidityQuerySet
from quartier.search import sort_key_field


class Borough(models.Model):
    """Stadtbezirk."""

    name = models.CharField("Name", max_length=120, unique=True)
    boundary = models.JSONField("Grenze (GeoJSON-Geometrie)", null=True, blank=True)
    sort_key = sort_key_field()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """Quartier: the area a Quartiersmanagement works in; concerns may also lie outside all of them (I10)."""

    name = models.CharField("Name", max_length=120, unique=True)
    short_name = models.CharField("Kurzname", max_length=40)
    slug = models.SlugField("Kennung", max_length=60, unique=True)
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="districts", verbose_name="Stadtbezirk")
    boundary = models.JSONField("Grenze (GeoJSON-Geometrie)", null=True, blank=True)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)
    sort_key = sort_key_field()

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="district_validity_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """Stadtteilbüro: the place where a team sits; serves one or several districts."""

    name = models.CharField("Name", max_length=120, unique=True)
    districts = models.ManyToManyField(District, related_name="offices", verbose_name="Quartiere")
    street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=10, blank=True)
    city = models.CharField("Ort", max_length=80, blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    sort_key = sort_key_field()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name
