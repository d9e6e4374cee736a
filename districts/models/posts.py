"""Posts of an assignment, their shares over time, and who fills them (Z07)."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value

from districts.assigning import FULL, share_words
from districts.organising import Area
from districts.querysets import OfAssignmentQuerySet
from quartier.ranges import DateRange

from .assignments import Assignment
from .people import User
from .places import District

SMALLEST, LARGEST = Decimal("0.05"), Decimal("20.00")  # of a post; more stands in several posts


class Post(models.Model):
    """A post of an assignment: for one of its districts, or without a district for all of them together."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="posts")
    name = models.CharField("Bezeichnung der Stelle", max_length=120)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="Quartier"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "name"], name="post_name_once_per_assignment")]

    def __str__(self) -> str:
        return self.name


class PostShare(models.Model):
    """How large a post is meant to be, for a time; None is not known, which is not nothing."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="shares")
    share = models.DecimalField(
        "Stellenanteil", max_digits=4, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(SMALLEST), MaxValueValidator(LARGEST)],
    )  # fmt: skip
    valid_from = models.DateField("ab", null=True, blank=True)
    valid_to = models.DateField("bis", null=True, blank=True)

    objects = OfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = [F("valid_from").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=20), name="post_share_is_positive_or_unknown"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="post_share_in_order",
            ),
            ExclusionConstraint(
                name="post_share_one_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.words}"

    @property
    def words(self) -> str:
        """The share as people read it."""
        return share_words(self.share)


class Staffing(models.Model):
    """Who fills a post: somebody with a login, or somebody else by name. Nobody does more than one whole post."""

    class Role(models.TextChoices):
        MANAGER = "manager", "Quartiersmanagement"
        ASSISTANT = "assistant", "Assistenz"
        FREELANCE = "freelance", "Honorarkraft"
        COORDINATION = "coordination", "Koordination"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="staffings")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="staffings",
        verbose_name="Person mit Zugang",
    )  # fmt: skip
    name = models.CharField("Name oder Funktion", max_length=120, blank=True)
    role = models.CharField("Rolle", max_length=12, choices=Role, default=Role.MANAGER)
    area = models.CharField("Schwerpunkt", max_length=9, choices=Area, blank=True)
    share = models.DecimalField(
        "Anteil", max_digits=3, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(SMALLEST), MaxValueValidator(FULL)],
    )  # fmt: skip
    valid_from = models.DateField("ab", null=True, blank=True)
    valid_to = models.DateField("bis", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = [F("valid_from").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | Q(person=None) & ~Q(name=""),
                name="staffing_is_a_person_or_a_name",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1), name="staffing_share_up_to_one"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="staffing_in_order",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["manager", "assistant", "freelance", "coordination"]), name="staffing_role_known"
            ),
            ExclusionConstraint(
                name="staffing_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.name)

    @property
    def words(self) -> str:
        """The share as people read it."""
        return share_words(self.share)
