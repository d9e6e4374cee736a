"""Answering without an account, through a signed link (K19).

These pages are for whoever holds the link: they name nobody, stay in no cache and no search engine, and the address
goes to no other site (`Referrer-Policy: same-origin`; stricter ones make browsers send forms without their origin, and
the protection against forged requests would refuse them).
"""

from collections.abc import Callable
from functools import partial, wraps

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concerns.actions.forwarding import renew_link as send_new_link
from concerns.actions.links import Link, UnknownLink, read_link, request_link
from concerns.models import Photo
from concerns.ticket import ticket_of
from concerns.views.answering import Entrance, answer, page_context, show_ticket, take
from concerns.views.fetch import concern_to_act_on, routing_of
from concerns.views.photos import photo_response
from concerns.views.steps import press
from concerns.workflow import RoutingStatus
from districts.access import requires
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

WRONG_TRIES, TRIES_SECONDS = 20, 600
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
REQUESTED = "Wenn der Vorgang noch offen ist, kommt ein neuer Link in Ihr Postfach. Das kann einen Moment dauern."
TYPED = ("text", "reason", "remark")


def behind_link(view: Callable) -> Callable:
    """Decorator: hands the view an `Entrance`; a wrong link gets 404, an ended one the page that offers a new one."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs) -> HttpResponseBase:
        link = _link(request, token)
        if isinstance(link, Link):
            is_open = link.is_current
            response = (
                view(request, Entrance(link.routing, token=token), **kwargs) if is_open else _ended(request, token)
            )
        else:
            response = link
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return guarded


def _link(request: HttpRequest, token: str) -> Link | HttpResponse:
    """The link behind a token, or the answer to somebody who tries out too many wrong ones."""
    tries = f"wrong-links:{get_adapter().get_client_ip(request)}"
    wrong = cache.get(tries, 0)
    if wrong >= WRONG_TRIES:
        title = {"title": "Zu viele ungültige Links"}
        response = render_page(request, "concerns/external/too_many.html", title, status=429)
        response.headers["Retry-After"] = str(TRIES_SECONDS)
        return response
    try:
        return read_link(token)
    except UnknownLink:
        cache.set(tries, wrong + 1, TRIES_SECONDS)
        raise Http404 from None


def _ended(request: HttpRequest, token: str) -> HttpResponse:
    """The link has ended; what was typed on the page it once opened is shown so that it can be copied."""
    typed = [request.POST[name] for name in TYPED if request.POST.get(name)]
    context = {"title": "Dieser Link gilt nicht mehr", "token": token, "typed": typed}
    fragments = {"reply": "ended", "step": "ended"}
    status = 409 if request.method == "POST" else 410
    return render_page(request, "concerns/external/ended.html", context, fragments=fragments, status=status)


@require_safe
@behind_link
def external(request: HttpRequest, entrance: Entrance) -> HttpResponseBase:
    """The ticket behind a link; once it is answered, a page that says so."""
    if entrance.routing.is_open:
        return show_ticket(request, entrance, "concerns/ticket/ticket.html")
    context = page_context(entrance, ticket_of(entrance.routing, user=None))
    return render_page(request, "concerns/external/finished.html", {**context, "title": _thanks(entrance.routing)})


def _thanks(routing) -> str:
    return "Vielen Dank!" if routing.status == RoutingStatus.ANSWERED else "Hier ist nichts mehr zu tun"


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def external_step(request: HttpRequest, entrance: Entrance, step: str) -> HttpResponseBase:
    """Accept, ask, interim notice, message, file number, not responsible."""
    return take(request, entrance, step)


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def external_reply(request: HttpRequest, entrance: Entrance) -> HttpResponseBase:
    """The body's answer."""
    return answer(request, entrance)


@require_safe
@behind_link
def external_photo(request: HttpRequest, entrance: Entrance, pk: int) -> HttpResponseBase:
    """A photo of the concern, as long as the routing shows it."""
    photos = Photo.objects.filter(concern__in=_showing(entrance).values("concern"))
    return photo_response(get_object_or_404(photos, pk=pk), small="klein" in request.GET)


def _showing(entrance: Entrance):
    return type(entrance.routing).objects.filter(pk=entrance.routing.pk).showing_the_concern()


@require_POST
def external_renew(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a fresh link to the body's mailbox, from any link we ever sent; the page never says whether it did."""
    link = _link(request, token)
    if not isinstance(link, Link):
        return link
    request_link(routing=link.routing)
    notify(
        request, "Wenn der Vorgang noch offen ist, kommt ein neuer Link in Ihr Postfach. Das kann einen Moment dauern."
    )
    return redirect_to(request, "concerns:external", token)


@requires(Perm.TRIAGE)
@require_POST
def renew_link(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Send a body a fresh link because the Quartiersmanagement says so."""
    concern = concern_to_act_on(request, number)
    routing = routing_of(concern, pk)
    return press(
        request,
        act=partial(send_new_link, routing=routing, by=request.user),
        message=f"Ein neuer Link ist an {routing.department} unterwegs. Der alte gilt nicht mehr.",
        to=reverse("concerns:detail", args=[number]),
    )
