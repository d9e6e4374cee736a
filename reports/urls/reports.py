"""Addresses of evaluation reports."""

from django.urls import path

from reports.views import report_files, reports

urlpatterns = [
    path("berichte/", reports.report_list, name="reports"),
    path("berichte/neu/", reports.report_new, name="report_new"),
    path("berichte/einstellungen/", reports.settings, name="report_settings"),
    path("berichte/<int:pk>/", reports.report, name="report"),
    path("berichte/<int:pk>/vorschau/", reports.preview, name="report_preview"),
    path("berichte/<int:pk>/bearbeiten/", reports.report_edit, name="report_edit"),
    path("berichte/<int:pk>/loeschen/", reports.delete, name="report_delete"),
    path("berichte/<int:pk>/neue-version/", reports.supersede, name="report_supersede"),
    path("berichte/texte/<int:pk>/", reports.text_edit, name="report_text"),
    path("berichte/<int:pk>/freigeben/", report_files.release, name="report_release"),
    path("berichte/<int:pk>/erstellen/", report_files.make_draft, name="report_make"),
    path("berichte/<int:pk>/abbrechen/", report_files.stop, name="report_stop"),
    path("berichte/<int:pk>/entwurf.pdf", report_files.draft, name="report_draft"),
    path("berichte/<int:pk>/bericht.<slug:kind>", report_files.released, name="report_file"),
]
