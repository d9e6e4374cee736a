"""Addresses of working together."""

from projects.urls import bodies, departments, documents, funds, needs, plans, projects, public_relations

app_name = "projects"
urlpatterns = [
    *bodies.urlpatterns,
    *departments.urlpatterns,
    *projects.urlpatterns,
    *plans.urlpatterns,
    *funds.urlpatterns,
    *public_relations.urlpatterns,
    *needs.urlpatterns,
    *documents.urlpatterns,
]
