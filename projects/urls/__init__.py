"""Addresses of working together."""

from projects.urls import bodies, funds, plans, projects

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *projects.urlpatterns, *plans.urlpatterns, *funds.urlpatterns]
