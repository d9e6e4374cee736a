"""States and allowed moves as data: sessions, follow-ups, projects, events, public relations, needs (Z19–Z41, K15)."""

from datetime import timedelta

from django.db.models import TextChoices

from concerns.workflow import ReplyResult


class SessionStatus(TextChoices):
    """Where a session stands."""

    PLANNED = "planned", "geplant"
    INVITED = "invited", "eingeladen"
    HELD = "held", "durchgeführt"
    APPROVED = "approved", "Protokoll genehmigt"
    CANCELLED = "cancelled", "abgesagt"


S = SessionStatus
SESSION_MOVES: dict[str, frozenset[str]] = {
    S.PLANNED: frozenset({S.INVITED, S.HELD, S.CANCELLED}),
    S.INVITED: frozenset({S.INVITED, S.HELD, S.CANCELLED}),
    S.HELD: frozenset({S.APPROVED}),
    S.APPROVED: frozenset(),
    S.CANCELLED: frozenset({S.PLANNED}),
}
AHEAD = frozenset({S.PLANNED, S.INVITED})  # the session is still to come
TOOK_PLACE = frozenset({S.HELD, S.APPROVED})


class FollowUpStatus(TextChoices):
    """What became of a follow-up (Z20)."""

    OPEN = "open", "offen"
    DOING = "doing", "in Arbeit"
    PUT_OFF = "put_off", "verschoben"
    DONE = "done", "erledigt"
    DROPPED = "dropped", "entfallen"


F = FollowUpStatus
FOLLOW_UP_MOVES: dict[str, frozenset[str]] = {
    F.OPEN: frozenset({F.DOING, F.PUT_OFF, F.DONE, F.DROPPED}),
    F.DOING: frozenset({F.PUT_OFF, F.DONE, F.DROPPED}),
    F.PUT_OFF: frozenset({F.DOING, F.PUT_OFF, F.DONE, F.DROPPED}),
    F.DONE: frozenset({F.OPEN}),
    F.DROPPED: frozenset({F.OPEN}),
}
PENDING = frozenset({F.OPEN, F.DOING, F.PUT_OFF})  # on every agenda until it is done or dropped


class TaskStatus(TextChoices):
    """What became of a task of a project or an event (Z29)."""

    OPEN = "open", "offen"
    DONE = "done", "erledigt"
    DROPPED = "dropped", "entfallen"


TASK_MOVES: dict[str, frozenset[str]] = {
    TaskStatus.OPEN: frozenset({TaskStatus.DONE, TaskStatus.DROPPED}),
    TaskStatus.DONE: frozenset({TaskStatus.OPEN}),
    TaskStatus.DROPPED: frozenset({TaskStatus.OPEN}),
}


class ItemKind(TextChoices):
    """What an agenda item is for."""

    MINUTES = "minutes", "Genehmigung des Protokolls"
    FOLLOW_UPS = "follow_ups", "Offene Aufträge"
    REPLIES = "replies", "Antworten der Verwaltung"
    REPORT = "report", "Bericht"
    DISCUSSION = "discussion", "Beratung"
    DECISION = "decision", "Beschluss"
    ELECTION = "election", "Wahl"
    FUND = "fund", "Fondsantrag"
    DATES = "dates", "Termine"
    MISC = "misc", "Verschiedenes"


# Of these a session has one at most; they are proposed when there is a reason for them.
STANDARD = (ItemKind.MINUTES, ItemKind.FOLLOW_UPS, ItemKind.REPLIES, ItemKind.DATES, ItemKind.MISC)


class ProjectStatus(TextChoices):
    """Where a project stands (Z29)."""

    IDEA = "idea", "Idee"
    CONCEPT = "concept", "Konzept"
    FUNDING = "funding", "Finanzierung"
    PREPARATION = "preparation", "Vorbereitung"
    RUNNING = "running", "läuft"
    COMPLETED = "completed", "abgeschlossen"
    CONTINUED = "continued", "verstetigt"
    DROPPED = "dropped", "nicht umgesetzt"


P = ProjectStatus
_AHEAD_OF_END = (P.IDEA, P.CONCEPT, P.FUNDING, P.PREPARATION, P.RUNNING)
PROJECT_MOVES: dict[str, frozenset[str]] = {
    # A project may skip a step or go back to one; what never ran cannot be completed.
    **{one: frozenset({*_AHEAD_OF_END, P.DROPPED} - {one}) for one in _AHEAD_OF_END[:-1]},
    P.RUNNING: frozenset({*_AHEAD_OF_END, P.COMPLETED, P.CONTINUED, P.DROPPED} - {P.RUNNING}),
    P.COMPLETED: frozenset({P.CONTINUED, P.RUNNING}),
    P.CONTINUED: frozenset({P.RUNNING}),
    P.DROPPED: frozenset({P.IDEA}),
}
UNDER_WAY = frozenset(_AHEAD_OF_END)  # the project is not over
REALISED = frozenset({P.COMPLETED, P.CONTINUED})  # it was carried out: its effect is checked (N6)
CHECK_WEEKS = (4, 12, 26)  # after which an effect is checked


