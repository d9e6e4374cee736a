"""What all steps at the desk share: their page, where they lead afterwards, and how they are taken back."""

from collections.abc import Callable, Mapping

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from concerns.actions import undo as actions
from concerns.basket import BY_KEY
from concerns.models import Concern
from districts.access import requires
from districts.models import User
from districts.roles import Perm

from .fetch import concern_to_act_on
from .offers import url_of
from .steps import press, take_step

TEMPLATE = "concerns/step.html"
SALT, UNDO_SECONDS = "concerns.undo", 24 * 3600


def desk_step(
    request: HttpRequest,
    concern: Concern,
    form,
    *,
    act: Callable,
    title: str,
    submit: str,
    message: str | Callable[..., str],
    undo: Callable[..., str] | None = None,
    fields: str = "",
    target: str = "step",
    to: str = "",
    **context,
) -> HttpResponseBase:
    """One step: a page of its own, and inside the concern page a panel in the element `target`.

    `fields` names a template that draws the form's fields where the plain order is not enough.
    """
    shown = {"title": title, "concern": concern, "submit": submit, "fields": fields, "target": target, **context}
    return take_step(
        request,
        form,
        act=act,
        template=TEMPLATE,
        context={**shown, "back": back_to(request, concern)},
        message=message,
        to=to or back_to(request, concern),
        undo=undo,
        fragments={target: "panel"},
    )


def back_to(request: HttpRequest, concern: Concern) -> str:
    """Where a step leads afterwards: the basket's list it was taken from, else the concern's page."""
    origin = request.GET.get("zurueck", "")
    return f"{reverse('concerns:basket')}?liste={origin}" if origin in BY_KEY else url_of(concern.number)


def undo_for(concern: Concern, user: User) -> Callable[[Concern], str]:
    """Address by which `user` takes back the step taken after now; none when something else happened in between.

    It is of no use to anybody else: others of the team may do less.
    """
    before, version = actions.snapshot(concern), concern.version

    def url(after: Concern) -> str:
        if after.version != version + 1:
            return ""
        step = signing.dumps({"before": before, "version": after.version}, salt=_salt(concern, user), compress=True)
        return f"{reverse('concerns:undo', args=[concern.number])}?schritt={step}"

    return url


@requires(Perm.LOG_CONCERN)
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take the last step back."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    step = _read(request.GET.get("schritt", ""), concern, request.user)
    return press(
        request,
        act=lambda: actions.take_back(concern=concern, by=request.user, **step),
        message="Der Schritt ist zurückgenommen.",
        to=url_of(number),
    )


def _salt(concern: Concern, user: User) -> str:
    return f"{SALT}.{concern.pk}.{user.pk}"


def _read(text: str, concern: Concern, user: User) -> Mapping:
    try:
        return signing.loads(text, salt=_salt(concern, user), max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
