"""What lies on the desks today: every state, for every quarter manager and every department with a login."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from concerns.actions import triage
from districts.models import District
from quartier.workdays import add_workdays, is_workday

from . import wording
from .clock import earlier_today, moment
from .history import Desk
from .reporters import some_reporter
from .story import Story

# The departments whose inboxes are filled first; then those who answer by link.
_INBOXES = ("E 18", "FB 36", "FB 68", "E 18", "FB 36", "FB 68", "FB 32", "FB 56", "EXT Licht", "FB 45", "FB 52", "E 26")
_CHANNELS = ("phone", "phone", "email", "letter", "in_person", "notice", "multiplier")


class Today:
    """Lays concerns in a given state onto one quarter manager's desk."""

    def __init__(self, desk: Desk, districts: list[District], turn: int):
        self.desk, self.cast, self.rnd = desk, desk.cast, desk.rnd
        self.districts, self.turn = districts, turn
        now = timezone.localtime(self.cast.now)
        begun = is_workday(now.date()) and now.time() > time(17, 0)
        self.base = now.date() if begun else add_workdays(now.date(), -1)
        self.today = now.date()

    def ago(self, workdays: int) -> datetime:
        """A moment some working days before the last complete one."""
        return moment(add_workdays(self.base, -workdays), self.rnd)

    def _day(self, story: Story, workdays: int) -> None:
        story.clock.at = max(self.ago(workdays), story.clock.minutes())

    def begin(self, at: datetime, *, code: str = "", channel: str = "", fits=None, outside=False) -> Story:
        """Log a concern; with `code` one for which the rules name that department."""
        district = None if outside else self.rnd.choice(self.districts)

        def suits(topic: str, row: dict) -> bool:
            if fits:
                return fits(topic, row)
            rule = self.cast.rule(self.cast.topics[topic], district, timezone.localdate(at))
            named = rule.department.code if rule else ""
            calm = row.get("urgency") != "danger" and not self.cast.topics[topic].is_sensitive
            season = {"winter": {12, 1, 2}, "summer": {5, 6, 7, 8, 9}, "spring": {3, 4, 5}, "autumn": {9, 10, 11}}
            timely = at.month in season.get(row.get("season"), {at.month})
            return calm and timely and (not code or named == code)

        topic, row = self.desk.take(suits)
        reporters = [some_reporter(district, "office_hours", self.rnd, channel=channel)] if channel else None
        return self.desk.begin(topic, row, district, at, reporters=reporters)

    def inbox(self) -> str:
        """The department whose turn it is."""
        self.turn += 1
        return _INBOXES[self.turn % len(_INBOXES)]

    # --- new ---------------------------------------------------------------------------------------------------------

    def to_triage(self) -> None:
        """Came in today and in the last days; one nobody has looked at in time, one that a department gave back."""
        self.begin(earlier_today(self.cast.now, self.rnd))
        for days in (0, 1, 4):
            self.begin(self.ago(days))
        story = self._forwarded(sent=7, due_on=add_workdays(self.today, 4))
        self._day(story, 1)
        story.give_back(story.routing, self.cast.city.departments["FB 61"])

    def ping_pong(self) -> None:
        """Two departments in turn are not responsible."""
        story = self._forwarded(sent=14, due_on=add_workdays(self.today, 2), code="FB 32")
        self._day(story, 10)
        story.give_back(story.routing, self.cast.city.departments["E 18"])
        self._day(story, 9)
        story.routing = story.forward(to=self.cast.city.departments["E 18"], alone=True)[0]
        self._day(story, 2)
        story.give_back(story.routing)

    # --- at the departments ------------------------------------------------------------------------------------------

    def _forwarded(self, *, sent: int, due_on: date, code: str = "", channel: str = "") -> Story:
        story = self.begin(self.ago(sent + self.rnd.randint(0, 2)), code=code or self.inbox(), channel=channel)
        self._day(story, sent)
        story.routing = story.forward(due_on=due_on, alone=True)[0]
        return story

    def _accepted(self, *, sent: int, due_on: date, channel: str = "") -> Story:
        story = self._forwarded(sent=sent, due_on=due_on, channel=channel)
        self._day(story, max(0, sent - self.rnd.randint(1, 2)))
        story.accept(story.routing)
        story.routing.refresh_from_db()
        return story

    def at_departments(self) -> None:
        """Green, yellow and red rows for the inboxes; the red ones escalated step by step."""
        self._forwarded(sent=0, due_on=add_workdays(self.today, 10))
        self._forwarded(sent=1, due_on=add_workdays(self.today, 8))
        for sent, days in ((5, 6), (14, 12)):
            self._accepted(sent=sent, due_on=add_workdays(self.today, days))
        self._forwarded(sent=7, due_on=add_workdays(self.today, 1))
        self._accepted(sent=19, due_on=add_workdays(self.today, 0))
        for late in (2, 6, 13):
            story = self._accepted(sent=late + 16, due_on=add_workdays(self.today, -late))
            story.escalate(story.routing, self.cast.now)
        story = self._forwarded(sent=15, due_on=add_workdays(self.today, -4))
        story.escalate(story.routing, self.cast.now)

    def queries(self) -> None:
        """Questions of departments to the team."""
        for days in (0, 3):
            story = self._accepted(sent=9, due_on=add_workdays(self.today, 4))
            self._day(story, days)
            story.ask(story.routing)

    def interims(self) -> None:
        """A department needs longer: one person is owed the interim message, another has heard it."""
        for told in (False, True):
            story = self._accepted(sent=21, due_on=add_workdays(self.today, 1), channel="phone")
            self._day(story, 3 if told else 1)
            story.interim(story.routing, add_workdays(self.today, 9))
            if told:
                self._day(story, 1)
                story.tell_interim()

    # --- feedback ----------------------------------------------------------------------------------------------------

    def _answered(self, *, replied: int, channel: str, result: str = "", promised_on: date | None = None) -> Story:
        story = self._accepted(
            sent=replied + self.rnd.randint(6, 26), due_on=add_workdays(self.today, 3 - replied), channel=channel
        )
        self._day(story, replied)
        story.reply(story.routing, result, promised_on)
        return story

    def feedback_due(self) -> None:
        """The answer is there: one for every way of telling, some waiting long, some tried in vain."""
        for channel, waited in zip(_CHANNELS, (0, 14, 2, 6, 3, 9, 1), strict=True):
            story = self._answered(replied=waited, channel=channel)
            if channel == "phone" and waited:
                for days in (8, 3):
                    self._day(story, days)
                    story.miss(story.waiting()[0])
        returned = self._answered(replied=5, channel="email")
        self._day(returned, 4)
        returned.mail(returned.waiting()[0], comes_back=True)
        own = self.begin(self.ago(6), channel="in_person")
        self._day(own, 2)
        own.own_answer("referred")
        told = self._answered(replied=5, channel="phone", result="fulfilled")
        self._day(told, 1)
        for reporter in told.waiting():
            told.by_hand(reporter, told.words(reporter, told.answer["answer_text"]), "reached")

    # --- the team's own ----------------------------------------------------------------------------------------------

    def own_work(self) -> None:
        """In own work, in time and late; with a follow-up for today."""
        for began in (2, 18):
            story = self.begin(self.ago(began + 1))
            self._day(story, began)
            triage.take_on(concern=story.concern, by=story.manager, at=story.clock.at)
        triage.set_follow_up(concern=story.concern, on=self.today, by=story.manager, at=story.clock.minutes())
        waiting = self._accepted(sent=3, due_on=add_workdays(self.today, 7))
        follow_up = self.today - timedelta(days=1)
        triage.set_follow_up(concern=waiting.concern, on=follow_up, by=waiting.manager, at=waiting.clock.minutes())

    def parked(self) -> None:
        """Put aside until a date."""
        story = self.begin(self.ago(25))
        self._day(story, 23)
        until = self.today + timedelta(days=self.rnd.randint(9, 40))
        triage.park(concern=story.concern, until=until, by=story.manager, at=story.clock.at)

    def promises(self) -> None:
        """Closed as planned: promised for today, for last week, for later; one kept, which is to be told."""
        for day in (self.today, self.today - timedelta(days=6), self.today + timedelta(days=24)):
            story = self._answered(replied=self.rnd.randint(28, 60), channel="phone", result="planned", promised_on=day)
            self._close(story, 24)
            story.promise_due()
        kept = self._answered(replied=50, channel="phone", result="planned", promised_on=add_workdays(self.base, -5))
        self._close(kept, 44)
        kept.promise_due()
        self._day(kept, 2)
        kept.settle_promise(kept=True)

    def _close(self, story: Story, days: int) -> None:
        self._day(story, days)
        for reporter in story.waiting():
            story.by_hand(reporter, story.words(reporter, story.answer["answer_text"]), "reached")
        self._day(story, days - 1)
        story.close()

    def reopened(self) -> None:
        """Back on the desk: somebody is not content, and a promise was not kept."""
        story = self._answered(replied=40, channel="phone", result="declined")
        self._close(story, 34)
        self._day(story, 1)
        story.reopen("unsatisfied")
        triage.add_note(
            concern=story.concern, text=self.rnd.choice(wording.read("loop")["reopen_reasons"]), by=story.manager,
            at=story.clock.minutes(),
        )  # fmt: skip
        broken = self._answered(replied=45, channel="phone", result="planned", promised_on=add_workdays(self.base, -6))
        self._close(broken, 39)
        broken.promise_due()
        self._day(broken, 3)
        broken.settle_promise(kept=False)

    def sensitive(self) -> None:
        """For the team alone: one new, one in own work."""
        for days in (0, 3):
            story = self.begin(self.ago(days), fits=lambda topic, row: self.cast.topics[topic].is_sensitive)
        self._day(story, 2)
        triage.take_on(concern=story.concern, by=story.manager, at=story.clock.at)

    def outside(self) -> None:
        """Outside all districts."""
        story = self.begin(self.ago(3), code="E 18", outside=True)
        self._day(story, 2)
        story.forward(due_on=add_workdays(self.today, 5), alone=True)

    def everything(self) -> None:
        """One desk with all of it."""
        self.to_triage()
        self.at_departments()
        self.queries()
        self.interims()
        self.feedback_due()
        self.own_work()
        self.parked()
        self.promises()
        self.reopened()
        self.sensitive()


