"""Views kept of the concern list: a filter under a name."""

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from concerns.actions import desk
from concerns.forms.lists import SavedViewForm
from concerns.listing import Listing
from concerns.models import SavedView
from concerns.views.lists import list_url
from concerns.views.steps import take_step
from districts.access import requires
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN)
def views(request: HttpRequest) -> HttpResponseBase:
    """All views this person can use, with the ways to change the own ones."""
    found = SavedView.objects.available_to(request.user)
    return render_page(request, "concerns/views.html", {"title": "Gespeicherte Ansichten", "views": found})


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN)
def view_new(request: HttpRequest) -> HttpResponseBase:
    """Keep a filter under a name; `query` in the address or the form is the list's."""
    form = SavedViewForm(request.POST or None, user=request.user, initial={"query": request.GET.urlencode()})
    return _keep(request, form, title="Ansicht speichern")


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN)
def view_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Rename an own view or share it."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    form = SavedViewForm(request.POST or None, user=request.user, instance=view)
    return _keep(request, form, title="Ansicht ändern", view=view)


def _keep(request: HttpRequest, form: SavedViewForm, *, title: str, view: SavedView | None = None) -> HttpResponseBase:
    def act(name, query, office, **_):
        known = Listing(QueryDict(query), request.user).query
        return desk.save_view(view=view, name=name, query=known, office=office, by=request.user)

    return take_step(
        request,
        form,
        act=act,
        template="concerns/view_form.html",
        context={"title": title, "view": view, "list_url": list_url()},
        message=lambda kept: f"Ansicht „{kept.name}“ gespeichert.",
        to=lambda kept: list_url(kept.query),
    )


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN)
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Forget an own view."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    desk.delete_view(view=view, by=request.user)
    notify(request, f"Ansicht „{view.name}“ gelöscht.")
    return redirect_to(request, "concerns:views")
