"""Taking over a list of offers: choose it, see what it would do, decide (Q09)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import actor_files as actions
from districts.actions.base import Conflict
from districts.forms.actors import ActorFileForm, TakeOverForm
from districts.import_preview import preview_of
from districts.importing.columns import OFFER_HEAD
from districts.importing.offers import read_offers
from districts.models import ActorFile
from districts.views.offers import MAY_KEEP
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page

OFFERS = ActorFile.Of.OFFERS


@requires(*MAY_KEEP)
def offer_import(request: HttpRequest) -> HttpResponseBase:
    """Choose a file."""
    form = ActorFileForm(request.POST, request.FILES) if request.method == "POST" else ActorFileForm()
    if form.is_bound and form.is_valid():
        name, content = form.cleaned_data["file"]
        kept = actions.keep_file(name=name, content=content, of=OFFERS, by=request.user)
        return redirect_to(request, "districts:offer_preview", kept.pk)
    waiting = ActorFile.objects.filter(user=request.user, of=OFFERS).defer("content")
    context = {"title": "Angebote einlesen", "form": form, "waiting": waiting, "head": OFFER_HEAD}
    return render_page(request, "districts/offers/upload.html", context, status=form_status(form))


def _own_file(request: HttpRequest, pk: int) -> ActorFile:
    return get_object_or_404(ActorFile, pk=pk, user=request.user, of=OFFERS)


def _show(request: HttpRequest, kept: ActorFile, *, refusal: str = "", status: int = 200) -> HttpResponse:
    plan = read_offers(bytes(kept.content), user=request.user)
    context = {
        "title": "Vorschau",
        "file": kept,
        "plan": plan,
        "preview": preview_of(plan, request.GET),
        "refusal": refusal,
        "form": TakeOverForm(initial={"fingerprint": plan.fingerprint}),
    }
    return render_page(request, "districts/offers/preview.html", context, fragments={"lines": "lines"}, status=status)


@requires(*MAY_KEEP)
@require_safe
def offer_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, line by line; nothing has been written."""
    return _show(request, _own_file(request, pk))


@requires(*MAY_KEEP)
@require_POST
def offer_take_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enter what the preview showed."""
    kept = _own_file(request, pk)
    form = TakeOverForm(request.POST)
    if not form.is_valid():
        return _show(request, kept, refusal="Bitte die Vorschau noch einmal ansehen.", status=422)
    try:
        done = actions.take_over(file=kept, by=request.user, **form.cleaned_data)
    except Conflict as error:
        return _show(request, kept, refusal=str(error), status=409)
    except actions.ImportRefused as error:
        return _show(request, kept, refusal=str(error), status=422)
    notify(request, f"Übernommen: {done.added} neu, {done.known} schon da, {done.left_out} ausgelassen.")
    return redirect_to(request, "districts:offers")


@requires(*MAY_KEEP)
@require_POST
def offer_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw the file away."""
    actions.discard_file(file=_own_file(request, pk), by=request.user)
    notify(request, "Die Datei ist verworfen, es wurde nichts eingetragen.")
    return redirect_to(request, "districts:offer_import")
