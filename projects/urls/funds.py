"""Addresses of funds and applications."""

from django.urls import path

from projects.views import applications, fund_reversals, fund_steps, funds

urlpatterns = [
    path("fonds/", funds.funds, name="funds"),
    path("fonds/neu/", funds.fund_new, name="fund_new"),
    path("fonds/<int:pk>/", funds.fund, name="fund"),
    path("fonds/<int:pk>/bearbeiten/", funds.fund_edit, name="fund_edit"),
    path("fonds/<int:pk>/regeln/neu/", funds.fund_rule_new, name="fund_rule_new"),
    path("fonds/<int:pk>/runden/neu/", funds.fund_round_new, name="fund_round_new"),
    path("fonds/runden/<int:pk>/entfernen/", funds.fund_round_remove, name="fund_round_remove"),
    path("fonds/<int:pk>/budget/", funds.fund_budget, name="fund_budget"),
    path("fonds/<int:pk>/jahr/<int:year>/", funds.fund_year, name="fund_year"),
    path("fonds/<int:pk>/jahr/<int:year>/antraege.csv", funds.fund_year_csv, name="fund_year_csv"),
    path("gefoerdert/<int:pk>/", funds.fund_public, name="fund_public"),
    # Applications
    path("fonds/antraege/", applications.applications, name="applications"),
    path("fonds/<int:pk>/antraege/neu/", applications.application_new, name="application_new"),
    path("fonds/antraege/<int:pk>/", applications.application, name="application"),
    path("fonds/antraege/<int:pk>/bearbeiten/", applications.application_edit, name="application_edit"),
    path("fonds/antraege/<int:pk>/verwerfen/", applications.application_discard, name="application_discard"),
    path("fonds/antraege/<int:pk>/einreichen/", applications.application_submit, name="application_submit"),
    path("fonds/antraege/<int:pk>/pruefung/beginnen/", applications.application_begin, name="application_begin"),
    path("fonds/antraege/<int:pk>/pruefung/", applications.application_check, name="application_check"),
    path("fonds/antraege/<int:pk>/zurueckziehen/", applications.application_withdraw, name="application_withdraw"),
    # Decisions, money
    path("gremien/punkte/<int:pk>/fondsantrag/", fund_steps.fund_vote, name="fund_vote"),
    path("fonds/antraege/<int:pk>/zweitpruefung/", fund_steps.application_office, name="application_office"),
    path("fonds/antraege/<int:pk>/bescheid/", fund_steps.application_notice, name="application_notice"),
    path("fonds/antraege/<int:pk>/auszahlung/", fund_steps.application_pay, name="application_pay"),
    path("fonds/antraege/<int:pk>/nachweis/", fund_steps.application_proof, name="application_proof"),
    path("fonds/antraege/<int:pk>/rueckzahlung/", fund_steps.application_return, name="application_return"),
    path("fonds/buchungen/<int:pk>/stornieren/", fund_reversals.entry_reverse, name="entry_reverse"),
    path("fonds/antraege/<int:pk>/nachweis/oeffnen/", fund_reversals.application_reopen, name="application_reopen"),
    path("fonds/antraege/<int:pk>/erinnern/", fund_steps.application_remind, name="application_remind"),
]
