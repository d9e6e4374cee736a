"""Addresses of indicators."""

from django.urls import path

from reports.views import indicator_import, indicators

urlpatterns = [
    path("indikatoren/", indicators.indicators, name="indicators"),
    path("indikatoren/neu/", indicators.indicator_edit, name="indicator_new"),
    path("indikatoren/export/", indicators.export, name="indicator_export"),
    path("indikatoren/<int:pk>/", indicators.indicator, name="indicator"),
    path("indikatoren/<int:pk>/bearbeiten/", indicators.indicator_edit, name="indicator_edit"),
    path("indikatoren/<int:pk>/wert/", indicators.value_new, name="indicator_value_new"),
    path("indikatoren/werte/<int:pk>/", indicators.value_edit, name="indicator_value"),
    path("indikatoren/werte/<int:pk>/loeschen/", indicators.value_delete, name="indicator_value_delete"),
    path("indikatoren/einlesen/", indicator_import.upload, name="indicator_import"),
    path("indikatoren/einlesen/<int:pk>/", indicator_import.preview, name="indicator_preview"),
    path("indikatoren/einlesen/<int:pk>/spalten/", indicator_import.reading, name="indicator_reading"),
    path("indikatoren/einlesen/<int:pk>/uebernehmen/", indicator_import.take_over, name="indicator_take_over"),
    path("indikatoren/einlesen/<int:pk>/verwerfen/", indicator_import.discard, name="indicator_discard"),
]
