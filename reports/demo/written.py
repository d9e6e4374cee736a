"""Evaluation reports of the demo city: last year's in two versions, half a year of one district, a draft in work.

A loaded city does not know how it stood on an earlier day: the figures of released reports are those of today, dated to
the release. So reports come out late enough for nearly everything in them to have come to its end by then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from concerns.demo.clock import moment
from concerns.models import Concern
from districts.models import District, User
from quartier.workdays import add_workdays
from reports.actions import reports as actions
from reports.chapters import ASSESSMENTS, CHAPTERS
from reports.choice import Choice, Span
from reports.models import Report, ReportText
from reports.papers.evaluation import freeze
from reports.periods import MONTHS, before, whole
from reports.quarters import Quarter

from . import wording

_SEED = 52070
_FIRST_CHAPTERS = ("overview", "intake", "outcomes", "feedback", ASSESSMENTS)  # of the version that was superseded
_SETTLED = timedelta(days=14)  # after a quarter's end, before people write about it
Kind = ReportText.Kind


def is_loaded() -> bool:
    """Whether there are reports already."""
    return Report.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the reports as they stand at a moment; returns their number."""
    desk = _Desk(now, Random(_SEED), wording.people()["e.steinmetz"], wording.managers(), wording.districts())
    today = timezone.localdate(now)
    _year(desk, today)
    _half(desk, today)
    _quarter(desk, today)
    return Report.objects.count()


@dataclass
class _Desk:
    """The Sozialplanung's desk, and whom it asks for texts."""

    now: datetime
    rnd: Random
    planner: User
    managers: dict[str, User]
    districts: dict[str, District]

    def at(self, day: date, workdays: int = 0) -> datetime:
        """Some moment of a working day, not later than now."""
        return min(moment(add_workdays(day, workdays), self.rnd), self.now)

    def begin(self, title: str, choice: Choice, chapters: Iterable[str], at: datetime) -> Report:
        """Start a draft."""
        return actions.create_report(
            title=title, parameters=choice.to_json(), chapters=chapters, by=self.planner, at=at
        )  # fmt: skip

    def ask(self, report: Report, texts: dict[str, list[str]], day: date) -> None:
        """Let the quarter managers write about their districts, on the days after."""
        for place, (code, paragraphs) in enumerate(texts.items()):
            text = report.texts.get(kind=Kind.DISTRICT, district=self.districts[code])
            self._write(text, wording.text(paragraphs), self.managers[code], self.at(day, 1 + place // 3))

    def write(self, report: Report, kind: str, text: str, at: datetime) -> None:
        """Write one of the Sozialplanung's own texts."""
        self._write(report.texts.get(kind=kind), text, self.planner, at)

    def _write(self, text: ReportText, content: str, by: User, at: datetime) -> None:
        actions.write_text(text=text, content=content, version=text.version, by=by, at=at)

    def release(self, report: Report, at: datetime) -> None:
        """Let a draft out of the house."""
        report.refresh_from_db()
        actions.release(report=report, frozen=freeze(report, by=self.planner, now=at), by=self.planner, at=at)


def _year(desk: _Desk, today: date) -> None:
    """The last year that has been reported on: a first version without everything, then the complete one."""
    year = today.year - 1 if today >= date(today.year, 4, 15) else today.year - 2
    texts, day = wording.read("reports")["year"], date(year + 1, 3, 1)
    span = whole("year", year)
    report = desk.begin(
        texts["title"].format(year=year), Choice(span.since, span.until), _FIRST_CHAPTERS, desk.at(day)
    )  # fmt: skip
    desk.ask(report, texts["districts"], day)
    planning = wording.text([*texts["planning"], *_began(span, texts["began"])])
    desk.write(report, Kind.PLANNING, planning, desk.at(day, 6))
    desk.write(report, Kind.OUTLOOK, wording.text(texts["outlook"]), desk.at(day, 7))
    desk.release(report, desk.at(day, 9))
    new = actions.supersede(report=report, by=desk.planner, at=desk.at(day, 16))
    same = {"title": new.title, "parameters": new.parameters, "revision": new.revision}
    actions.change_report(report=new, **same, chapters=CHAPTERS, by=desk.planner)
    desk.ask(new, texts["added"], add_workdays(day, 16))
    added = wording.text(texts["planning_added"])
    desk.write(new, Kind.PLANNING, f"{planning}\n\n{added}", desk.at(day, 18))
    desk.release(new, desk.at(day, 20))


def _began(span: Span, sentence: str) -> list[str]:
    """A word about a year in which counting began only on the way."""
    first = Concern.objects.aggregate(day=Min("received_on"))["day"]
    if first.replace(day=1) <= span.since:
        return []
    return [sentence.format(began=f"{MONTHS[first.month - 1]} {first.year}")]


def _half(desk: _Desk, today: date) -> None:
    """One district alone, compared with the half-year before."""
    part, year = _last_half(today)
    texts, district, span = wording.read("reports")["half"], desk.districts["ost"], whole(part, year)
    earlier = before(span, part)
    choice = Choice(span.since, span.until, earlier.since, earlier.until, districts=(district.pk,))
    chapters = [code for code in CHAPTERS if code != "districts"]
    title = texts["title"].format(half=part.removeprefix("h"), year=year)
    report = desk.begin(title, choice, chapters, desk.at(span.until, 30))
    desk.ask(report, texts["districts"], add_workdays(span.until, 32))
    desk.write(report, Kind.PLANNING, wording.text(texts["planning"]), desk.at(span.until, 38))
    desk.write(report, Kind.OUTLOOK, wording.text(texts["outlook"]), desk.at(span.until, 39))
    desk.release(report, desk.at(span.until, 42))


def _last_half(today: date) -> tuple[str, int]:
    """The last half-year of which a report has had the time to come out."""
    parts = [(part, year) for year in (today.year, today.year - 1) for part in ("h2", "h1")]
    return next((part, year) for part, year in parts if add_workdays(whole(part, year).until, 44) <= today)


def _quarter(desk: _Desk, today: date) -> None:
    """The last quarter of the whole city: some have written, some have not."""
    quarter = Quarter.of(today - _SETTLED).before
    earlier = quarter.before
    texts = wording.read("reports")["quarter"]
    choice = Choice(quarter.since, quarter.until, earlier.since, earlier.until)
    report = desk.begin(
        texts["title"].format(quarter=quarter.label), choice, CHAPTERS, desk.at(today, -6)
    )  # fmt: skip
    desk.ask(report, texts["districts"], add_workdays(today, -6))
