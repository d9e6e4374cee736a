"""Middleware of the shell: security headers, caching headers, expired sessions under htmx."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"
SESSION_EXPIRED = "Q-Session-Expired"


def content_security_policy(tiles_url: str) -> str:
    """The policy of every page; the host of the map tiles may deliver images, nothing else comes from outside."""
    parts = urlsplit(tiles_url)
    tiles = f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob:{tiles}",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeadersMiddleware:
    """Sets the Content-Security-Policy and its companions on every answer that does not bring its own."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_security_policy(settings.MAP_TILES_URL),
            "Permissions-Policy": PERMISSIONS_POLICY,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class PageHeadersMiddleware:
    """Fragments never pass for pages, and what a signed-in person saw stays in no cache."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SessionExpiredMiddleware:
    """Answers background requests of signed-out people with 401 instead of a redirect to the sign-in page.

    A redirect would put the sign-in form into a part of the page and lose what the person typed. The script shows a
    notice with a link to the sign-in page instead.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not (request.htmx or request.headers.get("X-Requested-With") == "fetch"):
            return response
        if request.user.is_authenticated or not _leads_to_login(response):
            return response
        login = redirect_to_login("/").url
        return HttpResponse(status=401, headers={SESSION_EXPIRED: login})


def _leads_to_login(response: HttpResponseBase) -> bool:
    target = response.headers.get("Location", "")
    return response.status_code in {301, 302, 303} and urlsplit(target).path == resolve_url(settings.LOGIN_URL)


class MethodNotAllowedMiddleware:
    """Gives the empty answer 405 a page with a way on."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = render(request, "errors/405.html", {"title": "So nicht aufrufbar"}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
