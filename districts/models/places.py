"""Boroughs (Stadtbezirke), districts (Quartiere) and offices (Stadtteilbüros)."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from districts.hours_words import lines_on
from districts.opening import Hours
from districts.querysets import OfficeQuerySet, ValidityQuerySet
from quartier.ranges import DateRange
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
    description = models.TextField("Das Quartier in wenigen Sätzen", max_length=2000, blank=True)
    population = models.PositiveIntegerField("Einwohnerinnen und Einwohner", null=True, blank=True)
    population_on = models.DateField("Stand der Einwohnerzahl", null=True, blank=True)
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
            ),
            models.CheckConstraint(
                condition=models.Q(population=None, population_on=None)
                | models.Q(population__isnull=False, population_on__isnull=False),
                name="district_population_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:district_page", args=[self.slug])


class LivingSpace(models.Model):
    """Lebensraum: a small area of the Sozialentwicklungsplan; a district is made of them, which changes over time."""

    name = models.CharField("Name", max_length=120)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="living_spaces", verbose_name="Quartier"
    )
    boundary = models.JSONField("Grenze (GeoJSON-Geometrie)", null=True, blank=True)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)
    sort_key = sort_key_field()

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None)
                | models.Q(valid_from=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="living_space_in_order",
            ),
            ExclusionConstraint(
                name="living_space_in_one_district_at_a_time",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", models.Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """Stadtteilbüro: the place where a team sits; serves one or several districts (Z02)."""

    name = models.CharField("Name", max_length=120, unique=True)
    districts = models.ManyToManyField(District, related_name="offices", verbose_name="Quartiere")
    street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=10, blank=True)
    city = models.CharField("Ort", max_length=80, blank=True)
    lat = models.FloatField(
        "Breitengrad", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        "Längengrad", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    website = models.URLField("Internetseite", blank=True)
    carrier = models.CharField("Träger oder Vermieter", max_length=200, blank=True)
    opened_on = models.DateField("eröffnet am", null=True, blank=True)
    closed_on = models.DateField("geschlossen nach dem", null=True, blank=True)  # the last day
    accessibility = models.TextField("Barrierefreiheit für Besucherinnen und Besucher", max_length=1000, blank=True)
    group_room_size = models.PositiveSmallIntegerField("Größe des Gruppenraums in m²", null=True, blank=True)
    photo = models.FileField(upload_to="offices/%Y/%m", blank=True, editable=False)
    photo_preview = models.FileField(upload_to="offices/%Y/%m", blank=True, editable=False)
    # What the office's letters say about it; plain text, one line of the paper per line.
    hours_note = models.TextField("Zusatz zu den Öffnungszeiten", max_length=300, blank=True)
    directions = models.CharField("Hinweis zum Weg", max_length=200, blank=True)
    letterhead = models.TextField("Kopf der Briefe", max_length=300, blank=True)
    funding_note = models.TextField("Träger- und Förderhinweis", max_length=300, blank=True)
    sort_key = sort_key_field()

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | models.Q(opened_on__isnull=True)
                | models.Q(closed_on__gte=models.F("opened_on")),
                name="office_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(lat=None, lon=None)
                | models.Q(lat__range=(-90, 90), lon__range=(-180, 180), lat__isnull=False, lon__isnull=False),
                name="office_coordinates_in_pairs",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Postcode and town."""
        return f"{self.postcode} {self.city}".strip()

    @property
    def address(self) -> str:
        """The whole address in one line."""
        return ", ".join(part for part in (self.street, self.place) if part)

    @property
    def hours(self) -> Hours:
        """Everything that decides when it is open (reads what was prefetched)."""
        if self.pk is None:
            return Hours()
        return Hours(tuple(self.slots.all()), tuple(self.exceptions.all()), self.opened_on, self.closed_on)

    def hours_on(self, day: date) -> str:
        """Opening hours as they are printed on `day`: those of the slots, then the note, line by line."""
        exists = self.pk is not None and Hours(opened_on=self.opened_on, closed_on=self.closed_on).exists_on(day)
        lines = lines_on(self.slots.all(), day) if exists else []
        return "\n".join([*lines, *filter(None, [self.hours_note])])

    @property
    def hours_today(self) -> str:
        """Opening hours as they are told today."""
        return self.hours_on(timezone.localdate())
