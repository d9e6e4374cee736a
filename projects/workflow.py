"""States and allowed moves of sessions and follow-ups as data (requirements Z19, Z20)."""

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
    DATES = "dates", "Termine"
    MISC = "misc", "Verschiedenes"


# Of these a session has one at most; they are proposed when there is a reason for them.
STANDARD = (ItemKind.MINUTES, ItemKind.FOLLOW_UPS, ItemKind.REPLIES, ItemKind.DATES, ItemKind.MISC)


def may_move(table: dict[str, frozenset[str]], old: str, new: str) -> bool:
    """Whether a table of moves allows this one."""
    return new in table[old]
