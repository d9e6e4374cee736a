"""Who is responsible: the most specific rule in force on the day the concern was received (K03). Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


class Rule(Protocol):
    """What `pick` reads of a responsibility rule."""

    topic_id: int
    district_id: int | None
    borough_id: int | None
    valid_from: date | None
    valid_to: date | None


R = TypeVar("R", bound=Rule)


@dataclass(frozen=True)
class Place:
    """Where a concern lies, as far as rules care; both are None for the whole city or outside."""

    district_id: int | None = None
    borough_id: int | None = None


def in_force(rule: Rule, on: date) -> bool:
    """Whether a rule's validity (inclusive, open ends allowed) covers a day."""
    return (rule.valid_from is None or rule.valid_from <= on) and (rule.valid_to is None or on <= rule.valid_to)


def applies(rule: Rule, topic_id: int, place: Place, on: date) -> bool:
    """Whether a rule covers a topic at a place on a day."""
    return (
        rule.topic_id == topic_id
        and in_force(rule, on)
        and (rule.district_id is None or rule.district_id == place.district_id)
        and (rule.borough_id is None or rule.borough_id == place.borough_id)
    )


def specificity(rule: Rule) -> int:
    """District before borough before everywhere."""
    return 2 if rule.district_id is not None else 1 if rule.borough_id is not None else 0


def ranked(rules: Iterable[R], topic_id: int, place: Place, on: date) -> list[R]:
    """All rules that apply, the winning one first, alternatives after it."""
    fitting = [rule for rule in rules if applies(rule, topic_id, place, on)]
    return sorted(fitting, key=specificity, reverse=True)


def pick(rules: Iterable[R], topic_id: int, place: Place, on: date) -> R | None:
    """The rule that decides, or None when nobody has written one for this topic."""
    return next(iter(ranked(rules, topic_id, place, on)), None)


def explain(rule) -> str:
    """One German sentence: to whom, why, how long (e.g. „Geht an E 18 – weil …“)."""
    where = ""
    if rule.district_id is not None:
        where = f" im Quartier {rule.district}"
    elif rule.borough_id is not None:
        where = f" im Stadtbezirk {rule.borough}"
    days = "1 Arbeitstag" if rule.working_days == 1 else f"{rule.working_days} Arbeitstage"
    sentence = f"Geht an {rule.department} – weil Thema „{rule.topic}“{where}; Frist {days}."
    return f"{sentence} {rule.note}" if rule.note else sentence


def describe(rule) -> str:
    """A rule as a sentence for those who keep the catalogue: where, who, how long, from when to when."""
    where = "im ganzen Stadtgebiet"
    if rule.district_id is not None:
        where = f"im Quartier {rule.district}"
    elif rule.borough_id is not None:
        where = f"im Stadtbezirk {rule.borough}"
    who = f"{rule.department} mit {rule.co_department}" if rule.co_department_id else str(rule.department)
    days = "1 Arbeitstag" if rule.working_days == 1 else f"{rule.working_days} Arbeitstage"
    dates = [f"{word} {day:%d.%m.%Y}" for word, day in (("ab", rule.valid_from), ("bis", rule.valid_to)) if day]
    validity = f", gültig {' '.join(dates)}" if dates else ""
    return f"{rule.topic} – {where}: {who}, {days}{validity}"
