"""Writes on needs: the register, its evidence, agenda, projects (K15, K18, N5)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from concerns.actions.base import lock_concern, record
from concerns.models import Concern
from districts.actions.base import Conflict as Late
from districts.models import User
from projects.evidence import evidence_of
from projects.models import (
    ActionPlan,
    AgendaItem,
    Measure,
    Need,
    NeedConcern,
    NeedEvidence,
    NeedMeasure,
    Project,
    ProjectNeed,
    Session,
    ThemeEvent,
)
from projects.workflow import NEED_MOVES, ItemKind, NeedStatus, may_move

from .agenda import save_item
from .base import CHANGED, Conflict, LoopError, day, moment
from .projects import save_project
from .theme_base import lock_need, note

RELATED = ("districts", "action_fields", "target_groups", "departments")
ON_AGENDA = 1900  # characters of an agenda item's text
SENSITIVE = "Vertrauliche Anliegen gehören in kein Thema."


@transaction.atomic
def save_need(
    *,
    by: User,
    need: Need | None = None,
    version: int | None = None,
    concerns: Iterable[Concern] = (),
    at: datetime | None = None,
    **fields,
) -> Need:
    """Enter or change a need; `version` is the one the person saw. A new one may begin with linked concerns.

    Raises:
        Conflict (of `districts.actions.base`): somebody else has changed it meanwhile.
        LoopError: a concern is sensitive.
    """
    at = moment(at)
    found = lock_need(need) if need else Need(confirmed_on=day(at), status_since=day(at), created_at=at)
    if need and found.version != version:
        raise Late(CHANGED)
    related = {name: fields.pop(name) for name in RELATED if name in fields}
    for name, value in fields.items():
        setattr(found, name, value)
    found.confirmed_on = max(found.confirmed_on, found.first_seen_on)
    found.version += 1 if need else 0
    found.save()
    for name, rows in related.items():
        getattr(found, name).set(rows)
    note("edited" if need else "entered", need=found, by=by, at=at, new="" if need else found.status)
    for concern in concerns:
        _link(found, concern, by=by, at=at)
    return found


@transaction.atomic
def set_status(
    *, need: Need, status: str, by: User, reason: str = "", version: int | None = None, at: datetime | None = None
) -> Need:
    """Say what has become of a need.

    Raises:
        LoopError: dropped without a reason.
        Conflict: somebody else has set the status meanwhile, or the step is not allowed.
    """
    need, at = lock_need(need), moment(at)
    if version is not None and need.version != version:
        raise Conflict(f"Der Stand ist inzwischen „{need.get_status_display()}“. Bitte noch einmal prüfen.")
    if status == NeedStatus.DROPPED and not reason.strip():
        raise LoopError("Bitte schreiben, warum das Thema nicht weiterverfolgt wird.")
    move_need(need, status, by=by, at=at, reason=reason.strip() if status == NeedStatus.DROPPED else "")
    return need


def move_need(need: Need, status: str, *, by: User, at: datetime, reason: str = "") -> None:
    """Move a locked need to another status.

    Raises:
        Conflict: the table of moves does not allow it from where the need stands now.
    """
    if not may_move(NEED_MOVES, need.status, status):
        raise Conflict(f"Das geht nicht: Das Thema steht auf „{need.get_status_display()}“.")
    old, need.status, need.status_since, need.drop_reason = need.status, status, day(at), reason
    need.version += 1
    fields = ["status", "status_since", "drop_reason", "version"]
    if status in (NeedStatus.CONFIRMED, NeedStatus.OBSERVED):
        need.confirmed_on = max(need.confirmed_on, day(at))
        fields.append("confirmed_on")
    need.save(update_fields=fields)
    note("status", need=need, by=by, at=at, old=old, new=status)


@transaction.atomic
def confirm(*, need: Need, by: User, at: datetime | None = None) -> Need:
    """„Gibt es noch“: asked once a year.

    Raises:
        Conflict: it is over meanwhile.
    """
    need, at = lock_need(need), moment(at)
    if not need.is_open:
        raise Conflict(f"Das Thema steht inzwischen auf „{need.get_status_display()}“.")
    need.confirmed_on = max(need.confirmed_on, day(at))
    need.version += 1
    need.save(update_fields=["confirmed_on", "version"])
    note("confirmed", need=need, by=by, at=at)
    return need


def remind_to_confirm(*, at: datetime | None = None) -> int:
    """Note in the history of every need, once, that it is to be confirmed; the basket shows it. Returns how many."""
    at, done = moment(at), 0
    said = ThemeEvent.objects.filter(need=OuterRef("pk"), kind="confirm_due", at__date__gte=OuterRef("confirmed_on"))
    # Only what nobody has been asked yet is locked: this runs every quarter of an hour.
    for need in Need.objects.to_confirm(day(at)).exclude(Exists(said)).order_by("pk").iterator(chunk_size=500):
        done += _remind(need, at)
    return done


@transaction.atomic
def _remind(need: Need, at: datetime) -> bool:
    need = lock_need(need)
    said = ThemeEvent.objects.filter(need=need, kind="confirm_due", at__date__gte=need.confirmed_on)
    if not need.is_open or need.confirm_by > day(at) or said.exists():
        return False
    note("confirm_due", need=need, by=None, at=at)
    return True


# --- Evidence ---------------------------------------------------------------------------------------------------------


def _link(need: Need, concern: Concern, *, by: User, at: datetime) -> bool:
    concern = lock_concern(concern)
    if concern.is_sensitive:
        raise LoopError(SENSITIVE)
    _, made = NeedConcern.objects.get_or_create(need=need, concern=concern, defaults={"by": by, "at": at})
    if made:
        note("linked", need=need, by=by, at=at, concern=concern.pk)
        record(concern, "theme_linked", by=by, at=at, need=need.pk)
    return made


@transaction.atomic
def link_concerns(*, need: Need, concerns: Iterable[Concern], by: User, at: datetime | None = None) -> int:
    """Link concerns to a need; those that are linked stay. Returns how many are new.

    Raises:
        LoopError: one of them is sensitive (N13); then none is linked.
    """
    need, at = lock_need(need), moment(at)
    return sum(_link(need, one, by=by, at=at) for one in sorted(concerns, key=lambda one: one.pk))


@transaction.atomic
def unlink_concern(*, need: Need, concern: Concern, by: User, at: datetime | None = None) -> bool:
    """A concern does not show this need after all. False when somebody else has unlinked it before."""
    need, at = lock_need(need), moment(at)
    concern = lock_concern(concern)
    gone, _ = NeedConcern.objects.filter(need=need, concern=concern).delete()
    if gone:
        note("unlinked", need=need, by=by, at=at, concern=concern.pk)
        record(concern, "theme_unlinked", by=by, at=at, need=need.pk)
    return bool(gone)


@transaction.atomic
def add_evidence(*, need: Need, by: User, at: datetime | None = None, **fields) -> NeedEvidence:
    """Note what else shows a need."""
    need, at = lock_need(need), moment(at)
    made = NeedEvidence.objects.create(need=need, by=by, at=at, **fields)
    note("evidence_added", need=need, by=by, at=at, new=made.kind)
    return made


@transaction.atomic
def remove_evidence(*, evidence: NeedEvidence, by: User, at: datetime | None = None) -> None:
    """Take a piece of evidence away; the history says that there was one."""
    need, at = lock_need(Need(pk=evidence.need_id)), moment(at)
    if NeedEvidence.objects.filter(pk=evidence.pk).delete()[0]:
        note("evidence_removed", need=need, by=by, at=at, old=evidence.kind)


# --- Bodies and projects ----------------------------------------------------------------------------------------------


def agenda_text(need: Need) -> str:
    """What an agenda says about a need: the team's own words and guarded counts, nothing of any concern (N5, N13)."""
    counts = evidence_of([need.pk])[need.pk].sentence
    return f"{need.problem[: ON_AGENDA - len(counts)]}\n\n{counts} (Stand {timezone.localdate():%d.%m.%Y})"


