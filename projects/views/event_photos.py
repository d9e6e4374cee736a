"""Photos of events: adding, describing, removing, and the only way their files leave the server (Z30)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import events as actions
from projects.forms.events import PhotoForm, PhotoWordsForm
from projects.models import Event, EventPhoto
from projects.views.events import MAY_EDIT, event_to_edit
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to
from quartier.web.pictures import picture_response


@require_safe
def event_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photo in full, or with `?klein` its preview.

    Everybody may see those of public events on which nobody is to be recognised who has not agreed; partners those of
    their events; without consent only teams and Sozialplanung.
    """
    shown = EventPhoto.objects.exclude(consent=EventPhoto.Consent.INTERNAL)
    if not request.user.is_authenticated:
        shown = shown.filter(event__in=Event.objects.for_public().values("pk"))
    elif request.user.rights.can(Perm.READ_PROJECTS):
        shown = EventPhoto.objects.all()
    else:
        own, public = Event.objects.visible_to(request.user), Event.objects.for_public()
        shown = shown.filter(event__in=own.values("pk")) | shown.filter(event__in=public.values("pk"))
    found = get_object_or_404(shown, pk=pk)
    return picture_response(found.preview if "klein" in request.GET else found.image, f"foto-{found.pk}.jpg")


@requires(*MAY_EDIT)
def event_photo_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a photo."""
    found = event_to_edit(request, pk)
    return save_form(
        request,
        PhotoForm(request.POST or None, request.FILES or None),
        save=refusing(partial(actions.add_photo, event=found)),
        template="districts/form.html",
        context={"title": "Foto hinzufügen", "back": found.get_absolute_url(), "back_label": found.title},
        message="Das Foto ist da.",
        to=f"{found.get_absolute_url()}#photos",
    )


def _photo(request: HttpRequest, pk: int) -> EventPhoto:
    photos = EventPhoto.objects.filter(event__in=Event.objects.editable_by(request.user).values("pk"))
    return get_object_or_404(photos.select_related("event"), pk=pk)


@requires(*MAY_EDIT)
def event_photo_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has agreed, or the words were wrong."""
    found = _photo(request, pk)
    first = {"caption": found.caption, "consent": found.consent}
    return save_form(
        request,
        PhotoWordsForm(request.POST or None, initial=first),
        save=refusing(partial(actions.change_photo, photo=found)),
        template="districts/form.html",
        context={"title": "Foto beschreiben", "back": found.event.get_absolute_url(), "back_label": found.event.title},
        message="Gespeichert.",
        to=f"{found.event.get_absolute_url()}#photos",
    )


@requires(*MAY_EDIT)
@require_POST
def event_photo_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a photo."""
    found = _photo(request, pk)
    actions.remove_photo(photo=found, by=request.user)
    notify(request, "Das Foto ist entfernt.")
    return redirect_to(request, f"{found.event.get_absolute_url()}#photos")
