"""Addresses of places, departments and people."""

from django.urls import path

from districts.views import people, profile

app_name = "districts"
urlpatterns = [
    path("profil/", profile.profile, name="profile"),
    path("profil/vertretung/", profile.my_deputy_new, name="my_deputy_new"),
    path("profil/vertretung/<int:pk>/beenden/", profile.my_deputy_end, name="my_deputy_end"),
    path("personen/", people.people, name="people"),
    path("personen/neu/", people.person_new, name="person_new"),
    path("personen/<int:pk>/", people.person, name="person"),
    path("personen/<int:pk>/bearbeiten/", people.person_edit, name="person_edit"),
    path("personen/<int:pk>/rolle/", people.membership_new, name="membership_new"),
    path("personen/<int:pk>/vertretung/", people.deputyship_new, name="deputyship_new"),
    path("personen/<int:pk>/zugang-oeffnen/", people.reactivate, name="reactivate"),
    path("vertretungen/<int:pk>/beenden/", people.deputyship_end, name="deputyship_end"),
]
