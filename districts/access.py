"""Who may open a view: signed in, and with a permission; a stranger is told nothing (404)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404

from districts.roles import Perm


def requires(*perms: Perm) -> Callable:
    """Decorator: signed-out people go to the sign-in page, people without any of `perms` get 404.

    Which rows they reach is the queryset's business (`visible_to`). Stands above `require_POST`, so that strangers do
    not even learn that an address exists.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if not any(request.user.rights.can(perm) for perm in perms):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
