"""Taking over a list of actors: choose it, see what it would do, decide (Q09)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import actor_files as actions
from districts.actions.base import Conflict
from districts.forms.actors import ActorFileForm, TakeOverForm
from districts.import_preview import preview_of
from districts.importing.columns import HEAD
from districts.importing.reader import read_actors
from districts.models import ActorFile
from districts.views.actors import MAY_EDIT
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page


@requires(*MAY_EDIT)
def actor_import(request: HttpRequest) -> HttpResponseBase:
    """Choose a file."""
    form = ActorFileForm(request.POST, request.FILES) if request.method == "POST" else ActorFileForm()
    if form.is_bound and form.is_valid():
        name, content = form.cleaned_data["file"]
        kept = actions.keep_file(name=name, content=content, by=request.user)
        return redirect_to(request, "districts:actor_preview", kept.pk)
    waiting = ActorFile.objects.filter(user=request.user, of=ActorFile.Of.ACTORS).defer("content")
    context = {"title": "Akteure einlesen", "form": form, "waiting": waiting, "head": HEAD}
    return render_page(request, "districts/actors/upload.html", context, status=form_status(form))


def _own_file(request: HttpRequest, pk: int) -> ActorFile:
    return get_object_or_404(ActorFile, pk=pk, user=request.user, of=ActorFile.Of.ACTORS)


def _show(request: HttpRequest, kept: ActorFile, *, refusal: str = "", status: int = 200) -> HttpResponse:
    plan = read_actors(bytes(kept.content), user=request.user)
    context = {
        "title": "Vorschau",
        "file": kept,
        "plan": plan,
        "preview": preview_of(plan, request.GET),
        "refusal": refusal,
        "form": TakeOverForm(initial={"fingerprint": plan.fingerprint}),
    }
    return render_page(request, "districts/actors/preview.html", context, fragments={"lines": "lines"}, status=status)


@requires(*MAY_EDIT)
@require_safe
def actor_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, line by line; nothing has been written."""
    return _show(request, _own_file(request, pk))


@requires(*MAY_EDIT)
@require_POST
def actor_take_over(request: HttpRequest, pk: int) -> HttpResponseBase:
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
    return redirect_to(request, "districts:actors")


@requires(*MAY_EDIT)
@require_POST
def actor_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw the file away."""
    actions.discard_file(file=_own_file(request, pk), by=request.user)
    notify(request, "Die Datei ist verworfen, es wurde nichts eingetragen.")
    return redirect_to(request, "districts:actor_import")
