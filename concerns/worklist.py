"""The feedback worklist: who waits for which word, by the way they want to hear it (K09)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch

from concerns.answers import answers_by_lead, lead_of
from concerns.basket import concerns_in
from concerns.models import Concern, Feedback, LoopSettings, Reply, Reporter, RoutingMessage
from concerns.querysets import ReporterQuerySet
from concerns.wording import feedback_draft, interim_draft, kept_promise_draft, theme_news_draft
from concerns.workflow import FeedbackResult
from districts.models import User
from districts.roles import Perm

LABELS: dict[str, str] = {
    Reporter.Channel.PHONE: "Anrufe",
    Reporter.Channel.EMAIL: "E-Mails",
    Reporter.Channel.LETTER: "Briefe",
    Reporter.Channel.IN_PERSON: "Persönlich",
    Reporter.Channel.MULTIPLIER: "Über Multiplikator/in",
    Reporter.Channel.NOTICE: "Aushang",
}


@dataclass(frozen=True)
class Tab:
    """One way of telling people, with how many wait for it."""

    channel: str
    label: str
    count: int


def reporters_to_tell(user: User) -> ReporterQuerySet:
    """Reporters this person may give feedback to."""
    whole_team = not user.rights.can(Perm.READ_REPORTERS) and LoopSettings.load().assistants_see_team_reporters
    return Reporter.objects.visible_to(user, whole_team=whole_team)


def waiting_in(scope: str, user: User) -> ReporterQuerySet:
    """Reporters of a scope of the basket who are owed something now.

    Who waits is worked out once; the tabs, a tab's rows and their number are then looked up among them.
    """
    due = Reporter.objects.feedback_due().filter(concern__in=concerns_in(scope, user).open().values("pk"))
    waiting = list(due.order_by().values_list("pk", flat=True))
    return reporters_to_tell(user).feedback_due().filter(pk__in=waiting)


def tabs(waiting: ReporterQuerySet) -> list[Tab]:
    """How many wait for each way, in the order of the working day."""
    counts = dict(waiting.order_by().values_list("channel").annotate(Count("pk")))
    return [Tab(channel, label, counts.get(channel, 0)) for channel, label in LABELS.items()]


def rows(waiting: ReporterQuerySet, channel: str) -> ReporterQuerySet:
    """One tab's rows with what a line shows."""
    under_way = Feedback.objects.filter(reporter=OuterRef("pk"), result=FeedbackResult.QUEUED)
    came_back = Feedback.objects.filter(
        reporter=OuterRef("pk"), attempt=OuterRef("attempts"), result=FeedbackResult.UNDELIVERABLE
    )
    shown = waiting.filter(channel=channel).select_related("concern__district").defer("concern__search")
    return shown.annotate(mail_under_way=Exists(under_way), mail_came_back=Exists(came_back))


def words_of_departments(concern: Concern) -> list[Reply]:
    """What the departments answered in the present round, the leading one first."""
    return answers_by_lead([lead_of(concern).pk]).get(lead_of(concern).pk, [])


def newest_interim(concern: Concern) -> RoutingMessage | None:
    """The department's last interim notice."""
    return interim_by_lead([lead_of(concern).pk]).get(lead_of(concern).pk)


def interim_by_lead(lead_ids: Iterable[int]) -> dict[int, RoutingMessage]:
    """The same for many leading concerns in one query."""
    notices = RoutingMessage.objects.filter(routing__concern__in=lead_ids, kind=RoutingMessage.Kind.INTERIM)
    return {one.routing.concern_id: one for one in notices.select_related("routing__department").order_by("at")}


def theme_news(concerns: Iterable[Concern]) -> dict[int, list[str]]:
    """What is new about the themes of concerns or of their leads and not settled yet, by concern, the oldest first."""
    shown = list(concerns)
    pks = {one.pk for one in shown} | {one.lead_id for one in shown if one.lead_id}
    news = Concern._meta.get_field("theme_news").related_model.objects.filter(concern__in=pks, settled="")
    found: dict[int, list[str]] = {}
    for pk, text in news.order_by("news__at", "pk").values_list("concern", "news__text"):
        found.setdefault(pk, []).append(text)
    return {one.pk: [*found.get(one.pk, []), *found.get(one.lead_id, [])] for one in shown}


def first_words(
    reporter: Reporter, replies: Sequence[Reply], interim: RoutingMessage | None, news: Sequence[str] = ()
) -> str:
    """A first draft of what one person is owed now: the answer, that a promise was kept, that it takes longer.

    `news` is what is new about the theme (see `theme_news`): a reason for an interim message of its own.
    """
    concern, lead = reporter.concern, lead_of(reporter.concern)
    if reporter.due == Reporter.Due.INTERIM and news:
        return theme_news_draft(reporter, concern, news)
    if reporter.due == Reporter.Due.INTERIM:
        until = f"{interim.new_due_on:%d.%m.%Y}" if interim else ""
        return interim_draft(reporter, concern, interim.text if interim else "", until)
    if lead.promise == Concern.Promise.KEPT and lead.outcome:
        return kept_promise_draft(reporter, concern, lead.answer_text)
    return feedback_draft(reporter, concern, replies, lead.answer_text)


def with_history(reporters: ReporterQuerySet) -> ReporterQuerySet:
    """Reporters with their concern and everything they were told."""
    told = Feedback.objects.select_related("by").order_by("-at", "-pk")
    shown = reporters.select_related("concern__lead", "concern__topic", "concern__district", "concern__office")
    return shown.prefetch_related(Prefetch("feedbacks", told, to_attr="told"))
