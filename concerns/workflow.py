"""States and allowed moves of the loop as data (requirements 1.1 and 1.2); checked by `concerns.actions.moves`."""

from django.db.models import TextChoices


class ConcernStatus(TextChoices):
    """Where a concern stands; the person responsible for the next step follows from it."""

    NEW = "new", "Neu erfasst"
    OWN_WORK = "own_work", "In eigener Bearbeitung"
    FORWARDED = "forwarded", "Weitergeleitet"
    FEEDBACK_DUE = "feedback_due", "Rückmeldung offen"
    PARKED = "parked", "Zurückgestellt"
    CLOSED = "closed", "Abgeschlossen"


S = ConcernStatus
CONCERN_MOVES: dict[str, frozenset[str]] = {
    S.NEW: frozenset({S.OWN_WORK, S.FORWARDED, S.PARKED, S.FEEDBACK_DUE}),
    S.OWN_WORK: frozenset({S.FORWARDED, S.PARKED, S.FEEDBACK_DUE, S.NEW}),
    S.FORWARDED: frozenset({S.FEEDBACK_DUE, S.NEW}),
    S.PARKED: frozenset({S.NEW, S.OWN_WORK}),
    S.FEEDBACK_DUE: frozenset({S.CLOSED, S.FORWARDED, S.OWN_WORK}),
    S.CLOSED: frozenset({S.NEW, S.FEEDBACK_DUE}),
}
OPEN_STATUSES = frozenset(set(S) - {S.CLOSED})


class RoutingStatus(TextChoices):
    """Where one question to one department stands."""

    SENT = "sent", "Gesendet"
    ACCEPTED = "accepted", "Angenommen"
    QUERY = "query", "Rückfrage offen"
    ANSWERED = "answered", "Beantwortet"
    RETURNED = "returned", "Zurückgegeben (nicht zuständig)"
    WITHDRAWN = "withdrawn", "Zurückgerufen"


R = RoutingStatus
ROUTING_MOVES: dict[str, frozenset[str]] = {
    R.SENT: frozenset({R.ACCEPTED, R.QUERY, R.ANSWERED, R.RETURNED, R.WITHDRAWN}),
    R.ACCEPTED: frozenset({R.QUERY, R.ANSWERED, R.RETURNED, R.WITHDRAWN}),
    R.QUERY: frozenset({R.ACCEPTED, R.ANSWERED, R.RETURNED, R.WITHDRAWN}),
    R.ANSWERED: frozenset(),
    R.RETURNED: frozenset(),
    R.WITHDRAWN: frozenset(),
}
OPEN_ROUTINGS = frozenset({R.SENT, R.ACCEPTED, R.QUERY})


class InboxStage(TextChoices):
    """The tabs of a department's inbox (K06)."""

    OPEN = "offen", "Alle offenen"
    NEW = "neu", "Neu"
    WORKING = "arbeit", "In Arbeit"
    QUERY = "rueckfrage", "Rückfrage offen"
    OVERDUE = "ueberfaellig", "Überfällig"
    DONE = "erledigt", "Beantwortet & zurückgegeben"


INBOX_STAGES: dict[str, frozenset[str]] = {
    InboxStage.OPEN: OPEN_ROUTINGS,
    InboxStage.NEW: frozenset({R.SENT}),
    InboxStage.WORKING: frozenset({R.ACCEPTED}),
    InboxStage.QUERY: frozenset({R.QUERY}),
}  # the others go by a date: overdue, and finished in whatever way


class Outcome(TextChoices):
    """What became of a concern (requirements 1.1)."""

    FULFILLED = "fulfilled", "Entsprochen"
    PARTLY = "partly", "Teilweise entsprochen"
    PLANNED = "planned", "Vorgemerkt / eingeplant"
    DECLINED = "declined", "Nicht entsprochen"
    REFERRED = "referred", "Weitervermittelt"
    BECAME_PROJECT = "became_project", "Als Projektidee übernommen"
    INFORMED = "informed", "Information erteilt / aufgenommen"
    WITHDRAWN = "withdrawn", "Zurückgezogen"
    UNTRACEABLE = "untraceable", "Nicht aufklärbar"


