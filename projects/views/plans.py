"""Action plans: list, table, versions, goals of a draft (Z23–Z28)."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions.base import Conflict
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import plans as actions
from projects.actions.discarding import discard_draft
from projects.forms.plans import AdoptForm, DiscardForm, GoalForm, PlanForm, TableauFilter, UpdateDueForm, UpdateForm
from projects.models import ActionPlan, DiscardedDraft, Goal
from projects.planning import month_words
from projects.tableau import csv_lines, short_legend, tableau
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page


def plan_to_read(request: HttpRequest, pk: int) -> ActionPlan:
    """A version that this person may read; 404 otherwise."""
    return get_object_or_404(ActionPlan.objects.visible_to(request.user), pk=pk)


def plan_to_edit(request: HttpRequest, pk: int) -> ActionPlan:
    """A version that this person writes; 404 otherwise."""
    return get_object_or_404(ActionPlan.objects.editable_by(request.user), pk=pk)


@requires(Perm.READ_PLANS)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """All plans with their versions, those in force first."""
    lines: dict = {}
    shown = ActionPlan.objects.visible_to(request.user).prefetch_related("districts").order_by("title", "-number")
    for one in shown:
        lines.setdefault(one.line, []).append(one)
    rows = [(next((one for one in found if one.is_in_force), found[0]), found) for found in lines.values()]
    context = {
        "title": "Handlungskonzepte",
        "lines": [
            (main, month_words(main.as_of), [(one, month_words(one.as_of)) for one in found if one != main])
            for main, found in rows
        ],
        "may_edit": request.user.rights.can(Perm.EDIT_PLANS),
        "discarded": list(DiscardedDraft.objects.visible_to(request.user).select_related("by")),
        "today": timezone.localdate(),
    }
    return render_page(request, "projects/plans/list.html", context)


def frame(request: HttpRequest, plan: ActionPlan, current: str) -> dict:
    """What every page of a version shows around its content."""
    rights = request.user.rights
    versions = ActionPlan.objects.visible_to(request.user).filter(line=plan.line).order_by("-number")
    return {
        "plan": plan,
        "current": current,
        "as_of": month_words(plan.as_of),
        "places": ", ".join(one.short_name for one in plan.districts.all()) or plan.area,
        "versions": [(one, month_words(one.as_of)) for one in versions],
        "may_edit": rights.can(Perm.EDIT_PLANS),
        "may_contribute": ActionPlan.objects.contributed_by(request.user).filter(pk=plan.pk).exists(),
        "reads_finance": rights.can(Perm.READ_FINANCE),
        "today": timezone.localdate(),
    }


@requires(Perm.READ_PLANS)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of a version in Belm's columns, with legend and counts."""
    found = plan_to_read(request, pk)
    form = TableauFilter(request.GET or None, plan=found)
    chosen, status = {}, 200
    if form.is_bound:
        chosen, status = (form.chosen, 200) if form.is_valid() else ({"goal": -1}, 422)
    context = frame(request, found, "tableau") | {
        "title": found.title,
        "form": form,
        "tableau": tableau(found, **chosen),
        "is_filtered": any(chosen.values()),
        "legend": short_legend(),
    }
    return render_page(request, "projects/plans/tableau.html", context, fragments={"table": "table"}, status=status)


@requires(Perm.READ_PLANS)
@require_safe
def plan_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows of the table as a CSV file, as the filter leaves them."""
    found = plan_to_read(request, pk)
    form = TableauFilter(request.GET, plan=found)
    if not form.is_valid():
        return redirect_to(request, f"{found.get_absolute_url()}?{request.GET.urlencode()}")
    return csv_file(csv_lines(tableau(found, **form.chosen)), "massnahmen")


def csv_file(lines, name: str) -> StreamingHttpResponse:
    """A CSV file of today."""
    disposition = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


@requires(Perm.EDIT_PLANS)
def plan_new(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    return save_form(
        request,
        PlanForm(request.POST or None),
        save=actions.save_plan,
        template="projects/plans/form.html",
        context={
            "title": "Handlungskonzept anlegen",
            "back": reverse("projects:plans"),
            "back_label": "Handlungskonzepte",
        },
        message="Angelegt. Jetzt fehlen die Oberziele und Maßnahmen.",
        to=ActionPlan.get_absolute_url,
    )


@requires(Perm.EDIT_PLANS)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft; whoever was slower compares first. What was decided leads back."""
    found = plan_to_edit(request, pk)
    if request.method != "POST" and not found.is_draft:
        notify(request, actions.DECIDED, level="info")
        return redirect_to(request, found)
    form = PlanForm(request.POST or None, instance=found)

    def compare() -> dict:
        now = ActionPlan.objects.filter(pk=pk).first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_plan, plan=found),
        template="projects/plans/form.html",
        context=_context("Entwurf bearbeiten", found),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=compare,
    )


