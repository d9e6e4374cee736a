"""Addresses of figures and papers; one module per topic, put together here."""

from reports.urls import evaluation, indicators, mirror, papers, reports

app_name = "reports"
urlpatterns = [
    *evaluation.urlpatterns,
    *indicators.urlpatterns,
    *mirror.urlpatterns,
    *papers.urlpatterns,
    *reports.urlpatterns,
]