class ReplyResult(TextChoices):
    """What a department says it does (K08)."""

    FULFILLED = "fulfilled", "Entsprochen / erledigt"
    PARTLY = "partly", "Teilweise entsprochen"
    PLANNED = "planned", "Eingeplant (mit Termin)"
    DECLINED = "declined", "Nicht entsprochen"
    KNOWN = "known", "Bereits bekannt / in Arbeit"


NEEDS_REASON = frozenset({"partly", "declined"})  # I2, for outcomes and replies alike
OUTCOME_OF_REPLY: dict[str, str] = {
    ReplyResult.FULFILLED: Outcome.FULFILLED,
    ReplyResult.PARTLY: Outcome.PARTLY,
    ReplyResult.PLANNED: Outcome.PLANNED,
    ReplyResult.DECLINED: Outcome.DECLINED,
    ReplyResult.KNOWN: Outcome.INFORMED,
}


class ReasonCategory(TextChoices):
    """Why something was not or only partly done (K08)."""

    FUNDS = "funds", "Fehlende Mittel"
    LEGAL = "legal", "Rechtlich nicht möglich"
    THIRD_PARTY = "third_party", "Eigentum Dritter"
    NOT_SENSIBLE = "not_sensible", "Fachlich nicht sinnvoll"
    PRIORITY = "priority", "Priorität / Reihenfolge"
    OTHER_LEVEL = "other_level", "Zuständigkeit anderer Ebene"
    OTHER = "other", "Sonstiges"


class FeedbackState(TextChoices):
    """Whether one reporter has heard the answer."""

    OPEN = "open", "Offen"
    INTERIM = "interim", "Zwischennachricht gegeben"
    DONE = "done", "Erfolgt"
    IMPOSSIBLE = "impossible", "Nicht möglich"
    NOT_WANTED = "not_wanted", "Nicht gewünscht"


UNSETTLED = frozenset({FeedbackState.OPEN, FeedbackState.INTERIM})
WAIVED = frozenset({FeedbackState.IMPOSSIBLE, FeedbackState.NOT_WANTED})


class FeedbackKind(TextChoices):
    """What a message to a reporter is."""

    RECEIPT = "receipt", "Eingangsbestätigung"
    INTERIM = "interim", "Zwischennachricht"
    FINAL = "final", "Abschlussrückmeldung"
    COLLECTIVE = "collective", "Sammelrückmeldung"


class FeedbackResult(TextChoices):
    """What one attempt to tell a reporter came to."""

    QUEUED = "queued", "E-Mail wird versandt"
    REACHED = "reached", "Erreicht"
    NOT_REACHED = "not_reached", "Nicht erreicht"
    SENT = "sent", "Versandt"
    DISPLAYED = "displayed", "Ausgehängt"
    UNDELIVERABLE = "undeliverable", "Unzustellbar"


class Language(TextChoices):
    """Language somebody speaks, or a text is written in."""

    DE = "de", "Deutsch"
    EN = "en", "Englisch"
    TR = "tr", "Türkisch"
    AR = "ar", "Arabisch"
    UK = "uk", "Ukrainisch"
    RU = "ru", "Russisch"
    FR = "fr", "Französisch"
    OTHER = "other", "Andere"


RIGHT_TO_LEFT = frozenset({Language.AR})

TOLD = frozenset({FeedbackResult.REACHED, FeedbackResult.SENT, FeedbackResult.DISPLAYED})
ENDS_DUTY = frozenset({FeedbackKind.FINAL, FeedbackKind.COLLECTIVE})


class LetterState(TextChoices):
    """Where one letter of a batch stands."""

    OPEN = "open", "Vorbereitet"
    SENT = "sent", "Versandt"
    OUT = "out", "Ausgelassen"


class WaiverReason(TextChoices):
    """Why a reporter need not or cannot be told (I1)."""

    ANONYMOUS = "anonymous", "Anonym gemeldet"
    NO_CONTACT = "no_contact", "Keine Kontaktmöglichkeit"
    NOT_WANTED = "not_wanted", "Rückmeldung nicht gewünscht"
    NOT_REACHED = "not_reached", "Nach mehreren Versuchen nicht erreicht"
    OWN_OBSERVATION = "own_observation", "Eigene Beobachtung des Quartiersmanagements"
    ERASED = "erased", "Daten auf Wunsch gelöscht"


def may_move(moves: dict[str, frozenset[str]], old: str, new: str) -> bool:
    """Whether a table of moves allows going from `old` to `new`."""
    return new in moves[old]
