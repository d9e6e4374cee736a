"""The figures of the loop as conditions on concerns, routings and people (K22).

The evaluation counts with them and the list filters by them, so a number and the concerns behind it are the same query
(I12, Q13). Sensitive concerns are in no figure: nobody outside their team could open what is counted (N13).
"""

from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from concerns.models import Concern, ConcernEvent, Feedback, Reporter, Routing
from concerns.querysets import has_rows
from concerns.workflow import (
    ENDS_DUTY,
    NEEDS_REASON,
    OPEN_ROUTINGS,
    TOLD,
    UNSETTLED,
    ConcernStatus,
    FeedbackKind,
    FeedbackResult,
    FeedbackState,
    Outcome,
    RoutingStatus,
    WaiverReason,
)

COUNTED = Q(is_sensitive=False)
# Whoever is in none of these wanted to hear the answer and could be told: the base of the feedback rate.
NOT_TO_BE_TOLD = frozenset(set(WaiverReason) - {WaiverReason.NOT_REACHED})

CONCERNS: dict[str, tuple[str, Q]] = {
    "all": ("alle ausgewerteten Anliegen", Q()),
    "closed": ("abgeschlossen", Q(status=ConcernStatus.CLOSED)),
    "open": ("noch offen", ~Q(status=ConcernStatus.CLOSED)),
    "bundled": ("mit einem anderen gebündelt", Q(lead__isnull=False)),
    "reopened": ("wieder geöffnet", Q(reopened_count__gt=0)),
    "refused": (
        "nicht oder nur teilweise entsprochen",
        Q(status=ConcernStatus.CLOSED, outcome__in=sorted(NEEDS_REASON)),
    ),
    "promised": ("mit Zusage", ~Q(promise=Concern.Promise.NONE)),
    "promise_open": ("Zusage noch offen", Q(promise=Concern.Promise.OPEN)),
    "promise_kept": ("Zusage eingehalten", Q(promise=Concern.Promise.KEPT)),
    "promise_broken": ("Zusage nicht eingehalten", Q(promise=Concern.Promise.BROKEN)),
}
PATHS: dict[str, str] = {
    "forwarded": "an einen Fachbereich weitergeleitet",
    "own": "vom Quartiersmanagement selbst bearbeitet",
    "referred": "weitervermittelt",
    "undecided": "noch nicht entschieden",
}
ROUTINGS: dict[str, tuple[str, Q]] = {
    "received": ("beim Fachbereich eingegangen", Q()),
    "accepted": ("vom Fachbereich angenommen", Q(accepted_at__isnull=False)),
    "returned": ("zurückgegeben (nicht zuständig)", Q(status=RoutingStatus.RETURNED)),
    "answered": ("vom Fachbereich beantwortet", Q(status=RoutingStatus.ANSWERED)),
    "in_time": (
        "fristgerecht beantwortet",
        Q(status=RoutingStatus.ANSWERED, finished_at__date__lte=F("agreed_due_on")),
    ),
    "open": ("beim Fachbereich offen", Q(status__in=sorted(OPEN_ROUTINGS))),
    "escalated": ("an Leitung oder Sozialplanung gemeldet", Q(escalation__gte=2)),
}
OVERDUE = "overdue"  # depends on today, so it is no fixed condition
_WANTED = Q(concern__status__in=[ConcernStatus.FEEDBACK_DUE, ConcernStatus.CLOSED]) & ~Q(
    waiver_reason__in=sorted(NOT_TO_BE_TOLD)
)
PEOPLE: dict[str, tuple[str, Q]] = {
    "wanted": ("Rückmeldung geschuldet", _WANTED),
    "told": ("Rückmeldung erfolgt", _WANTED & Q(feedback_state=FeedbackState.DONE)),
    "waiting": ("Rückmeldung steht aus", _WANTED & Q(feedback_state__in=sorted(UNSETTLED))),
    "unreached": ("nicht erreichbar", _WANTED & Q(waiver_reason=WaiverReason.NOT_REACHED)),
    **{
        f"waived_{reason.value}": (f"Rückmeldung entfallen: {reason.label}", Q(waiver_reason=reason))
        for reason in WaiverReason
        if reason in NOT_TO_BE_TOLD
    },
    "interim": (
        "Zwischennachricht gegeben",
        has_rows(Feedback.objects.filter(reporter=OuterRef("pk"), kind=FeedbackKind.INTERIM, result__in=sorted(TOLD))),
    ),
    "interim_owed": ("Zwischennachricht steht aus", Q(due=Reporter.Due.INTERIM)),
    "came_back": (
        "E-Mail unzustellbar",
        has_rows(Feedback.objects.filter(reporter=OuterRef("pk"), result=FeedbackResult.UNDELIVERABLE)),
    ),
}
REACTIONS = tuple(Feedback.Reaction)


