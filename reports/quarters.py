"""Quarters of a year: how they are called, and which one comes before."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_CODE = re.compile(r"(20\d\d)-([1-4])", re.ASCII)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until(self) -> date:
        """Its last day."""
        return date(self.year, 3 * self.number, monthrange(self.year, 3 * self.number)[1])

    @property
    def label(self) -> str:
        """„3. Quartal 2026“."""
        return f"{self.number}. Quartal {self.year}"

    @property
    def code(self) -> str:
        """How addresses call it: „2026-3“."""
        return f"{self.year}-{self.number}"

    @property
    def before(self) -> "Quarter":
        """The one before."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until < today

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The one a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, code: str, today: date) -> "Quarter | None":
        """The one an address calls so; None when there is none or it has not begun."""
        found = _CODE.fullmatch(code)
        quarter = cls(int(found[1]), int(found[2])) if found else None
        return quarter if quarter and quarter.since <= today else None


def latest(today: date, count: int) -> list[Quarter]:
    """The running quarter and those before it, newest first."""
    quarters = [Quarter.of(today)]
    while len(quarters) < count:
        quarters.append(quarters[-1].before)
    return quarters
