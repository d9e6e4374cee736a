"""Addresses of action plans, goals, measures and funding."""

from django.urls import path

from projects.views import funding, goals, measures, plans

urlpatterns = [
    path("konzepte/", plans.plans, name="plans"),
    path("konzepte/neu/", plans.plan_new, name="plan_new"),
    path("konzepte/<int:pk>/", plans.plan, name="plan"),
    path("konzepte/<int:pk>/massnahmen.csv", plans.plan_csv, name="plan_csv"),
    path("konzepte/<int:pk>/bearbeiten/", plans.plan_edit, name="plan_edit"),
    path("konzepte/<int:pk>/beschluss/", plans.plan_adopt, name="plan_adopt"),
    path("konzepte/<int:pk>/verwerfen/", plans.plan_discard, name="plan_discard"),
    path("konzepte/<int:pk>/fortschreiben/", plans.plan_update, name="plan_update"),
    path("konzepte/<int:pk>/faellig/", plans.plan_due, name="plan_due"),
    path("konzepte/<int:pk>/finanzierung/", funding.plan_money, name="plan_money"),
    path("konzepte/<int:pk>/finanzierung.csv", funding.plan_money_csv, name="plan_money_csv"),
    path("konzepte/<int:pk>/termine/", funding.plan_deadlines, name="plan_deadlines"),
    # Goals
    path("konzepte/<int:pk>/ziele/", goals.goals, name="goals"),
    path("konzepte/<int:pk>/ziele/neu/", plans.goal_new, name="goal_new"),
    path("konzepte/ziele/<int:pk>/", goals.goal, name="goal"),
    path("konzepte/ziele/<int:pk>/bearbeiten/", plans.goal_edit, name="goal_edit"),
    path("konzepte/ziele/<int:pk>/entfernen/", plans.goal_remove, name="goal_remove"),
    path("konzepte/ziele/<int:pk>/einschaetzen/", goals.goal_assess, name="goal_assess"),
    path("konzepte/ziele/<int:pk>/belege/neu/", goals.evidence_new, name="evidence_new"),
    path("konzepte/ziele/<int:pk>/indikatoren/neu/", goals.indicator_new, name="goal_indicator_new"),
    path("konzepte/ziele/<int:pk>/indikatoren/<int:indicator>/", goals.indicator_edit, name="goal_indicator"),
    path("konzepte/ziele/<int:pk>/indikatoren/<int:indicator>/wert/", goals.indicator_value, name="goal_value"),
    path("konzepte/ziele/<int:pk>/berichtigen/<slug:kind>/<int:row>/", goals.record_correct, name="record_correct"),
    # Measures
    path("gremien/punkte/<int:pk>/massnahme/", measures.measure_from_decision, name="measure_from_decision"),
    path("konzepte/<int:pk>/massnahmen/neu/", measures.measure_new, name="measure_new"),
    path("konzepte/massnahmen/<int:pk>/", measures.measure, name="measure"),
    path("konzepte/massnahmen/<int:pk>/bearbeiten/", measures.measure_edit, name="measure_edit"),
    path("konzepte/massnahmen/<int:pk>/entfernen/", measures.measure_remove, name="measure_remove"),
    path("konzepte/massnahmen/<int:pk>/farbe/", measures.measure_status, name="measure_status"),
    path("konzepte/massnahmen/<int:pk>/nachtrag/", measures.measure_amend, name="measure_amend"),
    path("konzepte/massnahmen/<int:pk>/steuerung/", measures.measure_steer, name="measure_steer"),
    path("konzepte/massnahmen/<int:pk>/indikatoren/neu/", goals.measure_indicator_new, name="measure_indicator_new"),
    # Funding
    path("foerderung/", funding.sources, name="sources"),
    path("foerderung/neu/", funding.source_new, name="source_new"),
    path("foerderung/<int:pk>/", funding.source, name="source"),
    path("foerderung/<int:pk>/bearbeiten/", funding.source_edit, name="source_edit"),
    path("foerderung/mittel/", funding.overview, name="funding_overview"),
    path("foerderung/mittel.csv", funding.overview_csv, name="funding_csv"),
    path("foerderung/posten/<int:pk>/", funding.line_edit, name="finance_line"),
    path("foerderung/posten/<int:pk>/entfernen/", funding.line_remove, name="finance_line_remove"),
    path("foerderung/<slug:kind>/<int:pk>/", funding.paid, name="financing"),
    path("foerderung/<slug:kind>/<int:pk>/neu/", funding.line_new, name="finance_line_new"),
    path("foerderung/<slug:kind>/<int:pk>/kosten/", funding.cost, name="planned_cost"),
]
