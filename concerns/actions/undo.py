"""Taking the last step back while nobody has done anything since."""

from datetime import date, datetime

from django.db import transaction

from concerns.models import Concern
from concerns.workflow import ConcernStatus
from districts.models import User

from .base import Conflict, LoopError, change, lock_bundle, moment, move, record

DATES = ("due_on", "follow_up_on", "waiting_since")
KEPT = ("status", "parked_from", "owner_id", *DATES)


def snapshot(concern: Concern) -> dict:
    """What taking on, parking, waking, a follow-up date or another owner change, as plain values."""
    values = {name: getattr(concern, name) for name in KEPT}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


@transaction.atomic
def take_back(*, concern: Concern, before: dict, version: int, by: User, at: datetime | None = None) -> Concern:
    """Put a concern back to the `snapshot` taken before a step that left it at `version`; the history keeps both.

    Raises:
        Conflict: something has happened to the concern since.
        LoopError: the step touched feedback duties, which are not restored this way.
    """
    at = moment(at)
    concern, duplicates = lock_bundle(concern)
    if concern.version != version:
        raise Conflict("Seitdem hat sich an dem Anliegen etwas geändert. Der Schritt lässt sich nicht zurücknehmen.")
    if ConcernStatus.FEEDBACK_DUE in (concern.status, before["status"]):
        raise LoopError("Dieser Schritt lässt sich nicht zurücknehmen.")
    dates = {name: date.fromisoformat(before[name]) if before[name] else None for name in DATES}
    if before["status"] != concern.status:
        move(concern, before["status"], by=by, at=at, duplicates=duplicates, parked_from=before["parked_from"], **dates)
        return concern
    old_owner, old_date = concern.owner_id, concern.follow_up_on
    change(concern, owner_id=before["owner_id"], **dates)
    if old_owner != concern.owner_id:
        record(concern, "owner", by=by, at=at, old=str(old_owner or ""), new=str(concern.owner_id or ""))
    if old_date != concern.follow_up_on:
        new = concern.follow_up_on.isoformat() if concern.follow_up_on else ""
        record(concern, "follow_up", by=by, at=at, new=new)
    return concern
