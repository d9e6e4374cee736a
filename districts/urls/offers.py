"""Addresses of offers: directory, matrix, rounds, and what everybody may see."""

from django.urls import path

from districts.views import inventory, offer_import, offers, public_offers

urlpatterns = [
    path("angebote/", offers.offers, name="offers"),
    path("angebote/neu/", offers.offer_new, name="offer_new"),
    path("angebote/export/", offers.offer_export, name="offer_export"),
    path("angebote/einlesen/", offer_import.offer_import, name="offer_import"),
    path("angebote/einlesen/<int:pk>/", offer_import.offer_preview, name="offer_preview"),
    path("angebote/einlesen/<int:pk>/uebernehmen/", offer_import.offer_take_over, name="offer_take_over"),
    path("angebote/einlesen/<int:pk>/verwerfen/", offer_import.offer_discard, name="offer_discard"),
    path("angebote/uebersicht/", inventory.offer_matrix, name="offer_matrix"),
    path("angebote/luecken/", inventory.offer_gaps, name="offer_gaps"),
    path("angebote/laufen-aus/", inventory.offers_expiring, name="offers_expiring"),
    path("angebote/bestandsaufnahme/", inventory.rounds, name="rounds"),
    path("angebote/bestandsaufnahme/neu/", inventory.round_new, name="round_new"),
    path("angebote/bestandsaufnahme/<int:pk>/", inventory.round_page, name="round"),
    path("angebote/bestandsaufnahme/<int:pk>/abschliessen/", inventory.round_close, name="round_close"),
    path("angebote/bestandsaufnahme/angebot/<int:pk>/", inventory.round_note, name="round_note"),
    path("angebote/<int:pk>/", offers.offer, name="offer"),
    path("angebote/<int:pk>/bearbeiten/", offers.offer_edit, name="offer_edit"),
    path("angebote/<int:pk>/geprueft/", offers.offer_verify, name="offer_verify"),
    path("angebote/<int:pk>/beenden/", offers.offer_end, name="offer_end"),
    path("angebote/<int:pk>/wieder-aufnehmen/", offers.offer_reopen, name="offer_reopen"),
    path("quartier/<slug:slug>/angebote/", public_offers.offers_public, name="offers_public"),
]
