"""Addresses of places, departments and people."""

from django.urls import include, path

from districts.views import departments, offices, opening, people, places, profile, public_offices

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
    path("stammdaten/stadtteilbueros/<int:pk>/ausstattung/", offices.office_quality, name="office_quality"),
    # Offices: pages, hours, what everybody may see
    path("stadtteilbueros/", offices.office_list, name="office_list"),
    path("stadtteilbueros/wochenstunden/", offices.weekly_hours, name="weekly_hours"),
    path("stadtteilbueros/schliessung/", opening.closure, name="closure"),
    path("stadtteilbueros/<int:pk>/", offices.office_page, name="office_page"),
    path("stadtteilbueros/<int:pk>/zeiten/", opening.office_hours, name="office_hours"),
    path("stadtteilbueros/<int:pk>/zeiten/neu/", opening.slot_new, name="slot_new"),
    path("stadtteilbueros/zeiten/<int:pk>/", opening.slot_edit, name="slot"),
    path("stadtteilbueros/zeiten/<int:pk>/beenden/", opening.slot_end, name="slot_end"),
    path("stadtteilbueros/<int:pk>/ausnahmen/neu/", opening.exception_new, name="exception_new"),
    path("stadtteilbueros/ausnahmen/<int:pk>/", opening.exception_edit, name="exception"),
    path("stadtteilbueros/ausnahmen/<int:pk>/loeschen/", opening.exception_remove, name="exception_remove"),
    path("buero/", public_offices.offices_public, name="offices_public"),
    path("buero/<int:pk>/", public_offices.office_public, name="office_public"),
    path("buero/<int:pk>/foto/", public_offices.office_photo, name="office_photo"),
    path("buero/<int:pk>/zeiten.ics", public_offices.office_calendar, name="office_calendar"),
    path("buero/team/<int:pk>/bild/", public_offices.portrait, name="portrait"),
    path("stammdaten/quartiere/", places.districts, name="districts"),
    path("stammdaten/quartiere/neu/", places.district_edit, name="district_new"),
    path("stammdaten/quartiere/<int:pk>/", places.district_edit, name="district"),
    path("stammdaten/lebensraeume/", places.living_spaces, name="living_spaces"),
    path("stammdaten/lebensraeume/neu/", places.living_space_edit, name="living_space_new"),
    path("stammdaten/lebensraeume/<int:pk>/", places.living_space_edit, name="living_space"),
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
    path("", include("districts.urls.directory")),
    path("", include("districts.urls.offers")),
    path("", include("districts.urls.carriers")),
    path("", include("districts.urls.posts")),
    path("", include("districts.urls.rooms")),
]
