"""Addresses of the loop; one module per topic, put together here."""

from concerns.urls import catalogue, desk, drafts, handover

app_name = "concerns"
urlpatterns = [
    *catalogue.urlpatterns,
    *desk.urlpatterns,
    *drafts.urlpatterns,
    *handover.urlpatterns,
]
