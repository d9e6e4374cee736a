"""Addresses of working together."""

from projects.urls import bodies, needs

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *needs.urlpatterns]
