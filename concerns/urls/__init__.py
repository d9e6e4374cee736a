"""Addresses of the loop; one module per topic, put together here."""

from concerns.urls import catalogue, department, desk, drafts, handover

app_name = "concerns"
urlpatterns = [
    *catalogue.urlpatterns,
    *department.urlpatterns,
    *desk.urlpatterns,
    *drafts.urlpatterns,
    *handover.urlpatterns,
]
