"""One concern of the benchmark with everything that hangs on it, as lines for PostgreSQL's COPY.

Ids are computed from the concern's id, so several processes write at once without asking each other.
"""

from datetime import date, timedelta
from random import Random

from bench.city import City
from bench.texts import ANSWERS, RARE_HITS, Writer

YEARS = 10
COLUMNS = {
    "concerns_concern": (
        "id number kind title text topic_id is_sensitive district_id place spot channel occasion office_id "
        "received_on taken_by_id urgency status needs_triage owner_id due_on waiting_since follow_up_on parked_from "
        "feedback_due_at outcome reason_category answer_text promised_on promise closed_at reopened_count lead_id "
        "version created_at"
    ),
    "concerns_reporter": (
        "id concern_id kind name phone email address channel language plain_language consent_store consent_pass_on "
        "taken_by_id created_at feedback_state due due_since due_on attempts waiver_reason waiver_note"
    ),
    "concerns_routing": (
        "id concern_id department_id is_lead text question due_on agreed_due_on status urgent released_contact "
        "override_reason file_number sent_at sent_by_id accepted_at accepted_by_id query_since finished_at "
        "return_reason return_handled escalation link_version"
    ),
    "concerns_reply": "id routing_id result reason_category date text remark by_id entered_for_department at",
    "concerns_feedback": "id reporter_id kind channel text language attempt result reaction note by_id at",
    "concerns_concernevent": "id concern_id routing_id reporter_id kind old new data by_id at visibility",
    "concerns_concernnote": "id concern_id text by_id at",
}
MAX_REPORTERS, MAX_ROUTINGS, MAX_EVENTS = 3, 2, 16
_CHANNELS = ("office_hours", "phone", "email", "outreach", "letter", "event")
_KINDS = ("defect", "defect", "defect", "complaint", "idea", "wish", "information", "question")
_OUTCOMES = ("fulfilled", "fulfilled", "partly", "planned", "declined", "informed", "referred", "withdrawn")
_REPLY = {"fulfilled": "fulfilled", "partly": "partly", "planned": "planned", "declined": "declined"}
_WAYS = ("phone", "phone", "email", "letter", "in_person", "notice")
N = "\\N"


