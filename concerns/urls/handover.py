"""Addresses of the hand-over."""

from django.urls import path

from concerns.views import handover, posts

urlpatterns = [
    path("personen/<int:pk>/uebergabe/", handover.handover, name="handover"),
    path("personen/<int:pk>/zugang-schliessen/", handover.deactivate, name="deactivate"),
    path("rollen/<int:pk>/beenden/", handover.membership_end, name="membership_end"),
    path("stellen/einsaetze/<int:pk>/stand/", posts.assignment_move, name="assignment_move"),
    path("stellen/einsaetze/<int:pk>/bearbeiten/", posts.assignment_edit, name="assignment_edit"),
    path("stellen/stellen/<int:pk>/", posts.post_edit, name="post"),
    path("stellen/besetzungen/<int:pk>/", posts.staffing_edit, name="staffing"),
    path("uebergaben/", handover.handovers, name="handovers"),
    path("uebergaben/<int:pk>/", handover.proposal, name="proposal"),
    path("uebergaben/<int:pk>/zustimmen/", handover.agree, name="proposal_agree"),
    path("uebergaben/<int:pk>/zurueckziehen/", handover.withdraw, name="proposal_withdraw"),
]
