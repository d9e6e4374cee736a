"""Page or fragment: one template serves the whole page and, under htmx, a named part of it."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping | None = None,
    *,
    fragments: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or its partial `fragments[HX-Target]` when htmx asks for one.

    `fragments` maps the id of the element to replace to the name of a partial in the template. A target that is not
    listed gets the whole page. Messages that wait for this person travel with the fragment as toasts.
    """
    context = dict(context or {})
    partial = (fragments or {}).get(request.htmx.target or "") if request.htmx else None
    if not partial or request.htmx.boosted or request.htmx.history_restore_request:
        return render(request, template, context, status=status)
    body = render_to_string(f"{template}#{partial}", context, request=request)
    toasts = render_to_string("components/toasts_oob.html", {}, request=request)
    return HttpResponse(body + toasts, status=status)


def redirect_to(request: HttpRequest, to, *args, **kwargs) -> HttpResponseBase:
    """Send the browser to `to` (URL, URL name or object): the header HX-Redirect under htmx, status 303 otherwise."""
    url = resolve_url(to, *args, **kwargs)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = redirect(url)
    response.status_code = 303
    return response


def form_status(*forms) -> int:
    """422 when one of the sent forms has errors, 200 otherwise."""
    return 422 if any(form.is_bound and not form.is_valid() for form in forms) else 200


def conflict(
    request: HttpRequest, template: str, context: Mapping | None = None, *, fragments: Mapping[str, str] | None = None
) -> HttpResponse:
    """Show the page again with status 409: somebody was faster; the form in `context` keeps what was typed."""
    return render_page(request, template, context, fragments=fragments, status=409)


def addresses(name: str) -> Callable[[int], str]:
    """Addresses of many rows by their key, worked out once: `addresses("projects:event")(17)`."""
    before, after = reverse(name, args=[0]).rsplit("0", 1)
    return lambda pk: f"{before}{pk}{after}"