class Generator:
    """Writes the concerns `first <= id < last` of `total`; lines are collected per table."""

    def __init__(self, city: City, total: int, today: date, seed: int):
        self.city, self.total, self.today = city, total, today
        self.writer, self.random = Writer(seed), Random(seed)
        self.start = today - timedelta(days=365 * YEARS)
        self.rare_every = max(total // RARE_HITS, 1)
        self.lines: dict[str, list[str]] = {}
        self.previous: dict | None = None

    def batch(self, first: int, last: int) -> dict[str, list[str]]:
        """The lines of a range of concerns, per table."""
        self.lines = {table: [] for table in COLUMNS}
        self.previous = None
        for pk in range(first, last):
            self._concern(pk)
        return self.lines

    def _status(self, age: int, draw: float) -> str:
        """About 12 % are open, most of them young."""
        if draw > (0.80 if age < 365 else 0.35 if age < 730 else 0.05 if age < 1095 else 0):
            return "closed"
        part = self.random.random()
        for status, upto in (("new", 0.12), ("own_work", 0.27), ("parked", 0.35), ("feedback_due", 0.55)):
            if part < upto:
                return status
        return "forwarded"

    def _facts(self, pk: int) -> dict:
        draw, city = self.random.random, self.city
        received = self.start + timedelta(days=int((pk - 1) / self.total * 365 * YEARS))
        age = (self.today - received).days
        place = None if draw() < 0.04 else int(len(city.districts) * draw() ** 1.3)
        sensitive = draw() < 0.03
        topics = city.sensitive if sensitive else city.topics
        team = city.teams[place if place is not None else int(draw() * len(city.teams))]
        status = self._status(age, draw())
        outcome = _OUTCOMES[int(draw() * len(_OUTCOMES))] if status in ("closed", "feedback_due") else ""
        return {
            "received": received, "place": place, "sensitive": sensitive, "status": status, "outcome": outcome,
            "topic": topics[int(len(topics) * draw() ** 1.5)], "owner": team[int(draw() * len(team))], "lead": None,
            "office": city.offices[city.teams.index(team)], "returned": status == "new" and draw() < 0.2,
            "routed": status == "forwarded" or (bool(outcome) and draw() < 0.7),
            "answered": min(received + timedelta(days=int(draw() * 40) + 2), self.today),
            "age": age,
        }  # fmt: skip

    def _concern(self, pk: int) -> None:
        draw = self.random.random
        if self.previous and draw() < 0.03:
            fact = {**self.previous, "lead": self.previous["lead"] or self.previous["pk"], "routed": False}
            fact["returned"] = False
        else:
            fact = self._facts(pk)
        fact["pk"] = pk
        self.previous = fact
        received, status, outcome = fact["received"], fact["status"], fact["outcome"]
        answered = fact["answered"]
        told = min(answered + timedelta(days=int(draw() * 12) + 1), self.today)
        negative = outcome in ("partly", "declined")
        is_open = status != "closed"
        due = self.today + timedelta(days=int(draw() * 40) - 15) if is_open else N
        waiting = answered if status == "feedback_due" else told if not is_open else received
        parked = self.today + timedelta(days=int(draw() * 90) - 5)
        follow_up = parked if status == "parked" else N
        if is_open and status != "parked" and draw() < 0.1:
            follow_up = parked
        planned = outcome == "planned"
        promise = "" if not planned or is_open else "open" if fact["age"] < 300 else "kept"
        title, text, place = self.writer.concern(pk % self.rare_every == 0)
        district = N if fact["place"] is None else self.city.districts[fact["place"]]
        number = f"{received.year}-{pk:05d}"
        self.lines["concerns_concern"].append(
            f"{pk}\t{number}\t{_KINDS[int(draw() * 8)]}\t{title}\t{text}\t{fact['topic']}\t{fact['sensitive']}"
            f"\t{district}\t{place}\t\t{_CHANNELS[int(draw() * 6)]}\t{'Sommerfest' if draw() < 0.05 else ''}"
            f"\t{fact['office']}\t{received}\t{fact['owner']}\t{'danger' if draw() < 0.02 else 'normal'}\t{status}"
            f"\t{(status == 'new' and fact['lead'] is None) or fact['returned']}\t{fact['owner']}\t{due}\t{waiting}"
            f"\t{follow_up}\t{'new' if status == 'parked' else ''}"
            f"\t{f'{answered} 10:00+01' if outcome else N}\t{outcome}\t{'funds' if negative else ''}"
            f"\t{ANSWERS[int(draw() * 5)] if outcome else ''}\t{told + timedelta(days=200) if planned else N}"
            f"\t{promise}"
            f"\t{N if is_open else f'{told} 15:00+01'}\t0\t{fact['lead'] or N}\t3\t{received} 09:00+01\n"
        )
        self.events = 0
        self._event(pk, N, N, "created", "", "new", fact["owner"], f"{received} 09:00+01")
        self._routings(pk, fact, text)
        self._reporters(pk, fact, told)
        if not is_open:
            self._event(pk, N, N, "status", "feedback_due", "closed", fact["owner"], f"{told} 15:00+01")
            self._event(pk, N, N, "closed", "", outcome, fact["owner"], f"{told} 15:00+01")
        if draw() < 0.1:
            self.lines["concerns_concernnote"].append(
                f"{pk}\t{pk}\tBeim nächsten Rundgang nachsehen.\t{fact['owner']}\t{received} 12:00+01\n"
            )

    def _routings(self, pk: int, fact: dict, text: str) -> None:
        draw, city = self.random.random, self.city
        if not (fact["routed"] or fact["returned"]):
            return
        is_open = fact["status"] == "forwarded"
        sent, answered = f"{fact['received']} 11:00+01", f"{fact['answered']} 10:00+01"
        lead = fact["topic"] % len(city.departments)
        for k in range(2 if is_open and draw() < 0.1 else 1):
            routing = pk * MAX_ROUTINGS + k
            desk = (lead + k) % len(city.departments)
            part = draw()
            status = "accepted" if part < 0.6 else "query" if part < 0.7 else "sent"
            if not is_open:
                status = "returned" if fact["returned"] else "answered"
            due = self.today + timedelta(days=int(draw() * 40) - 15) if is_open else fact["answered"]
            accepted = f"{sent}\t{city.staff[desk]}" if status in ("accepted", "query", "answered") else f"{N}\t{N}"
            self.lines["concerns_routing"].append(
                f"{routing}\t{pk}\t{city.departments[desk]}\t{k == 0}\t{text}\tWas ist möglich?\t{due}\t{due}\t{status}"
                f"\tf\tf\t\t\t{sent}\t{fact['owner']}\t{accepted}"
                f"\t{fact['received'] if status == 'query' else N}\t{N if is_open else answered}"
                f"\t{'Das ist nicht unsere Fläche.' if status == 'returned' else ''}\tf\t0\t0\n"
            )
            self._event(pk, routing, N, "routing_sent", "", "sent", fact["owner"], sent)
            if status != "sent":
                self._event(pk, routing, N, f"routing_{status}", "sent", status, city.staff[desk], answered)
            if status == "answered":
                result = _REPLY.get(fact["outcome"], "known")
                self.lines["concerns_reply"].append(
                    f"{routing}\t{routing}\t{result}\t{'funds' if result in ('partly', 'declined') else ''}"
                    f"\t{fact['answered'] + timedelta(days=200) if result == 'planned' else N}"
                    f"\t{ANSWERS[int(draw() * 5)]}\t\t{city.staff[desk]}\tf\t{answered}\n"
                )
        self._event(pk, N, N, "status", "new", "forwarded", fact["owner"], sent)

    def _reporters(self, pk: int, fact: dict, told: date) -> None:
        draw = self.random.random
        part = draw()
        for k in range(1 if part < 0.8 else 2 if part < 0.95 else 3):
            reporter = pk * MAX_REPORTERS + k
            anonymous = draw() < 0.08
            way = "notice" if anonymous else _WAYS[int(draw() * 6)]
            person = "\t\t\t" if anonymous else f"Person {reporter}\t0241 {reporter}\tperson{reporter}@mail.example\t"
            state, due, waiver, attempts = "open", f"\t{N}\t{N}", "", 0
            if fact["status"] == "closed":
                state, attempts = "done", 1
                if anonymous and draw() < 0.6:
                    state, waiver, attempts = "impossible", "anonymous", 0
            elif fact["status"] == "feedback_due":
                due = f"final\t{fact['answered']} 10:00+01\t{self.today + timedelta(days=int(draw() * 12) - 6)}"
            self.lines["concerns_reporter"].append(
                f"{reporter}\t{pk}\t{'anonymous' if anonymous else 'resident'}\t{person}\t{way}\tde\tf\t{not anonymous}"
                f"\tf\t{fact['owner']}\t{fact['received']} 09:00+01\t{state}\t{due}\t{attempts}\t{waiver}\t\n"
            )
            if state == "done":
                self.lines["concerns_feedback"].append(
                    f"{reporter}\t{reporter}\tfinal\t{way}\t{ANSWERS[int(draw() * 5)]}\tde\t1"
                    f"\t{'displayed' if way == 'notice' else 'sent' if way in ('email', 'letter') else 'reached'}"
                    f"\t\t\t{fact['owner']}\t{told} 14:00+01\n"
                )
                self._event(pk, N, reporter, "feedback", "open", "done", fact["owner"], f"{told} 14:00+01")

    def _event(self, pk: int, routing, reporter, kind: str, old: str, new: str, by: int, at: str) -> None:
        self.lines["concerns_concernevent"].append(
            f"{pk * MAX_EVENTS + self.events}\t{pk}\t{routing}\t{reporter}\t{kind}\t{old}\t{new}"
            f"\t{{}}\t{by}\t{at}\tteam\n"
        )
        self.events += 1
