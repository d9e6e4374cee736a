"""The work basket: which lists lie on whose desk. Tiles and rows come from the same querysets (K20, Q12, Q13)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.formats import number_format

from concerns.models import Concern, Feedback, Referral, Reporter, Routing, Voice
from concerns.workflow import OPEN_ROUTINGS, FeedbackResult, RoutingStatus
from districts.models import User
from districts.roles import Perm
from quartier.web.paging import COUNT_CAP

MINE, TEAM, DEPUTY = "ich", "quartier", "vertretung"
SCOPES = {MINE: "Meine", TEAM: "Mein Quartier", DEPUTY: "In Vertretung"}


@dataclass(frozen=True)
class Basket:
    """One list: what it holds of a scope's concerns on a day, by which date it sorts, and what to say when empty."""

    key: str
    label: str
    rows: Callable  # (concerns of the scope, today) -> queryset
    sort: str
    empty: str
    tone: str = ""
    hint: str = ""
    people: bool = False  # rows are reporters, not concerns
    voices: bool = False  # rows are voices: what residents say about an answer
    referrals: bool = False  # rows are referrals to ask after
    always: bool = True  # shown as a tile even when there is nothing


def _waiting(concerns, today: date):
    return Reporter.objects.feedback_due().filter(concern__in=concerns.open().values("pk"))


def _voices(concerns, today: date):
    """Residents who say that the answer did not help; most of these concerns are closed."""
    return Voice.objects.waiting().filter(reporter__concern__in=concerns.values("pk"))


def _undeliverable(concerns, today: date):
    """People still to be told whose last message was a mail that came back."""
    returned = Feedback.objects.filter(
        reporter=OuterRef("pk"), attempt=OuterRef("attempts"), result=FeedbackResult.UNDELIVERABLE
    )
    return _waiting(concerns, today).filter(Exists(returned))


def _referrals(concerns, today: date):
    """Referrals of which somebody wanted to ask by today whether the person has arrived; some concerns are closed."""
    return Referral.objects.to_ask_by(today).filter(concern__in=concerns.values("pk"))


BASKETS = (
    Basket(
        "triage",
        "Neu zu sichten",
        lambda concerns, today: concerns.to_triage(),
        "due_on",
        "Alles gesichtet. Neue und von Fachbereichen zurückgegebene Anliegen erscheinen hier.",
    ),
    Basket(
        "rueckfragen",
        "Rückfragen an mich",
        lambda concerns, today: concerns.with_query(),
        "due_on",
        "Kein Fachbereich wartet auf eine Auskunft.",
    ),
    Basket(
        "rueckmeldung",
        "Rückmeldung offen",
        _waiting,
        "due_since",
        "Niemand wartet auf eine Rückmeldung.",
        tone="warning",
        hint="Personen warten",
        people=True,
    ),
    Basket(
        "ueberfaellig",
        "Überfällig beim Fachbereich",
        lambda concerns, today: concerns.overdue_at_department(today),
        "due_on",
        "Alle Fachbereiche liegen in der Frist.",
        tone="danger",
    ),
    Basket(
        "zusagen",
        "Zusagen fällig",
        lambda concerns, today: concerns.promises_due(today),
        "promised_on",
        "Keine Zusage ist zu prüfen.",
    ),
    Basket(
        "stimmen",
        "Rückmeldungen von Bewohner/innen",
        _voices,
        "due_on",
        "Niemand sagt, dass eine Antwort nicht geholfen hat.",
        tone="warning",
        hint="„Hat nicht geholfen“",
        voices=True,
    ),
    Basket(
        "wiedervorlagen",
        "Wiedervorlagen heute",
        lambda concerns, today: concerns.follow_ups_due(today),
        "follow_up_on",
        "Heute steht keine Wiedervorlage an.",
    ),
    Basket(
        "vermittlungen",
        "Angekommen? Nachfragen",
        _referrals,
        "ask_on",
        "Zu keiner Vermittlung ist heute nachzufragen.",
        hint="Vermittlungen",
        referrals=True,
        always=False,
    ),
    Basket(
        "abschliessen",
        "Nur noch abschließen",
        lambda concerns, today: concerns.ready_to_close(),
        "due_on",
        "Kein Anliegen wartet nur noch auf den Abschluss.",
        always=False,
    ),
    Basket(
        "unzustellbar",
        "E-Mail unzustellbar",
        _undeliverable,
        "due_since",
        "Alle E-Mails sind angekommen.",
        tone="danger",
        people=True,
        always=False,
    ),
)
BY_KEY = {one.key: one for one in BASKETS}


def scopes_of(user: User) -> dict[str, str]:
    """The scopes this person can choose from; standing in for somebody only where it is so today."""
    return {key: label for key, label in SCOPES.items() if key != DEPUTY or user.rights.stands_in_for}


def default_scope(user: User) -> str:
    """Own concerns for whoever decides about them, the whole quarter for assistants, who own none."""
    return MINE if user.rights.can(Perm.TRIAGE) else TEAM


def concerns_in(scope: str, user: User):
    """The concerns of a scope, never more than the person's own districts."""
    if scope == MINE:
        return Concern.objects.owned_in_team(user)
    concerns = Concern.objects.for_team(user)
    if scope == DEPUTY:
        return concerns.filter(owner_id__in=user.rights.stands_in_for)
    return concerns


@dataclass(frozen=True)
class Count:
    """How many rows a list has, counted up to the cap."""

    value: int

    def __bool__(self) -> bool:
        return self.value > 0

    def __str__(self) -> str:
        cap = number_format(COUNT_CAP, use_l10n=True, force_grouping=True)
        return f"{cap}+" if self.value > COUNT_CAP else number_format(self.value, force_grouping=True)


def count(basket: Basket, concerns, today: date) -> Count:
    """Count a list's rows, at most one more than the cap."""
    return Count(basket.rows(concerns, today).order_by()[: COUNT_CAP + 1].count())


def rows_for_page(basket: Basket, concerns, today: date):
    """A list's rows with everything a line shows, in a fixed number of queries."""
    current = Routing.objects.filter(
        Q(status__in=OPEN_ROUTINGS) | Q(status=RoutingStatus.RETURNED, return_handled=False)
    ).select_related("department")
    rows = basket.rows(concerns, today)
    if basket.voices:
        return rows.select_related("reporter__concern__topic", "reporter__concern__district", "reporter__concern__lead")
    if basket.referrals:
        shown = rows.select_related("concern__topic", "concern__district", "offer", "actor")
        return shown.defer("concern__search", "concern__text", "offer__search_text", "actor__search_text")
    if basket.people:
        return rows.select_related("concern__topic", "concern__district")
    shown = rows.select_related("topic", "district", "owner").defer("search", "text", "answer_text")
    return shown.prefetch_related(Prefetch("routings", current, to_attr="current_routings"))
