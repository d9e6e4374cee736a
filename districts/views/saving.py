"""The one way a master data form is shown, checked and saved."""

import logging
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from districts.actions.base import Conflict
from quartier.web.notices import notify
from quartier.web.pages import conflict, form_status, redirect_to, render_page

logger = logging.getLogger("quartier.master_data")
TOO_LATE = "Das wurde gerade von jemand anderem gespeichert oder verändert. Bitte prüfen und noch einmal senden."


def save_form(
    request: HttpRequest,
    form,
    *,
    save: Callable,
    template: str,
    context: Mapping,
    message: str,
    to: Callable | str,
    on_conflict: Callable[[], Mapping] = dict,
) -> HttpResponse:
    """Show `form`; when it was sent and is right, call `save(**cleaned_data, by=…)` and go on to `to`.

    A ValidationError of `save` appears in the form like any other error; of a Conflict the page tells with status 409
    and with what `on_conflict` adds to the context. `to` is a URL, or a function that makes one of what `save` gave
    back.
    """
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict as error:
            form.add_error(None, str(error))
            return conflict(request, template, {**context, "form": form, **on_conflict()})
        except IntegrityError as error:
            # Two sent the same at the same moment: the form of the second saw nothing of the first.
            logger.warning("refused by the database: %s", type(error.__cause__).__name__)
            form.add_error(None, TOO_LATE)
        else:
            notify(request, message)
            return redirect_to(request, to(saved) if callable(to) else to)
    return render_page(request, template, {**context, "form": form}, status=form_status(form))
