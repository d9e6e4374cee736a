"""Referrals of the demo city: to offers and actors, arrived, not arrived, still to be asked (Q17, K17)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import chain, cycle

from django.db import transaction
from django.utils import timezone

from concerns.actions import referrals as actions
from concerns.actions.triage import record_answer
from concerns.models import Concern, Referral, Reporter, Topic
from concerns.referring import field_of, words_of
from concerns.workflow import ConcernStatus, Outcome
from districts.models import ActionField, Actor, Offer

FIELDS = {
    "sauberkeit": "sicherheit-ordnung-sauberkeit",
    "strasse": "verkehr-und-mobilitaet",
    "spielen-gruen": "klima-gruen-umwelt",
    "spielplatz": "kinder-jugend-bildung",
    "barrierefreiheit": "inklusion-und-barrierefreiheit",
    "sicherheit": "sicherheit-ordnung-sauberkeit",
    "wohnen": "wohnen-und-wohnumfeld",
    "barrierefreie-wohnung": "inklusion-und-barrierefreiheit",
    "kinder": "kinder-jugend-bildung",
    "alter": "alter-und-generationen",
    "integration": "integration-und-vielfalt",
    "gesundheit": "gesundheit",
    "arbeit": "arbeit-qualifizierung-lokale-oekonomie",
    "klima": "klima-gruen-umwelt",
    "begegnung": "nachbarschaft-und-begegnung",
}
# Days ago, and what came of it: an answer, nothing asked, or asked in so many days from today. Every manager has
# something to ask today.
STATES = (
    *((20, -2), (40, "arrived"), (25, "not_arrived"), (6, 8)),
    *((33, "arrived"), (9, None), (28, "not_reached"), (16, 0)),
)
MOST = 6  # of one manager


def is_loaded() -> bool:
    """Whether somebody was referred already."""
    return Referral.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Play referrals of concerns that are open; returns how many."""
    fields = {one.code: one for one in ActionField.objects.all()}
    for code, field in FIELDS.items():
        Topic.objects.filter(code=code).update(action_field=fields[field])
    states: dict[int, Iterator] = {}
    played, today = Counter(), timezone.localdate(now)
    concerns = Concern.objects.open().leads().filter(is_sensitive=False, district__isnull=False)
    concerns = concerns.exclude(status=ConcernStatus.PARKED).select_related("topic__parent", "owner", "district")
    for concern in concerns.order_by("pk"):
        owner = concern.owner_id
        if played[owner] < MOST and (target := _target(concern, today)):
            told = states.setdefault(owner, _states(len(states)))
            _play(concern, target, *next(told), now)
            played[owner] += 1
    return Referral.objects.count()


def _states(turn: int) -> Iterator:
    """What comes of one manager's referrals: first one to ask for, then the others, for each from another on."""
    due, *others = STATES
    start = 2 * turn % len(others)
    return chain([due], cycle([*others[start:], *others[:start]]))


def _target(concern: Concern, today) -> dict | None:
    """An offer that fits, or every now and then an actor; things like potholes are nothing to refer."""
    field = field_of(concern)
    if field is None or concern.topic.parent.code in {"strasse", "sauberkeit", "spielen-gruen", "verwaltung"}:
        return None
    offers = Offer.objects.running(today).filter(action_fields=field)
    here = offers.filter(offers.in_districts([concern.district_id])).order_by("pk")
    if concern.pk % 5 and (offer := here.first()):
        return {"offer": offer}
    actors = Actor.objects.active().filter(action_fields=field, districts=concern.district_id).order_by("pk")
    return {"actor": actor} if (actor := actors.first()) else None


def _play(concern: Concern, target: dict, days: int, state, now: datetime) -> None:
    received = timezone.make_aware(datetime.combine(concern.received_on + timedelta(days=1), time(11, 20)))
    last = concern.events.order_by("-at").values_list("at", flat=True).first() or received
    at = max(min(received, now), now - timedelta(days=days), last)  # after everything that has happened
    by = concern.owner
    people = concern.reporters.filter(erased_at=None).exclude(kind=Reporter.Kind.OBSERVATION)
    reporter = people.order_by("pk").first()
    asks = isinstance(state, int)
    day = timezone.localdate(at)
    ask_on = max(timezone.localdate(now) + timedelta(days=state), day) if asks else day + timedelta(days=14)
    made = actions.refer(
        concern=concern,
        reporter=reporter,
        accompanied=concern.pk % 4 == 0,
        consent_on=day if reporter and reporter.name and concern.pk % 3 == 0 else None,
        ask_on=None if state is None else ask_on,
        by=by,
        at=at,
        **target,
    )
    if isinstance(state, str):
        answered = min(now, at + timedelta(days=15))
        actions.answer_referral(referral=made, result=state, by=by, at=answered)
        if state == Referral.Result.ARRIVED and concern.status in {ConcernStatus.NEW, ConcernStatus.OWN_WORK}:
            words = words_of(concern) or "Wir haben die, die es betrifft, an passende Stellen vermittelt."
            record_answer(concern=concern, outcome=Outcome.REFERRED, answer_text=words, by=by, at=answered)
