"""Project dossier (P18): everything about a project that leaves the house, without anything about people."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from projects.attainment import IndicatorState, measure_indicators
from projects.finance import financing
from projects.models import ActionPlan, Measure, Project
from projects.project_page import with_facts
from quartier.pdf import render

from .head import office_in, sender


def project_dossier(project: Project, *, today: date, full: bool, with_money: bool = False) -> bytes:
    """The dossier of a project (see `with_facts`); concerns behind it are counted, never named.

    Without `full`, for partners: no tasks, nobody who does something, no body's decision, no lessons, no checks and
    nothing about concerns, as on their page. Its money stands in it only when asked for.
    """
    districts = list(project.districts.all())
    tasks = list(project.tasks.all())
    events = list(project.events.select_related("format", "district").order_by("on", "pk"))
    held = [one for one in events if one.status == "held"]
    context = {
        **sender(office_in(districts[0]) if districts else None),
        "project": project,
        "today": today,
        "full": full,
        "places": ", ".join(map(str, districts)) or "ganze Stadt",
        "goals": [line for line in project.goals.splitlines() if line.strip()],
        "partners": list(project.partners.select_related("actor", "department")),
        "milestones": [one for one in tasks if one.kind == "milestone"],
        "open_tasks": [one for one in tasks if one.kind != "milestone" and one.is_open] if full else [],
        "events": events,
        "visitors": sum(one.participants or 0 for one in held),
        "held": len(held),
        "checks": list(project.checks.all()) if full else [],
        "stages": list(project.log.filter(kind="moved").order_by("on", "pk")),
        "origin_count": project.origins.count() if full else 0,
        "lessons": project.lessons if full else "",
        "financing": financing(project) if with_money else None,
        "measures": _measures(project) if full else [],
    }
    title = f"Projektdossier {project.title}"
    return render("reports/papers/project_dossier.html", context, title=title, author=settings.CITY_NAME)


def _measures(project: Project) -> list[tuple[Measure, list[IndicatorState]]]:
    """The measures of plans in force that it serves, each with what shows what the measure brings (Z25)."""
    plans = ActionPlan.objects.in_force().counted()
    rows = list(project.measures.filter(plan__in=plans.values("pk")).select_related("plan", "goal"))
    shown = measure_indicators(rows)
    return [(one, shown.get(one.pk, [])) for one in rows]


def project_papers() -> Iterator[tuple[str, bytes]]:
    """The project in each state with most partners."""
    today = timezone.localdate()
    for status in ("running", "continued", "dropped"):
        found = with_facts(Project.objects.filter(status=status)).annotate(n=Count("partners"))
        if project := found.order_by("-n", "pk").first():
            yield f"projektdossier-{status}", project_dossier(project, today=today, full=True, with_money=True)
