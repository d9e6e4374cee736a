"""URL table of the whole application."""

from django.urls import include, path

from quartier.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("quartier.web.urls")),
    path("konto/", include("allauth.urls")),
]

handler400 = "quartier.web.errors.bad_request"
handler403 = "quartier.web.errors.permission_denied"
handler404 = "quartier.web.errors.page_not_found"
handler500 = "quartier.web.errors.server_error"
