"""What bodies, projects, funds, needs and theme reports put into the work basket (Z20, Z36–Z38, K15, K16)."""

from datetime import date

from django.urls import reverse

from districts.models import User
from districts.roles import Perm
from projects.models import (
    ConcernNews,
    EffectCheck,
    Event,
    FollowUp,
    FundApplication,
    Need,
    PRItem,
    ProjectTask,
    ThemeReport,
)
from quartier.web.paging import capped_count


def follow_ups_due(user: User, today: date) -> dict | None:
    """How many follow-ups of sessions are due at this person's or team's desk, and where they are."""
    if not user.rights.can(Perm.READ_BODIES):
        return None
    due = FollowUp.objects.in_basket_of(user).due(today)
    if not due.exists():
        return None
    url = f"{reverse('projects:follow_ups')}?zeigen=faellig"
    return {"label": "Aufträge aus Gremien", "count": capped_count(due), "url": url, "hint": "heute oder früher fällig"}


def theme_news(user: User, today: date) -> dict | None:
    """At how many concerns people wait to hear what is new about a theme."""
    if not user.rights.can(Perm.GIVE_FEEDBACK):
        return None
    waiting = ConcernNews.objects.of_team(user).waiting()
    return _tile("Neues zu Themen", waiting, reverse("projects:theme_news"), "Anliegen, deren Menschen es hören sollen")


def needs_to_confirm(user: User, today: date) -> dict | None:
    """How many needs nobody has confirmed for a year."""
    if not user.rights.can(Perm.EDIT_NEEDS):
        return None
    due = Need.objects.in_basket_of(user).to_confirm(today)
    return _tile("Themen bestätigen", due, f"{reverse('projects:needs')}?confirm=on", "seit einem Jahr nicht geprüft")


def theme_reports_late(user: User, today: date) -> dict | None:
    """How many of the own theme reports wait past their day, or for an answer to a question."""
    if not user.rights.can(Perm.DECIDE_NEEDS):
        return None
    late, url = ThemeReport.objects.of_team(user).pressing(today), reverse("projects:theme_reports")
    return _tile(
        "Themenmeldungen", late, f"{url}?status=faellig&mine=on", "überfällig, mit Rückfrage oder zurückgegeben"
    )


def project_tasks_due(user: User, today: date) -> dict | None:
    """Tasks and milestones of projects and events that are due at this person's or team's desk."""
    if not user.rights.can(Perm.READ_PROJECTS):
        return None
    due = ProjectTask.objects.in_basket_of(user).due(today)
    url = f"{reverse('projects:project_tasks')}?zeigen=faellig"
    return _tile("Aufgaben aus Projekten", due, url, "heute oder früher fällig")


def effects_due(user: User, today: date) -> dict | None:
    """Projects of which somebody should say whether they still work (N6)."""
    if not (user.rights.can(Perm.EDIT_PROJECTS) or user.rights.can(Perm.EDIT_ALL_PROJECTS)):
        return None
    return _tile("Wirkt es noch?", EffectCheck.objects.in_basket_of(user).due(today), reverse("projects:effect_checks"))


def events_to_report(user: User, today: date) -> dict | None:
    """Events that are over and of which nobody has said how they were."""
    if not _keeps_events(user):
        return None
    over = Event.objects.in_basket_of(user).unreported(today)
    return _tile("Veranstaltungen: Wie war es?", over, reverse("projects:events_to_report"))


def events_to_repeat(user: User, today: date) -> dict | None:
    """Yearly events that are over and have no next one yet (Z30)."""
    if not _keeps_events(user):
        return None
    over = Event.objects.in_basket_of(user).to_repeat(today)
    return _tile("Nächstes Jahr wieder?", over, reverse("projects:events_to_repeat"), "jährliche Veranstaltungen")


def _keeps_events(user: User) -> bool:
    """Teams, and the Sozialplanung for what it keeps."""
    return user.rights.can(Perm.EDIT_EVENTS) or user.rights.can(Perm.EDIT_ALL_PROJECTS)


def pr_to_approve(user: User, today: date) -> dict | None:
    """What others have handed in and this person may approve."""
    if not user.rights.can(Perm.APPROVE_PR):
        return None
    return _tile("Zur Freigabe", PRItem.objects.waiting_for(user), reverse("projects:pr_approvals"))


def pr_returned(user: User, today: date) -> dict | None:
    """Items of the own basket that came back with a hint."""
    if not user.rights.can(Perm.DRAFT_PR):
        return None
    url = f"{reverse('projects:pr_items')}?status=returned&mine=on"
    return _tile("Beiträge zurück mit Hinweis", PRItem.objects.returned().in_basket_of(user), url)


def pr_to_publish(user: User, today: date) -> dict | None:
    """Items of the own basket that are approved and whose day has come."""
    if not user.rights.can(Perm.EDIT_PR):
        return None
    due = PRItem.objects.to_publish(today).in_basket_of(user)
    url = f"{reverse('projects:pr_items')}?status=due&mine=on"
    return _tile("Beiträge zu veröffentlichen", due, url, "freigegeben, Tag ist gekommen")


def applications_to_check(user: User, today: date) -> dict | None:
    """Applications to the own funds that wait for a check."""
    rows = FundApplication.objects.to_check()
    return _of_funds(user, rows, "Fondsanträge zu prüfen", "pruefen", "eingereicht oder in Prüfung")


def notices_owed(user: User, today: date) -> dict | None:
    """Applicants who have not been told what was decided."""
    rows = FundApplication.objects.notice_owed()
    return _of_funds(user, rows, "Bescheide zuzustellen", "bescheid", "entschieden, noch nicht gesagt")


def proofs_overdue(user: User, today: date) -> dict | None:
    """Proofs of use that should have been there."""
    rows = FundApplication.objects.proof_overdue(today)
    return _of_funds(user, rows, "Nachweise überfällig", "nachweis", "Geld ist ausgezahlt")


def _of_funds(user: User, rows, label: str, owed: str, hint: str) -> dict | None:
    if not user.rights.can(Perm.KEEP_FUNDS):
        return None
    return _tile(label, rows.kept_by(user), f"{reverse('projects:applications')}?owed={owed}", hint)


def _tile(label: str, rows, url: str, hint: str = "") -> dict | None:
    count = capped_count(rows)
    return {"label": label, "count": count, "url": url, "hint": hint} if count != "0" else None
