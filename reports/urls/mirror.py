"""Addresses of department mirrors."""

from django.urls import path

from reports.views import mirror

urlpatterns = [
    path("fachbereichsspiegel/", mirror.mirrors, name="mirrors"),
    path("fachbereichsspiegel/<int:pk>/<slug:quarter>/", mirror.mirror, name="mirror"),
    path("fachbereichsspiegel/<int:pk>/<slug:quarter>/spiegel.pdf", mirror.mirror_pdf, name="mirror_pdf"),
    path("fachbereichsspiegel/<int:pk>/<slug:quarter>/veroeffentlichen/", mirror.mirror_publish, name="mirror_publish"),
]
