"""What is new about a need is owed to everybody behind its concerns (N5, I3); nothing is sent by itself."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from concerns.actions.base import lock_bundle, lock_concern, record
from concerns.actions.duty import nothing_due, owe_interim, reporters_of
from concerns.actions.triage import record_answer
from concerns.models import Concern, Reporter
from concerns.workflow import UNSETTLED, ConcernStatus
from districts.models import User
from projects.models import AgendaItem, ConcernNews, Need, NeedNews, ThemeRecipient

from .base import Conflict, moment

MOST = 7900  # characters of the words, with room for what a message puts around them


def spread(
    *,
    need: Need,
    text: str,
    by: User,
    at: datetime,
    item: AgendaItem | None = None,
    recipient: ThemeRecipient | None = None,
    reason_category: str = "",
) -> int:
    """Note what is new about a need and owe it to everybody who waits behind its concerns; gives their number.

    Runs inside the action that brings the news. Sensitive concerns are never told of here (N13); whoever has heard the
    answer of their concern waits for nothing.
    """
    news = NeedNews.objects.create(
        need=need, item=item, recipient=recipient, text=text[:MOST], reason_category=reason_category, at=at
    )
    bundle = Coalesce("lead_id", "pk")
    found = Concern.objects.filter(need_links__need=need, is_sensitive=False).exclude(status=ConcernStatus.CLOSED)
    told = 0
    for one in found.order_by(bundle, F("lead_id").desc(nulls_first=True), "pk"):
        concern, others = lock_bundle(one) if one.lead_id is None else (lock_concern(one), [])
        others = [other for other in others if not other.is_sensitive]
        waiting = [reporter for reporter in reporters_of([concern, *others]) if reporter.feedback_state in UNSETTLED]
        if concern.is_sensitive or not concern.is_open or not waiting:
            continue
        ConcernNews.objects.create(news=news, concern=concern)
        owe_interim([concern, *others], at=at)
        record(concern, "theme_news", by=by, at=at, need=need.pk)
        told += 1
    return told


def _lock(news: ConcernNews) -> ConcernNews:
    found = ConcernNews.objects.select_for_update(of=("self",)).select_related("news", "concern").get(pk=news.pk)
    if found.settled:
        raise Conflict(f"Darüber ist schon entschieden: {found.get_settled_display()}.")
    return found


def _settle(news: ConcernNews, how: str, *, by: User, at: datetime) -> None:
    news.settled, news.settled_by, news.settled_at = how, by, at
    news.save(update_fields=["settled", "settled_by", "settled_at"])


@transaction.atomic
def take_as_answer(
    *,
    news: ConcernNews,
    outcome: str,
    answer_text: str,
    by: User,
    reason_category: str = "",
    promised_on=None,
    at: datetime | None = None,
) -> Concern:
    """The news is the answer to the concern: it is recorded, everybody behind it is owed the final feedback.

    Raises:
        NotReady, LoopError, Conflict: as `record_answer`; or somebody has settled the news meanwhile.
    """
    at = moment(at)
    lock_bundle(Concern.objects.only("pk").get(pk=news.concern_id))
    news = _lock(news)
    concern = record_answer(
        concern=news.concern, outcome=outcome, answer_text=answer_text, reason_category=reason_category,
        promised_on=promised_on, by=by, at=at,
    )  # fmt: skip
    _settle(news, ConcernNews.How.ANSWER, by=by, at=at)
    return concern


@transaction.atomic
def dismiss(*, news: ConcernNews, by: User, at: datetime | None = None) -> ConcernNews:
    """The news does not concern these people: what they were owed because of it is taken off the worklist.

    Raises:
        Conflict: settled meanwhile.
    """
    at = moment(at)
    lock_concern(Concern(pk=news.concern_id))
    news = _lock(news)
    bundle = Concern.objects.filter(pk=news.concern_id) | Concern.objects.filter(lead=news.concern_id)
    for reporter in reporters_of(bundle):
        if reporter.due == Reporter.Due.INTERIM and reporter.due_since == news.news.at:
            for name, value in nothing_due(reporter).items():
                setattr(reporter, name, value)
            reporter.save(update_fields=["due", "due_since", "due_on"])
    _settle(news, ConcernNews.How.NOT_NEEDED, by=by, at=at)
    return news
