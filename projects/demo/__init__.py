"""Bodies of the demo city: two years of sessions, minutes in our own words, follow-ups in every state (Q17, G)."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from concerns.models import OutgoingMail
from districts.demo import read as read_city
from districts.models import Actor, Department, District, User
from projects.actions import agenda, bodies, follow_ups, sessions
from projects.actions.agenda import Written
from projects.models import Body, Session
from projects.proposals import replies_for
from projects.rhythm import LAST
from projects.workflow import ItemKind
from quartier.workdays import is_workday

from . import documents, loop, talks
from .funds import SESSION_WORDS, Funds

_DATA = Path(__file__).parent / "data"
_YEARS = 2
_BY_MAIL = timedelta(days=190)  # invitations of older sessions are not kept as mails
_SEATS = 7  # actors of a district conference
_ADDED = {"sprachnord2", "nachbarost2"}  # doubles in the directory
_WITHOUT_MINUTES = {"kronenberg"}  # whose last minutes somebody still writes


def read(name: str):
    """One of the lists."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def is_loaded() -> bool:
    """Whether there are bodies already."""
    return Body.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the bodies beside a demo city that is there; returns the number of sessions."""
    stage = _Stage(now)
    for turn, row in enumerate(read("bodies")):
        stage.play(row, turn)
    stage.funds.finish()
    talks.talks(stage.people, stage.today)
    talks.stand(today=stage.today, at=stage.at(stage.today - timedelta(days=2)))
    # What was mailed in the past has long arrived: nothing of it may be sent now.
    mails = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.INVITATION, state="queued")
    mails.update(state="sent", sent_at=F("created_at"))
    return Session.objects.count()


class _Stage:
    """Everything played with the application's own actions, each by whoever would have done it."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.themes = read("themes")
        self.names = {row["key"]: row["name"] for row in read_city("actors")}
        self.people = {one.email.partition("@")[0]: one for one in User.objects.all()}
        self.funds = Funds(self, read("funds"), read("fund_projects"))
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.departments = {one.code: one for one in Department.objects.valid_on(self.today)}

    def at(self, day: date, hour: int = 10) -> datetime:
        """A moment of a day, never one to come."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, 15))), self.now)

    def play(self, row: dict, turn: int) -> None:
        """One body from its founding until today."""
        by = self.people[row["by"]]
        body = self._body(row, by)
        self._members(body, row, by)
        self.funds.found(row["key"], body)
        if row["key"] in documents.WITH_PAPERS:
            documents.add_rules(body, on=body.founded_on, by=by, at=self.at(self.today - timedelta(days=400)))
        if body.is_over(self.today):
            return
        since = self.today - relativedelta(years=_YEARS)
        until = self.today + relativedelta(months=9)
        if body.rhythm:
            found = sessions.plan_sessions(body=body, since=since, until=until, by=by, at=self.at(since))
        else:
            found = [self.single(body, since + timedelta(days=110 * n), by) for n in range(7)]
        past = [one for one in found if one.on < self.today]
        called_off = past[len(past) // 2] if len(past) > 4 and turn % 3 == 1 else None
        for number, session in enumerate(past):
            self._session(body, session, row, by, turn + number, last=session == past[-1], off=session == called_off)
        coming = [one for one in found if one.on >= self.today]
        if coming:
            self.funds.before(coming[0], row["key"])
        self._ahead(body, coming, by, turn, papers=row["key"] in documents.WITH_PAPERS)

    def _body(self, row: dict, by: User) -> Body:
        rhythm = {"every_months": row["months"], "first_month": row.get("first", 1)}
        rhythm |= {"nth": row.get("nth"), "weekday": row.get("weekday")}
        if row["key"] == "ost":
            rhythm |= self._in_a_week()
        founded = date.fromisoformat(row["founded"])
        ended = self.today - relativedelta(months=row["ended"]) if "ended" in row else None
        return bodies.save_body(
            by=by, at=self.at(max(founded, self.today - relativedelta(years=_YEARS))),
            districts=[self.districts[code] for code in row["districts"]], name=row["name"], kind=row["kind"],
            level=row["level"], term=row.get("term", Body.Term.LASTING),
            mandate=row["mandate"], power=row.get("power", Body.Power.ADVISES), part=row["part"],
            voting_rules=row.get("rules", ""), quorum=row.get("quorum", 0), starts=time.fromisoformat(row["starts"]),
            duration=row["duration"], place=row["place"], coordinator=by, is_public=row.get("public", False),
            founded_on=founded, ended_on=ended, **rhythm,
        )  # fmt: skip

    def _in_a_week(self) -> dict:
        """A rhythm with a date in a week."""
        day = self.today + timedelta(days=7)
        while not is_workday(day):
            day -= timedelta(days=1)
        nth = (day.day - 1) // 7 + 1
        return {"first_month": (day.month - 1) % 3 + 1, "nth": min(nth, LAST), "weekday": day.weekday()}

    def single(self, body: Body, day: date, by: User) -> Session:
        """A session on a day, or the next day on which people work."""
        while not is_workday(day):
            day += timedelta(days=1)
        ends = (datetime.combine(day, body.starts) + timedelta(minutes=body.duration)).time()
        return sessions.save_session(
            body=body, by=by, at=self.at(day - timedelta(days=40)), on=day, starts=body.starts, ends=ends,
            place=body.place, office=None,
        )  # fmt: skip

    # --- Members -----------------------------------------------------------------------------------------------------

    def _members(self, body: Body, row: dict, by: User) -> None:
        seats = []
        for actor in self._actors(row):
            contact = actor.contacts.filter(valid_to=None).first()
            seats.append((actor, bodies.save_member(
                body=body, by=by, actor=actor, contact=contact, has_vote=True, valid_from=body.founded_on,
                role="chair" if len(seats) in (1, 2) else "member",
            )))  # fmt: skip
        for actor, seat in seats:
            if second := actor.contacts.filter(valid_to=None)[1:2]:
                bodies.save_member(
                    body=body, by=by, actor=actor, contact=second[0], role="deputy", deputy_for=seat,
                    valid_from=body.founded_on,
                )  # fmt: skip
        for code in row.get("votes", []):
            bodies.save_member(body=body, by=by, department=self.departments[code], has_vote=True)
        for code in row.get("extra", []):
            bodies.save_member(body=body, by=by, department=self.departments[code], role="advisor")
        for name, email in row.get("free", []):
            bodies.save_member(
                body=body,
                by=by,
                name=name,
                email=email,
                consent_on=self.today - relativedelta(months=14),
                has_vote=True,
            )
        if row["by"] != "e.steinmetz":
            bodies.save_member(body=body, by=by, user=by, role="advisor")

    def _actors(self, row: dict) -> list[Actor]:
        if "actors" in row:
            return [Actor.objects.get(name=self.names[key]) for key in row["actors"]]
        if not row["districts"]:
            return []
        here = Actor.objects.active().filter(districts__slug__in=row["districts"]).order_by("pk").distinct()
        return list(here.exclude(name__in=[self.names[key] for key in _ADDED])[:_SEATS])

    # --- Sessions ----------------------------------------------------------------------------------------------------

    def _agenda(self, session: Session, turn: int, by: User) -> list[tuple]:
        """Proposed items and two themes of the list; gives the themes with their items."""
        sessions_before = turn * 2
        themes = [self.themes[(sessions_before + n) % len(self.themes)] for n in range(2)]
        agenda.take_proposals(session=session, kinds=None, by=by)
        return [
            (theme, agenda.save_item(
                session=session, by=by, title=theme["title"], kind=theme["kind"], presenter=theme["presenter"],
                duration=20, text=theme.get("text", ""),
            ))
            for theme in themes
        ]  # fmt: skip

    def _session(self, body: Body, session: Session, row: dict, by: User, turn: int, *, last: bool, off: bool) -> None:
        self.funds.before(session, row["key"])
        themes = self._agenda(session, turn, by)
        if row["key"] == "ost" and (self.today - session.on).days < documents.RECENT:
            documents.add_material(themes[0][1], by=by, at=self.at(session.on - timedelta(days=9)))
        special = loop.item_of(session, self.today, row["key"], by)
        mailed = self.now - self.at(session.on) < _BY_MAIL
        if mailed or off:
            sessions.invite(session=session, by=by, at=self.at(session.on - timedelta(days=10), 9))
        if off:
            reason = "Zu viele Absagen wegen der Ferien."
            sessions.cancel_session(session=session, reason=reason, by=by, at=self.at(session.on - timedelta(days=2)))
            return
        at = self.at(session.on, 17)
        sessions.begin(session=session, by=self._writer(row, by), at=at)
        self._attend(session, turn, by)
        self.funds.vote(session, by, at)
        self._approve_before(session, by, at)
        self._write(session, themes, special, turn, row, by, at)
        loop.play(self, body, session, special, by)
        if not (last and row["key"] in _WITHOUT_MINUTES):
            self._orders(session, themes, by)
        self._settle(body, session, by)
        if not (last and row["key"] == "ost"):  # whose last minutes wait to be approved, with money kept aside
            self.funds.approve(session, by)

    def _writer(self, row: dict, by: User) -> User:
        return self.people["s.haddad"] if row["key"] in ("ost", "forst") else by

    def _attend(self, session: Session, turn: int, by: User) -> None:
        members = list(session.body.members.valid_on(session.on))
        states = {}
        for number, member in enumerate(members):
            if member.deputy_for_id:
                states[member.pk] = "present" if states.get(member.deputy_for_id) != "present" else ""
            else:
                states[member.pk] = ("present", "present", "excused", "present", "present", "absent")[
                    (number + turn) % 6
                ]
        guests = "Frau Simons, Pflegeberatung\nHerr Wolter, Bürgerverein" if turn % 4 == 0 else ""
        sessions.note_attendance(session=session, states=states, guests=guests, by=by, at=self.at(session.on, 17))

    def _write(self, session: Session, themes: list, special, turn: int, row: dict, by: User, at: datetime) -> None:
        known = {item.pk: theme for theme, item in themes}
        there = session.voters_present()
        told = {one.raised.pk for one in replies_for(session)}
        written = [
            Written(item.pk, item.version, True, self._words(item, known.get(item.pk), special, there, turn))
            for item in session.items.all()
        ]
        agenda.write_minutes(session=session, written=written, told=told, by=self._writer(row, by), at=at)

    def _words(self, item, theme: dict | None, special, there: int, turn: int) -> dict:
        words = {"minutes": "", "decision": "", "yes": None, "no": None, "abstained": None}
        if special and item.pk == special.pk:
            return words | {"minutes": loop.text_of(item)}
        if theme is None:
            return words | {"minutes": _USUAL.get(item.kind, "")}
        words["minutes"] = theme["minutes"]
        words["decision"] = theme.get("decision", "")
        if "votes" in theme:
            against = 0 if theme["votes"] == "all" else min(1, there)
            abstained = min(turn % 2, there - against)
            words |= {"yes": there - against - abstained, "no": against, "abstained": abstained}
        return words

    def _approve_before(self, session: Session, by: User, at: datetime) -> None:
        before = session.body.sessions.not_approved().filter(on__lt=session.on)
        for one in before.order_by("on"):
            agenda.approve_minutes(session=one, how="session", approved_in=session, by=by, at=at)

    def _orders(self, session: Session, themes: list, by: User) -> None:
        for theme, item in themes:
            if "task" in theme:
                follow_ups.save_follow_up(
                    body=session.body, by=by, at=self.at(session.on, 18), item=item, task=theme["task"],
                    responsible=theme["who"], due_on=session.on + timedelta(days=45), owner=None,
                )  # fmt: skip

    def _settle(self, body: Body, session: Session, by: User) -> None:
        """What was given in the session before is done by now, mostly."""
        texts = {theme["task"]: theme for theme in self.themes if "task" in theme}
        for one in body.follow_ups.open_on(session.on).filter(settled_on=None):
            theme = texts.get(one.task, {})
            day = min(one.due_on, self.today)
            if "dropped" in theme:
                at = self.at(day)
                follow_ups.settle(follow_up=one, status="dropped", result=theme["dropped"], by=by, on=day, at=at)
            elif "result" in theme:
                follow_ups.settle(follow_up=one, status="done", result=theme["result"], by=by, on=day, at=self.at(day))
            elif session.on - one.given_on > timedelta(days=150):
                follow_ups.settle(
                    follow_up=one, status="done", result="In der Sitzung berichtet.", by=by, on=session.on,
                    at=self.at(session.on, 19),
                )  # fmt: skip

    def _ahead(self, body: Body, coming: list[Session], by: User, turn: int, *, papers: bool) -> None:
        """Next sessions: the one that is near has been invited to, the one after has its first items."""
        for session in coming[:1]:
            themes = self._agenda(session, turn + 20, by)
            if papers:
                documents.add_material(themes[0][1], by=by, at=self.at(self.today - timedelta(days=2)))
            if session.on - self.today < timedelta(days=15):
                sessions.invite(session=session, by=by, at=self.at(self.today - timedelta(days=1)))


_USUAL = {
    ItemKind.MINUTES: "Das Protokoll wird ohne Änderung genehmigt.",
    ItemKind.FOLLOW_UPS: "Die Liste wird durchgegangen. Was erledigt ist, wird abgehakt, der Rest bleibt stehen.",
    ItemKind.REPLIES: "Das Quartiersmanagement berichtet, was die Fachbereiche geantwortet haben.",
    ItemKind.FUND: SESSION_WORDS,
    ItemKind.DATES: "Die nächsten Termine stehen im Kalender des Gremiums.",
    ItemKind.MISC: "Nichts weiter.",
}