@transaction.atomic
def propose(*, need: Need, session: Session, by: User, at: datetime | None = None) -> AgendaItem:
    """Put a need onto the agenda of a session.

    Raises:
        LoopError: it is on this agenda already, or the agenda is full.
        Conflict: the need is over, or the session is over or cancelled meanwhile.
    """
    need, at = lock_need(need), moment(at)
    if not need.is_open:
        raise Conflict(f"Das Thema steht auf „{need.get_status_display()}“.")
    session = Session.objects.select_for_update(of=("self",)).select_related("body").get(pk=session.pk)
    if not session.is_ahead:
        raise Conflict(f"Die Sitzung ist inzwischen {session.get_status_display()}.")
    if session.items.filter(need=need).exists():
        raise LoopError("Das Thema steht schon auf dieser Tagesordnung.")
    item = save_item(
        session=session, by=by, title=need.title, kind=ItemKind.DISCUSSION, text=agenda_text(need), need=need
    )
    note("proposed", need=need, by=by, at=at, session=session.pk)
    return item


@transaction.atomic
def start_project(*, need: Need, title: str, by: User, at: datetime | None = None) -> Project:
    """Make a project of a need; the need counts as taken up (K18).

    Raises:
        Conflict: the need is over.
    """
    need, at = lock_need(need), moment(at)
    if not need.is_open:
        raise Conflict(f"Das Thema steht auf „{need.get_status_display()}“.")
    sets = {name: getattr(need, name).all() for name in ("districts", "action_fields", "target_groups")}
    project = save_project(
        title=title, description=need.problem, goals=need.solutions[:2000], origin=Project.Origin.NEED, keeper=by,
        by=by, at=at, **sets,
    )  # fmt: skip
    _take_up(need, project, by=by, at=at)
    return project


