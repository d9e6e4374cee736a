"""Addresses of logging and correcting: concerns, the people behind them, photos."""

from django.urls import path

from concerns.urls import converters  # noqa: F401 – registers <concern_number:…>
from concerns.views import capture, edit, photos

urlpatterns = [
    path("anliegen/neu/", capture.capture, name="capture"),
    path("anliegen/<concern_number:number>/bearbeiten/", edit.edit, name="edit"),
    path("anliegen/<concern_number:number>/person/neu/", edit.reporter_add, name="reporter_add"),
    path("anliegen/<concern_number:number>/person/<int:pk>/", edit.reporter_edit, name="reporter_edit"),
    path("anliegen/<concern_number:number>/fotos/", photos.add, name="photo_add"),
    path("fotos/<int:pk>/entfernen/", photos.remove, name="photo_remove"),
    path("fotos/<int:pk>/", photos.photo, name="photo"),
    path("fotos/vorab/<int:pk>/", photos.held_photo, name="held_photo"),
]
