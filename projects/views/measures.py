"""Measures: their page, the row of a draft, colours, amendments, steering (Z25–Z27)."""

from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions.base import Conflict
from districts.models import User
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import measures as actions
from projects.actions.base import LoopError
from projects.attainment import measure_indicators
from projects.finance import financing, writes_for
from projects.forms.measures import AmendmentForm, MeasureForm, StatusForm, SteeringForm
from projects.models import ActionPlan, AgendaItem, Measure, Project, Session, StatusChange
from projects.need_page import needs_of
from projects.planning import PlanStatus
from projects.tableau import row_of, short_legend
from projects.views.plans import frame, plan_to_edit
from projects.views.refusals import refusing
from projects.workflow import TOOK_PLACE, ItemKind
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page

MAY_AMEND = (Perm.EDIT_PLANS, Perm.CONTRIBUTE_TO_PLANS)


@requires(Perm.READ_PLANS)
@require_safe
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure as it was decided, with colours, amendments, projects and money."""
    shown = Measure.objects.visible_to(request.user).select_related(
        "plan", "goal", "carried_from__plan", "decision__session__body"
    )
    found = get_object_or_404(shown, pk=pk)
    user, changes = request.user, StatusChange.objects.filter(measure__key=found.key).select_related("by")
    if found.plan.superseded_at:
        changes = changes.filter(at__lte=found.plan.superseded_at)
    context = frame(request, found.plan, "")
    context |= {
        "title": found.title,
        "measure": found,
        "row": row_of(found),
        "changes": list(changes.order_by("-on", "-pk")),
        **_beside(found, user),
        "legend": short_legend(),
        "reads_steering": user.rights.can(Perm.CONTRIBUTE_TO_PLANS) or user.rights.can(Perm.EDIT_PLANS),
        "is_steered_here": not (found.plan.status == PlanStatus.SUPERSEDED or _waits(found)),
        "waits": _waits(found),
        "editable": context["may_contribute"] and found.plan.status != PlanStatus.SUPERSEDED,
        **_indicators(found),
        "in_force": ActionPlan.objects.in_force().filter(line=found.plan.line).first(),
    }
    if context["reads_finance"]:
        context |= {"financing": financing(found), "writes_money": writes_for(found, user)}
    return render_page(request, "projects/measures/detail.html", context)


def _indicators(found: Measure) -> dict:
    shown = measure_indicators([found], found.plan.superseded_at).get(found.pk, [])
    return {"indicators": shown, "has_gone": any(one.gone for one in shown)}


def _beside(found: Measure, user: User) -> dict:
    """Projects, needs and the session of a measure that this person may see."""
    linked = found.projects.filter(pk__in=Project.objects.visible_to(user).values("pk"))
    session = found.decision.session if found.decision and user.rights.can(Perm.READ_BODIES) else None
    return {"projects": list(linked), "needs": needs_of(found, user), "decided_in": session}


def _waits(measure: Measure) -> bool:
    """Whether it is carried forward into a draft: until that is adopted the version in force is steered."""
    return measure.plan.is_draft and measure.carried_from_id is not None


def _to_edit(request: HttpRequest, pk: int) -> Measure:
    found = Measure.objects.editable_by(request.user).select_related("plan", "goal")
    return get_object_or_404(found, pk=pk)


def _context(title: str, found: Measure, **more) -> dict:
    context = {"title": title, "measure": found, "plan": found.plan, "lead": found.title}
    return context | {"back": found.get_absolute_url(), "back_label": found.title[:60], **more}


@requires(Perm.EDIT_PLANS)
def measure_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a measure of a draft."""
    plan = plan_to_edit(request, pk)
    decision = _decision(request)
    first = {"goal": request.GET.get("goal")} | (_words(decision) if decision else {})
    form = MeasureForm(request.POST or None, plan=plan, initial=first)
    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_measure, plan=plan, decision=decision)),
        template="projects/measures/form.html",
        context={"title": "Maßnahme eintragen", "plan": plan, "decision": decision, "back": plan.get_absolute_url()},
        message="Eingetragen.",
        to=plan.get_absolute_url(),
    )


def _decisions(user: User) -> QuerySet[AgendaItem]:
    """Decisions of sessions that took place, of bodies this person may read."""
    sessions = Session.objects.visible_to(user).filter(status__in=TOOK_PLACE)
    items = AgendaItem.objects.filter(kind=ItemKind.DECISION, session__in=sessions.values("pk"))
    return items.select_related("session__body")


