"""Addresses of working together."""

from projects.urls import bodies, public_relations

app_name = "projects"
urlpatterns = [*bodies.urlpatterns, *public_relations.urlpatterns]
