"""The one way a step of the loop is taken: form, action, message and redirect – or the form with what is wrong."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponseBase

from concerns.actions.base import Conflict, LoopError, NotReady
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page


def sent(request: HttpRequest):
    """What a form is bound to: the sent data, also when they are empty; None when the form is only shown."""
    return request.POST if request.method == "POST" else None


def take_step(
    request: HttpRequest,
    form,
    *,
    act: Callable,
    template: str,
    context: Mapping,
    message: str | Callable[..., str],
    to: str | Callable[..., str],
    undo: Callable[..., str] | None = None,
    fragments: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """Show `form` (GET) or take the step (POST).

    `act(**cleaned_data)` calls the action. What it gives back is handed to `message`, `to` and `undo` where these are
    functions; `undo` makes the address that takes the step back. A refusal of the loop appears in the form, which
    keeps everything typed: 409 when somebody was faster (Conflict), 422 for everything else that is wrong.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                result = act(**form.cleaned_data)
            except LoopError as error:
                show_refusal(form, error)
                status = 409 if isinstance(error, Conflict) else 422
            else:
                return done(request, result, message=message, to=to, undo=undo)
    return render_page(request, template, {**context, "form": form}, fragments=fragments, status=status)


def press(
    request: HttpRequest,
    *,
    act: Callable,
    message: str | Callable[..., str],
    to: str | Callable[..., str],
    undo: Callable[..., str] | None = None,
    otherwise: str = "",
) -> HttpResponseBase:
    """Take a step that needs no form (POST only); a refusal becomes a message on `otherwise` (or `to`)."""
    try:
        result = act()
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, otherwise or to)
    return done(request, result, message=message, to=to, undo=undo)


def show_refusal(form, error: LoopError) -> None:
    """Put a refusal of the loop into a form, one entry for everything that is missing."""
    for text in error.missing if isinstance(error, NotReady) else [str(error)]:
        form.add_error(None, text)


def done(request: HttpRequest, result, *, message, to, undo=None) -> HttpResponseBase:
    """Say what happened, offer the way back where there is one, and go on."""
    text = message(result) if callable(message) else message
    notify(request, text, undo_url=undo(result) if undo else "")
    return redirect_to(request, to(result) if callable(to) else to)