def _decision(request: HttpRequest) -> AgendaItem | None:
    asked = request.GET.get("beschluss", "")
    if not asked:
        return None
    return get_object_or_404(_decisions(request.user), pk=asked if asked.isdecimal() and len(asked) < 19 else 0)


def _words(decision: AgendaItem) -> dict:
    words = "\n\n".join(filter(None, (decision.decision, decision.text)))
    return {"title": decision.title, "description": words[:4000]}


@requires(Perm.EDIT_PLANS)
@require_safe
def measure_from_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision of a body becomes a measure of a draft: which one? (Z20, Z25)"""
    found = get_object_or_404(_decisions(request.user), pk=pk)
    context = {
        "title": "Maßnahme aus einem Beschluss",
        "item": found,
        "drafts": list(ActionPlan.objects.editable_by(request.user).filter(status=PlanStatus.DRAFT)),
        "back": found.session.get_absolute_url(),
        "back_label": found.session.body.name,
    }
    return render_page(request, "projects/measures/from_decision.html", context)


@requires(Perm.EDIT_PLANS)
def measure_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a measure that is new in a draft; whoever was slower compares first."""
    found = _to_edit(request, pk)
    if request.method != "POST" and not found.is_editable:
        notify(request, "Diese Maßnahme ist beschlossen. Änderungen stehen als Nachtrag darunter.", level="info")
        return redirect_to(request, found)
    form = MeasureForm(request.POST or None, instance=found, plan=found.plan)

    def compare() -> dict:
        now = Measure.objects.filter(pk=pk).select_related("plan").first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_measure, plan=found.plan, measure=found)),
        template="projects/measures/form.html",
        context=_context("Maßnahme bearbeiten", found),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=compare,
    )


@requires(Perm.EDIT_PLANS)
@require_POST
def measure_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a measure that is new in a draft out of it."""
    found = _to_edit(request, pk)
    try:
        actions.remove_measure(measure=found, by=request.user)
    except (LoopError, Conflict) as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found)
    notify(request, "Die Maßnahme ist entfernt.")
    return redirect_to(request, found.plan)


@requires(Perm.EDIT_PLANS)
def measure_steer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is responsible, from when to when, which projects."""
    found = _to_edit(request, pk)
    form = SteeringForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Measure.objects.filter(pk=pk).first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.steer, measure=found)),
        template="districts/form.html",
        context=_context("Steuerung", found),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=compare,
    )


@requires(Perm.EDIT_PLANS)
def measure_status(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another colour with its amendment: a page of its own, or the same form in a dialog of the table."""
    found = _to_edit(request, pk)
    form, status = StatusForm(request.POST or None, measure=found, auto_id="colour_%s"), 200
    from_plan = request.GET.get("von") == "plan"
    back = found.plan.get_absolute_url() if from_plan else found.get_absolute_url()
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.change_status(measure=found, by=request.user, **form.cleaned_data)
            except Conflict as error:
                found, status = _to_edit(request, pk), 409
                form.add_error(None, str(error))
                form.on_top_of(found)
            except LoopError as error:
                form.add_error(None, str(error))
            else:
                notify(request, "Die neue Farbe ist festgehalten.")
                return redirect_to(request, back)
        status = 409 if status == 409 else form_status(form)
    context = _context("Farbe ändern", found, form=form, back=back, is_late=status == 409)
    context["action"] = reverse("projects:measure_status", args=[pk]) + ("?von=plan" if from_plan else "")
    return render_page(request, "projects/measures/status.html", context, fragments={"colour": "form"}, status=status)


@requires(*MAY_AMEND)
def measure_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an amendment beneath a measure; quarter managers of the plan's districts say how things stand."""
    shown = Measure.objects.contributed_by(request.user).select_related("plan", "goal")
    found = get_object_or_404(shown, pk=pk)
    full = request.user.rights.can(Perm.EDIT_PLANS)
    form = AmendmentForm(request.POST or None, measure=found, full=full)
    return save_form(
        request,
        form,
        save=refusing(partial(actions.amend, measure=found)),
        template="districts/form.html",
        context=_context("Nachtrag schreiben", found, save_label="Nachtrag festhalten"),
        message="Der Nachtrag ist festgehalten.",
        to=found.get_absolute_url(),
    )