def load_bundle(desk: Desk, district: District) -> None:
    """Wilder Müll, seven people, two of them anonymous (scenario 2): answered, some have heard it."""
    today = Today(desk, [district], 0)
    rows = [row for topic, row in wording.templates() if topic == "wilder-muell" and row["spot"] == "street"]
    place = wording.place(district, "square", desk.rnd)
    ways = ("phone", "email", "notice", "phone", "letter", "notice", "in_person")
    stories = [
        desk.begin("wilder-muell", row, district, today.ago(12 - number), place=place,
                   reporters=[some_reporter(district, "office_hours", desk.rnd, channel=way)])
        for number, (way, row) in enumerate(zip(ways, rows, strict=False))
    ]  # fmt: skip
    lead = stories[0]
    today._day(lead, 11)
    routing = lead.forward(alone=True)[0]
    today._day(lead, 10)
    lead.accept(routing)
    today._day(lead, 5)
    for other in stories[1:]:
        lead.bundle(other)
    today._day(lead, 3)
    routing.refresh_from_db()
    lead.reply(routing, "fulfilled")
    today._day(lead, 1)
    by_phone, by_mail = lead.waiting()[:2]
    lead.by_hand(by_phone, lead.words(by_phone, lead.answer["answer_text"]), "reached")
    lead.mail(by_mail, comes_back=False)
