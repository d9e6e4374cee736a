"""Addresses of working together."""

from projects.urls import bodies, plans, projects, public_relations

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *projects.urlpatterns, *plans.urlpatterns, *public_relations.urlpatterns]
