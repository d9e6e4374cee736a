"""Posts, their shares and who fills them, for the Sozialplanung (Z07)."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from districts.access import requires
from districts.actions import posts as actions
from districts.forms.posts import NewPostForm, ShareForm, StaffingForm
from districts.models import Post, PostShare, Staffing
from districts.roles import Perm
from districts.views.assignments import about, assignment_to_edit
from districts.views.contacts import compared
from districts.views.saving import save_form


def post_to_edit(request: HttpRequest, pk: int) -> Post:
    """A post this person may change, or 404."""
    rows = Post.objects.editable_by(request.user).select_related("assignment")
    return get_object_or_404(rows.prefetch_related("shares"), pk=pk)


@requires(Perm.EDIT_POSTS)
def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a post with its share."""
    held = assignment_to_edit(request, pk)
    return save_form(
        request,
        NewPostForm(request.POST or None, instance=Post(assignment=held), assignment=held),
        save=partial(actions.add_post, assignment=held),
        template="districts/form.html",
        context=about(held, "Stelle anlegen"),
        message="Die Stelle ist angelegt.",
        to=held.get_absolute_url(),
    )


@requires(Perm.EDIT_POSTS)
def share_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a post another share from a day on."""
    found = post_to_edit(request, pk)
    return save_form(
        request,
        ShareForm(request.POST or None, instance=PostShare()),
        save=partial(actions.set_share, post=found),
        template="districts/assignments/share.html",
        context=about(found.assignment, "Stellenanteil ändern", post=found),
        message="Der Stellenanteil ist eingetragen.",
        to=found.assignment.get_absolute_url(),
    )


@requires(Perm.EDIT_POSTS)
def staffing_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill a post."""
    post = post_to_edit(request, pk)
    return staffing_form(
        request, Staffing(post=post), "Stelle besetzen", save=partial(actions.save_staffing, post=post)
    )


def staffing_form(request: HttpRequest, staffing: Staffing, title: str, *, save: Callable) -> HttpResponse:
    """Show and save who fills a post. Changing and ending is the hand-over's business (`concerns.views.posts`)."""
    post = staffing.post
    form = StaffingForm(request.POST or None, instance=staffing)
    return save_form(
        request,
        form,
        save=save,
        template="districts/form.html",
        context=about(post.assignment, title) | {"lead": f"{post}, {post.assignment}"},
        message="Gespeichert.",
        to=post.assignment.get_absolute_url(),
        on_conflict=lambda: compared(form, Staffing.objects.filter(pk=staffing.pk).first()),
    )
