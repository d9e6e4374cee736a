"""Taking over an old list of concerns, all or nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from concerns.importing import Mapping, Row
from concerns.models import Concern
from concerns.workflow import Outcome, WaiverReason
from districts.models import User
from quartier.workdays import add_workdays

from .base import settings
from .closing import close
from .department import reply
from .feedback import waive
from .forwarding import Target, forward
from .intake import ANONYMOUS, ConcernData, log_concern
from .triage import record_answer

ANSWER_UNKNOWN = "Aus der alten Liste übernommen; die Antwort ist dort nicht festgehalten."
WAIVER_NOTE = "Aus der alten Liste übernommen, dort steht niemand."


@transaction.atomic
def import_rows(
    *, rows: Iterable[Row], mapping: Mapping, by: User, step: Callable[[], object] = lambda: None
) -> tuple[int, int]:
    """Log every row that is not there yet; returns how many were added and how many were known already.

    Old lists name nobody, so each concern gets an anonymous reporter. Rows with a department are forwarded on the day
    they came in; closed ones go the whole way with a documented waiver (I1). `step` is called after each row.

    Raises:
        LoopError: a row breaks a rule of the loop; then nothing of the file is kept.
    """
    rows = list(rows)
    keys = {row: f"{mapping.source}:{row.key}" for row in rows}
    known = set(Concern.objects.filter(import_key__in=keys.values()).values_list("import_key", flat=True))
    added = 0
    for row in rows:
        if keys[row] not in known:
            _import(row, mapping, by=by, import_key=keys[row])
            added += 1
        step()
    return added, len(rows) - added


def _import(row: Row, mapping: Mapping, *, by: User, import_key: str) -> None:
    at = timezone.make_aware(datetime.combine(row.received_on, time(12)))
    concern = log_concern(
        by=by, reporters=[ANONYMOUS], at=at, import_key=import_key,
        data=ConcernData(
            title=row.title, text=row.text, topic=row.topic, kind=mapping.kind, district=row.district, place=row.place,
            lat=row.lat, lon=row.lon, channel=mapping.channel, received_on=row.received_on,
        ),
    )  # fmt: skip
    routing = None
    if row.department:
        due_on = add_workdays(row.received_on, settings().reply_days)
        target = Target(department=row.department, text=f"{row.title}\n\n{row.text}", due_on=due_on)
        routing = forward(concern=concern, targets=[target], by=by, at=at, announce=not row.closed)[0]
    if not row.closed:
        return
    outcome, answer = Outcome.INFORMED, row.answer or ANSWER_UNKNOWN
    if routing:
        reply(routing=routing, result="known", text=answer, by=by, entered_for_department=True, at=at)
    else:
        record_answer(concern=concern, outcome=outcome, answer_text=answer, by=by, at=at)
    for reporter in concern.reporters.all():
        waive(reporter=reporter, reason=WaiverReason.ANONYMOUS, note=WAIVER_NOTE, by=by, at=at)
    close(concern=concern, outcome=outcome, answer_text=answer, by=by, at=at)
