"""The figures of an evaluation once more, in plain Python over the rows, from the definitions of the method page.

Shares nothing with the code that is tested: no query of it, no condition, no percentile.
"""

import math
from collections import defaultdict
from statistics import median

from django.utils import timezone

from concerns.models import Concern, ConcernEvent, Feedback, Reporter, Routing
from districts.models import District
from quartier.workdays import is_workday

NOT_OWED = {"anonymous", "no_contact", "not_wanted", "own_observation", "erased"}
HEARD = {"reached", "sent", "displayed"}


def day(moment):
    """The calendar day of a moment in the office."""
    return timezone.localtime(moment).date()


def workdays(start, end):
    """Working days after a day up to and including another."""
    days, one = 0, start
    while one < end:
        one += timezone.timedelta(days=1)
        days += is_workday(one)
    return days


def ninety(values):
    """90th percentile, between two neighbours in proportion."""
    values = sorted(values)
    place = 0.9 * (len(values) - 1)
    low, high = math.floor(place), math.ceil(place)
    return values[low] + (values[high] - values[low]) * (place - low)


class Recount:
    """Everything about the concerns received in a period, counted by hand."""

    def __init__(self, span, *, districts=(), topics=(), departments=(), today=None):
        rows = {one["id"]: one for one in Concern.objects.values()}
        self.today = today or timezone.localdate()
        self.routings = defaultdict(list)
        for one in Routing.objects.values():
            if one["status"] != "withdrawn":
                self.routings[one["concern_id"]].append(one)
        self.concerns = [
            one
            for one in rows.values()
            if not one["is_sensitive"]
            and span.since <= one["received_on"] <= span.until
            and (not districts or (one["district_id"] or 0) in districts)
            and (not topics or str(one["topic_id"]) in topics)
            and (not departments or any(r["department_id"] in departments for r in self.routings[one["id"]]))
        ]
        ids = {one["id"]: one for one in self.concerns}
        self.people = [{**one, "concern": ids[one["concern_id"]]} for one in Reporter.objects.values()
                       if one["concern_id"] in ids]  # fmt: skip
        self.feedback = defaultdict(list)
        for one in Feedback.objects.order_by("at", "id").values():
            self.feedback[one["reporter_id"]].append(one)
        self.moved = {one.concern_id for one in ConcernEvent.objects.filter(kind="owner")}
        self.mine = [one for concern in self.concerns for one in self.routings[concern["id"]]]

    def count(self, test):
        return sum(1 for one in self.concerns if test(one))

    def by(self, column, test=lambda one: True):
        found = defaultdict(int)
        for one in self.concerns:
            if test(one):
                found[str(one[column])] += 1
        return dict(found)

    def closed(self, one):
        return one["status"] == "closed"

    def refused(self, one):
        return self.closed(one) and one["outcome"] in {"declined", "partly"}

    def way(self, one):
        if self.routings[one["id"]] or (one["lead_id"] and self.routings[one["lead_id"]]):
            return "forwarded"
        if one["outcome"] == "referred":
            return "referred"
        return "undecided" if one["status"] in {"new", "parked"} else "own"

    def ways(self):
        found = defaultdict(int)
        for one in self.concerns:
            found[self.way(one)] += 1
        return dict(found)

    # --- departments --------------------------------------------------------------------------------------------------

    def department(self, key=None):
        """A line of the table of departments; of all of them without `key`."""
        mine = [one for one in self.mine if key is None or one["department_id"] == key]
        answered = [one for one in mine if one["status"] == "answered"]
        in_time = [one for one in answered if day(one["finished_at"]) <= one["agreed_due_on"]]
        days = [workdays(day(one["sent_at"]), day(one["finished_at"])) for one in answered]
        late = [one for one in mine if one["status"] in {"sent", "accepted"} and one["due_on"] < self.today]

        def concerns(routings):
            return len({one["concern_id"] for one in routings})

        return {
            "received": concerns(mine),
            "accepted": concerns(one for one in mine if one["accepted_at"]),
            "returned": concerns(one for one in mine if one["status"] == "returned"),
            "answered": concerns(answered),
            "in_time": concerns(in_time),
            "in_time_share": concerns(in_time) / concerns(answered) if answered else None,
            "median": median(days) if days else None,
            "p90": ninety(days) if days else None,
            "open": concerns(one for one in mine if one["status"] in {"sent", "accepted", "query"}),
            "overdue": concerns(late),
        }

    # --- people -------------------------------------------------------------------------------------------------------

    def answers(self, person):
        """What a person really heard of an answer, in order."""
        return [
            one
            for one in self.feedback[person["id"]]
            if one["kind"] in {"final", "collective"} and one["result"] in HEARD
        ]

    def owed(self, person):
        return person["concern"]["status"] in {"feedback_due", "closed"} and person["waiver_reason"] not in NOT_OWED

    def told(self, person):
        return self.owed(person) and person["feedback_state"] == "done"

    def tests(self):
        """Tests of a person by the line of the tables they are counted in."""
        said = {
            one["id"]: next((f["reaction"] for f in reversed(self.answers(one)) if f["reaction"]), None)
            for one in self.people
        }
        return {
            "wanted": self.owed,
            "told": self.told,
            "waiting": lambda p: self.owed(p) and p["feedback_state"] in {"open", "interim"},
            "unreached": lambda p: self.owed(p) and p["waiver_reason"] == "not_reached",
            **{f"waived_{one}": lambda p, one=one: p["waiver_reason"] == one for one in NOT_OWED},
            "interim": lambda p: any(f["kind"] == "interim" and f["result"] in HEARD for f in self.feedback[p["id"]]),
            "interim_owed": lambda p: p["due"] == "interim",
            "came_back": lambda p: any(f["result"] == "undeliverable" for f in self.feedback[p["id"]]),
            **{
                one: lambda p, one=one: said[p["id"]] == one for one in ("satisfied", "accepted", "unsatisfied", "none")
            },
        }

    def people_and_concerns(self, test):
        some = [one for one in self.people if test(one)]
        return len(some), len({one["concern_id"] for one in some})

    def waits(self):
        """Days people waited: from the answer that counts now, and from receipt."""
        reply, receipt = [], []
        for person in filter(self.told, self.people):
            concern, heard = person["concern"], self.answers(person)
            if heard:
                receipt.append((day(heard[0]["at"]) - concern["received_on"]).days)
            now = [one for one in heard if concern["feedback_due_at"] and one["at"] >= concern["feedback_due_at"]]
            if now:
                reply.append((day(now[0]["at"]) - day(concern["feedback_due_at"])).days)
        return {"days:reply": reply, "days:receipt": receipt}

    def people_by(self, column):
        found = defaultdict(int)
        for one in self.people:
            found[one[column]] += 1
        return dict(found)

    def attempts(self):
        found = dict.fromkeys("1234", 0)
        for one in filter(self.told, self.people):
            if one["attempts"]:
                found[str(min(one["attempts"], 4))] += 1
        return found

    # --- areas and months ---------------------------------------------------------------------------------------------

    def narrowed(self, test):
        """The same about some of the concerns."""
        part = object.__new__(Recount)
        part.__dict__.update(self.__dict__)
        part.concerns = [one for one in self.concerns if test(one)]
        ids = {one["id"] for one in part.concerns}
        part.people = [one for one in self.people if one["concern_id"] in ids]
        part.mine = [one for one in self.mine if one["concern_id"] in ids]
        return part

    def district(self, area):
        """A line of the table of districts."""
        part = self.narrowed(lambda one: (one["district_id"] or 0) == area)
        wanted, told = (part.people_and_concerns(test)[0] for test in (self.owed, self.told))
        waits = part.waits()["days:receipt"]
        return {
            "now": len(part.concerns),
            "forwarded": part.ways().get("forwarded", 0),
            "closed": part.count(self.closed),
            "wanted": wanted,
            "told": told,
            "feedback": told / wanted if wanted else None,
            "median": median(waits) if waits else None,
        }

    def month(self, since, until):
        """A line of the trend."""
        part = self.narrowed(lambda one: since <= one["received_on"] <= until)
        wanted, told = (part.people_and_concerns(test)[0] for test in (self.owed, self.told))
        return {
            "all": len(part.concerns),
            "forwarded": part.ways().get("forwarded", 0),
            "closed": part.count(self.closed),
            "wanted": wanted,
            "told": told,
            "rate": told / wanted if wanted else None,
        }

    def areas(self):
        """Ids of the districts, 0 for outside."""
        return [*District.objects.values_list("pk", flat=True), 0]
