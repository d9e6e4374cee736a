"""Random but lifelike histories for tests of figures: every story of a concern played with the real actions."""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st

from concerns.actions import bundling, closing, department, feedback, forwarding, intake, triage
from concerns.actions.arrival import mail_came_back, mail_was_sent
from concerns.actions.base import LoopError
from concerns.actions.forwarding import Target
from concerns.actions.intake import ANONYMOUS, OWN_OBSERVATION, ConcernData, ReporterData
from concerns.models import Concern, Feedback, Reporter
from concerns.workflow import Outcome, ReasonCategory, ReplyResult, WaiverReason
from districts.roles import Role
from quartier.workdays import add_workdays
from tests import make

PEOPLE = {
    "person": ReporterData(name="Gerda Zorn", phone="0241 555019", channel="phone", consent_store=True),
    "mail": ReporterData(name="Ina Klee", email="ina@post.example", channel="email", language="ar", consent_store=True),
    "club": ReporterData(kind="institution", name="TuS", phone="0241 5", consent_store=True, language="tr"),
    "anonymous": ANONYMOUS,
    "observation": OWN_OBSERVATION,
}
_step = st.integers(0, 12)

STORY = st.fixed_dictionaries(
    {
        "age": st.integers(0, 100),
        "kind": st.sampled_from(Concern.Kind.values),
        "channel": st.sampled_from(Concern.Channel.values),
        "spot": st.sampled_from(["", *Concern.Spot.values]),
        "place": st.integers(0, 3),
        "topic": st.sampled_from([0, 0, 0, 1, 1, 2]),
        "people": st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1, max_size=3),
        "way": st.sampled_from(["forward", "forward", "forward", "both", "own", "own", "none", "park", "bundle"]),
        "department": st.sampled_from(
            [*["accept+reply"] * 3, "accept", "reply", "ask", "back", "back+other", "interim+reply", "withdraw",
             "withdraw+other"]
        ),
        "due": st.integers(1, 15),
        "result": st.sampled_from(ReplyResult.values),
        "outcome": st.sampled_from(Outcome.values),
        "reason": st.sampled_from(ReasonCategory.values),
        "tell": st.sampled_from(["nobody", "first", "all", "all", "all", "all", "late", "bounce", "waive", "interim"]),
        "reaction": st.sampled_from(["", *Feedback.Reaction.values]),
        "close": st.sampled_from([True, True, True, False]),
        "afterwards": st.sampled_from(["", "", "", "reopen", "kept", "broken", "again"]),
        "owner": st.booleans(),
        "steps": st.lists(_step, min_size=8, max_size=8),
    }
)  # fmt: skip

# A story that goes all the way: asked, answered, told, closed; for what chance seldom brings together.
SMOOTH = {
    "age": 40, "kind": "defect", "channel": "phone", "spot": "", "place": 0, "topic": 0, "people": ["person"],
    "way": "forward", "department": "accept+reply", "due": 5, "result": "planned", "outcome": "planned",
    "reason": "legal", "tell": "all", "reaction": "accepted", "close": True, "afterwards": "", "owner": False,
    "steps": [1, 2, 3, 4, 1, 1, 1, 1],
}  # fmt: skip
PROMISES = [{**SMOOTH, "afterwards": "kept"}, {**SMOOTH, "afterwards": "broken"}, SMOOTH]
ENDINGS = [
    {**SMOOTH, "result": "declined", "outcome": "declined", "age": 70},
    {**SMOOTH, "tell": "waive", "close": False},
    {**SMOOTH, "department": "accept+interim", "tell": "nobody", "close": False},
]


class City:
    """Two districts and the rest of the city, two departments, three topics of which one is sensitive."""

    def __init__(self):
        self.district, self.other = make.district(), make.district()
        self.manager = make.user(role=Role.MANAGER, district=self.district)
        self.colleague = make.user(role=Role.MANAGER, district=self.district)
        make.membership(user=self.manager, role=Role.MANAGER, district=self.other)
        self.planner = make.user(role=Role.PLANNING)
        self.departments = [make.department(), make.department()]
        self.topics = [make.topic(), make.topic(), make.topic(is_sensitive=True)]
        self.last = None

    def play(self, story: dict) -> None:
        """One concern from its receipt to wherever the story ends; a step the loop refuses is left out."""
        Play(self, story).run()


