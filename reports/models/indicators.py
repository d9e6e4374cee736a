"""Social-space indicators and their values (D01): context of the figures, never their cause."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from concerns.models import Reporter, Topic
from districts.models import Borough, District, User
from quartier.search import sort_key_field
from reports.numbers import PLACES, german
from reports.querysets.indicators import INHABITANTS, IndicatorQuerySet, ValueQuerySet

FIRST_YEAR, LAST_YEAR = 1950, 2100
MOST_PERCENT = 1000
# German is what is spoken without being asked for; "other" names no language.
LANGUAGES = [(code, name) for code, name in Reporter.Language.choices if code not in {"de", "other"}]


class Indicator(models.Model):
    """A figure or rating about a place that the office does not make itself (appendix F.1)."""

    class Direction(models.TextChoices):
        BURDENED = "burdened", "hoch bedeutet stärker belastet"
        NEUTRAL = "neutral", "ohne Wertung"

    class Measure(models.TextChoices):
        SHARE = "share", "Anteil, Mittelwert oder Einschätzung"
        COUNT = "count", "Anzahl"

    code = models.SlugField("Kennung", max_length=60, unique=True)
    name = models.CharField("Name", max_length=120, unique=True)
    aliases = models.CharField(
        "Weitere Namen", max_length=500, blank=True,
        help_text="Durch Semikolon getrennt: So heißt die Spalte in den Dateien, die Sie einlesen.",
    )  # fmt: skip
    unit = models.CharField("Einheit", max_length=20, blank=True, help_text="Zum Beispiel % oder €/m².")
    measure = models.CharField(
        "Art", max_length=5, choices=Measure, default=Measure.SHARE,
        help_text="Anzahlen werden nicht mit dem Wert der Stadt verglichen.",
    )  # fmt: skip
    direction = models.CharField("Richtung", max_length=8, choices=Direction, default=Direction.NEUTRAL)
    source = models.CharField("Quelle", max_length=200, blank=True)
    definition = models.TextField("Was gezählt wird", max_length=2000, blank=True)
    theme = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="Handlungsfeld"
    )
    language = models.CharField(
        "Anteil der Menschen, die diese Sprache sprechen", max_length=5, choices=LANGUAGES, blank=True,
        help_text="Damit sich zeigt, welche Sprachen in den Anliegen fehlen.",
    )  # fmt: skip
    is_active = models.BooleanField("in Gebrauch", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0, help_text="Kleine Zahlen stehen oben.")
    sort_key = sort_key_field()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["position", "sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["language"], condition=~Q(language=""), name="indicator_one_for_each_language"
            ),
            # Inhabitants are what rates are made of: a count that nobody can turn into something else.
            models.CheckConstraint(
                condition=~Q(code=INHABITANTS) | Q(measure="count", language="", is_active=True),
                name="indicator_inhabitants_are_a_count",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page with all values."""
        return reverse("reports:indicator", args=[self.pk])

    @property
    def label(self) -> str:
        """Name and unit: „Kinderarmut (%)“; what inhabitants are counted in goes without saying."""
        return f"{self.name} ({self.unit})" if self.unit and not self.is_inhabitants else self.name

    @property
    def is_inhabitants(self) -> bool:
        """Whether this is the built-in number of inhabitants."""
        return self.code == INHABITANTS

    def fault_of(self, number: Decimal) -> str:
        """Why this number cannot be a value of the indicator, in German; empty when it can."""
        if self.is_inhabitants and (number < 0 or number != number.to_integral_value()):
            return "Einwohnerinnen und Einwohner sind eine ganze Zahl ab 0."
        if self.language and not 0 <= number <= 100:
            return "Der Anteil einer Sprache liegt zwischen 0 und 100 %."
        # 36.254 in a file from elsewhere is 36 with decimal places, not 36 thousand.
        if self.unit == "%" and abs(number) > MOST_PERCENT:
            return f"{german(number)} % sind zu viel. Stimmt die Schreibweise der Zahlen?"
        return ""

    @classmethod
    def load_inhabitants(cls) -> "Indicator":
        """The built-in number of inhabitants, made when nobody has asked for it before."""
        return cls.objects.get_or_create(
            code=INHABITANTS,
            defaults={
                "name": "Einwohnerinnen und Einwohner",
                "aliases": "Einwohner; Einwohner/innen; Einwohnerzahl; Bevölkerung",
                "unit": "Personen",
                "measure": cls.Measure.COUNT,
                "definition": "Menschen mit Hauptwohnung am 31. Dezember des Jahres.",
            },
        )[0]


