"""Who does which task in an assignment (Z11)."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import tasks as actions
from districts.forms.tasks import TaskForm, field_name
from districts.models import Assignment, TaskDuty
from districts.roles import Perm
from districts.task_matrix import SHOWN, matrix, parties
from districts.tasks import BY_CODE
from districts.views.assignments import about, assignment_to_edit
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page


@requires(Perm.READ_POSTS)
@require_safe
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """All tasks of an assignment, narrowed to gaps, doubles or what is not agreed yet."""
    found = get_object_or_404(Assignment.objects.visible_to(request.user), pk=pk)
    shown = request.GET.get("zeigen", "alle")
    shown = shown if shown in SHOWN else "alle"
    all_tasks = matrix(found)
    counts = all_tasks.counts()
    context = {
        "title": "Aufgabenverteilung",
        "assignment": found,
        "groups": all_tasks.groups(shown),
        "choices": [(what, label, counts[what], what == shown) for what, label in SHOWN.items()],
        "may_edit": request.user.rights.can(Perm.EDIT_POSTS),
    }
    return render_page(request, "districts/assignments/tasks.html", context, fragments={"tasks": "tasks"})


@requires(Perm.EDIT_POSTS)
@require_POST
def tasks_propose(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the tasks nobody has to those who typically have them."""
    found = assignment_to_edit(request, pk)
    done = actions.propose_tasks(assignment=found, by=request.user)
    shared = "1 Aufgabe ist" if done == 1 else f"{done} Aufgaben sind"
    words = f"{shared} nach dem Organisationsmodell verteilt." if done else (
        "Nichts zu verteilen: Entweder ist alles vergeben, oder beim Organisationsmodell fehlen die Verantwortlichen."
    )  # fmt: skip
    notify(request, words, level="success" if done else "info")
    return redirect_to(request, "districts:tasks", found.pk)


@requires(Perm.EDIT_POSTS)
def task(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Agree on one task."""
    held = Assignment.objects.select_related("steering_actor", "planning_actor", "community_actor")
    found = get_object_or_404(held.editable_by(request.user), pk=pk)
    if code not in BY_CODE:
        raise Http404
    row = _row(found, code)
    form = TaskForm(request.POST or None, parties=parties(found, row), initial=_initial(row))
    back = f"{reverse('districts:tasks', args=[pk])}#{code}"

    def compare() -> dict:
        now = _row(found, code)
        form.on_top_of(now.agreement.version if now.agreement else 0)
        return {"now": now}

    return save_form(
        request,
        form,
        save=partial(actions.agree_task, assignment=found, task=code),
        template="districts/assignments/task.html",
        context=about(found, row.task.text, back=back, row=row),
        message="Gespeichert.",
        to=back,
        on_conflict=compare,
    )


def _row(assignment: Assignment, code: str):
    return next(one for one in matrix(assignment).rows if one.task.code == code)


def _initial(row) -> dict:
    agreement = row.agreement
    parts = {field_name(one): TaskDuty.Part.RESPONSIBLE for one in row.responsible}
    parts |= {field_name(one): TaskDuty.Part.PARTICIPATING for one in row.participating}
    if agreement is None:
        return {"version": 0, "is_needed": True}
    known = {name: getattr(agreement, name) for name in ("version", "is_needed", "note", "agreed_on")}
    return known | parts