class Play:
    """One story in progress; `now` moves on with every step and never beyond the present."""

    def __init__(self, city: City, story: dict):
        self.city, self.story, self.by = city, story, city.manager
        self.steps = iter(story["steps"] * 4)
        self.now = timezone.now() - timedelta(days=story["age"], minutes=5)

    def later(self):
        """The next moment."""
        self.now = min(self.now + timedelta(days=next(self.steps)), timezone.now())
        return self.now

    def run(self) -> None:
        story, city = self.story, self.city
        place = [city.district, city.district, city.other, None][story["place"]]
        data = ConcernData(
            title="Sache", topic=city.topics[story["topic"]], text="Worte.", district=place, kind=story["kind"],
            channel=story["channel"], spot=story["spot"], received_on=timezone.localdate(self.now),
        )  # fmt: skip
        people = [PEOPLE[name] for name in story["people"]]
        self.concern = intake.log_concern(by=self.by, data=data, reporters=people, at=self.now)
        for step in (self.decide, self.tell, self.close, self.afterwards, self.change_owner):
            step()
        city.last = self.concern

    def try_to(self, action, **arguments) -> object:
        """Take a step; the loop may refuse it."""
        with suppress(LoopError):
            return action(at=self.later(), **arguments)

    def decide(self) -> None:
        way, city = self.story["way"], self.city
        if way == "own":
            self.try_to(triage.take_on, concern=self.concern, by=self.by)
            self.answer()
        elif way == "park":
            until = timezone.localdate() + timedelta(days=3)
            self.try_to(triage.park, concern=self.concern, until=until, by=self.by)
        elif way == "bundle" and city.last:
            self.try_to(bundling.bundle, concern=self.concern, lead=city.last, by=self.by)
        elif way in {"forward", "both"}:
            self.forward(city.departments if way == "both" else city.departments[:1])

    def answer(self) -> None:
        promised = timezone.localdate(self.now)
        self.try_to(
            triage.record_answer, concern=self.concern, outcome=self.story["outcome"], answer_text="So.",
            reason_category=self.story["reason"], promised_on=promised, by=self.by,
        )  # fmt: skip

    def forward(self, departments) -> None:
        due_on = add_workdays(timezone.localdate(self.now), self.story["due"])
        targets = [Target(department=one, text="Bitte.", due_on=due_on) for one in departments]
        for routing in self.try_to(forwarding.forward, concern=self.concern, targets=targets, by=self.by) or ():
            for step in self.story["department"].split("+"):
                self.department(routing, step)

    def department(self, routing, step: str) -> None:
        due = timezone.localdate(self.now) + timedelta(days=20)
        if step == "accept":
            self.try_to(department.accept, routing=routing, by=None)
        elif step == "ask":
            self.try_to(department.ask, routing=routing, text="Wo?", by=None)
        elif step == "interim":
            self.try_to(department.give_interim_notice, routing=routing, text="Später.", new_due_on=due, by=None)
        elif step == "back":
            self.try_to(department.give_back, routing=routing, reason="Nein.", by=None)
        elif step == "withdraw":
            self.try_to(forwarding.withdraw, routing=routing, by=self.by)
        elif step == "other" and len(Concern.objects.get(pk=self.concern.pk).routings.all()) < 3:
            self.story = {**self.story, "department": "accept+reply"}
            self.forward(self.city.departments[1:])
        elif step == "reply":
            self.try_to(
                department.reply, routing=routing, result=self.story["result"], text="So ist es.",
                reason_category=self.story["reason"], date_=timezone.localdate(self.now), by=None,
            )  # fmt: skip

    def people(self):
        return Reporter.objects.filter(concern=self.concern).order_by("pk")

    def tell(self) -> None:
        how = self.story["tell"]
        chosen = {"nobody": [], "first": self.people()[:1]}.get(how, self.people())
        for person in chosen:
            self.tell_one(person, how)

    def tell_one(self, person, how: str) -> None:
        if person.kind in {"anonymous", "observation"}:
            reason = WaiverReason.ANONYMOUS if person.kind == "anonymous" else WaiverReason.OWN_OBSERVATION
            self.try_to(feedback.waive, reporter=person, reason=reason, note="So.", by=self.by)
        elif how == "interim":
            self.heard(person, "reached", kind="interim")
        elif how == "bounce" and person.email:
            sent = self.try_to(feedback.send_feedback, reporter=person, kind="final", text="Erledigt.", by=self.by)
            if sent:
                self.try_to(mail_was_sent, feedback=sent)
                self.try_to(mail_came_back, feedback=sent, bounced=True)
        elif how in {"late", "waive"}:
            for _ in range(3 if how == "waive" else 1):
                self.heard(person, "not_reached")
            if how == "waive":
                self.try_to(
                    feedback.waive, reporter=person, reason=WaiverReason.NOT_REACHED, note="Dreimal.", by=self.by
                )
            else:
                self.heard(person, "reached")
        else:
            self.heard(person, "sent" if person.email else "reached")

    def heard(self, person, result: str, *, kind: str = "final") -> None:
        reaction = self.story["reaction"] if result == "reached" else ""
        self.try_to(
            feedback.record_feedback, reporter=person, kind=kind, channel="phone", text="Erledigt.", result=result,
            reaction=reaction, by=self.by,
        )  # fmt: skip

    def close(self) -> None:
        if self.story["close"]:
            self.try_to(
                closing.close, concern=self.concern, outcome=self.story["outcome"], answer_text="So.",
                reason_category=self.story["reason"], promised_on=timezone.localdate(self.now), by=self.by,
            )  # fmt: skip

    def afterwards(self) -> None:
        then = self.story["afterwards"]
        if then in {"kept", "broken"}:
            self.try_to(closing.settle_promise, concern=self.concern, kept=then == "kept", text="Da.", by=self.by)
        elif then in {"reopen", "again"}:
            self.try_to(closing.reopen, concern=self.concern, reason="new_report", by=self.by)
        if then == "kept":
            self.story = {**self.story, "outcome": Outcome.FULFILLED}
        if then == "again":
            self.try_to(triage.take_on, concern=self.concern, by=self.by)
            self.answer()
        if then in {"kept", "again"}:
            self.tell()
            self.close()

    def change_owner(self) -> None:
        if self.story["owner"]:
            self.try_to(triage.assign_owner, concern=self.concern, owner=self.city.colleague, by=self.by)
