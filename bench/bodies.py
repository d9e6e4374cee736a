"""The bodies of the benchmark: 40 with 2,000 sessions, their agendas, attendance and minutes, 5,000 follow-ups.

Runs after the funds are there: `python -m bench.bodies` adds them to a seeded database.
"""

import os
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.city import MANAGER  # noqa: E402
from bench.texts import NOUNS, STREETS  # noqa: E402
from districts.models import ContactPerson, Membership, User  # noqa: E402
from projects import kept  # noqa: E402
from projects.models import AgendaItem, Attendance, Body, BodyMember, FollowUp, Session  # noqa: E402

BODIES, SESSIONS, ITEMS, LONG, MEMBERS, FOLLOW_UPS, OPEN = 40, 50, 10, 30, 20, 5_000, 1_000
NAME, EVERY, AHEAD = "Runde", timedelta(days=21), 10  # a session every three weeks, the last ten are still to come
_AT_A_TIME = 2_000
_FIRST, _LAST = ["minutes", "follow_ups", "report"], ["dates", "misc"]
_VOTES = {"decision": "Angenommen wie vorgeschlagen.", "yes": 9, "no": 2, "abstained": 1, "voters": 12}
_SAID = "Wir haben lange darüber gesprochen und mehrere Möglichkeiten verglichen. " * 4


def build() -> None:
    """Store them with a fixed seed; nothing when they are there."""
    if Body.objects.filter(name__startswith=NAME).exists():
        return
    rnd, today = Random(40), timezone.localdate()
    teams: dict[int, list[int]] = {}
    for pk, user in Membership.objects.filter(district__isnull=False).order_by("pk").values_list("district", "user"):
        teams.setdefault(pk, []).append(user)
    bodies = _bodies(list(teams), rnd)
    sessions = [one for body, pk in bodies for one in _sessions(body, teams[pk], today)]
    Session.objects.bulk_create(sessions, batch_size=_AT_A_TIME)
    _items(sessions, rnd)
    _attendance(sessions, rnd)
    _follow_ups(sessions, {body.pk: teams[pk] for body, pk in bodies}, today, rnd)
    _approve(sessions, User.objects.get(email=MANAGER))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _bodies(districts: list[int], rnd: Random) -> list[tuple[Body, int]]:
    """Two in every district; each with its members, three quarters of them with a vote."""
    rows = [
        Body(
            name=f"{NAME} {rnd.choice(NOUNS).capitalize()} {n:02d}", kind="round_table", quorum=50,
            every_months=1, weekday=1, nth=2, starts=time(17), place="Saal", mandate="Berät, was im Quartier ansteht.",
            is_public=n % 2 == 0,
        )
        for n in range(BODIES)
    ]  # fmt: skip
    made = [(one, districts[n % len(districts)]) for n, one in enumerate(Body.objects.bulk_create(rows))]
    through = Body.districts.through
    through.objects.bulk_create(through(body_id=one.pk, district_id=pk) for one, pk in made)
    people = list(ContactPerson.objects.order_by("pk").values_list("pk", "actor_id"))
    BodyMember.objects.bulk_create(
        BodyMember(body=one, actor_id=actor, contact_id=contact, has_vote=n % 4 > 0)
        for one, _ in made
        for n, (contact, actor) in enumerate(rnd.sample(people, MEMBERS))
    )
    return made


def _sessions(body: Body, team: list[int], today: date) -> list[Session]:
    """Every ninth was cancelled, the next one is invited; whose minutes are approved is said by `_approve`."""
    found, next_one = [], today + timedelta(days=5)
    for n in range(SESSIONS):
        on, ahead = next_one + (n - SESSIONS + AHEAD) * EVERY, n >= SESSIONS - AHEAD
        status = "invited" if n == SESSIONS - AHEAD else "planned" if ahead else "held"
        off = n % 9 == 5
        found.append(
            Session(
                body=body, on=on, starts=time(17), ends=time(19), place="Saal", secretary_id=team[n % len(team)],
                status="cancelled" if off else status, cancel_reason="Zu wenige Zusagen." if off else "",
                invited_at=None if status == "planned" else _moment(on - timedelta(days=10)),
            )
        )  # fmt: skip
    return found


