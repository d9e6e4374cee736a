"""What lies on the desks today: every state, for every quarter manager and every department with a login.

A script tells one concern's story: first it yields what is to be logged and when, then it gets the story, logged in its
turn among all others, and goes on with it. So the numbers follow the order in which the concerns came in.
"""

from collections.abc import Generator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from concerns.actions import triage
from districts.models import District
from quartier.workdays import add_workdays, is_workday

from . import wording
from .clock import SEASONS, earlier_today, moment
from .history import Desk, Wanted
from .reporters import some_reporter
from .story import Story

Script = Generator[Wanted, Story, Story]

# The departments whose inboxes are filled first; then those who answer by link.
_INBOXES = ("E 18", "FB 36", "FB 68", "E 18", "FB 36", "FB 68", "FB 32", "FB 56", "EXT Licht", "FB 45", "FB 52", "E 26")
_CHANNELS = ("phone", "phone", "email", "letter", "in_person", "notice", "multiplier")
_BUNDLE = ("phone", "email", "notice", "phone", "letter", "notice", "in_person")


class Today:
    """Writes the scripts for one quarter manager's desk."""

    def __init__(self, desk: Desk, districts: list[District], turn: int = 0):
        self.desk, self.cast, self.rnd = desk, desk.cast, desk.rnd
        self.districts, self.turn = districts, turn
        now = timezone.localtime(self.cast.now)
        over = is_workday(now.date()) and now.time() > time(17, 0)
        self.base = now.date() if over else add_workdays(now.date(), -1)
        self.today = now.date()

    def ago(self, workdays: int) -> datetime:
        """A moment some working days before the last complete one."""
        return moment(add_workdays(self.base, -workdays), self.rnd)

    def ahead(self, workdays: int) -> date:
        """The day some working days from today."""
        return add_workdays(self.today, workdays)

    def on(self, story: Story, workdays: int) -> None:
        """Go on with a story some working days ago."""
        story.clock.at = max(self.ago(workdays), story.clock.minutes())

    def inbox(self) -> str:
        """The department whose turn it is."""
        self.turn += 1
        return _INBOXES[self.turn % len(_INBOXES)]

    def new(self, at: datetime, *, code: str = "", channel: str = "", sensitive=False, outside=False) -> Script:
        """A concern is logged; with `code` one for which the rules name that department."""
        district = None if outside else self.rnd.choice(self.districts)

        def suits(topic: str, row: dict) -> bool:
            if self.cast.topics[topic].is_sensitive != sensitive:
                return False
            rule = self.cast.rule(self.cast.topics[topic], district, timezone.localdate(at))
            calm = sensitive or row.get("urgency") != "danger"
            timely = at.month in SEASONS.get(row.get("season"), {at.month})
            return calm and timely and (not code or (rule is not None and rule.department.code == code))

        topic, row = self.desk.take(suits)
        reporters = [some_reporter(district, "office_hours", self.rnd, channel=channel)] if channel else None
        return (yield Wanted(at, topic, row, district, reporters=reporters))

    # --- at the departments ------------------------------------------------------------------------------------------

    def forwarded(self, *, sent: int, due_on: date, code: str = "", channel: str = "", late=False) -> Script:
        """Lies at a department; when late, as far up as it has come."""
        story = yield from self.new(self.ago(sent + self.rnd.randint(0, 2)), code=code or self.inbox(), channel=channel)
        self.on(story, sent)
        story.routing = story.forward(due_on=due_on, alone=True)[0]
        if late:
            story.escalate(story.routing, self.cast.now)
        return story

    def accepted(self, *, sent: int, due_on: date, channel: str = "", late=False) -> Script:
        """A department works on it."""
        story = yield from self.forwarded(sent=sent, due_on=due_on, channel=channel)
        self.on(story, max(0, sent - self.rnd.randint(1, 2)))
        story.accept(story.routing)
        if late:
            story.escalate(story.routing, self.cast.now)
        story.routing.refresh_from_db()
        return story

    def returned(self) -> Script:
        """A department gave it back."""
        story = yield from self.forwarded(sent=7, due_on=self.ahead(4))
        self.on(story, 1)
        story.give_back(story.routing, self.cast.city.departments["FB 61"])

    def ping_pong(self) -> Script:
        """Two departments in turn are not responsible."""
        second = self.cast.city.departments["E 18"]
        story = yield from self.forwarded(sent=14, due_on=self.ahead(2), code="FB 32")
        self.on(story, 10)
        story.give_back(story.routing, second)
        self.on(story, 9)
        story.routing = story.forward(to=second, alone=True)[0]
        self.on(story, 2)
        story.give_back(story.routing)

    def asked(self, days: int) -> Script:
        """A department asks the team something."""
        story = yield from self.accepted(sent=9, due_on=self.ahead(4))
        self.on(story, days)
        story.ask(story.routing)

    def interim(self, *, told: bool) -> Script:
        """A department needs longer: somebody is owed the interim message, or has heard it."""
        story = yield from self.accepted(sent=21, due_on=self.ahead(1), channel="phone")
        self.on(story, 3 if told else 1)
        story.interim(story.routing, self.ahead(9))
        if told:
            self.on(story, 1)
            story.tell_interim()

    def outside(self) -> Script:
        """Outside all districts."""
        story = yield from self.new(self.ago(3), code="E 18", outside=True)
        self.on(story, 2)
        story.forward(due_on=self.ahead(5), alone=True)

    # --- feedback ----------------------------------------------------------------------------------------------------

    def answered(self, *, replied: int, channel: str, result: str = "", promised_on: date | None = None) -> Script:
        """The department has answered."""
        sent = replied + self.rnd.randint(6, 26)
        story = yield from self.accepted(sent=sent, due_on=self.ahead(3 - replied), channel=channel)
        self.on(story, replied)
        story.reply(story.routing, result, promised_on)
        return story

    def told(self, *, replied: int, told: int, result: str, promised_on: date | None = None) -> Script:
        """Everybody has heard it."""
        story = yield from self.answered(replied=replied, channel="phone", result=result, promised_on=promised_on)
        self.on(story, told)
        for reporter in story.waiting():
            story.by_hand(reporter, story.words(reporter, story.answer["answer_text"]), "reached")
        return story

    def missed(self, replied: int) -> Script:
        """Called twice in vain."""
        story = yield from self.answered(replied=replied, channel="phone")
        for days in (8, 3):
            self.on(story, days)
            story.miss(story.waiting()[0])

    def came_back(self) -> Script:
        """The mail with the answer came back."""
        story = yield from self.answered(replied=5, channel="email")
        self.on(story, 4)
        story.mail(story.waiting()[0], comes_back=True)

    def own_answer(self) -> Script:
        """Answered by the team itself."""
        story = yield from self.new(self.ago(6), channel="in_person")
        self.on(story, 2)
        story.own_answer("referred")

    # --- the team's own ----------------------------------------------------------------------------------------------

    def own_work(self, began: int, *, follow_up=False, sensitive=False) -> Script:
        """The team works on it, perhaps with a follow-up for today."""
        story = yield from self.new(self.ago(began + 1), sensitive=sensitive)
        self.on(story, began)
        triage.take_on(concern=story.concern, by=story.manager, at=story.clock.at)
        if follow_up:
            triage.set_follow_up(concern=story.concern, on=self.today, by=story.manager, at=story.clock.minutes())

    def follow_up(self) -> Script:
        """A department works on it; the team wanted to look yesterday."""
        story = yield from self.accepted(sent=3, due_on=self.ahead(7))
        yesterday = self.today - timedelta(days=1)
        triage.set_follow_up(concern=story.concern, on=yesterday, by=story.manager, at=story.clock.minutes())

    def parked(self) -> Script:
        """Put aside until a date."""
        story = yield from self.new(self.ago(25))
        self.on(story, 23)
        until = self.today + timedelta(days=self.rnd.randint(9, 40))
        triage.park(concern=story.concern, until=until, by=story.manager, at=story.clock.at)
        why = self.rnd.choice(wording.read("loop")["park_reasons"])
        triage.add_note(concern=story.concern, text=why, by=story.manager, at=story.clock.minutes())

    # --- after the end -----------------------------------------------------------------------------------------------

    def promised(self, day: date, *, replied: int, kept: bool | None = None) -> Script:
        """Closed as planned for a day; with `kept` somebody has looked since."""
        story = yield from self.told(replied=replied, told=replied - 5, result="planned", promised_on=day)
        self.on(story, replied - 6)
        story.close()
        story.promise_due()
        if kept is not None:
            self.on(story, 2)
            story.settle_promise(kept)

    def reopened(self) -> Script:
        """Somebody is not content with the answer: back on the desk."""
        story = yield from self.told(replied=40, told=34, result="declined")
        self.on(story, 33)
        story.close()
        self.on(story, 1)
        story.reopen("unsatisfied")
        text = self.rnd.choice(wording.read("loop")["reopen_reasons"])
        triage.add_note(concern=story.concern, text=text, by=story.manager, at=story.clock.minutes())

    # --- the whole desk ----------------------------------------------------------------------------------------------

    def at_departments(self) -> list[Script]:
        """Green, yellow and red rows for the inboxes."""
        return [
            self.forwarded(sent=0, due_on=self.ahead(10)),
            self.forwarded(sent=1, due_on=self.ahead(8)),
            self.accepted(sent=5, due_on=self.ahead(6)),
            self.accepted(sent=14, due_on=self.ahead(12)),
            self.forwarded(sent=7, due_on=self.ahead(1)),
            self.accepted(sent=19, due_on=self.ahead(0)),
            *(self.accepted(sent=days + 16, due_on=self.ahead(-days), late=True) for days in (2, 6, 13)),
            self.forwarded(sent=15, due_on=self.ahead(-4), late=True),
        ]

    def everything(self) -> list[Script]:
        """One desk with all of it."""
        waited = (0, 14, 2, 6, 3, 9, 1)
        return [
            self.new(earlier_today(self.cast.now, self.rnd)),
            *(self.new(self.ago(days)) for days in (0, 1, 4)),
            self.new(self.ago(0), sensitive=True),
            self.returned(),
            *self.at_departments(),
            *(self.asked(days) for days in (0, 3)),
            *(self.interim(told=told) for told in (False, True)),
            *(
                self.missed(days) if channel == "phone" and days else self.answered(replied=days, channel=channel)
                for channel, days in zip(_CHANNELS, waited, strict=True)
            ),
            self.came_back(),
            self.own_answer(),
            self.told(replied=5, told=1, result="fulfilled"),
            self.own_work(2),
            self.own_work(18, follow_up=True),
            self.own_work(3, sensitive=True),
            self.follow_up(),
            self.parked(),
            self.promised(self.today, replied=30),
            self.promised(self.today - timedelta(days=6), replied=45),
            self.promised(self.today + timedelta(days=24), replied=38),
            self.promised(add_workdays(self.base, -5), replied=50, kept=True),
            self.promised(add_workdays(self.base, -6), replied=45, kept=False),
            self.reopened(),
        ]


