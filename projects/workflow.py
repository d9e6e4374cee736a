"""States and allowed moves of sessions, follow-ups and fund applications as data (requirements Z19, Z20, Z35)."""

from django.db.models import TextChoices


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
    """What became of a follow-up."""

    OPEN = "open", "offen"
    DONE = "done", "erledigt"
    DROPPED = "dropped", "entfallen"


F = FollowUpStatus
FOLLOW_UP_MOVES: dict[str, frozenset[str]] = {
    F.OPEN: frozenset({F.DONE, F.DROPPED}),
    F.DONE: frozenset({F.OPEN}),
    F.DROPPED: frozenset({F.OPEN}),
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


class ApplicationStatus(TextChoices):
    """Where a fund application stands (Z35)."""

    DRAFT = "draft", "Entwurf"
    SUBMITTED = "submitted", "eingereicht"
    CHECKING = "checking", "in Prüfung"
    INCOMPLETE = "incomplete", "nachzubessern"
    DECIDING = "deciding", "zur Entscheidung"
    GRANTED = "granted", "bewilligt"
    PARTLY = "partly", "teilweise bewilligt"
    REFUSED = "refused", "abgelehnt"
    WITHDRAWN = "withdrawn", "zurückgezogen"
    PAID = "paid", "ausgezahlt"
    PROOF_DUE = "proof_due", "Nachweis offen"
    SETTLED = "settled", "abgerechnet"


A = ApplicationStatus
APPLICATION_MOVES: dict[str, frozenset[str]] = {
    A.DRAFT: frozenset({A.SUBMITTED, A.WITHDRAWN}),
    A.SUBMITTED: frozenset({A.CHECKING, A.WITHDRAWN}),
    A.CHECKING: frozenset({A.INCOMPLETE, A.DECIDING, A.REFUSED, A.WITHDRAWN}),
    A.INCOMPLETE: frozenset({A.SUBMITTED, A.WITHDRAWN}),
    A.DECIDING: frozenset({A.GRANTED, A.PARTLY, A.REFUSED, A.WITHDRAWN}),
    A.GRANTED: frozenset({A.PAID, A.WITHDRAWN}),
    A.PARTLY: frozenset({A.PAID, A.WITHDRAWN}),
    A.REFUSED: frozenset(),
    A.WITHDRAWN: frozenset(),
    A.PAID: frozenset({A.PAID, A.PROOF_DUE, A.SETTLED}),
    A.PROOF_DUE: frozenset({A.PROOF_DUE, A.SETTLED}),
    A.SETTLED: frozenset(),
}
EDITABLE = frozenset({A.DRAFT, A.INCOMPLETE})  # what the application says may be changed
UNDECIDED = frozenset({A.SUBMITTED, A.CHECKING, A.INCOMPLETE, A.DECIDING})
PROMISED = frozenset({A.GRANTED, A.PARTLY, A.PAID, A.PROOF_DUE, A.SETTLED})  # something was granted
DECIDED = PROMISED | {A.REFUSED}
RUNNING = frozenset({A.PAID, A.PROOF_DUE})  # money is out, its use is not yet proved


class Instance(TextChoices):
    """Who decides about an application, one after the other (Z34, Z37)."""

    CHECK = "check", "Prüfung der Förderfähigkeit"
    BODY = "body", "Gremium"
    OFFICE = "office", "Sozialplanung"
    SECOND = "second", "zweite Instanz"


class Outcome(TextChoices):
    """What was decided about an application."""

    GRANTED = "granted", "bewilligt"
    PARTLY = "partly", "teilweise bewilligt"
    REFUSED = "refused", "abgelehnt"
    POSTPONED = "postponed", "vertagt"


class EntryKind(TextChoices):
    """What a line of a fund's ledger does to the money of its year."""

    BUDGET = "budget", "Budget"
    RESERVE = "reserve", "vorgemerkt"
    RELEASE = "release", "Vormerkung aufgehoben"
    GRANT = "grant", "bewilligt"
    EXPIRE = "expire", "Bewilligung verfallen"
    PAY = "pay", "ausgezahlt"
    RETURN = "return", "zurückgezahlt"


def may_move(table: dict[str, frozenset[str]], old: str, new: str) -> bool:
    """Whether a table of moves allows this one."""
    return new in table[old]
