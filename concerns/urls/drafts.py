"""Addresses of drafts; any form with `data-autosave` posts here."""

from django.urls import path

from concerns.views import drafts

urlpatterns = [
    path("entwurf/<str:form>/", drafts.draft, name="draft"),
    path("entwurf/<str:form>/verwerfen/", drafts.draft_discard, name="draft_discard"),
]
