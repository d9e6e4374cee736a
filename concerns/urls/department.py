"""Addresses of a department: inbox, ticket, and the page behind an answer link."""

from django.urls import path

from concerns.urls import converters  # noqa: F401 – registers <concern_number:…>
from concerns.views import external, inbox

urlpatterns = [
    path("eingang/", inbox.inbox, name="inbox"),
    path("vorgang/<int:pk>/", inbox.ticket, name="ticket"),
    path("vorgang/<int:pk>/antworten/", inbox.ticket_reply, name="ticket_reply"),
    path("vorgang/<int:pk>/<slug:step>/", inbox.ticket_step, name="ticket_step"),
    path("antwort/<str:token>/", external.external, name="external"),
    path("antwort/<str:token>/antworten/", external.external_reply, name="external_reply"),
    path("antwort/<str:token>/neuer-link/", external.external_renew, name="external_renew"),
    path("antwort/<str:token>/foto/<int:pk>/", external.external_photo, name="external_photo"),
    path("antwort/<str:token>/<slug:step>/", external.external_step, name="external_step"),
    path("anliegen/<concern_number:number>/weiterleitung/<int:pk>/link/", external.renew_link, name="renew_link"),
]
