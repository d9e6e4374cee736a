"""What the next agenda should have on it: last minutes, open follow-ups, replies of the administration,
fund applications, dates (Z19, Z37)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from concerns.answers import answers_by_lead, lead_of
from concerns.models import Concern, Reply
from concerns.wording import REASONS
from concerns.workflow import RoutingStatus
from projects.costs import euros
from projects.models import (
    AgendaItem,
    BodyConcern,
    FundApplication,
    Project,
    Session,
    ThemeRecipient,
    ToldAnswer,
    ToldReply,
)
from projects.theme_wording import answer_words
from projects.workflow import AHEAD, TOOK_PLACE, ItemKind, SessionStatus


@dataclass(frozen=True)
class Proposal:
    """An agenda item that is not on the agenda yet, and why it should be."""

    kind: str
    title: str
    why: str
    duration: int
    text: str = ""
    project: Project | None = None  # that it reports on
    application: FundApplication | None = None

    @property
    def key(self) -> str:
        """What tells it from the others of a session."""
        about = self.project or self.application
        return f"{self.kind}:{about.pk}" if about else self.kind


def unapproved(session: Session) -> list[Session]:
    """Earlier sessions of the same body whose minutes nobody has approved, the oldest first."""
    return list(Session.objects.not_approved().filter(body=session.body_id, on__lt=session.on).order_by("on"))


@dataclass(frozen=True)
class ReplyDue:
    """An answer that a body has not heard yet, in the words it will hear."""

    raised: BodyConcern
    answer: str

    @property
    def concern(self) -> Concern:
        """The concern that was answered."""
        return self.raised.concern


def replies_for(session: Session) -> list[ReplyDue]:
    """Answers that the body has not heard; those that minutes still to be approved report are left out."""
    waiting = BodyConcern.objects.waiting_to_be_told().filter(body=session.body_id).order_by("concern__number")
    found = list(waiting)
    answers = answers_by_lead([lead_of(one.concern).pk for one in found]) if found else {}
    return [ReplyDue(one, _words(lead_of(one.concern), answers.get(lead_of(one.concern).pk, []))) for one in found]


def answer_to(raised: BodyConcern) -> str:
    """The answer to one concern as a body would hear it now."""
    lead = lead_of(raised.concern)
    return _words(lead, answers_by_lead([lead.pk]).get(lead.pk, []))


def reported(session: Session) -> list[ToldReply]:
    """The answers that a session's minutes report; what has become sensitive since is left out."""
    found = session.told.filter(raised__concern__is_sensitive=False)
    return list(found.select_related("raised__concern"))


@dataclass(frozen=True)
class AnswerDue:
    """An answer to a theme report that a body has not heard yet: it had one of the needs on its agenda."""

    recipient: ThemeRecipient
    answer: str

    @property
    def label(self) -> str:
        """What was reported to whom."""
        return f"Themenmeldung „{self.recipient.report.title}“ an {self.recipient.label}"


def answers_for(session: Session) -> list[AnswerDue]:
    """Answers to theme reports that the body of a session has not heard, in the order in which they came."""
    spoken = Session.objects.filter(body=session.body_id, status__in=TOOK_PLACE)
    reports = spoken.filter(items__need__theme_reports__isnull=False).values("items__need__theme_reports")
    heard = ToldAnswer.objects.filter(session__body=session.body_id).values("recipient")
    found = ThemeRecipient.objects.filter(status=RoutingStatus.ANSWERED, report__in=reports).exclude(pk__in=heard)
    rows = found.select_related("report", "department").order_by("finished_at", "pk")
    return [AnswerDue(one, answer_words(one)) for one in rows]


def told_answers(session: Session) -> list[ToldAnswer]:
    """The answers to theme reports that a session's minutes report."""
    return list(session.told_answers.select_related("recipient__report", "recipient__department"))


def _words(lead: Concern, replies: list[Reply]) -> str:
    """What departments have answered, with reason and day; else what the Quartiersmanagement found out itself."""
    parts = []
    for reply in replies:
        parts.append(reply.text)
        if reason := REASONS.get(reply.reason_category):
            parts.append(f"Der Grund: {reason}")
        if reply.result == "planned" and reply.date:
            parts.append(f"Geplant ist das für den {reply.date:%d.%m.%Y}.")
    return "\n\n".join(parts) or lead.answer_text or "Die Antwort liegt vor."


def _replies(session: Session) -> list[str]:
    return [*(one.concern.number for one in replies_for(session)), *(one.label for one in answers_for(session))]


def projects_to_report(session: Session) -> list[Project]:
    """Projects that a decision or follow-up of the body started, whose present status it has not been told (Z20)."""
    items = AgendaItem.objects.filter(session__body=session.body_id).exclude(session__status=SessionStatus.CANCELLED)
    told = items.filter(project=OuterRef("pk"), session__on__gte=OuterRef("status_since"))
    decided = Q(decision__session__body=session.body_id, decision__session__on__lt=session.on)
    given = Q(follow_up__body=session.body_id, follow_up__given_on__lt=session.on)
    return list(Project.objects.filter(decided | given).filter(~Exists(told)).order_by("sort_key", "pk"))


def _report(project: Project) -> Proposal:
    now = f"Stand: {project.get_status_display()} seit dem {project.status_since:%d.%m.%Y}."
    title = f"Bericht: {project.title}"[:160]
    origin = "Das Gremium hat es beschlossen." if project.decision_id else "Es kam aus einem Auftrag des Gremiums."
    return Proposal(ItemKind.REPORT, title, f"{origin} {now}", 10, now, project)


def proposals(session: Session, kinds: set[str]) -> list[Proposal]:
    """Standard items with a reason that are not among `kinds`, in the order in which they belong on the agenda."""
    if session.status not in AHEAD:
        return []
    found = []
    if ItemKind.MINUTES not in kinds and (waiting := unapproved(session)):
        # Its title names no day: which minutes wait is asked when the page or the paper is made.
        why = f"Noch nicht genehmigt: {', '.join(f'{one.on:%d.%m.%Y}' for one in waiting)}."
        found.append(Proposal(ItemKind.MINUTES, "Genehmigung offener Protokolle", why, 5 * len(waiting)))
    if ItemKind.FOLLOW_UPS not in kinds and (n := session.body.follow_ups.open().count()):
        why = "Ein Auftrag ist offen." if n == 1 else f"{n} Aufträge sind offen."
        found.append(Proposal(ItemKind.FOLLOW_UPS, "Offene Aufträge", why, 10))
    if ItemKind.REPLIES not in kinds and (replies := _replies(session)):
        why = f"Die Antwort liegt vor: {', '.join(replies)}."
        found.append(Proposal(ItemKind.REPLIES, "Antworten der Verwaltung", why, 10))
    found += [_report(one) for one in projects_to_report(session)]
    found += [_of_fund(one) for one in FundApplication.objects.for_agenda_of(session.body)]
    if ItemKind.DATES not in kinds:
        found.append(Proposal(ItemKind.DATES, "Termine und nächste Sitzung", "Gehört in jede Sitzung.", 5))
    if ItemKind.MISC not in kinds:
        found.append(Proposal(ItemKind.MISC, "Verschiedenes", "Gehört in jede Sitzung.", 5))
    return found


def _of_fund(application: FundApplication) -> Proposal:
    title = f"Fondsantrag {application.number}: {application.title}"[:160]
    why = f"{application.fund}: {application.who} beantragt {euros(application.requested)}."
    return Proposal(ItemKind.FUND, title, why, 10, application=application)
