"""Addresses of the concern list, its file, its bulk actions and the views kept of it."""

from django.urls import path

from concerns.views import lists, saved_views

urlpatterns = [
    path("anliegen/", lists.concern_list, name="list"),
    path("anliegen/export.csv", lists.export, name="export"),
    path("anliegen/mehrere/", lists.bulk, name="bulk"),
    path("anliegen/mehrere/<uuid:batch>/rueckgaengig/", lists.bulk_undo, name="bulk_undo"),
    path("anliegen/ansichten/", saved_views.views, name="views"),
    path("anliegen/ansichten/neu/", saved_views.view_new, name="view_new"),
    path("anliegen/ansichten/<int:pk>/", saved_views.view_edit, name="view_edit"),
    path("anliegen/ansichten/<int:pk>/loeschen/", saved_views.view_delete, name="view_delete"),
]
