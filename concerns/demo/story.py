"""One concern's way through the loop, played with the real actions at moments of the past."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from concerns.actions import arrival, bundling, closing, department, feedback, forwarding, intake, triage
from concerns.actions.base import record
from concerns.actions.forwarding import Target
from concerns.models import Concern, Feedback, LoopSettings, OutgoingMail, Reporter, ResponsibilityRule, Routing, Topic
from concerns.querysets import CLOCK_RUNS
from concerns.routing import Place, pick
from concerns.workflow import OUTCOME_OF_REPLY, UNSETTLED, WAIVED
from districts.demo import City
from districts.models import Department, District, User
from quartier.workdays import add_workdays

from . import wording
from .clock import Clock, NotYet, early

# Share of the deadline a department typically takes (median), and how many days until it accepts.
_PACE = {"E 18": (0.55, 2), "FB 36": (0.8, 3), "FB 68": (1.05, 5), "FB 61": (1.1, 5), "FB 32": (0.7, 2)}
_RESULTS = {"fulfilled": 52, "declined": 18, "partly": 13, "planned": 10, "known": 7}
_REACTIONS = {
    "fulfilled": ("satisfied", "satisfied", "satisfied", "accepted"),
    "planned": ("satisfied", "accepted", "accepted"),
    "declined": ("accepted", "accepted", "unsatisfied"),
}


@dataclass
class Cast:
    """Everybody and everything a story needs."""

    city: City
    topics: dict[str, Topic]
    rnd: Random
    now: datetime
    rules: list[ResponsibilityRule] = field(default_factory=list)
    settings: LoopSettings = field(default_factory=LoopSettings.load)

    def __post_init__(self):
        self.rules = list(ResponsibilityRule.objects.select_related("department", "co_department"))

    def manager(self, district: District | None) -> User:
        """Whose district this is; somebody for the rest of the city."""
        people = self.city.people
        if district is None:
            return self.rnd.choice([people["a.yilmaz"], people["m.okonkwo"], people["t.wierzba"]])
        return {"ost": people["a.yilmaz"], "forst": people["j.brandner"], "nord": people["t.wierzba"],
                "eilendorf": people["t.wierzba"], "preuswald": people["m.okonkwo"], "westpark": people["m.okonkwo"],
                "burtscheid": people["m.okonkwo"]}.get(district.slug, people["k.lenzen-maas"])  # fmt: skip

    def caseworker(self, code: str) -> User | None:
        """Who answers for a department; None answers through the link."""
        people = self.city.people
        if code == "E 18":
            return people["d.pelzer"] if self.rnd.random() < 0.8 else people["s.thoma"]
        return {"FB 36": people["n.hagemann"], "FB 68": people["r.overath"], "FB 61": people["r.overath"]}.get(code)

    def rule(self, topic: Topic, district: District | None, on: date) -> ResponsibilityRule | None:
        """What the responsibility rules say."""
        where = Place(district.pk, district.borough_id) if district else Place()
        return pick(self.rules, topic.pk, where, on)


class Story:
    """One concern; every method is one step of the people in it."""

    def __init__(self, cast: Cast, clock: Clock, written: wording.Written, district: District | None):
        self.cast, self.clock, self.written, self.district = cast, clock, written, district
        self.rnd = cast.rnd
        self.manager = cast.manager(district)
        self.concern: Concern | None = None
        self.bundled: list[Concern] = []
        self.answer: dict = {}

    @property
    def team(self) -> User:
        """Who of the team happens to be at the desk."""
        helps = self.district is not None and self.district.slug in {"ost", "forst"}
        return self.cast.city.people["s.haddad"] if helps and self.rnd.random() < 0.25 else self.manager

    # --- the team ----------------------------------------------------------------------------------------------------

    def log(self, *, channel: str, reporters: list[intake.ReporterData], occasion: str = "") -> Concern:
        """Somebody tells the team."""
        written, texts = self.written, wording.read("loop")
        data = intake.ConcernData(
            title=written.title, text=written.text, topic=self.cast.topics[written.topic], kind=written.kind,
            district=self.district, place=written.place.label, lat=written.place.lat, lon=written.place.lon,
            spot=written.spot, channel=channel, occasion=occasion, received_on=self.clock.today,
            urgency=written.urgency,
            affected=self.rnd.choice((None, None, None, 5, 8, 12, 20, 30, 60)),
        )  # fmt: skip
        self.concern = intake.log_concern(
            by=self.team, owner=self.manager, office=self.manager.office, data=data, reporters=reporters,
            at=self.clock.at,
        )  # fmt: skip
        if self.rnd.random() < 0.22:
            triage.add_note(
                concern=self.concern, text=self.rnd.choice(texts["notes"]), by=self.manager, at=self.clock.minutes()
            )
        return self.concern

    def another(self, data: intake.ReporterData) -> Reporter:
        """A further person reports the same."""
        return intake.add_reporter(concern=self.concern, data=data, by=self.team, at=self.clock.minutes())

    def forward(self, *, to: Department | None = None, due_on: date | None = None, alone: bool = False):
        """Pass it on: to whom the rules say, sometimes to somebody else with a reason."""
        rule = self.cast.rule(self.concern.topic, self.district, self.concern.received_on)
        suggested = rule.department if rule else None
        lead = to or suggested or self.cast.city.departments["BA 0"]
        days = rule.working_days if rule else self.cast.settings.reply_days
        texts = wording.read("loop")
        urgent = self.concern.urgency == "danger"
        due_on = due_on or add_workdays(self.clock.today, max(1, days // 3) if urgent else days)
        common = {"text": self.concern.text, "due_on": due_on}
        targets = [
            Target(
                department=lead, question=self.rnd.choice(texts["questions"]), is_lead=True, urgent=urgent,
                suggested=suggested,
                override_reason=self.rnd.choice(texts["override_reasons"]) if suggested and lead != suggested else "",
                **common,
            )
        ]  # fmt: skip
        partner = rule.co_department if rule else None
        if partner and partner != lead and not alone and self.rnd.random() < 0.3:
            targets.append(Target(department=partner, question="Zur Kenntnis und mit der Bitte um Hinweise.", **common))
        return forwarding.forward(concern=self.concern, targets=targets, by=self.manager, at=self.clock.minutes())

    def own_answer(self, outcome: str) -> None:
        """The team answers without a department."""
        row = self.rnd.choice(wording.read("loop")["own_work"][outcome])
        reason, text = row if isinstance(row, list) else ("", row)
        self.answer = {"outcome": outcome, "answer_text": text, "reason_category": reason}
        triage.record_answer(concern=self.concern, by=self.manager, at=self.clock.minutes(), **self.answer)

    def bundle(self, other: "Story") -> None:
        """Put another story's concern under this one."""
        bundling.bundle(concern=other.concern, lead=self.concern, by=self.manager, at=self.clock.minutes(1, 4))
        self.bundled.append(other.concern)

    # --- departments -------------------------------------------------------------------------------------------------

    def accept(self, routing: Routing) -> None:
        """The department takes it."""
        code = routing.department.code
        number = f"{code.split()[-1]}-{self.rnd.randint(100, 999)}/{self.clock.today:%y}"
        department.accept(routing=routing, by=self.cast.caseworker(code), at=self.clock.at,
                          file_number=number if self.rnd.random() < 0.3 else "")  # fmt: skip

    def ask(self, routing: Routing) -> str:
        """The department asks back; returns the answer the team can give."""
        row = wording.reply("query", self.written, self.rnd, on=self.clock.today)
        by = self.cast.caseworker(routing.department.code)
        department.ask(routing=routing, text=row["text"], by=by, at=self.clock.at)
        return row["answer"]

    def answer_query(self, routing: Routing, text: str) -> None:
        """The team answers the department's question."""
        forwarding.answer_query(routing=routing, text=text, by=self.manager, at=self.clock.at)
        routing.refresh_from_db()

    def interim(self, routing: Routing, new_due_on: date) -> None:
        """The department needs longer."""
        row = wording.reply("interim", self.written, self.rnd, on=new_due_on)
        department.give_interim_notice(
            routing=routing, text=row["text"], new_due_on=new_due_on,
            by=self.cast.caseworker(routing.department.code), at=self.clock.at,
        )  # fmt: skip
        routing.refresh_from_db()

    def give_back(self, routing: Routing, suggestion: Department | None = None) -> None:
        """The department is not responsible."""
        row = wording.reply("return", self.written, self.rnd, on=self.clock.today)
        department.give_back(
            routing=routing, reason=row["text"], suggestion=suggestion,
            by=self.cast.caseworker(routing.department.code), at=self.clock.at,
        )  # fmt: skip

    def reply(self, routing: Routing, result: str = "", promised_on: date | None = None) -> None:
        """The department answers; a leading one decides what the residents hear."""
        result = result or self.rnd.choices(list(_RESULTS), list(_RESULTS.values()))[0]
        if result == "planned":
            day = promised_on or add_workdays(self.clock.today, self.rnd.randint(12, 70))
        else:
            day = add_workdays(self.clock.today, -self.rnd.randint(0, 2))
        row = wording.reply(result, self.written, self.rnd, on=day)
        remarks = wording.read("loop")["remarks"]
        department.reply(
            routing=routing, result=result, text=row["text"], reason_category=row.get("reason", ""),
            date_=day if result in {"planned", "fulfilled"} else None,
            remark=self.rnd.choice(remarks) if self.rnd.random() < 0.15 else "",
            by=self.cast.caseworker(routing.department.code), at=self.clock.at,
        )  # fmt: skip
        if routing.is_lead or not self.answer:
            self.answer = {
                "outcome": OUTCOME_OF_REPLY[result], "answer_text": row["text"],
                "reason_category": row.get("reason", ""), "promised_on": day if result == "planned" else None,
            }  # fmt: skip

    def escalate(self, routing: Routing, until: datetime) -> None:
        """Reminder, the department's lead, Sozialplanung: what the morning's job did while nobody answered."""
        routing.refresh_from_db()
        steps = self.cast.settings
        limits = (steps.remind_after_days, steps.lead_after_days, steps.planning_after_days)
        for step, days in enumerate(limits, start=1):
            at = early(add_workdays(routing.due_on, days))
            if routing.status in CLOCK_RUNS and routing.escalation < step and at <= until:
                record(self.concern, "routing_escalated", by=None, at=at, routing=routing,
                       old=str(routing.escalation), new=str(step))  # fmt: skip
                routing.escalation = step
                routing.save(update_fields=["escalation"])

    def promise_due(self) -> None:
        """The morning's job notes that the promised day has come."""
        day = self.answer["promised_on"]
        if early(day) <= self.cast.now:
            record(self.concern, "promise_due", by=None, at=early(day), new=day.isoformat())

    def works(self, routing: Routing) -> bool:
        """The whole work of a department on one routing; False when it gives it back.

        Raises:
            NotYet: it is still at it.
        """
        pace, patience = _PACE.get(routing.department.code, (0.8, 3))
        sent, days = self.clock.today, max(2, round((routing.due_on - self.clock.today).days * 5 / 7))
        try:
            self.clock.workdays(0, patience)
            if routing.is_lead and self.rnd.random() < 0.07:
                self.give_back(routing)
                return False
            self.accept(routing)
            if self.rnd.random() < 0.1:
                self.clock.workdays(0, 2)
                text = self.ask(routing)
                self.clock.workdays(0, 4)
                self.answer_query(routing, text)
            needs = max(1, round(days * pace * self.rnd.lognormvariate(0, 0.45)))
            done = max(add_workdays(sent, needs), self.clock.today)
            if done > routing.due_on and self.rnd.random() < 0.45:
                self.clock.on(max(add_workdays(routing.due_on, -1), self.clock.today))
                self.interim(routing, add_workdays(max(done, self.clock.today), 2))
                self.tell_interim()
            self.clock.on(done)
        except NotYet:
            self.escalate(routing, self.cast.now)
            raise
        self.escalate(routing, self.clock.at)
        self.reply(routing)
        return True

    # --- feedback ----------------------------------------------------------------------------------------------------

    def waiting(self) -> list[Reporter]:
        """Everybody of the bundle who has not heard the answer."""
        concerns = [self.concern, *self.bundled]
        return list(Reporter.objects.filter(concern__in=concerns, feedback_state__in=UNSETTLED).order_by("pk"))

    def words(self, reporter: Reporter, text: str) -> str:
        """What is said or written to one person."""
        texts = wording.read("loop")["feedback"]
        parts = [self.rnd.choice(texts["openings"][reporter.channel]), text,
                 self.rnd.choice(texts["closings"][reporter.channel])]  # fmt: skip
        if greeting := texts["languages"].get(reporter.language):
            parts.insert(0, greeting)
        return "\n\n".join(parts)

    def tell_interim(self) -> None:
        """Tell whoever can be called that it takes longer."""
        text = self.rnd.choice(wording.read("loop")["feedback"]["interim"])
        routing = self.concern.routings.order_by("due_on").first()
        for reporter in self.waiting():
            if reporter.channel in {"phone", "in_person", "multiplier"} and self.rnd.random() < 0.7:
                self.by_hand(reporter, text.format(datum=wording.date_de(routing.due_on)), "reached", kind="interim",
                              at=self.clock.minutes())  # fmt: skip

    def tell_all(self, least: int = 0, most: int = 6) -> None:
        """Tell everybody the answer, in the way they asked for."""
        for reporter in self.waiting():
            self.clock.workdays(least, most)
            self.tell(reporter)
            least, most = 0, 1

    def tell(self, reporter: Reporter) -> None:
        """Tell one person, as often as it takes."""
        text = self.words(reporter, self.answer["answer_text"])
        match reporter.channel:
            case "phone":
                self._call(reporter, text)
            case "email":
                self._mail(reporter, text)
            case "letter":
                self.by_hand(reporter, text, "sent")
            case "notice":
                self._notice(reporter, text)
            case _:
                self.by_hand(reporter, text, "reached")

    def miss(self, reporter: Reporter) -> None:
        """A call that nobody takes."""
        note = self.rnd.choice(wording.read("loop")["feedback"]["notes_not_reached"])
        self.by_hand(reporter, self.words(reporter, self.answer["answer_text"]), "not_reached", note=note)

    def _call(self, reporter: Reporter, text: str) -> None:
        if not reporter.phone:
            self.waive(reporter, "no_contact")
            return
        misses = self.rnd.choices((0, 1, 2, 3), (72, 17, 7, 4))[0]
        for _ in range(misses):
            self.miss(reporter)
            self.clock.workdays(0, 2)
        if misses >= self.cast.settings.feedback_attempts:
            self.waive(reporter, "not_reached")
        else:
            self.by_hand(reporter, text, "reached")

    def mail(self, reporter: Reporter, *, comes_back: bool) -> Feedback:
        """A mail with the answer, which arrives or comes back."""
        sent = feedback.send_feedback(
            reporter=reporter, kind="final", text=self.words(reporter, self.answer["answer_text"]),
            language=reporter.language, by=self.team, at=self.clock.at,
        )  # fmt: skip
        at = self.clock.minutes(1, 3)
        OutgoingMail.objects.filter(feedback=sent).update(state="sent", sent_at=at)
        arrival.mail_was_sent(feedback=sent, at=at)
        if comes_back:
            OutgoingMail.objects.filter(feedback=sent).update(state="bounced")
            arrival.mail_came_back(feedback=sent, bounced=True, at=self.clock.minutes(2, 20))
        return sent

    def _mail(self, reporter: Reporter, text: str) -> None:
        comes_back = self.rnd.random() < 0.05
        sent = self.mail(reporter, comes_back=comes_back)
        if comes_back:
            self.clock.workdays(1, 3)
            reporter.refresh_from_db()
            if reporter.phone:
                self.by_hand(reporter, text, "reached", channel="phone")
            else:
                self.waive(reporter, "no_contact")
        elif self.rnd.random() < 0.3:
            reaction, note = self._reaction()
            feedback.note_reaction(feedback=sent, reaction=reaction, note=note, by=self.manager,
                                   at=self.clock.minutes(30, 200))  # fmt: skip

    def _notice(self, reporter: Reporter, text: str) -> None:
        if self.rnd.random() < 0.35:
            self.waive(reporter, "anonymous")
        else:
            feedback.record_collective(reporters=[reporter], text=text, by=self.team, at=self.clock.at)

    def by_hand(
        self, reporter: Reporter, text: str, result: str, *, kind="final", channel="", note="", at=None
    ) -> None:
        """An attempt that the team writes down itself."""
        reaction = ""
        if result == "reached" and kind == "final" and self.rnd.random() < 0.8:
            reaction, note = self._reaction()
        feedback.record_feedback(
            reporter=reporter, kind=kind, channel=channel or reporter.channel, text=text, result=result,
            language=reporter.language, reaction=reaction, note=note, by=self.team, at=at or self.clock.at,
        )  # fmt: skip

    def _reaction(self) -> tuple[str, str]:
        outcome = self.answer["outcome"]
        reaction = self.rnd.choice(_REACTIONS.get(outcome, ("accepted", "satisfied", "accepted")))
        return reaction, self.rnd.choice(wording.read("loop")["feedback"]["reactions"][reaction])

    def waive(self, reporter: Reporter, reason: str) -> None:
        """Note why somebody need not or cannot be told."""
        reporter.refresh_from_db()
        if reporter.feedback_state in WAIVED:
            return
        note = self.rnd.choice(wording.read("loop")["waiver_notes"][reason])
        feedback.waive(reporter=reporter, reason=reason, note=note, by=self.manager, at=self.clock.minutes(1, 5))

    # --- the end -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Everybody knows: the loop ends."""
        self.concern.refresh_from_db()
        closing.close(concern=self.concern, by=self.manager, at=self.clock.minutes(2, 30), **self.answer)

    def reopen(self, reason: str) -> None:
        """Take it up again."""
        closing.reopen(concern=self.concern, reason=reason, by=self.manager, at=self.clock.at)
        self.concern.refresh_from_db()
        self.answer = {}

    def settle_promise(self, kept: bool) -> None:
        """The promised day has come."""
        text = "Wir hatten es zugesagt: Jetzt ist es gemacht. Wir haben uns die Stelle selbst angesehen."
        closing.settle_promise(concern=self.concern, kept=kept, text=text if kept else "", by=self.manager,
                               at=self.clock.at)  # fmt: skip
        self.concern.refresh_from_db()
        self.answer = {"outcome": "fulfilled", "answer_text": text, "reason_category": ""} if kept else {}
