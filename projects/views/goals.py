"""How far goals are reached: indicators, values, evidence, assessments (D06)."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import attainment as actions
from projects.attainment import goal_state, goal_states, without_indicator
from projects.forms.attainment import AssessForm, EvidenceForm, IndicatorForm, ValueForm, correction_form
from projects.models import Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue, Measure
from projects.planning import PlanStatus
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
    context = frame(request, found.plan, "")
    context |= {
        "title": found.title,
        "goal": found,
        "editable": context["may_contribute"] and found.plan.status != PlanStatus.SUPERSEDED,
        "state": state,
        "cells": colour_cells(state.counts),
        "legend": short_legend(),
    }
    return render_page(request, "projects/goals/detail.html", context)


def _context(title: str, found: Goal | Measure, **more) -> dict:
    context = {"title": title, "lead": found.title, "back": found.get_absolute_url(), "back_label": found.title[:60]}
    return context | more


def _goal(request: HttpRequest, pk: int) -> Goal:
    """A goal about which this person may note something."""
    return get_object_or_404(Goal.objects.contributed_by(request.user).select_related("plan"), pk=pk)


def _edited(request: HttpRequest, pk: int) -> Goal:
    return get_object_or_404(Goal.objects.editable_by(request.user).select_related("plan"), pk=pk)


def _indicator(goal: Goal, pk: int) -> GoalIndicator:
    """An indicator of a goal or of one of its measures."""
    return get_object_or_404(GoalIndicator.objects.select_related("measure"), pk=pk, goal=goal)


def _shown_at(goal: Goal, indicator: GoalIndicator | None) -> str:
    """Where an indicator is read: at its measure, or at its goal."""
    return (indicator.measure if indicator and indicator.measure_id else goal).get_absolute_url()


@requires(Perm.EDIT_PLANS)
def indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an indicator."""
    return _save_indicator(request, _edited(request, pk), None)


@requires(Perm.EDIT_PLANS)
def measure_indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what shows what a measure brings (Z25)."""
    shown = Measure.objects.editable_by(request.user).select_related("goal__plan")
    found = get_object_or_404(shown, pk=pk)
    return _save_indicator(request, found.goal, None, found)


@requires(Perm.EDIT_PLANS)
def indicator_edit(request: HttpRequest, pk: int, indicator: int) -> HttpResponse:
    """Change an indicator; whoever was slower compares first."""
    found = _edited(request, pk)
    return _save_indicator(request, found, _indicator(found, indicator))


def _save_indicator(
    request: HttpRequest, goal: Goal, found: GoalIndicator | None, measure: Measure | None = None
) -> HttpResponse:
    form = IndicatorForm(request.POST or None, instance=found, goal=goal, measure=measure)
    measure = found.measure if found else measure

    def compare() -> dict:
        now = GoalIndicator.objects.filter(pk=found.pk).first() if found else None
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_indicator, goal=goal, measure=measure, indicator=found)),
        template="districts/form.html",
        context=_context("Indikator bearbeiten" if found else "Indikator eintragen", measure or goal),
        message="Gespeichert.",
        to=(measure or goal).get_absolute_url(),
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
        context=_context(f"Wert eintragen: {row.name}", row.measure or found),
        message="Der Wert ist eingetragen.",
        to=_shown_at(found, row),
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


_KINDS = {"wert": GoalValue, "beleg": GoalEvidence, "einschaetzung": GoalAssessment}


def _record(goal: Goal, kind: str, pk: int) -> GoalValue | GoalEvidence | GoalAssessment:
    """Something noted for a goal in any version of the plan; an unknown kind is 404."""
    if kind not in _KINDS:
        raise Http404
    of_goal = "indicator__goal" if kind == "wert" else "goal"
    rows = (
        _KINDS[kind]
        .objects.filter(**{f"{of_goal}__key": goal.key, f"{of_goal}__plan__line": goal.plan.line})
        .select_related("indicator__measure" if kind == "wert" else "goal")
    )
    return get_object_or_404(rows, pk=pk)


@requires(*MAY_AMEND)
def record_correct(request: HttpRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Strike a value, evidence or an assessment and say what holds instead; what was struck stays to be read."""
    found = _edited(request, pk) if kind == "einschaetzung" else _goal(request, pk)
    record = _record(found, kind, row)
    indicator = _copy_of(found, record.indicator) if kind == "wert" else None
    back = _shown_at(found, indicator)
    title = {"wert": "Wert berichtigen", "beleg": "Beleg berichtigen", "einschaetzung": "Einschätzung berichtigen"}
    return save_form(
        request,
        correction_form(record, request.POST or None),
        save=refusing(partial(actions.correct, goal=found, record=record)),
        template="districts/form.html",
        context=_context(title[kind], found, back=back, save_label="Berichtigen"),
        message="Berichtigt. Was vorher da stand, bleibt unter „Berichtigt“ lesbar.",
        to=back,
    )


def _copy_of(goal: Goal, indicator: GoalIndicator) -> GoalIndicator | None:
    """An indicator as the version of a goal has it."""
    return GoalIndicator.objects.filter(goal=goal, key=indicator.key).select_related("measure").first()
