"""What a project costs and who pays for it: pure arithmetic in euros and cents (Z35)."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

CENT = Decimal("0.01")


def euros(amount: Decimal) -> str:
    """An amount as people write it: „1.234,50 €“."""
    return f"{number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)} €"


def percent(share: Decimal) -> str:
    """A share in per cent as people write it: „12,5 %“, „20 %“; never rounded up to what it does not reach."""
    rounded = share.quantize(Decimal("0.1"), ROUND_DOWN)
    places = 0 if rounded == rounded.to_integral_value() else 1
    return f"{number_format(rounded, decimal_pos=places, use_l10n=True)} %"


@dataclass(frozen=True)
class Costs:
    """A cost plan and how it is paid for. Volunteers' hours count on both sides, at the rate of the fund's rules."""

    lines: Decimal
    own_money: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    other: Decimal = Decimal(0)
    requested: Decimal = Decimal(0)

    @property
    def volunteers(self) -> Decimal:
        """What the hours of volunteers are worth."""
        return (self.hours * self.rate).quantize(CENT, ROUND_HALF_UP)

    @property
    def total(self) -> Decimal:
        """All costs, volunteers' hours included."""
        return self.lines + self.volunteers

    @property
    def own(self) -> Decimal:
        """The applicant's own share: money and hours."""
        return self.own_money + self.volunteers

    @property
    def own_percent(self) -> Decimal:
        """The own share in per cent of all costs; 0 without costs."""
        return self.own * 100 / self.total if self.total else Decimal(0)

    @property
    def own_words(self) -> str:
        """The same in words."""
        return percent(self.own_percent)

    @property
    def gap(self) -> Decimal:
        """What is not paid for yet; negative when there is more money than costs."""
        return self.lines - self.own_money - self.other - self.requested

    def reaches(self, share: Decimal) -> bool:
        """Whether the own share is at least so many per cent; compared without rounding."""
        return self.own * 100 >= self.total * share
