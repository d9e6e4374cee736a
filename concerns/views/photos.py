"""Photos: adding, removing, and the only way their files leave the server."""

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from concerns.actions.base import LoopError
from concerns.actions.photos import MAX_PHOTOS, add_photo, remove_photo
from concerns.models import HeldPhoto, Photo
from concerns.views.fetch import concern_to_act_on
from districts.access import requires
from districts.models import User
from districts.roles import Perm
from quartier.photos import BadPhoto, prepare
from quartier.web.forms import clean_text
from quartier.web.notices import notify
from quartier.web.pages import redirect_to
from quartier.web.pictures import picture_response


def photo_response(photo: Photo | HeldPhoto, *, small: bool = False) -> FileResponse:
    """The picture for somebody whose right was checked."""
    return picture_response(photo.preview if small else photo.image, f"foto-{photo.pk}.jpg")


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN, Perm.ANSWER_ROUTINGS)
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photo in full, or with `?klein` its preview."""
    found = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    return photo_response(found, small="klein" in request.GET)


@requires(Perm.LOG_CONCERN)
@require_safe
def held_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The preview of a photo whose concern is still being typed, for the person typing."""
    return photo_response(get_object_or_404(HeldPhoto, pk=pk, user=request.user), small=True)


@requires(Perm.LOG_CONCERN)
@require_POST
def add(request: HttpRequest, number: str) -> HttpResponseBase:
    """Add photos to a concern; every file that is refused is named."""
    concern, added = concern_to_act_on(request, number, Perm.LOG_CONCERN), 0
    for file in request.FILES.getlist("photos")[: MAX_PHOTOS + 1]:
        try:
            add_photo(concern=concern, photo=prepare(file, clean_text(file.name)), by=request.user)
            added += 1
        except (BadPhoto, LoopError) as error:
            notify(request, str(error), level="error")
    if added:
        notify(request, "Foto hinzugefügt." if added == 1 else f"{added} Fotos hinzugefügt.")
    elif not request.FILES:
        notify(request, "Bitte zuerst ein Foto wählen.", level="warning")
    return redirect_to(request, "concerns:edit", number)


@requires(Perm.LOG_CONCERN)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a photo from a concern of the own team."""
    found = get_object_or_404(Photo.objects.select_related("concern"), pk=pk)
    concern = concern_to_act_on(request, found.concern.number, Perm.LOG_CONCERN)
    _remove(request, found, request.user)
    return redirect_to(request, "concerns:edit", concern.number)


def _remove(request: HttpRequest, found: Photo, by: User) -> None:
    try:
        remove_photo(photo=found, by=by)
        notify(request, "Foto entfernt.")
    except LoopError as error:
        notify(request, str(error), level="error")
