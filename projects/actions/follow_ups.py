"""Writes on follow-ups, and what comes from them: concerns, projects, needs (Z20, K14)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from concerns.actions.intake import ConcernData, ReporterData, log_concern
from concerns.models import Concern, Reporter
from districts.models import User
from projects.models import AgendaItem, Body, BodyConcern, FollowUp, Need, Postponement, Project, Session
from projects.workflow import FOLLOW_UP_MOVES, FollowUpStatus, may_move

from .base import CHANGED, Conflict, LoopError, check_open, day, item_now, lock_item, lock_session, moment, record
from .needs import save_need
from .projects import save_project

LATER = "Ein späterer Tag ist eine Verschiebung. Bitte unter „Stand ändern“ verschieben, mit dem Grund."


@transaction.atomic
def save_follow_up(
    *,
    body: Body,
    by: User,
    follow_up: FollowUp | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> FollowUp:
    """Give a follow-up, or change an open one; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed or settled it meanwhile, or it would change approved minutes.
        ValidationError: a later day; that is a postponement, which has a reason.
    """
    found = _lock(follow_up) if follow_up else FollowUp(body=body, given_on=_given_on(fields.get("item"), at))
    if follow_up and (found.version != version or not found.is_open):
        raise Conflict(CHANGED)
    if follow_up and fields.get("due_on", found.due_on) > found.due_on:
        raise ValidationError({"due_on": LATER})
    _check_minutes(found.item_id, fields.get("item", found.item))
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if follow_up else 0
    found.save()
    return found


def _given_on(item: AgendaItem | None, at: datetime | None) -> date:
    """The day of the session, also when its minutes are written later: the next one asks what was given before it."""
    today = day(moment(at))
    return min(today, item.session.on) if item else today


def _check_minutes(old: int | None, new: AgendaItem | None) -> None:
    """Neither put a follow-up into approved minutes nor take it out of them."""
    if old != (new and new.pk):
        # Locked in one order; the item itself is asked again, because it may have gone while the lock was waited for.
        for session in Session.objects.filter(items__in=[pk for pk in (old, new and new.pk) if pk]).order_by("pk"):
            check_open(lock_session(session))
        if new:
            item_now(new)


def _lock(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.select_for_update(of=("self",)).select_related("body").get(pk=follow_up.pk)


def _check(follow_up: FollowUp, to: str, version: int | None = None) -> None:
    """Whether a locked follow-up may move; `version` is the one the person saw."""
    late = version is not None and follow_up.version != version
    if late or not may_move(FOLLOW_UP_MOVES, follow_up.status, to):
        raise Conflict(f"Der Auftrag steht inzwischen auf „{follow_up.get_status_display()}“.")


def _move(follow_up: FollowUp, to: str, version: int | None = None, **fields) -> None:
    _check(follow_up, to, version)
    for name, value in {"status": to, **fields}.items():
        setattr(follow_up, name, value)
    follow_up.version += 1
    follow_up.save(update_fields=["status", *fields, "version"])


@transaction.atomic
def start(
    *, follow_up: FollowUp, by: User, result: str = "", version: int | None = None, at: datetime | None = None
) -> FollowUp:
    """Somebody works on a follow-up; `result` says how far it is, without it what stood there stays. `version` is the
    one the person saw.

    Raises:
        Conflict: somebody else has changed or settled it meanwhile.
    """
    follow_up = _lock(follow_up)
    _move(follow_up, FollowUpStatus.DOING, version, result=result.strip() or follow_up.result)
    record(follow_up.body, "started", by=by, at=moment(at), follow_up=follow_up.pk)
    return follow_up


@transaction.atomic
def put_off(
    *, follow_up: FollowUp, until: date, reason: str, by: User, version: int | None = None, at: datetime | None = None
) -> FollowUp:
    """A follow-up gets a later day for a reason; both stay with it, so that it shows how often it was put off (Z20).

    Raises:
        LoopError: no reason, or the day is not later than the one before and than today.
        Conflict: somebody else has changed or settled it meanwhile.
    """
    follow_up, at = _lock(follow_up), moment(at)
    if not reason.strip():
        raise LoopError("Bitte schreiben, warum der Auftrag verschoben wird.")
    _check(follow_up, FollowUpStatus.PUT_OFF, version)
    old = follow_up.due_on
    if until <= (last := max(old, day(at))):
        raise LoopError(f"Bitte einen Tag nach dem {last:%d.%m.%Y} wählen.")
    # Before the day moves: a trigger wants to see why.
    Postponement.objects.create(follow_up=follow_up, since=old, until=until, reason=reason.strip(), by=by, at=at)
    _move(follow_up, FollowUpStatus.PUT_OFF, due_on=until)
    record(follow_up.body, "put_off", by=by, at=at, follow_up=follow_up.pk, old=old.isoformat(), new=until.isoformat())
    return follow_up


@transaction.atomic
def settle(
    *,
    follow_up: FollowUp,
    status: str,
    result: str,
    by: User,
    version: int | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> FollowUp:
    """A follow-up is done, or dropped for a reason; without `result` what stood there stays. `version` is the one the
    person saw.

    Raises:
        LoopError: dropped without a reason.
        Conflict: settled meanwhile.
    """
    follow_up, at = _lock(follow_up), moment(at)
    if status == FollowUpStatus.DROPPED and not result.strip():
        raise LoopError("Bitte schreiben, warum der Auftrag entfällt.")
    result = result.strip() or follow_up.result
    _move(follow_up, status, version, result=result, settled_on=on or day(at), settled_by=by)
    record(follow_up.body, "settled", by=by, at=at, follow_up=follow_up.pk, status=status)
    return follow_up


@transaction.atomic
def reopen(*, follow_up: FollowUp, by: User, at: datetime | None = None) -> FollowUp:
    """A follow-up was settled too early. Whoever kept an eye on it and has left meanwhile does so no longer.

    Raises:
        Conflict: it is open.
    """
    follow_up = _lock(follow_up)
    # Held, so that nobody's access is closed in between; a trigger would refuse it.
    owner = User.objects.select_for_update(no_key=True).filter(pk=follow_up.owner_id, is_active=True).first()
    _move(follow_up, FollowUpStatus.OPEN, settled_on=None, settled_by=None, owner=owner)
    record(follow_up.body, "reopened", by=by, at=moment(at), follow_up=follow_up.pk)
    return follow_up


@transaction.atomic
def raise_concern(
    *,
    by: User,
    data: ConcernData,
    item: AgendaItem | None = None,
    follow_up: FollowUp | None = None,
    at: datetime | None = None,
) -> Concern:
    """Make a concern of an agenda item or a follow-up; the body is its reporter and is owed the answer (K14).

    Raises:
        LoopError: a sensitive topic, which must not come up in a session.
        Conflict: it has become a concern already, or was taken off the agenda meanwhile.
    """
    at = moment(at)
    if data.topic.is_sensitive:
        raise LoopError("Vertrauliche Themen gehören in keine Sitzung. Bitte als eigenes Anliegen erfassen.")
    body_id = item.session.body_id if item else follow_up.body_id
    body = Body.objects.select_for_update(no_key=True).get(pk=body_id)
    if item:
        item, _ = lock_item(item)
    source = {"item": item} if item else {"follow_up": follow_up}
    if known := BodyConcern.objects.select_related("concern").filter(**source).first():
        raise Conflict(f"Daraus ist schon das Anliegen {known.concern.number} geworden.")
    reporter = ReporterData(
        kind=Reporter.Kind.BODY, name=body.name[:120], channel=Reporter.Channel.MULTIPLIER, consent_store=True
    )
    concern = log_concern(by=by, data=data, reporters=[reporter], at=at)
    BodyConcern.objects.create(body=body, concern=concern, reporter=concern.reporters.get(), by=by, at=at, **source)
    record(body, "concern", by=by, at=at, session=item.session if item else None, concern=concern.pk)
    return concern


def _begin(follow_up: FollowUp, made: type[Project] | type[Need]) -> FollowUp:
    """Lock a follow-up from which something is to be made, once."""
    follow_up = _lock(follow_up)
    if known := made.objects.filter(follow_up=follow_up).first():
        raise Conflict(f"Daraus ist schon „{known.title}“ geworden.")
    return follow_up


@transaction.atomic
def make_project(*, follow_up: FollowUp, by: User, at: datetime | None = None, **fields) -> Project:
    """Make a project of a follow-up; both know of each other, and the body hears of it in its sessions (Z20, K18).

    Raises:
        Conflict: it has become a project already.
    """
    follow_up, at = _begin(follow_up, Project), moment(at)
    project = save_project(by=by, at=at, follow_up=follow_up, **fields)
    record(follow_up.body, "project", by=by, at=at, follow_up=follow_up.pk, project=project.pk)
    return project


@transaction.atomic
def make_need(*, follow_up: FollowUp, by: User, at: datetime | None = None, **fields) -> Need:
    """Enter a need that a follow-up speaks of; both know of each other (Z20, K15).

    Raises:
        Conflict: it has become a need already.
    """
    follow_up, at = _begin(follow_up, Need), moment(at)
    need = save_need(by=by, at=at, follow_up=follow_up, **fields)
    record(follow_up.body, "need", by=by, at=at, follow_up=follow_up.pk, need=need.pk)
    return need
