"""The demo city's concerns: written by us, played through the loop with the real actions (requirements Q17)."""

from contextlib import suppress
from datetime import datetime
from random import Random

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from concerns.actions.desk import save_view
from concerns.actions.privacy import erase_reporter, expired_reporters
from concerns.models import Concern, ErasureEntry, OutgoingMail
from districts import demo as city_demo
from districts.models import User
from districts.roles import Role

from . import status, wording
from .catalogue import load_catalogue
from .clock import early
from .history import Desk, play_all, some_of_the_past, tell_the_planner
from .letters import write_some_letters
from .story import Cast
from .today import Bundle, Script, Today

_SEED = 52062
_HISTORY = 375
_DESKS = (("ost",), ("forst",), ("preuswald", "westpark", "burtscheid"), ("nord", "eilendorf"),
          ("kronenberg", "kullen", "richterich"))  # fmt: skip


@transaction.atomic
def load(*, now: datetime | None = None) -> int:
    """Load the demo city as it stands at a moment into an empty database; returns the number of concerns."""
    city = city_demo.load_city()
    cast = Cast(city=city, topics=load_catalogue(city), rnd=Random(_SEED), now=now or timezone.now())
    desk = Desk(cast)
    bundle = Bundle(desk, city.districts["ost"])
    scripts = [(script, next(script)) for script in (*_scripts_of_today(desk), *bundle.scripts())]
    past = some_of_the_past(desk, _HISTORY)
    told = {
        id(wanted): desk.begin(wanted)
        for wanted in sorted([*past, *(wanted for _, wanted in scripts)], key=lambda wanted: wanted.at)
    }
    play_all(sorted((told[id(wanted)] for wanted in past), key=lambda story: story.clock.at), cast.rnd)
    for script, wanted in scripts:
        with suppress(StopIteration):
            script.send(told[id(wanted)])
    bundle.play()
    write_some_letters(cast)
    _save_views(city)
    tell_the_planner()
    status.play(cast)
    _deliver_history()
    _forget_the_oldest(cast)
    return Concern.objects.count()


def _scripts_of_today(desk: Desk) -> list[Script]:
    scripts = []
    for turn, codes in enumerate(_DESKS):
        today = Today(desk, [desk.cast.city.districts[code] for code in codes], turn * 5)
        scripts += today.everything()
        if codes[0] in {"ost", "forst"}:
            scripts += [today.ping_pong(), *today.at_departments()]
        if codes[0] in {"ost", "nord"}:
            scripts.append(today.outside())
        if codes[0] == "ost":
            scripts += [today.answered(replied=days, channel="letter") for days in (9, 7, 6, 4, 3)]
    return scripts


def _save_views(city: city_demo.City) -> None:
    for office in city.offices.values():
        for manager in User.objects.filter(office=office, memberships__role=Role.MANAGER).distinct():
            for view in wording.read("loop")["saved_views"]:
                shared_with = office if view["shared"] else None
                save_view(name=view["name"], query=view["query"], office=shared_with, by=manager)


def _deliver_history() -> None:
    """What was mailed in the past has long arrived: nothing of it may be sent now."""
    OutgoingMail.objects.filter(state="queued").update(state="sent", sent_at=F("created_at"))


def _forget_the_oldest(cast: Cast) -> None:
    """What the retention job erased when its time had come."""
    usual, shorter = cast.settings.retention_months, cast.settings.sensitive_retention_months
    expired = expired_reporters(at=cast.now).exclude(concern__promise="open").select_related("concern")
    for reporter in expired.order_by("concern__closed_at", "pk"):
        months = shorter if reporter.concern.is_sensitive else usual
        at = early((reporter.concern.closed_at + relativedelta(months=months, days=1)).date())
        erase_reporter(reporter=reporter, reason=ErasureEntry.Reason.RETENTION, by=None, at=min(at, cast.now))
