"""Error pages: what happened, and a way on. They never show technical detail."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the request was too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "errors/413.html", {"title": "Zu viele Daten auf einmal"}, status=413)
    return render(request, "errors/400.html", {"title": "Anfrage nicht verständlich"}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", {"title": "Keine Berechtigung"}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for everything a person may not know of."""
    return render(request, "errors/404.html", {"title": "Seite nicht gefunden"}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; rendered without context processors, because the database may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 after a form whose security token is missing or old."""
    return render(request, "errors/csrf.html", {"title": "Formular abgelaufen"}, status=403)
