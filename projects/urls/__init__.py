"""Addresses of working together."""

from projects.urls import bodies, funds

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *funds.urlpatterns]
