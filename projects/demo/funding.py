"""Funding sources of the demo city: the programmes that the sources name, with invented deadlines (F.3)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from districts.demo.directory import PLANNER
from districts.models import ActionField, Assignment, Programme, User
from projects.actions import funding as actions
from projects.models import FundingSource

from . import read


def is_loaded() -> bool:
    """Whether there are sources already."""
    return FundingSource.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the sources beside a demo city that is there; returns their number."""
    by, today = User.objects.get(email=PLANNER), timezone.localdate(now)
    fields = {one.name: one for one in ActionField.objects.all()}
    programmes = {one.name: one for one in Programme.objects.all()}
    made: dict[str, FundingSource] = {}
    rows = read("funding_sources")
    for row in sorted(rows, key=lambda one: bool(one["successor"])):
        made[row["name"]] = actions.save_source(
            by=by, name=row["name"], short_name=row["short"], level=row["level"], status=row["status"],
            owner=row["owner"], purposes=row["purposes"], conditions=row["conditions"], contact=row["contact"],
            action_fields=[fields[name] for name in row["fields"] if name in fields],
            own_share=Decimal(row["share"]) if row["share"] is not None else None, staff_chargeable=row["staff"],
            starts_on=_day(row["start"]), ends_on=_day(row["end"]), programme=programmes.get(row["programme"]),
            deadlines=[(today + timedelta(days=days), what) for days, what in row["deadlines"]],
        )  # fmt: skip
    for row in rows:
        if row["successor"]:
            FundingSource.objects.filter(name=row["name"]).update(successor=made[row["successor"]])
    _assignments(made, by, today, now)
    return len(made)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _assignments(made: dict[str, FundingSource], by: User, today: date, now: datetime) -> None:
    """What the posts of Quartiersmanagement are paid from; most amounts are not known."""
    by_programme = {one.programme_id: one for one in made.values() if one.programme_id}
    for number, one in enumerate(Assignment.objects.exclude(programme=None).order_by("pk")):
        source = by_programme.get(one.programme_id)
        if source is None:
            continue
        last = one.ends_on is not None and one.ends_on < today
        year = one.ends_on.year if last else today.year
        amount = Decimal(31_000 + 2_500 * number) if number % 2 == 0 else None
        state = "settled" if last else "granted"
        kind = "own" if source.level == FundingSource.Level.CITY else "other"
        actions.save_line(
            paid=one, by=by, at=now, source=source, kind=kind, state=state, amount=amount, year=year,
            note="" if amount else "Der Anteil steht im Stellenplan nicht einzeln.",
        )  # fmt: skip


def lines_of(rows: list, paid, *, by: User, today: date, now: datetime) -> None:
    """Finance lines of a project or measure: source, kind, state, amount (or none), year from today, more."""
    known = {one.name: one for one in FundingSource.objects.all()}
    known |= {one.short_name: one for one in known.values() if one.short_name}
    for name, kind, state, amount, year, *more in rows:
        extra = more[0] if more else {}
        deadline = extra.get("deadline")
        actions.save_line(
            paid=paid, by=by, at=now, source=known.get(name), kind=kind, state=state,
            amount=Decimal(amount) if amount else None, year=today.year + year,
            hours=Decimal(extra["hours"]) if "hours" in extra else None,
            rate=Decimal(extra["rate"]) if "rate" in extra else None,
            deadline_on=today + timedelta(days=deadline) if deadline else None, deadline_what=extra.get("what", ""),
            note="" if name in known else name,
        )  # fmt: skip
