"""Funds of the demo city: both rule sets, three years of budgets, applications in every state (Z34–Z38, N12)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from districts.models import ActionField, Actor, Programme, TargetGroup, User
from projects.actions import agenda, applications, bodies, fund_payments, fund_reversals, fund_votes, funds, sessions
from projects.actions.agenda import Written
from projects.eligibility import automatic, focus_left
from projects.fund_workflow import DECIDED, RUNNING, ApplicationStatus, Instance
from projects.models import Body, Fund, FundApplication, FundItem, Session, voting_rows
from projects.rhythm import MONTHS

from . import documents

STATUS = ApplicationStatus
PARTLY = "Das Budget soll für alle Anträge dieser Sitzung reichen; das Wichtigste lässt sich damit bezahlen."
REFUSED = "Ein sehr ähnliches Angebot gibt es im Quartier schon. Die Konferenz bittet, sich dort anzuschließen."
FOCUS = "Für Projekte neben den Schwerpunkten ist in diesem Jahr kaum noch Geld da: Vier Fünftel sind für sie bestimmt."
IMPROVE = "Bitte ein Angebot für den größten Posten nachreichen und schreiben, wer die Ehrenamtlichen anleitet."
REMEDY = (
    "Gegen diesen Bescheid können Sie innerhalb eines Monats nach Zugang beim Verwaltungsgericht Aachen Klage erheben. "
    "(Beispieltext der Demo-Stadt; den Wortlaut gibt das Rechtsamt vor.)"
)
CAME_BACK = "Die Überweisung kam zurück, die Kontonummer war falsch"
COUNTED_TWICE = "Ein Beleg war doppelt gezählt"
GIVEN_UP = "Die Einrichtung hat das Personal dafür zurzeit nicht."
REPORTS = (
    "Es kamen mehr Menschen als erwartet, und aus der Vorbereitungsgruppe ist ein fester Kreis geworden.",
    "Das Projekt ist gelungen. Einen Termin haben wir wegen des Wetters verschoben.",
    "Gut angenommen, vor allem von Familien, die vorher nicht zu uns kamen. Wir möchten weitermachen.",
)
COMMITTEE = (
    *("Ratsfrau Helga Dohmen", "Ratsherr Pascal Frings", "Sachkundige Bürgerin Nuray Aksoy", "Ratsfrau Ute Krings"),
)
SESSION_WORDS = "Die Antragstellenden stellen das Projekt vor. Nachfragen zu Kosten und Beteiligung werden beantwortet."


class Funds:
    """Plays the funds beside the sessions of the bodies that decide about them."""

    def __init__(self, stage, rows: list[dict], projects: list[dict]):
        self.stage, self.rows = stage, {row["key"]: row for row in rows}
        self.projects = {key: [one for one in projects if one["fund"] == key] for key in self.rows}
        self.funds: dict[str, Fund] = {}
        self.turns = dict.fromkeys(self.rows, 0)
        self.brings_later = True  # the next applicant who is paid files something after the decision
        self.fields = {one.name: one for one in ActionField.objects.all()}
        self.groups = {one.name: one for one in TargetGroup.objects.all()}

    def person(self, name: str) -> User:
        """A person of the city by their login."""
        return self.stage.people[name]

    def actor(self, key: str) -> Actor:
        """An actor of the directory by its key."""
        return Actor.objects.get(name=self.stage.names[key])

    # --- Funds -------------------------------------------------------------------------------------------------------

    def found(self, key: str, body: Body) -> None:
        """Enter the fund of a body, with its rules, rounds and budgets."""
        if key not in self.rows:
            return
        row, by, today = self.rows[key], self.person("e.steinmetz"), self.stage.today
        at = self.stage.at(today - relativedelta(years=3))
        programme = Programme.objects.filter(name=row["programme"]).first() if row["programme"] else None
        fund = funds.save_fund(
            by=by, at=at, districts=[self.stage.districts[code] for code in row["districts"]], body=body,
            name=row["name"], code=row["code"], kind=row["kind"], info=row["info"], programme=programme,
            remedy=REMEDY, is_public=True, ends_on=None,
            begins_on=today.replace(month=1, day=1) - relativedelta(years=4),
        )  # fmt: skip
        second = self._committee(row["second"], by) if row["second"] else None
        for version in row["rules"]:
            first = today.replace(month=1, day=1) + relativedelta(years=version["years"])
            numbers = {name: version[name] for name in ("own_share", "volunteer_rate", "basis")}
            funds.save_rule(
                fund=fund, by=by, at=at, valid_from=first, second_body=second, criteria=row["criteria"],
                focus_fields=[self.fields[name] for name in row["focus"]], **row["rule"], **numbers,
            )  # fmt: skip
        for offset, amount in row["budgets"].items():
            year = today.year + int(offset)
            when = min(self.stage.at(date(year - 1, 12, 14)), self.stage.now)
            reason, later = f"Haushalt {year}", row.get("supplement", {}) if offset == "0" else {}
            amount -= later.get("amount", 0)
            funds.set_budget(fund=fund, year=year, budget=Decimal(amount), reason=reason, by=by, at=when)
        self.funds[key] = fund

    def _committee(self, name: str, by: User) -> Body:
        founded = self.stage.today - relativedelta(years=5)
        body = bodies.save_body(
            by=by, at=self.stage.at(founded), districts=[], name=name, kind=Body.Kind.COMMITTEE,
            level=Body.Level.POLITICAL,
            mandate="Ratsausschuss; entscheidet über Anträge an die Stadtteilfonds, die über der Schwelle liegen.",
            power=Body.Power.FUNDS, part=Body.Part.ATTENDS, voting_rules="Einfache Mehrheit.", quorum=50,
            every_months=0, first_month=1, nth=None, weekday=None, starts=time(17), duration=120,
            place="Rathaus, Sitzungssaal 1", coordinator=by, is_public=True, founded_on=founded, ended_on=None,
        )  # fmt: skip
        for person in COMMITTEE:
            bodies.save_member(body=body, by=by, name=person, has_vote=True, valid_from=founded)
        return body

    # --- Before a session --------------------------------------------------------------------------------------------

    def before(self, session: Session, key: str) -> None:
        """Applications come in and are checked in the weeks before a session, so that its agenda can name them."""
        for _ in range(self.rows[key]["each"] if key in self.rows else 0):
            turn = self.turns[key]
            self.turns[key] += 1
            self._enter(session, key, turn)

    def _enter(self, session: Session, key: str, turn: int) -> None:
        row, templates = self.rows[key], self.projects[key]
        template = templates[turn % len(templates)]
        received = min(session.on - timedelta(days=26 + turn % 9), self.stage.today - timedelta(days=2))
        drafter, checker = self.person(row["drafter"]), self.person(row["checker"])
        found = applications.save_application(
            fund=self.funds[key], by=drafter, at=self.stage.at(received - timedelta(days=3)),
            **self._words(template, session, key, turn),
        )  # fmt: skip
        at = self.stage.at(received + timedelta(days=6))
        if (self.stage.today - received).days < documents.RECENT // 2:
            documents.add_offer(found, by=drafter, at=self.stage.at(received - timedelta(days=1)))
        applications.submit(application=found, received_on=received, by=checker, at=self.stage.at(received))
        applications.begin_check(application=found, by=checker, at=at)
        if turn % 13 == 6:
            self._check(found, "incomplete", IMPROVE, checker, at)
            later = self.stage.at(received + timedelta(days=10))
            applications.submit(application=found, received_on=received, by=checker, at=later)
            applications.begin_check(application=found, by=checker, at=later)
            at = later
        failed = [one.text for one in automatic(found, today=at.date()) if not one.ok]
        if template["reason"] or failed:
            self._check(found, "not", template["reason"] or " ".join(failed), checker, at)
        elif turn % 10 == 4:
            self._check(found, "conditions", "Die Veranstaltung ist auch mit dem Rollstuhl erreichbar.", checker, at)
        else:
            self._check(found, "eligible", "", checker, at)

    def _words(self, template: dict, session: Session, key: str, turn: int) -> dict:
        starts = session.on + timedelta(days=24 + turn % 5 * 4)
        lines = [(label, Decimal(amount)) for label, amount in template["lines"]]
        source, other = template["other"] or ("", 0)
        requested = sum(amount for _, amount in lines) - template["own"] - other
        words = {
            "title": f"{template['title']} {starts.year}",
            "description": template["text"],
            "benefit": template["benefit"],
            "district": self.stage.districts[self.rows[key]["districts"][0]],
            "action_field": self.fields[template["field"]],
            "target_groups": [self.groups[name] for name in template["groups"]],
            "starts_on": starts,
            "ends_on": starts + timedelta(days=template["days"]),
            "own_money": Decimal(template["own"]),
            "volunteer_hours": Decimal(template["hours"]),
            "other_amount": Decimal(other),
            "other_source": source,
            "requested": requested,
            "lines": lines,
        }
        if template["residents"]:
            group, partner = template["residents"]
            return words | {"applicant_kind": "residents", "group_name": group, "partner": self.actor(partner)}
        return words | {"applicant": self.actor(template["actor"])}

    def _check(self, found: FundApplication, overall: str, reason: str, by: User, at: datetime) -> None:
        bad = overall == "not"
        answers = [
            applications.Answer(one, score=2 if found.serial % 3 else 3)
            if one.kind == "score"
            else applications.Answer(one, "yes" if one.kind == "must" or (bad and one.position == 1) else "no")
            for one in found.fund.rule_on(found.received_on or at.date()).criteria.all()
        ]
        applications.check(application=found, overall=overall, reason=reason, answers=answers, by=by, at=at)

    # --- In the session ----------------------------------------------------------------------------------------------

    def vote(self, session: Session, by: User, at: datetime) -> None:
        """What the session decides about the applications on its agenda."""
        items = FundItem.objects.filter(item__session=session).select_related("item__session", "application")
        for row in items.order_by("item__position"):
            self._vote(row, session, by, at)

    def _vote(self, row: FundItem, session: Session, by: User, at: datetime) -> None:
        turn = row.application.serial + row.application.serial_year
        voting = voting_rows(session.attendance_rows(), session.on)
        biased = [one.member for one in voting if row.application.profits(one.member)]
        voters = len(voting) - len(biased)
        there, seats, needed = session.quorum_now()
        if there * 100 < needed * seats or voters < 1 or (turn % 17 == 8 and row.application.items.count() == 1):
            fund_votes.record_vote(fund_item=row, version=row.version, result="postponed", by=by, at=at)
            return
        against = min(turn % 2, (voters - 1) // 2)
        words = {"result": "granted", "yes": voters - against, "no": against, "abstained": 0}
        if turn % 8 == 3:
            words |= {"result": "refused", "yes": against, "no": voters - against, "reason": REFUSED}
        elif turn % 6 == 2:
            part = (row.application.requested * 6 // 10 // 10) * 10
            words |= {"result": "partly", "amount": part, "reason": PARTLY}
        elif turn % 5 == 0:
            words |= {"conditions": "Der Eintritt ist frei, und der Fonds wird auf Plakaten genannt."}
        words |= self._beside_focus(row.application, words, voters)
        fund_votes.record_vote(fund_item=row, version=row.version, biased=biased, by=by, at=at, **words)

    def _beside_focus(self, application: FundApplication, words: dict, voters: int) -> dict:
        """What changes where the year has not enough left beside the focus of the rules."""
        left = focus_left(application, application.fund.years.get(year=application.year))
        amount = words.get("amount", application.requested)
        if words["result"] == "refused" or left is None or amount <= left:
            return {}
        if left < 100:
            return {"result": "refused", "yes": 0, "no": voters, "reason": FOCUS, "conditions": ""}
        return {"result": "partly", "amount": left // 10 * 10, "reason": FOCUS}

    def approve(self, session: Session, by: User) -> None:
        """Minutes with decisions about money are confirmed in writing, so that nobody waits for the next session."""
        session.refresh_from_db()
        rows = FundItem.objects.filter(item__session=session)
        at = self.stage.at(session.on + timedelta(days=12))
        if rows.exists() and session.status == "held" and at < self.stage.now - timedelta(days=1):
            agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=by, at=at)

    # --- Afterwards --------------------------------------------------------------------------------------------------

    def finish(self) -> int:
        """Second instances, notices, payments, proofs, and what lies on the desk today; returns how many there are."""
        self._supplements()
        self._second_instance()
        *waiting, _ = FundApplication.objects.to_confirm().order_by("pk")  # the newest waits on the desk
        for found in waiting:
            self._office(found)
        decided = FundApplication.objects.filter(status__in=DECIDED).order_by("decided_on", "pk")
        for number, found in enumerate(decided.with_everything()):
            self._after(found, number)
        fund_payments.mark_ended(at=self.stage.now)
        self._desk()
        return FundApplication.objects.count()

    def _supplements(self) -> None:
        """More money in the course of this year, where somebody has given some."""
        for key, fund in self.funds.items():
            if later := self.rows[key].get("supplement"):
                now, when = fund.years.get(year=self.stage.today.year), self.stage.at(self.stage.today.replace(day=1))
                more, by = now.budget + later["amount"], self.person("e.steinmetz")
                funds.set_budget(fund=fund, year=now.year, budget=more, reason=later["reason"], by=by, at=when)

    def _second_instance(self) -> None:
        """A session of the committee a month ago, and one to come."""
        by = self.person("e.steinmetz")
        for body in Body.objects.filter(kind=Body.Kind.COMMITTEE):
            waiting = FundApplication.objects.filter(status=STATUS.DECIDING, awaits=Instance.SECOND)
            old = [one for one in waiting if (self.stage.today - one.decisions.get().on).days > 60]
            if old:
                session = self.stage.single(body, self.stage.today - timedelta(days=33), by)
                agenda.take_proposals(session=session, kinds={f"fund:{one.pk}" for one in old}, by=by)
                self._held(session, by)
            following = self.stage.single(body, self.stage.today + timedelta(days=26), by)
            agenda.take_proposals(session=following, kinds=None, by=by)

    def _held(self, session: Session, by: User) -> None:
        at = self.stage.at(session.on, 18)
        sessions.begin(session=session, by=by, at=at)
        states = {one.pk: "present" for one in session.body.members.all()}
        sessions.note_attendance(session=session, states=states, guests="", by=by, at=at)
        self.vote(session, by, at)
        words = {"minutes": SESSION_WORDS, "decision": "", "yes": None, "no": None, "abstained": None}
        written = [Written(one.pk, one.version, True, words) for one in session.items.all()]
        agenda.write_minutes(session=session, written=written, told=set(), by=by, at=at)
        self.approve(session, by)

    def _office(self, found: FundApplication) -> None:
        agreed = found.decisions.get(instance=Instance.BODY)
        on = agreed.on + timedelta(days=20)
        if on >= self.stage.today:
            return
        words = {"granted": True, "amount": agreed.amount, "conditions": agreed.conditions, "reason": ""}
        by = self.person("e.steinmetz")
        fund_votes.decide_in_office(application=found, by=by, at=self.stage.at(on), **words)

    def _after(self, found: FundApplication, number: int) -> None:
        """Notice, payment and proof, each on its day; what would lie ahead has not happened."""
        key = next(key for key, one in self.funds.items() if one.pk == found.fund_id)
        by, today = self.person(self.rows[key]["checker"]), self.stage.today
        final = found.decisions.get(is_final=True)
        told = max(final.on, final.at.date()) + timedelta(days=3 + number % 4)
        if told > today or (number % 14 == 5 and (today - told).days < 90):
            return
        way = ("post", "mail", "hand")[number % 3]
        fund_votes.record_notice(application=found, on=told, way=way, by=by, at=self.stage.at(told))
        if found.status == STATUS.REFUSED:
            return
        if number % 19 == 7:
            at = self.stage.at(min(told + timedelta(days=9), today))
            applications.withdraw(application=found, reason=GIVEN_UP, by=by, at=at)
            return
        paid = told + timedelta(days=8)
        if paid > today:
            return
        pay = {"application": found, "by": by}
        if (self.stage.today - paid).days < documents.RECENT and self.brings_later:
            documents.add_later(found, by=by, at=self.stage.at(paid))
            self.brings_later = False
        fund_payments.pay(amount=found.granted_amount, on=paid, at=self.stage.at(paid), **pay)
        if number % 16 == 3 and paid + timedelta(days=4) <= today:
            entry, back = found.entries.get(kind="pay"), paid + timedelta(days=4)
            fund_reversals.reverse(entry=entry, reason=CAME_BACK, by=by, at=self.stage.at(back))
            fund_payments.pay(amount=found.granted_amount, on=back, at=self.stage.at(back), **pay)
        self._prove(found, number, by, paid)

    def _prove(self, found: FundApplication, number: int, by: User, paid_on: date) -> None:
        found.refresh_from_db()
        there = max(found.ends_on, paid_on) + timedelta(days=45 + number % 30)
        if there > self.stage.today or number % 12 == 9 or found.status not in RUNNING:
            return  # not yet due, or overdue
        rest = Decimal((0, 0, 35, 0, 120, 0)[number % 6])
        paid = found.granted_amount
        lines = sum(one.amount for one in found.lines.all())
        cost = {"receipts": lines - rest, "to_return": min(rest, paid), "report": REPORTS[number % len(REPORTS)]}
        if (self.stage.today - there).days < documents.RECENT:
            documents.add_receipts(found, by=by, at=self.stage.at(there))
        fund_payments.prove(
            application=found, received_on=there, participants=18 + number * 7 % 140, by=by, at=self.stage.at(there),
            **cost,
        )  # fmt: skip
        back = there + timedelta(days=21)
        if rest and back <= self.stage.today:
            back_again = {"application": found, "amount": min(rest, paid), "on": back, "by": by}
            fund_payments.record_return(at=self.stage.at(back), **back_again)
        elif number % 11 == 6:
            fund_reversals.reopen(application=found, reason=COUNTED_TWICE, by=by, at=self.stage.at(self.stage.today))

    def _desk(self) -> None:
        """What lies on the desk today: a draft, one just handed in, one in check, one that has to be improved."""
        for key, fund in self.funds.items():
            row, today = self.rows[key], self.stage.today
            drafter, checker = self.person(row["drafter"]), self.person(row["checker"])
            for number, state in enumerate(("draft", "submitted", "checking", "incomplete")):
                near = Session(on=today + timedelta(days=20 + number * 5))
                words = self._words(self.projects[key][number + 1], near, key, number)
                month = MONTHS[words["starts_on"].month - 1]
                words["title"] = words["title"].replace(str(words["starts_on"].year), f"im {month}")
                at = self.stage.at(today - timedelta(days=9 - number))
                found = applications.save_application(fund=fund, by=drafter, at=at, **words)
                if state == "draft":
                    continue
                applications.submit(application=found, received_on=at.date(), by=checker, at=at)
                if state == "submitted":
                    continue
                applications.begin_check(application=found, by=checker, at=at)
                if state == "incomplete":
                    self._check(found, "incomplete", IMPROVE, checker, at)
            last = today + timedelta(days=60)
            funds.add_round(fund=fund, closes_on=last, label="nächste Runde", by=checker)
