"""The money of a version of a plan as it stood when the version was superseded (Z23, Z40)."""

from django.db import models

from projects.money import FinanceKind, FinanceState

from .funding import FundingSource, LineInWords
from .measures import Measure
from .plans import ActionPlan


class FrozenLine(LineInWords, models.Model):
    """A finance line of a measure as it was then; a trigger keeps it once the version is superseded."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="frozen_lines")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="frozen_lines")
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, null=True, related_name="+")
    source_name = models.CharField(max_length=160, blank=True)  # as it was called then
    kind = models.CharField(max_length=9, choices=FinanceKind)
    state = models.CharField(max_length=8, choices=FinanceState)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    rate = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    year = models.PositiveSmallIntegerField(null=True)
    deadline_on = models.DateField(null=True)
    deadline_what = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["year", "pk"]

    def __str__(self) -> str:
        return f"{self.source_label} {self.year or ''}".strip()

    @property
    def source_label(self) -> str:
        """The source, or the kind where there is none."""
        return self.source_name or self.get_kind_display()


class FrozenCost(models.Model):
    """The planned cost of a measure as it was then."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="frozen_costs")
    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="frozen_cost")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.amount)
