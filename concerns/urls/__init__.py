"""Addresses of the loop; one module per topic, put together here."""

from concerns.urls import catalogue

app_name = "concerns"
urlpatterns = [
    *catalogue.urlpatterns,
]
