"""Working on many concerns at once, and the views a person keeps of the list (K21)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from concerns.models import Concern, ConcernEvent, SavedView
from concerns.workflow import ConcernStatus
from districts.models import Office, User
from districts.roles import Perm

from .base import LoopError, change, day, moment, record

UNDO_FOR = timedelta(hours=1)
NOT_YOURS = "nicht in Ihrem Quartier"
CLOSED = "abgeschlossen"
BUNDLED = "gebündelt"
OTHER_TEAM = "die Person gehört nicht zum Team des Quartiers"


@dataclass
class BulkResult:
    """What a bulk action did: how many were changed, how many not and why, and under which batch it can be undone."""

    changed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    batch: str = ""

    def refuse(self, reason: str, count: int = 1) -> None:
        """Count concerns that stay as they are."""
        if count:
            self.refused[reason] = self.refused.get(reason, 0) + count


def _lock(pks: Collection[int], by: User) -> list[Concern]:
    """The own team's among these concerns, locked; a lead before its duplicates, as every action locks."""
    found = Concern.objects.for_team(by, Perm.TRIAGE).filter(pk__in=pks)
    return list(found.select_for_update().order_by(F("lead_id").asc(nulls_first=True), "pk"))


def _each(pks: Collection[int], by: User, step: Callable[[Concern, str], str]) -> BulkResult:
    """Take a step with every open concern of the own team; the step answers why not, or nothing."""
    result = BulkResult(batch=str(uuid4()))
    concerns = _lock(pks, by)
    result.refuse(NOT_YOURS, len(set(pks)) - len(concerns))
    for concern in concerns:
        refusal = step(concern, result.batch) if concern.is_open else CLOSED
        if refusal:
            result.refuse(refusal)
        else:
            result.changed += 1
    return result


@transaction.atomic
def assign_all(*, pks: Collection[int], owner: User, by: User, at: datetime | None = None) -> BulkResult:
    """Hand open concerns of the own team to a person of the district's team (I6); the others stay as they are."""
    at = moment(at)
    districts = owner.rights.team_district_ids

    def step(concern: Concern, batch: str) -> str:
        if concern.district_id not in districts if concern.district_id else not districts:
            return OTHER_TEAM
        if concern.owner_id != owner.pk:
            old = concern.owner_id
            change(concern, owner=owner)
            record(concern, "owner", by=by, at=at, old=str(old or ""), new=str(owner.pk), batch=batch)
        return ""

    return _each(pks, by, step)


@transaction.atomic
def follow_up_all(*, pks: Collection[int], on: date, by: User, at: datetime | None = None) -> BulkResult:
    """Set the follow-up date of open concerns of the own team; that of a parked one is also its next date.

    A bundled one has none of its own: its lead's is the one that comes back.

    Raises:
        LoopError: the date lies in the past.
    """
    at = moment(at)
    if on < day(at):
        raise LoopError("Bitte ein Datum wählen, das nicht in der Vergangenheit liegt.")

    def step(concern: Concern, batch: str) -> str:
        if concern.lead_id:
            return BUNDLED
        old = concern.follow_up_on
        parked = {"due_on": on} if concern.status == ConcernStatus.PARKED else {}
        change(concern, follow_up_on=on, **parked)
        record(concern, "follow_up", by=by, at=at, old=_iso(old), new=_iso(on), batch=batch)
        return ""

    return _each(pks, by, step)


@transaction.atomic
def undo_all(*, batch: str, by: User, at: datetime | None = None) -> BulkResult:
    """Take a bulk action of the last hour back where nobody has changed the same thing since."""
    at = moment(at)
    events = ConcernEvent.objects.filter(
        kind__in=("owner", "follow_up"), at__gt=at - UNDO_FOR, by=by, data__batch=batch
    )
    steps = {event.concern_id: event for event in events}
    result = BulkResult()
    for concern in _lock(steps, by):
        event = steps[concern.pk]
        if event.kind == "owner":
            before = {"owner_id": int(event.old) if event.old else None}
            untouched = str(concern.owner_id) == event.new
        else:
            before = {"follow_up_on": date.fromisoformat(event.old) if event.old else None}
            if concern.status == ConcernStatus.PARKED:
                before["due_on"] = before["follow_up_on"]
            untouched = _iso(concern.follow_up_on) == event.new
        if not untouched or not concern.is_open:
            result.refuse("inzwischen geändert")
            continue
        change(concern, **before)
        record(concern, event.kind, by=by, at=at, old=event.new, new=event.old)
        result.changed += 1
    return result


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


@transaction.atomic
def save_view(*, view: SavedView | None = None, name: str, query: str, office: Office | None, by: User) -> SavedView:
    """Keep a filter under a name, or give a kept one another name; with `office` everybody there sees it.

    Raises:
        LoopError: the person has another view of that name, or the filter does not fit in.
    """
    if len(query) > SavedView._meta.get_field("query").max_length:
        raise LoopError("Dieser Filter ist zu lang. Bitte den Suchtext kürzen.")
    view = view or SavedView(user=by)
    view.name, view.query, view.office = name, query, office
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise LoopError(f"Sie haben schon eine Ansicht „{name}“. Bitte einen anderen Namen wählen.") from None
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    """Forget a kept view; who shared it takes it from the others, too."""
    SavedView.objects.filter(pk=view.pk, user=by).delete()