def _context(title: str, plan: ActionPlan, **more) -> dict:
    return {"title": title, "back": plan.get_absolute_url(), "back_label": plan.title, "plan": plan, **more}


@requires(Perm.EDIT_PLANS)
def plan_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """The council has decided."""
    found = plan_to_edit(request, pk)
    lead = "Danach bleiben Oberziele und Maßnahmen, wie sie sind. Änderungen stehen als Nachtrag darunter."
    form = AdoptForm(request.POST or None, initial=_seen(found))
    return save_form(
        request,
        form,
        save=partial(actions.adopt_plan, plan=found),
        template="districts/form.html",
        context=_context("Beschluss eintragen", found, lead=lead, save_label="Als beschlossen festhalten"),
        message="Diese Fassung gilt jetzt.",
        to=found.get_absolute_url(),
        on_conflict=partial(_against_stored, form, pk),
    )


def _against_stored(form: AdoptForm | DiscardForm, pk: int) -> dict:
    """Keep what was typed, now against the draft as it is stored: sending it again means that one."""
    now = ActionPlan.objects.filter(pk=pk).first()
    form.data = form.data.copy()
    for name, value in (_seen(now) if now else {"version": 0}).items():
        form.data[name] = str(value)
    return {}


def _seen(plan: ActionPlan) -> dict[str, int]:
    """The draft that is on the screen: its own words, and whatever it holds."""
    return {"version": plan.version, "seen": actions.stand_of(plan)}


@requires(Perm.EDIT_PLANS)
def plan_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give up a draft; what was decided is never discarded."""
    found = plan_to_edit(request, pk)
    if request.method != "POST" and not found.is_draft:
        notify(request, actions.DECIDED, level="info")
        return redirect_to(request, found)
    form = DiscardForm(request.POST or None, initial=_seen(found))
    return save_form(
        request,
        form,
        save=refusing(partial(discard_draft, plan=found)),
        template="projects/plans/discard.html",
        context=_context("Entwurf verwerfen", found, new=found.measures.filter(carried_from=None).count()),
        message="Der Entwurf ist verworfen.",
        to=lambda holds: holds.get_absolute_url() if holds else reverse("projects:plans"),
        on_conflict=partial(_against_stored, form, pk),
    )


@requires(Perm.EDIT_PLANS)
def plan_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version."""
    found = plan_to_edit(request, pk)
    lead = (
        "Oberziele und Maßnahmen werden mit ihrer Geschichte in einen neuen Entwurf übernommen. Bis zu dessen Beschluss"
        " gilt die jetzige Fassung."
    )
    return save_form(
        request,
        UpdateForm(request.POST or None, initial={"as_of": timezone.localdate().replace(day=1)}),
        save=partial(actions.begin_update, plan=found),
        template="districts/form.html",
        context=_context("Fortschreibung beginnen", found, lead=lead, save_label="Entwurf anlegen"),
        message="Der Entwurf der neuen Fassung ist angelegt.",
        to=ActionPlan.get_absolute_url,
    )


@requires(Perm.EDIT_PLANS)
def plan_due(request: HttpRequest, pk: int) -> HttpResponse:
    """By when a plan is to be updated."""
    found = plan_to_edit(request, pk)
    return save_form(
        request,
        UpdateDueForm(request.POST or None, initial={"update_due_on": found.update_due_on}),
        save=partial(actions.set_update_due, plan=found),
        template="districts/form.html",
        context=_context("Fortschreibung planen", found),
        message="Gespeichert.",
        to=found.get_absolute_url(),
    )


@requires(Perm.EDIT_PLANS)
def goal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an Oberziel of a draft."""
    found = plan_to_edit(request, pk)
    return _save_goal(request, found, None, "Oberziel eintragen")


def _goal_to_edit(request: HttpRequest, pk: int) -> Goal:
    return get_object_or_404(Goal.objects.editable_by(request.user).select_related("plan"), pk=pk)


@requires(Perm.EDIT_PLANS)
def goal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an Oberziel of a draft."""
    found = _goal_to_edit(request, pk)
    return _save_goal(request, found.plan, found, "Oberziel bearbeiten")


def _save_goal(request: HttpRequest, plan: ActionPlan, found: Goal | None, title: str) -> HttpResponse:
    form = GoalForm(request.POST or None, instance=found, plan=plan)

    def compare() -> dict:
        now = Goal.objects.filter(pk=found.pk).first() if found else None
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_goal, plan=plan, goal=found),
        template="projects/goals/form.html",
        context=_context(title, plan, goal=found),
        message="Gespeichert.",
        to=plan.get_absolute_url(),
        on_conflict=compare,
    )


@requires(Perm.EDIT_PLANS)
@require_POST
def goal_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take an Oberziel out of a draft."""
    found = _goal_to_edit(request, pk)
    try:
        actions.remove_goal(goal=found, by=request.user)
    except ValidationError as error:
        notify(request, " ".join(error.messages), level="error")
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Das Oberziel ist entfernt.")
    return redirect_to(request, found.plan)
