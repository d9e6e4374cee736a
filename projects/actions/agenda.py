"""Writes on agendas and minutes (Z19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from concerns.actions.base import NotReady
from concerns.actions.drafts import discard_draft
from concerns.actions.feedback import record_feedback
from concerns.models import Feedback
from concerns.workflow import UNSETTLED, ConcernStatus, FeedbackKind, FeedbackResult
from districts.models import User
from projects import kept
from projects.models import AgendaItem, BodyConcern, Session, ToldAnswer, ToldReply
from projects.proposals import answer_to, answers_for, proposals, replies_for
from projects.workflow import SessionStatus

from .base import (
    CHANGED,
    Conflict,
    LoopError,
    check_held,
    check_open,
    day,
    item_now,
    lock_item,
    lock_session,
    moment,
    move,
    record,
)
from .document_files import forget_documents
from .fund_votes import missing_votes, put_on_agenda, settle_votes
from .theme_base import lock_need, note
from .theme_news import spread

MOST = 40  # items of one agenda
WORDS = ("minutes", "decision", "yes", "no", "abstained")
REMOVED = "Jemand anderes hat einen Punkt von der Tagesordnung genommen. Ihr Text dazu steht unten."


def draft_key(session: Session) -> str:
    """Under which half-written minutes are kept."""
    return f"minutes:{session.pk}"


@transaction.atomic
def take_proposals(*, session: Session, kinds: set[str] | None, by: User) -> list[AgendaItem]:
    """Put proposed items onto the agenda, all of them without `kinds` (keys of proposals): the last minutes first, what
    is usual last."""
    session = lock_session(session)
    check_open(session)
    there = {item.kind for item in session.items.all()}
    wanted = [one for one in proposals(session, there) if kinds is None or one.key in kinds]
    made = []
    for one in wanted:
        item = AgendaItem.objects.create(
            session=session,
            position=_next(session),
            kind=one.kind,
            title=one.title,
            duration=one.duration,
            text=one.text,
            project=one.project,
        )
        made.append(item)
        if one.application:
            put_on_agenda(item, one.application)
    if made:
        _sort(session)
    return made


def _next(session: Session) -> int:
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    if last >= MOST:
        raise LoopError(f"Eine Tagesordnung hat höchstens {MOST} Punkte.")
    return last + 1


_FIRST, _LAST = {"minutes": 0, "follow_ups": 1, "replies": 2}, {"dates": 8, "misc": 9}


def _sort(session: Session) -> None:
    """Standard items to their ends of the agenda; the others keep their order."""
    rank = {**_FIRST, **_LAST}
    items = sorted(session.items.all(), key=lambda item: (rank.get(item.kind, 5), item.position))
    _number(items)


def _number(items: list[AgendaItem]) -> None:
    for position, item in enumerate(items, 1):
        if item.position != position:
            item.position = position
            item.save(update_fields=["position"])


@transaction.atomic
def save_item(
    *,
    session: Session,
    by: User,
    item: AgendaItem | None = None,
    version: int | None = None,
    **fields,
) -> AgendaItem:
    """Put an item onto the agenda (before the usual end), or change it; `version` is the one the person saw.

    Raises:
        Conflict: somebody else has changed it meanwhile, or nothing can be changed any more.
        LoopError: the agenda is full, or has an item of this kind already.
    """
    session = lock_session(session)
    check_open(session)
    found = item_now(item) if item else AgendaItem(session=session, position=_next(session))
    if item and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if item else 0
    found.save()
    if item is None:
        _sort(session)
    return found


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, by: User) -> None:
    """Move an item up or down by one; at the end of the agenda nothing changes."""
    item, session = lock_item(item)
    check_open(session)
    items = list(session.items.all())
    here = next(index for index, one in enumerate(items) if one.pk == item.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
        _number(items)


@transaction.atomic
def remove_item(*, item: AgendaItem, by: User) -> None:
    """Take an item off the agenda, with its material.

    Raises:
        LoopError: minutes, follow-ups, a concern, a project or a measure hang on it.
    """
    item, session = lock_item(item)
    check_open(session)
    voted = hasattr(item, "fund") and item.fund.result
    if item.minutes or item.decision or item.follow_ups.exists() or hasattr(item, "raised") or voted:
        raise LoopError("An diesem Punkt hängen schon Protokoll, Aufträge oder ein Anliegen.")
    if item.projects.exists() or item.measures.exists():
        raise LoopError("Aus diesem Punkt ist schon ein Projekt oder eine Maßnahme geworden.")
    for codes in forget_documents(item.documents.all()):
        record(session.body, "unfiled", by=by, at=moment(None), item=item.pk, **codes)
    item.delete()
    _number(list(session.items.all()))


@dataclass(frozen=True)
class Written:
    """What somebody wrote about one item; `touched` when it differs from what they had opened."""

    item_id: int
    version: int
    touched: bool
    words: Mapping


@transaction.atomic
def write_minutes(
    *,
    session: Session,
    written: list[Written],
    told: set[int],
    by: User,
    seen: set[int] | None = None,
    told_answers: set[int] | None = None,
    seen_answers: set[int] | None = None,
    at: datetime | None = None,
) -> Session:
    """Store minutes: of every item what this person has changed, all of it or nothing.

    `told` are the ids of `BodyConcern` rows whose answer was reported; `seen` those that were ticked when this person
    opened the page: what somebody else has ticked or taken back meanwhile stays. Without `seen`, `told` is all.
    `told_answers` and `seen_answers` say the same of answers to theme reports, by ids of `ThemeRecipient`.

    Raises:
        Conflict: somebody else has changed or removed one of the same items, or the minutes are approved meanwhile.
        LoopError: more votes than members who may vote are there.
    """
    session = lock_session(session)
    check_held(session)
    items, there, changed = {one.pk: one for one in session.items.all()}, session.voters_present(), 0
    for one in written:
        item = items.get(one.item_id)
        if not one.touched:
            continue
        if item is None:
            raise Conflict(REMOVED)
        if all(getattr(item, name) == one.words[name] for name in WORDS):
            continue
        if item.version != one.version:
            raise Conflict(CHANGED)
        _write_item(item, one.words, there)
        changed += 1
    _note_told(session, told, seen)
    _note_told_answers(session, told_answers or set(), seen_answers)
    discard_draft(user=by, form=draft_key(session))
    record(session.body, "written", by=by, at=moment(at), session=session, items=changed)
    return session


def _write_item(item: AgendaItem, words: Mapping, there: int) -> None:
    for name in WORDS:
        setattr(item, name, words[name])
    if item.is_voted and item.yes + item.no + item.abstained > there:
        raise LoopError(f"„{item.title}“: mehr Stimmen als anwesende Stimmberechtigte ({there}).")
    item.voters = there if item.is_voted else 0
    item.version += 1
    item.save(update_fields=[*WORDS, "voters", "version"])


def _note_told(session: Session, told: set[int], seen: set[int] | None) -> None:
    waiting = {one.raised.pk: one for one in replies_for(session)}
    known = set(session.told.values_list("raised_id", flat=True))
    session.told.filter(raised__in=(known if seen is None else seen) - told).delete()
    for pk in sorted(told - known - (seen or set())):
        if pk in waiting:
            ToldReply.objects.create(session=session, raised=waiting[pk].raised, text=told_text(waiting[pk].answer))


def _note_told_answers(session: Session, told: set[int], seen: set[int] | None) -> None:
    waiting = {one.recipient.pk: one for one in answers_for(session)}
    known = set(session.told_answers.values_list("recipient_id", flat=True))
    session.told_answers.filter(recipient__in=(known if seen is None else seen) - told).delete()
    for pk in sorted(told - known - (seen or set())):
        if pk in waiting:
            ToldAnswer.objects.create(session=session, recipient=waiting[pk].recipient, text=waiting[pk].answer)


def told_text(answer: str) -> str:
    """An answer as minutes keep it: short enough for the feedback that it becomes."""
    return answer[:7900]


def missing_for_approval(session: Session) -> list[str]:
    """What minutes lack before they can be approved, in German."""
    missing = []
    if not session.attendances.exists():
        missing.append("Es steht noch niemand als anwesend oder entschuldigt im Protokoll.")
    if not session.items.exclude(minutes="", decision="").exists():
        missing.append("Im Protokoll steht noch nichts.")
    return missing + missing_votes(session)


@transaction.atomic
def approve_minutes(
    *, session: Session, how: str, approved_in: Session | None, by: User, at: datetime | None = None
) -> list[Feedback]:
    """Approve minutes; from then on nothing in them changes. Every answer that they report counts as told to the body,
    and what they say about fund applications is decided (Z37).

    Returns the feedback that was recorded now (K14); nobody is told twice.

    Raises:
        NotReady: attendance or text is missing.
        LoopError: the session that is said to have approved them was not held later.
        Conflict: approved meanwhile.
    """
    session, at = lock_session(session), moment(at)
    check_held(session)
    if missing := missing_for_approval(session):
        raise NotReady(missing)
    in_session = how == Session.ApprovedBy.SESSION
    if in_session:
        later = Session.objects.held().filter(body=session.body_id, on__gt=session.on)
        if approved_in is None or not later.filter(pk=approved_in.pk).exists():
            raise LoopError("Bitte die spätere Sitzung wählen, in der das Protokoll genehmigt wurde.")
    given = [feedback for one in _told(session) if (feedback := _tell(one, by=by, at=at))]
    settle_votes(session, by=by, at=at)
    fields = {"approved_how": how, "approved_in": approved_in if in_session else None}
    fields["follow_ups_then"] = kept.packed(kept.now(session))
    move(session, SessionStatus.APPROVED, approved_by=by, approved_at=at, **fields)
    record(session.body, "approved", by=by, at=at, session=session, day=day(at).isoformat())
    _return_decisions(session, by=by, at=at)
    return given


def _return_decisions(session: Session, *, by: User, at: datetime) -> None:
    """What was decided about a need is owed to everybody who waits behind its concerns (N5)."""
    for item in session.items.exclude(need=None).exclude(decision="").select_related("need").order_by("need"):
        where = f"in der Sitzung „{session.body.name}“ am {session.on:%d.%m.%Y}"
        words = f"Das Thema „{item.need.title}“ wurde {where} beraten."
        result = f" ({item.result})" if item.is_voted else ""
        need = lock_need(item.need)
        note("decided", need=need, by=by, at=at, item=item.pk)
        spread(need=need, item=item, text=f"{words}\n\nBeschluss: {item.decision}{result}", by=by, at=at)


def _told(session: Session) -> list[ToldReply]:
    rows = session.told.select_related("raised__concern", "raised__reporter", "session")
    return list(rows.order_by("raised__concern_id"))


def _tell(told: ToldReply, *, by: User, at: datetime) -> Feedback | None:
    """Record that the body has heard the answer.

    Not when somebody told it before, the concern went back to work, or another answer has come since the session.
    """
    raised = (
        BodyConcern.objects.select_for_update(of=("self",)).select_related("concern", "reporter").get(pk=told.raised_id)
    )
    reporter = raised.reporter
    mail_under_way = reporter.feedbacks.filter(result=FeedbackResult.QUEUED).exists()
    due = raised.concern.status == ConcernStatus.FEEDBACK_DUE and reporter.feedback_state in UNSETTLED
    outdated = due and told_text(answer_to(raised)) != told.text
    if raised.feedback_id or not due or mail_under_way or outdated:
        return None
    text = f"In der Sitzung am {told.session.on:%d.%m.%Y} berichtet: {told.text}"[:8000]
    raised.feedback = record_feedback(
        reporter=reporter, kind=FeedbackKind.FINAL, channel=reporter.channel, text=text,
        result=FeedbackResult.REACHED, by=by, at=at,
    )  # fmt: skip
    raised.save(update_fields=["feedback"])
    return raised.feedback
