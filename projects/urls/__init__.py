"""Addresses of working together."""

from projects.urls import bodies, plans

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *plans.urlpatterns]
