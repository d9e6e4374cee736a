"""What theme reports and needs put into pages of the loop: inbox, coordination, digest, hand-over (K16, I9)."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from concerns.ticket import TONES, WORDS
from concerns.workflow import RoutingStatus
from districts.models import User
from districts.roles import Perm
from projects.models import FundApplication, Need, ThemeRecipient, ThemeReport
from projects.need_page import ESCALATIONS
from quartier.web.paging import capped_count

SHOWN = 10
LEAD = 2


def theme_reports(user: User, today: date) -> dict | None:
    """Open theme reports to the own departments as rows of their inbox, the most pressing first."""
    found = ThemeRecipient.objects.visible_to(user).open().order_by("due_on", "pk")
    shown = found.select_related("report__district", "assignee").only(
        *("due_on", "status", "escalation", "query_since", "report__title", "assignee__name"),
        "report__district__short_name",
    )
    rows = [
        {
            "title": one.report.title,
            "url": one.get_absolute_url(),
            "where": one.report.district.short_name if one.report.district else "stadtweit",
            "due_on": one.due_on,
            "stands_still": one.query_since is not None,
            "words": WORDS[one.status],
            "tone": TONES[one.status],
            "escalation": one.escalation,
            "escalation_text": ESCALATIONS.get(one.escalation, ""),
            "assignee": one.assignee,
        }
        for one in shown[: SHOWN + 1]
    ]
    if not rows:
        return None
    count = capped_count(found) if len(rows) > SHOWN else str(len(rows))
    return {
        "key": "themenmeldungen",
        "label": "Themenmeldungen",
        "count": count,
        "url": reverse("projects:theme_tickets"),
        "rows": rows[:SHOWN],
    }


def escalated(user: User, today: date) -> dict | None:
    """Theme reports that departments do not answer although the third step is reached."""
    escalated = ThemeRecipient.objects.escalated().values("report")
    waiting = ThemeReport.objects.filter(pk__in=escalated)
    if not waiting.exists():
        return None
    url = f"{reverse('projects:theme_reports')}?status=faellig"
    hint = "bis zur Sozialplanung eskaliert"
    return {"label": "Themenmeldungen", "count": capped_count(waiting), "url": url, "tone": "danger", "hint": hint}


def own_reports(user: User, today: date) -> dict | None:
    """Theme reports that the Sozialplanung itself looks after and that wait for it: late, asked about, given back."""
    waiting = ThemeReport.objects.of_team(user).pressing(today)
    count = capped_count(waiting)
    if count == "0":
        return None
    url = f"{reverse('projects:theme_reports')}?status=faellig&mine=on"
    hint = "überfällig, mit Rückfrage oder zurückgegeben"
    return {"label": "Eigene Themenmeldungen", "count": count, "url": url, "tone": "warning", "hint": hint}


def digest_lines(
    user: User | None, departments: Iterable[int], led: Iterable[int], today: date
) -> Iterator[tuple[int, str, str]]:
    """Lines of the daily digest: figures and links, no titles (Q10). Without a person for a department's mailbox."""
    if departments:
        rows = ThemeRecipient.objects.open().filter(department__in=list(departments))
        if user:
            nobody = Q(assignee=None) | Q(assignee__is_active=False)
            rows = rows.filter(Q(assignee__in={user.pk, *user.rights.stands_in_for}) | nobody)
        new, late = rows.filter(status=RoutingStatus.SENT), rows.overdue(today)
        yield new.count(), "Neue Themenmeldungen für Ihren Fachbereich", "projects:theme_tickets"
        yield late.count(), "Erinnerung: Antworten auf Themenmeldungen überfällig", "projects:theme_tickets"
    if led:
        long = ThemeRecipient.objects.overdue(today).filter(department__in=list(led), escalation__gte=LEAD)
        yield long.count(), "An Sie als Leitung: Themenmeldungen seit Langem überfällig", "projects:theme_tickets"
    if user and user.rights.can(Perm.EDIT_NEEDS):
        due = Need.objects.in_basket_of(user).to_confirm(today)
        yield due.count(), "Themen zu bestätigen", "projects:needs?confirm=on"
    if user and user.rights.can(Perm.EDIT_ALL_FUNDS):
        waiting = FundApplication.objects.to_confirm()
        yield waiting.count(), "Fondsanträge zur zweiten Prüfung", "projects:applications?owed=zweitpruefung"


def kept_needs(person: User) -> Iterator[tuple[str, str, Perm]]:
    """Open needs that hang on a person, and where they are handed over (I9)."""
    if count := Need.objects.kept_by(person).count():
        what = "ein Thema" if count == 1 else f"{count} Themen"
        yield f"{what} im Themenspeicher", reverse("projects:needs_hand_over", args=[person.pk]), Perm.MANAGE_USERS
