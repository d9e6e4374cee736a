"""Addresses of the residents' status page, of the receipt that leads there, and of what comes back from it."""

from django.urls import path

from concerns.views import status, voices

urlpatterns = [
    path("status/", status.enter, name="status"),
    path("status/stand/", status.standing, name="status_standing"),
    path("status/stand/antwort/", status.say, name="status_say"),
    path("status/ende/", status.leave, name="status_leave"),
    path("status/<str:code>/", status.by_code, name="status_code"),
    path("anliegengeber/<int:pk>/quittung-ausgehaendigt/", voices.receipt_given, name="receipt_given"),
    path("stimmen/<int:pk>/erledigt/", voices.settle, name="voice_settle"),
    path("stimmen/<int:pk>/wieder-offen/", voices.unsettle, name="voice_unsettle"),
]
