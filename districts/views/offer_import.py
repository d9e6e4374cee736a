"""Taking over a list of offers (Q09); the steps are those of `districts.views.importing`."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.importing.columns import OFFER_HEAD
from districts.models import ActorFile
from districts.views import importing
from districts.views.offers import MAY_KEEP

KIND = importing.Importing(
    of=ActorFile.Of.OFFERS,
    noun="Angebote",
    head=OFFER_HEAD,
    template="districts/offers/upload.html",
    listed="districts:offers",
    upload="districts:offer_import",
    preview="districts:offer_preview",
    take_over="districts:offer_take_over",
    discard="districts:offer_discard",
)


@requires(*MAY_KEEP)
def offer_import(request: HttpRequest) -> HttpResponseBase:
    """Choose a file."""
    return importing.choose(request, KIND)


@requires(*MAY_KEEP)
@require_safe
def offer_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, line by line."""
    return importing.show(request, KIND, importing.own_file(request, KIND, pk))


@requires(*MAY_KEEP)
@require_POST
def offer_take_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enter what the preview showed."""
    return importing.take_over(request, KIND, pk)


@requires(*MAY_KEEP)
@require_POST
def offer_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw the file away."""
    return importing.discard(request, KIND, pk)
