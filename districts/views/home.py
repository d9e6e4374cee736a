"""The address without a path."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from districts.navigation import start_page


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the page their day starts with."""
    return redirect(start_page(request.user))
