"""Images of items: adding, taking over from an event, describing, removing, and how their files leave the server."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import pr_images as actions
from projects.actions.base import LoopError
from projects.forms.public_relations import ImageForm, ImageWordsForm, TakePhotoForm
from projects.models import PRImage, PRItem
from projects.views.pr_items import MAY_SEE, item_to_draft
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to
from quartier.web.pictures import picture_response


@requires(*MAY_SEE)
@require_safe
def pr_image(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An image of an item this person may see, or with `?klein` its preview."""
    shown = PRImage.objects.filter(item__in=PRItem.objects.visible_to(request.user).values("pk"))
    found = get_object_or_404(shown, pk=pk)
    return picture_response(found.preview if "klein" in request.GET else found.image, f"bild-{found.pk}.jpg")


def _frame(item: PRItem, title: str, **more) -> dict:
    return {"title": title, "back": item.get_absolute_url(), "back_label": item.title, **more}


@requires(Perm.DRAFT_PR)
def pr_image_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an image to a draft."""
    found = item_to_draft(request, pk)
    return save_form(
        request,
        ImageForm(request.POST or None, request.FILES or None),
        save=refusing(partial(actions.add_image, item=found)),
        template="districts/form.html",
        context=_frame(found, "Bild hinzufügen"),
        message="Das Bild ist da.",
        to=f"{found.get_absolute_url()}#images",
    )


@requires(Perm.DRAFT_PR)
def pr_image_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a photo of the event."""
    found = item_to_draft(request, pk)
    return save_form(
        request,
        TakePhotoForm(request.POST or None, item=found),
        save=refusing(partial(actions.take_photo, item=found)),
        template="districts/form.html",
        context=_frame(
            found,
            "Foto aus der Veranstaltung übernehmen",
            lead="Zur Wahl stehen Fotos, auf denen alle Erkennbaren eingewilligt haben oder niemand zu erkennen ist.",
        ),
        message="Das Foto ist übernommen.",
        to=f"{found.get_absolute_url()}#images",
    )


def _image(request: HttpRequest, pk: int) -> PRImage:
    images = PRImage.objects.filter(item__in=PRItem.objects.draftable_by(request.user).values("pk"))
    return get_object_or_404(images.select_related("item"), pk=pk)


@requires(Perm.DRAFT_PR)
def pr_image_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has agreed, or the words of a draft's image were wrong."""
    found = _image(request, pk)
    form = ImageWordsForm(request.POST or None, image=found)
    return save_form(
        request,
        form,
        save=refusing(partial(actions.change_image, image=found)),
        template="districts/form.html",
        context=_frame(found.item, "Bild beschreiben"),
        message="Gespeichert.",
        to=f"{found.item.get_absolute_url()}#images",
        on_conflict=partial(form.on_top_of, found),
    )


@requires(Perm.DRAFT_PR)
@require_POST
def pr_image_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove an image; also of what has appeared, when somebody takes back their consent."""
    found = _image(request, pk)
    try:
        actions.remove_image(image=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Das Bild ist entfernt.")
    return redirect_to(request, f"{found.item.get_absolute_url()}#images")
