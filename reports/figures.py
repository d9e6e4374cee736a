"""The evaluation: from a choice to the figures that page, CSV, XLSX and PDF show (K22, I12)."""

from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from reports.chapters import answers, city, feedback, intake, voices
from reports.choice import Choice, Span
from reports.frame import Frame, Names
from reports.models import IndicatorValue
from reports.sums import sums
from reports.tables import Chapter, Figures


def evaluate(choice: Choice, *, now: datetime | None = None) -> Figures:
    """All figures of a choice, as of now; `now` is another moment only where the demo city tells of the past.

    Raises:
        StillCounting: too much has changed to be counted anew now.
    """
    frame = make_frame(choice, today=timezone.localdate(now))
    overview = Chapter("overview", "Auf einen Blick", (intake.overview(frame), intake.rates(frame)))
    chapters = (
        overview,
        intake.chapter(frame),
        answers.departments_chapter(frame),
        answers.outcome_chapter(frame),
        feedback.chapter(frame),
        city.trend_chapter(frame),
        city.districts_chapter(frame),
        voices.chapter(frame),
    )
    return Figures(
        title=title(choice, frame.names),
        period=words(choice.span),
        comparison=words(choice.comparison) if choice.comparison else "",
        filters=filters(choice, frame.names),
        as_of=f"{timezone.localtime(now):%d.%m.%Y, %H:%M} Uhr",
        chapters=chapters,
    )


def make_frame(choice: Choice, *, today: date) -> Frame:
    """The sums and names that the chapters work with."""
    year = choice.until.year
    values = IndicatorValue.objects
    spoken = values.languages(year)
    parts = [spoken[one] for one in choice.districts if one in spoken]
    only = parts[0] if len(choice.districts) == 1 and parts else spoken.get(None, {})
    return Frame(
        choice=choice,
        today=today,
        names=Names.load(),
        now=sums(choice, choice.span),
        before=sums(choice, choice.comparison) if choice.comparison else None,
        city=sums(replace(choice, districts=()), choice.span, voices.USUAL) if choice.districts else None,
        inhabitants=values.inhabitants(year),
        languages=only,
    )


def title(choice: Choice, names: Names) -> str:
    """Where the figures are about."""
    return ", ".join(names.districts[one] for one in choice.districts) or "Gesamtstadt"


def words(span: Span) -> str:
    """A period in words: a year, a quarter, a month, or from day to day."""
    since, until = span.since, span.until
    months = list(span.months())
    if not months or span.edges():
        return f"{since:%d.%m.%Y} bis {until:%d.%m.%Y}"
    if len(months) == 12 and since.month == 1:
        return f"Jahr {since.year}"
    if len(months) == 6 and since.month in (1, 7):
        return f"{since.month // 6 + 1}. Halbjahr {since.year}"
    if len(months) == 3 and since.month % 3 == 1:
        return f"{since.month // 3 + 1}. Quartal {since.year}"
    if len(months) == 1:
        return f"{MONTHS[since.month - 1]} {since.year}"
    return f"{since:%d.%m.%Y} bis {until:%d.%m.%Y}"


MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


def filters(choice: Choice, names: Names) -> tuple[tuple[str, str], ...]:
    """What else was chosen, in words."""
    found = []
    if choice.topics:
        found.append(("Themen", ", ".join(names.topic(one) for one in choice.topics)))
    if choice.departments:
        found.append(("Fachbereiche", ", ".join(names.department(one) for one in choice.departments)))
    return tuple(found)
