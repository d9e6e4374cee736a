"""Addresses of papers."""

from django.urls import path

from reports.views import (
    actor_papers,
    body_papers,
    concern_papers,
    district_pages,
    dossiers,
    hours,
    letters,
    offer_papers,
    post_papers,
    receipts,
    referral_slips,
    rooms,
    sheets,
)

urlpatterns = [
    path("akteure/liste.pdf", actor_papers.actor_paper_of_list, name="actor_paper"),
    path("stellen/uebersicht.pdf", post_papers.post_overview, name="post_paper"),
    path("stellen/einsaetze/<int:pk>/aufgaben.pdf", post_papers.task_distribution, name="task_paper"),
    path("stellen/struktur/<int:pk>/struktur.pdf", post_papers.district_structure, name="structure_paper"),
    path("personen/<int:pk>/uebergabe/dossier.pdf", dossiers.dossier_of_person, name="person_dossier"),
    path("quartiere/", district_pages.districts, name="district_pages"),
    path("quartiere/<slug:slug>/", district_pages.district, name="district_page"),
    path("quartiere/<slug:slug>/profil.pdf", district_pages.profile, name="district_profile"),
    path("quartiere/<slug:slug>/dossier.pdf", dossiers.dossier_of_district, name="district_dossier"),
    path("angebote/quartier/<slug:slug>/angebote.pdf", offer_papers.offer_paper, name="offer_paper"),
    path("angebote/quartier/<slug:slug>/luecken.pdf", offer_papers.gap_paper, name="gap_paper"),
    path("vermittlungen/<int:pk>/zettel-<slug:format>.pdf", referral_slips.referral_slip, name="referral_slip"),
    path("rueckmeldung/briefe/<int:pk>/briefe.pdf", letters.letters, name="letters"),
    path("anliegen/<concern_number:number>/akte.pdf", concern_papers.concern_file, name="concern_file"),
    path(
        "anliegen/<concern_number:number>/weiterleitung/<int:pk>/blatt.pdf",
        concern_papers.routing_sheet,
        name="routing_sheet",
    ),
    path("anliegengeber/<int:pk>/quittung.pdf", receipts.receipt, name="receipt"),
    path("raeume/raum/<int:pk>/wochenplan.pdf", rooms.plan, name="room_plan"),
    path("stadtteilbueros/<int:pk>/oeffnungszeiten-<slug:format>.pdf", hours.notice, name="hours_notice"),
    path("gremien/sitzungen/<int:pk>/einladung.pdf", body_papers.invitation, name="session_invitation"),
    path("gremien/sitzungen/<int:pk>/anwesenheitsliste.pdf", body_papers.attendance, name="attendance_sheet"),
    path("gremien/sitzungen/<int:pk>/protokoll.pdf", body_papers.minutes, name="session_minutes"),
    path("gremien/<int:pk>/auftraege.pdf", body_papers.follow_ups, name="follow_up_paper"),
    path("aushaenge/", sheets.sheets, name="sheets"),
    path("aushaenge/neu/", sheets.sheet_new, name="sheet_new"),
    path("aushaenge/<int:pk>/", sheets.sheet, name="sheet"),
    path("aushaenge/<int:pk>/themen/", sheets.sheet_pick, name="sheet_pick"),
    path("aushaenge/<int:pk>/loeschen/", sheets.sheet_delete, name="sheet_delete"),
    path("aushaenge/<int:pk>/<slug:format>.pdf", sheets.sheet_pdf, name="sheet_pdf"),
]
