"""Taking over a list of actors (Q09); the steps are those of `districts.views.importing`."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.importing.columns import HEAD
from districts.models import ActorFile
from districts.views import importing
from districts.views.actors import MAY_EDIT

KIND = importing.Importing(
    of=ActorFile.Of.ACTORS,
    noun="Akteure",
    head=HEAD,
    template="districts/actors/upload.html",
    listed="districts:actors",
    upload="districts:actor_import",
    preview="districts:actor_preview",
    take_over="districts:actor_take_over",
    discard="districts:actor_discard",
)


@requires(*MAY_EDIT)
def actor_import(request: HttpRequest) -> HttpResponseBase:
    """Choose a file."""
    return importing.choose(request, KIND)


@requires(*MAY_EDIT)
@require_safe
def actor_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, line by line."""
    return importing.show(request, KIND, importing.own_file(request, KIND, pk))


@requires(*MAY_EDIT)
@require_POST
def actor_take_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enter what the preview showed."""
    return importing.take_over(request, KIND, pk)


@requires(*MAY_EDIT)
@require_POST
def actor_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw the file away."""
    return importing.discard(request, KIND, pk)
