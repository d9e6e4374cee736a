"""Taking over a file of indicators: choose it, see what it would do, decide (Q09)."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from reports.actions import indicators as actions
from reports.forms.indicators import FileForm, ReadingForm, TakeOverForm
from reports.import_preview import preview_of, summary_of
from reports.importing.reader import read_file
from reports.models import IndicatorFile
from reports.wording import counted

PREVIEW = "reports/indicators/preview.html"


@requires(Perm.EVALUATE)
def upload(request: HttpRequest) -> HttpResponseBase:
    """Choose a file."""
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        name, content = form.cleaned_data.pop("file")
        kept = actions.keep_file(name=name, content=content, by=request.user, **form.cleaned_data)
        return redirect_to(request, "reports:indicator_preview", kept.pk)
    context = {
        "title": "Indikatoren einlesen",
        "form": form,
        "waiting": IndicatorFile.objects.filter(user=request.user),
    }
    return render_page(request, "reports/indicators/upload.html", context, status=form_status(form))


def _of_own_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a view the person's own file; say so when it is gone, taken over in another window perhaps."""

    @wraps(view)
    def with_file(request: HttpRequest, pk: int) -> HttpResponseBase:
        kept = IndicatorFile.objects.filter(pk=pk).first()
        if kept is None:
            notify(request, actions.GONE, level="warning")
            return redirect_to(request, "reports:indicator_import")
        if kept.user_id != request.user.pk:
            raise Http404
        return view(request, kept)

    return with_file


def _show(request: HttpRequest, kept: IndicatorFile, *, refusal: str = "", status: int = 200, **forms) -> HttpResponse:
    plan = read_file(kept)
    known = {"year": kept.year, "source": kept.source, "mark": kept.reading.get("mark", "")}
    context = {
        "title": "Vorschau",
        "file": kept,
        "plan": plan,
        "preview": preview_of(plan, request.GET),
        "preview_url": reverse("reports:indicator_preview", args=[kept.pk]),
        **summary_of(plan),
        "refusal": refusal,
        "form": TakeOverForm(initial={"fingerprint": plan.fingerprint}),
        "reading": ReadingForm(plan=plan, initial=known),
        **forms,
    }
    return render_page(request, PREVIEW, context, fragments={"lines": "lines"}, status=status)


@requires(Perm.EVALUATE)
@require_safe
@_of_own_file
def preview(request: HttpRequest, kept: IndicatorFile) -> HttpResponse:
    """What the file would do, line by line; nothing has been written."""
    return _show(request, kept)


@requires(Perm.EVALUATE)
@require_POST
@_of_own_file
def reading(request: HttpRequest, kept: IndicatorFile) -> HttpResponseBase:
    """Read the columns differently."""
    form = ReadingForm(request.POST, plan=read_file(kept))
    if not form.is_valid():
        return _show(request, kept, reading=form, status=422)
    chosen = {name: form.cleaned_data[name] for name in ("year", "source", "mark")}
    actions.read_differently(file=kept, roles=form.roles(), by=request.user, **chosen)
    return redirect_to(request, "reports:indicator_preview", kept.pk)


@requires(Perm.EVALUATE)
@require_POST
@_of_own_file
def take_over(request: HttpRequest, kept: IndicatorFile) -> HttpResponseBase:
    """Store what the preview showed."""
    form = TakeOverForm(request.POST)
    if not form.is_valid():
        return _show(request, kept, refusal="Bitte die Vorschau noch einmal ansehen.", status=422)
    try:
        done = actions.take_over(file=kept, by=request.user, **form.cleaned_data)
    except actions.ImportRefused as error:
        changed = isinstance(error, actions.ImportChanged)
        return _show(request, kept, refusal=str(error), status=409 if changed else 422)
    notify(request, _told(done))
    return redirect_to(request, "reports:indicators")


def _told(done: actions.Imported) -> str:
    parts = [f"{counted(done.added, 'Wert', 'Werte')} neu", f"{done.changed} geändert", f"{done.same} unverändert"]
    if done.left_out:
        parts.append(f"{counted(done.left_out, 'Zeile', 'Zeilen')} ausgelassen")
    return f"Übernommen: {', '.join(parts)}."


@requires(Perm.EVALUATE)
@require_POST
@_of_own_file
def discard(request: HttpRequest, kept: IndicatorFile) -> HttpResponseBase:
    """Throw the file away."""
    actions.discard_file(file=kept, by=request.user)
    notify(request, "Die Datei ist verworfen, es wurde nichts geändert.")
    return redirect_to(request, reverse("reports:indicator_import"))
