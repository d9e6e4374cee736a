"""Addresses of working together."""

from projects.urls import bodies, needs, plans, projects, public_relations

app_name = "projects"
urlpatterns = [
    *bodies.urlpatterns,
    *projects.urlpatterns,
    *plans.urlpatterns,
    *public_relations.urlpatterns,
    *needs.urlpatterns,
]
