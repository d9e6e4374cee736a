"""Addresses of working together."""

from projects.urls import bodies, projects

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *projects.urlpatterns]
