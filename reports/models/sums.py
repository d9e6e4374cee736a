"""Kept sums of the loop's figures: one row per month, area and figure, and the log of what has changed since."""

from django.db import models

WHOLE_CITY = -1  # area: the sum of all districts and of what lies outside


class KeptSum(models.Model):
    """How often a figure occurs among the concerns received in a month in an area.

    `area` is the id of a district, 0 outside all districts or WHOLE_CITY. `value` tells rows of a distribution apart
    (days, or the day a date falls on as an ordinal), 0 otherwise. Never changed by a difference: a month and area is
    always counted anew, so that it cannot drift (docs/decisions/0016).
    """

    month = models.DateField()
    area = models.IntegerField()
    measure = models.CharField(max_length=40)
    key = models.CharField(max_length=20, blank=True)
    value = models.IntegerField(default=0)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "month", "measure", "key", "value"], name="kept_sum_once")
        ]
        indexes = [
            # the trend and the districts, which need few measures of all areas
            models.Index(fields=["measure", "area", "month"], include=["key", "value", "n"], name="kept_sum_measure")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.area} {self.measure} {self.key}"


class KeptPiece(models.Model):
    """Days that are no whole month, counted for the whole city: what a running year is compared with, say.

    `facts` are rows of month (as an ordinal), area, measure, key, value and count; the area is 0 where no figure tells
    it. Dropped as soon as anything in its months has changed, and after a week.
    """

    since = models.DateField()
    until = models.DateField()
    facts = models.JSONField()
    counted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["since", "until"], name="kept_piece_once")]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"


class Change(models.Model):
    """What has to be counted anew, written by triggers: a month and area, or a concern or person something was written
    about. Where those lie is looked up when somebody counts."""

    month = models.DateField(null=True)
    area = models.IntegerField(null=True)
    # ids, not keys: what they name may be gone when it is counted
    concern = models.BigIntegerField(null=True)
    reporter = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["month", "area"], name="change_cell")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.area}" if self.month else f"{self.concern or self.reporter}"