class Participation(TextChoices):
    """How far people may take part: declared before they do (Z33)."""

    INFORMATION = "information", "Information"
    CONSULTATION = "consultation", "Konsultation"
    SHAPING = "shaping", "Mitgestaltung"
    DECIDING = "deciding", "Mitentscheidung"
    SELF_ORGANISED = "self_organised", "Selbstorganisation"


class EventStatus(TextChoices):
    """Where an event stands (Z30)."""

    PLANNED = "planned", "geplant"
    HELD = "held", "fand statt"
    CANCELLED = "cancelled", "abgesagt"


EVENT_MOVES: dict[str, frozenset[str]] = {
    EventStatus.PLANNED: frozenset({EventStatus.HELD, EventStatus.CANCELLED}),
    EventStatus.HELD: frozenset({EventStatus.PLANNED}),
    EventStatus.CANCELLED: frozenset({EventStatus.PLANNED}),
}


YEAR = timedelta(weeks=52)  # after which an event repeats: the same day of the week


class NeedStatus(TextChoices):
    """What has become of a need (K15)."""

    OBSERVED = "observed", "beobachtet"
    CONFIRMED = "confirmed", "bestätigt"
    REPORTED = "reported", "an Verwaltung gemeldet"
    IN_PROGRESS = "in_progress", "in Bearbeitung"
    ADOPTED = "adopted", "als Projekt/Maßnahme aufgenommen"
    DONE = "done", "erledigt"
    DROPPED = "dropped", "nicht weiterverfolgt"


N = NeedStatus
OPEN_NEEDS = frozenset({N.OBSERVED, N.CONFIRMED, N.REPORTED, N.IN_PROGRESS, N.ADOPTED})
CONFIRM_MONTHS = 12  # after which somebody says whether a need is still there (K15, an assumption)
# Real life goes back and forth; what is over comes back only as observed or confirmed.
NEED_MOVES: dict[str, frozenset[str]] = {
    **{one: frozenset(set(N) - {one}) for one in OPEN_NEEDS},
    N.DONE: frozenset({N.OBSERVED, N.CONFIRMED}),
    N.DROPPED: frozenset({N.OBSERVED, N.CONFIRMED}),
}
# What the answer to a theme report suggests for its needs; nobody but the team sets a status (K16).
NEED_AFTER_REPLY: dict[str, str] = {
    ReplyResult.FULFILLED: N.DONE,
    ReplyResult.PARTLY: N.IN_PROGRESS,
    ReplyResult.PLANNED: N.IN_PROGRESS,
    ReplyResult.DECLINED: N.DROPPED,
    ReplyResult.KNOWN: N.IN_PROGRESS,
}


class ThemeReportStatus(TextChoices):
    """Where a theme report stands (K16); each recipient has a status of its own, as a routing has."""

    DRAFT = "draft", "Entwurf"
    SENT = "sent", "gesendet"
    ANSWERED = "answered", "beantwortet"
    RETURNED = "returned", "zurückgemeldet"


T = ThemeReportStatus
THEME_REPORT_MOVES: dict[str, frozenset[str]] = {
    T.DRAFT: frozenset({T.SENT}),
    T.SENT: frozenset({T.ANSWERED}),
    T.ANSWERED: frozenset({T.RETURNED}),
    T.RETURNED: frozenset(),
}


class PRStatus(TextChoices):
    """Where an item of public relations stands (Z41)."""

    IDEA = "idea", "Idee"
    DRAFT = "draft", "Entwurf"
    SUBMITTED = "submitted", "zur Freigabe"
    APPROVED = "approved", "freigegeben"
    PUBLISHED = "published", "veröffentlicht"
    ARCHIVED = "archived", "archiviert"


# From "zur Freigabe" back to a draft: withdrawn by the team, or returned with a hint.
PR_MOVES: dict[str, frozenset[str]] = {
    PRStatus.IDEA: frozenset({PRStatus.DRAFT, PRStatus.ARCHIVED}),
    PRStatus.DRAFT: frozenset({PRStatus.SUBMITTED, PRStatus.ARCHIVED}),
    PRStatus.SUBMITTED: frozenset({PRStatus.DRAFT, PRStatus.APPROVED}),
    PRStatus.APPROVED: frozenset({PRStatus.PUBLISHED, PRStatus.DRAFT}),
    PRStatus.PUBLISHED: frozenset({PRStatus.ARCHIVED}),
    PRStatus.ARCHIVED: frozenset({PRStatus.IDEA, PRStatus.DRAFT}),  # not what was published
}
PR_WRITABLE = frozenset({PRStatus.IDEA, PRStatus.DRAFT})  # its words and images may change
PR_OPEN = frozenset({*PR_WRITABLE, PRStatus.SUBMITTED, PRStatus.APPROVED})  # somebody has to go on with it
PR_AGREED = frozenset({PRStatus.APPROVED, PRStatus.PUBLISHED})  # a second pair of eyes has agreed


def may_move(table: dict[str, frozenset[str]], old: str, new: str) -> bool:
    """Whether a table of moves allows this one."""
    return new in table[old]