@transaction.atomic
def join_project(*, need: Need, project: Project, by: User, at: datetime | None = None) -> None:
    """A project that is there takes up a need.

    Raises:
        Conflict: the need is over, or the project has taken it up already.
    """
    need, at = lock_need(need), moment(at)
    if not need.is_open:
        raise Conflict(f"Das Thema steht auf „{need.get_status_display()}“.")
    if ProjectNeed.objects.filter(project=project, need=need).exists():
        raise Conflict("Dieses Projekt hat das Thema schon aufgenommen.")
    _take_up(need, project, by=by, at=at)


def _take_up(need: Need, project: Project, *, by: User, at: datetime) -> None:
    ProjectNeed.objects.create(project=project, need=need, by=by, at=at)
    note("project", need=need, by=by, at=at, project=project.pk)
    _adopt(need, by=by, at=at)


@transaction.atomic
def join_measure(*, need: Need, measure: Measure, by: User, at: datetime | None = None) -> NeedMeasure:
    """A measure of an adopted plan takes up a need; the measure itself stays as it was decided (Z27).

    Raises:
        Conflict: the need is over, the plan does not hold any more, or the measure has taken the need up already.
    """
    need, at = lock_need(need), moment(at)
    plan = ActionPlan.objects.select_for_update(of=("self",)).get(pk=measure.plan_id)
    if not need.is_open:
        raise Conflict(f"Das Thema steht auf „{need.get_status_display()}“.")
    if not plan.is_in_force:
        raise Conflict(f"Das Handlungskonzept steht auf „{plan.get_status_display()}“.")
    if need.measure_links.filter(measure__key=measure.key).exists():
        raise Conflict("Diese Maßnahme hat das Thema schon aufgenommen.")
    link = NeedMeasure.objects.create(need=need, measure=measure, by=by, at=at)
    note("measure", need=need, by=by, at=at, measure=measure.pk)
    _adopt(need, by=by, at=at)
    return link


@transaction.atomic
def leave_measure(*, link: NeedMeasure, by: User, at: datetime | None = None) -> bool:
    """A measure does not take a need up after all; its status stays. False when somebody was faster."""
    need, at = lock_need(Need(pk=link.need_id)), moment(at)
    gone, _ = NeedMeasure.objects.filter(pk=link.pk).delete()
    if gone:
        note("measure_left", need=need, by=by, at=at, measure=link.measure_id)
    return bool(gone)


def _adopt(need: Need, *, by: User, at: datetime) -> None:
    if need.status != NeedStatus.ADOPTED:
        move_need(need, NeedStatus.ADOPTED, by=by, at=at)


@transaction.atomic
def hand_over_needs(*, person: User, to: User | None, by: User, at: datetime | None = None) -> int:
    """Everything open that a person keeps goes to somebody else, or to the team of its district. Returns how many (I9).

    Raises:
        LoopError: to the person themselves, or to somebody whose access is closed.
    """
    at = moment(at)
    if to is not None and (to.pk == person.pk or not to.is_active):
        raise LoopError("Bitte eine andere Person wählen.")
    moved = list(Need.objects.select_for_update(of=("self",)).kept_by(person).order_by("pk"))
    for need in moved:
        need.keeper = to
        need.version += 1
        need.save(update_fields=["keeper", "version"])
        note("keeper", need=need, by=by, at=at, old=str(person.pk), new=str(to.pk if to else ""))
    return len(moved)
