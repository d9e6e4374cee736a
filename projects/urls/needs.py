"""Addresses of the register of needs and of theme reports."""

from django.urls import path

from concerns.urls import converters  # noqa: F401 – registers <concern_number:…>
from projects.views import need_links, needs, theme_news, theme_reports, theme_tickets

urlpatterns = [
    path("themen/", needs.needs, name="needs"),
    path("themen/liste.csv", needs.need_export, name="need_export"),
    path("themen/neu/", needs.need_new, name="need_new"),
    path("themen/anliegen/", need_links.needs_of_concerns, name="needs_of_concerns"),
    path("themen/anliegen/<concern_number:number>/", need_links.concern_needs, name="concern_needs"),
    path("themen/neues/", theme_news.theme_news, name="theme_news"),
    path("themen/neues/<int:pk>/ergebnis/", theme_news.news_answer, name="news_answer"),
    path("themen/neues/<int:pk>/erledigt/", theme_news.news_dismiss, name="news_dismiss"),
    path("themen/uebergabe/<int:pk>/", needs.needs_hand_over, name="needs_hand_over"),
    path("themen/<int:pk>/", needs.need, name="need"),
    path("themen/<int:pk>/bearbeiten/", needs.need_edit, name="need_edit"),
    path("themen/<int:pk>/stand/", needs.need_status, name="need_status"),
    path("themen/<int:pk>/bestaetigen/", needs.need_confirm, name="need_confirm"),
    path("themen/<int:pk>/anliegen/", need_links.need_concerns, name="need_concerns"),
    path("themen/<int:pk>/anliegen/<int:concern>/loesen/", need_links.need_unlink, name="need_unlink"),
    path("themen/<int:pk>/belege/neu/", need_links.evidence_new, name="need_evidence_new"),
    path("themen/belege/<int:pk>/entfernen/", need_links.evidence_remove, name="need_evidence_remove"),
    path("themen/<int:pk>/tagesordnung/", need_links.need_agenda, name="need_agenda"),
    path("themen/<int:pk>/projekt/", need_links.need_project, name="need_project"),
    # Theme reports by the team
    path("themenmeldungen/", theme_reports.theme_reports, name="theme_reports"),
    path("themenmeldungen/neu/", theme_reports.theme_report_new, name="theme_report_new"),
    path("themenmeldungen/<int:pk>/", theme_reports.theme_report, name="theme_report"),
    path("themenmeldungen/<int:pk>/bearbeiten/", theme_reports.theme_report_edit, name="theme_report_edit"),
    path("themenmeldungen/<int:pk>/loeschen/", theme_reports.theme_report_discard, name="theme_report_discard"),
    path("themenmeldungen/<int:pk>/empfaenger/neu/", theme_reports.recipient_new, name="theme_recipient_new"),
    path("themenmeldungen/<int:pk>/senden/", theme_reports.theme_report_send, name="theme_report_send"),
    path("themenmeldungen/<int:pk>/zurueckgemeldet/", theme_reports.theme_report_finish, name="theme_report_finish"),
    path(
        "themenmeldungen/empfaenger/<int:pk>/entfernen/", theme_reports.recipient_remove, name="theme_recipient_remove"
    ),
    path("themenmeldungen/empfaenger/<int:pk>/<slug:step>/", theme_reports.recipient_step, name="theme_recipient_step"),
    # In the inbox of a department
    path("eingang/themenmeldungen/", theme_tickets.theme_tickets, name="theme_tickets"),
    path("eingang/themenmeldungen/<int:pk>/", theme_tickets.theme_ticket, name="theme_ticket"),
    path("eingang/themenmeldungen/<int:pk>/antworten/", theme_tickets.theme_ticket_reply, name="theme_ticket_reply"),
    path("eingang/themenmeldungen/<int:pk>/<slug:step>/", theme_tickets.theme_ticket_step, name="theme_ticket_step"),
]
