"""Pages without a form that everybody may read: no cookie, and kept for a minute by browsers and proxies."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

KEPT = 60  # seconds; „jetzt geöffnet“ must not be much older


def for_everybody(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a page be kept for a minute, unless somebody is signed in (`PageHeadersMiddleware`) or it says no."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not request.user.is_authenticated:
            patch_cache_control(response, public=True, max_age=KEPT)
        return response

    return shown
