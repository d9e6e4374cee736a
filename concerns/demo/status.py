"""Codes of the status page, and what residents say there: most that it helped, one that still waits for a look."""

from collections import Counter
from datetime import timedelta
from random import Random

from concerns.actions import status_codes, voices
from concerns.actions.feedback import record_receipt
from concerns.models import Reporter, StatusCode
from concerns.standing import answer_of
from concerns.workflow import ConcernStatus, FeedbackState
from quartier.workdays import add_workdays

from . import wording
from .clock import moment
from .story import Cast

_SEED = 52068
_CODES, _VOICES = 24, 6  # voices at each desk
# The codes to try the page with are the same after each load.
_TO_TRY = {
    "Antwort ist da": "00000000000000000000000000000001",
    "liegt beim Fachbereich": "00000000000000000000000000000002",
}


def codes_to_try() -> list[tuple[str, str]]:
    """Codes for the terminal, with what they show; none when the demo city was loaded without them."""
    rows = {row.seed: row for row in StatusCode.objects.filter(seed__in=_TO_TRY.values()).select_related("reporter")}
    found = [(what, status_codes.show(reporter=rows[seed].reporter)) for what, seed in _TO_TRY.items() if seed in rows]
    return [(what, code) for what, code in found if code]


def play(cast: Cast) -> None:
    """Hand out codes and let some residents say what they think."""
    rnd = Random(_SEED)
    (first, *told), waiting = _told(cast, rnd), _at_departments()
    spoken = _some_of_each_desk(told)
    rest = [reporter for reporter in told if reporter not in spoken]
    _speak(cast, spoken, rnd)
    for seed, reporter in zip(_TO_TRY.values(), (first, waiting[0]), strict=True):
        _hand_out(reporter, seed)
    for reporter in [*spoken, *rest[:_CODES], *waiting[1 : 1 + _CODES]]:
        _hand_out(reporter, f"{rnd.getrandbits(128):032x}")


def _hand_out(reporter: Reporter, seed: str) -> None:
    """With the receipt, when they told it."""
    status_codes.issue_from(reporter=reporter, seed=seed, by=reporter.taken_by, at=reporter.created_at)
    record_receipt(reporter=reporter, by=reporter.taken_by, at=reporter.created_at)


def _people():
    found = Reporter.objects.filter(concern__is_sensitive=False, erased_at=None, kind=Reporter.Kind.RESIDENT)
    return found.select_related("concern__lead", "concern__district", "taken_by").order_by("pk")


def _told(cast: Cast, rnd: Random) -> list[Reporter]:
    """Whose concern was closed in the last weeks, after they had been told; those of the first login come first."""
    since = cast.now - timedelta(days=75)
    done = _people().filter(feedback_state=FeedbackState.DONE, concern__status=ConcernStatus.CLOSED)
    people = list(done.filter(concern__closed_at__gte=since))
    rnd.shuffle(people)
    shown = cast.city.people["a.yilmaz"]
    return sorted(people, key=lambda one: one.concern.owner_id != shown.pk)


def _at_departments() -> list[Reporter]:
    """Who waits for a department: in Ost first, and whoever speaks another language."""
    lying = _people().filter(concern__status=ConcernStatus.FORWARDED)
    return sorted(lying, key=lambda one: (one.concern.district_id is None or one.concern.district.slug != "ost",
                                          one.language == "de"))  # fmt: skip


def _some_of_each_desk(told: list[Reporter]) -> list[Reporter]:
    """Some people of every quarter manager, one after the other."""
    desks: dict[int, list[Reporter]] = {}
    for reporter in told:
        desks.setdefault(reporter.concern.owner_id, []).append(reporter)
    return [reporter for desk in desks.values() for reporter in desk[:_VOICES]]


def _speak(cast: Cast, people: list[Reporter], rnd: Random) -> None:
    """Of each desk three of four were helped; the team has looked at every no but the first one."""
    texts = wording.read("loop")["voices"]
    today = add_workdays(cast.now.date(), 0)
    turns: Counter[int] = Counter()
    for place, reporter in enumerate(people):
        answer = answer_of(reporter.concern.lead or reporter.concern)
        at = min(reporter.concern.closed_at + timedelta(days=rnd.randint(0, 4), minutes=rnd.randint(5, 300)), cast.now)
        turn = turns[reporter.concern.owner_id]
        turns[reporter.concern.owner_id] += 1
        helped, is_new = turn % 4 != 0, turn == 0
        comment = "" if helped or place % 2 else texts[place // 2 % len(texts)]
        at = max(at, moment(add_workdays(today, -2), rnd)) if is_new else at
        voice = voices.say(reporter=reporter, answer_at=answer, helped=helped, comment=comment, at=min(at, cast.now))
        if not helped and not is_new:
            by = reporter.concern.owner
            voices.settle(voice=voice, by=by, at=min(at + timedelta(days=1, minutes=rnd.randint(5, 90)), cast.now))
