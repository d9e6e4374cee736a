"""Tasks and milestones of projects and events; handing over what somebody keeps in view (Z29, D11)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.models import User
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import tasks as actions
from projects.actions.base import LoopError
from projects.forms.tasks import HandOverForm, SettleTaskForm, TaskForm
from projects.models import Event, Project, ProjectTask
from projects.views.projects import MAY_EDIT, project_to_edit
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import keyset_page

SHOWN = {"faellig": "Fällige", "offen": "Alle offenen", "erledigt": "Erledigte und entfallene"}
MAY_WORK = (Perm.EDIT_EVENTS, Perm.EDIT_PROJECTS, Perm.EDIT_ALL_PROJECTS)


@requires(Perm.READ_PROJECTS)
@require_safe
def project_tasks(request: HttpRequest) -> HttpResponse:
    """Tasks: of the own desk that are due, all that are open, or those that are settled."""
    today, shown = timezone.localdate(), request.GET.get("zeigen", "")
    shown = shown if shown in SHOWN else "offen"
    found = ProjectTask.objects.visible_to(request.user)
    found = {
        "faellig": found.in_basket_of(request.user).due(today),
        "offen": found.open(),
        "erledigt": found.exclude(status="open"),
    }[shown]
    rows = found.select_related("project", "event__district", "owner").prefetch_related("project__districts")
    page = keyset_page(rows, request.GET, key="due_on", descending=shown == "erledigt", noun=("Aufgabe", "Aufgaben"))
    context = {
        "title": "Aufgaben aus Projekten",
        "page": page,
        "lines": [(one, one.owner_id == request.user.pk or one.subject.may_edit(request.user)) for one in page],
        "tabs": list(SHOWN.items()),
        "shown": shown,
    }
    return render_page(request, "projects/tasks/list.html", context)


@requires(*MAY_EDIT)
def project_task_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task or set a milestone in a project."""
    found = project_to_edit(request, pk)
    kind = "milestone" if request.GET.get("art") == "meilenstein" else "task"
    form = TaskForm(request.POST or None, initial={"kind": kind, "owner": found.keeper_id})
    return _save(request, found, form, None)


@requires(*MAY_WORK)
def event_task_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task for an event."""
    found = get_object_or_404(Event.objects.editable_by(request.user), pk=pk)
    return _save(request, found, TaskForm(request.POST or None, initial={"owner": found.keeper_id}), None)


def _task(request: HttpRequest, pk: int) -> ProjectTask:
    found = ProjectTask.objects.editable_by(request.user).select_related("project", "event", "owner")
    return get_object_or_404(found, pk=pk)


@requires(*MAY_WORK)
def project_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task; whoever was slower compares first."""
    found = _task(request, pk)
    return _save(request, found.subject, TaskForm(request.POST or None, instance=found), found)


def _save(request: HttpRequest, subject: Project | Event, form: TaskForm, found: ProjectTask | None) -> HttpResponse:
    def compare() -> dict:
        if found is None:
            return {}
        now = ProjectTask.objects.get(pk=found.pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_task, subject=subject, task=found)),
        template="districts/form.html",
        context={
            "title": "Aufgabe ändern" if found else "Aufgabe oder Meilenstein",
            "back": subject.get_absolute_url(),
            "back_label": subject.title,
        },
        message="Gespeichert.",
        to=f"{subject.get_absolute_url()}#course",
        on_conflict=compare,
    )


@requires(*MAY_WORK)
def project_task_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A task is done, or dropped for a reason."""
    found = _task(request, pk)
    subject = found.subject
    return save_form(
        request,
        SettleTaskForm(request.POST or None, task=found),
        save=refusing(partial(actions.settle_task, task=found)),
        template="districts/form.html",
        context={
            "title": "Ergebnis berichten"
            if found.kind == found.Kind.REPORT
            else f"{found.get_kind_display()} abschließen",
            "lead": found.title,
            "back": subject.get_absolute_url(),
            "back_label": subject.title,
        },
        message="Abgeschlossen.",
        to=f"{subject.get_absolute_url()}#course",
    )


@requires(*MAY_WORK)
@require_POST
def project_task_reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A task was settled too early."""
    found = _task(request, pk)
    try:
        actions.reopen_task(task=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Die Aufgabe ist wieder offen.")
    return redirect_to(request, f"{found.subject.get_absolute_url()}#course")


@requires(Perm.MANAGE_USERS)
def keeping(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody keeps in view in projects, events and bodies, and who takes all of it over (D11)."""
    person = get_object_or_404(User, pk=pk)
    rows = {name: list(found[:200]) for name, (found, _) in actions.kept_by(person).items()}
    form = HandOverForm(request.POST or None, person=person)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count = actions.hand_over(person=person, to=form.cleaned_data["to"], by=request.user)
            except LoopError as error:
                form.add_error(None, str(error))
            else:
                done = "Nichts war zu übergeben." if not count else f"{count} Einträge sind übergeben."
                notify(request, done)
                return redirect_to(request, "districts:person", pk)
    title = f"Projekte und Aufgaben von {person}"
    context = {"title": title, "person": person, "form": form, "rows": rows, "any": any(rows.values())}
    return render_page(request, "projects/tasks/keeping.html", context, status=status)
