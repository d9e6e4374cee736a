"""Action plans and money of the benchmark: 60 plans with 200 measures each, 300 sources, 60,000 finance lines."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from bench.texts import NOUNS, STREETS
from districts.models import User
from projects.models import (
    ActionPlan,
    Amendment,
    FinanceLine,
    FundingSource,
    Goal,
    Measure,
    MeasureFunding,
    MeasureParticipant,
    SourceDeadline,
    StatusChange,
)
from projects.money import FinanceState
from projects.planning import MeasureStatus

PLANS, GOALS, MEASURES, SOURCES, LINES = 60, 8, 200, 300, 60_000
_AT_A_TIME = 2_000


def build(districts: list[int], by: User, today: date) -> None:
    """Store them; everything is drawn with a fixed seed."""
    rnd, at = Random(60), timezone.make_aware(datetime.combine(today, time(9)))
    sources = _sources(today, rnd)
    measures = [one for n in range(PLANS) for one in _plan(n, districts[n % len(districts)], by, at, rnd)]
    _lines(measures, sources, by, at, rnd)


def _sources(today: date, rnd: Random) -> list[FundingSource]:
    levels = [code for code, _ in FundingSource.Level.choices]
    rows = [FundingSource(name=f"Programm {NOUNS[n % len(NOUNS)]} {n}", level=levels[n % 10]) for n in range(SOURCES)]
    made = FundingSource.objects.bulk_create(rows)
    SourceDeadline.objects.bulk_create(
        SourceDeadline(source=one, on=today + timedelta(days=rnd.randint(-300, 700)), what="Antrag") for one in made
    )
    return made


@transaction.atomic
def _plan(number: int, district: int, by: User, at: datetime, rnd: Random) -> list[Measure]:
    month = date(2024, 1, 1)
    plan = ActionPlan.objects.create(title=f"Konzept {number:03d}", kind="isek", as_of=month)
    plan.districts.add(district)
    goals = Goal.objects.bulk_create(Goal(plan=plan, position=n, title=f"Oberziel {n}") for n in range(1, GOALS + 1))
    rows = [
        Measure(
            plan=plan, goal=rnd.choice(goals), position=n, kind="social", added_on=month,
            title=f"{rnd.choice(NOUNS).capitalize()} {rnd.choice(STREETS)}", is_urban_funded=rnd.random() < 0.4,
            status=rnd.choice(MeasureStatus.values[:3]),
        )
        for n in range(1, MEASURES + 1)
    ]  # fmt: skip
    made = Measure.objects.bulk_create(rows)
    StatusChange.objects.bulk_create(
        StatusChange(measure=one, status=one.status, on=month, by=by, at=at) for one in made
    )
    MeasureParticipant.objects.bulk_create(
        MeasureParticipant(measure=one, name=f"{rnd.choice(NOUNS).capitalize()} e. V.", position=n)
        for one in made
        for n in range(1, 4)
    )
    MeasureFunding.objects.bulk_create(MeasureFunding(measure=one, name="Landesmittel") for one in made)
    Amendment.objects.bulk_create(
        Amendment(measure=one, month=date(2025, rnd.randint(1, 12), 1), kind="narrative", text="Stand.", by=by, at=at)
        for one in made
        for _ in range(rnd.randint(0, 3))
    )
    ActionPlan.objects.filter(pk=plan.pk).update(status="adopted", decision="Rat", decided_on=month)
    return made


def _lines(measures: list[Measure], sources: list[FundingSource], by: User, at: datetime, rnd: Random) -> None:
    rows = (
        FinanceLine(
            measure=rnd.choice(measures), source=rnd.choice(sources), state=rnd.choice(FinanceState.values),
            amount=Decimal(rnd.randint(100, 9_000_000)) / 100 if rnd.random() < 0.8 else None,
            year=rnd.randint(2020, 2029), by=by, at=at,
            deadline_on=at.date() + timedelta(days=rnd.randint(-900, 900)) if rnd.random() < 0.2 else None,
        )
        for _ in range(LINES)
    )  # fmt: skip
    FinanceLine.objects.bulk_create(rows, batch_size=_AT_A_TIME)
