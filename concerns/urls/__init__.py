"""Addresses of the loop; one module per topic, put together here."""

from concerns.urls import catalogue, desk, handover

app_name = "concerns"
urlpatterns = [
    *catalogue.urlpatterns,
    *desk.urlpatterns,
    *handover.urlpatterns,
]
