"""Money of plans and projects: states of a finance line, and sums that know what is unknown (Z40).

An unknown amount is not nought: a sum over one says „mindestens“ and how many lines have no amount.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import TextChoices


class FinanceKind(TextChoices):
    """What kind of money, work or thing it is."""

    URBAN = "urban", "Städtebauförderung"
    OTHER = "other", "sonstige Förderung"
    OWN = "own", "Eigenanteil"
    PRIVATE = "private", "privat"
    VOLUNTEER = "volunteer", "ehrenamtlich"
    IN_KIND = "in_kind", "Sachleistung"


class FinanceState(TextChoices):
    """How certain it is."""

    INTENDED = "intended", "vorgesehen"
    POSSIBLE = "possible", "evtl."
    APPLIED = "applied", "beantragt"
    GRANTED = "granted", "bewilligt"
    REFUSED = "refused", "abgelehnt"
    DRAWN = "drawn", "abgerufen"
    SETTLED = "settled", "abgerechnet"


SECURED = frozenset({FinanceState.GRANTED, FinanceState.DRAWN, FinanceState.SETTLED})
HOPED = frozenset({FinanceState.INTENDED, FinanceState.APPLIED})


def euros(amount: Decimal) -> str:
    """„1.234,50 €“, exact to the cent; the sign stays on the line of its number."""
    text = f"{amount:,.2f}"
    return f"{text.replace(',', ' ').replace('.', ',').replace(' ', '.')}\u00a0€"


def hours_words(hours: Decimal | None, rate: Decimal | None) -> str:
    """„20 Stunden × 10,00 €“; empty when no hours are noted."""
    return "" if hours is None else f"{hours.normalize():f}".replace(".", ",") + f" Stunden × {euros(rate)}"


@dataclass
class Sum:
    """A sum of amounts, some of which may be unknown."""

    amount: Decimal = Decimal(0)
    known: int = 0
    unknown: int = 0

    def add(self, amount: Decimal | None) -> None:
        """Take in one line."""
        if amount is None:
            self.unknown += 1
        else:
            self.known += 1
            self.amount += amount

    @property
    def count(self) -> int:
        """How many lines it is of."""
        return self.known + self.unknown

    def __str__(self) -> str:
        if not self.count:
            return "–"
        if not self.unknown:
            return euros(self.amount)
        without = "1 Posten ohne Betrag" if self.unknown == 1 else f"{self.unknown} Posten ohne Betrag"
        return f"mindestens {euros(self.amount)}, {without}" if self.known else f"unbekannt, {without}"


@dataclass
class Totals:
    """The sums of some finance lines by how certain they are, and what is missing to the planned cost."""

    planned: Decimal | None = None
    secured: Sum = field(default_factory=Sum)
    hoped: Sum = field(default_factory=Sum)
    possible: Sum = field(default_factory=Sum)
    refused: Sum = field(default_factory=Sum)
    sources: set = field(default_factory=set)
    parts: list["Totals"] | None = None  # of a whole plan: what one measure has too much pays for no other

    def add(self, state: str, amount: Decimal | None, source) -> None:
        """Take in one line; a refused one brings no source."""
        if state in SECURED:
            self.secured.add(amount)
        elif state in HOPED:
            self.hoped.add(amount)
        elif state == FinanceState.POSSIBLE:
            self.possible.add(amount)
        else:
            self.refused.add(amount)
            return
        self.sources.add(source)

    @property
    def planned_words(self) -> str:
        """The planned cost, or that nobody knows it."""
        return "nicht bekannt" if self.planned is None else euros(self.planned)

    @property
    def all(self) -> Sum:
        """Everything that was not refused."""
        parts = (self.secured, self.hoped, self.possible)
        return Sum(
            sum((one.amount for one in parts), Decimal(0)),
            sum(one.known for one in parts),
            sum(one.unknown for one in parts),
        )

    @property
    def gap(self) -> str:
        """What is missing to the planned cost when all that is hoped for comes, without what is uncertain („evtl.“)."""
        short = [one for one in (self.parts if self.parts is not None else [self]) if one.missing != 0]
        if any(one.missing is None for one in short):
            return "unbekannt, geplante Kosten fehlen"
        if not short:
            return "keine"
        missing = euros(sum((one.missing for one in short), Decimal(0)))
        return f"höchstens {missing}" if any(one.secured.unknown + one.hoped.unknown for one in short) else missing

    @property
    def missing(self) -> Decimal | None:
        """The planned cost without what is hoped for, never below nought; None when nobody knows the cost."""
        if self.planned is None:
            return None
        return max(self.planned - self.secured.amount - self.hoped.amount, Decimal(0))


def totals_of(lines: Iterable, planned: Decimal | None = None) -> Totals:
    """The sums of finance lines; each tells `state`, `value` and `source_label`."""
    found = Totals(planned)
    for one in lines:
        found.add(one.state, one.value, one.source_label)
    return found