def counted(concerns: QuerySet) -> QuerySet:
    """The concerns that figures are about."""
    return concerns.filter(COUNTED)


def sent_routings() -> QuerySet:
    """Routings that a department really had: not those recalled."""
    return Routing.objects.exclude(status=RoutingStatus.WITHDRAWN)


def sent_to(concerns: QuerySet, departments) -> QuerySet:
    """Concerns that at least one of these departments (ids) really had."""
    routings = sent_routings().filter(department_id__in=departments, concern=OuterRef("pk"))
    return concerns.filter(has_rows(routings))


def last_reaction(reporter="pk") -> Subquery:
    """What a person said when they were last told an answer, "" when nothing was noted."""
    told = Feedback.objects.filter(reporter=OuterRef(reporter)).ending_duty().exclude(reaction="")
    return Subquery(told.order_by("-at", "-pk").values("reaction")[:1])


def handed_over() -> Exists:
    """Whether somebody else has become responsible for a concern since it was taken in."""
    return Exists(ConcernEvent.objects.filter(concern=OuterRef("pk"), kind="owner"))


def path() -> Case:
    """Which way a concern went, exactly one of `PATHS`; a bundled one goes the way of its lead."""
    own = Exists(sent_routings().filter(concern=OuterRef("pk")))
    of_lead = Exists(sent_routings().filter(concern=OuterRef("lead")))
    return Case(
        When(Q(own) | Q(Q(lead__isnull=False), of_lead), then=Value("forwarded")),
        When(outcome=Outcome.REFERRED, then=Value("referred")),
        When(status__in=[ConcernStatus.NEW, ConcernStatus.PARKED], then=Value("undecided")),
        default=Value("own"),
        output_field=CharField(),
    )


def choices() -> list[tuple[str, str]]:
    """All figures with their words, as the list filter offers them."""
    return [
        *((code, label) for code, (label, _) in CONCERNS.items()),
        ("handed_over", "zuständige Person gewechselt"),
        *((f"path-{code}", label) for code, label in PATHS.items()),
        *((f"routing-{code}", label) for code, (label, _) in ROUTINGS.items()),
        (f"routing-{OVERDUE}", "beim Fachbereich überfällig"),
        *((f"person-{code}", label) for code, (label, _) in PEOPLE.items()),
        *((f"reaction-{one.value}", f"Reaktion: {one.label}") for one in REACTIONS),
    ]


def narrow(concerns: QuerySet, figure: str, *, today: date, department: str = "") -> QuerySet:
    """The concerns that a figure counts; `department` (an id) for figures about routings.

    Raises:
        KeyError: no such figure.
    """
    concerns = counted(concerns)
    group, _, name = figure.partition("-")
    if group == "path":
        return concerns.alias(way=path()).filter(way=name)
    if group == "routing":
        return concerns.filter(has_rows(_routings(name, department, today).filter(concern=OuterRef("pk"))))
    if group == "person":
        people = Reporter.objects.filter(PEOPLE[name][1], concern=OuterRef("pk"))
        return concerns.filter(has_rows(people))
    if group == "reaction":
        people = Reporter.objects.filter(concern=OuterRef("pk")).alias(said=last_reaction()).filter(said=name)
        return concerns.filter(has_rows(people))
    if figure == "handed_over":
        return concerns.filter(handed_over())
    return concerns.filter(CONCERNS[figure][1])


def _routings(name: str, department: str, today: date) -> QuerySet:
    routings = sent_routings()
    if department:
        routings = routings.filter(department_id=department)
    return routings.overdue(today) if name == OVERDUE else routings.filter(ROUTINGS[name][1])


def first_told(reporter="pk", *, this_round: bool = False) -> Subquery:
    """When a person first heard an answer; `this_round`: the answer that counts now, not one from before a reopening.

    A subquery on `Reporter`.
    """
    told = Feedback.objects.filter(reporter=OuterRef(reporter), kind__in=sorted(ENDS_DUTY), result__in=sorted(TOLD))
    if this_round:
        told = told.filter(at__gte=OuterRef("concern__feedback_due_at"))
    return Subquery(told.order_by("at", "pk").values("at")[:1])
