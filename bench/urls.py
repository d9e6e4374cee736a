"""The application's URLs, an empty signed-in page to compare with, and Django's own admin over the same table."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import path

from concerns.models import Concern
from quartier.urls import handler400, handler403, handler404, handler500  # noqa: F401
from quartier.urls import urlpatterns as application


class OpenAdmin(admin.AdminSite):
    """Whoever is signed in may see everything (the users of this project have no staff flag)."""

    def has_permission(self, request):
        return request.user.is_authenticated


class ConcernAdmin(admin.ModelAdmin):
    """The changelist somebody would write first."""

    list_display = ("number", "title", "topic", "district", "status", "due_on", "owner")
    list_select_related = ("topic", "district", "owner")
    list_per_page = 50
    search_fields = ("number", "title", "text", "place")
    ordering = ("-received_on", "-pk")
    actions = None

    def has_module_permission(self, request):
        return True

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


site = OpenAdmin(name="bench")
site.register(Concern, ConcernAdmin)


@login_required
def empty(request):
    """The shell alone."""
    return render(request, "base.html", {"title": "Leer"})


urlpatterns = [path("bench/leer/", empty), path("bench/admin/", site.urls), *application]
