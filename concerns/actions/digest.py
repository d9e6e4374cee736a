"""One digest a day per person: figures and links, no personal data, nothing about single events (Q10)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings as django_settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from concerns.models import Concern, Handover, OutgoingMail, Reporter, Routing, Voice
from concerns.workflow import RoutingStatus
from districts.models import Department, Membership, User
from districts.roles import Perm
from quartier.workdays import add_workdays, is_workday

from .base import day, moment, settings
from .clock import LEAD, PLANNING
from .mail import queue_digest

FROM_HOUR = 6  # local time
LONG_WAITING = 5  # working days after which coordination hears of a proposal to hand over that nobody has answered
Line = tuple[int, str, str]  # count, German words, URL name with optional query


def send_digests(*, at: datetime | None = None) -> int:
    """Queue today's digest for everybody who wants one, has something to do and has not had it; returns how many.

    Runs many times a day: who had theirs is skipped, so a worker that was down in the morning catches up. What a digest
    says is how things stand, so a day without one loses nothing.
    """
    at = moment(at)
    today = day(at)
    if not is_workday(today) or timezone.localtime(at).hour < FROM_HOUR:
        return 0
    people = {f"digest:{user.pk}:{today}": user for user in User.objects.active().filter(wants_digest=True)}
    mailboxes = {f"digest:department:{department.pk}:{today}": department for department in _without_people(today)}
    had = set(OutgoingMail.objects.filter(key__in=[*people, *mailboxes]).values_list("key", flat=True))
    queued = 0
    for key, user in people.items():
        if key not in had:
            queued += _queue(key, user.email, _lines(user, today), user=user, at=at)
    for key, department in mailboxes.items():
        if key not in had:
            lines = _mailbox_lines(department, today)
            queued += _queue(key, department.mailbox, lines, user=None, at=at)
    return queued


def _queue(key: str, to: str, lines: Iterable[Line], *, user: User | None, at: datetime) -> bool:
    lines = [line for line in lines if line[0]]
    if not lines:
        return False
    body = "\n".join(["Guten Tag,", "", "das liegt heute an:", "", *map(_sentence, lines), "", _closing(user)])
    subject = f"{django_settings.SITE_NAME}: Ihr Tag am {day(at):%d.%m.%Y}"
    queue_digest(key=key, to=to, subject=subject, body=body, user=user, at=at)
    return True


def _sentence(line: Line) -> str:
    number, words, address = line
    name, _, query = address.partition("?")
    url = django_settings.PUBLIC_URL.rstrip("/") + reverse(name) + (f"?{query}" if query else "")
    return f"- {words}: {number}\n  {url}"


def _closing(user: User | None) -> str:
    if user is None:
        return "Diese Nachricht geht an das Funktionspostfach, weil noch niemand bei Ihnen einen Zugang hat."
    return "Sie können diese Zusammenfassung in Ihrem Profil abbestellen."


def _lines(user: User, today: date) -> Iterable[Line]:
    rights = user.rights
    if rights.can(Perm.GIVE_FEEDBACK):
        yield from _desk_lines(user, today)
    if rights.can(Perm.ANSWER_ROUTINGS):
        yield from _department_lines(rights.department_ids, rights.lead_department_ids, user, today)
    for path in django_settings.DIGEST_LINES:
        yield from import_string(path)(user, rights.department_ids, rights.lead_department_ids, today)
    handovers = Handover.objects.waiting_for(user).count()
    yield handovers, "Übergaben warten auf Ihre Zustimmung", "concerns:handovers"
    if rights.can(Perm.COORDINATE):
        long = Handover.objects.waiting().filter(proposed_at__date__lt=add_workdays(today, -LONG_WAITING))
        yield long.count(), "Übergaben warten seit Langem auf eine Antwort", "concerns:handovers"
        escalated = Routing.objects.overdue(today).filter(escalation=PLANNING)
        yield escalated.count(), "Fachbereiche antworten lange nicht (bei der Sozialplanung)", "concerns:coordination"


def _desk_lines(user: User, today: date) -> Iterable[Line]:
    mine = Concern.objects.for_team(user).mine(user) if user.rights.can(Perm.TRIAGE) else Concern.objects.for_team(user)
    whole_team = not user.rights.can(Perm.READ_REPORTERS) and settings().assistants_see_team_reporters
    waiting = Reporter.objects.visible_to(user, whole_team=whole_team).feedback_due().filter(concern__in=mine)
    address = "concerns:basket?liste="
    yield waiting.count(), "Personen warten auf eine Rückmeldung", "concerns:worklist"
    yield mine.to_triage().count(), "Anliegen neu zu sichten", f"{address}triage"
    yield mine.with_query().count(), "Rückfragen von Fachbereichen", f"{address}rueckfragen"
    yield mine.overdue_at_department(today).count(), "Anliegen überfällig beim Fachbereich", f"{address}ueberfaellig"
    yield mine.promises_due(today).count(), "Zusagen fällig", f"{address}zusagen"
    voices = Voice.objects.waiting().filter(reporter__concern__in=mine)
    yield voices.count(), "Stimmen von Bewohner/innen: hat nicht geholfen", f"{address}stimmen"
    yield mine.follow_ups_due(today).count(), "Wiedervorlagen", f"{address}wiedervorlagen"


def _department_lines(departments, lead_departments, user: User | None, today: date) -> Iterable[Line]:
    routings = Routing.objects.filter(department_id__in=departments)
    if user:
        in_hand = Q(assignee__in={user.pk, *user.rights.stands_in_for})
        routings = routings.filter(in_hand | Q(assignee=None))
    late = routings.overdue(today)
    yield routings.filter(status=RoutingStatus.SENT).count(), "Neue Anliegen für Ihren Fachbereich", "concerns:inbox"
    yield late.count(), "Erinnerung: Antworten überfällig", "concerns:inbox"
    led = Routing.objects.filter(department_id__in=lead_departments).overdue(today).filter(escalation__gte=LEAD)
    yield led.count(), "An Sie als Leitung: Antworten seit Langem überfällig", "concerns:inbox"


def _mailbox_lines(department: Department, today: date) -> Iterable[Line]:
    departments = department.with_predecessor_ids()
    yield from _department_lines(departments, set(), None, today)
    for path in django_settings.DIGEST_LINES:
        yield from import_string(path)(None, departments, frozenset(), today)


def _without_people(today: date):
    """Departments in force with a mailbox, an account-based way of answering, and nobody who could sign in."""
    staffed = Membership.objects.valid_on(today).filter(user__is_active=True, department__isnull=False)
    departments = Department.objects.valid_on(today).filter(answers_by_link=False).exclude(mailbox="")
    return departments.exclude(pk__in=staffed.values("department")).exclude(successor__isnull=False).order_by("pk")