class Bundle:
    """Wilder Müll, seven people, two of them anonymous (scenario 2): answered, two have heard it."""

    def __init__(self, desk: Desk, district: District):
        self.today, self.district = Today(desk, [district]), district
        self.place = wording.place(district, "square", desk.rnd)
        self.stories: list[Story] = []

    def scripts(self) -> list[Script]:
        """Seven people tell of the same place on seven days."""
        rows = [
            row
            for topic, row in wording.templates()
            if topic == "wilder-muell" and row["spot"] == "street" and row["kind"] in {"defect", "complaint"}
        ]
        return [self._one(row, way, 12 - day) for day, (way, row) in enumerate(zip(_BUNDLE, rows, strict=False))]

    def _one(self, row: dict, way: str, ago: int) -> Script:
        reporter = some_reporter(self.district, "office_hours", self.today.rnd, channel=way)
        at = self.today.ago(ago)
        story = yield Wanted(at, "wilder-muell", row, self.district, reporters=[reporter], place=self.place)
        self.stories.append(story)

    def play(self) -> None:
        """They are bundled and answered."""
        lead, on = self.stories[0], self.today.on
        on(lead, 11)
        routing = lead.forward(alone=True)[0]
        on(lead, 10)
        lead.accept(routing)
        on(lead, 5)
        for other in self.stories[1:]:
            lead.bundle(other)
        on(lead, 3)
        routing.refresh_from_db()
        lead.reply(routing, "fulfilled")
        on(lead, 1)
        by_phone, by_mail = lead.waiting()[:2]
        lead.by_hand(by_phone, lead.words(by_phone, lead.answer["answer_text"]), "reached")
        lead.mail(by_mail, comes_back=False)
