"""Addresses for carrier staff: what they see of the quarter (requirements, appendix A)."""

from django.urls import path

from districts.views import carriers

urlpatterns = [
    path("traeger/", carriers.carrier, name="carrier"),
    path("traeger/<int:pk>/", carriers.own_actor, name="own_actor"),
    path("traeger/<int:pk>/bearbeiten/", carriers.own_actor_edit, name="own_actor_edit"),
    path("traeger/<int:pk>/geprueft/", carriers.own_actor_verify, name="own_actor_verify"),
    path("traeger/<int:pk>/ansprechperson/", carriers.own_contact_new, name="own_contact_new"),
    path("traeger/ansprechpersonen/<int:pk>/", carriers.own_contact_edit, name="own_contact_edit"),
    path("traeger/ansprechpersonen/<int:pk>/beenden/", carriers.own_contact_end, name="own_contact_end"),
]
