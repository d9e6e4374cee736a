"""What several tests of figures and reports look at."""

import random
from dataclasses import replace
from datetime import date

import pytest

from concerns.models import Concern, Feedback
from concerns.workflow import Outcome, ReasonCategory
from reports.actions import reports as actions
from reports.chapters import CHAPTERS
from reports.choice import Choice
from reports.papers.evaluation import content_of, draft_pdf
from tests import make
from tests.concerns import loop
from tests.reports.history import SMOOTH, City


def stories(n: int):
    """Lifelike stories, always the same ones: what people tell, where it goes, how it ends."""
    chance = random.Random(15)
    for number in range(n):
        yield {
            **SMOOTH,
            "age": number % 60,
            "kind": chance.choice(Concern.Kind.values[:3]),
            "channel": chance.choice(Concern.Channel.values[:4]),
            "spot": chance.choice(["", *Concern.Spot.values[:3]]),
            "place": chance.choice([0, 0, 0, 1, 2, 3]),
            "topic": chance.choice([0, 0, 0, 1]),
            "people": chance.choice([["person"], ["mail"], ["person", "club"], ["anonymous"]]),
            "way": chance.choice(["forward", "forward", "both", "own", "none"]),
            "department": chance.choice(["accept+reply", "accept+reply", "accept+reply", "accept", "back"]),
            "outcome": chance.choice([Outcome.FULFILLED, Outcome.FULFILLED, Outcome.DECLINED]),
            "reason": chance.choice(ReasonCategory.values[:2]),
            "reaction": chance.choice(Feedback.Reaction.values[:2]),
        }


@pytest.fixture
def played(db):
    """Forty concerns in two districts and outside."""
    played = City()
    for story in stories(40):
        played.play(story)
    for one in (played.district, played.other, None):
        make.indicator_value(district=one) if one else make.indicator_value()
    return played


@pytest.fixture
def year_report(played):
    """Everything about the whole city, compared with the year before; every text is written."""
    today, choice = make.today(), Choice(date(make.today().year - 1, 1, 1), make.today())
    choice = replace(choice, compare_since=date(today.year - 3, 1, 1), compare_until=date(today.year - 2, 12, 31))
    made = make.report(by=played.planner, title="Evaluationsbericht", choice=choice, chapters=list(CHAPTERS))
    for text in made.texts.all():
        actions.write_text(text=text, content=f"Worte zu {text.heading}.", version=0, by=played.planner)
    return loop.fresh(made)


@pytest.fixture
def year_pdf(request) -> bytes:
    """The PDF of that report, made once: many tests look at it."""
    if not _made:
        _made.append(draft_pdf(content_of(request.getfixturevalue("year_report"))))
    return _made[0]


_made: list[bytes] = []
