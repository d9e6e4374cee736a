"""What ends somebody's work in a district: ends and moves of posts and assignments (I9, Z08)."""

from contextlib import contextmanager
from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from concerns.actions import posts as actions
from districts.access import requires
from districts.actions.base import Conflict
from districts.forms.assignments import AssignmentForm
from districts.forms.posts import PostForm
from districts.models import Assignment, Post, Staffing
from districts.roles import Perm
from districts.views.assignments import about, assignment_to_edit
from districts.views.contacts import compared
from districts.views.saving import save_form
from districts.views.staffing import post_to_edit, staffing_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to


@requires(Perm.EDIT_POSTS)
@require_POST
def assignment_move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Go on to another state; where open work would be left behind, the way leads to its hand-over."""
    found = assignment_to_edit(request, pk)
    try:
        moved = actions.move_assignment(assignment=found, status=request.POST.get("status", ""), by=request.user)
    except actions.WorkLeft as error:
        notify(request, f"Der Einsatz kann noch nicht enden. {error}", level="error")
        return redirect_to(request, "concerns:handover", error.people[0][0].pk)
    except (Conflict, ValidationError) as error:
        text = error.messages[0] if isinstance(error, ValidationError) else str(error)
        notify(request, text, level="error")
    else:
        notify(request, f"Der Stand ist jetzt „{moved.get_status_display()}“.")
    return redirect_to(request, found)


@requires(Perm.EDIT_POSTS)
def staffing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how a post is filled, or end it."""
    rows = Staffing.objects.editable_by(request.user).select_related("post__assignment", "person")
    found = get_object_or_404(rows, pk=pk)
    return staffing_form(request, found, "Besetzung ändern", save=partial(_change, found))


def _change(staffing: Staffing, **fields) -> Staffing:
    with _work_first("valid_to"):
        return actions.change_staffing(post=staffing.post, staffing=staffing, **fields)


@contextmanager
def _work_first(field: str):
    """Say beside a field that work would be left behind."""
    try:
        yield
    except actions.WorkLeft as error:
        raise ValidationError({field: str(error)}) from error


@requires(Perm.EDIT_POSTS)
def assignment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an assignment is; whoever was slower compares first."""
    found = assignment_to_edit(request, pk)
    form = AssignmentForm(request.POST or None, instance=found, user=request.user)

    def save(**fields) -> Assignment:
        with _work_first("districts"):
            return actions.change_assignment(assignment=found, **fields)

    return save_form(
        request,
        form,
        save=save,
        template="districts/assignments/form.html",
        context=about(found, "Einsatz bearbeiten"),
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=lambda: compared(form, Assignment.objects.filter(pk=pk).first()),
    )


@requires(Perm.EDIT_POSTS)
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a post's name or district."""
    found = post_to_edit(request, pk)
    form = PostForm(request.POST or None, instance=found, assignment=found.assignment)

    def save(**fields) -> Post:
        with _work_first("district"):
            return actions.change_post(post=found, **fields)

    return save_form(
        request,
        form,
        save=save,
        template="districts/form.html",
        context=about(found.assignment, "Stelle ändern"),
        message="Gespeichert.",
        to=found.assignment.get_absolute_url(),
        on_conflict=lambda: compared(form, Post.objects.filter(pk=pk).first()),
    )
