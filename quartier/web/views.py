"""Views of the platform itself."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from quartier.web.middleware import SESSION_EXPIRED


@never_cache
@require_safe
def session_alive(request: HttpRequest) -> HttpResponse:
    """The form token while the person is signed in, else 401.

    Asked before typed text is sent and after signing in again in another tab, which makes older tokens invalid.
    """
    if request.user.is_authenticated:
        return JsonResponse({"token": get_token(request)})
    return HttpResponse(status=401, headers={SESSION_EXPIRED: redirect_to_login("/").url})


def not_offered(request: HttpRequest) -> HttpResponse:
    """404 in place of a page that a package brings along and this application does not offer."""
    raise Http404
