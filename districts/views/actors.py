"""The directory of actors: list, page, entering and changing (Z13)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import actors as actions
from districts.actions.base import Conflict
from districts.directory import listed, page_of, tabs
from districts.export import csv_lines
from districts.filters import ActorFilter
from districts.forms.actors import ActorForm, EndActorForm
from districts.forms.fields import actor_label
from districts.models import Actor, DirectorySettings, District
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

OFFERED = 10  # names while typing
NOUN = ("Akteur", "Akteure")
MAY_EDIT = (Perm.EDIT_ACTORS, Perm.EDIT_ALL_ACTORS)


def actor_to_edit(request: HttpRequest, pk: int) -> Actor:
    """An actor this person may change, or 404."""
    return get_object_or_404(Actor.objects.editable_by(request.user).prefetch_related("districts"), pk=pk)


@requires(Perm.READ_ACTORS)
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    """The directory, narrowed while typing."""
    filters = ActorFilter(request.GET, user=request.user)
    page = keyset_page(filters.qs.for_list(), request.GET, key="sort_key", descending=False, noun=NOUN)
    settings, today = DirectorySettings.load(), timezone.localdate()
    context = {
        "title": "Akteure",
        "tabs": tabs(request.user, "actors"),
        "filter": filters,
        "page": page,
        "rows": listed(page, today=today, months=settings.verify_months),
        "query": request.GET.urlencode(),
        "may_edit": any(request.user.rights.can(perm) for perm in MAY_EDIT),
        "months": settings.verify_months,
    }
    status = form_status(filters.form)
    return render_page(request, "districts/actors/list.html", context, fragments={"list": "list"}, status=status)


@requires(Perm.READ_ACTORS)
@require_safe
def actor(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything about one actor; an entry that was merged leads to the one that was kept."""
    found = get_object_or_404(Actor.objects.select_related("merged_into"), pk=pk)
    if found.merged_into_id:
        return redirect_to(request, found.merged_into)
    context = {"title": found.name, **page_of(found.pk, request.user, today=timezone.localdate())}
    return render_page(request, "districts/actors/detail.html", context)


@requires(*MAY_EDIT)
def actor_new(request: HttpRequest) -> HttpResponse:
    """Enter an actor; similar ones are shown while the name is typed and must be looked at."""
    form = ActorForm(request.POST or None, user=request.user, initial={"districts": _own_district(request)})
    return save_form(
        request,
        form,
        save=actions.save_actor,
        template="districts/actors/form.html",
        context={"title": "Akteur eintragen", "back": reverse("districts:actors"), "back_label": "Akteure"},
        message="Eingetragen.",
        to=Actor.get_absolute_url,
    )


def _own_district(request: HttpRequest) -> list:
    """The district of somebody who works in one only."""
    own = District.objects.valid_on(timezone.localdate()).filter(pk__in=request.user.rights.districts(Perm.EDIT_ACTORS))
    found = list(own.defer("boundary")[:2])
    return found if len(found) == 1 else []


@requires(*MAY_EDIT)
def actor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an actor; whoever was slower compares first."""
    found = actor_to_edit(request, pk)
    form = ActorForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Actor.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=partial(actions.save_actor, actor=found),
        template="districts/actors/form.html",
        context={"title": "Akteur bearbeiten", "back": found.get_absolute_url(), "back_label": str(found)},
        message="Gespeichert.",
        to=Actor.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
@require_safe
def actor_alike(request: HttpRequest) -> HttpResponse:
    """Similar entries while a name is typed."""
    alike = Actor.objects.visible_to(request.user).alike(request.GET.get("name", "")[:160])
    form = ActorForm(user=request.user)
    return render_page(request, "districts/actors/alike.html", {"alike": alike, "form": form})


@requires(Perm.READ_ACTORS, Perm.MANAGE_USERS)
@require_safe
def actor_options(request: HttpRequest) -> HttpResponse:
    """Names that contain what is typed into the field called `feld`."""
    text = request.GET.get(request.GET.get("feld", ""), "")[:160]
    found = Actor.objects.active().matching(text) if text.strip() else Actor.objects.none()
    labels = [actor_label(one) for one in found.only("pk", "name").order_by("sort_key", "pk")[:OFFERED]]
    return render_page(request, "districts/actors/options.html", {"labels": labels})


@requires(*MAY_EDIT)
@require_POST
def actor_verify(request: HttpRequest, pk: int) -> HttpResponseBase:
    """„Angaben stimmen noch“."""
    found = actor_to_edit(request, pk)
    try:
        actions.verify_actor(actor=found, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Danke. Die Angaben gelten als heute geprüft.")
    return redirect_to(request, found)


@requires(*MAY_EDIT)
def actor_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The actor has stopped working: the entry stays."""
    found = actor_to_edit(request, pk)
    return save_form(
        request,
        EndActorForm(request.POST or None),
        save=partial(actions.end_actor, actor=found),
        template="districts/form.html",
        context={
            "title": "Akteur beenden",
            "lead": f"{found} arbeitet nicht mehr. Der Eintrag bleibt stehen und lässt sich wieder aufnehmen.",
            "back": found.get_absolute_url(),
            "back_label": str(found),
            "save_label": "Beenden",
        },
        message="Der Akteur ist als beendet eingetragen.",
        to=found.get_absolute_url(),
    )


@requires(*MAY_EDIT)
@require_POST
def actor_reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The actor works again."""
    found = actor_to_edit(request, pk)
    try:
        actions.reopen_actor(actor=found, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Der Akteur ist wieder aufgenommen.")
    return redirect_to(request, found)


@requires(*MAY_EDIT)
@require_safe
def actor_export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a CSV file; a filter that cannot be read leads back to the list, which says why."""
    filters = ActorFilter(request.GET, user=request.user)
    if not filters.form.is_valid():
        return redirect_to(request, f"{reverse('districts:actors')}?{request.GET.urlencode()}")
    name = f"akteure-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(filters.qs),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
