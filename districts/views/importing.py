"""What taking over a list of actors and one of offers have in common: choose it, see what it would do, decide (Q09)."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from districts.actions import actor_files as actions
from districts.actions.base import Conflict
from districts.forms.actors import ActorFileForm, TakeOverForm
from districts.import_preview import preview_of
from districts.models import ActorFile
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page


@dataclass(frozen=True)
class Importing:
    """One kind of list: what it holds, and the URL names of its list and its steps."""

    of: str
    noun: str
    head: list[str]
    template: str  # of the page on which a file is chosen
    listed: str
    upload: str
    preview: str
    take_over: str
    discard: str


def choose(request: HttpRequest, kind: Importing) -> HttpResponseBase:
    """Choose a file."""
    form = ActorFileForm(request.POST, request.FILES) if request.method == "POST" else ActorFileForm()
    if form.is_bound and form.is_valid():
        name, content = form.cleaned_data["file"]
        kept = actions.keep_file(name=name, content=content, of=kind.of, by=request.user)
        return redirect_to(request, kind.preview, kept.pk)
    waiting = ActorFile.objects.filter(user=request.user, of=kind.of).defer("content")
    context = {"title": f"{kind.noun} einlesen", "form": form, "waiting": waiting, "head": kind.head}
    return render_page(request, kind.template, context, status=form_status(form))


def own_file(request: HttpRequest, kind: Importing, pk: int) -> ActorFile:
    """A file of this kind that this person has uploaded, or 404."""
    return get_object_or_404(ActorFile, pk=pk, user=request.user, of=kind.of)


def show(request: HttpRequest, kind: Importing, kept: ActorFile, *, refusal: str = "", status: int = 200):
    """What the file would do, line by line; nothing has been written."""
    plan = actions.READERS[kept.of](bytes(kept.content), user=request.user)
    context = {
        "title": "Vorschau",
        "kind": kind,
        "file": kept,
        "plan": plan,
        "preview": preview_of(plan, request.GET),
        "refusal": refusal,
        "form": TakeOverForm(initial={"fingerprint": plan.fingerprint}),
    }
    return render_page(request, "districts/import_preview.html", context, fragments={"lines": "lines"}, status=status)


def take_over(request: HttpRequest, kind: Importing, pk: int) -> HttpResponseBase:
    """Enter what the preview showed."""
    kept = own_file(request, kind, pk)
    form = TakeOverForm(request.POST)
    if not form.is_valid():
        return show(request, kind, kept, refusal="Bitte die Vorschau noch einmal ansehen.", status=422)
    try:
        done = actions.take_over(file=kept, by=request.user, **form.cleaned_data)
    except Conflict as error:
        return show(request, kind, kept, refusal=str(error), status=409)
    except actions.ImportRefused as error:
        return show(request, kind, kept, refusal=str(error), status=422)
    changed = f", {done.changed} geändert" if done.changed else ""
    notify(request, f"Übernommen: {done.added} neu{changed}, {done.known} schon da, {done.left_out} ausgelassen.")
    return redirect_to(request, kind.listed)


def discard(request: HttpRequest, kind: Importing, pk: int) -> HttpResponse:
    """Throw the file away."""
    actions.discard_file(file=own_file(request, kind, pk), by=request.user)
    notify(request, "Die Datei ist verworfen, es wurde nichts eingetragen.")
    return redirect_to(request, kind.upload)