class IndicatorValue(models.Model):
    """What an indicator says about one place in one year: a number or a rating."""

    class Level(models.TextChoices):
        DISTRICT = "district", "Quartier"
        BOROUGH = "borough", "Stadtbezirk"
        CITY = "city", "Gesamtstadt"

    class Rating(models.TextChoices):
        BELOW = "below", "unterdurchschnittlich"
        AVERAGE = "average", "durchschnittlich"
        ABOVE = "above", "überdurchschnittlich"

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values", verbose_name="Kennwert")
    level = models.CharField("Ebene", max_length=8, choices=Level)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Quartier"
    )
    borough = models.ForeignKey(
        Borough, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Stadtbezirk"
    )
    year = models.PositiveSmallIntegerField("Jahr")
    number = models.DecimalField("Zahl", max_digits=16, decimal_places=PLACES, null=True, blank=True)
    rating = models.CharField("Einschätzung", max_length=7, choices=Rating, blank=True)
    note = models.CharField("Hinweis", max_length=300, blank=True)
    source = models.CharField("Dokument", max_length=200, blank=True, help_text="Woher genau dieser Wert kommt.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ValueQuerySet.as_manager()

    places = 0  # decimal places shown in any case; a table sets them so that its numbers line up

    class Meta:
        ordering = ["indicator", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "district", "borough", "year"],
                nulls_distinct=False,
                name="indicatorvalue_once",
            ),
            models.CheckConstraint(
                condition=Q(level="district", district__isnull=False, borough__isnull=True)
                | Q(level="borough", district__isnull=True, borough__isnull=False)
                | Q(level="city", district__isnull=True, borough__isnull=True),
                name="indicatorvalue_one_place",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False, rating="") | (Q(number__isnull=True) & ~Q(rating="")),
                name="indicatorvalue_number_or_rating",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="indicatorvalue_year_in_range"
            ),
        ]
        indexes = [
            # newest values of a district or of the city; rates per 1,000 inhabitants
            models.Index(fields=["district", "indicator", "-year"], name="indicatorvalue_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.place}, {self.year}"

    @property
    def place(self) -> str:
        """Name of the place, as people read it and as an import understands it."""
        if self.borough_id:
            return f"Stadtbezirk {self.borough.name}"
        return self.district.name if self.district_id else "Gesamtstadt"

    @property
    def words(self) -> str:
        """The value in German, without its unit: „12,5“ or „überdurchschnittlich“."""
        return self.get_rating_display() if self.rating else german(self.number, places=self.places)

    @property
    def city_words(self) -> str:
        """The city's value of the same year (needs `with_city`); "" when there is none."""
        if self.city_rating:
            return self.Rating(self.city_rating).label
        return "" if self.city_number is None else german(self.city_number, places=self.places)

    @property
    def shown(self) -> str:
        """The value with its unit."""
        unit = "" if self.rating or self.indicator.is_inhabitants else self.indicator.unit
        return f"{self.words} {unit}".strip()


class IndicatorFile(models.Model):
    """An uploaded file between preview and take-over, with how its columns are to be read; removed after a week."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    year = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=200, blank=True)
    reading = models.JSONField(default=dict)  # what the person changed about how the columns are read
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name
