"""Addresses of departments in the quarters and of coordination talks."""

from django.urls import path

from projects.views import departments

urlpatterns = [
    path("fachbereiche/", departments.departments, name="departments"),
    path("fachbereiche/<int:pk>/", departments.department, name="department"),
    path("fachbereiche/gespraeche/", departments.talks, name="talks"),
    path("fachbereiche/gespraeche/neu/", departments.talk_new, name="talk_new"),
    path("fachbereiche/gespraeche/<int:pk>/", departments.talk, name="talk"),
    path("fachbereiche/gespraeche/<int:pk>/bearbeiten/", departments.talk_edit, name="talk_edit"),
]
