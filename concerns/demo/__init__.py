"""The demo city's concerns: written by us, played through the loop with the real actions (requirements Q17)."""

from datetime import datetime
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from concerns.models import Concern, OutgoingMail
from districts import demo as city_demo

from .catalogue import load_catalogue
from .history import Desk, load_history
from .story import Cast
from .today import Today, load_bundle

_SEED = 52062
_HISTORY = 410
_DESKS = (("ost",), ("forst",), ("preuswald", "westpark", "burtscheid"), ("nord", "eilendorf"),
          ("kronenberg", "kullen", "richterich"))  # fmt: skip


@transaction.atomic
def load(*, now: datetime | None = None) -> int:
    """Load the demo city as it stands at a moment into an empty database; returns the number of concerns."""
    city = city_demo.load_city()
    cast = Cast(city=city, topics=load_catalogue(city), rnd=Random(_SEED), now=now or timezone.now())
    desk = Desk(cast)
    load_history(desk, _HISTORY)
    load_bundle(desk, city.districts["ost"])
    for turn, codes in enumerate(_DESKS):
        today = Today(desk, [city.districts[code] for code in codes], turn * 5)
        today.everything()
        if codes[0] in {"ost", "forst"}:
            today.ping_pong()
            today.at_departments()
        if codes[0] in {"ost", "nord"}:
            today.outside()
    _deliver_history()
    return Concern.objects.count()


def _deliver_history() -> None:
    """What was mailed in the past has long arrived: nothing of it may be sent now."""
    OutgoingMail.objects.filter(state="queued").update(state="sent", sent_at=F("created_at"))
