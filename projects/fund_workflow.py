"""States and allowed moves of applications to funds as data (requirements Z35–Z38)."""

from django.db.models import TextChoices


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
    A.DECIDING: frozenset({A.DECIDING, A.GRANTED, A.PARTLY, A.REFUSED, A.WITHDRAWN}),
    A.GRANTED: frozenset({A.PAID, A.WITHDRAWN}),
    A.PARTLY: frozenset({A.PAID, A.WITHDRAWN}),
    A.REFUSED: frozenset(),
    A.WITHDRAWN: frozenset(),
    # back: a payment is reversed, and nothing is out any more; a settlement is opened again
    A.PAID: frozenset({A.PAID, A.PROOF_DUE, A.SETTLED, A.GRANTED, A.PARTLY}),
    A.PROOF_DUE: frozenset({A.PROOF_DUE, A.SETTLED, A.GRANTED, A.PARTLY}),
    A.SETTLED: frozenset({A.PAID, A.PROOF_DUE}),
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


CITY = frozenset({Instance.OFFICE, Instance.SECOND})  # the city itself decides, not people of the quarter


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
    UNPAY = "unpay", "Auszahlung storniert"
    UNRETURN = "unreturn", "Rückzahlung storniert"
    UNEXPIRE = "unexpire", "Verfall aufgehoben"


# The counter entry of each line that can turn out to be wrong, and those that a person may reverse by themselves.
COUNTER = {
    EntryKind.PAY: EntryKind.UNPAY,
    EntryKind.RETURN: EntryKind.UNRETURN,
    EntryKind.EXPIRE: EntryKind.UNEXPIRE,
}
REVERSIBLE = frozenset({EntryKind.PAY, EntryKind.RETURN})
