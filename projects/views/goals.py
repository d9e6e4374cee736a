"""How far goals are reached: indicators, values, evidence, assessments (D06)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import attainment as actions
from projects.attainment import goal_state, goal_states, without_indicator
from projects.forms.plans import AssessForm, EvidenceForm, IndicatorForm, ValueForm
from projects.models import Goal, GoalIndicator
from projects.tableau import colour_cells, short_legend
from projects.views.measures import MAY_AMEND
from projects.views.plans import frame, plan_to_read
from projects.views.refusals import refusing
from quartier.web.pages import render_page


@requires(Perm.READ_PLANS)
@require_safe
def goals(request: HttpRequest, pk: int) -> HttpResponse:
    """All goals of a version with what shows how far they have come."""
    found = plan_to_read(request, pk)
    states = goal_states(found)
    context = frame(request, found, "goals") | {
        "title": f"Zielerreichung: {found.title}",
        "states": states,
        "without": without_indicator(states),
    }
    return render_page(request, "projects/goals/list.html", context)


@requires(Perm.READ_PLANS)
@require_safe
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal."""
    found = get_object_or_404(Goal.objects.visible_to(request.user).select_related("plan"), pk=pk)
    state = goal_state(found)
    context = frame(request, found.plan, "") | {
        "title": found.title,
        "goal": found,
        "state": state,
        "cells": colour_cells(state.counts),
        "legend": short_legend(),
    }
    return render_page(request, "projects/goals/detail.html", context)


def _context(title: str, found: Goal, **more) -> dict:
    context = {"title": title, "lead": found.title, "back": found.get_absolute_url(), "back_label": found.title[:60]}
    return context | more


def _goal(request: HttpRequest, pk: int) -> Goal:
    """A goal about which this person may note something."""
    return get_object_or_404(Goal.objects.contributed_by(request.user).select_related("plan"), pk=pk)


def _edited(request: HttpRequest, pk: int) -> Goal:
    return get_object_or_404(Goal.objects.editable_by(request.user).select_related("plan"), pk=pk)


def _indicator(goal: Goal, pk: int) -> GoalIndicator:
    """An indicator of a goal, whichever version of the plan it was entered in."""
    return get_object_or_404(GoalIndicator, pk=pk, goal__key=goal.key, goal__plan__line=goal.plan.line)


@requires(Perm.EDIT_PLANS)
def indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an indicator."""
    return _save_indicator(request, _edited(request, pk), None)


@requires(Perm.EDIT_PLANS)
def indicator_edit(request: HttpRequest, pk: int, indicator: int) -> HttpResponse:
    """Change an indicator; whoever was slower compares first."""
    found = _edited(request, pk)
    return _save_indicator(request, found, _indicator(found, indicator))


def _save_indicator(request: HttpRequest, goal: Goal, found: GoalIndicator | None) -> HttpResponse:
    form = IndicatorForm(request.POST or None, instance=found, goal=goal)

    def compare() -> dict:
        if found is None:
            return {}
        now = GoalIndicator.objects.get(pk=found.pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_indicator, goal=goal, indicator=found)),
        template="districts/form.html",
        context=_context("Indikator bearbeiten" if found else "Indikator eintragen", goal),
        message="Gespeichert.",
        to=goal.get_absolute_url(),
        on_conflict=compare,
    )


@requires(*MAY_AMEND)
def indicator_value(request: HttpRequest, pk: int, indicator: int) -> HttpResponse:
    """Note the value of a year."""
    found = _goal(request, pk)
    row = _indicator(found, indicator)
    return save_form(
        request,
        ValueForm(request.POST or None),
        save=refusing(partial(actions.note_value, goal=found, indicator=row)),
        template="districts/form.html",
        context=_context(f"Wert eintragen: {row.name}", found),
        message="Der Wert ist eingetragen.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_AMEND)
def evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note something that cannot be counted."""
    found = _goal(request, pk)
    return save_form(
        request,
        EvidenceForm(request.POST or None),
        save=refusing(partial(actions.add_evidence, goal=found)),
        template="districts/form.html",
        context=_context("Beleg eintragen", found),
        message="Der Beleg ist eingetragen.",
        to=found.get_absolute_url(),
    )


@requires(Perm.EDIT_PLANS)
def goal_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far a goal has been reached."""
    found = _edited(request, pk)
    return save_form(
        request,
        AssessForm(request.POST or None),
        save=refusing(partial(actions.assess, goal=found)),
        template="districts/form.html",
        context=_context("Zielerreichung einschätzen", found),
        message="Die Einschätzung ist festgehalten.",
        to=found.get_absolute_url(),
    )
