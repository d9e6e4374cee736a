"""Eighteen months of an office: every concern goes its way until it ends or today comes."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import connection

from concerns.actions import triage
from concerns.actions.intake import ReporterData
from concerns.models import Concern, ConcernEvent, Feedback, OutgoingMail, Reply, Reporter, Routing, RoutingMessage
from districts.models import District
from quartier.workdays import add_workdays

from . import wording
from .clock import SEASONS, Clock, NotYet, arrival
from .reporters import some_reporter
from .story import Cast, Story

# How many concerns come from a district (of 100): the quarters with special challenges bring most.
SHARE = {"ost": 23, "forst": 20, "nord": 14, "preuswald": 9, "kronenberg": 7, "eilendorf": 7, "kullen": 6,
         "burtscheid": 6, "richterich": 5, "westpark": 5, "": 3}  # fmt: skip
_CHANNELS = {"office_hours": 34, "phone": 21, "outreach": 13, "email": 12, "online": 5, "event": 5, "letter": 3,
             "body": 3, "survey": 1, "observation": 6}  # fmt: skip
# Topics that come up more often than the others.
_FREQUENT = {"wilder-muell": 5, "spielplatz": 4, "schlagloch": 4, "parken": 3, "beleuchtung": 3, "haus-zustand": 3,
             "gehwegschaden": 3, "laerm": 2, "reinigung": 2, "behoerdenhilfe": 3, "vermuellung-gruen": 2}  # fmt: skip
_QUIET = {"sucht": 0.5, "schulden": 0.6, "gewalt": 0.4, "kindeswohl": 0.4, "wohnungsverlust": 0.5}


class Desk:
    """Hands out written concerns so that no text comes twice before all of its kind have been used."""

    def __init__(self, cast: Cast):
        self.cast, self.rnd = cast, cast.rnd
        self._used: dict[int, int] = {}

    def _weight(self, index: int, topic: str) -> float:
        return _FREQUENT.get(topic, _QUIET.get(topic, 1)) / 6 ** self._used.get(index, 0)

    def take(self, fits=lambda topic, row: True) -> tuple[str, dict]:
        """A text that fits, rather one not yet used."""
        rows = [(index, topic, row) for index, (topic, row) in enumerate(wording.templates()) if fits(topic, row)]
        per_topic: dict[str, int] = {}
        for _, topic, _ in rows:
            per_topic[topic] = per_topic.get(topic, 0) + 1
        weights = [self._weight(index, topic) / per_topic[topic] for index, topic, _ in rows]
        index, topic, row = self.rnd.choices(rows, weights)[0]
        self._used[index] = self._used.get(index, 0) + 1
        return topic, row

    def district(self) -> District | None:
        """A district, by how much comes from there."""
        code = self.rnd.choices(list(SHARE), list(SHARE.values()))[0]
        return self.cast.city.districts.get(code)

    def channel(self, row: dict) -> tuple[str, str]:
        """How it came in, with the occasion."""
        channel = self.rnd.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        if channel == "observation" and row["kind"] != "defect":
            channel = "outreach"
        occasions = wording.read("loop")["occasions"].get(channel, [])
        return channel, self.rnd.choice(occasions) if occasions else ""

    def begin(self, wanted: "Wanted") -> Story:
        """Log one concern."""
        clock, district = Clock(wanted.at, self.cast.now, self.rnd), wanted.district
        written = wording.write(
            wanted.topic, wanted.row, district=district, on=clock.today, rnd=self.rnd, at=wanted.place
        )
        story = Story(self.cast, clock, written, district)
        channel, occasion = self.channel(wanted.row)
        if self.cast.topics[wanted.topic].is_sensitive:
            channel, occasion = self.rnd.choice(("office_hours", "phone")), ""
        people = wanted.reporters or [some_reporter(district, channel, self.rnd)]
        if wanted.reporters is None and channel in {"office_hours", "event"} and self.rnd.random() < 0.06:
            people.append(some_reporter(district, channel, self.rnd))
        story.log(channel=channel, occasion=occasion, reporters=people)
        return story


@dataclass(frozen=True)
class Wanted:
    """A concern to be logged: when, which text, where; by somebody in particular or by anybody."""

    at: datetime
    topic: str
    row: dict
    district: District | None
    reporters: list[ReporterData] | None = None
    place: wording.Place | None = None


def some_of_the_past(desk: Desk, number: int) -> list[Wanted]:
    """Concerns as they came in during the last eighteen months."""
    chosen = []
    for _ in range(number):
        topic, row = desk.take()
        at = arrival(desk.cast.now, desk.rnd, months=SEASONS.get(row.get("season")))
        chosen.append(Wanted(at, topic, row, desk.district()))
    return chosen


def play_all(stories: list[Story], rnd: Random) -> None:
    """Let each go its way; some that came in shortly after each other go it together."""
    bundles = bundle_some(stories, rnd)
    for number, story in enumerate(stories):
        if number % 50 == 0:
            tell_the_planner()
        if story not in bundles:
            play(story)


def tell_the_planner() -> None:
    """Let PostgreSQL look at what has been loaded: it takes new tables for empty and would plan for one row."""
    models = (Concern, Reporter, Routing, RoutingMessage, Reply, Feedback, ConcernEvent, OutgoingMail)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")


def bundle_some(stories: list[Story], rnd: Random) -> set[Story]:
    """Bundle some that came in shortly after each other on the same topic in the same district."""
    taken: set[Story] = set()
    for index, lead in enumerate(stories):
        for other in stories[index + 1 : index + 25]:
            near = (other.clock.at - lead.clock.at).days <= 6
            same = (lead.district, lead.written.topic) == (other.district, other.written.topic)
            open_to_it = lead.district and not lead.concern.is_sensitive and not {lead, other} & taken
            if near and same and open_to_it and rnd.random() < 0.8:
                lead.clock.at = max(lead.clock.at, other.clock.at)
                lead.bundle(other)
                taken.add(other)
                break
    return taken


def play(story: Story) -> None:
    """The natural way of a concern, as far as it has come by now."""
    try:
        _triage(story)
    except NotYet:
        return


def _triage(story: Story) -> None:
    rnd, clock = story.rnd, story.clock
    if story.concern.urgency == "normal":
        clock.workdays(0, 3)
    else:
        clock.minutes(20, 90)
    dice = rnd.random()
    kind, rule = story.written.kind, story.cast.rule(story.concern.topic, story.district, clock.today)
    if dice < 0.04 and story.concern.urgency == "normal":
        _park(story)
    if kind == "information" or dice > 0.96:
        story.own_answer("informed" if kind == "information" else rnd.choice(("withdrawn", "untraceable")))
        _feedback(story)
    elif rule is None or (kind in {"question", "idea", "wish"} and rnd.random() < 0.35) or rnd.random() < 0.08:
        _own_work(story)
    else:
        _forward(story)


def _park(story: Story) -> None:
    until = add_workdays(story.clock.today, story.rnd.randint(8, 30))
    triage.park(concern=story.concern, until=until, by=story.manager, at=story.clock.minutes())
    story.clock.on(until)
    triage.wake(concern=story.concern, by=None, at=story.clock.at)
    story.clock.workdays(0, 1)


def _own_work(story: Story) -> None:
    triage.take_on(concern=story.concern, by=story.manager, at=story.clock.minutes())
    story.clock.workdays(1, 12)
    weights = {"referred": 34, "fulfilled": 28, "informed": 15, "partly": 7, "declined": 8, "withdrawn": 3}
    if story.written.kind in {"idea", "wish"}:
        weights["became_project"] = 45
    story.own_answer(story.rnd.choices(list(weights), list(weights.values()))[0])
    _feedback(story)


def _forward(story: Story, *, to=None) -> None:
    rnd, departments = story.rnd, story.cast.city.departments
    if to is None and rnd.random() < 0.05:
        to = departments[rnd.choice(("FB 56", "E 18", "FB 36", "FB 68"))]
    routings = story.forward(to=to)
    lead, partners = routings[0], routings[1:]
    for partner in partners:
        story.clock.workdays(0, 2)
        story.accept(partner)
        story.clock.workdays(0, 2)
        story.reply(partner, "known")
    if story.works(lead):
        _feedback(story)
        return
    story.clock.workdays(0, 2)
    others = [departments[code] for code in ("E 18", "FB 36", "FB 68", "FB 32") if code != lead.department.code]
    if partners:  # the partner has answered: that is the answer
        story.concern.refresh_from_db()
        triage.acknowledge_return(concern=story.concern, by=story.manager, at=story.clock.minutes())
        _feedback(story)
    else:
        _forward(story, to=rnd.choice(others))


def _feedback(story: Story) -> None:
    story.tell_all()
    story.clock.workdays(0, 1)
    story.close()
    if story.answer["outcome"] == "planned":
        _promise(story)
    elif story.answer["outcome"] in {"declined", "partly"} and story.rnd.random() < 0.06:
        _second_round(story, "unsatisfied")
    elif story.answer["outcome"] == "fulfilled" and story.rnd.random() < 0.03:
        _second_round(story, "new_report")


def _promise(story: Story) -> None:
    story.promise_due()
    story.clock.on(story.answer["promised_on"])
    story.clock.workdays(0, 3)
    kept = story.rnd.random() < 0.72
    story.settle_promise(kept)
    if kept:
        story.tell_all(0, 3)
        story.close()
    else:
        _second_round(story, "")


def _second_round(story: Story, reason: str) -> None:
    if reason:
        story.clock.workdays(3, 15)
        story.reopen(reason)
    story.clock.workdays(0, 2)
    _forward(story) if story.rnd.random() < 0.6 else _own_work(story)
