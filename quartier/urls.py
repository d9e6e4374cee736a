"""URL table of the whole application."""

from django.urls import include, path

from districts.views.home import home
from quartier.health import healthz
from quartier.web.views import not_offered

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", home, name="home"),
    path("", include("quartier.web.urls")),
    # Addresses and accounts are the administration's business: these pages of allauth would let people change them.
    path("konto/email/", not_offered),
    path("konto/signup/", not_offered),
    path("konto/3rdparty/signup/", not_offered),
    path("konto/", include("allauth.urls")),
    path("", include("districts.urls")),
    path("", include("concerns.urls")),
    path("", include("projects.urls")),
    path("", include("reports.urls")),
]

handler400 = "quartier.web.errors.bad_request"
handler403 = "quartier.web.errors.permission_denied"
handler404 = "quartier.web.errors.page_not_found"
handler500 = "quartier.web.errors.server_error"
