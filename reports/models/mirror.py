"""The department mirror (N14): what a department says about its figures, and what was published of both."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from districts.models import Department, User
from reports.quarters import Quarter
from reports.querysets.mirror import MirrorQuerySet

COMMENT_LIMIT = 700  # characters: the mirror is one page


class Mirror(models.Model):
    """One department in one quarter. A trigger keeps published ones as they are."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="mirrors")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    comment = models.TextField("Stellungnahme", max_length=COMMENT_LIMIT, blank=True)
    comment_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    comment_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # counts every change of the comment
    created_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    frozen = models.JSONField(null=True)  # figures and comment as published
    checksum = models.CharField(max_length=64, blank=True)  # of `frozen`; stands in the foot of the PDF
    pdf = models.BinaryField(null=True)

    objects = MirrorQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter", "department__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["department", "year", "quarter"], name="mirror_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="mirror_quarter_in_range"),
            models.CheckConstraint(
                condition=Q(comment_by__isnull=True, comment_at__isnull=True, comment="")
                | Q(comment_by__isnull=False, comment_at__isnull=False),
                name="mirror_comment_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(
                    published_by__isnull=True, published_at__isnull=True, frozen__isnull=True, pdf__isnull=True,
                    checksum="",
                )
                | Q(published_by__isnull=False, published_at__isnull=False, frozen__isnull=False, pdf__isnull=False)
                & Q(checksum__regex=r"^[0-9a-f]{64}$"),
                name="mirror_published_by_and_at",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.department.code}, {self.period.label}"

    @property
    def period(self) -> Quarter:
        """Its quarter."""
        return Quarter(self.year, self.quarter)

    @property
    def is_published(self) -> bool:
        """Whether it can no longer be changed."""
        return self.published_at is not None
