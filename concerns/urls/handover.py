"""Addresses of the hand-over."""

from django.urls import path

from concerns.views import handover

urlpatterns = [
    path("personen/<int:pk>/uebergabe/", handover.handover, name="handover"),
    path("personen/<int:pk>/zugang-schliessen/", handover.deactivate, name="deactivate"),
    path("rollen/<int:pk>/beenden/", handover.membership_end, name="membership_end"),
]
