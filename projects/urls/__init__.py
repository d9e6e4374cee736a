"""Addresses of working together."""

from projects.urls import bodies

app_name = "projects"
urlpatterns = [*bodies.urlpatterns]