def _moment(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(20)))


def _items(sessions: list[Session], rnd: Random) -> None:
    """Ten on every agenda, thirty on that of each body's latest session; minutes where it took place."""
    rows, longest = [], _latest(sessions)
    for one in sessions:
        middle = (LONG if one.pk in longest else ITEMS) - len(_FIRST) - len(_LAST)
        kinds = [*_FIRST, *("decision" if n % 5 == 4 else "discussion" for n in range(middle)), *_LAST]
        for n, kind in enumerate(kinds, 1):
            said = {"minutes": _SAID} | (_VOTES if kind == "decision" else {}) if one.status == "held" else {}
            title = f"{rnd.choice(NOUNS).capitalize()} {rnd.choice(STREETS)}"
            rows.append(AgendaItem(session=one, position=n, kind=kind, title=title, duration=10, **said))
    AgendaItem.objects.bulk_create(rows, batch_size=_AT_A_TIME)


def _latest(sessions: list[Session]) -> set[int]:
    """The latest session of every body that took place."""
    return set({one.body_id: one.pk for one in sessions if one.status == "held"}.values())


def _attendance(sessions: list[Session], rnd: Random) -> None:
    seats: dict[int, list[int]] = {}
    for pk, body in BodyMember.objects.values_list("pk", "body"):
        seats.setdefault(body, []).append(pk)
    states = ["present"] * 3 + ["excused"]
    Attendance.objects.bulk_create(
        (
            Attendance(session=one, member_id=pk, state=rnd.choice(states))
            for one in sessions
            if one.status == "held"
            for pk in seats[one.body_id]
        ),
        batch_size=_AT_A_TIME,
    )


def _follow_ups(sessions: list[Session], teams: dict[int, list[int]], today: date, rnd: Random) -> None:
    """Given in sessions that took place; those of the latest ones are open, half of these past their day."""
    held = sorted((one for one in sessions if one.status == "held"), key=lambda one: one.on)
    items: dict[int, list[int]] = {}
    for pk, session in AgendaItem.objects.filter(kind="discussion").values_list("pk", "session"):
        items.setdefault(session, []).append(pk)
    rows = []
    for n in range(FOLLOW_UPS):
        given, is_open = held[n * len(held) // FOLLOW_UPS], n >= FOLLOW_UPS - OPEN
        due = today + timedelta(days=rnd.randint(-40, 40)) if is_open else given.on + timedelta(days=30)
        status, settled = "open", {}
        if not is_open:
            status = rnd.choice(["done", "done", "dropped"])
            settled = {"settled_on": min(due, today), "settled_by_id": given.secretary_id, "result": "Geklärt."}
        rows.append(
            FollowUp(
                body_id=given.body_id, item_id=rnd.choice(items[given.pk]), responsible="Verein vor Ort", due_on=due,
                task=f"{rnd.choice(NOUNS).capitalize()} mit dem Fachbereich klären", given_on=given.on,
                status=status, owner_id=rnd.choice([None, *teams[given.body_id]]), **settled,
            )
        )  # fmt: skip
    FollowUp.objects.bulk_create(rows, batch_size=_AT_A_TIME)


def _approve(sessions: list[Session], by: User) -> None:
    """All minutes but the last two of every body's: from now on they stay, with the follow-ups as they stand."""
    per_body: dict[int, list[Session]] = {}
    for one in sessions:
        if one.status == "held":
            per_body.setdefault(one.body_id, []).append(one)
    done = [one for rows in per_body.values() for one in rows[:-2]]
    for one in done:
        one.status, one.approved_how, one.approved_by = "approved", "confirmation", by
        one.approved_at, one.follow_ups_then = _moment(one.on + timedelta(days=14)), kept.packed(kept.now(one))
    fields = ["status", "approved_how", "approved_by", "approved_at", "follow_ups_then"]
    Session.objects.bulk_update(done, fields, batch_size=200)


if __name__ == "__main__":
    build()
