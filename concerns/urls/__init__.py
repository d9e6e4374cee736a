"""Addresses of the loop; one module per topic, put together here."""

from concerns.urls import capture, catalogue, department, desk, drafts, feedback, handover, lists, referrals, status

app_name = "concerns"
urlpatterns = [
    *capture.urlpatterns,
    *catalogue.urlpatterns,
    *department.urlpatterns,
    *desk.urlpatterns,
    *drafts.urlpatterns,
    *feedback.urlpatterns,
    *handover.urlpatterns,
    *lists.urlpatterns,
    *referrals.urlpatterns,
    *status.urlpatterns,
]
