"""Addresses of the evaluation and its files."""

from django.urls import path

from reports.views import evaluation

urlpatterns = [
    path("auswertung/", evaluation.evaluation, name="evaluation"),
    path("auswertung/auswertung.xlsx", evaluation.evaluation_xlsx, name="evaluation_xlsx"),
    path("auswertung/auswertung.zip", evaluation.evaluation_zip, name="evaluation_zip"),
    path("auswertung/<slug:code>.csv", evaluation.evaluation_csv, name="evaluation_csv"),
]
