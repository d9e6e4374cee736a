"""Papers of action plans: the table in Belm's columns (P17), finance, deadlines."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone

from projects.attainment import goal_states, without_indicator
from projects.finance import deadlines_of_plan, plan_finance
from projects.models import ActionPlan
from projects.planning import month_words
from projects.tableau import short_legend, tableau
from quartier.pdf import render


def _render(template: str, plan: ActionPlan, title: str, today: date, **context) -> bytes:
    context |= {
        "plan": plan,
        "as_of": month_words(plan.as_of),
        "places": ", ".join(map(str, plan.districts.all())) or plan.area,
        "legend": short_legend(),
        "today": today,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    return render(f"reports/papers/{template}.html", context, title=title, author=settings.CITY_NAME)


def plan_paper(plan: ActionPlan, *, today: date) -> bytes:
    """The table of a version, its legend on every page, and how far its goals are reached."""
    states = goal_states(plan)
    return _render(
        "plan", plan, f"Maßnahmen {plan.title}, Stand {month_words(plan.as_of)}", today,
        tableau=tableau(plan), states=states, without=without_indicator(states),
    )  # fmt: skip


def plan_finance_paper(plan: ActionPlan, *, today: date) -> bytes:
    """What the measures cost and what pays for them, per source and year."""
    return _render("plan_finance", plan, f"Finanzierung {plan.title}", today, finance=plan_finance(plan))


def plan_deadline_paper(plan: ActionPlan, *, today: date) -> bytes:
    """The days of a plan in order."""
    return _render("plan_deadlines", plan, f"Termine {plan.title}", today, rows=deadlines_of_plan(plan, today))


def plan_papers() -> Iterator[tuple[str, bytes]]:
    """Every version that was decided with its table; finance and deadlines of those in force."""
    today = timezone.localdate()
    for plan in ActionPlan.objects.exclude(status="draft").order_by("title", "number"):
        name = f"handlungskonzept-{plan.pk}-fassung-{plan.number}"
        yield name, plan_paper(plan, today=today)
        if plan.is_in_force and not plan.is_sample:
            yield f"{name}-finanzierung", plan_finance_paper(plan, today=today)
            yield f"{name}-termine", plan_deadline_paper(plan, today=today)
