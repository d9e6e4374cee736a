"""Ends of posts and assignments, which the hand-over of open work comes before (I9, Z08)."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from concerns.actions import posts as actions
from districts.access import requires
from districts.actions.base import Conflict
from districts.models import Staffing
from districts.roles import Perm
from districts.views.assignments import assignment_to_edit
from districts.views.staffing import staffing_form
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
    try:
        return actions.change_staffing(post=staffing.post, staffing=staffing, **fields)
    except actions.WorkLeft as error:
        raise ValidationError({"valid_to": str(error)}) from error
