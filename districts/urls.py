"""Addresses of places, departments and people."""

from django.urls import path

from districts.views import departments, people, places, profile

app_name = "districts"
urlpatterns = [
    path("stammdaten/fachbereiche/", departments.departments, name="departments"),
    path("stammdaten/fachbereiche/neu/", departments.department_edit, name="department_new"),
    path("stammdaten/fachbereiche/<int:pk>/", departments.department_edit, name="department"),
    path("stammdaten/fachbereiche/<int:pk>/nachfolge/", departments.follow, name="department_follow"),
    path(
        "stammdaten/fachbereiche/<int:pk>/nachfolge/aufheben/", departments.undo_follow, name="department_undo_follow"
    ),
    path("stammdaten/stadtteilbueros/", places.offices, name="offices"),
    path("stammdaten/stadtteilbueros/neu/", places.office_edit, name="office_new"),
    path("stammdaten/stadtteilbueros/<int:pk>/", places.office_edit, name="office"),
    path("stammdaten/quartiere/", places.districts, name="districts"),
    path("stammdaten/quartiere/neu/", places.district_edit, name="district_new"),
    path("stammdaten/quartiere/<int:pk>/", places.district_edit, name="district"),
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
