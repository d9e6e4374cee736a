"""Addresses of working together."""

from projects.urls import bodies, plans, projects

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *projects.urlpatterns, *plans.urlpatterns]
