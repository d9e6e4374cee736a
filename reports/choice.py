"""What an evaluation is about: period, comparison, districts, topics and departments."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from concerns.filters import OUTSIDE

OUTSIDE_AREA = 0  # what lies outside all districts, where ids of districts are counted


@dataclass(frozen=True)
class Span:
    """A period, both days included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.until - self.since).days + 1

    def months(self) -> Iterator[date]:
        """First days of the whole months in it."""
        month = self.since if self.since.day == 1 else next_month(self.since)
        while next_month(month) <= self.until + timedelta(days=1):
            yield month
            month = next_month(month)

    def edges(self) -> list["Span"]:
        """What is left of it without its whole months: nothing, one or two pieces."""
        months = list(self.months())
        if not months:
            return [self]
        end = next_month(months[-1])
        pieces = [Span(self.since, months[0] - timedelta(days=1)), Span(end, self.until)]
        return [one for one in pieces if one.since <= one.until]


def next_month(day: date) -> date:
    """First day of the month after a day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True)
class Choice:
    """What is evaluated. Empty districts, topics or departments mean all; district 0 is what lies outside of all.

    Departments narrow to concerns that at least one of them really had. Topics are ids, themes "feld-" and an id.
    """

    since: date
    until: date
    compare_since: date | None = None
    compare_until: date | None = None
    districts: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    departments: tuple[int, ...] = ()

    @property
    def span(self) -> Span:
        """The period."""
        return Span(self.since, self.until)

    @property
    def comparison(self) -> Span | None:
        """The period it is compared with."""
        if self.compare_since and self.compare_until:
            return Span(self.compare_since, self.compare_until)
        return None

    @property
    def is_narrow(self) -> bool:
        """Whether kept sums cannot answer it, because they know districts and months only."""
        return bool(self.topics or self.departments)

    def query(self, span: Span | None = None, **further: object) -> str:
        """Query string of the concern list that shows what is counted; `further` narrows it to one figure."""
        span = span or self.span
        values: dict[str, object] = {"figure": "all", "received_from": span.since, "received_to": span.until}
        if self.districts:
            values["districts"] = ",".join(OUTSIDE if one == OUTSIDE_AREA else str(one) for one in self.districts)
        if self.topics:
            values["topics"] = ",".join(self.topics)
        if self.departments:
            values["departments"] = ",".join(str(one) for one in self.departments)
        return urlencode({**values, **further})

    def to_json(self) -> dict:
        """As plain values, for storing."""
        return {
            name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: dict) -> "Choice":
        """From what `to_json` gave."""
        dates = {"since", "until", "compare_since", "compare_until"}
        return cls(
            **{
                name: (date.fromisoformat(value) if value else None) if name in dates else tuple(value)
                for name, value in values.items()
            }
        )

    def without_comparison(self) -> "Choice":
        """The same without a comparison period."""
        return replace(self, compare_since=None, compare_until=None)
